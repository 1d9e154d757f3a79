/*
 * ppoll.h: poll with a signal mask, where ppoll(2) is; POSIX.1-2024.
 */
#ifndef CTN_OS_PPOLL_H
#define CTN_OS_PPOLL_H

#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>

/* As ctn_os_poll, but that not every system tells a hang-up nobody asked for.
 * Async-signal-safe. */
int	ctn_ppoll(struct pollfd *fds, size_t count, int64_t timeout_ms,
	    const sigset_t *mask);

#endif
