/*
 * posix2024.h: poll with a signal mask where the system has it.
 */
#ifndef CTN_OS_POSIX2024_H
#define CTN_OS_POSIX2024_H

#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>

/* As ctn_os_poll, but that not every system tells a hang-up nobody asked for.
 * Async-signal-safe. */
int	ctn_posix2024_poll(struct pollfd *fds, size_t count,
	    int64_t timeout_ms, const sigset_t *mask);

#endif
