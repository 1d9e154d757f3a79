/*
 * os.h: what differs from system to system.  One interface, one file (or a few
 * of one prefix) a system; configure chooses which.  unsupported.c compiles
 * everywhere and is where a port starts.
 *
 * Everything here is async-signal-safe and allocates nothing, unless it says
 * otherwise: the warden calls it, and so does the child of a threaded host.
 */
#ifndef CTN_OS_H
#define CTN_OS_H

#include <sys/types.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>

/* ---- descriptors --------------------------------------------------- */

/* A connected pair of stream sockets, close-on-exec.  0 or -1 with errno. */
int	ctn_os_socketpair(int fds[2]);

/* A pipe, close-on-exec; may land on a closed 0, 1 or 2.  0 or -1 with errno. */
int	ctn_os_pipe(int fds[2]);

/* Close every descriptor from low to high, both included. */
void	ctn_os_close_range(int low, int high);

/* Send signum to the calling process whenever fd becomes readable; 0: no more.
 * Where the system cannot, nothing happens. */
void	ctn_os_signal_on_input(int fd, int signum);

/* poll(2) with a signal mask as ppoll(2); timeout_ms may be beyond an int, -1
 * is for ever.  mask may be NULL: the mask stays. */
int	ctn_os_poll(struct pollfd *fds, size_t count, int64_t timeout_ms,
	    const sigset_t *mask);

/* ---- processes ----------------------------------------------------- */

/* A descriptor that polls readable once process pid has ended; close-on-exec,
 * above 2.  -1 with errno: ESRCH already gone, ENOSYS not on this system. */
int	ctn_os_watch_open(pid_t pid);

/* Was the process started with more privilege than its caller had: set-uid,
 * set-gid, file capabilities? */
int	ctn_os_is_elevated(void);

/* From now on, no core is dumped for this process. */
void	ctn_os_forbid_core(void);

/* Take one pending, blocked signal away, as if it had been handled.  Where the
 * system cannot tell who sent it, a process did. */
enum ctn_taken { CTN_TAKEN_NONE, CTN_TAKEN_SENT, CTN_TAKEN_KERNEL };
enum ctn_taken ctn_os_take_pending(int signum);

/* ---- the process table --------------------------------------------- */

struct ctn_process {
	pid_t pid;
	pid_t parent;
	pid_t pgrp;
	pid_t session;
	int is_zombie;
	uint64_t start;		/* the system's unit; with pid, an identity */
	char name[32];
};

/* One process, by pid.  0 or -1 with errno: ESRCH no such process. */
int	ctn_os_process_get(pid_t pid, struct ctn_process *process);

/* The caller's pid as the table shows it; not getpid() where the table is that
 * of an outer PID namespace.  -1 where there is no table. */
pid_t	ctn_os_process_self(void);

/* Return 0 to go on, anything else to stop. */
typedef int ctn_os_visit_fn(pid_t pid, void *arg);

/* Visit the pid of every process once.  What visit returned last, or -1 with
 * errno where there is no table. */
int	ctn_os_process_each(ctn_os_visit_fn *visit, void *arg);

#endif
