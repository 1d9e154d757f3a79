/* linux.c: descriptors and processes on Linux */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "fd.h"
#include "os/linux.h"
#include "os/linux_numbers.h"
#include "os/os.h"
#include "os/ppoll.h"

/* Flags that older C libraries do not name. */
#ifndef CLONE_PIDFD
#define CLONE_PIDFD 0x00001000
#endif
#ifndef CLONE_CLEAR_SIGHAND
#define CLONE_CLEAR_SIGHAND 0x100000000ULL
#endif

int
ctn_os_socketpair(int fds[2])
{
	return socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds);
}

void
ctn_os_name_senders(int fd)
{
	const int on = 1;

	setsockopt(fd, SOL_SOCKET, SO_PASSCRED, &on, sizeof(on));
}

/* The kernel translates the pid from one PID namespace to another. */
ssize_t
ctn_os_receive(int fd, void *buffer, size_t size, pid_t *sender)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(struct ucred))];
	} control;
	struct iovec part = { buffer, size };
	struct msghdr message;
	struct cmsghdr *extra;
	struct ucred who;
	ssize_t n;

	memset(&message, 0, sizeof(message));
	message.msg_iov = &part;
	message.msg_iovlen = 1;
	message.msg_control = control.bytes;
	message.msg_controllen = sizeof(control);
	*sender = 0;
	n = recvmsg(fd, &message, MSG_DONTWAIT);
	extra = n > 0 ? CMSG_FIRSTHDR(&message) : NULL;
	if (extra != NULL && extra->cmsg_level == SOL_SOCKET &&
	    extra->cmsg_type == SCM_CREDENTIALS) {
		memcpy(&who, CMSG_DATA(extra), sizeof(who));
		*sender = who.pid;
	}
	return n;
}

int
ctn_os_pipe(int fds[2])
{
	return pipe2(fds, O_CLOEXEC);
}

/* Close fd if it lies in the range arg[0] to arg[1]. */
static int
close_within(long fd, void *arg)
{
	const int *range = arg;

	if (fd >= range[0] && fd <= range[1])
		close((int)fd);
	return 0;
}

/* Without close_range (before Linux 5.9, or forbidden): those that /proc
 * lists, and where it cannot be read, a number that is not endless. */
static void
close_each(int low, int high)
{
	int range[2] = { low, high };
	int fd;

	if (ctn_linux_each_number("/proc/self/fd", close_within, range) != -1)
		return;
	for (fd = low; fd <= high && fd < 65536; fd++)
		close(fd);
}

void
ctn_os_close_range(int low, int high)
{
	int saved = errno;

	if (syscall(SYS_close_range, (unsigned)low, (unsigned)high, 0) == -1)
		close_each(low, high);
	errno = saved;
}

/* The kernel tells of input that comes; of what is there already we tell, and in
 * the same way: signals to oneself may say that. */
static void
signal_as_kernel(int signum)
{
	siginfo_t info;

	memset(&info, 0, sizeof(info));
	info.si_signo = signum;
	info.si_code = POLL_IN;
	syscall(SYS_rt_sigqueueinfo, getpid(), signum, &info);
}

void
ctn_os_signal_on_input(int fd, int signum)
{
	struct pollfd input = { fd, POLLIN, 0 };
	int flags = fcntl(fd, F_GETFL) & ~O_ASYNC;

	/* without a number of its own the signal is SIGIO: never while on */
	fcntl(fd, F_SETFL, flags);
	fcntl(fd, F_SETSIG, signum);
	if (signum == 0)
		return;
	fcntl(fd, F_SETOWN, getpid());
	fcntl(fd, F_SETFL, flags | O_ASYNC);
	if (poll(&input, 1, 0) == 1)
		signal_as_kernel(signum);
}

int
ctn_os_poll(struct pollfd *fds, size_t count, int64_t timeout_ms,
    const sigset_t *mask)
{
	return ctn_ppoll(fds, count, timeout_ms, mask);
}

