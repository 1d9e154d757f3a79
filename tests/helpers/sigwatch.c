/*
 * sigwatch.c: say which signals arrive, and how often each did.
 *
 * Copyright (c) 2026 the contain authors
 * SPDX-License-Identifier: ISC
 */
#include "config.h"

#include <err.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* No test takes longer. */
#define LIFETIME_S 180

static unsigned int received[NSIG];
static int quit_signal;
static const char *name = "";

/* One line a write, so that several watchers can share a pipe. */
static void
say(const char *what, int signum, unsigned int times)
{
	char line[64];
	int n;

	if (signum == 0)
		n = snprintf(line, sizeof line, "%s%s\n", name, what);
	else
		n = snprintf(line, sizeof line, "%s%s %d %u\n", name, what,
		    signum, times);
	(void)!write(STDOUT_FILENO, line, (size_t)n);
}

static void
summarize(void)
{
	int signum;

	for (signum = 1; signum < NSIG; signum++)
		if (received[signum] != 0)
			say("total", signum, received[signum]);
	say("end", 0, 0);
}

/* Runs only inside sigsuspend, all other signals blocked: may use stdio. */
static void
on_signal(int signum)
{
	say("got", signum, ++received[signum]);
	if (signum == quit_signal) {
		summarize();
		_exit(0);
	}
	if (signum == SIGALRM && received[signum] > 1)
		_exit(1);
}

int
main(int argc, char *argv[])
{
	struct sigaction act;
	sigset_t all, none;
	int ch, signum;

	quit_signal = NSIG - 1;
	while ((ch = getopt(argc, argv, "n:q:")) != -1) {
		switch (ch) {
		case 'n':
			name = optarg;
			break;
		case 'q':
			quit_signal = atoi(optarg);
			break;
		default:
			errx(2,
			    "usage: sigwatch [-n PREFIX] [-q SIGNUM] "
			    "[TAG]");
		}
	}
	sigfillset(&all);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &all, NULL);
	memset(&act, 0, sizeof act);
	act.sa_handler = on_signal;
	sigfillset(&act.sa_mask);
	for (signum = 1; signum < NSIG; signum++)
		(void)sigaction(signum, &act, NULL);
	alarm(LIFETIME_S);
	say("ready", 0, 0);
	for (;;)
		sigsuspend(&none);
}
