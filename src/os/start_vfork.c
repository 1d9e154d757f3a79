/*
 * start_vfork.c: starting a program where vfork(2) shares memory: Linux,
 * FreeBSD, DragonFly, NetBSD, illumos.
 *
 * No page table is copied, and the outcome of the exec is known when it
 * returns, without a pipe.
 */
#include "config.h"

#include <unistd.h>

#include "os/start.h"

pid_t
ctn_start(ctn_start_fn *child, void *arg, int *failure)
{
	volatile int result = 0;
	int none = -1;
	pid_t pid;

	/* the child calls what may be called there: see command.c */
	pid = vfork();	/* NOLINT(clang-analyzer-security.insecureAPI.vfork) */
	if (pid == 0) {
		/* NOLINTNEXTLINE(clang-analyzer-unix.Vfork) */
		result = child(&none, arg);
		_exit(127);
	}
	*failure = result;
	return pid;
}
