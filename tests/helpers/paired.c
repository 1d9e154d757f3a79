/*
 * paired.c: time two commands in turn and print the medians.
 *
 * Copyright (c) 2026 the contain authors
 * SPDX-License-Identifier: ISC
 */
#include "config.h"

#include <sys/types.h>
#include <sys/wait.h>

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define RUNS_MAX 10000

static double
now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1e6 + ts.tv_nsec / 1e3;
}

static double
time_us(char *argv[])
{
	double start;
	pid_t pid;
	int status;

	start = now_us();
	if ((pid = fork()) == -1)
		err(2, "fork");
	if (pid == 0) {
		execvp(argv[0], argv);
		_exit(127);
	}
	if (waitpid(pid, &status, 0) == -1)
		err(2, "waitpid");
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		errx(1, "%s failed: status %#x", argv[0], (unsigned)status);
	return now_us() - start;
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double
median(double *values, size_t count)
{
	qsort(values, count, sizeof values[0], compare);
	return (values[(count - 1) / 2] + values[count / 2]) / 2;
}

/* paired RUNS A [ARG...] --vs B [ARG...]: prints both medians, in us. */
int
main(int argc, char *argv[])
{
	static double a[RUNS_MAX], b[RUNS_MAX];
	size_t i, runs;
	int vs;

	for (vs = 3; vs < argc && strcmp(argv[vs], "--vs") != 0; vs++)
		continue;
	if (vs + 1 >= argc)
		errx(2, "usage: paired RUNS A [ARG...] --vs B [ARG...]");
	argv[vs] = NULL;
	runs = strtoul(argv[1], NULL, 10);
	if (runs < 1 || runs > RUNS_MAX)
		errx(2, "runs: 1 to %d", RUNS_MAX);
	for (i = 0; i < runs; i++) {
		a[i] = time_us(argv + 2);
		b[i] = time_us(argv + vs + 1);
	}
	printf("%.0f %.0f\n", median(a, runs), median(b, runs));
	return 0;
}
