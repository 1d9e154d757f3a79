/*
 * contain.h: run a command so that everything it starts ends with it.
 *
 * Copyright (c) 2026 the contain authors
 * SPDX-License-Identifier: ISC
 *
 * The host is the process that calls this library.  A group is a command and
 * all that descends from it, however it forks, daemonizes or changes session.
 * Between host and command stands one process, the warden, which reaps, passes
 * signals on and ends the group when the command has ended, when the host asks
 * or when the host dies.  libcontain(3) is the overview.
 *
 * Conventions
 *   return values  0, or a negative CONTAIN_E_* code with *err filled in;
 *                  err may be NULL.
 *   units          milliseconds in *_ms, 0 means "never" or "none".
 *   ownership      what a _new or _spawn function hands out is the caller's
 *                  until it calls the matching _free.  Strings inside results
 *                  live as long as the object they came from.
 *   threads        different options and groups may be used from different
 *                  threads at once; one object by one thread at a time.
 *   fork           after a fork, the child must not use groups it inherited,
 *                  not even to free them.
 *   signals        no handler is installed, no disposition is changed.  The
 *                  warden does not raise SIGCHLD in the host, and wait(2) and
 *                  waitpid(-1, ...) do not return it, unless the host has set
 *                  CONTAIN_WARDEN_PROGRAM.
 *   descriptors    all close-on-exec, never 0, 1 or 2.
 */
#ifndef CONTAIN_H
#define CONTAIN_H

#include <sys/types.h>
#include <sys/resource.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define CONTAIN_API __attribute__((visibility("default")))
#else
#define CONTAIN_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* ---- errors -------------------------------------------------------- */

enum contain_code {
	CONTAIN_OK = 0,
	CONTAIN_E_USAGE = -1,		/* a bad argument; message names it */
	CONTAIN_E_SYSTEM = -2,		/* a system call failed, see errnum */
	CONTAIN_E_MEMORY = -3,		/* out of memory */
	CONTAIN_E_UNAVAILABLE = -4,	/* no backend gives what was asked */
	CONTAIN_E_EXEC = -5,		/* the command was not executed, errnum
					   says why: ENOENT, EACCES, ... */
	CONTAIN_E_TIMEOUT = -6,		/* the deadline of the call passed */
	CONTAIN_E_PRIVILEGE = -7,	/* set-uid, set-gid or with file
					   capabilities: refused */
	CONTAIN_E_STATE = -8,		/* not now: the group has ended, ... */
	CONTAIN_E_WARDEN = -9		/* the warden died unasked */
};

/* Filled by a function that failed; fixed size, needs no release. */
struct contain_error {
	int code;		/* enum contain_code */
	int errnum;		/* errno of the failed call, or 0 */
	char step[32];		/* what was being done: "clone", "uid_map" */
	char message[1024];	/* one line, no newline: step, object, reason */
};

/* "usage", "system", ... for a code; "unknown" for any other number. */
CONTAIN_API const char *contain_code_name(int code);

/* ---- what can be had ----------------------------------------------- */

enum contain_backend {
	CONTAIN_BACKEND_AUTO = 0,	/* the strongest that works here */
	CONTAIN_BACKEND_PIDNS = 1,	/* a Linux PID namespace */
	CONTAIN_BACKEND_PTY = 2		/* a controlling terminal of its own */
};

/* What the kernel alone does when host and warden are SIGKILLed at once. */
enum contain_guarantee {
	CONTAIN_GUARANTEE_NONE = 0,	/* only as a requirement: anything */
	CONTAIN_GUARANTEE_SIGHUP = 1,	/* SIGHUP to the foreground group */
	CONTAIN_GUARANTEE_SIGKILL = 2	/* SIGKILL to every member */
};

/* What host or warden, while one of them lives, can find and SIGKILL. */
enum contain_reach {
	CONTAIN_REACH_SESSION = 1,
	CONTAIN_REACH_MARKED = 2,
	CONTAIN_REACH_DESCENDANTS = 3,
	CONTAIN_REACH_NAMESPACE = 4
};

/* Their names in reports: "pidns", "SIGKILL", "namespace", ...; NULL for a
 * number that is none of them. */
CONTAIN_API const char *contain_backend_name(enum contain_backend backend);
CONTAIN_API const char *
contain_guarantee_name(enum contain_guarantee guarantee);
CONTAIN_API const char *contain_reach_name(enum contain_reach reach);

