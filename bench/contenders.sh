# shellcheck shell=sh
#
# contenders.sh: what the parts of make bench share that compare whole commands:
# contain and the tools of today, each with a program that does nothing.
#
# Copyright (c) 2026 the contain authors
# SPDX-License-Identifier: ISC
#
# Behind lib.sh; needs $tmp, a directory.  Puts names into $names and as many
# commands, of words without blanks, into $commands, a line each.

nothing=$HELPERS/true_static

# add NAME COMMAND...
add() {
	names="$names $1"
	shift
	commands="$commands$* $nothing
"
}

names=bare commands="$nothing
"
add pidns "$CONTAIN" --backend=pidns --
add pty "$CONTAIN" --backend=pty --
[ -z "$STATIC" ] || add static "$STATIC" --backend=pidns --
have unshare util-linux &&
	add unshare unshare -Ufp --mount-proc --kill-child
have bwrap bubblewrap &&
	add bwrap bwrap --unshare-pid --dev-bind / / --proc /proc \
		--die-with-parent
have tini tini && add tini tini -s --
[ "$(id -u)" -ne 0 ] || add floor "$BENCH/floor"

# took FILE: of lines MEDIAN QUARTILE QUARTILE in us, as many as commands
took() {
	# shellcheck disable=SC2086,SC2154 # whoever reads this has $tmp
	printf '%s\n' $names | paste -d ' ' - "$1" >"$tmp/times"
}

# overhead NAME: median of it over that of bare; spread in per cent
overhead() {
	awk -v name="$1" '$1 == "bare" { bare = $2 }
	    $1 == name { m = $2; s = $4 - $3 }
	    END { printf "%d %d%%\n", m - bare, 100 * s / (m - bare) }' \
		"$tmp/times"
}

# against CASE SIZE OURS OTHER AT-MOST
against() {
	grep -q "^$3 " "$tmp/times" && grep -q "^$4 " "$tmp/times" || return 0
	ours=$(overhead "$3") other=$(overhead "$4")
	row "$1" "$2" "${ours% *}" "${other% *}" \
		"$(ratio "${ours% *}" "${other% *}")" "$5" "${ours#* }"
}

# all_against HOW SIZE
all_against() {
	against "$1, pidns / unshare" "$2" pidns unshare 0.95
	against "$1, pidns / bubblewrap" "$2" pidns bwrap 0.60
	against "$1, pidns / tini -s" "$2" pidns tini 1.15
	against "$1, static / tini -s" "$2" static tini 0.40
	against "$1, pty / tini -s" "$2" pty tini 1.30
	against "$1, pidns / the kernel" "$2" pidns floor -
	against "$1, the kernel / tini -s" "$2" floor tini -
}
