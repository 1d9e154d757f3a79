/* test_pidns_reason.c: in words, why a PID namespace cannot be had */
#include "config.h"

#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pidns.h"
#include "../namespace.h"
#include "unit.h"

#define USERNS CTN_STEP_CLONE_USER
#define PIDNS CTN_STEP_CLONE

static const struct contain_verdict *
explain(const char *step, int errnum)
{
	static struct contain_verdict verdict;

	memset(&verdict, 0, sizeof(verdict));
	ctn_pidns_explain(step, errnum, &verdict);
	return &verdict;
}

/* The reason holds these words and, if a remedy is known, the remedy those. */
static void
check(const char *step, int errnum, const char *reason, const char *remedy)
{
	const struct contain_verdict *verdict = explain(step, errnum);

	CHECK_HAS(verdict->reason, reason);
	if (remedy == NULL)
		CHECK_STR(verdict->remedy, "");
	else
		CHECK_HAS(verdict->remedy, remedy);
}

static long
setting(const char *path)
{
	FILE *file = fopen(path, "re");
	long value = -1;

	if (file == NULL)
		return -1;
	if (fscanf(file, "%ld", &value) != 1)
		value = -1;
	fclose(file);
	return value;
}

/* Does something on this machine that outranks the plain reasons hold? */
static int
is_restricted(void)
{
	char line[200];
	int filtered = 0;
	FILE *file = fopen("/proc/self/status", "re");

	while (file != NULL && fgets(line, sizeof(line), file) != NULL)
		filtered |= strncmp(line, "Seccomp:\t2", 10) == 0;
	if (file != NULL)
		fclose(file);
	return filtered ||
	    setting("/proc/sys/kernel/apparmor_restrict_unprivileged_userns")
	    == 1 || setting("/proc/sys/kernel/unprivileged_userns_clone")
	    == 0 || setting("/proc/sys/user/max_user_namespaces") == 0 ||
	    setting("/proc/sys/user/max_pid_namespaces") == 0 ||
	    setting("/proc/sys/user/max_mnt_namespaces") == 0;
}

#define NEED_NO_RESTRICTION()						\
	do {								\
		if (is_restricted())					\
			SKIP_BECAUSE("this machine's own restrictions "	\
			    "would be named first");			\
	} while (0)

/* ---- step and errno are enough ------------------------------------- */

static void
by_errno(void **state)
{
	static const struct {
		const char *step;
		int errnum;
		const char *reason, *remedy;
	} causes[] = {
		{ USERNS, ENOSPC, "limit of namespaces", "user.max_" },
		{ PIDNS, ENOSPC, "limit of namespaces", "user.max_" },
		{ USERNS, EUSERS, "nesting (32)", "nest less" },
		{ USERNS, EACCES, "security module", "AppArmor profile" },
		{ PIDNS, EINVAL, "CONFIG_PID_NS", "a kernel with" },
		{ USERNS, EINVAL, "CONFIG_USER_NS", "a kernel with" },
		{ PIDNS, ENOSYS, "CONFIG_PID_NS", "a kernel with" },
		{ USERNS, EPERM, "CAP_SYS_ADMIN", "run as root" },
		{ PIDNS, EPERM, "CAP_SYS_ADMIN", "run as root" },
		{ PIDNS, EAGAIN, "limit of processes", "ulimit -u" },
		{ CTN_STEP_FORK, EAGAIN, "limit of processes", "ulimit -u" },
		{ PIDNS, ENOMEM, "no memory", NULL },
		{ CTN_STEP_FORK, ENOMEM, "no memory", NULL },
		{ CTN_STEP_UID_MAP, ENOENT, "/proc is not mounted",
		    "mount -t proc" },
		{ CTN_STEP_SETGROUPS, ENOENT, "/proc is not mounted",
		    "mount -t proc" },
		{ CTN_STEP_UID_MAP, EINVAL, "ids of a user namespace",
		    "run as root" },
		{ CTN_STEP_CAPABILITIES, EINVAL, "refused this step", NULL },
		{ CTN_STEP_GID_MAP, EINVAL, "ids of a user namespace",
		    "run as root" },
		{ CTN_STEP_SETGROUPS, EACCES, "ids of a user namespace",
		    "run as root" },
		{ CTN_STEP_PROC, ENOENT, "no directory /proc", "mkdir /proc" },
		{ CTN_STEP_PROC, EBUSY, "refused this step", NULL },
		{ CTN_STEP_MOUNTNS, EPERM, "refused this step", NULL },
		{ CTN_STEP_SLAVE, EINVAL, "refused this step", NULL },
		{ CTN_STEP_PDEATHSIG, EINVAL, "refused this step", NULL },
		{ CTN_STEP_SUBREAPER, EINVAL, "refused this step", NULL },
		{ "socketpair", EMFILE, "refused this step", NULL },
		{ "", 0, "refused this step", NULL },
	};
	size_t i;

	(void)state;
	NEED_NO_RESTRICTION();
	for (i = 0; i < sizeof(causes) / sizeof(causes[0]); i++)
		check(causes[i].step, causes[i].errnum, causes[i].reason,
		    causes[i].remedy);
	/* who is root needs one more capability for it */
	check(CTN_STEP_UID_MAP, EPERM, geteuid() == 0 ? "CAP_SETFCAP" :
	    "ids of a user namespace", geteuid() == 0 ? "CAP_SETFCAP" :
	    "run as root");
}

