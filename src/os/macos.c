/*
 * macos.c: macOS
 *
 * Tables come from libproc, environments from sysctl(3); orphans cannot be
 * adopted.  There is no ppoll, and nothing is born close-on-exec.
 */
#include "config.h"

#include <sys/types.h>
#include <sys/ioctl.h>
#include <sys/proc.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/sysctl.h>
#include <errno.h>
#include <fcntl.h>
#include <libproc.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "fd.h"
#include "os/kqueue.h"
#include "os/os.h"
#include "os/posix.h"
#include "os/table.h"

/* ---- descriptors --------------------------------------------------- */

/* There is no MSG_NOSIGNAL. */
int
ctn_os_socketpair(int fds[2])
{
	const int on = 1;

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, fds) == -1)
		return -1;
	setsockopt(fds[0], SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof(on));
	setsockopt(fds[1], SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof(on));
	return ctn_posix_close_on_exec(fds);
}

int
ctn_os_pipe(int fds[2])
{
	return pipe(fds) == -1 ? -1 : ctn_posix_close_on_exec(fds);
}

/* Close those of list[0..count) that lie in the range; how many did. */
static int
close_listed(const struct proc_fdinfo *list, int count, int low, int high)
{
	int i, closed = 0;

	for (i = 0; i < count; i++) {
		if (list[i].proc_fd < low || list[i].proc_fd > high)
			continue;
		closed += close(list[i].proc_fd) == 0;
	}
	return closed;
}

/* The list is cut to what fits: those that are closed make room for more. */
void
ctn_os_close_range(int low, int high)
{
	struct proc_fdinfo list[512];
	int saved = errno, size;

	do
		size = proc_pidinfo(getpid(), PROC_PIDLISTFDS, 0, list,
		    sizeof(list));
	while (size > 0 && close_listed(list, size / (int)sizeof(list[0]),
	    low, high) > 0);
	errno = saved;
}

/* A set of descriptors with more room than an fd_set; the kernel looks no
 * further than it is told. */
#define WAIT_MAX 65536

struct wait_set {
	uint32_t bits[WAIT_MAX / 32];
};

/* pselect changes the signal mask and waits at once, and poll does not; a
 * kqueue stands for all that is waited for. */
static int
wait_for_kqueue(int kq, int64_t timeout_ms, const sigset_t *mask)
{
	struct timespec ts, *timeout = NULL;
	struct wait_set set;

	if (kq >= WAIT_MAX) {
		errno = EMFILE;
		return -1;
	}
	memset(&set, 0, ((size_t)kq / 32 + 1) * sizeof(set.bits[0]));
	set.bits[kq / 32] |= (uint32_t)1 << (kq % 32);
	if (timeout_ms >= 0) {
		ts.tv_sec = (time_t)(timeout_ms / 1000);
		ts.tv_nsec = (long)(timeout_ms % 1000) * 1000000;
		timeout = &ts;
	}
	return pselect(kq + 1, (fd_set *)(void *)&set, NULL, NULL, timeout,
	    mask);
}

/* poll does not tell a hang-up that nobody asked for, either. */
int
ctn_os_poll(struct pollfd *fds, size_t count, int64_t timeout_ms,
    const sigset_t *mask)
{
	int n;

	if (mask == NULL && !ctn_kqueue_is_needed(fds, count))
		return ctn_posix_poll(fds, count, timeout_ms);
	n = ctn_kqueue_poll(fds, count, timeout_ms, mask, wait_for_kqueue);
	if (n != -1 || errno == EINTR)
		return n;
	return mask == NULL ? ctn_posix_poll(fds, count, timeout_ms) :
	    ctn_posix_poll_masked(fds, count, timeout_ms, mask);
}

/* ---- terminals ----------------------------------------------------- */

/* What ptsname(3) asks, without its one buffer for all threads. */
int
ctn_os_pty_open(char *slave, size_t size, const char **step)
{
	int master = ctn_posix_pty_master(step);
	char name[IOCPARM_LEN(TIOCPTYGNAME)];
	int n;

	if (master == -1)
		return -1;
	n = ioctl(master, TIOCPTYGNAME, name);
	return ctn_posix_pty_named(master, n == 0 ? name : NULL, slave, size,
	    step);
}

int
ctn_os_pty_take(const char *slave, const char **step)
{
	return ctn_posix_pty_take(slave, NULL, step);
}

/* ---- processes ----------------------------------------------------- */

int
ctn_os_is_elevated(void)
{
	return issetugid() != 0;
}

pid_t
ctn_os_process_self(void)
{
	return getpid();
}

/* ---- the process table --------------------------------------------- */

/* proc_pidinfo with an argument of 1 finds zombies as well. */
#define WITH_ZOMBIES 1

