/*
 * sigdrive.c: send signals to a command, one when the last has arrived.
 *
 * Copyright (c) 2026 the contain authors
 * SPDX-License-Identifier: ISC
 */
#include "config.h"

#include <sys/types.h>
#include <sys/wait.h>

#include <err.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static volatile pid_t child;

static void
on_alarm(int signum)
{
	static const char text[] = "sigdrive: deadline\n";

	(void)signum;
	(void)!write(STDERR_FILENO, text, sizeof text - 1);
	if (child > 0)
		kill(child, SIGKILL);
	_exit(1);
}

/* Copy the command's output until a line starts with prefix; with NULL, until
 * nobody can write any more.  Returns 0 at the end of the output. */
static int
await(FILE *from, const char *prefix)
{
	char line[256];

	while (fgets(line, sizeof line, from) != NULL) {
		fputs(line, stdout);
		fflush(stdout);
		if (prefix != NULL &&
		    strncmp(line, prefix, strlen(prefix)) == 0)
			return 1;
	}
	return 0;
}

static FILE *
start(char *argv[])
{
	int out[2];

	if (pipe(out) == -1)
		err(2, "pipe");
	switch (child = fork()) {
	case -1:
		err(2, "fork");
	case 0:
		setpgid(0, 0);
		dup2(out[1], STDOUT_FILENO);
		close(out[0]);
		close(out[1]);
		execvp(argv[0], argv);
		err(127, "%s", argv[0]);
	}
	close(out[1]);
	return fdopen(out[0], "r");
}

/*
 * "15" sends signal 15 to the command and awaits "got 15 "; "15!" sends and
 * goes on; "g15" and "g15!" send it to the command's process group, of which
 * sigdrive itself is no part.
 */
static void
send(FILE *from, const char *step)
{
	char prefix[32];
	int group, signum;

	group = step[0] == 'g';
	signum = atoi(step + group);
	if (kill(group ? -child : child, signum) == -1)
		warn("kill %s", step);
	if (strchr(step, '!') != NULL)
		return;
	snprintf(prefix, sizeof prefix, "got %d ", signum);
	await(from, prefix);
}

/* Prints the command's output, then how it ended. */
int
main(int argc, char *argv[])
{
	FILE *from;
	int first, i, status;

	for (first = 1; first < argc && strcmp(argv[first], "--") != 0; first++)
		continue;
	if (first + 1 >= argc)
		errx(2, "usage: sigdrive [g]SIGNUM[!]... -- COMMAND [ARG...]");
	(void)signal(SIGALRM, on_alarm);
	alarm(15);
	from = start(argv + first + 1);
	await(from, "ready");
	for (i = 1; i < first; i++)
		send(from, argv[i]);
	if (!await(from, "end"))
		printf("eof\n");
	await(from, NULL);
	if (waitpid(child, &status, 0) == -1)
		err(2, "waitpid");
	if (WIFEXITED(status))
		printf("exit %d\n", WEXITSTATUS(status));
	else
		printf("signal %d\n", WTERMSIG(status));
	return 0;
}
