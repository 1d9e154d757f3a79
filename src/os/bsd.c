/* bsd.c: what FreeBSD, DragonFly, NetBSD and OpenBSD share */
#include "config.h"

#include <sys/types.h>
#include <sys/param.h>
#include <sys/sysctl.h>
#include <sys/time.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "os/bsd.h"
#include "os/kqueue.h"
#include "os/os.h"
#include "os/posix.h"
#include "os/ppoll.h"
#include "os/table.h"

static int
wait_for_kqueue(int kq, int64_t timeout_ms, const sigset_t *mask)
{
	struct pollfd fd = { kq, POLLIN, 0 };

	return ctn_ppoll(&fd, 1, timeout_ms, mask);
}

/* Their poll tells a hang-up that nobody asked for, but sleeps through it. */
int
ctn_os_poll(struct pollfd *fds, size_t count, int64_t timeout_ms,
    const sigset_t *mask)
{
	int n;

	if (ctn_kqueue_is_needed(fds, count)) {
		n = ctn_kqueue_poll(fds, count, timeout_ms, mask,
		    wait_for_kqueue);
		if (n != -1 || errno == EINTR)
			return n;
	}
	return ctn_ppoll(fds, count, timeout_ms, mask);
}

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

/* sysctl(3) takes no const everywhere. */
static int
call_sysctl(const int *mib, unsigned length, void *buffer, size_t *size)
{
	size_t room = *size;
	int name[6], n;

	memcpy(name, mib, length * sizeof(*mib));
	n = sysctl(name, length, buffer, size, NULL, 0);
	if (buffer != NULL && *size > room)
		*size = room;	/* what would have been needed */
	return n;
}

int
ctn_bsd_read_one(const int *mib, unsigned length, void *record, size_t size)
{
	size_t got = size;

	if (call_sysctl(mib, length, record, &got) == -1 && errno != ENOMEM)
		return -1;
	if (got >= size)
		return 0;
	errno = ESRCH;
	return -1;
}

/* Asked for first: some kernels wire all of the room, used or not. */
int
ctn_bsd_read_list(const int *mib, unsigned length, void *buffer, size_t *size)
{
	size_t room = *size, want = 0;

	if (call_sysctl(mib, length, NULL, &want) == -1)
		return -1;
	do {
		want += want / 4 + 1;
		*size = want < room ? want : room;
		if (*size == room)
			memset(buffer, 0, room);
		if (call_sysctl(mib, length, buffer, size) == 0)
			return 0;
	} while (errno == ENOMEM && want < room);
	return errno == ENOMEM ? 0 : -1;
}

int64_t
ctn_bsd_boot_us(void)
{
	const int mib[] = { CTL_KERN, KERN_BOOTTIME };
	struct timeval boot;

	if (ctn_bsd_read_one(mib, 2, &boot, sizeof(boot)) == -1)
		return 0;
	return (int64_t)boot.tv_sec * 1000000 + boot.tv_usec;
}

/* ---- the process table --------------------------------------------- */

static int
read_record(pid_t pid, void *record)
{
	const int mib[] = { CTL_KERN, ctn_bsd_records.kind, KERN_PROC_PID, pid,
		(int)ctn_bsd_records.size, 1 };

	return ctn_bsd_read_one(mib, ctn_bsd_records.is_size_told ? 6 : 4,
	    record, ctn_bsd_records.size);
}

int
ctn_os_process_get(pid_t pid, struct ctn_process *process)
{
	_Alignas(max_align_t) char record[CTN_BSD_RECORD_SIZE];

	if (read_record(pid, record) == -1)
		return -1;
	ctn_bsd_records.convert(record, ctn_bsd_boot_us(), process);
	return 0;
}

/* The most processes that the system allows. */
static size_t
process_limit(void)
{
	const int mib[] = { CTL_KERN, KERN_MAXPROC };
	int limit = 0;

	if (ctn_bsd_read_one(mib, 2, &limit, sizeof(limit)) == -1 ||
	    limit <= 0)
		return 99999;	/* the largest pid */
	return (size_t)limit;
}

int
ctn_os_table_reserve(struct ctn_table *table)
{
	return ctn_table_reserve(table, process_limit(), ctn_bsd_records.size);
}

int
ctn_os_table_read(struct ctn_table *table)
{
	const int mib[] = { CTL_KERN, ctn_bsd_records.kind,
		ctn_bsd_records.all, 0, (int)ctn_bsd_records.size,
		(int)table->size };
	int64_t boot_us = ctn_bsd_boot_us();
	size_t at, size;
	const char *records = ctn_table_room(table, &size);

	table->count = 0;
	table->is_torn = 0;	/* the kernel makes it at one go */
	if (ctn_bsd_read_list(mib, ctn_bsd_records.is_size_told ? 6 : 3,
	    ctn_table_room(table, &size), &size) == -1)
		return -1;
	for (at = 0; size - at >= ctn_bsd_records.size;
	    at += ctn_bsd_records.size) {
		ctn_bsd_records.convert(records + at, boot_us,
		    &table->list[table->count]);
		table->count += table->list[table->count].pid > 0;
	}
	ctn_table_sort(table);
	return 0;
}

/* Longer than the strings and pointers that any of them lets exec take. */
#define ENVIRONMENT_SIZE (1024 * 1024)

static ssize_t
find_variable(const int mib[4], ctn_bsd_strings_fn *strings, const char *name,
    char *value, size_t size)
{
	size_t got = ENVIRONMENT_SIZE;
	char *environment = ctn_posix_map(ENVIRONMENT_SIZE);
	ssize_t n = -1;

	if (environment == NULL)
		return -1;
	if (call_sysctl(mib, 4, environment, &got) == 0 || errno == ENOMEM)
		n = ctn_posix_find_variable(strings == NULL ? environment :
		    strings(environment), environment + got, name, value,
		    size);
	ctn_posix_unmap(environment, ENVIRONMENT_SIZE);
	return n;
}

ssize_t
ctn_bsd_find_variable(pid_t pid, const int mib[4], ctn_bsd_strings_fn *strings,
    const char *name, char *value, size_t size)
{
	_Alignas(max_align_t) char record[CTN_BSD_RECORD_SIZE];

	if (read_record(pid, record) == -1)
		return -1;
	if (ctn_bsd_records.owner(record) == geteuid())
		return find_variable(mib, strings, name, value, size);
	errno = EACCES;
	return -1;
}
