/* namespace.c: namespaces for a test program */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "namespace.h"

int
namespace_write(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t n;

	if (fd == -1)
		return -1;
	n = write(fd, text, strlen(text));
	close(fd);
	return n == (ssize_t)strlen(text) ? 0 : -1;
}

static int
map_self(uid_t uid, gid_t gid)
{
	char text[64];

	if (namespace_write("/proc/self/setgroups", "deny") == -1)
		return -1;
	snprintf(text, sizeof(text), "%u %u 1", uid, uid);
	if (namespace_write("/proc/self/uid_map", text) == -1)
		return -1;
	snprintf(text, sizeof(text), "%u %u 1", gid, gid);
	return namespace_write("/proc/self/gid_map", text);
}

int
namespace_enter(int flags)
{
	uid_t uid = geteuid();
	gid_t gid = getegid();

	if (unshare(flags) == 0)
		return 0;
	if (errno != EPERM || unshare(CLONE_NEWUSER | flags) == -1 ||
	    map_self(uid, gid) == -1)
		return -1;
	return 1;
}
