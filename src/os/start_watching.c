/*
 * start_watching.c: starting a program while something else is watched.
 *
 * A pipe is closed by the exec, or tells why there was none.
 */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
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
	ctn_os_exit(127);
}

/* Killed before its exec, it has nothing to tell either: its status does. */
static int
read_failure(int fd)
{
	int failure = 0;
	ssize_t n;

	do
		n = read(fd, &failure, sizeof(failure));
	while (n == -1 && errno == EINTR);
	return n == (ssize_t)sizeof(failure) ? failure : 0;
}

/* 0: the pipe has something to tell; 1: what is watched has. */
static int
wait_for_either(int fd, const struct pollfd *watch, size_t count)
{
	struct pollfd fds[1 + CTN_START_WATCH_MAX] = { { fd, POLLIN, 0 } };
	int n;

	memcpy(fds + 1, watch, count * sizeof(*watch));
	do
		n = ctn_os_poll(fds, 1 + count, -1, NULL);
	while (n == -1 && errno == EINTR);
	return n != -1 && fds[0].revents == 0;
}

static int
await_exec(pid_t pid, int fd, const struct pollfd *watch, size_t count)
{
	if (count == 0 || !wait_for_either(fd, watch, count))
		return read_failure(fd);
	kill(pid, SIGKILL);
	return 0;
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

/* No fork handler of a host that this process is a copy of may run here. */
pid_t
ctn_start_watching(ctn_start_fn *child, void *arg, const struct pollfd *watch,
    size_t count, int *failure)
{
	int fds[2];
	pid_t pid;

	*failure = 0;
	if (open_pipe(fds) == -1)
		return -1;
	pid = ctn_os_fork_on(1);
	if (pid == 0)
		run_child(child, arg, fds[1]);
	ctn_fd_close(&fds[1]);
	if (pid != -1)
		*failure = await_exec(pid, fds[0], watch, count);
	ctn_fd_close(&fds[0]);
	return pid;
}
