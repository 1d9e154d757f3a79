/*
 * soak.c: one host, very many groups, and what it has at ten points.
 *
 *	soak BACKEND RUNS AT-ONCE COMMAND
 *
 * Each tenth is RUNS / 10 groups one after the other and AT-ONCE groups at once,
 * every fourth of which leaves a process to be ended.  To be run as the first or
 * second process of a PID namespace, with terminals of its own.
 */
#include "config.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "contain.h"

enum { POINTS = 10, AT_ONCE_MOST = 1000, SLACK_KB = 512 };

struct point {
	long descriptors, processes, terminals, mounts, memory_kb;
};

static struct contain_group *groups[AT_ONCE_MOST];
static char *command[2];

static long
count_entries(const char *path, int only_numbers)
{
	const struct dirent *entry;
	DIR *dir = opendir(path);
	long count = 0;

	while (dir != NULL && (entry = readdir(dir)) != NULL)
		count += !only_numbers || (entry->d_name[0] >= '0' &&
		    entry->d_name[0] <= '9');
	if (dir != NULL)
		closedir(dir);
	return count;
}

static long
count_mounts(void)
{
	FILE *file = fopen("/proc/self/mountinfo", "r");
	long count = 0;
	int c;

	while (file != NULL && (c = getc(file)) != EOF)
		count += c == '\n';
	if (file != NULL)
		fclose(file);
	return count;
}

static long
resident_kb(void)
{
	FILE *file = fopen("/proc/self/statm", "r");
	long total = 0, resident = 0;

	if (file == NULL || fscanf(file, "%ld %ld", &total, &resident) != 2)
		resident = 0;
	if (file != NULL)
		fclose(file);
	return resident * (sysconf(_SC_PAGESIZE) / 1024);
}

static void
look(struct point *point)
{
	point->descriptors = count_entries("/proc/self/fd", 1);
	point->processes = count_entries("/proc", 1);
	point->terminals = count_entries("/dev/pts", 1);
	point->mounts = count_mounts();
	point->memory_kb = resident_kb();
}

static struct contain_group *
start(const struct contain_options *options, char *const argv[])
{
	struct contain_group *group = NULL;
	struct contain_error err;

	if (contain_spawn(options, argv, &group, &err) == CONTAIN_OK)
		return group;
	fprintf(stderr, "soak: %s\n", err.message);
	exit(1);
}

static void
finish(struct contain_group *group)
{
	struct contain_result result;
	struct contain_error err;

	if (contain_wait(group, -1, &result, &err) != CONTAIN_OK ||
	    result.status != 0) {
		fprintf(stderr, "soak: a command failed\n");
		exit(1);
	}
	contain_free(group);
}

static struct contain_options *
options_for(const char *backend)
{
	struct contain_options *options = contain_options_new();

	if (options == NULL)
		exit(1);
	contain_options_set_backend(options, strcmp(backend, "pty") == 0 ?
	    CONTAIN_BACKEND_PTY : CONTAIN_BACKEND_PIDNS, NULL);
	contain_options_set_grace_ms(options, 5, NULL);
	return options;
}

/* All wait for the end of their standard input. */
static void
run_at_once(const char *backend, long count)
{
	struct contain_options *options = options_for(backend);
	char *cat[] = { (char *)"cat", NULL };
	char *leave[] = { (char *)"sh", (char *)"-c",
	    (char *)"sleep 600 & exec cat", NULL };
	int gate[2];
	long i;

	if (pipe2(gate, O_CLOEXEC) == -1)
		exit(1);
	contain_options_set_fd(options, 0, gate[0], NULL);
	for (i = 0; i < count; i++)
		groups[i] = start(options, i % 4 == 0 ? leave : cat);
	close(gate[0]);
	close(gate[1]);
	for (i = 0; i < count; i++)
		finish(groups[i]);
	contain_options_free(options);
}

static void
print(long runs, const struct point *point)
{
	printf("# %7ld %12ld %10ld %10ld %7ld %8ld kB\n", runs,
	    point->descriptors, point->processes, point->terminals,
	    point->mounts, point->memory_kb);
	fflush(stdout);
}

static int
is_flat(const struct point *first, const struct point *last)
{
	return last->descriptors == first->descriptors &&
	    last->processes == first->processes &&
	    last->terminals == first->terminals &&
	    last->mounts == first->mounts &&
	    last->memory_kb <= first->memory_kb + SLACK_KB;
}

static void
allow_descriptors(void)
{
	struct rlimit limit;

	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

int
main(int argc, char *argv[])
{
	struct contain_options *options;
	long runs, at_once, i;
	struct point points[POINTS];
	int n;

	if (argc != 5)
		return 2;
	allow_descriptors();
	runs = atol(argv[2]) / POINTS;
	at_once = atol(argv[3]);
	command[0] = argv[4];
	if (at_once > AT_ONCE_MOST)
		return 2;
	options = options_for(argv[1]);
	printf("# %7s %12s %10s %10s %7s %8s\n", argv[1], "descriptors",
	    "processes", "terminals", "mounts", "memory");
	for (n = 0; n < POINTS; n++) {
		for (i = 0; i < runs; i++)
			finish(start(options, command));
		run_at_once(argv[1], at_once);
		look(&points[n]);
		print((n + 1) * (runs + at_once), &points[n]);
	}
	contain_options_free(options);
	return !is_flat(&points[0], &points[POINTS - 1]);
}