/* A step's name goes through fixed fields: err.step, verdict.step, a
 * message's text. */
static void
steps_fit(void **state)
{
	static const char *const steps[] = { CTN_STEP_CLONE,
		CTN_STEP_CLONE_USER, CTN_STEP_SETGROUPS, CTN_STEP_GID_MAP,
		CTN_STEP_UID_MAP, CTN_STEP_MOUNTNS, CTN_STEP_SLAVE,
		CTN_STEP_PROC, CTN_STEP_PDEATHSIG, CTN_STEP_SUBREAPER,
		CTN_STEP_CAPABILITIES, CTN_STEP_FORK };
	struct contain_verdict verdict;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		assert_true(strlen(steps[i]) < sizeof(verdict.step));
}

/* No reason or remedy is cut: each sentence ends where it was meant to. */
static void
words_fit(void **state)
{
	static const int errnums[] = { EPERM, EACCES, ENOSPC, EUSERS, EINVAL,
		ENOSYS, EAGAIN, ENOMEM, ENOENT, EBUSY };
	static const char *const steps[] = { CTN_STEP_CLONE,
		CTN_STEP_CLONE_USER, CTN_STEP_UID_MAP, CTN_STEP_PROC };
	const struct contain_verdict *verdict;
	size_t i, j;

	(void)state;
	for (i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		for (j = 0; j < sizeof(errnums) / sizeof(errnums[0]); j++) {
			verdict = explain(steps[i], errnums[j]);
			assert_true(verdict->reason[0] != '\0');
			assert_true(strlen(verdict->reason) <
			    sizeof(verdict->reason) - 1);
			assert_true(strlen(verdict->remedy) <
			    sizeof(verdict->remedy) - 1);
			assert_null(strchr(verdict->reason, '\n'));
		}
}

/* ---- in a namespace with a setting of its own ---------------------- */

/* Be root of a new user namespace with a mount namespace, where limits and
 * mounts may be changed.  A program that cannot has said why. */
static const char *
become_root(void)
{
	char uids[40], gids[40];

	snprintf(uids, sizeof(uids), "0 %ld 1", (long)geteuid());
	snprintf(gids, sizeof(gids), "0 %ld 1", (long)getegid());
	if (unshare(CLONE_NEWUSER | CLONE_NEWNS) == -1)
		return "no user namespace to try it in";
	namespace_write("/proc/self/setgroups", "deny");
	if (namespace_write("/proc/self/uid_map", uids) == -1 ||
	    namespace_write("/proc/self/gid_map", gids) == -1)
		return "no ids in a user namespace to try it in";
	return NULL;
}

static void
try_become_root(void *arg)
{
	int *fd = arg;
	const char *why = become_root();

	CHECK_INT(write(*fd, why != NULL ? "n" : "y", 1), 1);
}

static int
can_become_root(void)
{
	int fds[2];
	char answer = 'n';

	assert_int_equal(pipe(fds), 0);
	unit_child(try_become_root, &fds[1]);
	close(fds[1]);
	assert_int_equal(read(fds[0], &answer, 1), 1);
	close(fds[0]);
	return answer == 'y';
}

#define NEED_USERNS()							\
	do {								\
		NEED_NO_RESTRICTION();					\
		if (!can_become_root())					\
			SKIP_BECAUSE("no user namespace to try it in");	\
	} while (0)

static void
limit_namespaces(void *arg)
{
	(void)arg;
	CHECK(become_root() == NULL);
	CHECK_INT(namespace_write("/proc/sys/user/max_mnt_namespaces", "0"), 0);
	check(PIDNS, ENOSPC, "user.max_mnt_namespaces is 0", "--proc=keep");
	check(CTN_STEP_MOUNTNS, ENOSPC, "user.max_mnt_namespaces is 0",
	    "--proc=keep");
	CHECK_INT(namespace_write("/proc/sys/user/max_pid_namespaces", "0"), 0);
	check(PIDNS, ENOSPC, "user.max_pid_namespaces is 0",
	    "max_pid_namespaces=10000");
	CHECK_INT(namespace_write("/proc/sys/user/max_user_namespaces", "0"), 0);
	check(USERNS, ENOSPC, "user.max_user_namespaces is 0",
	    "max_user_namespaces=10000");
	check(PIDNS, ENOSPC, "user.max_pid_namespaces is 0",
	    "max_pid_namespaces=10000");
	check(USERNS, EPERM, "CAP_SYS_ADMIN", "run as root");
}

static void
limits(void **state)
{
	(void)state;
	NEED_USERNS();
	unit_child(limit_namespaces, NULL);
}

static void
mask_proc(void *arg)
{
	(void)arg;
	CHECK(become_root() == NULL);
	CHECK_INT(mount("/dev/null", "/proc/version", NULL, MS_BIND, NULL),
	    0);
	check(CTN_STEP_PROC, EPERM, "parts of /proc are covered",
	    "unmasked");
	check(USERNS, EPERM, "CAP_SYS_ADMIN", "run as root");
	CHECK_INT(umount("/proc/version"), 0);
}

static void
masked_proc(void **state)
{
	(void)state;
	NEED_USERNS();
	unit_child(mask_proc, NULL);
}

/* A chroot whose /proc is there; "/" is then no mount point. */
static void
change_root(void *arg)
{
	const char *directory = arg;
	char proc[100];

	CHECK(become_root() == NULL);
	snprintf(proc, sizeof(proc), "%s/proc", directory);
	CHECK_INT(mkdir(proc, 0755), 0);
	CHECK_INT(mount("/proc", proc, NULL, MS_BIND | MS_REC, NULL), 0);
	CHECK_INT(chroot(directory), 0);
	CHECK_INT(chdir("/"), 0);
	check(USERNS, EPERM, "in a chroot", "pivot_root");
	check(PIDNS, EPERM, "CAP_SYS_ADMIN", "run as root");
}

static void
in_chroot(void **state)
{
	char directory[] = "/tmp/unit.XXXXXX", proc[100];

	(void)state;
	NEED_USERNS();
	assert_non_null(mkdtemp(directory));
	unit_child(change_root, directory);
	snprintf(proc, sizeof(proc), "%s/proc", directory);
	assert_int_equal(rmdir(proc), 0);
	assert_int_equal(rmdir(directory), 0);
}

/* ---- a filter ------------------------------------------------------ */

static void
filter(void *arg)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { 1, code };

	(void)arg;
	CHECK_INT(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
	CHECK_INT(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program), 0);
	check(USERNS, EPERM, "a seccomp filter", "filter allow");
	check(PIDNS, EPERM, "a seccomp filter", "filter allow");
	check(PIDNS, ENOSYS, "a seccomp filter", "filter allow");
	check(CTN_STEP_PROC, EPERM, "a seccomp filter", "filter allow");
	check(PIDNS, EINVAL, "CONFIG_PID_NS", "a kernel with");
	check(PIDNS, EAGAIN, "limit of processes", "ulimit -u");
}

static void
seccomp(void **state)
{
	(void)state;
	NEED_NO_RESTRICTION();
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, NULL) != -1 ||
	    errno != EFAULT)
		SKIP_BECAUSE("no seccomp filter here");
	unit_child(filter, NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(by_errno),
		cmocka_unit_test(steps_fit),
		cmocka_unit_test(words_fit),
		cmocka_unit_test(limits),
		cmocka_unit_test(masked_proc),
		cmocka_unit_test(in_chroot),
		cmocka_unit_test(seccomp),
	};

	return cmocka_run_group_tests(tests, unit_setup, NULL) != 0;
}