/* One backend on this machine, now, for this process. */
struct contain_verdict {
	enum contain_backend backend;
	int usable;			/* 1: it was tried and works */
	enum contain_guarantee guarantee;
	enum contain_reach reach;
	int errnum;			/* not usable: errno of the step */
	char mechanism[128];		/* usable: how it is made */
	char step[32];			/* not usable: the step that failed */
	char reason[256];		/* why not, or what is missing from it;
					   empty if nothing is */
	char remedy[256];		/* what to change; may be empty */
};

/* How many verdicts there can be. */
#define CONTAIN_VERDICTS_MAX 4

/* ---- options ------------------------------------------------------- */

/* Copied by contain_spawn: may be changed, reused or freed right after. */
struct contain_options;

/* What contain -- CMD does by default.  NULL only when out of memory. */
CONTAIN_API struct contain_options *contain_options_new(void);
CONTAIN_API void contain_options_free(struct contain_options *options);

/* Default CONTAIN_BACKEND_AUTO. */
CONTAIN_API int contain_options_set_backend(struct contain_options *options,
    enum contain_backend backend, struct contain_error *err);

/* Fail rather than run with less.  Default CONTAIN_GUARANTEE_NONE. */
CONTAIN_API int contain_options_set_require(struct contain_options *options,
    enum contain_guarantee guarantee, struct contain_error *err);

/* End the group this long after the command started; default 0, never. */
CONTAIN_API int contain_options_set_timeout_ms(struct contain_options *options,
    int64_t timeout_ms, struct contain_error *err);

/* The signal that the timeout sends; default SIGTERM; 0 sends none. */
CONTAIN_API int contain_options_set_signal(struct contain_options *options,
    int signum, struct contain_error *err);

/* How long after a request to end the command may live; default 5,000,
 * 0 means for ever. */
CONTAIN_API int
contain_options_set_kill_after_ms(struct contain_options *options,
    int64_t kill_after_ms, struct contain_error *err);

/* How long leftovers may go on, unasked, once the command has ended. */
CONTAIN_API int contain_options_set_linger_ms(struct contain_options *options,
    int64_t linger_ms, struct contain_error *err);

/* How long leftovers have from SIGHUP to SIGKILL; default -1, the backend's
 * own: 0 with pidns (no SIGHUP, SIGKILL at once), 1,000 with pty. */
CONTAIN_API int contain_options_set_grace_ms(struct contain_options *options,
    int64_t grace_ms, struct contain_error *err);

/* Whom contain_signal, contain_forward and contain_end reach. */
enum contain_forward {
	CONTAIN_FORWARD_GROUP = 0,	/* the command's process group */
	CONTAIN_FORWARD_COMMAND = 1	/* the command alone */
};
CONTAIN_API int contain_options_set_forward(struct contain_options *options,
    enum contain_forward forward, struct contain_error *err);

/* Which process group the command starts in. */
enum contain_pgrp {
	CONTAIN_PGRP_OWN = 0,		/* a new one (default) */
	CONTAIN_PGRP_SHARED = 1,	/* the host's: a foreground job */
	CONTAIN_PGRP_AUTO = 2		/* shared if the host is in the
					   foreground of its controlling
					   terminal when it spawns */
};
CONTAIN_API int contain_options_set_pgrp(struct contain_options *options,
    enum contain_pgrp pgrp, struct contain_error *err);

/* /proc inside a PID namespace. */
enum contain_proc {
	CONTAIN_PROC_AUTO = 0,		/* a fresh one where allowed */
	CONTAIN_PROC_MOUNT = 1,		/* a fresh one, or fail */
	CONTAIN_PROC_KEEP = 2		/* the caller's, and its mounts */
};
CONTAIN_API int contain_options_set_proc(struct contain_options *options,
    enum contain_proc proc, struct contain_error *err);

/* How far the pty backend reaches; where the system cannot do as much, it is
 * less.  Default CONTAIN_REACH_DESCENDANTS. */
CONTAIN_API int contain_options_set_reach(struct contain_options *options,
    enum contain_reach reach, struct contain_error *err);

/*
 * Who gets what members write to their controlling terminal, where that is one
 * that the pty backend made: called in the host's thread from within
 * contain_spawn, contain_wait and other calls that hear the warden.  Default
 * NULL: it is thrown away.  A host that does neither for long stops members
 * that write there, as the terminal's buffer is full.
 */
