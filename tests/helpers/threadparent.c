/*
 * threadparent.c: start a command from a thread that ends before it does.
 *
 * Copyright (c) 2026 the contain authors
 * SPDX-License-Identifier: ISC
 */
#include "config.h"

#include <sys/types.h>
#include <sys/wait.h>

#include <err.h>
#include <errno.h>
#include <pthread.h>
#include <unistd.h>

static pid_t child;

static void *
start(void *argument)
{
	char **argv = argument;

	if ((child = fork()) == 0) {
		execvp(argv[0], argv);
		_exit(127);
	}
	return NULL;
}

/* Ends as the command did: with its exit code, or 128 and its signal. */
int
main(int argc, char *argv[])
{
	pthread_t thread;
	int status;

	if (argc < 2)
		errx(2, "usage: threadparent COMMAND [ARG...]");
	if (pthread_create(&thread, NULL, start, argv + 1) != 0)
		errx(2, "pthread_create");
	pthread_join(thread, NULL);
	if (child == -1)
		errx(2, "fork");
	while (waitpid(child, &status, 0) == -1)
		if (errno != EINTR)
			err(2, "waitpid");
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
