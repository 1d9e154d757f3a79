/* status.c: ending as the command did */
#include "config.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli.h"
#include "os/os.h"

/* Die of the signal the command died of, so that a shell stops its loop.  The
 * core, if any, is the command's: none of ours.  PID 1 cannot die so. */
static _Noreturn void
die_of(const struct cli *cli, int signum)
{
	const struct rlimit none = { 0, 0 };
	struct sigaction action;
	sigset_t mask;

	setrlimit(RLIMIT_CORE, &none);
	ctn_os_forbid_core();
	memset(&action, 0, sizeof(action));
	action.sa_handler = SIG_DFL;
	ctn_os_sigaction(signum, &action, NULL);
	/* the key would have reached those in our process group: the shell
	 * whose loop it ends, the others of a pipeline */
	kill(cli_relay_typed(cli, signum) ? 0 : getpid(), signum);
	sigfillset(&mask);
	sigdelset(&mask, signum);
	sigprocmask(SIG_SETMASK, &mask, NULL);
	_exit(CLI_EXIT_SIGNAL + signum);
}

/* timeout(1): 137 when KILL ended it, else 124. */
static int
timed_out_status(int status)
{
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)
		return CLI_EXIT_SIGNAL + SIGKILL;
	return CLI_EXIT_TIMED_OUT;
}

_Noreturn void
cli_status_exit(const struct cli *cli, const struct contain_result *result)
{
	int status = result->status;

	if (result->flags & CONTAIN_F_WARDEN_DIED)
		exit(CLI_EXIT_FAILED);
	if ((result->flags & CONTAIN_F_TIMED_OUT) && !cli->preserves_status)
		exit(timed_out_status(status));
	if (WIFSIGNALED(status))
		die_of(cli, WTERMSIG(status));
	if (WEXITSTATUS(status) == 0 && result->ended > 0 &&
	    cli->leftovers == CLI_LEFTOVERS_FAIL)
		exit(CLI_EXIT_LEFTOVERS);
	exit(WEXITSTATUS(status));
}