typedef void contain_output_fn(const char *data, size_t size, void *arg);
CONTAIN_API int contain_options_set_output(struct contain_options *options,
    contain_output_fn *output, void *arg, struct contain_error *err);

/* Where the host is with respect to its controlling terminal. */
enum contain_ground { CONTAIN_BACKGROUND = 0, CONTAIN_FOREGROUND = 1 };

/*
 * The host's controlling terminal, which is to serve the group.  With a backend
 * that makes a terminal of its own (pty), that one is as the host's is, and the
 * host copies bytes between the two, see contain_terminal.  With any backend
 * the warden holds fd and gives the terminal the modes back that it had, should
 * the host be killed.  Default NULL: no terminal is served.
 */
struct contain_terminal {
	int fd;			/* open for reading and writing with
				   O_NONBLOCK as long as the group lives,
				   best close-on-exec */
	unsigned stdio;		/* bit N: the command's descriptor N, 0 to 2,
				   is this terminal */
	enum contain_ground ground;	/* where the command starts */
};
CONTAIN_API int contain_options_set_terminal(struct contain_options *options,
    const struct contain_terminal *terminal, struct contain_error *err);

/* What the host promises about itself. */
enum contain_host {
	/* Any program (default).  When the thread that spawned the group ends,
	 * a stopped warden is continued so that it can look at the host. */
	CONTAIN_HOST_ANY = 0,
	/* The spawning thread lives exactly as long as the host: the kernel
	 * SIGKILLs the warden when it ends (prctl(2), PR_SET_PDEATHSIG). */
	CONTAIN_HOST_ONE_THREAD = 1,
	/* As ONE_THREAD, and as PID 1 of a PID namespace the host owns all of
	 * it: that namespace is used instead of a new one, and every process
	 * in it but the host is ended with the group. */
	CONTAIN_HOST_OWNS_NAMESPACE = 2
};
CONTAIN_API int contain_options_set_host(struct contain_options *options,
    enum contain_host host, struct contain_error *err);

/* What is told of leftovers beside name and parent.  To read the command line
 * of a process is to read its memory, which can take long on a machine that is
 * short of it, and for ever if the process has put it there on purpose. */
enum contain_details {
	CONTAIN_DETAILS_NONE = 0,	/* (default) */
	CONTAIN_DETAILS_COMMAND = 1	/* age and command line */
};
CONTAIN_API int contain_options_set_details(struct contain_options *options,
    enum contain_details details, struct contain_error *err);

/* What contain_wait tells beside the end. */
enum contain_stops {
	CONTAIN_STOPS_UNSEEN = 0,	/* nothing (default) */
	CONTAIN_STOPS_REPORTED = 1	/* returns CONTAIN_STOPPED when the
					   command stops, as WUNTRACED does */
};
CONTAIN_API int contain_options_set_stops(struct contain_options *options,
    enum contain_stops stops, struct contain_error *err);

/* What the warden is. */
enum contain_warden {
	/* A copy of the host (default), as fork(2) makes it: the more memory
	 * the host has, the longer that takes, doc/cost.txt. */
	CONTAIN_WARDEN_COPY = 0,
	/* A program of its own, contain-warden as it was installed with the
	 * library, or what CONTAIN_WARDEN in the environment names; that takes
	 * the same time from every host.  The kernel tells of its end as of any
	 * other child's: the host promises that it calls neither wait(2) nor
	 * waitpid(-1, ...) while it has a group.  A copy it is all the same for
	 * contain_fork, where the host ignores SIGCHLD, on systems other than
	 * Linux, and where the program cannot be executed, or is another
	 * version's. */
	CONTAIN_WARDEN_PROGRAM = 1
};
CONTAIN_API int contain_options_set_warden(struct contain_options *options,
    enum contain_warden warden, struct contain_error *err);

/* The signal mask that the command starts with; NULL (default): the mask of the
 * thread that spawns it. */
CONTAIN_API int contain_options_set_mask(struct contain_options *options,
    const sigset_t *mask, struct contain_error *err);

/* ---- options of the command's process ------------------------------ */

/*
 * Strings and lists are copied at once; NULL is the default, and sets it
 * again.  Descriptors are looked at by contain_spawn, and have to be open until
 * then.
 */

/* The file to execute instead of argv[0], which stays the command's name; looked
 * up in the host's PATH if it has no slash. */
CONTAIN_API int contain_options_set_path(struct contain_options *options,
    const char *path, struct contain_error *err);

