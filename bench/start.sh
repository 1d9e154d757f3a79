#!/bin/sh
#
# start.sh: what contain costs from start to end of a program that does nothing,
# against the tools of today: the overhead over the bare program, in us.
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

# measure SIZE: of the environment, in bytes beside what is there
measure() {
	size=$1
	if [ "$size" -gt 0 ]; then
		BENCH_PADDING=$(head -c "$size" /dev/zero | tr '\0' x)
		export BENCH_PADDING
	fi
	# shellcheck disable=SC2046 # words without blanks
	"$BENCH/turns" "$runs" $(printf %s "$commands" |
		sed '2,$s/^/--vs /') >"$tmp/numbers"
	unset BENCH_PADDING
	took "$tmp/numbers"
	all_against 'start to end' "$size"
}

# shellcheck source=bench/contenders.sh disable=SC1091
. "$(dirname "$0")/contenders.sh"
title 'overhead in us, by size of the environment'
for size in 0 20000 100000; do
	measure "$size"
done

# Each level starts the next one, so n of them cost n times one.
title 'contain in contain, us for each level'
levels='' first=
for depth in 1 2 3 4; do
	levels="$levels $CONTAIN --backend=pidns --"
	[ "$depth" -ne 3 ] || continue
	# shellcheck disable=SC2086
	"$BENCH/turns" "$((runs / 4))" "$nothing" --vs $levels "$nothing" \
		>"$tmp/numbers"
	each=$(awk -v n="$depth" 'NR == 1 { b = $1 }
	    NR == 2 { printf "%d\n", ($1 - b) / n }' "$tmp/numbers")
	: "${first:=$each}"
	row 'nesting, a level / the first' "$depth" "$each" "$first" \
		"$(ratio "$each" "$first")" -
done