/* The first fields of the kernel's struct clone_args, all that clone3(2) must
 * be given. */
struct clone_args_v0 {
	uint64_t flags;
	uint64_t pidfd;
	uint64_t child_tid;
	uint64_t parent_tid;
	uint64_t exit_signal;
	uint64_t stack;
	uint64_t stack_size;
	uint64_t tls;
};

/* clone3 refused: by a container's seccomp filter, or by an older kernel. */
static pid_t
clone_before_clone3(uint64_t flags, int *pidfd)
{
#if defined(__s390__) || defined(__CRIS__)
	return (pid_t)syscall(SYS_clone, NULL, (unsigned long)flags, pidfd,
	    NULL, NULL);
#else
	return (pid_t)syscall(SYS_clone, (unsigned long)flags, NULL, pidfd,
	    NULL, NULL);
#endif
}

pid_t
ctn_linux_clone(uint64_t flags, int *pidfd, int *has_handlers)
{
	struct clone_args_v0 args = {
		.flags = flags | CLONE_PIDFD |
		    (*has_handlers ? 0 : CLONE_CLEAR_SIGHAND),
		.pidfd = (uint64_t)(uintptr_t)pidfd,
	};
	pid_t pid;

	pid = (pid_t)syscall(SYS_clone3, &args, sizeof(args));
	if (pid != -1)
		return pid;
	*has_handlers = 1;
	return clone_before_clone3(flags | CLONE_PIDFD, pidfd);
}

pid_t
ctn_os_fork(int *watch, int *has_handlers)
{
	pid_t pid = ctn_linux_clone(0, watch, has_handlers);

	/* an emulator of another processor (qemu-user) knows fork's flags only */
	if (pid == -1 && errno == EINVAL)
		pid = clone_before_clone3(SIGCHLD, NULL);
	return pid;
}

/* The C library sets right in its fork what the clone before it left wrong: the
 * thread's number, above all.  It may wait for locks, which in a copy of a
 * threaded host nobody releases. */
pid_t
ctn_os_fork_on(int is_threaded)
{
	if (!is_threaded)
		return fork();
#ifdef HAVE__FORK
	return _Fork();
#else
	return clone_before_clone3(SIGCHLD, NULL);
#endif
}

/* The call itself: a sanitizer has an _exit of its own, which may wait for a
 * lock that another thread of the host held. */
void
ctn_os_exit(int status)
{
	for (;;)
		syscall(SYS_exit_group, status);
}

/* One link for each thread beside the directory's own two. */
int
ctn_os_is_alone(void)
{
	struct stat st;

	return stat("/proc/self/task", &st) == 0 && st.st_nlink == 3;
}

int
ctn_os_adopt_orphans(int on)
{
	return prctl(PR_SET_CHILD_SUBREAPER, (unsigned long)on, 0, 0, 0);
}

int
ctn_os_signal_descendants(int signum)
{
	(void)signum;
	errno = ENOSYS;
	return -1;
}

int
ctn_os_watch_open(pid_t pid)
{
	return ctn_fd_above_stdio((int)syscall(SYS_pidfd_open, pid, 0));
}

int
ctn_os_is_elevated(void)
{
	return getauxval(AT_SECURE) != 0;
}

/* One: real-time signals queue, and each is to be counted. */
enum ctn_taken
ctn_os_take_pending(int signum)
{
	const struct timespec now = { 0, 0 };
	siginfo_t info;
	sigset_t set;

	sigemptyset(&set);
	ctn_os_sigaddset(&set, signum);
	if (sigtimedwait(&set, &info, &now) == -1)
		return CTN_TAKEN_NONE;
	return info.si_code > 0 ? CTN_TAKEN_KERNEL : CTN_TAKEN_SENT;
}

void
ctn_os_forbid_core(void)
{
	/* RLIMIT_CORE alone is not asked when cores go to a pipe, core(5) */
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}
