/*
 * linux.h: what only Linux's own files and the pidns backend share.
 *
 * Async-signal-safe, no allocation.
 */
#ifndef CTN_OS_LINUX_H
#define CTN_OS_LINUX_H

#include <sys/types.h>

#include "os/os.h"

/*
 * clone(2) as fork is: no shared memory, the child goes on from here on its
 * copy of the stack; no signal is sent when it ends, and only __WALL waits for
 * it.  The C library is not told, so only async-signal-safe calls may follow in
 * the child.  *pidfd becomes a descriptor of the child where the kernel has
 * that (Linux 5.2), else it is left alone.  *has_handlers: the child has the
 * caller's signal handlers; the kernel has dropped them if it can (5.5), unless
 * it is 1 before the call.
 */
pid_t	ctn_linux_clone(uint64_t flags, int *pidfd, int *has_handlers);

/* Return 0 to go on, anything else to stop. */
typedef int ctn_linux_number_fn(long number, void *arg);

/* Visit each entry of a directory whose name is a number.  What visit returned
 * last, or -1 with errno. */
int	ctn_linux_each_number(const char *path, ctn_linux_number_fn *visit,
	    void *arg);

/* The first size - 1 bytes of a file, NUL added.  Their number or -1 with
 * errno. */
ssize_t	ctn_linux_read_file(const char *path, char *buffer, size_t size);

/* The text of /proc/PID/stat.  0, or -1 if that is not what it is. */
int	ctn_linux_parse_stat(const char *stat, struct ctn_process *process);

#endif
