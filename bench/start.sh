#!/bin/sh
#
# start.sh: what contain costs from start to end of a program that does nothing,
# against the tools of today: the overhead over the bare program, in us.
#
# Copyright (c) 2026 the contain authors
# SPDX-License-Identifier: ISC

# shellcheck source=bench/lib.sh disable=SC1091
. "$(dirname "$0")/lib.sh"
runs=${RUNS:-200}
nothing=$HELPERS/true_static
tmp=$(mktemp -d "${TMPDIR:-/tmp}/bench.XXXXXX")
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM

# add NAME COMMAND...: one that takes part; words without blanks.
names='' commands=''
add() {
	names="$names $1"
	shift
	commands="$commands${commands:+ --vs }$* $nothing"
}

# overhead NAME: median of it over that of bare; spread in per cent
overhead() {
	awk -v name="$1" '$1 == "bare" { bare = $2 }
	    $1 == name { m = $2; s = $4 - $3 }
	    END { printf "%d %d%%\n", m - bare, 100 * s / (m - bare) }' \
		"$tmp/times"
}

# against CASE SIZE OURS OTHER AT-MOST
against() {
	grep -q "^$3 " "$tmp/times" && grep -q "^$4 " "$tmp/times" || return 0
	ours=$(overhead "$3") other=$(overhead "$4")
	row "$1" "$2" "${ours% *}" "${other% *}" \
		"$(ratio "${ours% *}" "${other% *}")" "$5" "${ours#* }"
}

# measure SIZE: of the environment, in bytes beside what is there
measure() {
	size=$1
	if [ "$size" -gt 0 ]; then
		BENCH_PADDING=$(head -c "$size" /dev/zero | tr '\0' x)
		export BENCH_PADDING
	fi
	# shellcheck disable=SC2086 # words without blanks
	"$BENCH/turns" "$runs" $commands >"$tmp/numbers"
	# shellcheck disable=SC2086
	printf '%s\n' $names | paste -d ' ' - "$tmp/numbers" >"$tmp/times"
	unset BENCH_PADDING
	against 'start to end, pidns / unshare' "$size" pidns unshare 0.95
	against 'start to end, pidns / bubblewrap' "$size" pidns bwrap 0.60
	against 'start to end, pidns / tini -s' "$size" pidns tini 1.15
	against 'start to end, static / tini -s' "$size" static tini 0.40
	against 'start to end, pty / tini -s' "$size" pty tini 1.30
	against 'start to end, pidns / the kernel' "$size" pidns floor -
}

commands="$nothing" names=bare
add pidns "$CONTAIN" --backend=pidns --
add pty "$CONTAIN" --backend=pty --
[ -z "$STATIC" ] || add static "$STATIC" --backend=pidns --
have unshare util-linux &&
	add unshare unshare -Ufp --mount-proc --kill-child
have bwrap bubblewrap &&
	add bwrap bwrap --unshare-pid --dev-bind / / --proc /proc \
		--die-with-parent
have tini tini && add tini tini -s --
[ "$(id -u)" -ne 0 ] || add floor "$BENCH/floor"

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
