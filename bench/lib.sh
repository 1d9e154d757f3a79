# shellcheck shell=sh
#
# lib.sh: what the scripts of make bench share.
#
# Copyright (c) 2026 the contain authors
# SPDX-License-Identifier: ISC
#
# make gives them CONTAIN (the command), STATIC (the static one, if it was
# built), HELPERS (the directory of the built test helpers), BENCH (that of the
# built programs here) and CSV (a file that rows are added to, or nothing).

set -eu
LC_ALL=C
export LC_ALL
: "${CONTAIN:?make bench sets it}" "${HELPERS:?}" "${BENCH:?}"
: "${STATIC=}" "${CSV=}" "${RUNS=}"

title() {
	printf '%-46s %10s %10s %6s %7s %7s\n' "$1" contain other ratio \
		'at most' spread
}

# row CASE SIZE OURS OTHER RATIO AT-MOST [SPREAD]: "-" is nothing.  SPREAD is
# that of OURS, quartile to quartile, in per cent.
row() {
	printf '%-34s %11s %10s %10s %6s %7s %7s\n' "$1" "$2" "$3" "$4" "$5" \
		"$6" "${7--}"
	[ -z "$CSV" ] || printf '%s,%s,%s,%s,%s,%s,%s\n' \
		"$(printf %s "$1" | tr -d ,)" "$2" "$3" "$4" "$5" "$6" \
		"${7--}" >>"$CSV"
}

ratio() {
	awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f\n", b ? a / b : 0 }'
}

# median FILE: of its lines
median() {
	sort -n "$1" | awk '{ v[NR] = $1 }
	    END { printf "%d\n", v[int((NR + 1) / 2)] }'
}

# have TOOL PACKAGE: or say what is missing.
have() {
	command -v "$1" >/dev/null 2>&1 || {
		echo "  ($1 is not installed: package $2)"
		return 1
	}
}
