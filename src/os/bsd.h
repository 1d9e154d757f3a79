/*
 * bsd.h: what FreeBSD, DragonFly, NetBSD and OpenBSD share: sysctl(3).
 *
 * Async-signal-safe, no allocation.
 */
#ifndef CTN_OS_BSD_H
#define CTN_OS_BSD_H

#include <sys/types.h>
#include <stddef.h>
#include <stdint.h>

#include "os/os.h"

/* What the records of the process table look like: each system tells it. */
struct ctn_bsd_records {
	size_t size;		/* of one */
	int kind, all;		/* KERN_PROC or its like; KERN_PROC_ALL ... */
	int is_size_told;	/* the kernel wants to know size and number */
	void (*convert)(const void *record, int64_t boot_us,
	    struct ctn_process *process);	/* pid < 1: is none */
	uid_t (*owner)(const void *record);
};

extern const struct ctn_bsd_records ctn_bsd_records;

#define CTN_BSD_RECORD_SIZE 2048	/* no system's is larger */

/* One record of exactly size bytes.  0 or -1 with errno, ESRCH if there is
 * none. */
int	ctn_bsd_read_one(const int *mib, unsigned length, void *record,
	    size_t size);

/* A list, which may grow while it is asked for; *size is the room for it, then
 * what is there.  What is too much is left out, or is zero.  0 or -1 with
 * errno. */
int	ctn_bsd_read_list(const int *mib, unsigned length, void *buffer,
	    size_t *size);

/* Where in what the system hands out as an environment its strings start. */
typedef const char *ctn_bsd_strings_fn(const void *environment);

/* As ctn_os_process_variable, of pid's environment, that mib of four numbers
 * names; strings may be NULL: there is nothing else. */
ssize_t	ctn_bsd_find_variable(pid_t pid, const int mib[4],
	    ctn_bsd_strings_fn *strings, const char *name, char *value,
	    size_t size);

/* When the system was booted by today's clock, in microseconds; 0 if it does not
 * tell. */
int64_t	ctn_bsd_boot_us(void);

#endif
