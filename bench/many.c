/*
 * many.c: what groups cost of which 10 or 1,000 run at once.
 *
 * Copyright (c) 2026 the contain authors
 * SPDX-License-Identifier: ISC
 *
 *	many BACKEND command CONTAIN HOLD
 *	many BACKEND copy|program - HOLD
 *
 * Started by as many processes of the command CONTAIN, or by the library from
 * one thread of this process, with wardens that are copies of it or a program.
 * HOLD is hold.c.  Prints a line for 10 and one for 1,000: how many, the time
 * to start and to wait for one in microseconds, the best of some rounds of as
 * many groups of either kind; and what hosts and wardens hold of memory for
 * one, in KiB (PSS; this process, where it is the host, with what it grew by).
 */
#include "config.h"

#include <contain.h>
#include <err.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "measure.h"

#define FEW 10
#define MOST 1000
#define ROUNDS 5

/* How they are started, and the pipes that all commands have as their standard
 * input and output. */
struct bench {
	struct contain_options *options;
	const char *command;		/* NULL: by the library */
	char *argv[6];
	int gate[2];
	int ready[2];
};

struct cost {
	double start_us;
	double wait_us;
	double memory_kib;
};

static struct contain_group *groups[MOST];
static struct pollfd fds[MOST];
static pid_t pids[MOST];		/* of the hosts; or of the wardens */

/* ---- memory ------------------------------------------------------------ */

static double
pss_kib(pid_t pid)
{
	char path[64], line[128];
	double kib = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%ld/smaps_rollup", (long)pid);
	file = fopen(path, "r");
	while (file != NULL && fgets(line, sizeof(line), file) != NULL)
		if (sscanf(line, "Pss: %lf", &kib) == 1)
			break;
	if (file != NULL)
		fclose(file);
	return kib;
}

static pid_t
first_child(pid_t pid)
{
	char path[64];
	long child = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%ld/task/%ld/children", (long)pid,
	    (long)pid);
	file = fopen(path, "r");
	if (file == NULL || fscanf(file, "%ld", &child) != 1)
		errx(1, "%s: no child", path);
	fclose(file);
	return (pid_t)child;
}

static double
memory_kib(const struct bench *bench, int count)
{
	double kib = bench->command == NULL ? pss_kib(getpid()) : 0;
	int i;

	for (i = 0; i < count; i++) {
		kib += pss_kib(pids[i]);
		if (bench->command != NULL)
			kib += pss_kib(first_child(pids[i]));
	}
	return kib;
}

/* ---- one of them ------------------------------------------------------- */

static void
start_command(struct bench *bench, int i)
{
	pids[i] = fork();
	if (pids[i] == -1)
		err(1, "fork");
	if (pids[i] != 0)
		return;
	dup2(bench->gate[0], STDIN_FILENO);
	dup2(bench->ready[1], STDOUT_FILENO);
	execv(bench->command, bench->argv);
	_exit(127);
}

static void
start_by_library(struct bench *bench, int i)
{
	struct contain_error error;

	if (contain_spawn(bench->options, bench->argv, &groups[i], &error) < 0)
		errx(1, "%s", error.message);
	fds[i].fd = contain_fd(groups[i]);
	fds[i].events = POLLIN;
	pids[i] = contain_effect(groups[i])->warden;
}

static void
wait_for_commands(int count)
{
	int i, status;

	for (i = 0; i < count; i++)
		if (waitpid(pids[i], &status, 0) == -1 || status != 0)
			errx(1, "a command failed");
}

static void
wait_by_library(int count)
{
	int i, left = count;

	while (left > 0 && poll(fds, (nfds_t)count, -1) >= 0)
		for (i = 0; i < count; i++)
			if (fds[i].fd != -1 && fds[i].revents != 0 &&
			    contain_wait(groups[i], 0, NULL, NULL) ==
			    CONTAIN_OK) {
				contain_free(groups[i]);
				fds[i].fd = -1;
				left--;
			}
}

