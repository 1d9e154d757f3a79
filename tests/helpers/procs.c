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

/* Its arguments as exec got them: strings, each with its NUL. */
struct process {
	long pid;
	long parent;
	char state;
	char args[65536];
	size_t length;
};

typedef int match_fn(const struct process *process, const char *what);

/*
 * A zombie has no arguments any more, so it never matches; the watchdog
 * "ended" has its command's, but is no part of what is tested.
 */
static int
has_tag(const struct process *process, const char *tag)
{
	const char *arg = strrchr(process->args, '/');
	const char *end = process->args + process->length;

	if (arg != NULL && strcmp(arg, "/ended") == 0)
		return 0;
	for (arg = process->args; arg < end; arg += strlen(arg) + 1)
		if (strcmp(arg, tag) == 0)
			return 1;
	return 0;
}

static int
lives(const struct process *process)
{
	return process->state != 'Z' && process->state != 'X';
}

static int
has_parent(const struct process *process, const char *parent)
{
	return lives(process) && process->parent == atol(parent);
}

static int
is_alive(const struct process *process, const char *pid)
{
	return lives(process) && process->pid == atol(pid);
}

/* ---- Linux: /proc -------------------------------------------------- */

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

static int
read_process(long pid, struct process *process)
{
	char stat[1024], *end;
	ssize_t n;

	if (read_proc(pid, "stat", stat, sizeof stat) <= 0 ||
	    (end = strrchr(stat, ')')) == NULL ||
	    sscanf(end + 1, " %c %ld", &process->state, &process->parent) != 2)
		return -1;
	n = read_proc(pid, "cmdline", process->args, sizeof process->args);
	if (n < 0)
		return -1;
	process->pid = pid;
	process->length = (size_t)n;
	return 0;
}

static int
next_in_proc(DIR *dir, struct process *process)
{
	struct dirent *entry;

	while ((entry = readdir(dir)) != NULL)
		if (isdigit((unsigned char)entry->d_name[0]) &&
		    read_process(atol(entry->d_name), process) == 0)
			return 1;
	return 0;
}

/* ---- elsewhere: ps(1) ---------------------------------------------- */

static FILE *
open_ps(void)
{
	/* illumos calls the state otherwise */
	const char *command = "ps -A -o pid= -o ppid= -o stat= -o args= "
	    "2>/dev/null || ps -A -o pid= -o ppid= -o s= -o args=";
	FILE *ps = popen(command, "r");

	if (ps == NULL)
		err(2, "ps");
	return ps;
}

/* The arguments of a line, as if none had a space inside. */
static void
split(struct process *process, const char *args)
{
	size_t i;

	process->length = strcspn(args, "\n");
	memcpy(process->args, args, process->length);
	process->args[process->length++] = '\0';
	for (i = 0; i < process->length; i++)
		if (process->args[i] == ' ')
			process->args[i] = '\0';
}

static int
next_in_ps(FILE *ps, struct process *process)
{
	static char line[65536];
	char state[16];
	int used = 0;

	while (fgets(line, sizeof line, ps) != NULL) {
		if (sscanf(line, "%ld %ld %15s %n", &process->pid,
		    &process->parent, state, &used) != 3)
			continue;
		process->state = state[0];
		split(process, line + used);
		return 1;
	}
	return 0;
}

/* ---- all of them --------------------------------------------------- */

/* How many match; each is printed, or signalled, or neither. */
static unsigned long
count(match_fn *match, const char *what, int print, int signum)
{
	static struct process process;
	DIR *dir = NULL;
	FILE *ps = NULL;
	unsigned long found = 0;

	if (access("/proc/self/stat", R_OK) == 0)
		dir = opendir("/proc");
	if (dir == NULL)
		ps = open_ps();
	while (dir != NULL ? next_in_proc(dir, &process) :
	    next_in_ps(ps, &process)) {
		if (process.pid == (long)getpid() || !match(&process, what))
			continue;
		found++;
		if (print)
			printf("%ld\n", process.pid);
		if (signum != 0)
			kill((pid_t)process.pid, signum);
	}
	if (dir != NULL)
		closedir(dir);
	else
		pclose(ps);
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
