/*
 * execute_none.c: systems where nobody has tried a warden that is executed; and
 * ThreadSanitizer, which does not know a process on its own memory.
 */
#include "config.h"

#include <errno.h>

#include "os/os.h"
#include "os/start.h"

pid_t
ctn_os_execute(uint64_t flags, ctn_start_fn *child, void *arg, int *watch)
{
	(void)flags;
	(void)child;
	(void)arg;
	(void)watch;
	errno = ENOSYS;
	return -1;
}

uint64_t
ctn_os_privilege(void)
{
	return 0;
}