/* "NAME=value", ending with NULL; default: the host's environment.
 * CONTAIN_BACKEND, CONTAIN_GUARANTEE and CONTAIN_GROUP are set in either. */
CONTAIN_API int
contain_options_set_environment(struct contain_options *options,
    char *const env[], struct contain_error *err);

/* The working directory; a relative one is below the host's. */
CONTAIN_API int contain_options_set_directory(struct contain_options *options,
    const char *directory, struct contain_error *err);

/* Descriptor command_fd of the command is the host's fd, close-on-exec or not;
 * fd -1: it is closed.  The last call for a command_fd counts; any number of
 * them, also in circles, as 3 for 4 and 4 for 3. */
CONTAIN_API int contain_options_set_fd(struct contain_options *options,
    int command_fd, int fd, struct contain_error *err);

/* What 0, 1 and 2 are. */
enum contain_stdio {
	CONTAIN_STDIO_INHERIT = 0,	/* the host's (default) */
	CONTAIN_STDIO_PIPE = 1,		/* a pipe, see contain_take_stdio */
	CONTAIN_STDIO_NULL = 2,		/* /dev/null */
	CONTAIN_STDIO_STDOUT = 3	/* only 2: the same as 1 */
};
CONTAIN_API int contain_options_set_stdio(struct contain_options *options,
    int command_fd, enum contain_stdio how, struct contain_error *err);

/* Which other descriptors of the host the command has. */
enum contain_descriptors {
	CONTAIN_DESCRIPTORS_ALL = 0,	/* all not close-on-exec (default) */
	CONTAIN_DESCRIPTORS_LISTED = 1	/* 0, 1, 2 and those that were set */
};
CONTAIN_API int
contain_options_set_descriptors(struct contain_options *options,
    enum contain_descriptors descriptors, struct contain_error *err);

/* A limit of setrlimit(2) for the command; NULL: what the host has now. */
CONTAIN_API int contain_options_set_limit(struct contain_options *options,
    int resource, const struct rlimit *limit, struct contain_error *err);

/* ---- groups -------------------------------------------------------- */

struct contain_group;

/* What is in effect for a group. */
struct contain_effect {
	enum contain_backend backend;
	enum contain_guarantee guarantee;
	enum contain_reach reach;
	pid_t warden;			/* in the host's PID namespace */
	const char *mechanism;		/* "new PID namespace, ..." */
	const char *why_not_better;	/* reasons, "" if it is the best;
					   several are joined with "; " */
};

/*
 * Called in the host's thread when a backend is ready and before the command
 * is released; return 0 to release it, any other number to give up: then
 * nothing runs and contain_spawn fails with CONTAIN_E_STATE.
 */
typedef int contain_ready_fn(const struct contain_effect *effect, void *arg);
CONTAIN_API int contain_options_set_ready(struct contain_options *options,
    contain_ready_fn *ready, void *arg, struct contain_error *err);

/*
 * Start argv[0] (looked up in PATH as execvp(3) does) in a new group, with the
 * host's environment, working directory, signal mask, dispositions and those
 * descriptors that are not close-on-exec.  Returns when the command has been
 * executed, or has failed to be: nothing is left behind then.
 *
 * CONTAIN_E_EXEC, CONTAIN_E_UNAVAILABLE, CONTAIN_E_PRIVILEGE,
 * CONTAIN_E_SYSTEM, CONTAIN_E_MEMORY, CONTAIN_E_USAGE, CONTAIN_E_STATE,
 * CONTAIN_E_WARDEN.
 */
CONTAIN_API int contain_spawn(const struct contain_options *options,
    char *const argv[], struct contain_group **group,
    struct contain_error *err);

/*
 * fork(2) into a new group: returns the child's pid, as the host sees it, or a
 * negative code; and 0 in the child, where *group is NULL.  The child is the
 * group's command: it has what the command of contain_spawn has, its environment
 * too, and the host's memory and signal handlers.  What exit(3) runs, it runs.
 *
 * The limits are those of fork: only the calling thread is copied.  In the child
 * of a host with several threads only async-signal-safe calls may follow,
 * before an exec or _exit, and no fork handler (pthread_atfork) is run in it;
 * else these are run in the warden, before and after, and in the child.  The
 * child must not use groups or options that it inherited.
 */
CONTAIN_API pid_t contain_fork(const struct contain_options *options,
    struct contain_group **group, struct contain_error *err);

