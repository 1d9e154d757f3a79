/*
 * command.h: the process that the user asked for, from argv to exec.
 *
 * Everything that needs memory is prepared in the host; what the warden and
 * its child do is async-signal-safe.
 */
#ifndef CTN_COMMAND_H
#define CTN_COMMAND_H

#include <sys/types.h>
#include <poll.h>
#include <signal.h>

#include "leash.h"
#include "outfit.h"

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
	const struct ctn_outfit *outfit;	/* may be NULL */
	struct ctn_pair *pairs;	/* its descriptors: set by whoever opened */
	size_t pair_count;	/* them; put on in the command's process */
};

/* Host: allocate and fill in all of it, for a group with these words in its
 * environment.  argv may be NULL: nothing will be executed; outfit may be NULL:
 * all as in the host.  0 or -1 when out of memory, nothing held then. */
int	ctn_command_prepare(struct ctn_command *command, char *const argv[],
	    const struct ctn_outfit *outfit, const char *backend,
	    const char *guarantee);
void	ctn_command_discard(struct ctn_command *command);

/* The parts of that: how many a list has, which may be NULL; shell_argv for argv,
 * allocated, or NULL. */
size_t	ctn_command_count(char *const list[]);
char	**ctn_command_shell_argv(char *const argv[]);

/* The environment is in use: discard must leave it alone. */
void	ctn_command_forget_env(struct ctn_command *command);

/* How the command's process is set up. */
struct ctn_command_setup {
	int owns_pgrp;			/* a new process group */
	int terminal;			/* its controlling one, or -1 */
	int is_foreground;		/* in the foreground of it */
	unsigned stdio;			/* bit N: descriptor N becomes it */
	int ignores_sigchld;		/* as its caller did */
	const sigset_t *mask;		/* its caller's */
	const struct ctn_leash *leash;	/* to tell the host its pid, or NULL */
	const struct pollfd *watch;	/* something there before the exec: kill
					   it; see ctn_start_watching */
	size_t watch_count;		/* 0: the warden stands still */
};

/*
 * The command's process, with the signals still as the warden's: become what
 * setup and outfit say.  *own as in ctn_outfit_put_on.  0, or a failure as
 * outfit.h has them.
 */
int	ctn_command_dress(const struct ctn_command *command,
	    const struct ctn_command_setup *setup, int *own);

/*
 * Warden: make a process that executes the command, and wait until it has, or
 * was killed because of setup->watch.
 * Returns its pid or -1 with errno (no process).  *failure: 0, or why the
 * command was not executed, see outfit.h; then the process has ended, not
 * reaped yet.
 * No signal may have a handler: one could run in the child, and swallow what
 * was meant for the command.
 */
pid_t	ctn_command_start(const struct ctn_command *command,
	    const struct ctn_command_setup *setup, int *failure);

#endif
