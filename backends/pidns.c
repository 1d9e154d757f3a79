/* pidns.c: a Linux PID namespace; when PID 1 goes, the kernel SIGKILLs all */
#include "config.h"

#include <errno.h>
#include <linux/capability.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "os/linux.h"
#include "pidns.h"
#include "program.h"
#include "text.h"

/* The inode number of the initial PID namespace in /proc/PID/ns: proc(5) does
 * not name it, include/linux/proc_ns.h does (PROC_PID_INIT_INO). */
#define INITIAL_PIDNS_INODE 0xEFFFFFFCU

#define LAST_RESORT_MS 2000

/* May the caller make namespaces without a user namespace?  Asking is cheaper
 * than a clone that fails late. */
static int
may_administer(void)
{
	struct __user_cap_header_struct header = {
		_LINUX_CAPABILITY_VERSION_3, 0
	};
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];

	if (syscall(SYS_capget, &header, data) == -1)
		return geteuid() == 0;
	return (data[CAP_TO_INDEX(CAP_SYS_ADMIN)].effective &
	    CAP_TO_MASK(CAP_SYS_ADMIN)) != 0;
}

/* PID 1 of a container: the namespace is there already, and ends with us. */
static int
owns_namespace(const struct ctn_attempt *attempt)
{
	struct stat st;

	return attempt->options->host == CONTAIN_HOST_OWNS_NAMESPACE &&
	    getpid() == 1 && stat("/proc/self/ns/pid", &st) == 0 &&
	    st.st_ino != INITIAL_PIDNS_INODE;
}

static const char *
clone_step(unsigned made)
{
	if (made & CTN_PIDNS_ADOPTED)
		return CTN_STEP_FORK;
	return made & CTN_PIDNS_USERNS ? CTN_STEP_CLONE_USER : CTN_STEP_CLONE;
}

/* In the child: what a user namespace gives has to survive the exec. */
static int
execute_in_userns(int *own, void *attempt)
{
	if (ctn_pidns_keep_capabilities() == -1)
		return errno;
	return ctn_program_execute(own, attempt);
}

/* No signal when it ends: the warden is invisible to the host's SIGCHLD
 * handling, and a host that ignores SIGCHLD does not lose its status. */
static pid_t
clone_as(struct ctn_attempt *attempt, unsigned made)
{
	uint64_t flags = 0;
	pid_t pid;

	if (!(made & CTN_PIDNS_ADOPTED))
		flags |= CLONE_NEWPID;
	if (made & CTN_PIDNS_USERNS)
		flags |= CLONE_NEWUSER;
	if (made & CTN_PIDNS_MOUNTNS)
		flags |= CLONE_NEWNS;
	attempt->made = made;
	pid = ctn_program_start(attempt, flags, flags & CLONE_NEWUSER ?
	    execute_in_userns : ctn_program_execute);
	if (pid != -1)
		return pid;
	attempt->has_handlers = attempt->fork != NULL;	/* it wants them */
	attempt->step = clone_step(made);
	return ctn_linux_clone(flags, &attempt->warden_watch,
	    &attempt->has_handlers);
}

/* With a mount namespace, and where that is refused and not insisted on,
 * without. */
static pid_t
clone_with_mounts(struct ctn_attempt *attempt, unsigned made)
{
	pid_t pid;

	if (attempt->options->proc == CONTAIN_PROC_KEEP)
		return clone_as(attempt, made);
	pid = clone_as(attempt, made | CTN_PIDNS_MOUNTNS);
	if (pid != -1 || attempt->options->proc == CONTAIN_PROC_MOUNT)
		return pid;
	attempt->lack_errnum = errno;
	attempt->lack_step = CTN_STEP_MOUNTNS;
	pid = clone_as(attempt, made);
	if (pid == -1)
		attempt->lack_step = NULL;	/* it was not the mounts */
	return pid;
}

/* In a user namespace only where the caller lacks the privilege, or where
 * something denies its use (a seccomp filter, a security module). */
static pid_t
create(struct ctn_attempt *attempt)
{
	pid_t pid = -1;

	/* a command that shares the terminal with others leaves it to them */
	if ((attempt->options->terminal.stdio & 3u) != 3u)
		attempt->guards = 0;
	/* here, as inside the new namespace our pid means nothing */
	attempt->host_watch = ctn_os_watch_open(getpid());
	if (owns_namespace(attempt))
		return clone_as(attempt, CTN_PIDNS_ADOPTED);
	if (may_administer())
		pid = clone_with_mounts(attempt, 0);
	if (pid == -1)
		pid = clone_with_mounts(attempt, CTN_PIDNS_USERNS);
	return pid;
}

/* The kernel's own watch on the host.  SIGKILL works on a stopped warden too,
 * but follows the thread that cloned us; where that thread may end before the
 * host, SIGCONT: it wakes a stopped warden, which then looks for itself.  So too
 * where the warden has to give the host's terminal its modes back, and to
 * outlive the host by that moment.  Credential changes clear it, so it comes
 * last; that the host outlived this call is known when its "go" arrives. */
