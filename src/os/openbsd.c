/*
 * openbsd.c: OpenBSD
 *
 * Tables come from sysctl(3), which also reads environments; orphans cannot be
 * adopted.  The session of a process is 0 once its leader has ended.
 */
#include "config.h"

#include <sys/types.h>
#include <sys/param.h>
#include <sys/ioctl.h>
#include <sys/proc.h>
#include <sys/sysctl.h>
#include <sys/tty.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "fd.h"
#include "os/bsd.h"
#include "os/os.h"
#include "os/posix.h"

/* ptm(4) itself: posix_openpt(3) refuses O_CLOEXEC, and ptsname(3) has one
 * buffer for all threads. */
int
ctn_os_pty_open(char *slave, size_t size, const char **step)
{
	struct ptmget pair;
	int n, fd;

	*step = "open " PATH_PTMDEV;
	fd = open(PATH_PTMDEV, O_RDWR | O_CLOEXEC);
	if (fd == -1)
		return -1;
	*step = "PTMGET";
	n = ioctl(fd, PTMGET, &pair);
	ctn_fd_close(&fd);
	if (n == -1)
		return -1;
	/* opened again by the session that it is to control */
	ctn_fd_close(&pair.sfd);
	pair.cfd = ctn_fd_above_stdio(pair.cfd);
	if (pair.cfd == -1)
		return -1;
	fcntl(pair.cfd, F_SETFD, FD_CLOEXEC);
	return ctn_posix_pty_named(pair.cfd, pair.sn, slave, size, step);
}

int
ctn_os_pty_take(const char *slave, const char **step)
{
	return ctn_posix_pty_take(slave, NULL, step);
}

/* In seconds since boot: the kernel adds the time of boot, which follows the
 * clock as that is set and slewed, and cuts the sum.  A pid is not used again
 * that soon.  A zombie has none. */
static uint64_t
start_of(const struct kinfo_proc *record, int64_t boot_us)
{
	int64_t start_us = (int64_t)record->p_ustart_sec * 1000000 +
	    record->p_ustart_usec;

	return record->p_uvalid ? (uint64_t)(start_us - boot_us) / 1000000 : 0;
}

static void
convert(const void *data, int64_t boot_us, struct ctn_process *process)
{
	const struct kinfo_proc *record = data;

	memset(process, 0, sizeof(*process));
	process->pid = record->p_pid;
	process->parent = record->p_ppid;
	process->pgrp = record->p__pgid;
	process->session = record->p_sid;
	process->is_zombie = (record->p_psflags & PS_ZOMBIE) != 0;
	process->is_stopped = record->p_stat == SSTOP;
	process->start = start_of(record, boot_us);
	ctn_posix_copy_name(process->name, record->p_comm,
	    sizeof(record->p_comm));
}

static uid_t
owner_of(const void *data)
{
	const struct kinfo_proc *record = data;

	return record->p_uid;
}

_Static_assert(sizeof(struct kinfo_proc) <= CTN_BSD_RECORD_SIZE, "too small");

const struct ctn_bsd_records ctn_bsd_records = {
	.size = sizeof(struct kinfo_proc),
	.kind = KERN_PROC,
	.all = KERN_PROC_ALL,
	.is_size_told = 1,
	.convert = convert,
	.owner = owner_of,
};

/* A list of pointers to them comes before the strings. */
static const char *
skip_pointers(const void *environment)
{
	const char *const *list = environment;

	return *list != NULL ? *list : (const char *)(list + 1);
}

ssize_t
ctn_os_process_variable(pid_t pid, const char *name, char *value, size_t size)
{
	const int mib[] = { CTL_KERN, KERN_PROC_ARGS, pid, KERN_PROC_ENV };

	return ctn_bsd_find_variable(pid, mib, skip_pointers, name, value,
	    size);
}
