#!/bin/sh
#
# coverage.sh SOURCE-DIR [TEST...]: which lines and branches the tests reach.
#
# SOURCE-DIR is a release, unpacked; it is built in a directory that everybody can
# write to, since wardens of nobody's count too.  Needs gcc and gcovr.
#
# Copyright (c) 2026 the contain authors
# SPDX-License-Identifier: ISC

set -eu
source=$1
shift
work=$(mktemp -d "${TMPDIR:-/tmp}/contain-coverage.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' HUP INT TERM
chmod 755 "$work"
cp -R "$source" "$work/source"
chmod -R u+w "$work/source"
mkdir "$work/build"
cd "$work/build"

# A warden ends with _exit, and its counters with it, were they not written.
cat >hook.c <<'END'
#include <sys/stat.h>

void __gcov_dump(void);
_Noreturn void __real__exit(int status);
_Noreturn void __wrap__exit(int status);

void
__wrap__exit(int status)
{
	__gcov_dump();
	__real__exit(status);
}
END
# nor with its child.s exec, on its memory: -fno-builtin-execve below
gcc -O1 -fPIC -c hook.c -o hook.o
"$work/source/configure" -q --enable-silent-rules --enable-tests \
	--disable-shared --with-command-libc=system CC=gcc CFLAGS='-O0 -g --coverage -fprofile-update=atomic -fno-builtin-execve' \
	>/dev/null
flags="LDFLAGS=--coverage -Wl,--wrap=_exit $work/build/hook.o"
make -j2 "$flags" all >/dev/null
make -j2 "$flags" check TESTS= >/dev/null
find . -name '*.gcda' -exec rm -f {} +
# whoever comes first must not keep the others from adding theirs
find . -name '*.gcno' | while read -r file; do
	: >"${file%.gcno}.gcda"
	chmod 666 "${file%.gcno}.gcda"
done
find . -type d -exec chmod 777 {} +
if [ $# -gt 0 ]; then
	make -j4 "$flags" check TESTS="$*" | grep -E '^# (PASS|FAIL|SKIP)' || :
else
	make -j4 "$flags" check | grep -E '^# (PASS|FAIL|SKIP)|^FAIL' || :
fi
find . -name '*.gcda' -size 0 -exec rm -f {} +
gcovr -r "$work/source" --object-directory . -f "$work/source/src/" \
	-f "$work/source/backends/" --exclude-throw-branches . | sed 1,4d
gcovr -r "$work/source" --object-directory . -f "$work/source/src/" \
	-f "$work/source/backends/" --exclude-throw-branches -s . |
	grep -E '^(lines|branches):'
