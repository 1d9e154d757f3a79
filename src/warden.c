/* warden.c: the loop of the one process between host and command */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "command.h"
#include "deliver.h"
#include "fd.h"
#include "guard.h"
#include "life.h"
#include "os/os.h"
#include "warden.h"

/* Its only work is to end ppoll: who ended is asked of waitpid. */
static void
wake_up(int signum)
{
	(void)signum;
}

/* A handler of the host's must run neither here nor in the child before its
 * exec.  What is ignored stays so: the command inherits that. */
static void
drop_handlers(void)
{
	struct sigaction action, none;
	int number;

	memset(&none, 0, sizeof(none));
	none.sa_handler = SIG_DFL;
	for (number = 1; number < CTN_NSIG; number++)
		if (ctn_os_sigaction(number, NULL, &action) == 0 &&
		    action.sa_handler != SIG_DFL &&
		    action.sa_handler != SIG_IGN)
			ctn_os_sigaction(number, &none, NULL);
}

/* Everything is blocked for good, but SIGCHLD while the warden waits. */
static void
arrange_signals(struct ctn_life *life, sigset_t *waiting)
{
	struct sigaction action, before;

	if (life->attempt->has_handlers)
		drop_handlers();
	memset(&action, 0, sizeof(action));
	action.sa_handler = wake_up;
	sigfillset(&action.sa_mask);
	sigaction(SIGCHLD, &action, &before);
	life->sigchld_was_ignored = before.sa_handler == SIG_IGN;
	ctn_os_sigfillset(waiting);
	ctn_os_sigmask(SIG_SETMASK, waiting, NULL);
	sigdelset(waiting, SIGCHLD);
}

/* The host has died or has let go.  Its descriptors would stay readable. */
static void
lose_host(struct ctn_life *life)
{
	ctn_guard_hear_last(life);
	ctn_fd_close(&life->attempt->warden_end.fd);
	ctn_fd_close(&life->host_watch);
	life->hangup_watch = -1;	/* the slave itself stays open */
	ctn_guard_host_died(life);
	ctn_life_handle(life, CTN_HOST_DIED);
}

static void
answer_stopped(struct ctn_life *life)
{
	struct ctn_message message;

	ctn_life_reap(life);	/* it may have been continued just now */
	memset(&message, 0, sizeof(message));
	message.type = CTN_STOPPED_ANSWER;
	message.number = life->stopped_by != 0;
	ctn_leash_send(&life->attempt->warden_end, &message,
	    CTN_LEASH_PATIENT);
}

static void
release(struct ctn_life *life, const struct ctn_message *message)
{
	struct ctn_command *command = life->attempt->command;

	if (command == NULL || life->state != CTN_GATED)
		return;
	memcpy(command->mark, message->text, sizeof(message->text));
	ctn_life_handle(life, CTN_RELEASED);
}

static void
pass_on(struct ctn_life *life, const struct ctn_message *message)
{
	enum contain_origin origin = message->third == CONTAIN_FROM_TERMINAL ?
	    CONTAIN_FROM_TERMINAL : CONTAIN_FROM_PROCESS;

	/* a host that serves a terminal places the command itself */
	if (message->number == SIGCONT && message->second == 1 &&
	    !life->attempt->relays)
		ctn_deliver_continue(life, origin);
	else
		ctn_deliver_forwarded(life, message->number, origin);
}

static void
obey(struct ctn_life *life, const struct ctn_message *message)
{
	switch (message->type) {
	case CTN_GO:
		release(life, message);
		break;
	case CTN_SIGNAL:
		ctn_deliver(life, message->number);
		break;
	case CTN_SIGNAL_ALL:
		if (life->state != CTN_GATED)
			life->attempt->backend->signal_all(life->attempt,
			    message->number);
		break;
	case CTN_FORWARD:
		pass_on(life, message);
		break;
	case CTN_END:
		life->flags |= CONTAIN_F_ASKED;
		if (life->state == CTN_RUNNING)
			ctn_deliver_forwarded(life, message->number,
			    CONTAIN_FROM_PROCESS);
		ctn_life_handle(life, CTN_ASKED);
		break;
	case CTN_GROUND:
	case CTN_LET_GO:
		ctn_guard_hear(life, message);
		break;
	case CTN_ASK_STOPPED:
		answer_stopped(life);
		break;
	default:
		break;
	}
}

static void
listen_to_host(struct ctn_life *life)
{
	struct ctn_message message;
	int got = 1;

	while (got == 1 && life->attempt->warden_end.fd != -1) {
		got = ctn_leash_receive(&life->attempt->warden_end, &message);
		if (got == 1)
			obey(life, &message);
		else if (got == 0 || errno != EAGAIN)
			lose_host(life);
	}
}

/* Wait for one thing to happen and deal with it.  The host's death comes before
 * what it said last: a "go" of a dead host must not start anything. */
static void
turn(struct ctn_life *life, const sigset_t *waiting)
{
	struct pollfd fds[] = {
		{ life->attempt->warden_end.fd, POLLIN, 0 },
		{ life->host_watch, POLLIN, 0 },
		{ life->hangup_watch, 0, 0 },
	};
	int n;

	n = ctn_os_poll(fds, sizeof(fds) / sizeof(fds[0]),
	    ctn_life_wait_ms(life), waiting);
	if (n == -1)
		ctn_life_reap(life);
	else if (n == 0)
		ctn_life_look(life);
	else if (fds[1].revents != 0 || fds[2].revents != 0 ||
	    (fds[0].revents & POLLHUP) != 0)
		lose_host(life);
	else
		listen_to_host(life);
}

int
ctn_warden_tell(const struct ctn_attempt *attempt,
    enum ctn_message_type type, int number)
{
	const char *text = type == CTN_FAILED ? attempt->step :
	    attempt->lack_step;
	struct ctn_message message;

	memset(&message, 0, sizeof(message));
	message.type = (uint32_t)type;
	message.number = number;
	message.second = attempt->lack_errnum;
	message.third = (int32_t)attempt->reach;
	if (text != NULL)
		ctn_leash_text(&message, text);
	return ctn_leash_send(&attempt->warden_end, &message,
	    CTN_LEASH_PATIENT);
}

_Noreturn void
ctn_warden_run(struct ctn_attempt *attempt)
{
	struct ctn_life life;
	sigset_t waiting;

	memset(&life, 0, sizeof(life));
	life.attempt = attempt;
	life.state = CTN_GATED;
	life.deadline_ms = CTN_NEVER;
	ctn_fd_close(&attempt->host_end.fd);
	arrange_signals(&life, &waiting);
	if (attempt->backend->settle(attempt) == -1) {
		ctn_warden_tell(attempt, CTN_FAILED, errno);
		ctn_os_exit(1);
	}
	life.host_watch = attempt->host_watch;
	life.hangup_watch = attempt->slave_fd;
	if (attempt->is_gated &&
	    ctn_warden_tell(attempt, CTN_READY, (int)attempt->made) == -1)
		ctn_os_exit(1);	/* the host would wait for ever */
	for (;;) {
		turn(&life, &waiting);
		if (ctn_clock_left_ms(life.deadline_ms) == 0)
			ctn_life_handle(&life, CTN_TIME_UP);
	}
}
