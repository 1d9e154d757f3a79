/*
 * fork.h: a command that is a copy of the host, contain_fork.
 *
 *     host ─ contain_fork ─ ... ─ clone ─▶ warden ─ fork ─▶ the copy
 *       ▲                                                      │
 *       returns the pid            jumps back into contain_fork and returns 0
 *
 * The warden runs on a copy of the host's stack, below contain_fork's frame;
 * the copy is made by the warden's fork and so has that frame, too.
 */
#ifndef CTN_FORK_H
#define CTN_FORK_H

#include <setjmp.h>
#include <signal.h>

#include "backend.h"
#include "command.h"

struct ctn_fork {
	sigjmp_buf back;		/* into contain_fork */
	int is_threaded;		/* the host is */
	struct ctn_fitting *fitting;	/* the pipes' ends, closed in the copy */
	struct sigaction actions[CTN_NSIG];	/* the host's */
};

/* Warden: make the copy.  Its pid, or -1 with errno; in the copy it does not
 * return. */
pid_t	ctn_fork_start(struct ctn_attempt *attempt,
	    const struct ctn_command_setup *setup);

#endif
