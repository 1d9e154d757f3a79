/*
 * ended.c: run a command under a watchdog and write down how it ended.
 *
 * Copyright (c) 2026 the contain authors
 * SPDX-License-Identifier: ISC
 */
#include "config.h"

#include <sys/types.h>
#include <sys/wait.h>

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static volatile sig_atomic_t expired;
static volatile pid_t child;

static void
expire(int signum)
{
	(void)signum;
	expired = 1;
	if (child > 0)
		kill(child, SIGKILL);
}

static _Noreturn void
usage(void)
{
	fprintf(stderr,
	    "usage: ended [-s] [-d SECONDS] [-p PIDFILE] FILE "
	    "COMMAND [ARG...]\n"
	    "FILE gets \"exit N\", \"signal N\", \"signal N core\" or "
	    "\"deadline\".\n");
	exit(2);
}

/*
 * Every test starts from the same state: default dispositions and an empty
 * mask, whatever make, nohup or the shell's "&" left behind.
 */
static void
reset_signals(void)
{
	struct sigaction act;
	sigset_t none;
	int signum;

	memset(&act, 0, sizeof act);
	act.sa_handler = SIG_DFL;
	for (signum = 1; signum < NSIG; signum++)
		(void)sigaction(signum, &act, NULL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static void
write_line(const char *path, const char *line)
{
	FILE *file;

	if ((file = fopen(path, "w")) == NULL)
		err(2, "%s", path);
	fprintf(file, "%s\n", line);
	if (fclose(file) != 0)
		err(2, "%s", path);
}

static void
describe(int status, char *text, size_t size)
{
	if (expired)
		snprintf(text, size, "deadline");
	else if (WIFEXITED(status))
		snprintf(text, size, "exit %d", WEXITSTATUS(status));
	else
		snprintf(text, size, "signal %d%s", WTERMSIG(status),
		    WCOREDUMP(status) ? " core" : "");
}

int
main(int argc, char *argv[])
{
	struct sigaction act;
	const char *pidfile = NULL;
	unsigned int deadline = 20;
	int ch, session = 0, status;
	char text[32];

	while ((ch = getopt(argc, argv, "+d:p:s")) != -1) {
		switch (ch) {
		case 'd':
			deadline = (unsigned int)atoi(optarg);
			break;
		case 'p':
			pidfile = optarg;
			break;
		case 's':
			session = 1;
			break;
		default:
			usage();
		}
	}
	if (argc - optind < 2)
		usage();
	reset_signals();
	memset(&act, 0, sizeof act);
	act.sa_handler = expire;
	sigaction(SIGALRM, &act, NULL);
	/* Who ends this session's watchdog means the session. */
	for (ch = SIGHUP; session && ch <= SIGTERM; ch++)
		if (ch == SIGHUP || ch == SIGINT || ch == SIGTERM)
			sigaction(ch, &act, NULL);

	switch (child = fork()) {
	case -1:
		err(2, "fork");
	case 0:
		if (session)
			setsid();
		reset_signals();
		/* Its own pid, so that the file is there before it runs. */
		if (pidfile != NULL) {
			snprintf(text, sizeof text, "%ld", (long)getpid());
			write_line(pidfile, text);
		}
		execvp(argv[optind + 1], argv + optind + 1);
		warn("%s", argv[optind + 1]);
		_exit(errno == ENOENT ? 127 : 126);
	}
	alarm(deadline);
	while (waitpid(child, &status, 0) == -1)
		if (errno != EINTR)
			err(2, "waitpid");
	describe(status, text, sizeof text);
	write_line(argv[optind], text);
	return 0;
}
