/* terminal.c: the host's terminal, as it serves a group */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "error.h"
#include "fd.h"
#include "group.h"
#include "os/os.h"
#include "terminal.h"
#include "tty.h"

_Static_assert(sizeof(struct termios) <= CTN_MESSAGE_TEXT,
    "modes fit in a message");

/* Where something cannot be had, the terminal has hung up: it needs no guard
 * any more. */
void
ctn_terminal_look(struct ctn_attempt *attempt)
{
	const struct contain_terminal *terminal = &attempt->options->terminal;

	if (!attempt->options->has_terminal)
		return;
	attempt->ground = terminal->ground;
	attempt->was_foreground = terminal->ground == CONTAIN_FOREGROUND;
	attempt->guards = ctn_tty_get(terminal->fd, &attempt->found) == 0;
}

int
contain_terminal(const struct contain_group *group)
{
	return group != NULL && group->attempt.relays ?
	    group->attempt.terminal : -1;
}

static void
tell_ground(struct ctn_attempt *attempt, int has_changed)
{
	struct ctn_message message;

	memset(&message, 0, sizeof(message));
	message.type = CTN_GROUND;
	message.number = (int32_t)attempt->ground;
	message.second = has_changed;
	memcpy(message.text, &attempt->found, sizeof(attempt->found));
	ctn_leash_send(&attempt->host_end, &message, CTN_LEASH_PATIENT);
}

/* Modes that somebody changed while we were in the background, the user with
 * stty(1) for example, are the ones to give back later, and the command gets
 * them now.  Raw ones of our own are no change. */
static int
look_again(struct ctn_attempt *attempt)
{
	struct termios now;

	if (ctn_tty_get(attempt->options->terminal.fd, &now) == -1 ||
	    ctn_tty_is_same(&now, &attempt->found) ||
	    ctn_tty_is_raw_of(&now, &attempt->found))
		return 0;
	attempt->found = now;
	return 1;
}

/* The warden knows the modes before they are changed.  Other commands of a
 * pipeline may write to the terminal too, and need it to turn a newline into
 * two characters; if there is none, the group's terminal has done that. */
static void
enter_foreground(struct ctn_attempt *attempt)
{
	int has_changed = look_again(attempt);
	struct termios raw = attempt->found;

	tell_ground(attempt, has_changed);
	ctn_tty_make_raw(&raw);
	if ((attempt->options->terminal.stdio & 3u) == 3u)
		raw.c_oflag &= ~(tcflag_t)OPOST;
	ctn_tty_set(attempt->options->terminal.fd, &raw);
}

/* Whoever has the terminal now may have changed the modes: only our own are
 * taken back. */
static void
leave_foreground(struct ctn_attempt *attempt)
{
	struct termios now;

	if (ctn_tty_get(attempt->options->terminal.fd, &now) == 0 &&
	    ctn_tty_is_raw_of(&now, &attempt->found))
		ctn_tty_set(attempt->options->terminal.fd, &attempt->found);
	tell_ground(attempt, 0);
}

/* The command has the host's terminal itself.  Modes that were looked at in the
 * background were the shell's.  Once it is in the foreground with a command in
 * our own process group, that may have changed them already. */
static void
note_ground(struct ctn_attempt *attempt, enum contain_ground before)
{
	if (before == CONTAIN_BACKGROUND &&
	    attempt->ground == CONTAIN_FOREGROUND && !attempt->shares_pgrp)
		look_again(attempt);
	attempt->was_foreground |= attempt->ground == CONTAIN_FOREGROUND;
	tell_ground(attempt, 0);
}

/* A process group of the group's own that was in the foreground of our terminal
 * is gone now.  As without us, the foreground is left to that of the job. */
static void
take_foreground_back(void)
{
	int fd = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
	sigset_t block, before;
	pid_t pgrp;

	sigemptyset(&block);
	sigaddset(&block, SIGTTOU);
	ctn_os_sigmask(SIG_BLOCK, &block, &before);
	pgrp = fd != -1 ? tcgetpgrp(fd) : -1;
	if (pgrp > 1 && pgrp != getpgrp() && kill(-pgrp, 0) == -1 &&
	    errno == ESRCH)
		tcsetpgrp(fd, getpgrp());
	ctn_os_sigmask(SIG_SETMASK, &before, NULL);
	ctn_fd_close(&fd);
}

int
contain_set_ground(struct contain_group *group, enum contain_ground ground,
    struct contain_error *err)
{
	struct ctn_attempt *attempt;
	enum contain_ground before;

	if (group == NULL)
		return ctn_group_missing("ground", err);
	if (ground != CONTAIN_BACKGROUND && ground != CONTAIN_FOREGROUND)
		return ctn_error_set(err, CONTAIN_E_USAGE, 0, "ground",
		    "ground: %d is not valid", (int)ground);
	attempt = &group->attempt;
	if (group->has_ended || !attempt->guards)
		return CONTAIN_OK;
	before = attempt->ground;
	attempt->ground = ground;
	if (!attempt->relays)
		note_ground(attempt, before);
	else if (ground == CONTAIN_FOREGROUND)
		enter_foreground(attempt);
	else
		leave_foreground(attempt);
	return CONTAIN_OK;
}

int
contain_resize(struct contain_group *group, struct contain_error *err)
{
	struct ctn_attempt *attempt;
	uint64_t size;

	if (group == NULL)
		return ctn_group_missing("resize", err);
	attempt = &group->attempt;
	if (!attempt->relays || attempt->terminal == -1)
		return 0;
	size = ctn_tty_size(attempt->options->terminal.fd);
	if (size == ctn_tty_size(attempt->terminal))
		return 0;
	ctn_tty_resize(attempt->terminal, size);
	return 1;
}

/* What the command left, if it ended by itself; on systems where the master
 * cannot tell, and if a signal killed it, what was found. */
static int
give_back_relayed(struct ctn_attempt *attempt, int status)
{
	struct termios left;

	if (WIFEXITED(status) && attempt->terminal != -1 &&
	    ctn_tty_get(attempt->terminal, &left) == 0) {
		left.c_cflag = attempt->found.c_cflag;
		attempt->found = left;
	}
	return ctn_tty_set(attempt->options->terminal.fd, &attempt->found);
}

/* The command had the terminal to itself, was killed, and left other modes. */
static void
give_back_own(struct ctn_attempt *attempt, int status)
{
	int fd = attempt->options->terminal.fd;
	struct termios now;

	if (WIFSIGNALED(status) && attempt->was_foreground &&
	    ctn_os_in_foreground(fd) && ctn_tty_get(fd, &now) == 0 &&
	    !ctn_tty_is_same(&now, &attempt->found))
		ctn_tty_set(fd, &attempt->found);
}

/* Until it hears that, the warden stands by, should the host be killed now, or
 * not be allowed to. */
void
ctn_terminal_give_back(struct ctn_attempt *attempt, int status)
{
	if (!attempt->relays && !attempt->has_no_tty)
		take_foreground_back();
	if (!attempt->guards)
		return;
	if (!attempt->relays)
		give_back_own(attempt, status);
	else if (attempt->ground == CONTAIN_FOREGROUND &&
	    give_back_relayed(attempt, status) == -1)
		return;
	ctn_leash_say(&attempt->host_end, CTN_LET_GO, 0);
}
