/*
 * unsupported.c: a system that nobody has ported contain to yet.
 *
 * POSIX and no more: it compiles everywhere, and what POSIX does not have
 * answers ENOSYS.  A port starts as a copy of this file.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/socket.h>
#include <sys/resource.h>
#include <unistd.h>

#include "os/os.h"

static int
close_on_exec(int fds[2])
{
	fcntl(fds[0], F_SETFD, FD_CLOEXEC);
	fcntl(fds[1], F_SETFD, FD_CLOEXEC);
	return 0;
}

int
ctn_os_socketpair(int fds[2])
{
	return socketpair(AF_UNIX, SOCK_STREAM, 0, fds) == -1 ? -1 :
	    close_on_exec(fds);
}

int
ctn_os_pipe(int fds[2])
{
	return pipe(fds) == -1 ? -1 : close_on_exec(fds);
}

void
ctn_os_close_range(int low, int high)
{
	long most = sysconf(_SC_OPEN_MAX);
	int fd;

	if (most < 0 || most > 65536)
		most = 65536;
	for (fd = low; fd <= high && fd < most; fd++)
		close(fd);
}

void
ctn_os_signal_on_input(int fd, int signum)
{
	(void)fd;
	(void)signum;
}

/* Between the change of the mask and poll a signal may come unseen; ppoll
 * closes that gap where there is one. */
int
ctn_os_poll(struct pollfd *fds, size_t count, int64_t timeout_ms,
    const sigset_t *mask)
{
	sigset_t before;
	int n, saved;

	if (mask != NULL)
		sigprocmask(SIG_SETMASK, mask, &before);
	n = poll(fds, (nfds_t)count, timeout_ms > INT_MAX ? INT_MAX :
	    (int)timeout_ms);
	saved = errno;
	if (mask != NULL)
		sigprocmask(SIG_SETMASK, &before, NULL);
	errno = saved;
	return n;
}

int
ctn_os_watch_open(pid_t pid)
{
	(void)pid;
	errno = ENOSYS;
	return -1;
}

int
ctn_os_is_elevated(void)
{
	return getuid() != geteuid() || getgid() != getegid();
}

/* POSIX: ignoring a signal discards it while it is pending. */
enum ctn_taken
ctn_os_take_pending(int signum)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN }, before;
	sigset_t pending;

	sigpending(&pending);
	if (sigismember(&pending, signum) != 1)
		return CTN_TAKEN_NONE;
	sigaction(signum, &ignore, &before);
	sigaction(signum, &before, NULL);
	return CTN_TAKEN_SENT;
}

void
ctn_os_forbid_core(void)
{
	const struct rlimit none = { 0, 0 };

	setrlimit(RLIMIT_CORE, &none);
}

int
ctn_os_process_get(pid_t pid, struct ctn_process *process)
{
	(void)pid;
	(void)process;
	errno = ENOSYS;
	return -1;
}

pid_t
ctn_os_process_self(void)
{
	errno = ENOSYS;
	return -1;
}

int
ctn_os_process_each(ctn_os_visit_fn *visit, void *arg)
{
	(void)visit;
	(void)arg;
	errno = ENOSYS;
	return -1;
}
