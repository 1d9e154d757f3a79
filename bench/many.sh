#!/bin/sh
#
# many.sh: 1,000 groups at once against 10 at once, of as many: time, and memory
# of hosts and wardens; by the command, and by the library from one host.
#
# Copyright (c) 2026 the contain authors
# SPDX-License-Identifier: ISC

# shellcheck disable=SC2016 # expressions of awk
# shellcheck source=bench/lib.sh disable=SC1091
. "$(dirname "$0")/lib.sh"
tmp=$(mktemp -d "${TMPDIR:-/tmp}/bench.XXXXXX")
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM

# grows CASE FILE COST: with how many run; COST is awk's expression of a line
grows() {
	awk "{ print \$1, $3 }" "$2" | {
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
			>"$tmp/$backend.$how"
	done
done

# table TITLE WHAT COST
table() {
	title "$1"
	for how in command program copy; do
		for backend in pidns pty; do
			grows "many, $2, $backend, $how / few" \
				"$tmp/$backend.$how" "$3"
		done
	done
}

table 'many groups at once, us each, by their number' time '$2 + $3'
table 'many groups at once, KiB each, by their number' memory '$4'
