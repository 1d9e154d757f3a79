/* pty_reason.c: in words, why this machine refuses a terminal */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "pty.h"

/* The first row that fits is told; step NULL fits any, errnum 0 too. */
static const struct {
	const char *step;
	int errnum;
	const char *reason;
	const char *remedy;
} causes[] = {
	{ "posix_openpt", ENOENT, "there is no /dev/ptmx",
	    "mount devpts on /dev/pts, and ln -s pts/ptmx /dev/ptmx" },
	{ "posix_openpt", ENODEV, "/dev/ptmx has no devpts beside it",
	    "mount -t devpts devpts /dev/pts" },
	{ "posix_openpt", EACCES, "/dev/ptmx may not be opened",
	    "mount devpts with ptmxmode=666" },
	{ "posix_openpt", ENOSPC, "no terminal is free (kernel.pty.max, or "
	    "max= of devpts)", "raise it, or end something" },
	{ "posix_openpt", EAGAIN, "no terminal is free (kernel.pty.max, or "
	    "max= of devpts)", "raise it, or end something" },
	{ "open slave", ENOENT, "/dev/pts is not the devpts of /dev/ptmx",
	    "mount devpts on /dev/pts" },
	{ "adoption of orphans", 0, "the system does not let a process adopt "
	    "orphans", "" },
	{ "fork", EAGAIN, "the limit of processes is reached",
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
