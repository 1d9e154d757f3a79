/*
 * census.c: finding processes in /proc.
 *
 * A process belongs to a cell if its command line holds the cell's tag.  What
 * has ended has no command line, so zombies count as dead.
 */
#include "config.h"

#include <sys/wait.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conformance.h"

/* The whole of /proc/PID/NAME with a NUL behind; -1: no such process. */
static ssize_t
slurp(pid_t pid, const char *name, char *text, size_t size)
{
	char path[64];
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
	if ((fd = open(path, O_RDONLY | O_CLOEXEC)) == -1)
		return -1;
	n = read(fd, text, size - 1);
	close(fd);
	if (n >= 0)
		text[n] = '\0';
	return n;
}

/* 0 at the end. */
static pid_t
next_pid(DIR *proc)
{
	struct dirent *entry;
	int pid;

	while ((entry = readdir(proc)) != NULL)
		if ((pid = atoi(entry->d_name)) > 0)
			return pid;
	return 0;
}

/* 1, 0, or -1: it has ended, maybe while we looked. */
static int
has_tag(pid_t pid, const char *tag)
{
	char line[4096];
	ssize_t n = slurp(pid, "cmdline", line, sizeof(line));

	if (n <= 0)
		return -1;
	return memmem(line, (size_t)n, tag, strlen(tag)) != NULL;
}

/* Returns how many were listed. */
static size_t
list(pid_t *pids, size_t max)
{
	DIR *proc = opendir("/proc");
	size_t n = 0;

	if (proc == NULL)
		return 0;
	while (n < max && (pids[n] = next_pid(proc)) != 0)
		n++;
	closedir(proc);
	return n;
}

/* Returns how many were listed but have ended.  The latest first: they are the
 * ones that change. */
static unsigned
walk(const char *tag, struct census *census)
{
	enum { PIDS_MAX = 4096 };
	pid_t pids[PIDS_MAX];
	size_t n = list(pids, PIDS_MAX);
	unsigned ended = 0;
	int has;

	census->count = 0;
	while (n-- > 0) {
		has = has_tag(pids[n], tag);
		ended += has < 0;
		if (has > 0 && census->count++ < CENSUS_MAX)
			census->pid[census->count - 1] = pids[n];
	}
	return ended;
}

/*
 * A process that changes its pid can slip through a walk: listed under the
 * old one, read when it has the next.  Then the old one has ended, so a walk
 * that came across one of those and found nobody proves nothing.
 */
static size_t
take(const char *tag, struct census *census)
{
	enum { WALKS_MAX = 10 };
	unsigned i;

	for (i = 0; i < WALKS_MAX; i++)
		if (walk(tag, census) == 0 || census->count > 0)
			break;
	return census->count;
}

size_t
census_count(const char *tag)
{
	struct census census;

	return take(tag, &census);
}

/* All have to go, so it does not matter whose end is waited for. */
static void
await_one(const struct census *census, int64_t deadline)
{
	int fd = pidfd_of(census->pid[0]);

	if (fd == -1)
		return;
	deadline_await(fd, deadline);
	close(fd);
}

/* What died as our child or grandchild would slow each walk down. */
void
census_reap(void)
{
	while (waitpid(-1, NULL, WNOHANG) > 0)
		continue;
}

size_t
census_await_none(const char *tag, int64_t deadline)
{
	struct census census;

	while (take(tag, &census) > 0 && deadline_left_ms(deadline) > 0) {
		await_one(&census, deadline);
		census_reap();
	}
	return census.count;
}

static void
kill_tagged(pid_t pid, const char *tag)
{
	int fd = pidfd_of(pid);

	if (fd == -1)
		return;
	/* the descriptor holds the pid: now it can be told whose it is */
	if (has_tag(pid, tag) > 0)
		pidfd_kill(fd);
	close(fd);
}

size_t
census_end(const char *tag, int64_t deadline)
{
	struct census census;
	size_t i;

	while (take(tag, &census) > 0 && deadline_left_ms(deadline) > 0)
		for (i = 0; i < census.count && i < CENSUS_MAX; i++)
			kill_tagged(census.pid[i], tag);
	return census.count;
}

static int
is_command(pid_t pid, const char *tag)
{
	char line[4096], *second;
	ssize_t n = slurp(pid, "cmdline", line, sizeof(line));
	const char *slash = n > 0 ? strrchr(line, '/') : NULL;

	if (slash == NULL || strcmp(slash, "/survivor") != 0)
		return 0;
	second = line + strlen(line) + 1;
	return second < line + n && strcmp(second, "command") == 0 &&
	    memmem(line, (size_t)n, tag, strlen(tag)) != NULL;
}

pid_t
census_command(const char *tag)
{
	struct census census;
	size_t i;

	take(tag, &census);
	for (i = 0; i < census.count && i < CENSUS_MAX; i++)
		if (is_command(census.pid[i], tag))
			return census.pid[i];
	return 0;
}

/* What follows the name, which may hold anything, in /proc/PID/stat. */
struct stat_fields {
	char state;
	pid_t parent;
	unsigned long long start;
};

static int
read_stat(pid_t pid, struct stat_fields *f)
{
	char text[1024], *p;
	int parent;

	if (slurp(pid, "stat", text, sizeof(text)) <= 0)
		return -1;
	if ((p = strrchr(text, ')')) == NULL)
		return -1;
	if (sscanf(p + 1, " %c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u"
	    " %*d %*d %*d %*d %*d %*d %llu", &f->state, &parent,
	    &f->start) != 3)
		return -1;
	f->parent = parent;
	return 0;
}

/* Of two that started in the same tick it is the lower, which is listed
 * first; but the lowest alone will not do, since pids start again. */
pid_t
census_first_child(pid_t parent)
{
	DIR *proc = opendir("/proc");
	struct stat_fields f, first = { .start = 0 };
	pid_t pid, child = 0;

	if (proc == NULL)
		return 0;
	while ((pid = next_pid(proc)) != 0) {
		if (read_stat(pid, &f) == -1 || f.parent != parent)
			continue;
		if (child == 0 || f.start < first.start) {
			first = f;
			child = pid;
		}
	}
	closedir(proc);
	return child;
}

/* Only its parent is told of a stop, so this has to look. */
int
census_await_stopped(pid_t pid, int64_t deadline)
{
	struct stat_fields f;

	while (deadline_left_ms(deadline) > 0) {
		if (read_stat(pid, &f) == -1)
			return 0;
		if (f.state == 'T')
			return 1;
		poll(NULL, 0, 1);
	}
	return 0;
}

static const char *
role_of(char *line, ssize_t n)
{
	char *slash = strrchr(line, '/');
	char *end = line + strlen(line) + 1;

	if (slash != NULL && strcmp(slash, "/survivor") == 0 && end < line + n)
		return end;
	return slash != NULL ? slash + 1 : line;
}

void
census_describe(const char *tag, char *text, size_t size)
{
	struct census census;
	char line[4096];
	size_t i, used = 0;
	ssize_t n;

	text[0] = '\0';
	take(tag, &census);
	for (i = 0; i < census.count && i < CENSUS_MAX && used < size; i++) {
		n = slurp(census.pid[i], "cmdline", line, sizeof(line));
		if (n > 0)
			used += (size_t)snprintf(text + used, size - used,
			    " %s(%d)", role_of(line, n), (int)census.pid[i]);
	}
}
