/*
 * library.c: what contain_spawn and contain_wait cost, against clone(2) of a
 * PID namespace, execve(2) and waitpid(2) of the same program.
 *
 * Copyright (c) 2026 the contain authors
 * SPDX-License-Identifier: ISC
 *
 *	library RUNS MIB BACKEND copy|program PROGRAM
 *
 * The host has touched MIB mebibytes of memory; the warden is a copy of it or
 * a program.  Prints the medians of both in microseconds, in turn; and of what
 * the kernel alone takes for a PID namespace with a first process of its own
 * and a fresh /proc, both on the host's memory, so that nothing is copied or
 * executed but the program; 0 where that needs privilege.
 */
#include "config.h"

#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/types.h>
#include <sys/wait.h>

#include <contain.h>
#include <err.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "measure.h"

#define RUNS_MAX 10000

static void
touch(size_t mib)
{
	size_t size = mib << 20, at;
	char *memory;

	memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (memory == MAP_FAILED)
		err(2, "%zu MiB", mib);
	/* small pages, as a heap that grew has */
	madvise(memory, size, MADV_NOHUGEPAGE);
	for (at = 0; at < size; at += 4096)
		memory[at] = 1;
}

static int
execute(void *argv)
{
	execv(((char **)argv)[0], argv);
	_exit(127);
}

static uint64_t stacks[2][8192];

static pid_t
start(int (*function)(void *), int flags, uint64_t stack[8192], char *argv[])
{
	return clone(function, stack + 8192, flags | CLONE_VM | SIGCHLD, argv);
}

/* How it ended, 0 if well. */
static int
wait_for(pid_t pid)
{
	int status;

	if (pid == -1 || waitpid(pid, &status, 0) == -1)
		return -1;
	return status;
}

static double
time_clone(char *argv[])
{
	int flags = CLONE_NEWPID | CLONE_VFORK;
	double begin = measure_now_us();

	if (geteuid() != 0)
		flags |= CLONE_NEWUSER;
	if (wait_for(start(execute, flags, stacks[0], argv)) != 0)
		errx(1, "%s failed", argv[0]);
	return measure_now_us() - begin;
}

/* As floor.c. */
static int
be_first(void *argv)
{
	if (mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL) == -1 ||
	    mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC,
	    NULL) == -1)
		_exit(125);
	_exit(wait_for(start(execute, CLONE_VFORK, stacks[1], argv)) != 0);
}

static double
time_kernel(char *argv[])
{
	double begin = measure_now_us();

	if (geteuid() != 0)
		return 0;
	if (wait_for(start(be_first, CLONE_NEWPID | CLONE_NEWNS, stacks[0],
	    argv)) != 0)
		errx(1, "%s failed", argv[0]);
	return measure_now_us() - begin;
}

static double
time_contain(const struct contain_options *options, char *argv[])
{
	struct contain_group *group;
	struct contain_error error;
	struct contain_result result;
	double begin = measure_now_us();

	if (contain_spawn(options, argv, &group, &error) < 0 ||
	    contain_wait(group, -1, &result, &error) < 0)
		errx(1, "%s", error.message);
	contain_free(group);
	return measure_now_us() - begin;
}

int
main(int argc, char *argv[])
{
	static double ours[RUNS_MAX], other[RUNS_MAX], kernel[RUNS_MAX];
	struct contain_options *options = contain_options_new();
	size_t i, runs;

	if (argc != 6 || options == NULL)
		errx(2, "usage: library RUNS MIB BACKEND copy|program PROGRAM");
	runs = strtoul(argv[1], NULL, 10);
	if (runs < 1 || runs > RUNS_MAX)
		errx(2, "RUNS is 1 to %d", RUNS_MAX);
	contain_options_set_backend(options, strcmp(argv[3], "pty") == 0 ?
	    CONTAIN_BACKEND_PTY : CONTAIN_BACKEND_PIDNS, NULL);
	contain_options_set_warden(options, strcmp(argv[4], "program") == 0 ?
	    CONTAIN_WARDEN_PROGRAM : CONTAIN_WARDEN_COPY, NULL);
	touch(strtoul(argv[2], NULL, 10));
	for (i = 0; i < runs; i++) {
		ours[i] = time_contain(options, argv + 5);
		other[i] = time_clone(argv + 5);
		kernel[i] = time_kernel(argv + 5);
	}
	measure_sort(ours, runs);
	measure_sort(other, runs);
	measure_sort(kernel, runs);
	printf("%.0f %.0f %.0f\n", measure_median(ours, runs),
	    measure_median(other, runs), measure_median(kernel, runs));
	contain_options_free(options);
	return 0;
}
