#!/bin/sh
#
# teardown.sh: how long a group of sleeping processes takes to end, against
# killpg(2) and reaping them.
#
#	bench/teardown.sh CONTAIN TEARDOWN [RUNS]
#
# TEARDOWN is the built program.  Each number is the median of RUNS.

set -eu
contain=$1
teardown=$2
runs=${3:-3}

row() {
	count=$1 name=$2
	shift 2
	bare=$("$teardown" "$runs" "$count")
	with=$("$teardown" "$runs" "$count" "$contain" "$@")
	echo "$count $name $with $bare" | awk '
	    { printf "%6d processes, %-18s %8d us %8d us  ratio %.2f\n",
	    $1, $2, $3, $4, $3/$4 }'
}

printf '%-36s %11s %11s\n' 'end of many processes' contain killpg
for count in 100 1000 5000; do
	row "$count" pidns --backend=pidns
	row "$count" pty --backend=pty
	row "$count" pty,grace=0 --backend=pty --grace=0
done
