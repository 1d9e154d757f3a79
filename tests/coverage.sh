#!/bin/sh
#
# coverage.sh SOURCE-DIR OUTPUT-DIR [TEST...]: which lines and branches of src
# and backends the tests reach.
#
# SOURCE-DIR is a release, unpacked.  Without TESTs it is the whole suite, which
# has to reach the goals, and whatever it does not reach has to be in
# tests/uncovered; OUTPUT-DIR gets the sources with their counts, too.
#
# clang's counters lie in files that are mapped from start to end, all processes
# of a program in the same: so those count that end by SIGKILL or by an exec, or
# on their parent's memory, as the warden and what becomes the command.  Its
# branches are those of the source: each condition, true and false.  What comes
# after a fork in the same function is calculated from other counters, as if one
# process went on; tests/uncovered has the few lines where that matters.
#
# Copyright (c) 2026 the contain authors
# SPDX-License-Identifier: ISC

set -eu
LINES_GOAL=95 BRANCHES_GOAL=85
source=$1 output=$2
shift 2
whole=$(($# == 0))
work=$(mktemp -d "${TMPDIR:-/tmp}/contain-coverage.XXXXXX")
# not on the root, which a test mounts read-only
profile=$(mktemp -d "/dev/shm/contain-coverage.XXXXXX")
trap 'rm -rf "$work" "$profile"' EXIT
trap 'exit 130' HUP INT TERM
chmod 755 "$work"
chmod 1777 "$profile"
cp -R "$source" "$work/source"
chmod -R u+w "$work/source"
mkdir "$work/build"
cd "$work/build"

# Only the product has counters: programs of the tests stay as they are, but for
# those that link it.  Each program has a file of its own, by its name.
cat >hook.c <<'END'
#include <stdio.h>
#include <string.h>
#include <unistd.h>

extern int __llvm_profile_runtime;
extern void __llvm_profile_set_filename(const char *name);
int *__llvm_profile_hook = &__llvm_profile_runtime;

__attribute__((constructor(101))) static void
name_file(void)
{
	char path[256] = "", name[512];
	const char *base;

	if (readlink("/proc/self/exe", path, sizeof(path) - 1) == -1)
		return;
	base = strrchr(path, '/') != NULL ? strrchr(path, '/') + 1 : path;
	snprintf(name, sizeof(name), PROFILE "/%s-%%m%%c", base);
	__llvm_profile_set_filename(name);
}
END
cat >hook.h <<'END'
extern int *__llvm_profile_hook;
static int **const hook __attribute__((used)) = &__llvm_profile_hook;
END
clang -DPROFILE="\"$profile\"" -c hook.c
cp "$(clang --print-libgcc-file-name --rtlib=compiler-rt |
	sed 's/builtins/profile/')" libhook.a
ar r libhook.a hook.o
"$work/source/configure" -q --enable-silent-rules --enable-tests \
	--disable-shared --with-command-libc=system CC=clang CFLAGS='-O0 -g' \
	>/dev/null
counted="-O0 -g -fcoverage-mapping -fprofile-update=atomic"
counted="$counted -fprofile-instr-generate=$profile/%m%c"
counted="$counted -include $work/build/hook.h"
make -j2 LIBS="$PWD/libhook.a" \
	CFLAGS="$counted -mllvm -runtime-counter-relocation" all >/dev/null
ar r .libs/libcontain.a hook.o	# for what tests compile and link
make -j2 LIBS="$PWD/libhook.a" check TESTS= >/dev/null

# Whoever comes first must not keep others from adding theirs: those that nobody
# runs are made here.
for program in contain contain-warden tests/helpers/threads tests/torture/host; do
	timeout 5 "./$program" --version </dev/null >/dev/null 2>&1 || :
done
chmod 666 "$profile"/*

set -- CC="clang -fprofile-instr-generate" ${1+TESTS="$*"}
make -j4 check "$@" | grep -E '^# (PASS|FAIL|SKIP|ERROR)|^(FAIL|ERROR)' || :

llvm-profdata merge -o counts "$profile"/*
objects=$(find contain contain-warden tests -type f -perm -100 \
	-exec grep -q __llvm_prf_cnts {} \; -print | sed 's/^/-object /')
mkdir -p "$output"
# shellcheck disable=SC2086 # a list of words
set -- $objects "$work/source/src" "$work/source/backends"
llvm-cov export -format=lcov -instr-profile=counts contain "$@" |
	sed "s|^SF:$work/source/|SF:|" >"$output/coverage.lcov"
llvm-cov show -show-branches=count -instr-profile=counts contain "$@" |
	sed "s|$work/source/||" >"$output/coverage.txt"
cd "$work/source"
LC_ALL=C awk -f tests/coverage.awk -v whole="$whole" \
	-v lines_goal=$LINES_GOAL -v branches_goal=$BRANCHES_GOAL \
	tests/uncovered "$output/coverage.lcov"
