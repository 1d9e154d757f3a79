#!/bin/sh
#
# hyperfine.sh: the same as start.sh by hyperfine(1), one command after the other
# instead of in turn.
#
# Copyright (c) 2026 the contain authors
# SPDX-License-Identifier: ISC

# shellcheck disable=SC2154 # what contenders.sh sets

# shellcheck source=bench/lib.sh disable=SC1091
. "$(dirname "$0")/lib.sh"
runs=${RUNS:-200}
tmp=$(mktemp -d "${TMPDIR:-/tmp}/bench.XXXXXX")
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM

title 'overhead in us by hyperfine, by size of the environment'
have hyperfine hyperfine || exit 0
# shellcheck source=bench/contenders.sh disable=SC1091
. "$(dirname "$0")/contenders.sh"
IFS='
'
# shellcheck disable=SC2086 # a line each
set -- $commands
unset IFS

# Its table has no quartiles: the distance that they have in a normal
# distribution of its standard deviation.
for size in 0 20000 100000; do
	BENCH_PADDING=$(head -c "$size" /dev/zero | tr '\0' x) \
		hyperfine --shell=none --style=none --warmup=10 \
		--runs="$runs" --export-csv="$tmp/csv" "$@" >/dev/null 2>&1
	awk -F, 'NR > 1 { n = NF - 4; m = $n * 1e6; s = $(n - 1) * 0.674e6
	    printf "%.0f %.0f %.0f\n", m, m - s, m + s }' \
		"$tmp/csv" >"$tmp/numbers"
	took "$tmp/numbers"
	all_against hyperfine "$size"
done
