/* pidns_reason.c: in words, why this machine refuses a PID namespace */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "os/linux.h"
#include "pidns.h"

/* A cause: what it looks like when it is the one, and what to say of it. */
struct cause {
	int (*is_it)(const char *step, int errnum);
	const char *reason;
	const char *remedy;
};

/* The number in a file below /proc/sys; -1 if it cannot be read. */
static long
sysctl_value(const char *path)
{
	char text[32];

	if (ctn_linux_read_file(path, text, sizeof(text)) <= 0)
		return -1;
	return strtol(text, NULL, 10);
}

static int
needs_userns(const char *step)
{
	return strcmp(step, CTN_STEP_CLONE_USER) == 0;
}

static int
is_clone(const char *step)
{
	return needs_userns(step) || strcmp(step, CTN_STEP_CLONE) == 0;
}

static int
is_map(const char *step)
{
	return strcmp(step, CTN_STEP_UID_MAP) == 0 ||
	    strcmp(step, CTN_STEP_GID_MAP) == 0 ||
	    strcmp(step, CTN_STEP_SETGROUPS) == 0;
}

static int
is_proc(const char *step)
{
	return strcmp(step, CTN_STEP_PROC) == 0;
}

static int
no_user_namespaces(const char *step, int errnum)
{
	return needs_userns(step) && errnum == ENOSPC &&
	    sysctl_value("/proc/sys/user/max_user_namespaces") == 0;
}

static int
no_pid_namespaces(const char *step, int errnum)
{
	return is_clone(step) && errnum == ENOSPC &&
	    sysctl_value("/proc/sys/user/max_pid_namespaces") == 0;
}

static int
no_mount_namespaces(const char *step, int errnum)
{
	return (is_clone(step) || strcmp(step, CTN_STEP_MOUNTNS) == 0) &&
	    errnum == ENOSPC &&
	    sysctl_value("/proc/sys/user/max_mnt_namespaces") == 0;
}

/* Linux allows 32 levels, pid_namespaces(7), user_namespaces(7). */
static int
too_many(const char *step, int errnum)
{
	return is_clone(step) && (errnum == ENOSPC || errnum == EUSERS);
}

static int
debian_switch(const char *step, int errnum)
{
	return needs_userns(step) && errnum == EPERM &&
	    sysctl_value("/proc/sys/kernel/unprivileged_userns_clone") == 0;
}

/* AppArmor lets the clone pass and takes the capabilities away. */
static int
apparmor_switch(const char *step, int errnum)
{
	return (needs_userns(step) || is_map(step) || is_proc(step)) &&
	    (errnum == EPERM || errnum == EACCES) && sysctl_value(
	    "/proc/sys/kernel/apparmor_restrict_unprivileged_userns") == 1;
}

static int
apparmor_profile(const char *step, int errnum)
{
	return needs_userns(step) && errnum == EACCES;
}

typedef int mount_fn(const char *mount_point, const char *options);

/* Is there a mount that fits?  proc_pid_mountinfo(5). */
static int
has_mount(mount_fn *fits)
{
	char line[2048], point[1024], options[256];
	int found = 0;
	FILE *mounts = fopen("/proc/self/mountinfo", "re");

	if (mounts == NULL)
		return 0;
	while (!found && fgets(line, sizeof(line), mounts) != NULL)
		found = sscanf(line, "%*s %*s %*s %*s %1023s %255s", point,
		    options) == 2 && fits(point, options);
	fclose(mounts);
	return found;
}

static int
is_root(const char *mount_point, const char *options)
{
	(void)options;
	return strcmp(mount_point, "/") == 0;
}

/* What the kernel takes for "parts of /proc are hidden"; the one mount that
 * it allows there is on an empty directory made for it. */
static int
covers_proc(const char *mount_point, const char *options)
{
	if (strcmp(mount_point, "/proc") == 0)
		return strncmp(options, "ro", 2) == 0;
	return strncmp(mount_point, "/proc/", 6) == 0 &&
	    strcmp(mount_point, "/proc/sys/fs/binfmt_misc") != 0;
}

/* user_namespaces(7): EPERM in a chroot.  Then no mount is on "/", unless the
 * chroot is a mount point itself. */
static int
in_chroot(const char *step, int errnum)
{
	return needs_userns(step) && errnum == EPERM &&
	    access("/proc/self/mountinfo", R_OK) == 0 && !has_mount(is_root);
}

/* Seccomp: 2 in proc_pid_status(5). */
static int
in_seccomp_filter(const char *step, int errnum)
{
	char status[8192];

	(void)step;
	return (errnum == EPERM || errnum == ENOSYS || errnum == EACCES) &&
	    ctn_linux_read_file("/proc/self/status", status,
	    sizeof(status)) > 0 && strstr(status, "\nSeccomp:\t2") != NULL;
}

