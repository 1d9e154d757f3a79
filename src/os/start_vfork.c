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
ctn_start(ctn_start_fn *child, void *arg, int *exec_errno)
{
	volatile int errnum = 0;
	pid_t pid;

	pid = vfork();
	if (pid == 0) {
		errnum = child(arg);
		_exit(127);
	}
	*exec_errno = errnum;
	return pid;
}
