/*
 * guess.c: who is there, without a table of processes: asked of each number.
 * POSIX and no more.
 */
#include "config.h"

#include <errno.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "os/os.h"

/* Only of a child can be waited for, and its end be told. */
static void
look_at_child(pid_t pid, struct ctn_process *process)
{
	siginfo_t info;

	info.si_pid = 0;
	if (waitid(P_PID, (id_t)pid, &info,
	    WEXITED | WNOHANG | WNOWAIT | __WALL) == -1)
		return;
	process->parent = getpid();
	process->is_zombie = info.si_pid != 0;
}

int
ctn_os_process_guess(pid_t pid, struct ctn_process *process)
{
	memset(process, 0, sizeof(*process));
	process->pid = pid;
	process->parent = -1;
	process->is_guessed = 1;
	process->session = getsid(pid);
	/* some systems do not tell of another session */
	if (process->session == -1 && errno == ESRCH)
		return -1;
	process->pgrp = getpgid(pid);
	process->start = (uint64_t)process->session;
	look_at_child(pid, process);
	return 0;
}

void
ctn_os_table_guess(struct ctn_table *table)
{
	pid_t pid;

	table->count = 0;
	table->is_torn = 0;
	for (pid = 1; pid <= table->last && table->count < table->size; pid++)
		if (ctn_os_process_guess(pid, &table->list[table->count]) == 0)
			table->count++;
}

int
ctn_os_process_is_same(const struct ctn_process *process)
{
	struct ctn_process now;

	if (process->is_guessed)
		return getsid(process->pid) == process->session;
	return ctn_os_process_get(process->pid, &now) == 0 &&
	    now.start == process->start;
}
