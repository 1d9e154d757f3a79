/*
 * linux_signals.c: signals for a command that has musl among programs that have
 * glibc.
 *
 * To those, 34 is the first real-time signal.  musl has it for its threads, of
 * which the command has none, and hides it: sigaction and sigaddset refuse it,
 * sigprocmask leaves it out of what was blocked.  The kernel is asked instead.
 */
#include "config.h"

#include <errno.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "os.h"

#define KERNEL_SET (NSIG / 8)	/* bytes of the kernel's sigset_t */
#define WORD_BITS (8 * sizeof(unsigned long))

/* The kernel's struct sigaction, whatever is in it on this processor. */
struct opaque {
	unsigned long words[32];
};

static void
exchange(int signum, const struct opaque *action, struct opaque *before)
{
	syscall(SYS_rt_sigaction, signum, action, before, KERNEL_SET);
}

/* The library writes for another signal what the kernel needs, and reads what
 * it had.  That one comes in between to nobody: it is blocked. */
static void
hidden_sigaction(int signum, const struct sigaction *action,
    struct sigaction *before)
{
	struct sigaction saved;
	struct opaque kernel, old;

	sigaction(SIGUSR1, action, &saved);
	exchange(SIGUSR1, NULL, &kernel);
	exchange(signum, action != NULL ? &kernel : NULL, &old);
	if (before != NULL) {
		exchange(SIGUSR1, &old, NULL);
		sigaction(SIGUSR1, NULL, before);
	}
	sigaction(SIGUSR1, &saved, NULL);
}

int
ctn_os_sigaction(int signum, const struct sigaction *action,
    struct sigaction *before)
{
	if (signum < CTN_SIGRTMIN || signum >= SIGRTMIN)
		return sigaction(signum, action, before);
	hidden_sigaction(signum, action, before);
	return 0;
}

int
ctn_os_sigmask(int how, const sigset_t *set, sigset_t *before)
{
	if (before != NULL)
		sigemptyset(before);
	if (syscall(SYS_rt_sigprocmask, how, set, before, KERNEL_SET) == 0)
		return 0;
	return errno;
}

void
ctn_os_sigfillset(sigset_t *set)
{
	int signum;

	sigfillset(set);
	for (signum = CTN_SIGRTMIN; signum < SIGRTMIN; signum++)
		ctn_os_sigaddset(set, signum);
}

void
ctn_os_sigaddset(sigset_t *set, int signum)
{
	unsigned long *words = (unsigned long *)set;
	size_t bit = (size_t)signum - 1;

	words[bit / WORD_BITS] |= 1UL << bit % WORD_BITS;
}

static void
ignore(int signum)
{
	(void)signum;
}

/* With the first handler ever, musl unblocks its own: that has to be over. */
void
ctn_os_sigblock(sigset_t *before)
{
	struct sigaction action, saved;
	sigset_t all;

	ctn_os_sigmask(SIG_BLOCK, NULL, before);
	memset(&action, 0, sizeof(action));
	action.sa_handler = ignore;
	sigaction(SIGCHLD, &action, &saved);
	sigaction(SIGCHLD, &saved, NULL);
	ctn_os_sigfillset(&all);
	ctn_os_sigmask(SIG_SETMASK, &all, NULL);
}
