/* poke.c: changing a system call of a traced process */
#include "config.h"

#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <errno.h>
#include <string.h>

#include "torture.h"

#ifndef PTRACE_SET_SYSCALL_INFO
#define PTRACE_SET_SYSCALL_INFO 0x4212	/* Linux 6.16 */
#endif

#ifdef __x86_64__
#define PLACE(name) ((void *)offsetof(struct user_regs_struct, name))

static int
set_number(pid_t pid, long number)
{
	return (int)ptrace(PTRACE_POKEUSER, pid, PLACE(orig_rax), number);
}

static int
set_argument(pid_t pid, unsigned n, uint64_t value)
{
	static const size_t places[] = {
		offsetof(struct user_regs_struct, rdi),
		offsetof(struct user_regs_struct, rsi),
		offsetof(struct user_regs_struct, rdx),
	};

	return (int)ptrace(PTRACE_POKEUSER, pid, (void *)places[n], value);
}

static int
set_result(pid_t pid, int errnum)
{
	return (int)ptrace(PTRACE_POKEUSER, pid, PLACE(rax), -(long)errnum);
}
#else
static int
set_number(pid_t pid, long number)
{
	struct __ptrace_syscall_info info;

	if (ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof(info), &info) == -1)
		return -1;
	info.entry.nr = (uint64_t)number;
	return (int)ptrace(PTRACE_SET_SYSCALL_INFO, pid, sizeof(info), &info);
}

static int
set_argument(pid_t pid, unsigned n, uint64_t value)
{
	struct __ptrace_syscall_info info;

	if (ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof(info), &info) == -1)
		return -1;
	info.entry.args[n] = value;
	return (int)ptrace(PTRACE_SET_SYSCALL_INFO, pid, sizeof(info), &info);
}

static int
set_result(pid_t pid, int errnum)
{
	struct __ptrace_syscall_info info;

	if (ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof(info), &info) == -1)
		return -1;
	info.exit.rval = -errnum;
	info.exit.is_error = 1;
	return (int)ptrace(PTRACE_SET_SYSCALL_INFO, pid, sizeof(info), &info);
}
#endif

int
poke_skip(pid_t pid)
{
	return set_number(pid, -1);
}

int
poke_result(pid_t pid, int errnum)
{
	return set_result(pid, errnum);
}

/* The length of the first part of a struct msghdr. */
static int
shorten_message(pid_t pid, uint64_t message)
{
	uint64_t part, length;

	part = (uint64_t)ptrace(PTRACE_PEEKDATA, pid,
	    (void *)(uintptr_t)(message + 16), NULL);
	length = (uint64_t)ptrace(PTRACE_PEEKDATA, pid,
	    (void *)(uintptr_t)(part + 8), NULL);
	return (int)ptrace(PTRACE_POKEDATA, pid,
	    (void *)(uintptr_t)(part + 8), length / 2);
}

int
poke_shorten(pid_t pid, long call, const uint64_t args[6])
{
	if (call == SYS_recvmsg)
		return shorten_message(pid, args[1]);
	if (args[2] < 2)
		return -1;
	return set_argument(pid, 2, args[2] / 2);
}
