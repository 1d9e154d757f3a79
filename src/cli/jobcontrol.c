/* jobcontrol.c: contain stops when its command does, as one job */
#include "config.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "os/os.h"

/*
 * contain may be stopped for long, and the command's limits go on: when the
 * warden has news, continue us, if the system can do that.  On is 1 or 0.
 */
static void
wake_on_news(const struct contain_group *group, int on)
{
	ctn_os_signal_on_input(contain_fd(group), on ? SIGCONT : 0);
}

/* Stop by what is pending now; where nothing is, or where the kernel does not
 * stop an orphaned process group, go on. */
static void
take_pending(int signum)
{
	struct sigaction stop, before;
	sigset_t mask, blocked;

	memset(&stop, 0, sizeof(stop));
	stop.sa_handler = SIG_DFL;
	sigaction(signum, &stop, &before);
	sigfillset(&mask);
	sigdelset(&mask, signum);
	sigprocmask(SIG_SETMASK, &mask, &blocked);
	/* here contain is stopped, and is continued */
	sigprocmask(SIG_SETMASK, &blocked, NULL);
	sigaction(signum, &before, NULL);
}

static void
forget_pending(int signum)
{
	struct sigaction ignore, before;

	memset(&ignore, 0, sizeof(ignore));
	ignore.sa_handler = SIG_IGN;
	sigaction(signum, &ignore, &before);
	sigaction(signum, &before, NULL);
}

/* Does the kernel stop us at all?  It does if our parent is in the same session
 * and another process group, as a shell with job control is. */
static int
stops_surely(void)
{
	pid_t parent = getppid();

	return parent > 0 && getpgid(parent) != getpgrp() &&
	    getsid(parent) == getsid(0);
}

static int
is_pending(int signum)
{
	sigset_t pending;

	return sigpending(&pending) == 0 &&
	    sigismember(&pending, signum) == 1;
}

/*
 * The command may have been continued since its stop was reported; stopping
 * then would stop a job that runs.  The order of the calls closes every gap: our
 * own stop is made pending first.  Whoever continued the command before that is
 * seen by asking the warden; whoever does it later continues contain as well,
 * and SIGCONT takes the pending stop away, signal(7).
 *
 * Then the SIGCONT that continued us waits to be passed on, unless a stop from
 * the terminal has come so soon that it took it away: it is passed on here, to a
 * command that is in a process group of its own.
 */
void
cli_jobcontrol_stop(struct contain_group *group, int signum)
{
	if (signum == SIGSTOP)
		signum = SIGTSTP;	/* SIGSTOP cannot be made pending */
	kill(getpid(), signum);
	if (contain_is_stopped(group, NULL) != 1) {
		forget_pending(signum);
		return;
	}
	wake_on_news(group, 1);
	take_pending(signum);
	wake_on_news(group, 0);
	if (stops_surely() && !is_pending(SIGCONT))
		contain_forward(group, SIGCONT, CONTAIN_FROM_TERMINAL, NULL);
}
