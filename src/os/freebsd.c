/*
 * freebsd.c: FreeBSD
 *
 * Tables come from sysctl(3), orphans from procctl(2), and the warden's death
 * is told by a process descriptor, procdesc(4).
 */
#include "config.h"

#include <sys/types.h>
#include <sys/param.h>
#include <sys/procdesc.h>
#include <sys/sysctl.h>
#include <sys/user.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "os/bsd.h"
#include "os/os.h"
#include "os/posix.h"

/* fdevname_r(3): ptsname(3) has one buffer for all threads. */
int
ctn_os_pty_open(char *slave, size_t size, const char **step)
{
	char name[64] = "/dev/";
	int master = ctn_posix_pty_master(step);

	if (master == -1)
		return -1;
	return ctn_posix_pty_named(master, fdevname_r(master, name + 5,
	    (int)sizeof(name) - 5) != NULL ? name : NULL, slave, size, step);
}

int
ctn_os_pty_take(const char *slave, const char **step)
{
	return ctn_posix_pty_take(slave, NULL, step);
}

/* PD_DAEMON: the warden must outlive the descriptor, that is the host, to end
 * the group.  A kernel without process descriptors has fork. */
pid_t
ctn_os_fork(int *watch, int *has_handlers)
{
	int fd = -1;
	pid_t pid;

	*has_handlers = 1;
	pid = pdfork(&fd, PD_DAEMON | PD_CLOEXEC);
	if (pid == -1 && errno == ENOSYS)
		return fork();
	if (pid > 0)
		*watch = fd;
	return pid;
}

/* The kernel adds the time of boot, which moves when the clock is set, to the
 * time since boot, which does not. */
static uint64_t
start_of(const struct kinfo_proc *record, int64_t boot_us)
{
	return (uint64_t)((int64_t)record->ki_start.tv_sec * 1000000 +
	    record->ki_start.tv_usec - boot_us);
}

static void
convert(const void *data, int64_t boot_us, struct ctn_process *process)
{
	const struct kinfo_proc *record = data;

	memset(process, 0, sizeof(*process));
	process->pid = record->ki_pid;
	process->parent = record->ki_ppid;
	process->pgrp = record->ki_pgid;
	process->session = record->ki_sid;
	process->is_zombie = record->ki_stat == SZOMB;
	process->is_stopped = record->ki_stat == SSTOP;
	process->start = start_of(record, boot_us);
	ctn_posix_copy_name(process->name, record->ki_comm,
	    sizeof(record->ki_comm));
}

static uid_t
owner_of(const void *data)
{
	const struct kinfo_proc *record = data;

	return record->ki_uid;
}

_Static_assert(sizeof(struct kinfo_proc) <= CTN_BSD_RECORD_SIZE, "too small");

const struct ctn_bsd_records ctn_bsd_records = {
	.size = sizeof(struct kinfo_proc),
	.kind = KERN_PROC,
	.all = KERN_PROC_PROC,
	.convert = convert,
	.owner = owner_of,
};

ssize_t
ctn_os_process_variable(pid_t pid, const char *name, char *value, size_t size)
{
	const int mib[] = { CTL_KERN, KERN_PROC, KERN_PROC_ENV, pid };

	return ctn_bsd_find_variable(pid, mib, NULL, name, value, size);
}
