/*
 * netbsd.c: NetBSD
 *
 * Tables come from sysctl(3), which also reads environments; orphans cannot be
 * adopted.
 */
#include "config.h"

#include <sys/types.h>
#include <sys/param.h>
#include <sys/proc.h>
#include <sys/sysctl.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "os/bsd.h"
#include "os/os.h"
#include "os/posix.h"

int
ctn_os_pty_open(char *slave, size_t size, const char **step)
{
	int errnum, master = ctn_posix_pty_master(step);
	char name[1024];

	if (master == -1)
		return -1;
	errnum = ptsname_r(master, name, sizeof(name));
	if (errnum != 0)
		errno = errnum;
	return ctn_posix_pty_named(master, errnum == 0 ? name : NULL, slave,
	    size, step);
}

int
ctn_os_pty_take(const char *slave, const char **step)
{
	return ctn_posix_pty_take(slave, NULL, step);
}

static void
convert(const void *data, int64_t boot_us, struct ctn_process *process)
{
	const struct kinfo_proc2 *record = data;

	(void)boot_us;
	memset(process, 0, sizeof(*process));
	process->pid = record->p_pid;
	process->parent = record->p_ppid;
	process->pgrp = record->p__pgid;
	process->session = record->p_sid;
	process->is_zombie = record->p_realstat == SZOMB ||
	    record->p_realstat == SDEAD;
	process->is_stopped = record->p_realstat == SSTOP;
	process->start = (uint64_t)record->p_ustart_sec * 1000000 +
	    record->p_ustart_usec;
	ctn_posix_copy_name(process->name, record->p_comm,
	    sizeof(record->p_comm));
}

static uid_t
owner_of(const void *data)
{
	const struct kinfo_proc2 *record = data;

	return record->p_uid;
}

_Static_assert(sizeof(struct kinfo_proc2) <= CTN_BSD_RECORD_SIZE, "too small");

const struct ctn_bsd_records ctn_bsd_records = {
	.size = sizeof(struct kinfo_proc2),
	.kind = KERN_PROC2,
	.all = KERN_PROC_ALL,
	.is_size_told = 1,
	.convert = convert,
	.owner = owner_of,
};

ssize_t
ctn_os_process_variable(pid_t pid, const char *name, char *value, size_t size)
{
	const int mib[] = { CTL_KERN, KERN_PROC_ARGS, pid, KERN_PROC_ENV };

	return ctn_bsd_find_variable(pid, mib, NULL, name, value, size);
}
