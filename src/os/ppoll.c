/* ppoll.c: poll with a signal mask, where ppoll(2) is */
#include "config.h"

#include <time.h>

#include "os/ppoll.h"

/* NetBSD's name for it; before NetBSD 10, the only one. */
#ifdef HAVE_POLLTS
#define ppoll pollts
#endif

int
ctn_ppoll(struct pollfd *fds, size_t count, int64_t timeout_ms,
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
