/*
 * dragonfly.c: DragonFly
 *
 * Tables come from sysctl(3), orphans from procctl(2).  No environment but the
 * caller's own can be read.
 */
#include "config.h"

#include <sys/types.h>
#include <sys/param.h>
#include <sys/procctl.h>
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
#include "os/table.h"

/* ptsname(3) has a buffer for each thread here. */
int
ctn_os_pty_open(char *slave, size_t size, const char **step)
{
	int master = ctn_posix_pty_master(step);

	return master == -1 ? -1 : ctn_posix_pty_named(master,
	    ptsname(master), slave, size, step);
}

int
ctn_os_pty_take(const char *slave, const char **step)
{
	return ctn_posix_pty_take(slave, NULL, step);
}

/* There is no fork without fork handlers. */
pid_t
ctn_os_fork(int *watch, int *has_handlers)
{
	pid_t pid = fork();

	*has_handlers = 1;
	if (pid > 0)
		*watch = ctn_os_watch_open(pid);
	return pid;
}

int
ctn_os_adopt_orphans(int on)
{
	return procctl(P_PID, getpid(),
	    on ? PROC_REAP_ACQUIRE : PROC_REAP_RELEASE, NULL);
}

static void
convert(const struct kinfo_proc *record, struct ctn_process *process)
{
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

int
ctn_os_process_get(pid_t pid, struct ctn_process *process)
{
	const int mib[] = { CTL_KERN, KERN_PROC, KERN_PROC_PID, pid };
	struct kinfo_proc record;

	if (ctn_bsd_read_one(mib, 4, &record, sizeof(record)) == -1)
		return -1;
	convert(&record, process);
	return 0;
}

int
ctn_os_table_reserve(struct ctn_table *table)
{
	return ctn_table_reserve(table, ctn_bsd_process_limit(),
	    sizeof(struct kinfo_proc));
}

/* Kernel threads are listed with a pid of -1. */
int
ctn_os_table_read(struct ctn_table *table)
{
	const int mib[] = { CTL_KERN, KERN_PROC, KERN_PROC_ALL };
	size_t i, size;
	struct kinfo_proc *records = ctn_table_room(table, &size);

	table->count = 0;
	if (ctn_bsd_read_list(mib, 3, records, &size) == -1)
		return -1;
	for (i = 0; i < size / sizeof(*records); i++)
		if (records[i].kp_pid > 0)
			convert(&records[i], &table->list[table->count++]);
	ctn_table_sort(table);
	return 0;
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
