/*
 * lifeline.c: give a command a descriptor and close its other end later.
 *
 * Copyright (c) 2026 the contain authors
 * SPDX-License-Identifier: ISC
 */
#include "config.h"

#include <sys/types.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The command writes here once it runs. */
#define READY_FD   9
#define DEADLINE_S 10

static volatile pid_t child;

static void
on_alarm(int signum)
{
	(void)signum;
	kill(child, SIGKILL);
	printf("deadline\n");
	_exit(1);
}

static void
open_terminal(int pair[2])
{
	if ((pair[1] = posix_openpt(O_RDWR | O_NOCTTY)) == -1 ||
	    grantpt(pair[1]) == -1 || unlockpt(pair[1]) == -1)
		err(2, "posix_openpt");
	if ((pair[0] = open(ptsname(pair[1]), O_RDWR | O_NOCTTY)) == -1)
		err(2, "%s", ptsname(pair[1]));
}

/* pair[0] is for the command, pair[1] the other end. */
static void
open_pair(const char *kind, int pair[2])
{
	int swap;

	if (strcmp(kind, "tty") == 0)
		open_terminal(pair);
	else if (strcmp(kind, "socket") == 0) {
		if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == -1)
			err(2, "socketpair");
	} else if (pipe(pair) == -1)
		err(2, "pipe");
	if (strcmp(kind, "writer") == 0) {
		swap = pair[0];
		pair[0] = pair[1];
		pair[1] = swap;
	}
}

static void
execute(int fd, int target, int ready, char *argv[])
{
	int other;

	if (dup2(ready, READY_FD) == -1 || dup2(fd, target) == -1)
		err(2, "dup2");
	for (other = 3; other < 64; other++)
		if (other != READY_FD && other != target)
			close(other);
	execvp(argv[0], argv);
	err(127, "%s", argv[0]);
}

static _Noreturn void
usage(void)
{
	fprintf(stderr,
	    "usage: lifeline [-k] [-u] reader|writer|socket|tty FD "
	    "COMMAND [ARG...]\n"
	    "FD is what the command gets: the reading or writing end of a "
	    "pipe, ...\n"
	    "-k: keep the other end open; -u: write what nobody reads\n");
	exit(2);
}

int
main(int argc, char *argv[])
{
	int ch, keep = 0, unread = 0, pair[2], ready[2], status;
	char byte;

	while ((ch = getopt(argc, argv, "+ku")) != -1) {
		if (ch == 'k')
			keep = 1;
		else if (ch == 'u')
			unread = 1;
		else
			usage();
	}
	argv += optind;
	if (argc - optind < 3)
		usage();
	open_pair(argv[0], pair);
	if (pipe(ready) == -1)
		err(2, "pipe");
	(void)signal(SIGALRM, on_alarm);
	(void)signal(SIGHUP, SIG_DFL);
	alarm(DEADLINE_S);
	if ((child = fork()) == -1)
		err(2, "fork");
	if (child == 0)
		execute(pair[0], atoi(argv[1]), ready[1], argv + 2);
	close(pair[0]);
	close(ready[1]);
	if (unread && write(pair[1], "unread\n", 7) != 7)
		err(2, "write");
	if (read(ready[0], &byte, 1) != 1)
		printf("not started\n");
	if (!keep)
		close(pair[1]);
	while (waitpid(child, &status, 0) == -1 && errno == EINTR)
		continue;
	if (WIFEXITED(status))
		printf("exit %d\n", WEXITSTATUS(status));
	else
		printf("signal %d\n", WTERMSIG(status));
	return 0;
}
