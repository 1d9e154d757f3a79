#!/bin/sh
#
# stdio.sh: what a pipe through a contained command costs, against the command:
# the bytes go from "stream make" through cat to "stream check"; us.
#
# Copyright (c) 2026 the contain authors
# SPDX-License-Identifier: ISC

# shellcheck source=bench/lib.sh disable=SC1091
. "$(dirname "$0")/lib.sh"
runs=${RUNS:-5}

# against CASE BYTES OTHER COMMAND...: OTHER is what COMMAND is compared to
against() {
	case=$1 bytes=$2 other=$3
	shift 3
	# shellcheck disable=SC2016 # expanded by the inner shell
	set -- sh -c 'helpers=$0 bytes=$1; shift
		"$helpers/stream" make "$bytes" | "$@" |
		"$helpers/stream" check "$bytes"' "$HELPERS" "$bytes" "$@"
	both=$("$BENCH/turns" "$runs" "$@" --vs sh -c \
		"'$HELPERS/stream' make $bytes | $other | '$HELPERS/stream' check $bytes")
	# shellcheck disable=SC2086
	set -- $both
	row "$case" "$bytes" "$1" "$4" "$(ratio "$1" "$4")" 1.02 \
		"$(((${3} - ${2}) * 100 / ${1}))%"
}

title 'bytes through cat, us'
for bytes in 10000000 100000000 1000000000; do
	against 'pipe, pidns / bare' "$bytes" cat \
		"$CONTAIN" --backend=pidns -- cat
	against 'pipe, pty / bare' "$bytes" cat "$CONTAIN" --backend=pty -- cat
	# where kernel.sched_autogroup_enabled is 1, a session is scheduled apart
	against 'pipe, pty / in a session' "$bytes" 'setsid -w cat' \
		"$CONTAIN" --backend=pty -- cat
done
