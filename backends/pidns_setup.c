/* pidns_setup.c: ids and /proc of a new PID namespace, set up by its PID 1 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fd.h"
#include "pidns.h"
#include "text.h"

/* One write, as the map files want it.  0 or -1 with errno. */
static int
write_file(struct ctn_attempt *attempt, const char *path, const char *text)
{
	size_t length = strlen(text);
	ssize_t n;
	int fd;

	attempt->step = path;
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd == -1)
		return -1;
	n = write(fd, text, length);
	ctn_fd_close(&fd);
	return n == (ssize_t)length ? 0 : -1;
}

/* "id id 1": the caller keeps its id, all others are unmapped;
 * user_namespaces(7). */
static int
write_map(struct ctn_attempt *attempt, const char *path, unsigned long id)
{
	char text[3 * CTN_TEXT_NUMBER] = "";
	char number[CTN_TEXT_NUMBER];

	ctn_text_number(number, id);
	ctn_text_append(text, sizeof(text), number);
	ctn_text_append(text, sizeof(text), " ");
	ctn_text_append(text, sizeof(text), number);
	ctn_text_append(text, sizeof(text), " 1");
	return write_file(attempt, path, text);
}

/* A map of gids needs setgroups denied first, since Linux 3.19: before, the
 * file did not exist. */
int
ctn_pidns_map_ids(struct ctn_attempt *attempt)
{
	if (write_file(attempt, CTN_STEP_SETGROUPS, "deny") == -1 &&
	    (errno != ENOENT || access("/proc/self/ns", F_OK) == -1))
		return -1;
	if (write_map(attempt, CTN_STEP_UID_MAP, attempt->uid) == -1)
		return -1;
	return write_map(attempt, CTN_STEP_GID_MAP, attempt->gid);
}

/* Mounts made inside must not appear outside, those made outside still arrive:
 * slave.  With a user namespace the kernel has done it, mount_namespaces(7).
 * In a chroot, "/" may be no mount point; what holds /proc is enough for us. */
static int
make_slave(const struct ctn_attempt *attempt)
{
	if (attempt->made & CTN_PIDNS_USERNS)
		return 0;
	if (mount(NULL, "/", NULL, MS_SLAVE | MS_REC, NULL) == 0)
		return 0;
	return mount(NULL, "/proc", NULL, MS_SLAVE | MS_REC, NULL);
}

static int
mount_fresh(struct ctn_attempt *attempt)
{
	attempt->step = CTN_STEP_SLAVE;
	if (make_slave(attempt) == -1)
		return -1;
	attempt->step = CTN_STEP_PROC;
	return mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC,
	    NULL);
}

/* A /proc that must stay (a container's, with parts of it masked) does not cost
 * the guarantee: pids in it are those of the outer namespace, no more. */
int
ctn_pidns_mount_proc(struct ctn_attempt *attempt)
{
	if (mount_fresh(attempt) == 0) {
		attempt->made |= CTN_PIDNS_PROC;
		return 0;
	}
	if (attempt->options->proc == CONTAIN_PROC_MOUNT)
		return -1;
	attempt->lack_errnum = errno;
	attempt->lack_step = attempt->step;
	return 0;
}

/* Nobody but uid 0 keeps capabilities over an exec, and before the ids are mapped
 * nobody is uid 0; but who has them inheritable may make them ambient,
 * capabilities(7). */
int
ctn_pidns_keep_capabilities(void)
{
	static const unsigned long needed[] = { CAP_SYS_ADMIN, CAP_SETUID,
		CAP_SETGID };
	struct __user_cap_header_struct header = {
		_LINUX_CAPABILITY_VERSION_3, 0
	};
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];
	size_t i;

	if (syscall(SYS_capget, &header, data) == -1)
		return -1;
	for (i = 0; i < _LINUX_CAPABILITY_U32S_3; i++)
		data[i].inheritable = data[i].permitted;
	if (syscall(SYS_capset, &header, data) == -1)
		return -1;
	for (i = 0; i < sizeof(needed) / sizeof(needed[0]); i++)
		if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, needed[i], 0,
		    0) == -1)
			return -1;
	return 0;
}

/* The first process of a user namespace has every capability in it, also over
 * the caller's own files: the path of the command would be looked up with
 * CAP_DAC_OVERRIDE.  An exec by anybody but uid 0 drops them, capabilities(7).
 * Permitted they stay, so that the command may not ptrace the warden, which has
 * more than it; ptrace(2).  What is not inheritable is not ambient any more. */
int
ctn_pidns_rest_capabilities(struct ctn_attempt *attempt)
{
	struct __user_cap_header_struct header = {
		_LINUX_CAPABILITY_VERSION_3, 0
	};
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];
	int i;

	attempt->step = CTN_STEP_CAPABILITIES;
	if (syscall(SYS_capget, &header, data) == -1)
		return -1;
	for (i = 0; i < _LINUX_CAPABILITY_U32S_3; i++) {
		if (attempt->uid != 0)
			data[i].effective = 0;
		data[i].inheritable = 0;
	}
	return (int)syscall(SYS_capset, &header, data);
}

int
ctn_pidns_drop_capabilities(void)
{
	struct __user_cap_header_struct header = {
		_LINUX_CAPABILITY_VERSION_3, 0
	};
	struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3];

	memset(none, 0, sizeof(none));
	return (int)syscall(SYS_capset, &header, none);
}
