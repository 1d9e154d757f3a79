/*
 * halfway.c: contain is killed between its warden's fork and the warden's next
 * step.
 *
 * Copyright (c) 2026 the contain authors
 * SPDX-License-Identifier: ISC
 */
#include "config.h"

#include <sys/types.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

/*
 * By ptrace(2) all that contain starts is stopped where it forks.
 *
 *	after	the warden is held from its fork on (where that stands still
 *		until the exec: from its return on) until the command has made
 *		the terminal raw, and contain is dead.
 *	before	the command's process is held, and then left stopped, before
 *		its exec.
 *
 * Either way nobody may be left, and the terminal has its modes.
 */
#define DEADLINE_MS 8000
#define OPTIONS (PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | \
    PTRACE_O_TRACECLONE | PTRACE_O_TRACEVFORKDONE)

static int slave;
static pid_t contain, warden, command;
static struct termios modes;
static int is_before, is_held;

static _Noreturn void
fail(const char *why)
{
	printf("%s\n", why);
	fflush(stdout);
	_exit(1);
}

static long
now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000L + now.tv_nsec / 1000000L;
}

static int
is_changed(void)
{
	struct termios now;

	return tcgetattr(slave, &now) == -1 ||
	    now.c_lflag != modes.c_lflag || now.c_iflag != modes.c_iflag ||
	    now.c_oflag != modes.c_oflag;
}

static void
start(char *argv[])
{
	if ((contain = fork()) == -1)
		err(2, "fork");
	if (contain == 0) {
		setpgid(0, 0);
		tcsetpgrp(slave, getpid());
		(void)signal(SIGTTOU, SIG_DFL);
		dup2(slave, 0);
		dup2(slave, 1);
		dup2(slave, 2);
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		execvp(argv[0], argv);
		err(127, "%s", argv[0]);
	}
	if (waitpid(contain, NULL, 0) != contain ||
	    ptrace(PTRACE_SETOPTIONS, contain, NULL, (void *)OPTIONS) == -1 ||
	    ptrace(PTRACE_CONT, contain, NULL, NULL) == -1)
		fail("no ptrace");
}

/* The children of contain and of its warden, in this order: nobody else starts
 * anything before that.  Each is stopped first, which may be told before its
 * parent's fork is. */
static void
note_fork(pid_t parent)
{
	unsigned long child = 0;

	ptrace(PTRACE_GETEVENTMSG, parent, NULL, &child);
	if (parent == contain && warden == 0)
		warden = (pid_t)child;
	else if (parent == warden && command == 0)
		command = (pid_t)child;
}

static int
is_known(pid_t pid)
{
	return pid == contain || pid == warden || pid == command ||
	    command != 0;
}

/* Does this one stay stopped where it is? */
static int
is_to_be_held(pid_t pid, int event)
{
	if (is_before)
		return pid == command;
	return pid == warden &&
	    (event == PTRACE_EVENT_FORK || event == PTRACE_EVENT_VFORK_DONE);
}

/* The stop in which each one starts to be traced is not its own. */
static void
go_on(pid_t pid, int event, int signum)
{
	if (event != 0 || signum == SIGTRAP || signum == SIGSTOP)
		signum = 0;
	if (is_to_be_held(pid, event))
		is_held = 1;
	else
		ptrace(PTRACE_CONT, pid, NULL, (void *)(long)signum);
}

static void
take_stop(pid_t pid, int status)
{
	static pid_t early;
	int event = status >> 16;

	if (event == PTRACE_EVENT_FORK || event == PTRACE_EVENT_VFORK ||
	    event == PTRACE_EVENT_CLONE)
		note_fork(pid);
	if (is_known(pid))
		go_on(pid, event, WSTOPSIG(status));
	else
		early = pid;
	if (early != 0 && is_known(early)) {
		go_on(early, 0, SIGSTOP);
		early = 0;
	}
}

/* Let all run, but who is held, until it is time. */
static void
run_until_held(void)
{
	long deadline = now_ms() + DEADLINE_MS;
	int status;
	pid_t pid;

	while (!is_held || (!is_before && !is_changed())) {
		while ((pid = waitpid(-1, &status, __WALL | WNOHANG)) > 0)
			if (WIFSTOPPED(status))
				take_stop(pid, status);
		if (now_ms() > deadline)
			fail(is_held ? "the terminal was never raw" :
			    "the warden has not forked");
		(void)poll(NULL, 0, 1);
	}
}

static void
kill_and_let_go(void)
{
	kill(contain, SIGKILL);
	while (waitpid(contain, NULL, __WALL) == -1 && errno == EINTR)
		continue;
	ptrace(PTRACE_DETACH, is_before ? command : warden, NULL,
	    (void *)(long)(is_before ? SIGSTOP : 0));
}

/* Those that are still traced report what they do. */
static void
await_all_gone(void)
{
	long deadline = now_ms() + DEADLINE_MS;
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, __WALL | WNOHANG)) != -1) {
		if (pid > 0 && WIFSTOPPED(status))
			ptrace(PTRACE_CONT, pid, NULL, (void *)(long)
			    (status >> 16 == 0 &&
			    WSTOPSIG(status) != SIGTRAP ?
			    WSTOPSIG(status) : 0));
		if (now_ms() > deadline)
			fail("somebody is left");
		if (pid == 0)
			(void)poll(NULL, 0, 1);
	}
}

static void
open_terminal(void)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);

	setsid();
	if (master == -1 || grantpt(master) == -1 || unlockpt(master) == -1 ||
	    (slave = open(ptsname(master), O_RDWR | O_CLOEXEC)) == -1)
		err(2, "posix_openpt");
	(void)ioctl(slave, TIOCSCTTY, 0);
	tcgetattr(slave, &modes);
	(void)signal(SIGTTOU, SIG_IGN);
}

int
main(int argc, char *argv[])
{
	if (argc < 3)
		errx(2, "usage: halfway before | after CONTAIN ARG...\n"
		    "after: its command makes the terminal raw, and stays");
	is_before = strcmp(argv[1], "before") == 0;
	prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	open_terminal();
	start(argv + 2);
	run_until_held();
	kill_and_let_go();
	await_all_gone();
	if (is_changed())
		fail("the terminal has not got its modes back");
	return 0;
}
