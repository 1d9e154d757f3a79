/*
 * posix2024.c: descriptors that are born close-on-exec, for the systems that
 * have them; POSIX.1-2024 asks for it.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "os/os.h"

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
