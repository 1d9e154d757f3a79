/*
 * posix2024.c: descriptors that are born close-on-exec and a poll that takes a
 * signal mask, for the systems that have both; POSIX.1-2024 asks for them.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "os/os.h"
#include "os/posix2024.h"

int
ctn_os_socketpair(int fds[2])
{
	return socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds);
}

int
ctn_os_pipe(int fds[2])
{
	return pipe2(fds, O_CLOEXEC);
}

void
ctn_os_close_range(int low, int high)
{
	int saved = errno, fd;

	if (high == INT_MAX)
		closefrom(low);
	else
		for (fd = low; fd <= high; fd++)
			close(fd);
	errno = saved;
}

int
ctn_posix2024_poll(struct pollfd *fds, size_t count, int64_t timeout_ms,
    const sigset_t *mask)
{
	struct timespec ts, *timeout = NULL;

	if (timeout_ms >= 0) {
		ts.tv_sec = (time_t)(timeout_ms / 1000);
		ts.tv_nsec = (long)(timeout_ms % 1000) * 1000000;
		timeout = &ts;
	}
	return ppoll(fds, (nfds_t)count, timeout, mask);
}
