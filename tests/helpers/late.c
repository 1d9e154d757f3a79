/*
 * late.c: signal a command without a pause until it has ended, many times.
 *
 * Copyright (c) 2026 the contain authors
 * SPDX-License-Identifier: ISC
 */
#include "config.h"

#include <sys/types.h>
#include <sys/wait.h>

#include <err.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define DEADLINE_S 60

static pid_t
start(char *argv[])
{
	pid_t pid;

	if ((pid = fork()) == -1)
		err(2, "fork");
	if (pid == 0) {
		execvp(argv[0], argv);
		_exit(127);
	}
	return pid;
}

int
main(int argc, char *argv[])
{
	int bad = 0, expected, i, runs, signum, status;
	pid_t pid, got;
	sigset_t blocked;

	if (argc < 5)
		errx(2, "usage: late RUNS SIGNUM EXIT-CODE COMMAND [ARG...]");
	runs = atoi(argv[1]);
	signum = atoi(argv[2]);
	expected = atoi(argv[3]);
	alarm(DEADLINE_S);
	/* Inherited, so that the command never dies of it, however early. */
	sigemptyset(&blocked);
	sigaddset(&blocked, signum);
	sigprocmask(SIG_BLOCK, &blocked, NULL);
	for (i = 0; i < runs; i++) {
		pid = start(argv + 4);
		while ((got = waitpid(pid, &status, WNOHANG)) == 0)
			kill(pid, signum);
		if (got == -1)
			err(2, "waitpid");
		if (WIFEXITED(status) && WEXITSTATUS(status) == expected)
			continue;
		printf("run %d: status %#x\n", i, (unsigned int)status);
		bad++;
	}
	printf("runs=%d bad=%d\n", runs, bad);
	return bad != 0;
}
