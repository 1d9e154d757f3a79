/*
 * teardown.c: how long a group of many processes takes to end.
 *
 * Copyright (c) 2026 the contain authors
 * SPDX-License-Identifier: ISC
 *
 *	teardown RUNS COUNT [CONTAIN [OPTION...]]
 *	teardown RUNS COUNT namespace
 *
 * COUNT sleeping processes are made, by contain or without it, and ended: by
 * SIGTERM to contain, with killpg and by reaping each, or as a PID namespace of
 * which the first process is killed, which is their parent's parent as contain's
 * warden is.  Prints the median of RUNS in
 * microseconds.
 */
#include "config.h"

#include <sys/types.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <err.h>
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "measure.h"

#define RUNS_MAX 100

/* In the parent of all: make them, say so, and wait for a signal. */
static _Noreturn void
be_many(int count, int ready)
{
	int i;

	for (i = 0; i < count; i++) {
		switch (fork()) {
		case -1:
			err(2, "fork");
		case 0:
			for (;;)
				pause();
		}
	}
	if (write(ready, "r", 1) != 1)
		err(2, "write");
	close(ready);
	for (;;)
		pause();
}

/* As fork(2), in a PID namespace whose first process does nothing; returns that
 * one's pid.  So who makes the many has it above, as in contain's. */
static pid_t
fork_namespace(void)
{
	unsigned long flags = CLONE_NEWPID | SIGCHLD;
	pid_t first;

	if (geteuid() != 0)
		flags |= CLONE_NEWUSER;
	first = (pid_t)syscall(SYS_clone, flags, NULL, NULL, NULL, NULL);
	if (first != 0 || fork() == 0)
		return first;
	for (;;)
		pause();
}

static int
is_namespace(char *argv[])
{
	return argv[1] != NULL && strcmp(argv[1], "namespace") == 0;
}

static pid_t
start(int count, char *argv[], int *ready)
{
	char number[16], fd[16];
	static char separator[] = "--", role[] = "many";
	char *words[32];
	int pair[2], n = 0;
	pid_t pid;

	if (pipe(pair) == -1)
		err(2, "pipe");
	snprintf(number, sizeof number, "%d", count);
	snprintf(fd, sizeof fd, "%d", pair[1]);
	while (!is_namespace(argv) && argv[n + 1] != NULL && n < 26) {
		words[n] = argv[n + 1];
		n++;
	}
	if (n > 0)
		words[n++] = separator;
	words[n++] = argv[0];
	words[n++] = role;
	words[n++] = number;
	words[n++] = fd;
	words[n] = NULL;
	pid = is_namespace(argv) ? fork_namespace() : fork();
	if (pid == 0) {
		setpgid(0, 0);
		close(pair[0]);
		execvp(words[0], words);
		_exit(127);
	}
	close(pair[1]);
	*ready = pair[0];
	return pid;
}

/* As a subreaper we get all that killpg leaves orphaned. */
static double
run_once(int count, char *argv[])
{
	int is_bare = argv[1] == NULL, ready;
	pid_t pid = start(count, argv, &ready);
	double began;
	char byte;

	if (pid == -1 || read(ready, &byte, 1) != 1)
		errx(2, "%s did not start", is_bare ? "many" : argv[1]);
	close(ready);
	began = measure_now_us();
	if (is_bare)
		killpg(pid, SIGKILL);
	else
		kill(pid, is_namespace(argv) ? SIGKILL : SIGTERM);
	while (is_bare ? waitpid(-1, NULL, 0) > 0 :
	    waitpid(pid, NULL, 0) != pid)
		continue;
	return measure_now_us() - began;
}

int
main(int argc, char *argv[])
{
	double took[RUNS_MAX];
	int i, runs, count;

	if (argc == 4 && strcmp(argv[1], "many") == 0)
		be_many(atoi(argv[2]), atoi(argv[3]));
	if (argc < 3)
		errx(2, "usage: teardown RUNS COUNT [CONTAIN [OPTION...]]");
	runs = atoi(argv[1]);
	count = atoi(argv[2]);
	if (runs < 1 || runs > RUNS_MAX || count < 1)
		errx(2, "a bad number");
	prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	argv[2] = argv[0];
	for (i = 0; i < runs; i++)
		took[i] = run_once(count, argv + 2);
	measure_sort(took, (size_t)runs);
	printf("%.0f\n", measure_median(took, (size_t)runs));
	return 0;
}
