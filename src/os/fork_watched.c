/* fork_watched.c: a system that has no fork without fork handlers */
#include "config.h"

#include <unistd.h>

#include "os/os.h"

pid_t
ctn_os_fork(int *watch, int *has_handlers)
{
	pid_t pid = fork();

	*has_handlers = 1;
	if (pid > 0)
		*watch = ctn_os_watch_open(pid);
	return pid;
}