static int
watch_host(struct ctn_attempt *attempt)
{
	int signum = SIGKILL;

	if (attempt->guards || attempt->options->host == CONTAIN_HOST_ANY)
		signum = SIGCONT;
	attempt->step = CTN_STEP_PDEATHSIG;
	return prctl(PR_SET_PDEATHSIG, signum, 0, 0, 0);
}

/* Orphans come to the warden instead of to the host, so that it can reap them
 * and know when nobody is left.  How the rest ends: the host is PID 1. */
static int
settle_adopted(struct ctn_attempt *attempt)
{
	attempt->step = CTN_STEP_SUBREAPER;
	return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
}

/* Where SIGKILL is refused, or takes its time, the warden reports and ends: the
 * kernel needs nobody's leave. */
static int
settle(struct ctn_attempt *attempt)
{
	attempt->last_resort_ms = LAST_RESORT_MS;
	if ((attempt->made & CTN_PIDNS_ADOPTED) &&
	    settle_adopted(attempt) == -1)
		return -1;
	if ((attempt->made & CTN_PIDNS_USERNS) &&
	    ctn_pidns_map_ids(attempt) == -1)
		return -1;
	if ((attempt->made & CTN_PIDNS_MOUNTNS) &&
	    ctn_pidns_mount_proc(attempt) == -1)
		return -1;
	if ((attempt->made & CTN_PIDNS_USERNS) &&
	    ctn_pidns_rest_capabilities(attempt) == -1)
		return -1;
	return watch_host(attempt);
}

/* kill(2): -1 is every process of the namespace but the caller and PID 1, at
 * one instant: none can fork its way out. */
static void
kill_all(struct ctn_attempt *attempt)
{
	(void)attempt;
	kill(-1, SIGKILL);
}

static void
hang_up(struct ctn_attempt *attempt)
{
	(void)attempt;
	kill(-1, SIGHUP);
	kill(-1, SIGCONT);
}

static void
signal_all(struct ctn_attempt *attempt, int signum)
{
	(void)attempt;
	kill(-1, signum);
}

/* As an exec would: what a user namespace gave is not the command's. */
static int
hand_over(struct ctn_attempt *attempt)
{
	if (!(attempt->made & CTN_PIDNS_USERNS) || attempt->uid == 0)
		return 0;
	return ctn_pidns_drop_capabilities();
}

/* The warden adopts every orphan: without a child it has no descendant. */
static int
anybody_left(struct ctn_attempt *attempt)
{
	(void)attempt;
	return 0;
}

/* The namespace goes with its last process. */
static void
release(struct ctn_attempt *attempt)
{
	(void)attempt;
}

/* The end of PID 1 is the end of all, and done when it can be reaped;
 * pid_namespaces(7).  In an adopted namespace that PID 1 is the host: it has to
 * do it itself. */
static void
destroy(struct ctn_attempt *attempt)
{
	kill(attempt->warden, SIGKILL);
	if (!(attempt->made & CTN_PIDNS_ADOPTED) || !attempt->was_released)
		return;
	kill(-1, SIGKILL);
	while (waitpid(-1, NULL, 0) > 0 || errno == EINTR)
		continue;
}

/* What the kernel ends leaves nothing to sweep. */
static int
sweep(enum contain_sweep_how how, int64_t grace_ms, contain_stray_fn *stray,
    void *arg, struct contain_error *err)
{
	(void)how;
	(void)grace_ms;
	(void)stray;
	(void)arg;
	(void)err;
	return 0;
}

static void
describe(const struct ctn_attempt *attempt, char *mechanism, size_t size)
{
	mechanism[0] = '\0';
	if (attempt->made & CTN_PIDNS_ADOPTED) {
		ctn_text_append(mechanism, size, "adopted PID namespace");
		return;
	}
	ctn_text_append(mechanism, size, "new PID namespace");
	if (attempt->made & CTN_PIDNS_USERNS)
		ctn_text_append(mechanism, size, ", new user namespace");
	ctn_text_append(mechanism, size,
	    attempt->made & CTN_PIDNS_PROC ? ", fresh /proc" :
	    ", the caller's /proc");
}

const struct ctn_backend ctn_pidns_backend = {
	.id = CONTAIN_BACKEND_PIDNS,
	.guarantee = CONTAIN_GUARANTEE_SIGKILL,
	.reach = CONTAIN_REACH_NAMESPACE,
	.grace_ms = 0,
	.mounts_proc = 1,
	.may_outlive = 0,
	.create = create,
	.settle = settle,
	.hang_up = hang_up,
	.kill_all = kill_all,
	.signal_all = signal_all,
	.hand_over = hand_over,
	.anybody_left = anybody_left,
	.visit = ctn_pidns_visit,
	.visit_outside = ctn_pidns_visit_outside,
	.destroy = destroy,
	.release = release,
	.sweep = sweep,
	.describe = describe,
	.explain = ctn_pidns_explain,
};
