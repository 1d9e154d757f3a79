/*
 * procs.c: find, await and end processes by a tag among their arguments.
 *
 * Copyright (c) 2026 the contain authors
 * SPDX-License-Identifier: ISC
 */
#include "config.h"

#include <sys/types.h>

#include <ctype.h>
#include <dirent.h>
#include <err.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define POLL_MS 5

typedef int match_fn(long pid, const char *what);

static ssize_t
read_proc(long pid, const char *file, char *buf, size_t size)
{
	char path[64];
	ssize_t n;
	int fd;

	snprintf(path, sizeof path, "/proc/%ld/%s", pid, file);
	if ((fd = open(path, O_RDONLY)) == -1)
		return -1;
	n = read(fd, buf, size - 1);
	close(fd);
	if (n >= 0)
		buf[n] = '\0';
	return n;
}

/*
 * A zombie has no arguments any more, so it never matches; the watchdog
 * "ended" has its command's, but is no part of what is tested.
 */
static int
has_tag(long pid, const char *tag)
{
	static char args[65536];
	const char *arg;
	ssize_t n;

	if (pid == (long)getpid())
		return 0;
	n = read_proc(pid, "cmdline", args, sizeof args);
	if (n > 0 && (arg = strrchr(args, '/')) != NULL &&
	    strcmp(arg, "/ended") == 0)
		return 0;
	for (arg = args; n > 0 && arg < args + n; arg += strlen(arg) + 1)
		if (strcmp(arg, tag) == 0)
			return 1;
	return 0;
}

static int
has_parent(long pid, const char *parent)
{
	char stat[1024], state, *end;
	long ppid;

	if (read_proc(pid, "stat", stat, sizeof stat) <= 0 ||
	    (end = strrchr(stat, ')')) == NULL ||
	    sscanf(end + 1, " %c %ld", &state, &ppid) != 2)
		return 0;
	return state != 'Z' && state != 'X' && ppid == atol(parent);
}

static int
is_alive(long pid, const char *what)
{
	char stat[1024], *end;

	return pid == atol(what) &&
	    read_proc(pid, "stat", stat, sizeof stat) > 0 &&
	    (end = strrchr(stat, ')')) != NULL && end[2] != 'Z' &&
	    end[2] != 'X';
}

/* How many match; each is printed, or signalled, or neither. */
static unsigned long
count(match_fn *match, const char *what, int print, int signum)
{
	DIR *dir;
	struct dirent *entry;
	unsigned long found = 0;
	long pid;

	if ((dir = opendir("/proc")) == NULL)
		err(2, "/proc");
	while ((entry = readdir(dir)) != NULL) {
		if (!isdigit((unsigned char)entry->d_name[0]))
			continue;
		pid = atol(entry->d_name);
		if (!match(pid, what))
			continue;
		found++;
		if (print)
			printf("%ld\n", pid);
		if (signum != 0)
			kill((pid_t)pid, signum);
	}
	closedir(dir);
	return found;
}

static double
now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

/* Wait until the number of matches is at least, or at most, what is wanted. */
static int
await(match_fn *match, const char *what, double seconds, unsigned long wanted,
    int at_least)
{
	const struct timespec pause = { 0, POLL_MS * 1000000L };
	double end = now() + seconds;
	unsigned long found;

	for (;;) {
		found = count(match, what, 0, 0);
		if (at_least ? found >= wanted : found <= wanted)
			return 0;
		if (now() > end)
			break;
		nanosleep(&pause, NULL);
	}
	printf("%lu alive:\n", found);
	count(match, what, 1, 0);
	return 1;
}

static _Noreturn void
usage(void)
{
	fprintf(stderr,
	    "usage: procs list TAG             print the pids\n"
	    "       procs children PID         print its children's pids\n"
	    "       procs kill TAG             SIGKILL each\n"
	    "       procs none SECONDS TAG     wait until there is none\n"
	    "       procs some SECONDS N TAG   wait until there are N\n"
	    "       procs gone SECONDS PID     wait until it has ended\n");
	exit(2);
}

int
main(int argc, char *argv[])
{
	const char *verb = argc > 1 ? argv[1] : "";

	if (strcmp(verb, "list") == 0 && argc == 3)
		return count(has_tag, argv[2], 1, 0) == 0;
	if (strcmp(verb, "children") == 0 && argc == 3)
		return count(has_parent, argv[2], 1, 0) == 0;
	if (strcmp(verb, "kill") == 0 && argc == 3)
		return count(has_tag, argv[2], 0, SIGKILL) == 0;
	if (strcmp(verb, "none") == 0 && argc == 4)
		return await(has_tag, argv[3], atof(argv[2]), 0, 0);
	if (strcmp(verb, "some") == 0 && argc == 5)
		return await(has_tag, argv[4], atof(argv[2]),
		    strtoul(argv[3], NULL, 10), 1);
	if (strcmp(verb, "gone") == 0 && argc == 4)
		return await(is_alive, argv[3], atof(argv[2]), 0, 0);
	usage();
}
