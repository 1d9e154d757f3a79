/*
 * freebsd.c: FreeBSD
 *
 * Tables come from sysctl(3), orphans from procctl(2), and the warden's death
 * is told by a process descriptor, procdesc(4).
 */
#include "config.h"

#include <sys/types.h>
#include <sys/param.h>
#include <sys/procctl.h>
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
#include "os/table.h"

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

int
ctn_os_adopt_orphans(int on)
{
	return procctl(P_PID, getpid(),
	    on ? PROC_REAP_ACQUIRE : PROC_REAP_RELEASE, NULL);
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
convert(const struct kinfo_proc *record, int64_t boot_us,
    struct ctn_process *process)
{
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

static int
read_record(pid_t pid, struct kinfo_proc *record)
{
	const int mib[] = { CTL_KERN, KERN_PROC, KERN_PROC_PID, pid };

	return ctn_bsd_read_one(mib, 4, record, sizeof(*record));
}

int
ctn_os_process_get(pid_t pid, struct ctn_process *process)
{
	struct kinfo_proc record;

	if (read_record(pid, &record) == -1)
		return -1;
	convert(&record, ctn_bsd_boot_us(), process);
	return 0;
}

int
ctn_os_table_reserve(struct ctn_table *table)
{
	return ctn_table_reserve(table, ctn_bsd_process_limit(),
	    sizeof(struct kinfo_proc));
}

int
ctn_os_table_read(struct ctn_table *table)
{
	const int mib[] = { CTL_KERN, KERN_PROC, KERN_PROC_PROC };
	int64_t boot_us = ctn_bsd_boot_us();
	size_t i, size;
	struct kinfo_proc *records = ctn_table_room(table, &size);

	table->count = 0;
	if (ctn_bsd_read_list(mib, 3, records, &size) == -1)
		return -1;
	for (i = 0; i < size / sizeof(*records); i++)
		if (records[i].ki_pid > 0)
			convert(&records[i], boot_us,
			    &table->list[table->count++]);
	ctn_table_sort(table);
	return 0;
}

ssize_t
ctn_os_process_variable(pid_t pid, const char *name, char *value, size_t size)
{
	const int mib[] = { CTL_KERN, KERN_PROC, KERN_PROC_ENV, pid };
	struct kinfo_proc record;

	if (read_record(pid, &record) == -1)
		return -1;
	if (record.ki_uid == geteuid())
		return ctn_bsd_find_variable(mib, 4, NULL, name, value, size);
	errno = EACCES;
	return -1;
}
