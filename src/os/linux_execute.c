/*
 * linux_execute.c: a child that executes something, made as vfork(2) does.
 *
 * No page table is copied, and no page of the caller's has to be copied later,
 * when either of the two writes to it.
 */
#include "config.h"

#include <errno.h>
#include <linux/capability.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fd.h"
#include "os/os.h"
#include "os/start.h"

#ifndef CLONE_PIDFD
#define CLONE_PIDFD 0x00001000
#endif

/* The dynamic linker, which may have to find the child's functions for it, puts
 * all registers there. */
#define STACK_SIZE 65536

struct execution {
	ctn_start_fn *child;
	void *arg;
	volatile int failure;
};

/* On the caller's memory, errno too: it is the same thread's. */
static int
run_child(void *arg)
{
	struct execution *execution = arg;
	int none = -1;

	execution->failure = execution->child(&none, execution->arg);
	return 127;
}

static void
reap(pid_t pid, int *watch)
{
	while (waitpid(pid, NULL, __WALL) == -1 && errno == EINTR)
		continue;
	ctn_fd_close(watch);
}

/* Not on the caller's own stack, which in a thread can be small. */
pid_t
ctn_os_execute(uint64_t flags, ctn_start_fn *child, void *arg, int *watch)
{
	struct execution execution = { child, arg, 0 };
	char *stack;
	pid_t pid;

	stack = mmap(NULL, STACK_SIZE, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
	if (stack == MAP_FAILED)
		return -1;
	pid = clone(run_child, stack + STACK_SIZE, (int)(flags | CLONE_VM |
	    CLONE_VFORK | CLONE_PIDFD), &execution, watch, NULL, NULL);
	if (pid == -1)
		execution.failure = errno;
	munmap(stack, STACK_SIZE);
	if (execution.failure == 0)
		return pid;
	if (pid != -1)
		reap(pid, watch);
	errno = execution.failure;
	return -1;
}

/* The capabilities in effect. */
uint64_t
ctn_os_privilege(void)
{
	struct __user_cap_header_struct header = {
		_LINUX_CAPABILITY_VERSION_3, 0
	};
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];

	if (syscall(SYS_capget, &header, data) == -1)
		return 0;
	return (uint64_t)data[1].effective << 32 | data[0].effective;
}
