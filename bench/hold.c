/*
 * hold.c: a command that says that it runs and ends when it may.
 *
 * Copyright (c) 2026 the contain authors
 * SPDX-License-Identifier: ISC
 *
 * A byte to standard output; then standard input is read to its end.
 */
#include "config.h"

#include <unistd.h>

int
main(void)
{
	char byte = 0;

	if (write(STDOUT_FILENO, &byte, 1) != 1)
		return 1;
	while (read(STDIN_FILENO, &byte, 1) > 0)
		continue;
	return 0;
}
