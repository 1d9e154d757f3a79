#!/bin/sh
#
# relay.sh: bytes and keys through contain's relay, script(1) and a bare copy.
#
#	bench/relay.sh CONTAIN HELPERS [RUNS]
#
# Prints medians: MB/s of much output, and microseconds from a key to its echo.

set -eu
contain=$1
bench=$2/ptybench
runs=${3:-5}

command -v script >/dev/null 2>&1 || {
	echo "relay.sh: script (util-linux) is not installed" >&2
	exit 1
}

median() {
	sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}

# row NAME KIND COMMAND: each in turn, so that all have the same machine.
row() {
	kind=$2
	text=$3
	tmp=$(mktemp -d "${TMPDIR:-/tmp}/relay.XXXXXX")
	i=0
	while [ $i -lt "$runs" ]; do
		"$bench" "$kind" "$contain" --backend=pty sh -c "$text" \
			>>"$tmp/contain"
		"$bench" "$kind" script -qc "$text" /dev/null >>"$tmp/script"
		"$bench" "$kind" "$bench" copy sh -c "$text" >>"$tmp/copy"
		i=$((i + 1))
	done
	c=$(median <"$tmp/contain") s=$(median <"$tmp/script")
	b=$(median <"$tmp/copy")
	rm -rf "$tmp"
	awk -v n="$1" -v c="$c" -v s="$s" -v b="$b" 'BEGIN {
	    printf "%-24s contain %7.1f  script %7.1f (%.2f)  copy %7.1f (%.2f)\n",
		n, c, s, c / s, b, c / b }'
}

row 'output, MB/s' output 'head -c 100000000 /dev/zero'
row 'echo of a key, us' keys 'printf !; exec cat >/dev/null'
