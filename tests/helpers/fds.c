/*
 * fds.c: write down which descriptors below 256 are open.
 *
 * Copyright (c) 2026 the contain authors
 * SPDX-License-Identifier: ISC
 */
#include "config.h"

#include <err.h>
#include <fcntl.h>
#include <stdio.h>

/* fds FILE: scans first and opens FILE after, so that it is not listed. */
int
main(int argc, char *argv[])
{
	FILE *file;
	char is_open[256];
	int fd;

	if (argc != 2)
		errx(2, "usage: fds FILE");
	for (fd = 0; fd < (int)sizeof is_open; fd++)
		is_open[fd] = fcntl(fd, F_GETFD) != -1;
	if ((file = fopen(argv[1], "w")) == NULL)
		err(2, "%s", argv[1]);
	for (fd = 0; fd < (int)sizeof is_open; fd++)
		if (is_open[fd])
			fprintf(file, "%d\n", fd);
	return fclose(file) == 0 ? 0 : 2;
}
