/* life.c: the life of a group, as a table of steps */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "command.h"
#include "deliver.h"
#include "fd.h"
#include "fork.h"
#include "guard.h"
#include "life.h"
#include "os/start.h"
#include "warden.h"

/* However long it takes, a member's end is seen this soon. */
#define LOOK_MOST_MS 100

typedef void step(struct ctn_life *life);

static void
enter(struct ctn_life *life, enum ctn_life_state state, int64_t after_ms)
{
	life->state = state;
	life->deadline_ms = after_ms > 0 ? ctn_clock_deadline_ms(after_ms) :
	    CTN_NEVER;
	life->look_ms = life->attempt->look_ms;
}

/* In these states members may end, or escape, without a signal that tells. */
static int
looks(const struct ctn_life *life)
{
	return life->look_ms > 0 && (life->state == CTN_LINGERING ||
	    life->state == CTN_HANGING_UP || life->state == CTN_KILLING);
}

int64_t
ctn_life_wait_ms(const struct ctn_life *life)
{
	int64_t left_ms = ctn_clock_left_ms(life->deadline_ms);

	if (looks(life) && (left_ms == -1 || left_ms > life->look_ms))
		return life->look_ms;
	return left_ms;
}

/* Nothing of ours may keep a file open that the command has: an end-of-file
 * must come when the command closes it, and a file system must stay free.  The
 * host's terminal, if the warden guards it, is the exception. */
static void
let_go(const struct ctn_life *life)
{
	int keep[] = { life->attempt->warden_end.fd, life->host_watch,
		life->attempt->slave_fd, life->attempt->guards ?
		life->attempt->options->terminal.fd : -1 };

	ctn_fd_close_all_but(keep, sizeof(keep) / sizeof(keep[0]));
	if (chdir("/") == -1)
		return;		/* keeps a mount busy, no more */
}

/* Nothing runs: say so and go. */
static _Noreturn void
fail(const struct ctn_life *life, enum ctn_message_type type, int errnum)
{
	ctn_warden_tell(life->attempt, type, errnum);
	ctn_os_exit(1);
}

/* A warden that guards a terminal sees meanwhile that the host has died; the
 * host says nothing before it is told of the start. */
static void
start(struct ctn_life *life)
{
	struct ctn_attempt *attempt = life->attempt;
	const struct pollfd host[CTN_START_WATCH_MAX] = {
		{ attempt->warden_end.fd, 0, 0 },
		{ life->host_watch, POLLIN, 0 },
		{ life->hangup_watch, 0, 0 },
	};
	struct ctn_command_setup setup = {
		.owns_pgrp = !attempt->shares_pgrp,
		.terminal = attempt->slave_fd,
		.is_foreground = !attempt->relays ||
		    attempt->ground == CONTAIN_FOREGROUND,
		.stdio = attempt->relays ? attempt->options->terminal.stdio :
		    0,
		.ignores_sigchld = life->sigchld_was_ignored,
		.mask = attempt->options->has_mask ?
		    &attempt->options->mask : &attempt->caller_mask,
		.leash = &attempt->warden_end,
		.watch = host,
		.watch_count = attempt->guards ? CTN_START_WATCH_MAX : 0,
	};
	int failure = 0;

	attempt->step = "fork";
	life->command = attempt->fork != NULL ?
	    ctn_fork_start(attempt, &setup) :
	    ctn_command_start(attempt->command, &setup, &failure);
	if (life->command == -1)
		fail(life, CTN_FAILED, errno);
	if (failure != 0)
		fail(life, CTN_EXEC_FAILED, failure);
	/* a copy tells it itself; a host that has died is seen soon enough */
	if (attempt->fork == NULL)
		ctn_warden_tell(attempt, CTN_STARTED, (int)attempt->made);
	enter(life, CTN_RUNNING, attempt->options->timeout_ms);
	let_go(life);
}

/* Nothing is left to be done. */
static void
give_up(struct ctn_life *life)
{
	(void)life;
	ctn_os_exit(1);
}

/* All have ended at the moment at which the host died, so that nobody has told
 * us of that yet. */
