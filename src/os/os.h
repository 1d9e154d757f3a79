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
#include <sys/wait.h>

#ifndef __WALL
#define __WALL 0	/* only Linux hides children that raise no SIGCHLD */
#endif

/* Signal numbers are below this; FreeBSD's NSIG stops before the real-time
 * ones. */
#ifdef _SIG_MAXSIG
#define CTN_NSIG (_SIG_MAXSIG + 1)
#else
#define CTN_NSIG NSIG
#endif

/* The first real-time signal of the system's programs: config.h knows better
 * than a C library that is not theirs. */
#if !defined(CTN_SIGRTMIN) && defined(SIGRTMIN)
#define CTN_SIGRTMIN SIGRTMIN
#endif

/* ---- signals ------------------------------------------------------- */

/* sigaction(2), pthread_sigmask(3), sigfillset(3) and sigaddset(3), for all
 * signals that the system's programs have.  ctn_os_sigaction is called with all
 * of them blocked, by ctn_os_sigblock in a program of ours. */
int	ctn_os_sigaction(int signum, const struct sigaction *action,
	    struct sigaction *before);
int	ctn_os_sigmask(int how, const sigset_t *set, sigset_t *before);
void	ctn_os_sigfillset(sigset_t *set);
void	ctn_os_sigaddset(sigset_t *set, int signum);

/* Block them all, first of all in a program that has one thread. */
void	ctn_os_sigblock(sigset_t *before);

/* ---- descriptors --------------------------------------------------- */

/* A connected pair of stream sockets, close-on-exec.  0 or -1 with errno. */
int	ctn_os_socketpair(int fds[2]);

/* From now on, ctn_os_receive tells who sends to this socket.  Where the system
 * cannot, nothing happens. */
void	ctn_os_name_senders(int fd);

/* recv(2) without waiting.  *sender: the pid of who sent it, as the caller sees
 * it, 0 if that is not known. */
ssize_t	ctn_os_receive(int fd, void *buffer, size_t size, pid_t *sender);

/* A pipe, close-on-exec; may land on a closed 0, 1 or 2.  0 or -1 with
 * errno. */
int	ctn_os_pipe(int fds[2]);

/* Close every descriptor from low to high, both included. */
void	ctn_os_close_range(int low, int high);

/* Send signum to the calling process whenever fd becomes readable, and now if it
 * is, as the kernel's own; 0: no more.  Where the system cannot, nothing
 * happens. */
void	ctn_os_signal_on_input(int fd, int signum);

/* poll(2) with a signal mask as ppoll(2); timeout_ms may be beyond an int, -1
 * is for ever.  mask may be NULL: the mask stays. */
int	ctn_os_poll(struct pollfd *fds, size_t count, int64_t timeout_ms,
	    const sigset_t *mask);

/* A descriptor, close-on-exec and above 2, that polls readable when one of
 * fds[] does; -1 entries are left out.  -1 with errno; ENOSYS: this system has
 * no such thing. */
int	ctn_os_gather(const int *fds, size_t count);

/* ---- terminals ----------------------------------------------------- */

/* A new pseudo-terminal.  The master, close-on-exec and above 2; slave gets its
 * path.  -1 with errno, and *step names what failed: a constant string. */
int	ctn_os_pty_open(char *slave, size_t size, const char **step);

/* Open the slave and make it the controlling terminal of the caller, who leads
 * a session without one; verified.  Close-on-exec, above 2; -1 with errno. */
int	ctn_os_pty_take(const char *slave, const char **step);

/* Is the caller in the foreground process group of fd, which is its controlling
 * terminal, open with O_NONBLOCK?  0 too if it is not. */
int	ctn_os_in_foreground(int fd);

/* ---- processes ----------------------------------------------------- */

/*
 * fork(2) without the C library's fork handlers, which are not safe in the
 * child of a threaded host; only async-signal-safe calls may follow in the
 * child.  Where the system can do that, the child raises no SIGCHLD, wait(2)
 * does not return it, and *watch becomes a descriptor that polls readable when
 * it has ended; else *watch is left alone.  *has_handlers: the child may have
 * the caller's signal handlers, and has them if it is 1 before the call.
 */
pid_t	ctn_os_fork(int *watch, int *has_handlers);

/* What the caller may do that others may not, a bit each, where an exec may
 * change that; else 0. */
uint64_t ctn_os_privilege(void);

