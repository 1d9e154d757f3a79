/* fd.c: descriptors that stay out of the command's way */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

#include "fd.h"
#include "os/os.h"

int
ctn_fd_above_stdio(int fd)
{
	int moved;

	if (fd < 0 || fd > 2)
		return fd;
	moved = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	ctn_fd_close(&fd);
	return moved;
}

void
ctn_fd_close(int *fd)
{
	int saved = errno;

	if (*fd >= 0)
		close(*fd);
	*fd = -1;
	errno = saved;
}

/* The smallest of keep[] that is at least low; INT_MAX if there is none. */
static int
next_kept(const int *keep, size_t count, int low)
{
	int next = INT_MAX;
	size_t i;

	for (i = 0; i < count; i++)
		if (keep[i] >= low && keep[i] < next)
			next = keep[i];
	return next;
}

void
ctn_fd_close_all_but(const int *keep, size_t count)
{
	int low = 0, next;

	for (;;) {
		next = next_kept(keep, count, low);
		if (next > low)
			ctn_os_close_range(low, next == INT_MAX ? INT_MAX :
			    next - 1);
		if (next == INT_MAX)
			return;
		low = next + 1;
	}
}