/* NULL for no group. */
CONTAIN_API const struct contain_effect *
contain_effect(const struct contain_group *group);

/* The command's process as the host sees it; 0 if that is not known.  It may
 * have ended: signal it with contain_signal. */
CONTAIN_API pid_t contain_pid(const struct contain_group *group);

/* The host's end of the pipe that command_fd is: the caller's from now on, to be
 * closed by it, close-on-exec.  CONTAIN_E_STATE: there is none, or it has been
 * taken.  Those that are not taken are closed by contain_free. */
CONTAIN_API int contain_take_stdio(struct contain_group *group,
    int command_fd, struct contain_error *err);

/* A descriptor that polls readable (POLLIN) when contain_wait has news.  It
 * stays the library's: do not read, write or close it. */
CONTAIN_API int contain_fd(const struct contain_group *group);

/*
 * For programs that do nothing but run a command: close every descriptor of
 * the process except the group's own and those in keep[], so that no
 * end-of-file is delayed by the host; count at most 48.
 */
CONTAIN_API int contain_drop_descriptors(const struct contain_group *group,
    const int *keep, size_t count, struct contain_error *err);

/* Send a signal once.  CONTAIN_E_STATE once the group has ended. */
CONTAIN_API int contain_signal(struct contain_group *group, int signum,
    struct contain_error *err);

/* Who sent a signal that the host itself got. */
enum contain_origin {
	CONTAIN_FROM_PROCESS = 0,
	CONTAIN_FROM_TERMINAL = 1	/* ^C, ^Z, a new size, ... */
};

/* Pass on a signal that the host itself got.  As contain_signal, but with
 * CONTAIN_PGRP_SHARED it is left out when it went to the whole process group,
 * because then the command has it already: what the terminal sends always
 * does, what a process sends may. */
CONTAIN_API int contain_forward(struct contain_group *group, int signum,
    enum contain_origin origin, struct contain_error *err);

/* Ask the group to end: pass signum on as contain_forward does (0: none), then
 * SIGKILL after kill_after_ms.  A second call ends it at once. */
CONTAIN_API int contain_end(struct contain_group *group, int signum,
    struct contain_error *err);

/* Send signum to the calling process whenever contain_wait has news, and now if
 * it has; 0: no more.  For a host that is about to stop itself.  Where the system cannot,
 * nothing happens. */
CONTAIN_API void contain_notify(const struct contain_group *group, int signum);

/* Is the command stopped at this moment?  1, 0 or a negative code.  Asks the
 * warden and waits for its answer. */
CONTAIN_API int contain_is_stopped(struct contain_group *group,
    struct contain_error *err);

/* ---- the host's terminal ------------------------------------------- */

/*
 * With contain_options_set_terminal and a backend that makes a terminal: its
 * master, else -1.  The host reads it and writes that to its own terminal, and
 * in the foreground the other way round.  It does not block.  It stays the
 * library's, to be polled, read and written, and is closed at the end.
 */
CONTAIN_API int contain_terminal(const struct contain_group *group);

/*
 * The host has come to the foreground of its terminal, or leaves it, or looks
 * again.  With a backend that makes a terminal, for CONTAIN_FOREGROUND the
 * host's becomes raw (but OPOST stays on unless 0 and 1 are both in stdio, and
 * is the host's to switch), and the group's gets its size, those modes that
 * were changed meanwhile, and the command in its foreground; for CONTAIN_BACKGROUND
 * the host's gets its modes back, and the command is in the background as the
 * host is: it stops when it reads.  Otherwise it is only noted.
 */
CONTAIN_API int contain_set_ground(struct contain_group *group,
    enum contain_ground ground, struct contain_error *err);

/* The size of the host's terminal has changed: so does that of the group's.
 * 1 if it did, and so the kernel signals its foreground; 0 if it is the same or
 * there is none; or a negative code. */
CONTAIN_API int contain_resize(struct contain_group *group,
    struct contain_error *err);

/* SIGSTOP, or SIGCONT, to every member of the group, not to the command alone;
 * time goes on for timeouts.  They return when the signal has been sent. */
CONTAIN_API int contain_stop(struct contain_group *group,
    struct contain_error *err);
CONTAIN_API int contain_continue(struct contain_group *group,
    struct contain_error *err);

/* A process of the group, as the host's own process table has it. */
struct contain_member {
	pid_t pid;
	pid_t parent;
	uint64_t start;		/* the system's unit; with pid, an identity */
	char name[32];		/* the kernel's name for it */
};

