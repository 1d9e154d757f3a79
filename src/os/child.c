/* child.c: what POSIX says of children, the same on every system */
#include "config.h"

#include <signal.h>
#include <sys/wait.h>

#include "os/os.h"

void
ctn_os_continue_child(pid_t pid)
{
	siginfo_t info;

	info.si_pid = 0;
	if (waitid(P_PID, (id_t)pid, &info, WSTOPPED | WNOHANG | __WALL) ==
	    0 && info.si_pid == pid)
		kill(pid, SIGCONT);
}
