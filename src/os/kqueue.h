/*
 * kqueue.h: waiting with a kqueue where poll falls short.
 *
 * Async-signal-safe, no allocation.
 */
#ifndef CTN_OS_KQUEUE_H
#define CTN_OS_KQUEUE_H

#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>

/* Is there an entry that asks for nothing, so for its hang-up? */
int	ctn_kqueue_is_needed(const struct pollfd *fds, size_t count);

/* Wait until kq has something to tell: 1, 0 when time is up, -1 with errno. */
typedef int ctn_kqueue_wait_fn(int kq, int64_t timeout_ms,
    const sigset_t *mask);

/*
 * As ctn_os_poll.  An entry with POLLIN is told as poll does it; one that asks
 * for nothing gets POLLHUP when the other end is gone.  -1 with EMFILE or
 * ENFILE when there is no kqueue to be had.
 */
int	ctn_kqueue_poll(struct pollfd *fds, size_t count, int64_t timeout_ms,
	    const sigset_t *mask, ctn_kqueue_wait_fn *wait);

#endif