static void
note_lost_host(struct ctn_life *life)
{
	ctn_guard_hear_last(life);
	ctn_guard_host_died(life);
	ctn_fd_close(&life->attempt->warden_end.fd);
}

/* The host has let go, or has died. */
static void
leave(struct ctn_life *life)
{
	ctn_guard_group_ended(life);
	ctn_os_exit(0);
}

static void
finish(struct ctn_life *life)
{
	const struct ctn_leash *leash = &life->attempt->warden_end;
	struct ctn_message message;

	ctn_leftovers_send(life->leftovers, leash);
	memset(&message, 0, sizeof(message));
	message.type = CTN_DONE;
	/* who is alive now is killed by the kernel, when we are gone */
	message.number = life->command != 0 ? SIGKILL : life->status;
	message.second = (int32_t)life->flags;
	message.third = life->ended > INT32_MAX ? INT32_MAX :
	    (int32_t)life->ended;
	message.count = life->total;
	if (leash->fd != -1 &&
	    ctn_leash_send(leash, &message, CTN_LEASH_PATIENT) == -1)
		note_lost_host(life);
	if (leash->fd == -1)
		leave(life);
	/* the last words of a terminal of ours are still to be read; and until a
	 * host has given its own the modes back, it may be killed */
	if (life->attempt->slave_fd == -1 && !life->attempt->guards)
		ctn_os_exit(0);
	enter(life, CTN_REPORTED, 0);
}

static void
kill_all(struct ctn_life *life)
{
	struct ctn_attempt *attempt = life->attempt;

	if (life->command != 0)
		life->flags |= CONTAIN_F_FORCED;
	ctn_leftovers_mark(life->leftovers, SIGKILL);
	enter(life, CTN_KILLING, attempt->last_resort_ms);
	attempt->backend->kill_all(attempt);
}

static void
hang_up(struct ctn_life *life)
{
	struct ctn_attempt *attempt = life->attempt;
	int64_t grace_ms = attempt->options->grace_ms;

	if (grace_ms == CTN_GRACE_DEFAULT)
		grace_ms = attempt->backend->grace_ms;
	if (grace_ms == 0) {
		kill_all(life);
		return;
	}
	ctn_leftovers_mark(life->leftovers, SIGHUP);
	enter(life, CTN_HANGING_UP, grace_ms);
	attempt->backend->hang_up(attempt);
}

static void
take_leftovers(struct ctn_life *life, pid_t command)
{
	if (life->leftovers == NULL)
		life->leftovers = ctn_leftovers_new();
	if (life->leftovers == NULL) {
		life->total = ctn_leftovers_count(life->attempt);
		return;
	}
	ctn_leftovers_take(life->leftovers, life->attempt, command);
	life->total = life->leftovers->total;
}

static void
describe(struct ctn_life *life)
{
	if (life->attempt->options->details == CONTAIN_DETAILS_COMMAND)
		ctn_leftovers_describe(life->leftovers);
}

/* Whoever is left is a leftover, but not the command itself, if it did not end
 * in time: it has had its time, and is not hung up first. */
static void
end_all(struct ctn_life *life)
{
	take_leftovers(life, life->command);
	life->ended = life->total;
	if (life->command != 0) {
		life->flags |= CONTAIN_F_FORCED;
		kill(life->command, SIGKILL);
	}
	describe(life);
	hang_up(life);
}

static void
linger(struct ctn_life *life)
{
	int64_t linger_ms = life->attempt->options->linger_ms;

	if (linger_ms == 0) {
		end_all(life);
		return;
	}
	take_leftovers(life, 0);
	describe(life);
	enter(life, CTN_LINGERING, linger_ms);
}

/* Those that are alive still are the ones to complain of. */
static void
end_linger(struct ctn_life *life)
{
	life->ended = ctn_leftovers_count(life->attempt);
	hang_up(life);
}

/* The signal is on its way, by warden.c with a request or by end_timed_out; a
 * stopped command cannot end, so SIGCONT follows. */
