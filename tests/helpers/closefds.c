/*
 * closefds.c: execute a command with some descriptors closed or broken.
 *
 * Copyright (c) 2026 the contain authors
 * SPDX-License-Identifier: ISC
 */
#include "config.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A pipe that nobody reads any more: writing to it raises SIGPIPE. */
static void
break_fd(int fd)
{
	int pair[2];

	if (pipe(pair) == -1)
		err(2, "pipe");
	if (dup2(pair[1], fd) == -1)
		err(2, "dup2");
	if (pair[0] != fd)
		close(pair[0]);
	if (pair[1] != fd)
		close(pair[1]);
}

int
main(int argc, char *argv[])
{
	int i;

	for (i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
		if (argv[i][0] == 'b')
			break_fd(atoi(argv[i] + 1));
		else
			close(atoi(argv[i]));
	}
	if (i + 1 >= argc) {
		fprintf(stderr,
		    "usage: closefds [N|bN]... -- COMMAND "
		    "[ARG...]\nN is closed, bN becomes a broken pipe.\n");
		return 2;
	}
	execvp(argv[i + 1], argv + i + 1);
	err(127, "%s", argv[i + 1]);
}
