/*
 * life.h: the life of a group as the warden drives it; drawn in warden.h.
 *
 * Warden only; async-signal-safe, no allocation.
 */
#ifndef CTN_LIFE_H
#define CTN_LIFE_H

#include <sys/types.h>
#include <signal.h>
#include <stdint.h>

#include "backend.h"
#include "leftovers.h"

enum ctn_life_state {
	CTN_GATED,		/* set up, waiting for the host's go */
	CTN_RUNNING,
	CTN_ENDING,		/* the command was asked to end */
	CTN_LINGERING,		/* it has ended; leftovers may go on */
	CTN_HANGING_UP,		/* they got SIGHUP */
	CTN_KILLING,		/* they got SIGKILL */
	CTN_REPORTED,		/* the host has the report; it lets us go */
	CTN_LIFE_STATES
};

enum ctn_life_event {
	CTN_RELEASED,		/* the host said go */
	CTN_COMMAND_ENDED,	/* and somebody is left */
	CTN_NOBODY_LEFT,
	CTN_ASKED,		/* the host asks for the end */
	CTN_TIME_UP,		/* the state's deadline has passed */
	CTN_HOST_DIED,
	CTN_LIFE_EVENTS
};

struct ctn_life {
	struct ctn_attempt *attempt;
	enum ctn_life_state state;
	int64_t deadline_ms;	/* of the state, CTN_NEVER if it has none */
	pid_t command;		/* 0 before it runs and once it is reaped */
	int status;		/* the command's, once it is reaped */
	unsigned flags;		/* enum contain_flag */
	int stopped_by;		/* the command is stopped by this, or 0 */
	int host_watch;
	int hangup_watch;	/* a slave, or -1; see ctn_attempt.slave_fd */
	int64_t look_ms;	/* see ctn_attempt.look_ms; grows */
	int sigchld_was_ignored;
	pid_t foreground;	/* the process group to put back in the
				   foreground of our terminal; 0: none */
	int has_left;		/* the host has died, and its terminal had */
	struct termios left;	/* these modes then */
	uint64_t ended;		/* leftovers that did not end by themselves */
	uint64_t total;		/* of the leftovers, listed or not */
	struct ctn_leftovers *leftovers;	/* NULL until there are some */
};

/* Take the step that the table has for event in the current state. */
void	ctn_life_handle(struct ctn_life *life, enum ctn_life_event event);

/* How long to wait for something to happen, for poll. */
int64_t	ctn_life_wait_ms(const struct ctn_life *life);

/* Nothing has happened for so long: look whether members have ended unseen, or
 * have escaped what was sent to them. */
void	ctn_life_look(struct ctn_life *life);

/* Reap whoever has ended, note whether the command stopped or went on, and
 * handle the events that follow. */
void	ctn_life_reap(struct ctn_life *life);

#endif
