/*
 * turns.c: time commands in turn, so that all have the same machine.
 *
 * Copyright (c) 2026 the contain authors
 * SPDX-License-Identifier: ISC
 *
 *	turns RUNS COMMAND [ARG...] [--vs COMMAND [ARG...]]...
 *
 * Prints for each command the median of RUNS, the first and the third quartile,
 * in microseconds.
 */
#include "config.h"

#include <sys/types.h>
#include <sys/wait.h>

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "measure.h"

#define RUNS_MAX 10000
#define COMMANDS_MAX 16

static double
time_us(char *argv[])
{
	double start = measure_now_us();
	pid_t pid = fork();
	int status;

	if (pid == -1)
		err(2, "fork");
	if (pid == 0) {
		execvp(argv[0], argv);
		_exit(127);
	}
	if (waitpid(pid, &status, 0) == -1)
		err(2, "waitpid");
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		errx(1, "%s failed: status %#x", argv[0], (unsigned)status);
	return measure_now_us() - start;
}

static void
print(double *values, size_t count)
{
	measure_sort(values, count);
	printf("%.0f %.0f %.0f\n", measure_median(values, count),
	    values[count / 4], values[(count - 1) - count / 4]);
}

/* The commands' first words; how many there are. */
static size_t
split(char *argv[], char **commands[])
{
	size_t count = 0;
	char **word;

	commands[count++] = argv;
	for (word = argv; *word != NULL; word++) {
		if (strcmp(*word, "--vs") != 0)
			continue;
		if (count == COMMANDS_MAX)
			errx(2, "more than %d commands", COMMANDS_MAX);
		*word = NULL;
		commands[count++] = word + 1;
	}
	return count;
}

int
main(int argc, char *argv[])
{
	static double took[COMMANDS_MAX][RUNS_MAX];
	char **commands[COMMANDS_MAX];
	size_t i, run, runs, count;

	if (argc < 3)
		errx(2, "usage: turns RUNS COMMAND [ARG...] [--vs COMMAND...]");
	runs = strtoul(argv[1], NULL, 10);
	if (runs < 1 || runs > RUNS_MAX)
		errx(2, "RUNS is 1 to %d", RUNS_MAX);
	count = split(argv + 2, commands);
	for (run = 0; run < runs; run++)
		for (i = 0; i < count; i++)
			took[i][run] = time_us(commands[i]);
	for (i = 0; i < count; i++)
		print(took[i], runs);
	return 0;
}
