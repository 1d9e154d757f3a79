# shellcheck shell=sh
#
# lib.sh: what the end-to-end tests of the command share.
#
# Copyright (c) 2026 the contain authors
# SPDX-License-Identifier: ISC
#
# A test is a sh script that sources this file first and calls finish last.
# make gives it CONTAIN (the command), TESTDIR (helpers are in
# $TESTDIR/helpers) and SRCDIR; it prints TAP.
#
# Sourced for the first time, this file copies command, helpers and test to a
# directory that everybody can read, runs the test there with each backend that
# is built in, as the current user and, if that is root, as nobody too, and
# exits: a test never sees any of it.  Each run has a session of its own,
# without a terminal, a watchdog, default signals and an own directory, which it
# is in.  A test that is about some backends only says so before it sources this
# file: BACKENDS=pidns.
#
# What a test may use:
#	WHO, H, W, S		the user, helpers' directory, own directory
#				(empty at the start), everybody's directory
#	BACKEND			the backend that "$CONTAIN" takes in this run;
#				GUARANTEE, REACH, IN_EFFECT: what its report
#				says, the last one as a pattern of the words
#	run COMMAND...		run it; STATUS is then "exit N", "signal N" or
#				"deadline", its output in $W/out and $W/err.
#				IN=FILE is its stdin, DEADLINE its seconds.
#	now_ms			the time, for what takes seconds
#	start COMMAND...	the same in the background; PID is COMMAND's
#	await_end		... and wait for it: STATUS as after run
#	ready_fifo, await_ready	make $W/ready; wait for a line through it
#	new_tag [PREFIX]	TAG is then a string for processes' arguments;
#				with "600." it is a number that sleep(1) takes
#	status_is, out_is, ...	predicates that say what is wrong; chain them
#				with && and end the chain with:
#	PID1, MOUNTNS, USERNS	commands that run a command as PID 1 of a new
#				PID namespace, in a new mount namespace, in a
#				new user namespace
#	has_own_pid_max		may a script of $PID1 set kernel.pid_max?
#	result NAME		one line of TAP out of $?
#	skip NAME REASON	what could not be tried, and why

LC_ALL=C
export LC_ALL

# ---- the outer run: stage, then once for each user ----------------------

