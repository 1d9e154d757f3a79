#!/bin/sh
#
# teardown.sh: how long a group of sleeping processes takes to end, in us: with
# pidns against SIGKILL for the first process of a bare PID namespace that the
# same command runs in, with pty against killpg(2) and reaping them; and ten of
# them on a crowded machine.
#
# Copyright (c) 2026 the contain authors
# SPDX-License-Identifier: ISC

# shellcheck source=bench/lib.sh disable=SC1091
. "$(dirname "$0")/lib.sh"
runs=${RUNS:-6}
crowd=
tmp=$(mktemp -d "${TMPDIR:-/tmp}/bench.XXXXXX")
trap '[ -z "$crowd" ] || kill -KILL "-$crowd"; rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM
set -m		# the crowd is a process group

# once SIZE OURS|OTHER
# shellcheck disable=SC2086 # options, and a word or nothing
once() {
	case $2 in
	ours)	"$BENCH/teardown" 1 "$1" "$CONTAIN" $options >>"$tmp/ours" ;;
	other)	"$BENCH/teardown" 1 "$1" $bare >>"$tmp/other" ;;
	esac
}

# against CASE SIZE AT-MOST OTHER CONTAIN'S-OPTIONS: in turn, and each as often
# first as second
against() {
	bare=$4 options=$5
	rm -f "$tmp"/*
	i=0
	while [ $i -lt "$runs" ]; do
		once "$2" ours
		once "$2" other
		once "$2" other
		once "$2" ours
		i=$((i + 2))
	done
	ours=$(median "$tmp/ours") other=$(median "$tmp/other")
	row "$1" "$2" "$ours" "$other" "$(ratio "$ours" "$other")" "$3"
}

title 'end of sleeping processes, us, by their number'
for count in 100 1000 10000; do
	against 'end of all, pidns / bare namespace' "$count" 1.10 namespace \
		--backend=pidns
	against 'end of all, pty / killpg' "$count" 2.00 '' --backend=pty
done

# await COUNT: until the crowd has so many children
await() {
	until [ "$(wc -w <"/proc/$crowd/task/$crowd/children")" -ge "$1" ]; do
		sleep 0.1
	done
}

title 'end of 10 processes, us, by how many others there are'
first=
for others in 0 2000 20000; do
	if [ "$others" -gt 0 ]; then
		"$BENCH/teardown" many "$others" 3 3>/dev/null &
		crowd=$!
		await "$others"
	fi
	ours=$("$BENCH/teardown" "$((runs * 5))" 10 "$CONTAIN" --backend=pty)
	: "${first:=$ours}"
	row 'end of 10, pty / alone' "$others" "$ours" "$first" \
		"$(ratio "$ours" "$first")" 1.50
	if [ -n "$crowd" ]; then
		kill -KILL "-$crowd"
		wait "$crowd" 2>/dev/null || :
		crowd=
	fi
done
