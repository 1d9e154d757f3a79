/* adopt_reap.c: adoption by procctl(2), on FreeBSD and DragonFly */
#include "config.h"

#include <sys/types.h>
#include <sys/procctl.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "os/os.h"

int
ctn_os_adopt_orphans(int on)
{
	return procctl(P_PID, getpid(),
	    on ? PROC_REAP_ACQUIRE : PROC_REAP_RELEASE, NULL);
}

/* DragonFly's procctl has no such thing. */
int
ctn_os_signal_descendants(int signum)
{
#ifdef PROC_REAP_KILL
	struct procctl_reaper_kill all;

	memset(&all, 0, sizeof(all));
	all.rk_sig = signum;
	return procctl(P_PID, getpid(), PROC_REAP_KILL, &all);
#else
	(void)signum;
	errno = ENOSYS;
	return -1;
#endif
}
