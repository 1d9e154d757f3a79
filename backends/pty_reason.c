/* pty_reason.c: in words, why this machine refuses a terminal */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "pty.h"

/* The steps that can fail, as pty.c and src/os call them. */
#define STEP_OPEN	"posix_openpt"
#define STEP_SLAVE	"open slave"
#define STEP_SETSID	"setsid"
#define STEP_ADOPT	"adoption of orphans"
#define STEP_ENVIRONMENT "environment of others"
#define STEP_TABLE	"process table"
#define STEP_FORK	"fork"

/* The first row that fits is told; step NULL fits any, errnum 0 too. */
static const struct cause {
	const char *step;
	int errnum;
	const char *reason;
	const char *remedy;
} causes[] = {
	{ STEP_OPEN, ENOENT, "there is no /dev/ptmx",
	    "mount devpts on /dev/pts, and ln -s pts/ptmx /dev/ptmx" },
	{ STEP_OPEN, ENODEV, "/dev/ptmx has no devpts beside it",
	    "mount -t devpts devpts /dev/pts" },
	{ STEP_OPEN, EACCES, "/dev/ptmx may not be opened",
	    "mount devpts with ptmxmode=666" },
	{ STEP_OPEN, ENOSPC, "no terminal is free (kernel.pty.max, or "
	    "max= of devpts)", "raise it, or end something" },
	{ STEP_OPEN, EAGAIN, "no terminal is free (kernel.pty.max, or "
	    "max= of devpts)", "raise it, or end something" },
	{ STEP_SLAVE, ENOENT, "/dev/pts is not the devpts of /dev/ptmx",
	    "mount devpts on /dev/pts" },
	{ STEP_SETSID, EPERM, "a filter (seccomp) forbids new sessions", "" },
	{ STEP_ADOPT, 0, "the system does not let a process adopt "
	    "orphans", "" },
	{ STEP_ENVIRONMENT, 0, "orphans can neither be adopted nor be "
	    "told by their environment", "" },
	{ STEP_TABLE, 0, "/proc is not that of this PID namespace: "
	    "members are looked for by trying all pids, and have no names",
	    "mount -t proc proc /proc" },
	{ STEP_FORK, EAGAIN, "the limit of processes is reached",
	    "raise it: ulimit -u" },
	{ NULL, EMFILE, "the limit of open files is reached",
	    "raise it: ulimit -n" },
	{ NULL, ENFILE, "the system's limit of open files is reached", "" },
	{ NULL, ENOMEM, "no memory", "" },
	{ NULL, 0, "the system refused this step", "" },
};

void
ctn_pty_explain(const char *step, int errnum,
    struct contain_verdict *verdict)
{
	size_t i = 0;

	while ((causes[i].step != NULL && strcmp(causes[i].step, step) != 0) ||
	    (causes[i].errnum != 0 && causes[i].errnum != errnum))
		i++;
	snprintf(verdict->reason, sizeof(verdict->reason), "%s",
	    causes[i].reason);
	snprintf(verdict->remedy, sizeof(verdict->remedy), "%s",
	    causes[i].remedy);
}
