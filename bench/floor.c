/*
 * floor.c: what the kernel alone takes for what contain does with pidns.
 *
 * Copyright (c) 2026 the contain authors
 * SPDX-License-Identifier: ISC
 *
 *	floor COMMAND [ARG...]
 *
 * A PID namespace with a first process of its own and a fresh /proc, COMMAND in
 * it, and its status, if it exits: no signal is passed on, nothing is adopted,
 * checked or told.  Needs root.
 */
#include "config.h"

#include <sys/types.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <err.h>
#include <sched.h>
#include <signal.h>
#include <unistd.h>

static int
wait_for(pid_t pid)
{
	int status;

	if (pid == -1 || waitpid(pid, &status, 0) == -1 || !WIFEXITED(status))
		return 125;
	return WEXITSTATUS(status);
}

static _Noreturn void
be_first(char *argv[])
{
	pid_t pid;

	if (mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL) == -1 ||
	    mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC,
	    NULL) == -1)
		_exit(125);
	pid = vfork();
	if (pid == 0) {
		execv(argv[0], argv);
		_exit(127);
	}
	_exit(wait_for(pid));
}

int
main(int argc, char *argv[])
{
	pid_t pid;

	if (argc < 2)
		errx(125, "usage: floor COMMAND [ARG...]");
	pid = (pid_t)syscall(SYS_clone, CLONE_NEWPID | CLONE_NEWNS | SIGCHLD,
	    NULL, NULL, NULL, NULL);
	if (pid == 0)
		be_first(argv + 1);
	return wait_for(pid);
}
