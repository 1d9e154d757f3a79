#!/bin/sh
#
# run.sh SOURCE-DIR BUILD-DIR SOURCE...: build the fuzzers with clang, and run each
# for FUZZ_SECONDS (60), all at once.
#
# What one finds is in BUILD-DIR/fuzz.out, with a log; it becomes a unit test.
#
# Copyright (c) 2026 the contain authors
# SPDX-License-Identifier: ISC

set -eu
src=$1 build=$2
shift 2
seconds=${FUZZ_SECONDS:-60}
out=$build/fuzz.out
all='options words leash_host leash_warden stat json'

# shellcheck disable=SC2046 # pkg-config prints words
compile() {
	clang -g -O1 -std=gnu11 -D_GNU_SOURCE -DHAVE_CONFIG_H \
	    -I"$build" -I"$src/include" -I"$src/src" -I"$src/backends" \
	    -I"$src/fuzz" -fno-sanitize-recover=undefined \
	    $(pkg-config --cflags jansson) "$@"
}

rm -rf "$out"
mkdir -p "$out/objects"
for file; do
	case $file in
	*.h) continue ;;
	esac
	object=$out/objects/$(echo "$file" | tr / _).o
	compile -fsanitize=fuzzer-no-link,address,undefined -c \
	    "$src/$file" -o "$object"
done
rm -f "$out/libfuzzed.a"
ar rc "$out/libfuzzed.a" "$out"/objects/*.o
for target in $all; do
	flags=
	[ "$target" != leash_warden ] || flags=-Wl,--wrap=kill
	# shellcheck disable=SC2046,SC2086
	compile -fsanitize=fuzzer,address,undefined $flags \
	    "$src/fuzz/$target.c" "$out/libfuzzed.a" \
	    $(pkg-config --libs jansson) -o "$out/$target"
done

status=0
for target in $all; do
	mkdir "$out/corpus.$target"
	cp "$src/fuzz/corpus/$target"/* "$out/corpus.$target"
	"$out/$target" -max_total_time="$seconds" -timeout=10 \
	    -artifact_prefix="$out/$target." -print_final_stats=1 \
	    "$out/corpus.$target" >"$out/$target.log" 2>&1 ||
	    : >"$out/$target.failed" &
done
wait
for target in $all; do
	runs=$(sed -n 's/^stat::number_of_executed_units: *//p' \
	    "$out/$target.log")
	if [ -e "$out/$target.failed" ]; then
		echo "FAIL: fuzz $target"
		tail -n 40 "$out/$target.log"
		status=1
	else
		echo "PASS: fuzz $target, $runs inputs in $seconds s"
	fi
done
exit $status