static void
begin_end(struct ctn_life *life)
{
	ctn_deliver(life, SIGCONT);
	enter(life, CTN_ENDING, life->attempt->options->kill_after_ms);
}

static void
end_timed_out(struct ctn_life *life)
{
	life->flags |= CONTAIN_F_TIMED_OUT;
	ctn_deliver(life, life->attempt->options->signum);
	begin_end(life);
}

/* What is not here needs no step.  There is no lingering once the end was asked
 * for, and no list when nobody is left to report to. */
static step *const steps[CTN_LIFE_STATES][CTN_LIFE_EVENTS] = {
	[CTN_GATED] = {
		[CTN_RELEASED] = start,
		[CTN_HOST_DIED] = give_up,
	},
	[CTN_RUNNING] = {
		[CTN_COMMAND_ENDED] = linger,
		[CTN_NOBODY_LEFT] = finish,
		[CTN_ASKED] = begin_end,
		[CTN_TIME_UP] = end_timed_out,
		[CTN_HOST_DIED] = hang_up,
	},
	[CTN_ENDING] = {
		[CTN_COMMAND_ENDED] = end_all,
		[CTN_NOBODY_LEFT] = finish,
		[CTN_ASKED] = end_all,
		[CTN_TIME_UP] = end_all,
		[CTN_HOST_DIED] = hang_up,
	},
	[CTN_LINGERING] = {
		[CTN_NOBODY_LEFT] = finish,
		[CTN_ASKED] = end_linger,
		[CTN_TIME_UP] = end_linger,
		[CTN_HOST_DIED] = hang_up,
	},
	[CTN_HANGING_UP] = {
		[CTN_NOBODY_LEFT] = finish,
		[CTN_ASKED] = kill_all,
		[CTN_TIME_UP] = kill_all,
	},
	[CTN_KILLING] = {
		[CTN_NOBODY_LEFT] = finish,
		[CTN_TIME_UP] = finish,
	},
	[CTN_REPORTED] = {
		[CTN_HOST_DIED] = leave,
	},
};

void
ctn_life_handle(struct ctn_life *life, enum ctn_life_event event)
{
	step *next = steps[life->state][event];

	if (next != NULL)
		next(life);
}

static void
note_stop(struct ctn_life *life, int signum)
{
	life->stopped_by = signum;
	if (life->attempt->options->stops == CONTAIN_STOPS_REPORTED)
		ctn_leash_say(&life->attempt->warden_end, CTN_STOPPED, signum);
}

/* What waitpid said of the command; returns 1 if it has ended. */
static int
note_command(struct ctn_life *life, int status)
{
	if (WIFSTOPPED(status)) {
		note_stop(life, WSTOPSIG(status));
		return 0;
	}
	if (WIFCONTINUED(status)) {
		life->stopped_by = 0;
		return 0;
	}
	life->status = status;
	life->command = 0;
	life->stopped_by = 0;	/* that it went on may not have been told */
	return 1;
}

void
ctn_life_reap(struct ctn_life *life)
{
	struct ctn_attempt *attempt = life->attempt;
	int status, ended = 0;
	pid_t pid;

	for (;;) {
		pid = waitpid(-1, &status, WNOHANG | WUNTRACED | WCONTINUED);
		if (pid == -1 && errno == EINTR)
			continue;
		if (pid <= 0)
			break;
		if (pid == life->command)
			ended = note_command(life, status);
	}
	if (pid == -1 && errno == ECHILD && life->state != CTN_GATED &&
	    life->state != CTN_REPORTED &&
	    !attempt->backend->anybody_left(attempt))
		ctn_life_handle(life, CTN_NOBODY_LEFT);
	else if (ended)
		ctn_life_handle(life, CTN_COMMAND_ENDED);
}

void
ctn_life_look(struct ctn_life *life)
{
	if (!looks(life))
		return;
	ctn_life_reap(life);
	if (!looks(life))
		return;
	if (life->state == CTN_KILLING)
		life->attempt->backend->kill_all(life->attempt);
	if (life->look_ms < LOOK_MOST_MS)
		life->look_ms *= 2;
}