/* ---- all --------------------------------------------------------------- */

static void
open_pipes(struct bench *bench)
{
	if (pipe(bench->gate) == -1 || pipe(bench->ready) == -1 ||
	    fcntl(bench->gate[1], F_SETFD, FD_CLOEXEC) == -1)
		err(1, "pipe");
	contain_options_set_fd(bench->options, 0, bench->gate[0], NULL);
	contain_options_set_fd(bench->options, 1, bench->ready[1], NULL);
}

static void
await_all(const struct bench *bench, int count)
{
	char byte;

	for (; count > 0; count--)
		if (read(bench->ready[0], &byte, 1) != 1)
			errx(1, "a command did not start");
}

static void
open_gate(struct bench *bench)
{
	close(bench->gate[0]);
	close(bench->gate[1]);
	close(bench->ready[0]);
	close(bench->ready[1]);
}

/* count at once; adds what they cost. */
static void
run(struct bench *bench, int count, struct cost *cost)
{
	double before = bench->command == NULL ? pss_kib(getpid()) : 0, begin;
	int i;

	open_pipes(bench);
	begin = measure_now_us();
	for (i = 0; i < count; i++)
		(bench->command != NULL ? start_command :
		    start_by_library)(bench, i);
	await_all(bench, count);
	cost->start_us += measure_now_us() - begin;
	cost->memory_kib += memory_kib(bench, count) - before;
	open_gate(bench);
	begin = measure_now_us();
	(bench->command != NULL ? wait_for_commands : wait_by_library)(count);
	cost->wait_us += measure_now_us() - begin;
}

/* MOST in all, count at once, for one. */
static void
measure(struct bench *bench, int count, struct cost *best)
{
	struct cost cost = { 0, 0, 0 };
	int done;

	for (done = 0; done < MOST; done += count)
		run(bench, count, &cost);
	cost.start_us /= MOST;
	cost.wait_us /= MOST;
	cost.memory_kib /= MOST;
	if (best->start_us == 0 || cost.start_us + cost.wait_us <
	    best->start_us + best->wait_us)
		*best = cost;
}

static void
prepare(struct bench *bench, char *argv[])
{
	static char backend[32], end[] = "--";
	struct rlimit limit;

	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
	bench->options = contain_options_new();
	contain_options_set_backend(bench->options,
	    strcmp(argv[1], "pty") == 0 ? CONTAIN_BACKEND_PTY :
	    CONTAIN_BACKEND_PIDNS, NULL);
	contain_options_set_descriptors(bench->options,
	    CONTAIN_DESCRIPTORS_LISTED, NULL);
	contain_options_set_warden(bench->options,
	    strcmp(argv[2], "program") == 0 ? CONTAIN_WARDEN_PROGRAM :
	    CONTAIN_WARDEN_COPY, NULL);
	bench->argv[0] = argv[4];
	if (strcmp(argv[2], "command") != 0)
		return;
	snprintf(backend, sizeof(backend), "--backend=%s", argv[1]);
	bench->command = bench->argv[0] = argv[3];
	bench->argv[1] = backend;
	bench->argv[2] = end;
	bench->argv[3] = argv[4];
}

int
main(int argc, char *argv[])
{
	static const int counts[] = { FEW, MOST };
	struct bench bench = { .options = NULL };
	struct cost best[2] = { { 0, 0, 0 }, { 0, 0, 0 } };
	int i, round;

	if (argc != 5)
		errx(2, "usage: many BACKEND command|copy|program CONTAIN HOLD");
	prepare(&bench, argv);
	for (round = 0; round < ROUNDS; round++)
		for (i = 0; i < 2; i++)
			measure(&bench, counts[i], &best[i]);
	for (i = 0; i < 2; i++)
		printf("%d %.0f %.0f %.0f\n", counts[i], best[i].start_us,
		    best[i].wait_us, best[i].memory_kib);
	contain_options_free(bench.options);
	return 0;
}