/* fork(2) again, in the child of ctn_os_fork or its like, for a child that is to
 * do more than async-signal-safe calls.  is_threaded: the host had threads, so
 * that no lock of it can be relied on, and no fork handler may be run; then it
 * still is only those calls.  The child raises SIGCHLD. */
pid_t	ctn_os_fork_on(int is_threaded);

/* _exit(2), in children of ctn_os_fork and ctn_os_fork_on. */
_Noreturn void ctn_os_exit(int status);

/* Has the calling process no other thread?  Host only; 0 where the system does
 * not tell. */
int	ctn_os_is_alone(void);

/* From now on (or, with 0, no more) orphaned descendants become children of
 * the caller, not of PID 1.  0, or -1 with errno; ENOSYS: the system cannot. */
int	ctn_os_adopt_orphans(int on);

/* Send signum to all descendants of the caller, which adopts orphans, at one go:
 * no fork escapes it.  0, or -1 with errno; ENOSYS: the system cannot. */
int	ctn_os_signal_descendants(int signum);

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
	int is_stopped;
	int is_guessed;		/* see ctn_os_process_guess */
	int is_member;		/* for whoever reads the table */
	int is_doubtful;	/* so is this: it may be one, or have been */
	uint64_t start;		/* the system's unit; with pid, an identity */
	char name[32];
};

/* One process, by pid.  0 or -1 with errno: ESRCH no such process. */
int	ctn_os_process_get(pid_t pid, struct ctn_process *process);

/* The caller's pid as the table shows it; not getpid() where the table is that
 * of an outer PID namespace.  -1 where there is no table. */
pid_t	ctn_os_process_self(void);

/* A snapshot of the table, in ascending order of pid. */
struct ctn_table {
	struct ctn_process *list;
	size_t size;		/* room */
	size_t count;
	size_t bytes;		/* reserved for list */
	pid_t last;		/* no process has a larger number */
	int is_torn;		/* who was listed was gone before it was read:
				 * a child of its may be missing */
};

/* Reserve room for every process that the system can have; memory is used only
 * as it is needed.  Allocates: host only.  0 or -1 with errno. */
int	ctn_os_table_reserve(struct ctn_table *table);
void	ctn_os_table_release(struct ctn_table *table);

/* Read the whole table once.  What does not fit is left out.  0 or -1 with
 * errno; ENOSYS, there is none, or its pids are not those of the caller. */
int	ctn_os_table_read(struct ctn_table *table);

/* As ctn_os_process_get and ctn_os_table_read without a table, on every system.
 * There is no name; the parent is told if it is the caller, else -1, and so is
 * a zombie.  The session stands for the start: who has the number by now and is
 * of the same session is a member as well, which makes that an identity.  A
 * table of a million numbers takes 0.1 to 1 s. */
int	ctn_os_process_guess(pid_t pid, struct ctn_process *process);
void	ctn_os_table_guess(struct ctn_table *table);

/* Is it, not another that has its pid by now? */
int	ctn_os_process_is_same(const struct ctn_process *process);

/* SIGCONT to a child, if it has stopped and nobody has been told yet.  One that
 * has ended stays a zombie. */
void	ctn_os_continue_child(pid_t pid);

/* Send signum to exactly this process: not to another that has its pid by now.
 * 0, or -1 with errno: ESRCH, it has ended. */
int	ctn_os_process_signal(const struct ctn_process *process, int signum);

/* The value of the variable name in the environment that a process of the
 * caller's own user was started with.  Its length, cut to size - 1, or -1 with
 * errno: ENOENT has none, EACCES not to be read, ENOSYS the system cannot, ESRCH
 * it is ending, or executes something just now, or started with an environment
 * that is empty. */
ssize_t	ctn_os_process_variable(pid_t pid, const char *name, char *value,
	    size_t size);

/* How long ago a process started of which ctn_process.start is known, in ms; -1
 * where the system cannot tell. */
int64_t	ctn_os_process_age_ms(uint64_t start);

/* The command line of a process, with a blank between arguments.  Its length,
 * cut to size - 1, 0 if it has none, or -1 with errno.  Reads the memory of the
 * process, see contain_options_set_details. */
ssize_t	ctn_os_process_command(pid_t pid, char *command, size_t size);

/* Return 0 to go on, anything else to stop. */
typedef int ctn_os_visit_fn(pid_t pid, void *arg);

/* Visit the pid of every process once.  What visit returned last, or -1 with
 * errno where there is no table. */
int	ctn_os_process_each(ctn_os_visit_fn *visit, void *arg);

#endif