stage_files() {
	S=$(mktemp -d "${TMPDIR:-/tmp}/contain-test.XXXXXX") || exit 99
	chmod 755 "$S"
	mkdir -p "$S/bin/helpers" "$S/src/tests" "$S/src/doc/recipes"
	cp "$CONTAIN" "$S/bin/contain" || exit 99
	for file in "$TESTDIR"/helpers/*; do
		if [ -f "$file" ] && [ -x "$file" ]; then
			cp "$file" "$S/bin/helpers/"
		fi
	done
	cp "$SRCDIR/tests/lib.sh" "$S/src/tests/lib.sh"
	cp "$SRCDIR"/doc/recipes/* "$S/src/doc/recipes/"
	cp "$0" "$S/src/test"
	stage_unshare pid1 '-fp --mount-proc'
	stage_unshare mountns '-m --propagation private'
	stage_unshare userns '-Ur'
	chmod -R go+rX "$S"
}

# A script that runs its arguments in namespaces of their own; who is not root
# needs a user namespace for the others.
# shellcheck disable=SC2016 # expanded when it runs
stage_unshare() {
	printf '#!/bin/sh\n[ "$(id -u)" -eq 0 ] || user=-Ur\n%s\n' \
		"exec unshare \$user $2 \"\$@\"" >"$S/bin/$1"
	chmod 755 "$S/bin/$1"
}

is_built() {
	"$CONTAIN" --backend=auto --probe --report=json |
		grep -q "\"backend\":\"$1\""
}

# A test that leaves something behind must not disturb the next one.
end_leftovers() {
	[ -z "${RUNNER-}" ] || kill "$RUNNER" 2>/dev/null
	for tag in "$S"/tag.*; do
		[ -f "$tag" ] || continue
		while read -r line; do
			"$S/bin/helpers/procs" kill "$line"
		done <"$tag"
	done
	rm -rf "$S"
}

# run_as BACKEND USER [WORD...]
run_as() {
	backend=$1 who=$2-$1
	shift 2
	mkdir "$S/w.$who"
	chmod 1777 "$S/w.$who"
	: >"$S/tag.$who"
	: >"$S/status.$who"
	chmod 666 "$S/tag.$who" "$S/count"
	cd "$S/w.$who" || exit 99
	env CONTAIN="$S/bin/contain" SRCDIR="$S/src" S="$S" \
		CONTAIN_TEST_WHO="$who" CONTAIN_TEST_BACKEND="$backend" \
		"$S/bin/helpers/ended" -s -d "${SCRIPT_DEADLINE:-150}" \
		"$S/status.$who" "$@" sh "$S/src/test" </dev/null &
	RUNNER=$!
	wait "$RUNNER"
	cd / || exit 99
	count=$(cat "$S/count")
	case $(cat "$S/status.$who") in
	'exit 0') ;;
	*)
		count=$((count + 1))
		echo "$count" >"$S/count"
		echo "not ok $count - $who: the script ran to its end"
		echo "# it ended with: $(cat "$S/status.$who")"
		;;
	esac
}

if [ -z "${CONTAIN_TEST_WHO-}" ]; then
	: "${CONTAIN:?the command to test}" "${TESTDIR:?}" "${SRCDIR:=.}"
	umask 022
	unset CONTAIN_BACKEND_DEFAULT CONTAIN_BACKEND CONTAIN_GUARANTEE \
		CONTAIN_GROUP ENV BASH_ENV POSIXLY_CORRECT IN DEADLINE
	stage_files
	trap end_leftovers EXIT
	trap 'exit 130' HUP INT TERM
	echo 0 >"$S/count"
	for backend in ${BACKENDS:-pidns pty}; do
		is_built "$backend" || continue
		run_as "$backend" "$(id -un)"
		if [ "$(id -u)" -eq 0 ]; then
			run_as "$backend" nobody "$S/bin/helpers/as_user" nobody
		fi
	done
	echo "1..$(cat "$S/count")"
	exit 0
fi

# ---- the inner run ------------------------------------------------------

WHO=$CONTAIN_TEST_WHO
BACKEND=$CONTAIN_TEST_BACKEND
unset CONTAIN_TEST_WHO CONTAIN_TEST_BACKEND
# What is in effect, shellcheck sees no use of: that is in the tests.
# shellcheck disable=SC2034
case $BACKEND in
pidns)
	GUARANTEE=SIGKILL REACH=namespace ;;
pty)
	# less where orphans cannot be adopted: an emulated processor
	GUARANTEE=SIGHUP REACH=${CONTAIN_TEST_REACH:-descendants}
	# auto, the default, would take the stronger one
	export CONTAIN_BACKEND_DEFAULT=pty ;;
esac
# shellcheck disable=SC2034
IN_EFFECT="backend=$BACKEND guarantee=$GUARANTEE reach=$REACH mechanism=\""
# of the make that runs us
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES
H=$S/bin/helpers
W=$PWD
COUNT=$(cat "$S/count")
FIRST=$COUNT
TAGS=0
STATUS=
# A directory that this user cannot search turns "not found" into "permission
# denied" for every command.
searchable_path() {
	old_ifs=$IFS
	IFS=:
	for dir in $PATH; do
		if [ -d "$dir" ] && [ -x "$dir" ]; then
			printf '%s:' "$dir"
		fi
	done
	IFS=$old_ifs
}

PATH=$(searchable_path)
PATH=${PATH%:}
PID1=$S/bin/pid1
MOUNTNS=$S/bin/mountns
USERNS=$S/bin/userns
export H W S CONTAIN PID1 MOUNTNS USERNS

finish() {
	if [ "$COUNT" -eq "$FIRST" ]; then
		exit 98
	fi
	exit 0
}

# ---- results ------------------------------------------------------------

tap() {
	COUNT=$((COUNT + 1))
	echo "$COUNT" >"$S/count"
	printf '%s %d - %s: %s\n' "$1" "$COUNT" "$WHO" "$2"
}

show_file() {
	[ -s "$W/$1" ] || return 0
	echo "# $1:"
	head -c 1500 "$W/$1" | tr -d '\000' | sed 's/^/#   /'
	echo
}

result() {
	rc=$?
	if [ $rc -eq 0 ]; then
		tap ok "$1"
	else
		tap 'not ok' "$1"
		[ -s "$W/why" ] && sed 's/^/# /' "$W/why"
		echo "# status: $STATUS"
		show_file out
		show_file err
	fi
	rm -f "$W/why"
	return 0
}

skip() {
	tap ok "$1 # SKIP $2"
}

why() {
	echo "$*" >>"$W/why"
	return 1
}

# ---- running ------------------------------------------------------------

run() {
	: >"$W/out"
	: >"$W/err"
	"$H/ended" -d "${DEADLINE:-20}" "$W/status" "$@" \
		<"${IN:-/dev/null}" >"$W/out" 2>"$W/err"
	STATUS=$(cat "$W/status")
}

# The command's pid is known when start returns: through a fifo.
# shellcheck disable=SC2034
start() {
	: >"$W/out"
	: >"$W/err"
	rm -f "$W/pid" "$W/status"
	mkfifo "$W/pid"
	"$H/ended" -d "${DEADLINE:-20}" -p "$W/pid" "$W/status" "$@" \
		<"${IN:-/dev/null}" >"$W/out" 2>"$W/err" &
	ENDED=$!
	read -r PID <"$W/pid"
}

now_ms() {
	awk '{ printf "%d\n", $1 * 1000 }' /proc/uptime
}

await_end() {
	wait "$ENDED"
	STATUS=$(cat "$W/status")
}

ready_fifo() {
	rm -f "$W/ready"
	mkfifo "$W/ready"
}

await_ready() {
	"$H/ended" -d 10 "$W/ready.status" head -n 1 "$W/ready" >"$W/ready.line"
	[ -s "$W/ready.line" ] || why 'the command never said that it is ready'
}

# shellcheck disable=SC2120 # the argument may be left out
new_tag() {
	TAGS=$((TAGS + 1))
	TAG=${1-contain-test-}$$$(printf '%03d' $TAGS)
	echo "$TAG" >>"$S/tag.$WHO"
	export TAG
}

# ---- predicates ---------------------------------------------------------

status_is() {
	[ "$STATUS" = "$1" ] || why "the status should be: $1"
}

# One of several is right.
status_among() {
	for status; do
		[ "$STATUS" != "$status" ] || return 0
	done
	why "the status should be one of: $*"
}

out_is() {
	printf '%s' "$1" | cmp -s - "$W/out" || why "stdout should be: $1"
}

err_is() {
	printf '%s' "$1" | cmp -s - "$W/err" || why "stderr should be: $1"
}

out_has() {
	grep -Eq -e "$1" "$W/out" || why "stdout should match: $1"
}

err_has() {
	grep -Eq -e "$1" "$W/err" || why "stderr should match: $1"
}

out_lacks() {
	! grep -Eq -e "$1" "$W/out" || why "stdout should not match: $1"
}

err_lacks() {
	! grep -Eq -e "$1" "$W/err" || why "stderr should not match: $1"
}

same_files() {
	diff "$1" "$2" >"$W/diff" 2>&1 && return 0
	why "$1 and $2 differ:"
	cat "$W/diff" >>"$W/why"
	return 1
}

# Nobody with the tag is alive, now.  With a number: within that many seconds.
# shellcheck disable=SC2120 # the argument may be left out
none_left() {
	left=$("$H/procs" none "${1:-0}" "$TAG") && return 0
	why "left over: $left"
	for pid in $("$H/procs" list "$TAG"); do
		tr '\0' ' ' <"/proc/$pid/cmdline" | head -c 200 >>"$W/why"
		echo >>"$W/why"
	done
	"$H/procs" kill "$TAG"
	return 1
}

# What recipes show first: without contain somebody stays.  Ends them, too; who
# only comes up now has another tag than what follows.
some_left() {
	survivors=0
	"$H/procs" some 10 1 "$TAG" >/dev/null ||
		survivors=$?
	"$H/procs" kill "$TAG"
	new_tag
	[ "$survivors" -eq 0 ] ||
		why 'without contain nobody was left: this shows nothing'
}

# require_tools COMMAND...: or the whole test is skipped
require_tools() {
	for tool; do
		have "$tool" && continue
		skip 'everything' "no $tool; ./bootstrap --recipes installs it"
		finish
	done
}

# ---- what this machine can do -------------------------------------------

# What does not depend on the user need not be run as another one again.
is_first_user() {
	[ "$FIRST" -eq 0 ]
}

have() {
	command -v "$1" >/dev/null 2>&1
}

# Is a PID namespace to be had?  Asked of unshare(1), not of what is tested.
have_pidns() {
	have unshare && "$PID1" true >/dev/null 2>&1
}

# Is kernel.pid_max the PID namespace's, as from Linux 6.14 on?  Before, root
# would change the machine's.
has_own_pid_max() {
	oldest=$(printf '6.14\n%s\n' "$(uname -r)" | sort -V | head -n 1)
	[ "$(uname -s) $oldest" = 'Linux 6.14' ] &&
		"$PID1" sh -c 'echo 301 >/proc/sys/kernel/pid_max' 2>/dev/null
}

# Where the backend of this run cannot be had, its test says so and does nothing
# else.
require_backend() {
	[ "$BACKEND" = pty ] || have_pidns || {
		skip 'everything' 'unshare(1) cannot make a PID namespace here'
		finish
	}
}

is_sanitized() {
	grep -aq -e __asan_init -e __ubsan_handle "$CONTAIN"
}

# A sanitizer must not handle signals or set limits that the command inherits.
ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}disable_coredump=0:handle_abort=0
ASAN_OPTIONS=$ASAN_OPTIONS:handle_segv=0:handle_sigbus=0:handle_sigfpe=0
ASAN_OPTIONS=$ASAN_OPTIONS:handle_sigill=0:allow_user_segv_handler=1
export ASAN_OPTIONS

# Looking for leaks takes processes, descriptors, ptrace and /proc: not where a
# test takes those away.  For the rest of the test.
no_leak_check() {
	ASAN_OPTIONS=$ASAN_OPTIONS:detect_leaks=0
}
