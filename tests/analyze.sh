#!/bin/sh
#
# analyze.sh SOURCE-DIR FILE...: gcc -fanalyzer and clang-tidy have nothing to say
# about the product's FILEs, nor clang-tidy about the tests.  In the tree that was
# built.
#
# Copyright (c) 2026 the contain authors
# SPDX-License-Identifier: ISC

set -u
source=$1
shift
flags="-DHAVE_CONFIG_H -I. -I$source/include -I$source/src -I$source/backends"
flags="$flags -I$source/tests"
jobs=$(getconf _NPROCESSORS_ONLN)
log=$(mktemp "${TMPDIR:-/tmp}/contain-analyze.XXXXXX")
trap 'rm -f "$log"' EXIT
failed=0

# verdict NAME STATUS: both, since gcc only warns
verdict() {
	if [ "$2" -eq 0 ] && ! grep -Eq '(warning|error):' "$log"; then
		echo "PASS: $1"
	else
		cat "$log"
		echo "FAIL: $1"
		failed=1
	fi
}

# one file at a time: clang-tidy 14 forgets va_start from the second one on
files=$(for file; do
	case $file in
	*.c)	echo "$source/$file" ;;
	esac
done)
# shellcheck disable=SC2086 # a list of words, twice
echo $files | xargs -n 1 -P "$jobs" \
	gcc $flags -O1 -fanalyzer -o /dev/null -c >"$log" 2>&1
verdict 'gcc -fanalyzer' $?
# shellcheck disable=SC2086
{
	echo $files
	find "$source/tests" -name '*.c'
} | xargs -n 1 | xargs -P "$jobs" -I FILE \
	clang-tidy --quiet FILE -- $flags >"$log" 2>/dev/null
verdict 'clang-tidy' $?
exit $failed
