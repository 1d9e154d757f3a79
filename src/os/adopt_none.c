/* adopt_none.c: a system on which only PID 1 adopts orphans */
#include "config.h"

#include <errno.h>

#include "os/os.h"

int
ctn_os_adopt_orphans(int on)
{
	(void)on;
	errno = ENOSYS;
	return -1;
}

int
ctn_os_signal_descendants(int signum)
{
	(void)signum;
	errno = ENOSYS;
	return -1;
}
