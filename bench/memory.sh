#!/bin/sh
#
# memory.sh: what host and warden hold while a command runs: their proportional
# set size (PSS), in KiB for each of 1, 10 and 100 at once; and how often they
# wake up meanwhile.
#
# Copyright (c) 2026 the contain authors
# SPDX-License-Identifier: ISC

# shellcheck source=bench/lib.sh disable=SC1091
. "$(dirname "$0")/lib.sh"
idle=${IDLE:-10}	# seconds
tmp=$(mktemp -d "${TMPDIR:-/tmp}/bench.XXXXXX")
mkfifo "$tmp/hold"
exec 3<>"$tmp/hold"
trap 'exec 3>&-; rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM

children() {
	cat "/proc/$1/task/$1/children"
}

# start COUNT COMMAND...: they are in $pids with their first children, when their
# commands run.
# shellcheck disable=SC2016 # expanded by the inner shell
start() {
	count=$1
	shift
	: >"$tmp/ready"
	hosts=
	while [ "$count" -gt 0 ]; do
		"$@" sh -c 'echo >>"$0"; read -r line' "$tmp/ready" <&3 3<&- &
		hosts="$hosts $!"
		count=$((count - 1))
	done
	# shellcheck disable=SC2086
	set -- $hosts
	until [ "$(wc -l <"$tmp/ready")" -eq $# ]; do
		sleep 0.05
	done
	pids=
	for host; do
		pids="$pids $host $(children "$host")"
	done
}

stop() {
	# shellcheck disable=SC2086
	kill -KILL $hosts
	# shellcheck disable=SC2086
	wait $hosts 2>/dev/null || :
}

# The sum of a field of a file in /proc, of all in $pids.
sum() {
	for pid in $pids; do
		cat "/proc/$pid/$1"
	done | awk -v field="$2" '$1 ~ field { n += $2 } END { print n }'
}

# pss COUNT COMMAND...: KiB for each
pss() {
	start "$@"
	echo "$(($(sum smaps_rollup '^Pss:') / $1))"
	stop
}

# memory NAME AT-MOST COMMAND...
memory() {
	name=$1 most=$2
	shift 2
	for count in 1 10 100; do
		ours=$(pss "$count" "$@") other=$(cat "$tmp/bwrap.$count")
		row "memory, $name / bubblewrap" "$count" "$ours" "$other" \
			"$(ratio "$ours" "$other")" "$most"
	done
}

wakeups() {
	name=$1
	shift
	start 1 "$@"
	sleep 1
	before=$(sum status 'ctxt_switches')
	sleep "$idle"
	row "idle, $name, context switches" "$idle s" \
		"$(($(sum status 'ctxt_switches') - before))" - - 0
	stop
}

title 'memory of both processes, KiB, by how many run'
if have bwrap bubblewrap; then
	for count in 1 10 100; do
		pss "$count" bwrap --unshare-pid --dev-bind / / --proc /proc \
			--die-with-parent >"$tmp/bwrap.$count"
	done
	memory pidns 0.60 "$CONTAIN" --backend=pidns --
	memory pty - "$CONTAIN" --backend=pty --
	[ -z "$STATIC" ] ||
		memory static 0.15 "$STATIC" --backend=pidns --
fi
title 'at rest'
wakeups pidns "$CONTAIN" --backend=pidns --
wakeups pty "$CONTAIN" --backend=pty --
