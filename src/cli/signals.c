/* signals.c: every signal that contain gets, one at a time, none lost */
#include "config.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "os/os.h"

#ifndef SI_KERNEL
#define SI_KERNEL 0x80	/* systems without it: told apart by si_pid, below */
#endif

/*
 * Everything is blocked but while poll waits, and while a handler runs, so a
 * poll ends after one signal on most systems and never sees more at once than
 * there are.
 */
#define QUEUE_SIZE 128

static sigset_t inherited, caught;
static struct cli_signal *queue;	/* of QUEUE_SIZE, once they are caught */
static volatile sig_atomic_t queued, taken;

const sigset_t *
cli_signals_inherited(void)
{
	return &inherited;
}

void
cli_signals_block(void)
{
	ctn_os_sigblock(&inherited);
}

/* The terminal's and other signals of the kernel's have no sender. */
static int
is_from_kernel(const siginfo_t *info)
{
	return info == NULL || info->si_code == SI_KERNEL ||
	    (info->si_code > 0 && info->si_pid == 0);
}

static void
note(int number, siginfo_t *info, void *context)
{
	struct cli_signal *slot = &queue[queued % QUEUE_SIZE];

	(void)context;
	if (queued - taken >= QUEUE_SIZE)
		return;
	slot->number = number;
	slot->is_from_kernel = is_from_kernel(info);
	slot->is_from_child = number == SIGCHLD && info != NULL &&
	    info->si_code >= CLD_EXITED && info->si_code <= CLD_CONTINUED;
	slot->sender = info != NULL && info->si_code <= 0 ? info->si_pid : 0;
	queued++;
}

/* What was ignored stays so, and is not passed on either; what the caller had
 * blocked stays blocked in the command, where it waits as it would have. */
int
cli_signals_catch(void)
{
	static int are_caught;
	struct sigaction action, before;
	int number;

	if (are_caught)
		return 0;
	are_caught = 1;
	queue = malloc(QUEUE_SIZE * sizeof(*queue));
	if (queue == NULL)
		return -1;
	memset(&action, 0, sizeof(action));
	action.sa_sigaction = note;
	action.sa_flags = SA_SIGINFO;
	ctn_os_sigfillset(&action.sa_mask);
	sigemptyset(&caught);
	for (number = 1; number < CTN_NSIG; number++) {
		if (ctn_os_sigaction(number, &action, &before) == -1)
			continue;
		if (before.sa_handler == SIG_IGN)
			ctn_os_sigaction(number, &before, NULL);
		else
			ctn_os_sigaddset(&caught, number);
	}
	return 1;
}

void
cli_signals_wait(struct pollfd *fds, size_t count, int64_t timeout_ms)
{
	sigset_t mask;
	int number;

	/* what the C library has for itself is in no mask: caught or ignored */
	sigfillset(&mask);
	for (number = 1; number < CTN_NSIG; number++)
		if (sigismember(&caught, number) == 1)
			sigdelset(&mask, number);
	if (ctn_os_poll(fds, count, timeout_ms, &mask) == -1)
		while (count > 0)
			fds[--count].revents = 0;
}

int
cli_signals_next(struct cli_signal *next)
{
	if (taken == queued)
		return 0;
	*next = queue[taken % QUEUE_SIZE];
	taken++;
	return 1;
}
