/* failing.c: the n-th use of something fails */
#include "config.h"

#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <termios.h>
#include <unistd.h>

#include "failing.h"

/* Shared with the children. */
static struct board {
	enum failing_what what;
	enum failing_how how;
	unsigned number;
	pid_t host;
	atomic_uint used;
	const char *_Atomic failed;	/* children are copies: the same text */
} *board;

static long blocks;

int
failing_open(void)
{
	void *memory = mmap(NULL, sizeof(*board), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		return -1;
	board = memory;
	return 0;
}

void
failing_arm(enum failing_what what, enum failing_how how, unsigned number)
{
	board->how = how;
	board->number = number;
	board->host = getpid();
	board->used = 0;
	board->failed = NULL;
	board->what = what;
}

const char *
failing_disarm(void)
{
	board->what = FAILING_NOTHING;
	return board->failed;
}

const char *
failing_last(void)
{
	return board->failed;
}

long
failing_blocks(void)
{
	return blocks;
}

/* Does this use of name fail? */
static int
fails(enum failing_what what, const char *name)
{
	unsigned used;

	if (board == NULL || board->what != what)
		return 0;
	used = atomic_fetch_add(&board->used, 1) + 1;
	if (used < board->number ||
	    (used > board->number && board->how == FAILING_ONCE))
		return 0;
	if (board->failed == NULL)
		board->failed = name;
	return 1;
}

static int
call_fails(const char *name)
{
	if (board == NULL)
		return 0;
	return fails(getpid() == board->host ? FAILING_HOST : FAILING_OTHERS,
	    name);
}

static int
memory_fails(const char *name)
{
	return board != NULL && getpid() == board->host &&
	    fails(FAILING_MEMORY, name);
}

/* ---- memory ---------------------------------------------------------------- */

/* Each is seen by the linker alone, which gives it to the library under the
 * name without __wrap_. */
#define DECLARE(type, name, parameters)					\
	type __real_##name parameters;					\
	type __wrap_##name parameters

static void *
counted(void *memory)
{
	blocks += memory != NULL;
	return memory;
}

#define WRAP_MEMORY(type, name, parameters, arguments)			\
	DECLARE(type, name, parameters);				\
	type								\
	__wrap_##name parameters					\
	{								\
		errno = ENOMEM;						\
		return memory_fails(#name) ? NULL :			\
		    counted(__real_##name arguments);			\
	}

WRAP_MEMORY(void *, malloc, (size_t size), (size))
WRAP_MEMORY(void *, calloc, (size_t count, size_t size), (count, size))
WRAP_MEMORY(char *, strdup, (const char *text), (text))

DECLARE(void *, realloc, (void *memory, size_t size));
void *
__wrap_realloc(void *memory, size_t size)
{
	void *moved = NULL;

	errno = ENOMEM;
	if (!memory_fails("realloc"))
		moved = __real_realloc(memory, size);
	blocks += memory == NULL && moved != NULL;
	return moved;
}

DECLARE(void, free, (void *memory));
void
__wrap_free(void *memory)
{
	blocks -= memory != NULL;
	__real_free(memory);
}

/* ---- system calls ---------------------------------------------------------- */

/*
 * What cannot fail as it is used is left alone: getpid, kill of a child, close;
 * waitpid(-1), whose answer is the truth; vfork, whose frame must stay
 * (test_api.c has it refused).
 */
#define WRAP(type, name, errnum, parameters, arguments)			\
	DECLARE(type, name, parameters);				\
	type								\
	__wrap_##name parameters					\
	{								\
		if (!call_fails(#name))					\
			return __real_##name arguments;			\
		errno = errnum;						\
		return (type)-1;					\
	}

WRAP(int, access, EACCES, (const char *path, int mode), (path, mode))
WRAP(int, chdir, EACCES, (const char *path), (path))
WRAP(int, dup2, EBUSY, (int fd, int to), (fd, to))
WRAP(int, epoll_create1, EMFILE, (int flags), (flags))
WRAP(int, epoll_ctl, ENOSPC, (int fd, int what, int of,
    struct epoll_event *event), (fd, what, of, event))
WRAP(int, execve, EACCES, (const char *path, char *const argv[],
    char *const env[]), (path, argv, env))
WRAP(pid_t, fork, EAGAIN, (void), ())
#ifdef HAVE__FORK
WRAP(pid_t, _Fork, EAGAIN, (void), ())
#endif
WRAP(int, fstat, ENOMEM, (int fd, struct stat *st), (fd, st))
WRAP(int, getrlimit, EPERM, (int which, struct rlimit *limit),
    (which, limit))
WRAP(void *, mmap, ENOMEM, (void *at, size_t size, int access, int flags,
    int fd, off_t offset), (at, size, access, flags, fd, offset))
WRAP(int, mount, EPERM, (const char *what, const char *where,
    const char *type, unsigned long flags, const void *data),
    (what, where, type, flags, data))
WRAP(int, pipe2, EMFILE, (int fds[2], int flags), (fds, flags))
WRAP(int, posix_openpt, ENOSPC, (int flags), (flags))
WRAP(int, ppoll, EINTR, (struct pollfd *fds, nfds_t count,
    const struct timespec *timeout, const sigset_t *mask),
    (fds, count, timeout, mask))
WRAP(ssize_t, read, EINTR, (int fd, void *buffer, size_t size),
    (fd, buffer, size))
WRAP(ssize_t, readlink, EACCES, (const char *path, char *buffer, size_t size),
    (path, buffer, size))
WRAP(ssize_t, recvmsg, ENOMEM, (int fd, struct msghdr *message, int flags),
    (fd, message, flags))
WRAP(ssize_t, send, ENOBUFS, (int fd, const void *data, size_t size,
    int flags), (fd, data, size, flags))
WRAP(int, setpgid, EPERM, (pid_t pid, pid_t pgrp), (pid, pgrp))
WRAP(int, setrlimit, EPERM, (int which,
    const struct rlimit *limit), (which, limit))
WRAP(pid_t, setsid, EPERM, (void), ())
WRAP(int, setsockopt, ENOPROTOOPT, (int fd, int level, int name,
    const void *value, socklen_t size), (fd, level, name, value, size))
WRAP(int, shutdown, ENOTCONN, (int fd, int how), (fd, how))
WRAP(int, socketpair, EMFILE, (int domain, int type, int protocol,
    int fds[2]), (domain, type, protocol, fds))
WRAP(int, stat, EACCES, (const char *path, struct stat *st), (path, st))
WRAP(int, tcgetattr, EIO, (int fd, struct termios *modes), (fd, modes))
WRAP(pid_t, tcgetpgrp, ENOTTY, (int fd), (fd))
WRAP(pid_t, tcgetsid, ENOTTY, (int fd), (fd))
WRAP(int, tcsetattr, EIO, (int fd, int when, const struct termios *modes),
    (fd, when, modes))
WRAP(int, tcsetpgrp, ENOTTY, (int fd, pid_t pgrp), (fd, pgrp))
WRAP(pid_t, wait4, EINTR, (pid_t pid, int *status, int flags,
    struct rusage *usage), (pid, status, flags, usage))
WRAP(int, waitid, EINTR, (idtype_t type, id_t id, siginfo_t *info, int flags),
    (type, id, info, flags))
WRAP(ssize_t, write, EINTR, (int fd, const void *data, size_t size),
    (fd, data, size))

DECLARE(FILE *, fopen, (const char *path, const char *mode));
FILE *
__wrap_fopen(const char *path, const char *mode)
{
	if (!call_fails("fopen"))
		return __real_fopen(path, mode);
	errno = EMFILE;
	return NULL;
}

/* Those that take what they like: as many words as any of them does, which is
 * how the C library itself passes them on; AddressSanitizer knows which were
 * not given. */
#define WRAP_VARIADIC(type, name, errnum, last, parameters, arguments)	\
	DECLARE(type, name, parameters);				\
	__attribute__((no_sanitize("address")))				\
	type								\
	__wrap_##name parameters					\
	{								\
		unsigned long word[6];					\
		va_list ap;						\
		int i;							\
									\
		va_start(ap, last);					\
		for (i = 0; i < 6; i++)					\
			word[i] = va_arg(ap, unsigned long);		\
		va_end(ap);						\
		if (!call_fails(#name))					\
			return __real_##name arguments;			\
		errno = errnum;						\
		return -1;						\
	}

WRAP_VARIADIC(int, fcntl, EMFILE, what, (int fd, int what, ...),
    (fd, what, word[0]))
WRAP_VARIADIC(int, ioctl, EIO, what, (int fd, unsigned long what, ...),
    (fd, what, word[0]))
WRAP_VARIADIC(int, open, EMFILE, flags, (const char *path, int flags,
    ...), (path, flags, (int)word[0]))
WRAP_VARIADIC(int, prctl, EINVAL, what, (int what, ...),
    (what, word[0], word[1], word[2], word[3]))
WRAP_VARIADIC(long, syscall, EPERM, number, (long number, ...),
    (number, word[0], word[1], word[2], word[3], word[4], word[5]))