static int
no_config(const char *step, int errnum)
{
	return is_clone(step) && (errnum == EINVAL || errnum == ENOSYS);
}

static int
no_privilege(const char *step, int errnum)
{
	return is_clone(step) && errnum == EPERM;
}

static int
no_process(const char *step, int errnum)
{
	(void)step;
	return errnum == EAGAIN;
}

static int
no_memory(const char *step, int errnum)
{
	(void)step;
	return errnum == ENOMEM;
}

static int
map_without_proc(const char *step, int errnum)
{
	return is_map(step) && errnum == ENOENT;
}

/* user_namespaces(7), "Defining user and group ID mappings". */
static int
map_of_root(const char *step, int errnum)
{
	return is_map(step) && errnum == EPERM && geteuid() == 0;
}

static int
map_refused(const char *step, int errnum)
{
	(void)errnum;
	return is_map(step);
}

static int
proc_masked(const char *step, int errnum)
{
	return is_proc(step) && errnum == EPERM && has_mount(covers_proc);
}

static int
proc_absent(const char *step, int errnum)
{
	return is_proc(step) && errnum == ENOENT;
}

static int
anything(const char *step, int errnum)
{
	(void)step;
	(void)errnum;
	return 1;
}

/* The first that fits is told; from the surest sign to the last resort. */
static const struct cause causes[] = {
	{ no_user_namespaces, "user.max_user_namespaces is 0",
	    "sysctl user.max_user_namespaces=10000, or run as root" },
	{ no_pid_namespaces, "user.max_pid_namespaces is 0",
	    "sysctl user.max_pid_namespaces=10000" },
	{ no_mount_namespaces, "user.max_mnt_namespaces is 0",
	    "sysctl user.max_mnt_namespaces=10000, or --proc=keep" },
	{ too_many, "the limit of namespaces (user.max_*_namespaces) or of "
	    "their nesting (32) is reached",
	    "raise user.max_*_namespaces, or nest less deeply" },
	{ debian_switch, "kernel.unprivileged_userns_clone is 0",
	    "sysctl kernel.unprivileged_userns_clone=1, or run as root" },
	{ apparmor_switch,
	    "kernel.apparmor_restrict_unprivileged_userns is 1",
	    "an AppArmor profile for contain with \"userns,\", or run as "
	    "root" },
	{ in_chroot, "user namespaces are refused in a chroot",
	    "run as root, or use pivot_root instead of chroot" },
	{ proc_masked, "parts of /proc are covered or read-only, as in a "
	    "container: the old one stays, with the outer pids",
	    "a container that leaves /proc unmasked" },
	{ in_seccomp_filter, "a seccomp filter forbids it (Seccomp: 2 in "
	    "/proc/self/status)",
	    "let the container's or service's filter allow it" },
	{ apparmor_profile, "a security module (AppArmor, SELinux) forbids "
	    "it", "an AppArmor profile for contain with \"userns,\", or run "
	    "as root" },
	{ no_config, "the kernel was built without it (CONFIG_PID_NS, "
	    "CONFIG_USER_NS)", "a kernel with these options" },
	{ no_privilege, "it needs CAP_SYS_ADMIN, or a user namespace, and "
	    "both are refused", "run as root, or allow unprivileged user "
	    "namespaces" },
	{ no_process, "the limit of processes (RLIMIT_NPROC, a cgroup's "
	    "pids.max, kernel.pid_max) is reached", "raise it: ulimit -u" },
	{ no_memory, "no memory, or the PID namespace of the caller has "
	    "ended", "" },
	{ map_without_proc, "/proc is not mounted, and a user namespace's "
	    "ids are set there", "mount -t proc proc /proc" },
	{ map_of_root, "uid 0 may be mapped only with CAP_SETFCAP, since "
	    "Linux 5.12", "give it CAP_SETFCAP or CAP_SYS_ADMIN, or run as "
	    "another user" },
	{ map_refused, "the ids of a user namespace cannot be set",
	    "run as root" },
	{ proc_absent, "there is no directory /proc", "mkdir /proc" },
	{ anything, "the system refused this step", "" },
};

void
ctn_pidns_explain(const char *step, int errnum,
    struct contain_verdict *verdict)
{
	const struct cause *cause = causes;

	while (!cause->is_it(step, errnum))
		cause++;
	snprintf(verdict->reason, sizeof(verdict->reason), "%s",
	    cause->reason);
	snprintf(verdict->remedy, sizeof(verdict->remedy), "%s",
	    cause->remedy);
}