/* Who is in the group now, the warden left out, in ascending order of pid where
 * the system can: at most max of them.  Returns how many there are, which may be
 * more, or a negative code; 0 once the group has ended. */
CONTAIN_API int contain_members(struct contain_group *group,
    struct contain_member *members, size_t max, struct contain_error *err);

/* ---- the end ------------------------------------------------------- */

enum contain_flag {
	CONTAIN_F_TIMED_OUT = 1,	/* the timeout expired */
	CONTAIN_F_ASKED = 2,		/* contain_end was called */
	CONTAIN_F_FORCED = 4,		/* the command itself was SIGKILLed
					   because it did not end in time */
	CONTAIN_F_WARDEN_DIED = 8	/* the warden was killed, and with it
					   the group; status is unknown */
};

/* A process that was alive when the command had ended. */
struct contain_leftover {
	pid_t pid;		/* as /proc inside the group shows it */
	pid_t parent;		/* its parent at that time, likewise */
	int took;		/* the signal that it took: SIGHUP, SIGKILL, or
				   0 if it ended by itself */
	char name[32];		/* the kernel's name for it */
	int64_t age_ms;		/* how long it had run; -1: not known, as all
				   is that CONTAIN_DETAILS_COMMAND asks for */
	char command[144];	/* how its command line starts, with blanks
				   between arguments; "" if not known */
};

struct contain_result {
	int status;			/* as from waitpid(2) */
	unsigned flags;			/* enum contain_flag */
	uint64_t leftovers;		/* how many there were; at least 1 if
					   there were any but no way to count */
	uint64_t ended;			/* how many of them had to be ended */
	size_t listed;			/* how many of them are in leftover[] */
	const struct contain_leftover *leftover; /* the group's */
	struct rusage usage;		/* of the whole group and the warden */
	int64_t elapsed_ms;		/* from release to the end of all */
};

/* contain_wait: the command has stopped; result->status as from waitpid. */
#define CONTAIN_STOPPED 1

/* contain_wait: nobody is alive, but contain_terminal may have output that was
 * not read yet.  Read it until there is no more, then call contain_wait again:
 * that lets go of it and gives the host's terminal its modes back, or those
 * that the command left there if it has exited. */
#define CONTAIN_LAST_OUTPUT 2

/*
 * Wait until nobody of the group is alive, at most timeout_ms (-1: for ever;
 * 0: just look).  0 and *result (which may be NULL) at the end, the same again
 * when called again; CONTAIN_STOPPED where that was asked for;
 * CONTAIN_LAST_OUTPUT, once, where there is a contain_terminal;
 * CONTAIN_E_TIMEOUT when there is no news yet.
 */
CONTAIN_API int contain_wait(struct contain_group *group, int64_t timeout_ms,
    struct contain_result *result, struct contain_error *err);

/* End what still runs, at once and with SIGKILL, and release everything. */
CONTAIN_API void contain_free(struct contain_group *group);

/* ---- probing ------------------------------------------------------- */

/*
 * Try each backend that options allow (NULL: every one) for real, without
 * running anything, strongest first.  Returns how many verdicts were written,
 * at most max, or a negative code.
 */
CONTAIN_API int contain_probe(const struct contain_options *options,
    struct contain_verdict *verdicts, size_t max, struct contain_error *err);

/* ---- sweeping ------------------------------------------------------ */

enum contain_sweep_how {
	CONTAIN_SWEEP_END = 0,		/* end them */
	CONTAIN_SWEEP_LOOK = 1		/* only tell */
};

/* A process whose group has lost both host and warden. */
struct contain_stray {
	pid_t pid;
	char name[32];			/* the kernel's name for it */
	char group[72];			/* the mark of its group */
};
typedef void contain_stray_fn(const struct contain_stray *stray, void *arg);

/*
 * Find what is left of groups of the caller's own user whose host and warden
 * have both been killed at once, by their mark; tell each (stray may be NULL),
 * and end them: SIGHUP, grace_ms later SIGKILL.  A group that has either of the
 * two is not touched.  How many there were, or a negative code.
 */
CONTAIN_API int contain_sweep(enum contain_sweep_how how, int64_t grace_ms,
    contain_stray_fn *stray, void *arg, struct contain_error *err);

/* "0.1.0" */
CONTAIN_API const char *contain_version(void);

#ifdef __cplusplus
}
#endif

#endif /* CONTAIN_H */
