/*
 * sigstate.c: execute a command with signals ignored, blocked or default.
 *
 * Copyright (c) 2026 the contain authors
 * SPDX-License-Identifier: ISC
 */
#include "config.h"

#include <err.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Silently leaves out what cannot be ignored or blocked: "all" is allowed. */
static void
apply(int option, int signum, sigset_t *blocked)
{
	if (option == 'b')
		(void)sigaddset(blocked, signum);
	else
		(void)signal(signum, option == 'i' ? SIG_IGN : SIG_DFL);
}

int
main(int argc, char *argv[])
{
	sigset_t blocked;
	int ch, signum;

	sigemptyset(&blocked);
	while ((ch = getopt(argc, argv, "+b:d:i:")) != -1) {
		if (ch == '?')
			errx(2,
			    "usage: sigstate [-b|-d|-i N|all]... "
			    "COMMAND [ARG...]\n"
			    "-b: blocked; -d: default; -i: ignored");
		if (strcmp(optarg, "all") != 0)
			apply(ch, atoi(optarg), &blocked);
		else
			for (signum = 1; signum < NSIG; signum++)
				apply(ch, signum, &blocked);
	}
	if (optind == argc)
		errx(2, "no command");
	sigprocmask(SIG_SETMASK, &blocked, NULL);
	execvp(argv[optind], argv + optind);
	err(127, "%s", argv[optind]);
}
