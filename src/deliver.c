/* deliver.c: a signal for the command, once */
#include "config.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "deliver.h"
#include "fd.h"
#include "os/os.h"

/* The members of one process group that are not the warden or the host. */
struct audience {
	pid_t pgrp;
	pid_t self;
	int signum;
};

static int
send_if_member(pid_t pid, void *arg)
{
	const struct audience *audience = arg;
	struct ctn_process process;

	if (pid > 1 && pid != audience->self &&
	    ctn_os_process_get(pid, &process) == 0 &&
	    process.pgrp == audience->pgrp)
		kill(pid, audience->signum);
	return 0;
}

/* The command is in the host's process group, where a pipeline's other
 * commands are too: killpg would reach those.  So each member by its pid, which
 * is safe as every pid in our PID namespace is the group's.  A process table
 * of another namespace has other pids: then the command alone. */
static void
deliver_to_members(const struct ctn_life *life, int signum)
{
	struct audience audience = { 0, getpid(), signum };
	struct ctn_process self;

	if (ctn_os_process_self() != audience.self ||
	    ctn_os_process_get(audience.self, &self) == -1) {
		kill(life->command, signum);
		return;
	}
	audience.pgrp = self.pgrp;
	ctn_os_process_each(send_if_member, &audience);
}

void
ctn_deliver(const struct ctn_life *life, int signum)
{
	pid_t pgrp;

	if (life->command == 0 || signum == 0)
		return;
	if (life->attempt->options->forward == CONTAIN_FORWARD_COMMAND) {
		kill(life->command, signum);
		return;
	}
	pgrp = getpgid(life->command);
	if (pgrp > 0 && pgrp != getpgrp())
		kill(-pgrp, signum);
	else
		deliver_to_members(life, signum);
}

/* Is the command in the process group of host and warden?  It may have left: a
 * shell with job control does. */
static int
shares_pgrp(const struct ctn_life *life)
{
	return life->attempt->shares_pgrp && life->command > 0 &&
	    getpgid(life->command) == getpgrp();
}

/* Stopping takes a pending SIGCONT away, signal(7): if a stop is pending here
 * and no SIGCONT is, the whole group was stopped again since. */
static int
was_stopped_since(const sigset_t *pending)
{
	return sigismember(pending, SIGTSTP) == 1 ||
	    sigismember(pending, SIGTTIN) == 1 ||
	    sigismember(pending, SIGTTOU) == 1;
}

/* The warden is a witness: it blocks every signal and is in the host's process
 * group, so one that was sent to the whole group is pending here too.  It is
 * taken, so that the next one is not taken for it. */
static int
was_sent_to_all(int signum)
{
	sigset_t pending;

	sigpending(&pending);
	if (sigismember(&pending, signum) == 1) {
		ctn_os_take_pending(signum);
		return 1;
	}
	return signum == SIGCONT && was_stopped_since(&pending);
}

/* What the terminal sends goes to all, and may have been merged with an earlier
 * one that is pending here: the witness is not asked, but for a hang-up, which
 * goes to the session's leader alone. */
void
ctn_deliver_forwarded(const struct ctn_life *life, int signum,
    enum contain_origin origin)
{
	/* the witness is heard in any case, so that it hears the next one */
	int all = life->attempt->shares_pgrp && signum != SIGCHLD &&
	    was_sent_to_all(signum);

	if (signum != SIGHUP && origin == CONTAIN_FROM_TERMINAL)
		all = 1;
	if (!all || !shares_pgrp(life))
		ctn_deliver(life, signum);
}

/*
 * A ^Z that comes between the two, when the command has the terminal and is
 * stopped still, would stop nobody and be undone by SIGCONT.  So the warden is
 * a witness in the command's process group meanwhile, if it is not needed as
 * one in the host's, and stops the group again: whoever has stopped by himself
 * stays so.  In the end it has a group of its own, as the host's may have no
 * number here.
 */
static int
join(const struct ctn_life *life, pid_t pgrp)
{
	if (life->attempt->shares_pgrp || ctn_os_process_self() != getpid() ||
	    setpgid(0, pgrp) == -1)
		return 0;
	ctn_os_take_pending(SIGTSTP);	/* of before */
	return 1;
}

static void
leave(pid_t pgrp)
{
	int came = ctn_os_take_pending(SIGTSTP) != CTN_TAKEN_NONE;

	setpgid(0, 0);
	if (came)
		kill(-pgrp, SIGTSTP);
}

void
ctn_deliver_continue(const struct ctn_life *life, enum contain_origin origin)
{
	pid_t pgrp = life->command > 0 && !shares_pgrp(life) ?
	    getpgid(life->command) : -1;
	int fd = -1, is_witness = 0;

	if (pgrp > 0)
		fd = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (fd != -1) {
		is_witness = join(life, pgrp);
		tcsetpgrp(fd, pgrp);	/* SIGTTOU is blocked */
	}
	ctn_deliver_forwarded(life, SIGCONT, origin);
	if (is_witness)
		leave(pgrp);
	ctn_fd_close(&fd);
}
