/* jobcontrol.c: contain stops when its command does, as one job */
#include "config.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "os/os.h"

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
	ctn_os_sigfillset(&mask);
	sigdelset(&mask, signum);
	ctn_os_sigmask(SIG_SETMASK, &mask, &blocked);
	/* here contain is stopped, and is continued */
	ctn_os_sigmask(SIG_SETMASK, &blocked, NULL);
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

/* Those that the kernel sends to a whole process group, and not at all to one
 * that no shell would continue. */
static int
is_of_terminal(int signum)
{
	return signum == SIGTSTP || signum == SIGTTIN || signum == SIGTTOU;
}

/* The terminal that the command has of its own knows nothing of our process
 * group, which the user's would have stopped, and has where ^Z was its own: the
 * others of a pipeline, the shell that runs us.  Not if we have been continued
 * just now: it would stop us again. */
static void
stop_others(const struct cli *cli, int signum, enum contain_ground ground)
{
	sigset_t pending;

	sigpending(&pending);
	if (cli->relay.master != -1 && is_of_terminal(signum) &&
	    (signum != SIGTSTP || ground == CONTAIN_FOREGROUND) &&
	    sigismember(&pending, signum) == 1)
		kill(0, signum);
}

/* Keys must not come before it: ^Z would stop nobody in the background, and be
 * undone by SIGCONT.  So wait until the warden has done all that it was told. */
void
cli_jobcontrol_continue(const struct cli *cli, struct contain_group *group,
    enum contain_origin origin)
{
	contain_forward(group, SIGCONT, origin, NULL);
	if (cli->relay.master != -1)
		contain_is_stopped(group, NULL);
}

/* Continued, or never stopped: what is the command to do? */
static void
go_on(struct cli *cli, struct contain_group *group, int signum,
    enum ctn_taken came)
{
	int surely = stops_surely();

	cli_relay_look(cli, group);
	/* a process group that the kernel does not stop would not have stopped
	 * without us either; who cannot read now must not try for ever */
	if (came == CTN_TAKEN_NONE && !surely && cli->relay.master != -1)
		surely = signum == SIGTSTP || (is_of_terminal(signum) &&
		    cli->relay.ground == CONTAIN_FOREGROUND);
	if (came == CTN_TAKEN_SENT || (came == CTN_TAKEN_NONE && surely))
		cli_jobcontrol_continue(cli, group, CONTAIN_FROM_PROCESS);
}

/*
 * The command may have been continued since its stop was reported; stopping
 * then would stop a job that runs.  The order of the calls closes every gap:
 * our own stop is made pending first.  Whoever continued the command before
 * that is seen by asking the warden; whoever does it later continues contain
 * as well, and SIGCONT takes the pending stop away, signal(7).
 *
 * Then the SIGCONT that continued us is taken and passed on here: left pending,
 * a ^Z could take it away before poll sees it.  One that is gone already was
 * taken away by that.  The one that news of the warden causes is for us alone.
 */
static void
stop(struct cli *cli, struct contain_group *group, int signum)
{
	int own = signum == SIGSTOP ? SIGTSTP : signum;
	enum contain_ground ground = cli->relay.ground;
	enum ctn_taken came;

	kill(getpid(), own);	/* SIGSTOP cannot be made pending */
	if (contain_is_stopped(group, NULL) != 1) {
		forget_pending(own);
		return;
	}
	cli_relay_leave(cli, group);
	stop_others(cli, signum, ground);
	/* we may be stopped for long, and the command's limits go on */
	contain_notify(group, SIGCONT);
	take_pending(own);
	contain_notify(group, 0);
	came = ctn_os_take_pending(SIGCONT);
	go_on(cli, group, signum, came);
}

void
cli_jobcontrol_stop(struct cli *cli, struct contain_group *group, int signum)
{
	if ((signum == SIGTTIN || signum == SIGTTOU) &&
	    cli_relay_ask(cli, group))
		cli_jobcontrol_continue(cli, group, CONTAIN_FROM_PROCESS);
	else
		stop(cli, group, signum);
}
