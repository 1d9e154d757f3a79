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
#include "os/table.h"

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
	(void)on;
	errno = ENOSYS;
	return -1;
}

static void
convert(const struct kinfo_proc2 *record, struct ctn_process *process)
{
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

static int
read_record(pid_t pid, struct kinfo_proc2 *record)
{
	const int mib[] = { CTL_KERN, KERN_PROC2, KERN_PROC_PID, pid,
		sizeof(*record), 1 };

	return ctn_bsd_read_one(mib, 6, record, sizeof(*record));
}

int
ctn_os_process_get(pid_t pid, struct ctn_process *process)
{
	struct kinfo_proc2 record;

	if (read_record(pid, &record) == -1)
		return -1;
	convert(&record, process);
	return 0;
}

int
ctn_os_table_reserve(struct ctn_table *table)
{
	return ctn_table_reserve(table, ctn_bsd_process_limit(),
	    sizeof(struct kinfo_proc2));
}

int
ctn_os_table_read(struct ctn_table *table)
{
	const int mib[] = { CTL_KERN, KERN_PROC2, KERN_PROC_ALL, 0,
		sizeof(struct kinfo_proc2), (int)table->size };
	size_t i, size;
	struct kinfo_proc2 *records = ctn_table_room(table, &size);

	table->count = 0;
	if (ctn_bsd_read_list(mib, 6, records, &size) == -1)
		return -1;
	for (i = 0; i < size / sizeof(*records); i++)
		if (records[i].p_pid > 0)
			convert(&records[i], &table->list[table->count++]);
	ctn_table_sort(table);
	return 0;
}

ssize_t
ctn_os_process_variable(pid_t pid, const char *name, char *value, size_t size)
{
	const int mib[] = { CTL_KERN, KERN_PROC_ARGS, pid, KERN_PROC_ENV };
	struct kinfo_proc2 record;

	if (read_record(pid, &record) == -1)
		return -1;
	if (record.p_uid == geteuid())
		return ctn_bsd_find_variable(mib, 4, NULL, name, value, size);
	errno = EACCES;
	return -1;
}
