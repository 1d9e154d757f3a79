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
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "fd.h"
#include "os/bsd.h"
#include "os/os.h"
#include "os/posix.h"
#include "os/table.h"

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
convert(const struct kinfo_proc *record, int64_t boot_us,
    struct ctn_process *process)
{
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

static int
read_record(pid_t pid, struct kinfo_proc *record)
{
	const int mib[] = { CTL_KERN, KERN_PROC, KERN_PROC_PID, pid,
		sizeof(*record), 1 };

	return ctn_bsd_read_one(mib, 6, record, sizeof(*record));
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
	const int mib[] = { CTL_KERN, KERN_PROC, KERN_PROC_ALL, 0,
		sizeof(struct kinfo_proc), (int)table->size };
	int64_t boot_us = ctn_bsd_boot_us();
	size_t i, size;
	struct kinfo_proc *records = ctn_table_room(table, &size);

	table->count = 0;
	if (ctn_bsd_read_list(mib, 6, records, &size) == -1)
		return -1;
	for (i = 0; i < size / sizeof(*records); i++)
		if (records[i].p_pid > 0)
			convert(&records[i], boot_us,
			    &table->list[table->count++]);
	ctn_table_sort(table);
	return 0;
}

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
	struct kinfo_proc record;

	if (read_record(pid, &record) == -1)
		return -1;
	if (record.p_uid == geteuid())
		return ctn_bsd_find_variable(mib, 4, skip_pointers, name,
		    value, size);
	errno = EACCES;
	return -1;
}
