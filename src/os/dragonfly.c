/*
 * dragonfly.c: DragonFly
 *
 * Tables come from sysctl(3), orphans from procctl(2).  No environment but the
 * caller's own can be read.
 */
#include "config.h"

#include <sys/types.h>
#include <sys/param.h>
#include <sys/sysctl.h>
#include <sys/user.h>
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "os/bsd.h"
#include "os/os.h"
#include "os/posix.h"

/* ptsname(3) has a buffer for each thread here. */
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

static void
convert(const void *data, int64_t boot_us, struct ctn_process *process)
{
	const struct kinfo_proc *record = data;

	(void)boot_us;
	memset(process, 0, sizeof(*process));
	process->pid = record->kp_pid;
	process->parent = record->kp_ppid;
	process->pgrp = record->kp_pgid;
	process->session = record->kp_sid;
	process->is_zombie = record->kp_stat == SZOMB;
	process->is_stopped = record->kp_stat == SSTOP;
	process->start = (uint64_t)record->kp_start.tv_sec * 1000000 +
	    (uint64_t)record->kp_start.tv_usec;
	ctn_posix_copy_name(process->name, record->kp_comm,
	    sizeof(record->kp_comm));
}

static uid_t
owner_of(const void *data)
{
	const struct kinfo_proc *record = data;

	return record->kp_uid;
}

_Static_assert(sizeof(struct kinfo_proc) <= CTN_BSD_RECORD_SIZE, "too small");

/* Kernel threads are listed with a pid of -1. */
const struct ctn_bsd_records ctn_bsd_records = {
	.size = sizeof(struct kinfo_proc),
	.kind = KERN_PROC,
	.all = KERN_PROC_ALL,
	.convert = convert,
	.owner = owner_of,
};

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
