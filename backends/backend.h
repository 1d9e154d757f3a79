/*
 * backend.h: what a backend is.  The written contract of each slot; every slot
 * is filled in every backend.
 *
 * A backend makes the warden's process and answers the questions that differ;
 * the core does the rest and knows no backend by name.  Backends do not
 * include each other.  To add one: a file here, a row in src/registry.c, a row
 * in contain-backends(7).
 */
#ifndef CTN_BACKEND_H
#define CTN_BACKEND_H

#include <sys/types.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <termios.h>

#include "contain.h"
#include "leash.h"
#include "os/os.h"
#include "options.h"

struct ctn_backend;
struct ctn_command;

/*
 * One try to start a group with one backend.  Made in the host; the warden
 * works on the copy that the fork gave it, or on what request.h makes of it.
 */
struct ctn_attempt {
	const struct ctn_backend *backend;
	const struct contain_options *options;
	struct ctn_command *command;	/* NULL: only a probe */
	struct ctn_fork *fork;		/* the command is a copy of the host, not
					   executed; else NULL */
	const char *program;		/* to be executed as the warden; NULL: a
					   copy of the host is the warden */
	uint64_t privilege;		/* what such a program must still have */
	int terminal_closes;		/* options->terminal.fd is close-on-exec;
					   known once it was executed */
	int words;			/* how many the warden has said; -1: not
					   known */
	int is_unfit;			/* a copy may do what a program could
					   not */
	int is_gated;			/* the host wants to hear READY before
					   it says go */
	int guards;			/* options->terminal.fd is a terminal,
					   and found has its modes */
	struct termios found;
	int was_foreground;		/* found is from there: not the modes
					   of a shell that reads a line */
	enum contain_ground ground;	/* of the host */
	int shares_pgrp;		/* host, warden and command are in one
					   process group */
	int has_no_tty;			/* the host has no controlling terminal;
					   0: it may */
	sigset_t caller_mask;		/* the host's signal mask */
	unsigned long uid;		/* the host's effective ids */
	unsigned long gid;
	struct ctn_leash host_end;	/* closed in the warden */
	struct ctn_leash warden_end;	/* closed in the host */
	int host_watch;			/* readable when the host has died, or
					   -1; closed in the host */
	int warden_watch;		/* readable when the warden has died,
					   or -1; not in the warden */
	pid_t host;			/* as the host knows itself */
	pid_t warden;			/* in the host's PID namespace */
	pid_t command_pid;		/* likewise, once it exists */
	int was_released;		/* the command may be running */

	int has_handlers;		/* in the warden: it may have the
					   host's signal handlers */

	/* for the backend */
	enum contain_reach reach;	/* in effect; settle may lower it */
	unsigned made;			/* bits: how it was made; what settle
					   sets there reaches the host */
	const char *step;		/* what is being done, named when it
					   fails: a constant string, < 32 */
	const char *lack_step;		/* an optional step that failed, and */
	int lack_errnum;		/* its errno; reaches the host too */
	char lack_text[32];		/* the host's copy of that step */
	int64_t last_resort_ms;		/* how long SIGKILL may take before the
					   warden reports all the same; 0: for
					   ever.  Set where the host's own end
					   ends the rest */
	int64_t look_ms;		/* once the command has ended, look for
					   members this soon, then twice as
					   late each time; 0: never, SIGCHLD
					   tells the end of each */
	int terminal;			/* a master that the host must drain, or
					   -1; closed in the warden */
	int drains;			/* the library may read it */
	int relays;			/* the host does that, and its terminal
					   and this one are as one */
	char slave[32];			/* its slave */
	int slave_fd;			/* warden: open for life, or -1 */
	uint64_t warden_start;		/* host: see ctn_process */
	char mark[CTN_MESSAGE_TEXT];	/* host: the group's */
	struct ctn_table table;		/* for looking at all processes */
	struct ctn_table known;		/* the members of the last look */
	int kill_rounds;		/* how often kill_all was called */
};

/* One member; NULL for one that is there but was not looked at. */
typedef void ctn_member_fn(const struct ctn_process *member, void *arg);

struct ctn_backend {
	enum contain_backend id;
	enum contain_guarantee guarantee;
	enum contain_reach reach;	/* at best */
	int64_t grace_ms;		/* the default of grace_ms */
	int mounts_proc;		/* it can do CONTAIN_PROC_MOUNT */
	int may_outlive;		/* a group may outlive host and warden:
					   then its mark needs their start
					   times, which cost about 0.1 ms */

	/* Host, all signals blocked.  Make the warden's process; returns twice
	 * as fork(2) does, or once where it executed attempt->program; if it
	 * could not, that is NULL by then.  -1 with errno and attempt->step,
	 * nothing held.  The process must not raise SIGCHLD in the host where
	 * the system lets one choose. */
	pid_t (*create)(struct ctn_attempt *attempt);

	/* Warden, before it says READY: the rest of the set-up.  0, or -1 with
	 * errno and attempt->step; then the warden exits, and nothing may be
	 * left of it.  Async-signal-safe, as all that the warden calls. */
	int (*settle)(struct ctn_attempt *attempt);

	/* Warden: SIGHUP, then SIGCONT, to every member within reach, not to
	 * itself nor to the host.  Nobody there is no error. */
	void (*hang_up)(struct ctn_attempt *attempt);

	/* Warden: SIGKILL to the same.  Called again whenever it looked and
	 * found somebody. */
	void (*kill_all)(struct ctn_attempt *attempt);

	/* Warden: a signal to the same that is neither of the two; after SIGSTOP
	 * all have it, however fast they fork. */
	void (*signal_all)(struct ctn_attempt *attempt, int signum);

	/* The command's process, when it is a copy of the host: give up what
	 * only the warden may have.  0 or -1 with errno. */
	int (*hand_over)(struct ctn_attempt *attempt);

	/* Warden, when it has no child left: is somebody else of the group
	 * alive within reach? */
	int (*anybody_left)(struct ctn_attempt *attempt);

	/* Warden: visit each living member within reach; behind the first
	 * looked_at of them, NULL will do.  -1 where members cannot be told,
	 * as there is no process table. */
	int (*visit)(struct ctn_attempt *attempt, size_t looked_at,
	    ctn_member_fn *visit, void *arg);

	/* Host: visit each living member within reach, not the warden, with the
	 * pids that the host sees.  -1 with errno. */
	int (*visit_outside)(struct ctn_attempt *attempt,
	    ctn_member_fn *visit, void *arg);

	/* Host: SIGKILL the warden, if it lives, and, once was_released, every
	 * member within the host's own reach.  attempt->warden is not reaped
	 * yet. */
	void (*destroy)(struct ctn_attempt *attempt);

	/* Host: let go of what create made, the warden being reaped. */
	void (*release)(struct ctn_attempt *attempt);

	/* Any process: find, tell and end what is left of this backend's groups,
	 * see contain_sweep.  How many, or a negative code. */
	int (*sweep)(enum contain_sweep_how how, int64_t grace_ms,
	    contain_stray_fn *stray, void *arg, struct contain_error *err);

	/* Host: how it is made, for reports; needs attempt->made. */
	void (*describe)(const struct ctn_attempt *attempt, char *mechanism,
	    size_t size);

	/* Host: in words, why step failed with errnum on this machine, and
	 * what to change.  Fills reason and remedy of *verdict. */
	void (*explain)(const char *step, int errnum,
	    struct contain_verdict *verdict);
};

#endif
