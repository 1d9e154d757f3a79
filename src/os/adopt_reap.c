/* adopt_reap.c: adoption by procctl(2), on FreeBSD and DragonFly */
#include "config.h"

#include <sys/types.h>
#include <sys/procctl.h>
#include <unistd.h>

#include "os/os.h"

int
ctn_os_adopt_orphans(int on)
{
	return procctl(P_PID, getpid(),
	    on ? PROC_REAP_ACQUIRE : PROC_REAP_RELEASE, NULL);
}
