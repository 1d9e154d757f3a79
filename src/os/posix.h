/*
 * posix.h: what the systems without a way of their own share, in posix.c:
 * POSIX and no more.
 *
 * Async-signal-safe and no allocation, unless it says otherwise.
 */
#ifndef CTN_OS_POSIX_H
#define CTN_OS_POSIX_H

#include <sys/types.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>

/* ---- descriptors --------------------------------------------------- */

/* Close-on-exec, for a system that cannot open a descriptor so: a thread of the
 * host that forks and executes in between has it.  Returns 0. */
int	ctn_posix_close_on_exec(int fds[2]);

/* poll(2) for a time that may be beyond an int; -1 is for ever. */
int	ctn_posix_poll(struct pollfd *fds, size_t count, int64_t timeout_ms);

/* poll(2) with a signal mask, for want of a call that does both at once: a
 * signal that comes between the two is noticed only after a while, hence no
 * call takes longer than that.  -1 with EINTR then, as if it had come. */
int	ctn_posix_poll_masked(struct pollfd *fds, size_t count,
	    int64_t timeout_ms, const sigset_t *mask);

/* ---- terminals ----------------------------------------------------- */

/* The master of a new pseudo-terminal, unlocked; close-on-exec, above 2.  -1
 * with errno and *step.  Host only: grantpt(3) may allocate. */
int	ctn_posix_pty_master(const char **step);

/* What ptsname(3) or a relative said, NULL for an error: into slave.  Returns
 * master, or -1 with errno and the master closed. */
int	ctn_posix_pty_named(int master, const char *name, char *slave,
	    size_t size, const char **step);

/* As ctn_os_pty_open, with ptsname(3): it may have one buffer for all threads,
 * and what has another way uses that. */
int	ctn_posix_pty_open(char *slave, size_t size, const char **step);

/* As ctn_os_pty_take; prepare, if not NULL, gets the slave first and returns -1
 * with errno if it cannot be made a terminal. */
int	ctn_posix_pty_take(const char *slave, int (*prepare)(int fd),
	    const char **step);

/* ---- processes ----------------------------------------------------- */

/* Memory that is not the C library's: size bytes, or NULL with errno.  Used
 * only as it is needed. */
void	*ctn_posix_map(size_t size);
void	ctn_posix_unmap(void *memory, size_t size);

/* The value of name in the NUL-ended strings from at to end; as
 * ctn_os_process_variable. */
ssize_t	ctn_posix_find_variable(const char *at, const char *end,
	    const char *name, char *value, size_t size);

/* name as a field of a system's record, which may lack the NUL. */
void	ctn_posix_copy_name(char to[32], const char *name, size_t size);

#endif
