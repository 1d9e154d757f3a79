/*
 * command.h: the process that the user asked for, from argv to exec.
 *
 * Everything that needs memory is prepared in the host; what the warden and
 * its child do is async-signal-safe.
 */
#ifndef CTN_COMMAND_H
#define CTN_COMMAND_H

#include <sys/types.h>
#include <signal.h>

/* Room for "PID.START:PID.START" of the mark, host and warden. */
#define CTN_MARK_SIZE 72

struct ctn_command {
	char *const *argv;	/* the caller's */
	char **paths;		/* what to try to execute, in order */
	char **shell_argv;	/* argv for a script without #!: [0] and [1]
				   are set when it is executed */
	char **env;		/* the command's environment */
	char *mark;		/* in env: behind CONTAIN_GROUP=, filled in by
				   the warden */
	char *listen_pid;	/* in env: behind LISTEN_PID=, filled in by the
				   command; NULL if it is not for us */
};

/* Host: allocate and fill in all of it, for a group with these words in its
 * environment.  0 or -1 when out of memory, nothing held then. */
int	ctn_command_prepare(struct ctn_command *command, char *const argv[],
	    const char *backend, const char *guarantee);
void	ctn_command_discard(struct ctn_command *command);

/* How the command's process is set up. */
struct ctn_command_setup {
	int owns_pgrp;			/* a new process group */
	int terminal;			/* its controlling one, or -1 */
	int is_foreground;		/* in the foreground of it */
	unsigned stdio;			/* bit N: descriptor N becomes it */
	int ignores_sigchld;		/* as its caller did */
	const sigset_t *mask;		/* its caller's */
};

/*
 * Warden: make a process that executes the command, and wait until it has.
 * Returns its pid or -1 with errno (no process).  *exec_errno: 0, or why the
 * command was not executed; then the process has ended, not reaped yet.
 * No signal may have a handler: one could run in the child, and swallow what
 * was meant for the command.
 */
pid_t	ctn_command_start(const struct ctn_command *command,
	    const struct ctn_command_setup *setup, int *exec_errno);

#endif