/* The kernel's struct proc_uniqidentifierinfo, which the SDK leaves out.  Its
 * number is given to one process ever and to a later one the larger; the start
 * time is told of our own user's processes only. */
#define UNIQUE_ID_FLAVOR 17

struct unique_id {
	uint8_t executable[16];
	uint64_t id;
	uint64_t parent_id;
	uint64_t reserved[3];
};

static uint64_t
start_of(pid_t pid)
{
	struct unique_id unique;

	if (proc_pidinfo(pid, UNIQUE_ID_FLAVOR, WITH_ZOMBIES, &unique,
	    sizeof(unique)) != (int)sizeof(unique))
		return 0;
	return unique.id;
}

static int
read_record(pid_t pid, struct proc_bsdshortinfo *record)
{
	errno = ESRCH;
	return proc_pidinfo(pid, PROC_PIDT_SHORTBSDINFO, WITH_ZOMBIES, record,
	    sizeof(*record)) == (int)sizeof(*record) ? 0 : -1;
}

/* The session is asked for one by one: KERN_PROC_SESSION answers ENOTSUP. */
int
ctn_os_process_get(pid_t pid, struct ctn_process *process)
{
	struct proc_bsdshortinfo record;

	if (read_record(pid, &record) == -1)
		return -1;
	memset(process, 0, sizeof(*process));
	process->pid = pid;
	process->parent = (pid_t)record.pbsi_ppid;
	process->pgrp = (pid_t)record.pbsi_pgid;
	process->session = getsid(pid);
	process->is_zombie = record.pbsi_status == SZOMB;
	process->is_stopped = record.pbsi_status == SSTOP;
	process->start = start_of(pid);
	ctn_posix_copy_name(process->name, record.pbsi_comm,
	    sizeof(record.pbsi_comm));
	return 0;
}

int
ctn_os_table_reserve(struct ctn_table *table)
{
	int mib[] = { CTL_KERN, KERN_MAXPROC }, limit = 0;
	size_t size = sizeof(limit);

	if (sysctl(mib, 2, &limit, &size, NULL, 0) == -1 || limit <= 0)
		limit = 99999;	/* the largest pid */
	return ctn_table_reserve(table, (size_t)limit, sizeof(pid_t));
}

int
ctn_os_table_read(struct ctn_table *table)
{
	size_t i, room;
	pid_t *pids = ctn_table_room(table, &room);
	int size;

	table->count = 0;
	table->is_torn = 0;
	size = proc_listpids(PROC_ALL_PIDS, 0, pids,
	    room < INT_MAX ? (int)room : INT_MAX);
	if (size <= 0)
		return -1;
	for (i = 0; i < (size_t)size / sizeof(*pids); i++) {
		if (pids[i] <= 0)
			continue;
		if (ctn_os_process_get(pids[i],
		    &table->list[table->count]) == 0)
			table->count++;
		else
			table->is_torn = 1;
	}
	ctn_table_sort(table);
	return 0;
}

/*
 * The strings of exec, as the process has them now: the path of the program and
 * padding, then the arguments, then the environment.  Returns where that
 * starts; an argument may look like an assignment.
 */
static const char *
skip_arguments(const char *at, const char *end, int count)
{
	at += strnlen(at, (size_t)(end - at));
	while (at < end && *at == '\0')
		at++;
	for (; count > 0 && at < end; count--)
		at += strnlen(at, (size_t)(end - at)) + 1;
	return at;
}

/* The first word of what KERN_PROCARGS2 hands out counts the arguments. */
static ssize_t
find_variable(const char *strings, size_t length, const char *name,
    char *value, size_t size)
{
	const char *end = strings + length, *at;
	int count;

	if (length < sizeof(count)) {
		errno = ENOENT;
		return -1;
	}
	memcpy(&count, strings, sizeof(count));
	at = skip_arguments(strings + sizeof(count), end, count);
	return ctn_posix_find_variable(at, end, name, value, size);
}

/* No program that the system protects shows its environment: it has none. */
ssize_t
ctn_os_process_variable(pid_t pid, const char *name, char *value, size_t size)
{
	int mib[] = { CTL_KERN, KERN_PROCARGS2, pid };
	struct proc_bsdshortinfo record;
	size_t length = ARG_MAX;	/* more is refused */
	ssize_t n = -1;
	char *strings;

	if (read_record(pid, &record) == -1)
		return -1;
	errno = EACCES;
	if (record.pbsi_uid != geteuid())
		return -1;
	strings = ctn_posix_map(ARG_MAX);
	if (strings == NULL)
		return -1;
	if (sysctl(mib, 3, strings, &length, NULL, 0) == 0)
		n = find_variable(strings, length, name, value, size);
	ctn_posix_unmap(strings, ARG_MAX);
	return n;
}
