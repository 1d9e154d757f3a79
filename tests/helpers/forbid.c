/*
 * forbid.c: execute a command that the kernel refuses some system calls.
 *
 * Copyright (c) 2026 the contain authors
 * SPDX-License-Identifier: ISC
 */
#include "config.h"

#include <sys/types.h>
#include <sys/prctl.h>

#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>

#include <err.h>
#include <errno.h>
#include <sched.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "os/linux_numbers.h"

#ifndef SYS_open_tree
#define SYS_open_tree  428
#define SYS_move_mount 429
#define SYS_fsopen     430
#define SYS_fsconfig   431
#define SYS_fsmount    432
#endif
#ifndef SYS_mount_setattr
#define SYS_mount_setattr 442
#endif

#define FILTER_MAX 512

struct name {
	const char *name;
	unsigned int value;
};

/* argument: which one carries clone flags. */
static const struct call {
	const char *name;
	unsigned int number;
	unsigned int argument;
} calls[] = { { "clone", SYS_clone, 0 }, { "clone3", SYS_clone3, 0 },
	{ "unshare", SYS_unshare, 0 }, { "setns", SYS_setns, 1 },
	{ "mount", SYS_mount, 0 }, { "umount2", SYS_umount2, 0 },
	{ "pivot_root", SYS_pivot_root, 0 },
	{ "pidfd_open", SYS_pidfd_open, 0 }, { "pidfd_send_signal", 424, 0 },
	{ "close_range", SYS_close_range, 0 },
	{ "open_tree", SYS_open_tree, 0 }, { "move_mount", SYS_move_mount, 0 },
	{ "fsopen", SYS_fsopen, 0 }, { "fsconfig", SYS_fsconfig, 0 },
	{ "fsmount", SYS_fsmount, 0 },
	{ "mount_setattr", SYS_mount_setattr, 0 },
	{ "kill", SYS_kill, 0 }, { "setsid", SYS_setsid, 0 },
	{ "waitid", SYS_waitid, 0 },
	{ "epoll_create1", SYS_epoll_create1, 0 }, { NULL, 0, 0 } };

static const struct name flags[] = { { "newuser", CLONE_NEWUSER },
	{ "newpid", CLONE_NEWPID }, { "newns", CLONE_NEWNS }, { NULL, 0 } };

static const struct name errors[] = { { "EPERM", EPERM }, { "ENOSYS", ENOSYS },
	{ "ENOSPC", ENOSPC }, { "EINVAL", EINVAL }, { "EACCES", EACCES },
	{ "ENOMEM", ENOMEM }, { "EAGAIN", EAGAIN }, { "EUSERS", EUSERS },
	{ NULL, 0 } };

static struct sock_filter filter[FILTER_MAX];
static unsigned short length;

static void
emit(unsigned short code, unsigned char jump_true, unsigned char jump_false,
    unsigned int value)
{
	if (length == FILTER_MAX)
		errx(2, "too many rules");
	filter[length++] =
	    (struct sock_filter){ code, jump_true, jump_false, value };
}

static unsigned int
find_name(const struct name *names, const char *name, size_t size)
{
	for (; names->name != NULL; names++)
		if (strlen(names->name) == size &&
		    strncmp(names->name, name, size) == 0)
			return names->value;
	errx(2, "unknown: %.*s", (int)size, name);
}

static const struct call *
find_call(const char *name, size_t size)
{
	const struct call *call;

	for (call = calls; call->name != NULL; call++)
		if (strlen(call->name) == size &&
		    strncmp(call->name, name, size) == 0)
			return call;
	errx(2, "unknown system call: %.*s", (int)size, name);
}

/* The lower half of an argument; seccomp_data is in host byte order. */
static unsigned int
argument_offset(unsigned int argument)
{
	unsigned int offset;

	offset =
	    (unsigned int)offsetof(struct seccomp_data, args) + argument * 8;
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	offset += 4;
#endif
	return offset;
}

static void
forbid_call(const struct call *call, unsigned int flag, unsigned int errnum)
{
	unsigned char skip = flag == 0 ? 1 : 3;

	emit(BPF_LD | BPF_W | BPF_ABS, 0, 0,
	    (unsigned int)offsetof(struct seccomp_data, nr));
	emit(BPF_JMP | BPF_JEQ | BPF_K, 0, skip, call->number);
	if (flag != 0) {
		emit(BPF_LD | BPF_W | BPF_ABS, 0, 0,
		    argument_offset(call->argument));
		emit(BPF_JMP | BPF_JSET | BPF_K, 0, 1, flag);
	}
	emit(BPF_RET | BPF_K, 0, 0,
	    SECCOMP_RET_ERRNO | (errnum & SECCOMP_RET_DATA));
}

/*
 * CALL[:FLAG]=ERRNO.  A filter cannot see clone3's flags, so a rule for
 * clone's makes clone3 unknown, as container runtimes do.
 */
static void
add_rule(const char *rule)
{
	const struct call *call;
	const char *equals, *colon;
	unsigned int flag = 0, errnum;

	if ((equals = strchr(rule, '=')) == NULL)
		errx(2, "not a rule: %s", rule);
	colon = memchr(rule, ':', (size_t)(equals - rule));
	errnum = find_name(errors, equals + 1, strlen(equals + 1));
	if (colon != NULL)
		flag =
		    find_name(flags, colon + 1, (size_t)(equals - colon - 1));
	call =
	    find_call(rule, (size_t)((colon != NULL ? colon : equals) - rule));
	if (call->number == SYS_clone)
		forbid_call(find_call("clone3", 6), 0, ENOSYS);
	forbid_call(call, flag, errnum);
}

static void
install(void)
{
	struct sock_fprog prog = { .len = length, .filter = filter };

	emit(BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW);
	prog.len = length;
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &prog) == 0)
		return;
	/* Who has no privilege must promise not to gain any. */
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1 ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &prog) == -1)
		err(2, "seccomp");
}

/*
 * Root with no capability but the one that it takes to map uid 0 into a user
 * namespace, user_namespaces(7); "setfcap" drops that one as well.  After
 * execve root has what the bounding set still allows.
 */
static void
drop_capabilities(void)
{
	int cap;

	for (cap = 0; cap < 64; cap++)
		if (cap != CAP_SETFCAP)
			(void)prctl(PR_CAPBSET_DROP, cap, 0, 0, 0);
}

int
main(int argc, char *argv[])
{
	int i, privileges = 0;

	for (i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
		if (strcmp(argv[i], "capabilities") == 0)
			privileges = 1;
		else if (strcmp(argv[i], "setfcap") == 0)
			(void)prctl(PR_CAPBSET_DROP, CAP_SETFCAP, 0, 0, 0);
		else
			add_rule(argv[i]);
	}
	if (i + 1 >= argc)
		errx(2,
		    "usage: forbid [CALL[:FLAG]=ERRNO]... [capabilities] "
		    "[setfcap] -- COMMAND [ARG...]");
	if (length > 0)
		install();
	if (privileges)
		drop_capabilities();
	execvp(argv[i + 1], argv + i + 1);
	err(127, "%s", argv[i + 1]);
}
