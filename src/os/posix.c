/* posix.c: what the systems without a way of their own share */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

#include "fd.h"
#include "os/os.h"
#include "os/posix.h"

#ifndef MAP_ANONYMOUS
#define MAP_ANONYMOUS MAP_ANON
#endif
#ifndef MAP_NORESERVE
#define MAP_NORESERVE 0		/* systems that never reserve */
#endif
#ifndef O_CLOEXEC
#define O_CLOEXEC 0
#endif

int
ctn_posix_close_on_exec(int fds[2])
{
	fcntl(fds[0], F_SETFD, FD_CLOEXEC);
	fcntl(fds[1], F_SETFD, FD_CLOEXEC);
	return 0;
}

int
ctn_posix_poll(struct pollfd *fds, size_t count, int64_t timeout_ms)
{
	int n = 0;

	while (n == 0 && timeout_ms > INT_MAX) {
		n = poll(fds, (nfds_t)count, INT_MAX);
		timeout_ms -= INT_MAX;
	}
	return n != 0 ? n : poll(fds, (nfds_t)count, (int)timeout_ms);
}

/* Does a signal wait that mask lets through? */
static int
is_any_pending(const sigset_t *mask)
{
	sigset_t pending;
	int number;

	sigpending(&pending);
	for (number = 1; number < NSIG; number++)
		if (sigismember(&pending, number) == 1 &&
		    sigismember(mask, number) == 0)
			return 1;
	return 0;
}

/* How late a signal may be noticed. */
#define SLICE_MS 500

int
ctn_posix_poll_masked(struct pollfd *fds, size_t count, int64_t timeout_ms,
    const sigset_t *mask)
{
	int is_cut = timeout_ms < 0 || timeout_ms > SLICE_MS;
	sigset_t before;
	int n, saved;

	if (is_any_pending(mask)) {
		is_cut = 1;
		timeout_ms = 0;
	} else if (is_cut)
		timeout_ms = SLICE_MS;
	sigprocmask(SIG_SETMASK, mask, &before);
	n = poll(fds, (nfds_t)count, (int)timeout_ms);
	saved = n == 0 && is_cut ? EINTR : errno;
	sigprocmask(SIG_SETMASK, &before, NULL);
	errno = saved;
	return n == 0 && is_cut ? -1 : n;
}

/* Without PID namespaces, everybody knows his own pid as others do. */
void
ctn_os_name_senders(int fd)
{
	(void)fd;
}

ssize_t
ctn_os_receive(int fd, void *buffer, size_t size, pid_t *sender)
{
	*sender = 0;
	return recv(fd, buffer, size, MSG_DONTWAIT);
}

/* The warden was made by the C library's own fork, on all of these systems. */
pid_t
ctn_os_fork_on(int is_threaded)
{
	(void)is_threaded;
	return fork();
}

void
ctn_os_exit(int status)
{
	_exit(status);
}

int
ctn_os_is_alone(void)
{
	return 0;
}

/* Elsewhere than on Linux the signal is SIGIO, and it continues nobody. */
void
ctn_os_signal_on_input(int fd, int signum)
{
	(void)fd;
	(void)signum;
}

int
ctn_posix_pty_master(const char **step)
{
	int master;

	*step = "posix_openpt";
	master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (master == -1 && errno == EINVAL)
		master = posix_openpt(O_RDWR | O_NOCTTY);
	master = ctn_fd_above_stdio(master);
	if (master == -1)
		return -1;
	fcntl(master, F_SETFD, FD_CLOEXEC);
	*step = "grantpt";
	if (grantpt(master) == -1) {
		ctn_fd_close(&master);
		return -1;
	}
	*step = "unlockpt";
	if (unlockpt(master) == -1)
		ctn_fd_close(&master);
	return master;
}

