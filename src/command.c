/* command.c: the command's process, from the warden's fork to its exec */
#include "config.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "os/start.h"
#include "text.h"

#define SHELL "/bin/sh"

/* A file without #! that the kernel does not know: a shell script, as execvp
 * takes it.  Returns only on failure. */
static void
exec_script(const struct ctn_command *command, char *path)
{
	static char shell[] = "sh";

	command->shell_argv[0] = shell;
	command->shell_argv[1] = path;
	execve(SHELL, command->shell_argv, command->env);
}

/* Does execvp(3) go on to the next directory of PATH after this errno? */
static int
goes_on(int errnum)
{
	return errnum == ENOENT || errnum == ENOTDIR || errnum == EACCES ||
	    errnum == ESTALE || errnum == ENODEV || errnum == ETIMEDOUT;
}

/* Try each candidate; the errno to report when none could be executed. */
static int
exec_paths(const struct ctn_command *command)
{
	int denied = 0;
	char **path;

	if (command->paths[0][0] == '\0')
		return ENOENT;
	for (path = command->paths; *path != NULL; path++) {
		execve(*path, command->argv, command->env);
		if (errno == ENOEXEC)
			exec_script(command, *path);
		if (!goes_on(errno))
			return errno;
		denied |= errno == EACCES;
	}
	return denied ? EACCES : errno;
}

/* Behind 2, the terminal is close-on-exec; its copies are not. */
static void
take_stdio(const struct ctn_command_setup *setup)
{
	int fd;

	for (fd = 0; fd <= 2; fd++)
		if (setup->stdio & 1u << fd)
			dup2(setup->terminal, fd);
}

int
ctn_command_dress(const struct ctn_command *command,
    const struct ctn_command_setup *setup, int *own)
{
	if (setup->leash != NULL)
		ctn_leash_say(setup->leash, CTN_COMMAND, (int32_t)getpid());
	if (setup->owns_pgrp)
		setpgid(0, 0);
	if (setup->terminal != -1 && setup->is_foreground)
		tcsetpgrp(setup->terminal, getpid());	/* TTOU is blocked */
	take_stdio(setup);
	if (command->listen_pid != NULL)
		ctn_text_number(command->listen_pid, (unsigned long)getpid());
	return ctn_outfit_put_on(command->outfit, command->pairs,
	    command->pair_count, own);
}

/* What the process that becomes the command needs. */
struct becoming {
	const struct ctn_command *command;
	const struct ctn_command_setup *setup;
};

/* In the child, maybe on the warden's memory.  Everything the warden changed
 * about signals goes back to what the caller had. */
static int
become_command(int *own, void *arg)
{
	const struct becoming *becoming = arg;
	const struct ctn_command *command = becoming->command;
	const struct ctn_command_setup *setup = becoming->setup;
	int failure;

	failure = ctn_command_dress(command, setup, own);
	if (failure != 0)
		return failure;
	signal(SIGCHLD, setup->ignores_sigchld ? SIG_IGN : SIG_DFL);
	sigprocmask(SIG_SETMASK, setup->mask, NULL);
	return exec_paths(command);
}

/*
 * The warden stands still until the exec, if it may.  What may hold up the child
 * (a file system that hangs, a SIGSTOP) holds up the warden, which the host's own
 * death still kills: PR_SET_PDEATHSIG or the terminal's hang-up.  A warden that
 * must survive the host, for the sake of the host's terminal, may not.
 */
pid_t
ctn_command_start(const struct ctn_command *command,
    const struct ctn_command_setup *setup, int *failure)
{
	struct becoming becoming = { command, setup };

	if (setup->watch_count > 0)
		return ctn_start_watching(become_command, &becoming,
		    setup->watch, setup->watch_count, failure);
	return ctn_start(become_command, &becoming, failure);
}
