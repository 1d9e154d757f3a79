/*
 * kqueue.c: watching with kqueue(2), on FreeBSD, DragonFly, NetBSD, OpenBSD and
 * macOS.
 *
 * A kqueue is not inherited by fork: what is made here is of use only to the
 * process that made it.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/event.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clock.h"
#include "fd.h"
#include "os/kqueue.h"
#include "os/os.h"

/* What can be waited for.  The fields have other types on each system, which
 * constants fit all. */
static const struct kevent process_ends = {
	.filter = EVFILT_PROC, .flags = EV_ADD, .fflags = NOTE_EXIT,
};
static const struct kevent peer_closes = {
	.filter = EVFILT_READ, .flags = EV_ADD | EV_CLEAR,
};
static const struct kevent reader_closes = {
	.filter = EVFILT_WRITE, .flags = EV_ADD | EV_CLEAR,
	.fflags = NOTE_LOWAT, .data = INT_MAX,
};

/* Which of them tells that a descriptor has something to say depends on what it
 * is. */
static const struct kevent readable[] = {
	{ .filter = EVFILT_READ, .flags = EV_ADD },
#ifdef EVFILT_PROCDESC
	{ .filter = EVFILT_PROCDESC, .flags = EV_ADD, .fflags = NOTE_EXIT },
#endif
};

#define READABLE_COUNT (sizeof(readable) / sizeof(readable[0]))

static int
open_kqueue(void)
{
	int kq = ctn_fd_above_stdio(kqueue());

	if (kq != -1)
		fcntl(kq, F_SETFD, FD_CLOEXEC);
	return kq;
}

/* The type of udata is not the same everywhere; an index fits all. */
static int
add(int kq, const struct kevent *what, uintptr_t ident, size_t index)
{
	struct kevent change = *what;

	change.ident = ident;
	memcpy(&change.udata, &index, sizeof(change.udata));
	return kevent(kq, &change, 1, NULL, 0, NULL);
}

static int
add_readable(int kq, int fd, size_t index)
{
	size_t i;

	for (i = 0; i < READABLE_COUNT; i++)
		if (add(kq, &readable[i], (uintptr_t)fd, index) == 0)
			return 0;
	return -1;
}

int
ctn_os_watch_open(pid_t pid)
{
	int kq = open_kqueue();

	if (kq != -1 && add(kq, &process_ends, (uintptr_t)pid, 0) == -1)
		ctn_fd_close(&kq);
	return kq;
}

int
ctn_os_gather(const int *fds, size_t count)
{
	int kq = open_kqueue();
	size_t i;

	for (i = 0; kq != -1 && i < count; i++)
		if (fds[i] != -1 && add_readable(kq, fds[i], i) == -1)
			ctn_fd_close(&kq);
	return kq;
}

int
ctn_kqueue_is_needed(const struct pollfd *fds, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (fds[i].fd >= 0 && fds[i].events == 0)
			return 1;
	return 0;
}

/*
 * Wake up for the hang-up only, as little as can be for data that others read.
 * A socket whose peer has closed one direction is not hung up: its other
 * direction is the one to watch.
 */
static int
add_hangup(int kq, int fd, size_t index)
{
	const struct kevent *what = &peer_closes;
	struct stat st;

	if (fstat(fd, &st) == 0 && S_ISSOCK(st.st_mode))
		what = &reader_closes;
	return add(kq, what, (uintptr_t)fd, index);
}

/* Returns how many could not be registered, which poll tells at once.  What
 * cannot be watched for its hang-up (on macOS, /dev/tty) has none. */
static int
add_all(int kq, struct pollfd *fds, size_t count)
{
	int invalid = 0;
	size_t i;

	for (i = 0; i < count; i++) {
		fds[i].revents = 0;
		if (fds[i].fd < 0)
			continue;
		if (fds[i].events == 0) {
			add_hangup(kq, fds[i].fd, i);
			continue;
		}
		if (add_readable(kq, fds[i].fd, i) == 0)
			continue;
		fds[i].revents = POLLNVAL;
		invalid++;
	}
	return invalid;
}

static void
note_event(struct pollfd *fds, const struct kevent *event)
{
	struct pollfd *fd;
	size_t index = 0;

	memcpy(&index, &event->udata, sizeof(event->udata));
	fd = &fds[index];
	if (event->flags & EV_EOF)
		fd->revents |= POLLHUP;
	fd->revents |= fd->events & POLLIN;
}

/* What kq tells now; returns how many entries have something. */
static int
take_events(int kq, struct pollfd *fds, size_t count)
{
	const struct timespec now = { 0, 0 };
	struct kevent events[16];
	int n, told = 0;
	size_t i;

	n = kevent(kq, NULL, 0, events, sizeof(events) / sizeof(events[0]),
	    &now);
	while (n > 0)
		note_event(fds, &events[--n]);
	for (i = 0; i < count; i++)
		told += fds[i].revents != 0;
	return told;
}

int
ctn_kqueue_poll(struct pollfd *fds, size_t count, int64_t timeout_ms,
    const sigset_t *mask, ctn_kqueue_wait_fn *wait)
{
	int64_t deadline = timeout_ms < 0 ? CTN_NEVER :
	    ctn_clock_deadline_ms(timeout_ms);
	int kq = open_kqueue(), told, n = 1;

	if (kq == -1)
		return -1;
	told = add_all(kq, fds, count);
	while (told == 0 && n == 1) {
		n = wait(kq, timeout_ms == 0 ? 0 :
		    ctn_clock_left_ms(deadline), mask);
		if (n == 1)
			told = take_events(kq, fds, count);
		if (timeout_ms == 0)
			break;
	}
	ctn_fd_close(&kq);
	return n == -1 ? -1 : told;
}
