/* epoll.c: descriptors gathered in one, by epoll(7); Linux and illumos */
#include "config.h"

#include <sys/epoll.h>
#include <string.h>

#include "fd.h"
#include "os/os.h"

int
ctn_os_gather(const int *fds, size_t count)
{
	struct epoll_event event;
	int gathered = ctn_fd_above_stdio(epoll_create1(EPOLL_CLOEXEC));
	size_t i;

	memset(&event, 0, sizeof(event));
	event.events = EPOLLIN;
	for (i = 0; gathered != -1 && i < count; i++)
		if (fds[i] != -1 &&
		    epoll_ctl(gathered, EPOLL_CTL_ADD, fds[i], &event) == -1)
			ctn_fd_close(&gathered);
	return gathered;
}
