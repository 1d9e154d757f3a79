#!/bin/sh
#
# many.sh: start and wait of a group by the library, 1,000 at once against few.
#
# Copyright (c) 2026 the contain authors
# SPDX-License-Identifier: ISC

# shellcheck source=bench/lib.sh disable=SC1091
. "$(dirname "$0")/lib.sh"

title 'many groups at once, us each'
for backend in pidns pty; do
	"$BENCH/many" "$backend" | awk '$2 == "at" {
	    gsub(",", ""); print $1, $5 + $7 }' | {
		first=
		while read -r count each; do
			: "${first:=$each}"
			row "many at once, $backend / few" "$count" "$each" \
				"$first" "$(ratio "$each" "$first")" 1.20
		done
	}
done
