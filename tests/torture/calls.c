/*
 * calls.c: which system calls can fail, and how.
 *
 * What the manual page of a call names, and what a filter, a limit or a lack of
 * memory can make of it.  A call that is not here gets those of the last row.
 */
#include "config.h"

#include <errno.h>
#include <stdio.h>

#include "os/linux_numbers.h"
#include "torture.h"

#define ROW(name, ...) { SYS_##name, #name, { __VA_ARGS__, 0 } }
#define NEVER(name) { SYS_##name, #name, { 0 } }
#define FILES EMFILE, ENFILE, ENOMEM

static const struct call calls[] = {
	/* descriptors */
	ROW(openat, FILES, EACCES, EPERM, ENOENT, ENOSPC, EIO, ENOSYS),
	ROW(read, EIO, EINTR, EAGAIN, ENOMEM, ERRNO_SHORT),
	ROW(write, EIO, EINTR, EAGAIN, ENOSPC, EPERM, ENOMEM, ERRNO_SHORT),
	ROW(close, EIO, EINTR, ENOSPC),	/* closes all the same: close(2) */
	ROW(close_range, EMFILE, ENOMEM, EPERM, ENOSYS),
	ROW(fcntl, EMFILE, EPERM, EACCES, ENOMEM),
	ROW(dup3, EMFILE, EIO, ENOMEM),
	ROW(pipe2, FILES, ENOSYS, EPERM),
	ROW(ioctl, EIO, EPERM, ENOTTY, ENOMEM, EAGAIN, EACCES),
	ROW(ppoll, EINTR, ENOMEM, EAGAIN),
	ROW(epoll_create1, FILES, ENOSYS, EPERM),
	ROW(epoll_ctl, ENOMEM, ENOSPC, EPERM),
	ROW(getdents64, EIO, ENOMEM, EINTR, EACCES, ENOSYS),
	ROW(readlinkat, EACCES, EIO, ENOMEM, ENOENT, ENOSYS),

	/* the leash */
	ROW(socketpair, FILES, EACCES, EPERM, ENOBUFS, ENOSYS),
	ROW(setsockopt, ENOMEM, EPERM, EACCES, ENOSYS, ENOPROTOOPT),
	ROW(sendto, EINTR, EAGAIN, ENOMEM, ENOBUFS, EPERM, ERRNO_SHORT),
	ROW(recvmsg, EINTR, EAGAIN, ENOMEM, EPERM, ERRNO_SHORT),
	ROW(shutdown, ENOMEM, EPERM, EIO),

	/* processes */
	ROW(clone3, EAGAIN, ENOMEM, ENOSPC, EPERM, EACCES, EINVAL, ENOSYS),
	ROW(clone, EAGAIN, ENOMEM, ENOSPC, EPERM, EACCES, EINVAL, ENOSYS),
	ROW(execve, ENOENT, EACCES, EPERM, ENOMEM, EIO, EMFILE, ETXTBSY,
	    EAGAIN, ENOSYS),
	ROW(wait4, EINTR),
	ROW(waitid, EINTR),
	ROW(kill, EPERM, EAGAIN),
	ROW(pidfd_open, FILES, EPERM, ENOSYS, EINVAL),
	ROW(pidfd_send_signal, EPERM, EAGAIN, ENOSYS),
	ROW(setsid, EPERM, ENOSYS),
	ROW(setpgid, EPERM, EACCES),
	ROW(prctl, EPERM, EACCES, EINVAL, ENOSYS, ENOMEM),
	ROW(capget, EPERM, ENOSYS, ENOMEM),
	ROW(capset, EPERM, ENOSYS, ENOMEM),
	ROW(prlimit64, EPERM, ENOSYS),
	ROW(rt_sigtimedwait, EINTR, EAGAIN),

	/* files and memory */
	ROW(mount, EPERM, EACCES, ENOMEM, ENOSPC, EIO, ENOSYS, EINVAL),
	ROW(chdir, EACCES, EIO, ENOENT, ENOMEM),
	ROW(mmap, ENOMEM, EAGAIN, EPERM, ENFILE),
	ROW(munmap, ENOMEM),
	ROW(mprotect, ENOMEM, EACCES),

	/* those of older processors */
#ifdef SYS_open
	ROW(open, FILES, EACCES, EPERM, ENOENT, ENOSPC, EIO, ENOSYS),
	ROW(access, EACCES, EIO, ENOMEM, ENOENT, ENOSYS),
	ROW(stat, EACCES, EIO, ENOMEM, ENOENT, ENOSYS),
	ROW(readlink, EACCES, EIO, ENOMEM, ENOENT, ENOSYS),
	ROW(dup2, EMFILE, EIO, ENOMEM),
	ROW(vfork, EAGAIN, ENOMEM, EPERM, ENOSYS),
	ROW(fork, EAGAIN, ENOMEM, EPERM, ENOSYS),
	ROW(poll, EINTR, ENOMEM),
	NEVER(getpgrp),
	NEVER(alarm),
#endif

	/* no way to fail when they are called as they are */
	NEVER(brk),	/* has no errno: limits.test takes its memory away */
	NEVER(exit),
	NEVER(exit_group),
	NEVER(getegid),
	NEVER(geteuid),
	NEVER(getgid),
	NEVER(getpgid),
	NEVER(getpid),
	NEVER(getppid),
	NEVER(getsid),
	NEVER(gettid),
	NEVER(getuid),
	NEVER(clock_gettime),
	NEVER(restart_syscall),
	NEVER(rt_sigaction),
	NEVER(rt_sigpending),
	NEVER(rt_sigprocmask),
	NEVER(rt_sigreturn),
	NEVER(sched_yield),
	NEVER(umask),

	/* the C library's own, before the warden's program begins */
#ifdef SYS_arch_prctl
	NEVER(arch_prctl),
#endif
	NEVER(set_tid_address),

	/* any other */
	{ -1, "other", { EPERM, ENOMEM, ENOSYS, EIO, 0 } }
};

enum { CALLS = sizeof(calls) / sizeof(calls[0]) };

const struct call *
call_of(long number)
{
	size_t i = 0;

	while (i < CALLS - 1 && calls[i].number != number)
		i++;
	return &calls[i];
}

const char *
call_name(long number)
{
	static char other[32];
	const struct call *call = call_of(number);

	if (call->number != -1)
		return call->name;
	snprintf(other, sizeof(other), "call %ld", number);
	return other;
}
