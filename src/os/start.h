/*
 * start.h: a process that executes something, and whether it could.
 *
 * Async-signal-safe, no allocation.
 */
#ifndef CTN_OS_START_H
#define CTN_OS_START_H

#include <sys/types.h>
#include <poll.h>
#include <stddef.h>
#include <stdint.h>

/* In the new process, on a copy of the caller's memory or on that itself:
 * execute something.  Returns why it could not, an errno or whatever the caller
 * understands, not 0.  *own is a descriptor that is needed until then, -1 if
 * there is none; who puts something else in its place moves it first. */
typedef int ctn_start_fn(int *own, void *arg);

/* Returns the pid of a new process once it has executed what child told, or
 * -1 with errno.  *failure: 0, or what child returned; then the process has
 * ended, not reaped yet. */
pid_t	ctn_start(ctn_start_fn *child, void *arg, int *failure);

/* The same for a caller that must see meanwhile what happens elsewhere, which
 * it pays for with a copy of its memory: anything on watch[0..count) kills the
 * process, if it has not executed anything yet.  It is returned all the same. */
#define CTN_START_WATCH_MAX 3
pid_t	ctn_start_watching(ctn_start_fn *child, void *arg,
	    const struct pollfd *watch, size_t count, int *failure);

/* As ctn_os_fork, in os.h, for a child that executes something: on the caller's
 * memory, and the caller waits for that.  All signals are blocked.  flags: of
 * clone(2), 0 on other systems.  Allocates: host only.  -1 with errno, and no
 * process: what the child returned, or ENOSYS: this system cannot. */
pid_t	ctn_os_execute(uint64_t flags, ctn_start_fn *child, void *arg,
	    int *watch);

#endif
