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

/* The most processes that the system allows. */
size_t	ctn_bsd_process_limit(void);

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

/* As ctn_os_process_variable, of the process that mib names; strings may be
 * NULL: there is nothing else. */
ssize_t	ctn_bsd_find_variable(const int *mib, unsigned length,
	    ctn_bsd_strings_fn *strings, const char *name, char *value,
	    size_t size);

/* FreeBSD and OpenBSD: when the system was booted by today's clock, in
 * microseconds; 0 if it does not tell. */
int64_t	ctn_bsd_boot_us(void);

#endif
