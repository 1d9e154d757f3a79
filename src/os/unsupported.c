/*
 * unsupported.c: a system that nobody has ported contain to yet.
 *
 * POSIX and no more: it compiles everywhere, and what POSIX does not have
 * answers ENOSYS.  A port starts as a copy of this file, with a case in
 * m4/ctn_system.m4 and a conditional in Makefile.am.  What to look for, most
 * important first:
 *
 *	ctn_os_table_*, ctn_os_process_get: a list of all processes with their
 *	    parents and start times, instead of one guessed
 *	ctn_os_adopt_orphans: else what daemonizes is lost, but for
 *	ctn_os_process_variable, which finds it by its environment
 *	ctn_os_poll: ppoll(2) or its like; without it, the warden wakes up
 *	    twice a second
 *	ctn_os_watch_open: the host's death is also told by the leash, unless a
 *	    fork of the host has inherited that
 *	ctn_os_gather: else a program's own event loop is not told of what the
 *	    group writes to its terminal
 *
 * table.c, kqueue.c, ppoll.c, epoll.c and posix2024.c may do some of it already.
 */
#include "config.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "os/os.h"
#include "os/posix.h"
#include "os/table.h"

static int
lack(void)
{
	errno = ENOSYS;
	return -1;
}

/* ---- descriptors --------------------------------------------------- */

int
ctn_os_socketpair(int fds[2])
{
	return socketpair(AF_UNIX, SOCK_STREAM, 0, fds) == -1 ? -1 :
	    ctn_posix_close_on_exec(fds);
}

int
ctn_os_pipe(int fds[2])
{
	return pipe(fds) == -1 ? -1 : ctn_posix_close_on_exec(fds);
}

void
ctn_os_close_range(int low, int high)
{
	long most = sysconf(_SC_OPEN_MAX);
	int fd, saved = errno;

	if (most < 0 || most > 65536)
		most = 65536;
	for (fd = low; fd <= high && fd < most; fd++)
		close(fd);
	errno = saved;
}

int
ctn_os_poll(struct pollfd *fds, size_t count, int64_t timeout_ms,
    const sigset_t *mask)
{
	return mask == NULL ? ctn_posix_poll(fds, count, timeout_ms) :
	    ctn_posix_poll_masked(fds, count, timeout_ms, mask);
}

int
ctn_os_gather(const int *fds, size_t count)
{
	(void)fds;
	(void)count;
	return lack();
}

/* ---- terminals ----------------------------------------------------- */

/* One thread at a time: the buffer of ptsname is shared. */
int
ctn_os_pty_open(char *slave, size_t size, const char **step)
{
	return ctn_posix_pty_open(slave, size, step);
}

int
ctn_os_pty_take(const char *slave, const char **step)
{
	return ctn_posix_pty_take(slave, NULL, step);
}

/* ---- processes ----------------------------------------------------- */

pid_t
ctn_os_fork(int *watch, int *has_handlers)
{
	(void)watch;
	*has_handlers = 1;
	return fork();
}

int
ctn_os_watch_open(pid_t pid)
{
	(void)pid;
	return lack();
}

int
ctn_os_is_elevated(void)
{
	return getuid() != geteuid() || getgid() != getegid();
}

/* ---- the process table --------------------------------------------- */

/* POSIX lists no processes, but tells whether a number is one. */
#define PROCESS_LIMIT 99999

pid_t
ctn_os_process_self(void)
{
	return getpid();
}

int
ctn_os_process_get(pid_t pid, struct ctn_process *process)
{
	return ctn_os_process_guess(pid, process);
}

int
ctn_os_table_reserve(struct ctn_table *table)
{
	return ctn_table_reserve(table, PROCESS_LIMIT, 0);
}

int
ctn_os_table_read(struct ctn_table *table)
{
	ctn_os_table_guess(table);
	return 0;
}

ssize_t
ctn_os_process_variable(pid_t pid, const char *name, char *value, size_t size)
{
	(void)pid;
	(void)name;
	(void)value;
	(void)size;
	return lack();
}
