#!/bin/sh
#
# many.sh: 1,000 groups at once against 10 at once, of as many: time, and memory
# of hosts and wardens; by the command, and by the library from one host.
#
# Copyright (c) 2026 the contain authors
# SPDX-License-Identifier: ISC

# shellcheck source=bench/lib.sh disable=SC1091
. "$(dirname "$0")/lib.sh"
tmp=$(mktemp -d "${TMPDIR:-/tmp}/bench.XXXXXX")
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM

# grows CASE FIELDS: with how many run
grows() {
	awk -v fields="$2" '{ n = split(fields, f, " "); sum = 0
	    for (i = 1; i <= n; i++) sum += $f[i]
	    print $1, sum }' "$tmp/costs" | {
		first=
		while read -r count each; do
			: "${first:=$each}"
			row "$1" "$count" "$each" "$first" \
				"$(ratio "$each" "$first")" 1.20
		done
	}
}

for how in command program copy; do
	for backend in pidns pty; do
		"$BENCH/many" "$backend" "$how" "$CONTAIN" "$BENCH/hold" \
			>"$tmp/costs.$backend.$how"
	done
done

# table TITLE WHAT FIELDS
table() {
	title "$1"
	for how in command program copy; do
		for backend in pidns pty; do
			cp "$tmp/costs.$backend.$how" "$tmp/costs"
			grows "many, $2, $backend, $how / few" "$3"
		done
	done
}

table 'many groups at once, us each, by their number' time '2 3'
table 'many groups at once, KiB each, by their number' memory 4
