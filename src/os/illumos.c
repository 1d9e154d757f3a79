/*
 * illumos.c: illumos
 *
 * Tables come from proc(5).  Orphans cannot be adopted, and no descriptor tells
 * the end of a process but the leash.
 */
#include "config.h"

#include <sys/types.h>
#include <sys/dirent.h>
#include <sys/fork.h>
#include <errno.h>
#include <fcntl.h>
#include <procfs.h>
#include <string.h>
#include <stropts.h>
#include <unistd.h>

#include "fd.h"
#include "os/os.h"
#include "os/posix.h"
#include "os/ppoll.h"
#include "os/table.h"
#include "text.h"

int
ctn_os_poll(struct pollfd *fds, size_t count, int64_t timeout_ms,
    const sigset_t *mask)
{
	return ctn_ppoll(fds, count, timeout_ms, mask);
}

/* ---- terminals ----------------------------------------------------- */

/* ptsname(3C) has a buffer for each thread here. */
int
ctn_os_pty_open(char *slave, size_t size, const char **step)
{
	return ctn_posix_pty_open(slave, size, step);
}

/* The slave is a stream that is no terminal yet, unless a strict X/Open program
 * has asked for one; a module twice makes nonsense. */
static int
make_terminal(int fd)
{
	static const char *const modules[] = { "ptem", "ldterm" };
	size_t i;

	for (i = 0; i < sizeof(modules) / sizeof(modules[0]); i++)
		if (ioctl(fd, I_FIND, modules[i]) == 0 &&
		    ioctl(fd, I_PUSH, modules[i]) == -1)
			return -1;
	return 0;
}

int
ctn_os_pty_take(const char *slave, const char **step)
{
	return ctn_posix_pty_take(slave, make_terminal, step);
}

/* ---- processes ----------------------------------------------------- */

pid_t
ctn_os_fork(int *watch, int *has_handlers)
{
	(void)watch;
	*has_handlers = 1;
	return forkx(FORK_NOSIGCHLD | FORK_WAITPID);
}

int
ctn_os_watch_open(pid_t pid)
{
	(void)pid;
	errno = ENOSYS;
	return -1;
}

int
ctn_os_is_elevated(void)
{
	return issetugid() != 0;
}

/* ---- the process table --------------------------------------------- */

pid_t
ctn_os_process_self(void)
{
	return getpid();
}

/* /proc/PID/psinfo, which every user may read. */
static int
read_record(pid_t pid, psinfo_t *record)
{
	char path[CTN_TEXT_NUMBER + 16] = "/proc/";
	ssize_t n;
	int fd;

	ctn_text_number(path + 6, (unsigned long)pid);
	ctn_text_append(path, sizeof(path), "/psinfo");
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd == -1) {
		if (errno == ENOENT)
			errno = ESRCH;
		return -1;
	}
	n = read(fd, record, sizeof(*record));
	ctn_fd_close(&fd);
	if (n == (ssize_t)sizeof(*record))
		return 0;
	errno = ESRCH;
	return -1;
}

/* A zombie has no lwp. */
int
ctn_os_process_get(pid_t pid, struct ctn_process *process)
{
	psinfo_t record;

	if (read_record(pid, &record) == -1)
		return -1;
	memset(process, 0, sizeof(*process));
	process->pid = record.pr_pid;
	process->parent = record.pr_ppid;
	process->pgrp = record.pr_pgid;
	process->session = record.pr_sid;
	process->is_zombie = record.pr_nlwp == 0;
	process->is_stopped = record.pr_lwp.pr_sname == 'T';
	process->start = (uint64_t)record.pr_start.tv_sec * 1000000 +
	    (uint64_t)record.pr_start.tv_nsec / 1000;
	ctn_posix_copy_name(process->name, record.pr_fname,
	    sizeof(record.pr_fname));
	return 0;
}

/* The largest pid is maxpid of the kernel's own; 30000 unless it was set, and
 * never more than this. */
#define PROCESS_LIMIT 999999

int
ctn_os_table_reserve(struct ctn_table *table)
{
	return ctn_table_reserve(table, PROCESS_LIMIT, 0);
}

/* The number that a directory's entry is called; 0 for "." and "..". */
static pid_t
number_of(const char *name)
{
	pid_t number = 0;

	for (; *name >= '0' && *name <= '9'; name++)
		number = number * 10 + (*name - '0');
	return number;
}

/* Every process that size bytes of directory entries name. */
static void
add_entries(struct ctn_table *table, const char *buffer, int size)
{
	const struct dirent *entry;
	int at;

	for (at = 0; at < size; at += entry->d_reclen) {
		entry = (const struct dirent *)(const void *)(buffer + at);
		if (number_of(entry->d_name) == 0 ||
		    table->count == table->size)
			continue;
		if (ctn_os_process_get(number_of(entry->d_name),
		    &table->list[table->count]) == 0)
			table->count++;
		else
			table->is_torn = 1;
	}
}

/* Not readdir(3C), which allocates. */
int
ctn_os_table_read(struct ctn_table *table)
{
	_Alignas(struct dirent) char buffer[4096];
	int fd = open("/proc", O_RDONLY | O_CLOEXEC), size;

	if (fd == -1)
		return -1;
	table->count = 0;
	table->is_torn = 0;
	do {
		size = getdents(fd, (struct dirent *)(void *)buffer,
		    sizeof(buffer));
		add_entries(table, buffer, size);
	} while (size > 0);
	ctn_fd_close(&fd);
	ctn_table_sort(table);
	return size;
}

ssize_t
ctn_os_process_variable(pid_t pid, const char *name, char *value, size_t size)
{
	(void)pid;
	(void)name;
	(void)value;
	(void)size;
	errno = ENOSYS;
	return -1;
}
