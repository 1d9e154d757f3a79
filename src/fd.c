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

void
ctn_fd_close_from(int low, ctn_fd_next_fn *next_kept, const void *arg)
{
	int next;

	for (;;) {
		next = next_kept(low, arg);
		if (next > low)
			ctn_os_close_range(low, next == INT_MAX ? INT_MAX :
			    next - 1);
		if (next == INT_MAX)
			return;
		low = next + 1;
	}
}

struct list {
	const int *keep;
	size_t count;
};

static int
next_in_list(int low, const void *arg)
{
	const struct list *list = arg;
	int next = INT_MAX;
	size_t i;

	for (i = 0; i < list->count; i++)
		if (list->keep[i] >= low && list->keep[i] < next)
			next = list->keep[i];
	return next;
}

void
ctn_fd_close_all_but(const int *keep, size_t count)
{
	struct list list = { keep, count };

	ctn_fd_close_from(0, next_in_list, &list);
}
