#!/bin/sh
#
# start.sh: what contain costs from start to end, against a tool of today.
#
#	bench/start.sh CONTAIN HELPERS [RUNS]
#
# Runs both in turn and prints the medians in microseconds and their ratio.
# HELPERS is the directory of the built test helpers.

set -eu
contain=$1
helpers=$2
runs=${3:-200}
nothing=$helpers/true_static

row() {
	name=$1
	shift
	"$helpers/paired" "$runs" "$@" | awk -v name="$name" '
	    { printf "%-44s %6d us %6d us  ratio %.2f\n", name, $1, $2, $1/$2 }'
}

command -v unshare >/dev/null 2>&1 || {
	echo "start.sh: unshare (util-linux) is not installed" >&2
	exit 1
}
printf '%-44s %9s %9s\n' "start to end of a program that does nothing" \
    contain other
row "pidns / unshare -Ufp --mount-proc" \
    "$contain" --backend=pidns -- "$nothing" --vs \
    unshare -Ufp --mount-proc --kill-child "$nothing"
row "pty / unshare -Ufp --mount-proc" \
    "$contain" --backend=pty -- "$nothing" --vs \
    unshare -Ufp --mount-proc --kill-child "$nothing"
row "pidns / no containment at all" \
    "$contain" --backend=pidns -- "$nothing" --vs \
    "$nothing"