int
ctn_posix_pty_named(int master, const char *name, char *slave, size_t size,
    const char **step)
{
	*step = "ptsname";
	if (name != NULL && strlen(name) < size) {
		memcpy(slave, name, strlen(name) + 1);
		return master;
	}
	if (name != NULL)
		errno = ENAMETOOLONG;
	ctn_fd_close(&master);
	return -1;
}

int
ctn_posix_pty_open(char *slave, size_t size, const char **step)
{
	int master = ctn_posix_pty_master(step);

	return master == -1 ? -1 : ctn_posix_pty_named(master,
	    ptsname(master), slave, size, step);
}

/* Opening it was enough on the systems that come from System V; the others
 * want to be asked. */
static int
become_controlling(int fd)
{
	if (tcgetsid(fd) == getpid())
		return 0;
#ifdef TIOCSCTTY
	if (ioctl(fd, TIOCSCTTY, 0) == -1)
		return -1;
#endif
	if (tcgetsid(fd) == getpid())
		return 0;
	errno = ENOTTY;
	return -1;
}

int
ctn_posix_pty_take(const char *slave, int (*prepare)(int fd),
    const char **step)
{
	int fd;

	*step = "open slave";
	fd = ctn_fd_above_stdio(open(slave, O_RDWR | O_CLOEXEC));
	if (fd == -1)
		return -1;
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	*step = "I_PUSH";
	if (prepare != NULL && prepare(fd) == -1) {
		ctn_fd_close(&fd);
		return -1;
	}
	*step = "TIOCSCTTY";
	if (become_controlling(fd) == -1)
		ctn_fd_close(&fd);
	return fd;
}

int
ctn_os_in_foreground(int fd)
{
	return tcgetpgrp(fd) == getpgrp();
}

void
ctn_os_forbid_core(void)
{
	const struct rlimit none = { 0, 0 };

	setrlimit(RLIMIT_CORE, &none);
}

/* Our own children keep their pid until we reap them.  Of others nothing holds
 * the pid between the look and the signal: a moment in which it would have to
 * end, be reaped, and all other pids be used up. */
int
ctn_os_process_signal(const struct ctn_process *process, int signum)
{
	if (process->parent != getpid() && !ctn_os_process_is_same(process)) {
		errno = ESRCH;
		return -1;
	}
	return kill(process->pid, signum);
}

void *
ctn_posix_map(size_t size)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return memory != MAP_FAILED ? memory : NULL;
}

void
ctn_posix_unmap(void *memory, size_t size)
{
	int saved = errno;

	munmap(memory, size);
	errno = saved;
}

/* Copy what is left of the string at *at, cut to what fits. */
static ssize_t
copy_value(const char *at, const char *end, char *value, size_t size)
{
	size_t length = 0;

	for (; at < end && *at != '\0' && length + 1 < size; at++)
		value[length++] = *at;
	value[length] = '\0';
	return (ssize_t)length;
}

ssize_t
ctn_posix_find_variable(const char *at, const char *end, const char *name,
    char *value, size_t size)
{
	size_t length = strlen(name);

	while (at < end) {
		if ((size_t)(end - at) > length && at[length] == '=' &&
		    memcmp(at, name, length) == 0)
			return copy_value(at + length + 1, end, value, size);
		while (at < end && *at != '\0')
			at++;
		at++;
	}
	errno = ENOENT;
	return -1;
}

void
ctn_posix_copy_name(char to[32], const char *name, size_t size)
{
	size_t length = 0;

	while (length < size && length < 31 && name[length] != '\0') {
		to[length] = name[length];
		length++;
	}
	to[length] = '\0';
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

/* ---- what none of them tells yet ----------------------------------- */

int64_t
ctn_os_process_age_ms(uint64_t start)
{
	(void)start;
	return -1;
}

ssize_t
ctn_os_process_command(pid_t pid, char *command, size_t size)
{
	(void)pid;
	(void)command;
	(void)size;
	errno = ENOSYS;
	return -1;
}
