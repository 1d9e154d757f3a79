/* signals.c: signals where programs and this one have the same C library */
#include "config.h"

#include "os.h"

int
ctn_os_sigaction(int signum, const struct sigaction *action,
    struct sigaction *before)
{
	return sigaction(signum, action, before);
}

int
ctn_os_sigmask(int how, const sigset_t *set, sigset_t *before)
{
	return pthread_sigmask(how, set, before);
}

void
ctn_os_sigfillset(sigset_t *set)
{
	sigfillset(set);
}

void
ctn_os_sigaddset(sigset_t *set, int signum)
{
	sigaddset(set, signum);
}

void
ctn_os_sigblock(sigset_t *before)
{
	sigset_t all;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, before);
}
