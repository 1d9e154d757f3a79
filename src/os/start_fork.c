/*
 * start_fork.c: starting a program where vfork(2) is only another fork: macOS
 * since 12, OpenBSD, and whoever is not known to do better.
 *
 * The pipe is closed by the exec, or tells why there was none.
 */
#include "config.h"

#include <errno.h>
#include <unistd.h>

#include "fd.h"
#include "os/os.h"
#include "os/start.h"

static _Noreturn void
run_child(ctn_start_fn *child, void *arg, int fd)
{
	int failure = child(&fd, arg);

	while (write(fd, &failure, sizeof(failure)) == -1 && errno == EINTR)
		continue;
	_exit(127);
}

/* Killed before its exec, it has nothing to tell either: its status does. */
static int
await_exec(int fd)
{
	int failure = 0;
	ssize_t n;

	do
		n = read(fd, &failure, sizeof(failure));
	while (n == -1 && errno == EINTR);
	return n == (ssize_t)sizeof(failure) ? failure : 0;
}

/* Not where the command's own 0, 1 and 2 are to be. */
static int
open_pipe(int fds[2])
{
	if (ctn_os_pipe(fds) == -1)
		return -1;
	fds[0] = ctn_fd_above_stdio(fds[0]);
	fds[1] = ctn_fd_above_stdio(fds[1]);
	if (fds[0] != -1 && fds[1] != -1)
		return 0;
	ctn_fd_close(&fds[0]);
	ctn_fd_close(&fds[1]);
	return -1;
}

pid_t
ctn_start(ctn_start_fn *child, void *arg, int *failure)
{
	int fds[2];
	pid_t pid;

	*failure = 0;
	if (open_pipe(fds) == -1)
		return -1;
	pid = fork();
	if (pid == 0)
		run_child(child, arg, fds[1]);
	ctn_fd_close(&fds[1]);
	if (pid != -1)
		*failure = await_exec(fds[0]);
	ctn_fd_close(&fds[0]);
	return pid;
}
