/* guard.c: the host's terminal survives the host */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "guard.h"
#include "os/os.h"
#include "tty.h"

/* The group's own terminal follows the host's.  While the host is in the
 * background so is the command, the warden's group being in the foreground of
 * the slave: who reads there is stopped by the kernel, as without us.  SIGTTOU
 * is blocked. */
static void
place(struct ctn_life *life)
{
	int fd = life->attempt->slave_fd;
	pid_t now = tcgetpgrp(fd);

	if (life->attempt->ground == CONTAIN_BACKGROUND) {
		if (now != getpgrp())
			life->foreground = now;
		tcsetpgrp(fd, getpgrp());
		return;
	}
	if (now != getpgrp())
		return;		/* a shell inside has placed it */
	if (life->foreground > 0 && tcsetpgrp(fd, life->foreground) == 0)
		return;
	if (life->command > 0)
		tcsetpgrp(fd, getpgid(life->command));
}

/* The size that it has now: what the host said of it may be older than what the
 * host has set since.  Again if it changes meanwhile, as the host may have set
 * that before us. */
static void
follow_size(const struct ctn_attempt *attempt)
{
	int fd = attempt->options->terminal.fd;
	uint64_t size;

	do {
		size = ctn_tty_size(fd);
		ctn_tty_resize(attempt->slave_fd, size);
	} while (ctn_tty_size(fd) != size);
}

static void
hear_ground(struct ctn_life *life, const struct ctn_message *message)
{
	struct ctn_attempt *attempt = life->attempt;

	memcpy(&attempt->found, message->text, sizeof(attempt->found));
	attempt->ground = message->number == CONTAIN_FOREGROUND ?
	    CONTAIN_FOREGROUND : CONTAIN_BACKGROUND;
	attempt->was_foreground |= attempt->ground == CONTAIN_FOREGROUND;
	if (!attempt->relays)
		return;
	if (message->second)
		ctn_tty_set(attempt->slave_fd, &attempt->found);
	if (attempt->ground == CONTAIN_FOREGROUND)
		follow_size(attempt);
	place(life);
}

void
ctn_guard_hear(struct ctn_life *life, const struct ctn_message *message)
{
	if (message->type == CTN_GROUND)
		hear_ground(life, message);
	else if (message->type == CTN_LET_GO)
		life->attempt->guards = 0;
}

/* It may have died right after it said so: of what it said last, only what it
 * has done to its terminal counts. */
void
ctn_guard_hear_last(struct ctn_life *life)
{
	struct ctn_message message;

	while (life->attempt->guards && ctn_leash_receive(
	    &life->attempt->warden_end, &message) == 1)
		ctn_guard_hear(life, &message);
}

/* Raw as the host made it?  Then nobody has restored it. */
static void
give_back_relayed(struct ctn_life *life)
{
	int fd = life->attempt->options->terminal.fd;
	struct termios now;

	if (ctn_tty_get(fd, &now) == 0 &&
	    ctn_tty_is_raw_of(&now, &life->attempt->found))
		ctn_tty_set(fd, &life->attempt->found);
}

/* Host and warden, or a process group of the group's own?  Whoever can be
 * signalled is the group's, and so were those who have ended: nobody else is in
 * this namespace. */
static int
is_in_foreground(int fd)
{
	pid_t pgrp = tcgetpgrp(fd);

	if (pgrp == getpgrp())
		return ctn_os_in_foreground(fd);
	return pgrp > 1 && (kill(-pgrp, 0) == 0 || errno == ESRCH);
}

/* A terminal that the command has to itself: what modes it has now, the command
 * has made; it may do so until it has ended.  The host may have had no time to
 * say that it is in the foreground, or does not see that the command is. */
void
ctn_guard_host_died(struct ctn_life *life)
{
	const struct ctn_attempt *attempt = life->attempt;
	int fd = attempt->options->terminal.fd;

	if (!attempt->guards)
		return;
	if (attempt->relays)
		give_back_relayed(life);
	else if (attempt->was_foreground &&
	    (attempt->ground == CONTAIN_FOREGROUND ||
	    is_in_foreground(fd)))
		life->has_left = ctn_tty_get(fd, &life->left) == 0;
}

/* In the background, modes that have changed since then are those that the
 * shell has set, for its next line. */
void
ctn_guard_group_ended(struct ctn_life *life)
{
	int fd = life->attempt->options->terminal.fd;
	struct termios now;

	if (life->has_left && ctn_tty_get(fd, &now) == 0 &&
	    (ctn_os_in_foreground(fd) || ctn_tty_is_same(&now, &life->left)) &&
	    !ctn_tty_is_same(&now, &life->attempt->found))
		ctn_tty_set(fd, &life->attempt->found);
}
