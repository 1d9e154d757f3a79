/* deadline.c: waiting for events, with deadlines */
#include "config.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "conformance.h"
#include "os/linux_numbers.h"

int64_t
deadline_now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

int64_t
deadline_after(int64_t ms)
{
	return deadline_now_ms() + ms;
}

int
deadline_left_ms(int64_t deadline)
{
	int64_t now = deadline_now_ms();

	return deadline > now ? (int)(deadline - now) : 0;
}

int
deadline_await(int fd, int64_t deadline)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	int n;

	do
		n = poll(&p, 1, deadline_left_ms(deadline));
	while (n == -1 && errno == EINTR);
	return n > 0;
}

int
pidfd_of(pid_t pid)
{
	return (int)syscall(SYS_pidfd_open, pid, 0);
}

void
pidfd_kill(int pidfd)
{
	syscall(SYS_pidfd_send_signal, pidfd, SIGKILL, NULL, 0);
}
