/*
 * torture.h: every system call failing, every instant killed.
 *
 *	driver ── worker, PID 1 of a PID namespace of its own
 *	            └─ host, traced ── warden, traced ── command, until its exec
 *
 * A worker makes one run after the other, each with one thing done to it.  As
 * PID 1 it adopts whatever a run leaves: when it has no child any more, nobody
 * is left.
 */
#ifndef TORTURE_H
#define TORTURE_H

#include <sys/types.h>
#include <stddef.h>
#include <stdint.h>
#include <termios.h>

/* ---- who makes system calls ----------------------------------------- */

enum role {
	ROLE_HOST,
	ROLE_WARDEN,
	ROLE_COMMAND,		/* until its exec: it is contain's own code */
	ROLES
};

extern const char *const role_names[ROLES];

/* ---- what is done to a run ------------------------------------------ */

enum deed {
	DEED_NONE,
	DEED_FAIL,		/* a call fails, once */
	DEED_FAIL_EVER,		/* it fails from then on, for the process */
	DEED_KILL,		/* who calls gets SIGKILL */
	DEED_TERM,
	DEED_STOP_KILL,		/* SIGSTOP, and SIGKILL a moment later */
	DEED_KILL_BOTH,		/* host and warden get SIGKILL */
	DEED_FREEZE,		/* the warden gets SIGSTOP, the host SIGKILL */
	DEEDS
};

extern const char *const deed_names[DEEDS];

/* Instead of an errno: the call does half of what it was asked. */
#define ERRNO_SHORT (-1)

struct plan {
	enum deed deed;
	enum role role;
	long call;		/* the number of the call; -1: any */
	unsigned nth;		/* of these calls by this role, from 1 */
	int errnum;
};

/* ---- calls.c: what can fail, and how -------------------------------- */

struct call {
	long number;
	const char *name;
	int errnums[12];	/* ends with 0 */
};

/* The errnos of a call; none for one that cannot fail. */
const struct call *call_of(long number);
const char *call_name(long number);

/* ---- trace.c: one run under ptrace ---------------------------------- */

enum { CALLS_MAX = 600 };	/* who makes more is let go */

struct trace {
	/* what was called, in order, from the first line of main on */
	long calls[ROLES][CALLS_MAX];
	unsigned count[ROLES];
	int was_done;		/* the deed */
	int status;		/* of the host, as waitpid says it */
	int has_ended;		/* it did */
	int is_late;		/* it did, and somebody was alive still */
	int survivors;		/* at the deadline */
	int is_hung;		/* so was the host */
	char who[256];		/* survivors, named */
};

/* A program for the host that waits until it is traced. */
typedef void launch_fn(void *arg);

void	trace_run(const struct plan *plan, launch_fn *launch, void *arg,
	    struct trace *trace);

/* ---- poke.c: changing a call; 0 or -1 ------------------------------- */

int	poke_skip(pid_t pid);			/* at its entry */
int	poke_result(pid_t pid, int errnum);	/* at its exit */
int	poke_shorten(pid_t pid, long call, const uint64_t args[6]);

/* ---- scenario.c ------------------------------------------------------ */

enum { ARGS_MAX = 12 };

struct scenario {
	const char *name;
	const char *backend;	/* that is to be in effect */
	int may_fall_back;	/* to pty */
	int has_terminal;
	int status;		/* the exit status of a good run */
	const char *argv[ARGS_MAX];	/* "contain", "host", "prey": programs
					   in the stage */
};

extern const struct scenario scenarios[];
extern const size_t scenarios_count;

/* ---- trace.c, too: fork, however full the machine is ---------------- */

pid_t	fork_patiently(void);

/* ---- world.c --------------------------------------------------------- */

struct world {
	char stage[256];	/* the programs are here */
	char out[300], err[300];	/* what a run wrote */
	int terminal;		/* the worker's controlling one */
	int as_nobody;
	struct termios modes;
};

/* Run work(arg) as PID 1 of a new PID namespace.  Its exit status, or -1 with
 * the reason in why. */
int	world_run(const char *stage, int (*work)(void *), void *arg,
	    char *why, size_t size);

/* In the worker: make the place ready; 0 or -1 with the reason in why. */
int	world_furnish(struct world *world, char *why, size_t size);

/* ---- judge.c --------------------------------------------------------- */

enum verdict {
	VERDICT_PASSED,		/* as if nothing had happened */
	VERDICT_FELL_BACK,	/* auto took pty, and said why */
	VERDICT_REFUSED,	/* 125, 126, 127 and one line */
	VERDICT_ENDED,		/* as whoever was killed */
	VERDICT_FAULT,
	VERDICTS
};

int	judge_usable(const struct world *world, const char *backend);

/* One run of a scenario with a plan. */
enum verdict judge_run(struct world *world, const struct scenario *scenario,
	    const struct plan *plan, struct trace *trace, char *why,
	    size_t size);

#endif
