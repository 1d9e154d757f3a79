#!/bin/sh
#
# stdio.sh: what a pipe through a contained command costs, against the command.
#
#	bench/stdio.sh CONTAIN HELPERS [RUNS [BYTES]]
#
# The bytes go from "stream make" through cat to "stream check", with and
# without contain in turn; medians, and the ratio of the throughputs.
# HELPERS is the directory of the built test helpers.

set -eu
contain=$1
helpers=$2
runs=${3:-5}
bytes=${4:-1000000000}

# row NAME OTHER COMMAND...: OTHER is what COMMAND is compared to
row() {
	name=$1 other=$2
	shift 2
	# shellcheck disable=SC2016 # expanded by the inner shell
	set -- sh -c 'helpers=$0 bytes=$1; shift
		"$helpers/stream" make "$bytes" | "$@" |
		"$helpers/stream" check "$bytes"' "$helpers" "$bytes" "$@"
	"$helpers/paired" "$runs" "$@" --vs sh -c \
		"'$helpers/stream' make $bytes | $other | '$helpers/stream' check $bytes" |
	awk -v name="$name" '{ printf "%-44s %8d us %8d us  ratio %.3f\n",
		name, $1, $2, $2/$1 }'
}

printf '%-44s %11s %11s\n' "$bytes bytes through cat" contain other
row "pidns / bare" cat "$contain" --backend=pidns -- cat
row "pty / bare" cat "$contain" --backend=pty -- cat
# where kernel.sched_autogroup_enabled is 1, a session is scheduled apart
row "pty / in a session of its own" "setsid -w cat" \
    "$contain" --backend=pty -- cat
