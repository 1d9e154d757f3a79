/*
 * world.c: a PID namespace of the driver's own.
 *
 *	driver ── PID 1 (reaps) ── manager: the driver's work
 *
 * A survivor, or a bug that kills too much, does not get out: when the manager
 * has ended PID 1 ends, and the kernel kills the rest.  With a /proc of its own
 * and a session of its own, the shell and its terminal are out of sight.
 */
#include "config.h"

#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conformance.h"
#include "../namespace.h"

/* PID 1's way to say that it could not start; no work returns this. */
enum { EXIT_NO_WORLD = 111 };

static int
mount_all(const char *stage)
{
	if (unshare(CLONE_NEWNS) == -1 ||
	    mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == -1)
		return -1;
	if (mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC,
	    NULL) == -1)
		return -1;
	return mount("tmpfs", stage, "tmpfs", MS_NOSUID | MS_NODEV,
	    "mode=755");
}

/* The driver outside was killed: its end of the pipe is closed. */
static int
is_abandoned(int alive)
{
	struct pollfd p = { .fd = alive, .events = 0 };

	return poll(&p, 1, 0) > 0;
}

static int
reap_until(pid_t manager)
{
	int status;
	pid_t pid;

	while ((pid = wait(&status)) != manager)
		if (pid == -1 && errno != EINTR)
			return 1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

static _Noreturn void
init_main(const char *stage, int (*work)(struct setup *), struct setup *setup,
    int alive)
{
	pid_t manager;
	int status;

	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	if (is_abandoned(alive))
		_exit(1);
	setsid();
	if (mount_all(stage) == -1) {
		printf("mounting: %s\n", strerror(errno));
		fflush(stdout);
		_exit(EXIT_NO_WORLD);
	}
	if ((manager = fork()) == 0) {
		status = work(setup);
		fflush(stdout);
		_exit(status);
	}
	_exit(reap_until(manager));
}

int
world_run(const char *stage, int (*work)(struct setup *), struct setup *setup,
    char *why, size_t size)
{
	int alive[2], status;
	pid_t pid;

	if (pipe2(alive, O_CLOEXEC) == -1 || namespace_enter(CLONE_NEWPID) == -1) {
		snprintf(why, size, "a namespace of its own: %s",
		    strerror(errno));
		return -1;
	}
	fflush(stdout);
	if ((pid = fork()) == 0) {
		close(alive[1]);
		init_main(stage, work, setup, alive[0]);
	}
	status = pid == -1 ? 1 : reap_until(pid);
	if (status != EXIT_NO_WORLD)
		return status;
	snprintf(why, size, "a /proc and a directory of its own");
	return -1;
}
