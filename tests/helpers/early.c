/*
 * early.c: end contain at a random moment of its start, many times.
 *
 * Copyright (c) 2026 the contain authors
 * SPDX-License-Identifier: ISC
 */
#include "config.h"

#include <sys/types.h>
#include <sys/wait.h>

#include <err.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/*
 * The victim and its daemon hold this descriptor, a pipe.  What is left of
 * them keeps the other end from reaching end-of-file: no look at the process
 * table could be as exact.
 */
#define LIVENESS_FD 3
#define WINDOW_US   5000
#define DEADLINE_S  4
#define GONE_MS	    2000

struct tally {
	unsigned int lost, left, odd, started;
};

static volatile sig_atomic_t expired;
static volatile pid_t child;

static void
on_alarm(int signum)
{
	(void)signum;
	expired = 1;
	kill(child, SIGKILL);
}

/* Dies of SIGTERM; its child does not, and has a session of its own. */
static int
be_victim(void)
{
	int signum;

	(void)!write(LIVENESS_FD, "s", 1);
	if (fork() == 0) {
		setsid();
		for (signum = 1; signum < NSIG; signum++)
			(void)signal(signum, SIG_IGN);
	}
	(void)poll(NULL, 0, 180 * 1000);
	return 0;
}

static int
start(char *argv[])
{
	int pair[2];

	if (pipe(pair) == -1)
		err(2, "pipe");
	switch (child = fork()) {
	case -1:
		err(2, "fork");
	case 0:
		if (pair[1] != LIVENESS_FD) {
			dup2(pair[1], LIVENESS_FD);
			close(pair[1]);
		}
		if (pair[0] != LIVENESS_FD)
			close(pair[0]);
		execvp(argv[0], argv);
		_exit(127);
	}
	close(pair[1]);
	return pair[0];
}

/* Is the other end closed?  Counts the victim's byte on the way. */
static int
is_closed(int fd, int wait_ms, unsigned int *started)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	char byte;

	while (poll(&pfd, 1, wait_ms) == 1) {
		if (read(fd, &byte, 1) != 1)
			return 1;
		(*started)++;
	}
	return 0;
}

static void
run_once(char *argv[], int signum, long delay_us, struct tally *tally)
{
	const struct timespec delay = { 0, delay_us * 1000 };
	int fd, status;

	fd = start(argv);
	nanosleep(&delay, NULL);
	kill(child, signum);
	expired = 0;
	alarm(DEADLINE_S);
	while (waitpid(child, &status, 0) == -1 && errno == EINTR)
		continue;
	alarm(0);
	if (expired)
		tally->lost++;
	else if (!WIFSIGNALED(status) || WTERMSIG(status) != signum) {
		tally->odd++;
		printf("signal %d after %ld us: status %#x\n", signum, delay_us,
		    (unsigned int)status);
	}
	/* Whoever waited for contain may rely on it: all is gone already. */
	if (!is_closed(fd, signum == SIGKILL || expired ? GONE_MS : 0,
		&tally->started))
		tally->left++;
	close(fd);
}

int
main(int argc, char *argv[])
{
	struct sigaction act;
	struct tally tally = { 0, 0, 0, 0 };
	unsigned int i, runs;

	if (argc == 2 && strcmp(argv[1], "victim") == 0)
		return be_victim();
	if (argc < 4)
		errx(2,
		    "usage: early RUNS SEED COMMAND [ARG...]\n"
		    "       early victim");
	memset(&act, 0, sizeof act);
	act.sa_handler = on_alarm;
	sigaction(SIGALRM, &act, NULL);
	runs = (unsigned int)atoi(argv[1]);
	srandom((unsigned int)atoi(argv[2]));
	for (i = 0; i < runs; i++)
		run_once(argv + 3, random() % 2 == 0 ? SIGTERM : SIGKILL,
		    random() % WINDOW_US, &tally);
	printf("runs=%u lost=%u left=%u odd=%u started=%u\n", runs, tally.lost,
	    tally.left, tally.odd, tally.started);
	return tally.lost + tally.left + tally.odd > 0;
}
