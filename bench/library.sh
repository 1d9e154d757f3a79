#!/bin/sh
#
# library.sh: contain_spawn and contain_wait against a bare clone(2), from hosts
# that hold little and much memory.
#
# Copyright (c) 2026 the contain authors
# SPDX-License-Identifier: ISC

# shellcheck source=bench/lib.sh disable=SC1091
. "$(dirname "$0")/lib.sh"
runs=${RUNS:-100}
available=$(awk '$1 == "MemAvailable:" { print int($2 / 1024) }' /proc/meminfo)

# library BACKEND WARDEN AT-MOST MOST-GROWTH: for three sizes of the host
library() {
	first=
	for mib in 4 256 4096; do
		if [ "$((mib * 5 / 4))" -gt "$available" ]; then
			echo "  (less than $mib MiB of memory are available)"
			continue
		fi
		took=$("$BENCH/library" "$runs" "$mib" "$1" "$2" \
			"$HELPERS/true_static")
		kernel=${took##* } took=${took% *}
		ours=${took% *} other=${took#* }
		: "${first:=$ours}"
		row "$1, $2 / clone, exec, wait" "$mib" "$ours" "$other" \
			"$(ratio "$ours" "$other")" "$3"
		row "$1, $2 / from a small host" "$mib" "$ours" "$first" \
			"$(ratio "$ours" "$first")" "$4"
		# once, and not where it could not be measured
		case $1,$2,$kernel in
		pidns,program,0)
			;;
		pidns,program,*)
			row 'the kernel / clone, exec, wait' "$mib" "$kernel" \
				"$other" "$(ratio "$kernel" "$other")" -
			row "$1, $2 / the kernel" "$mib" "$ours" "$kernel" \
				"$(ratio "$ours" "$kernel")" -
			;;
		esac
	done
}

title 'library, us, by MiB that the host has touched'
library pidns program 1.50 1.30
library pidns copy - -
library pty program - 1.30
library pty copy - -
