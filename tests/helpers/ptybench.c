/*
 * ptybench.c: how fast bytes come out of a terminal, and keys come back.
 *
 * Copyright (c) 2026 the contain authors
 * SPDX-License-Identifier: ISC
 */
#include "config.h"

#include <sys/types.h>
#include <sys/ioctl.h>
#include <sys/wait.h>

#include <err.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

static int master;
static char data[65536];

static double
now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static pid_t
start(char *argv[])
{
	int slave;
	pid_t pid;

	if ((master = posix_openpt(O_RDWR | O_NOCTTY)) == -1 ||
	    grantpt(master) == -1 || unlockpt(master) == -1)
		err(2, "posix_openpt");
	if ((pid = fork()) == -1)
		err(2, "fork");
	if (pid != 0)
		return pid;
	setsid();
	if ((slave = open(ptsname(master), O_RDWR)) == -1)
		err(2, "%s", ptsname(master));
	close(master);		/* or it would not be hung up */
	(void)ioctl(slave, TIOCSCTTY, 0);
	dup2(slave, 0);
	dup2(slave, 1);
	dup2(slave, 2);
	execvp(argv[0], argv);
	err(127, "%s", argv[0]);
}

/* A terminal on a terminal, with the least that can be between the two. */
static void
copy(char *argv[])
{
	struct termios modes;
	ssize_t n;

	tcgetattr(0, &modes);
	cfmakeraw(&modes);
	tcsetattr(0, TCSANOW, &modes);
	start(argv);
	for (;;) {
		struct pollfd fds[] = { { 0, POLLIN, 0 },
			{ master, POLLIN, 0 } };

		if (poll(fds, 2, -1) == -1)
			_exit(1);
		if (fds[0].revents != 0) {
			if ((n = read(0, data, sizeof data)) <= 0)
				_exit(0);
			(void)!write(master, data, (size_t)n);
		}
		if (fds[1].revents != 0) {
			if ((n = read(master, data, sizeof data)) <= 0)
				_exit(0);
			(void)!write(1, data, (size_t)n);
		}
	}
}

/* Until a whole second brings nothing; MB/s. */
static void
measure_output(char *argv[])
{
	double first = 0, last = 0;
	long long total = 0;
	pid_t pid = start(argv);
	ssize_t n;

	while ((n = read(master, data, sizeof data)) > 0) {
		last = now();
		if (first == 0)
			first = last;
		total += n;
	}
	waitpid(pid, NULL, 0);
	printf("%.1f\n", (double)total / 1e6 / (last - first));
}

static void
read_until(char c)
{
	ssize_t n;

	do
		if ((n = read(master, data, sizeof data)) <= 0)
			errx(1, "it ended");
	while (memchr(data, c, (size_t)n) == NULL);
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* The median time from a key to its echo, in microseconds. */
static void
measure_keys(char *argv[])
{
	static double times[2001];
	size_t i, count = sizeof times / sizeof times[0];
	pid_t pid = start(argv);

	read_until('!');
	for (i = 0; i < count; i++) {
		times[i] = now();
		if (write(master, "x", 1) != 1)
			err(1, "write");
		read_until('x');
		times[i] = now() - times[i];
		if (i % 100 == 99 && write(master, "\025", 1) == 1)
			(void)poll(NULL, 0, 2);
	}
	qsort(times, count, sizeof times[0], compare);
	printf("%.1f\n", times[count / 2] * 1e6);
	kill(pid, SIGKILL);
}

int
main(int argc, char *argv[])
{
	if (argc > 2 && strcmp(argv[1], "output") == 0)
		measure_output(argv + 2);
	else if (argc > 2 && strcmp(argv[1], "keys") == 0)
		measure_keys(argv + 2);
	else if (argc > 2 && strcmp(argv[1], "copy") == 0)
		copy(argv + 2);
	else
		errx(2, "usage: ptybench output | keys | copy COMMAND...");
	return 0;
}
