#!/bin/sh
#
# relay.sh: bytes and keys through contain's relay, script(1) and a bare copy.
#
# Copyright (c) 2026 the contain authors
# SPDX-License-Identifier: ISC

# shellcheck source=bench/lib.sh disable=SC1091
. "$(dirname "$0")/lib.sh"
runs=${RUNS:-5}
program=$HELPERS/ptybench
tmp=$(mktemp -d "${TMPDIR:-/tmp}/bench.XXXXXX")
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM

# measure KIND COMMAND: each in turn, so that all have the same machine.
measure() {
	rm -f "$tmp"/*
	i=0
	while [ $i -lt "$runs" ]; do
		"$program" "$1" "$CONTAIN" --backend=pty sh -c "$2" \
			>>"$tmp/contain"
		"$program" "$1" script -qc "$2" /dev/null >>"$tmp/script"
		"$program" "$1" "$program" copy sh -c "$2" >>"$tmp/copy"
		i=$((i + 1))
	done
}

# against CASE SIZE OTHER LIMIT
against() {
	ours=$(median "$tmp/contain") other=$(median "$tmp/$3")
	row "$1" "$2" "$ours" "$other" "$(ratio "$ours" "$other")" "$4"
}

have script util-linux || exit 0
title 'relay: output in MB/s, more is better; key to echo in us'
for bytes in 10000000 100000000; do
	measure output "head -c $bytes /dev/zero"
	against 'relay, output / script' "$bytes" script '>=1.20'
	against 'relay, output / copy loop' "$bytes" copy '>=0.90'
done
measure keys 'printf !; exec cat >/dev/null'
against 'relay, echo of a key / script' 1 script 1.20
against 'relay, echo of a key / copy loop' 1 copy -
