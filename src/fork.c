/* fork.c: contain_fork, which returns twice */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "error.h"
#include "fd.h"
#include "fork.h"
#include "group.h"
#include "os/os.h"
#include "spawn.h"
#include "warden.h"

extern char **environ;

/* The host's own handlers, which the warden had to drop. */
static void
save_actions(struct ctn_fork *copy)
{
	int number;

	for (number = 1; number < CTN_NSIG; number++)
		if (sigaction(number, NULL, &copy->actions[number]) == -1)
			copy->actions[number].sa_handler = SIG_DFL;
}

/* Some cannot be set, SIGKILL and the C library's own: those were not changed
 * either. */
static void
restore_actions(const struct ctn_fork *copy)
{
	int number;

	for (number = 1; number < CTN_NSIG; number++)
		sigaction(number, &copy->actions[number], NULL);
}

/* Without an exec, close-on-exec closes nothing. */
static void
close_ours(struct ctn_attempt *attempt, int own)
{
	size_t i;

	ctn_fd_close(&own);
	ctn_fd_close(&attempt->warden_end.fd);
	ctn_fd_close(&attempt->host_watch);
	ctn_fd_close(&attempt->slave_fd);
	for (i = 0; i < 3; i++) {
		ctn_fd_close(&attempt->fork->fitting->mine[i]);
		ctn_fd_close(&attempt->fork->fitting->its[i]);
	}
}

/* Is one of the command's descriptors where a descriptor of ours was? */
static void
forget_if_target(const struct ctn_command *command, int *fd)
{
	size_t i;

	for (i = 0; i < command->pair_count; i++)
		if (command->pairs[i].to == *fd)
			*fd = -1;
}

static void
forget_overwritten(struct ctn_attempt *attempt)
{
	const struct ctn_command *command = attempt->command;
	size_t i;

	forget_if_target(command, &attempt->warden_end.fd);
	forget_if_target(command, &attempt->host_watch);
	forget_if_target(command, &attempt->slave_fd);
	for (i = 0; i < 3; i++) {
		forget_if_target(command, &attempt->fork->fitting->mine[i]);
		forget_if_target(command, &attempt->fork->fitting->its[i]);
	}
}

/* The host hears of it from here, and the warden only sees us end. */
static _Noreturn void
be_copy(struct ctn_attempt *attempt, const struct ctn_command_setup *setup)
{
	int own = attempt->warden_end.fd, failure;

	failure = ctn_command_dress(attempt->command, setup, &own);
	forget_overwritten(attempt);
	attempt->warden_end.fd = own;
	if (failure == 0 && attempt->backend->hand_over(attempt) == -1)
		failure = errno;
	if (failure != 0) {
		ctn_warden_tell(attempt, CTN_EXEC_FAILED, failure);
		ctn_os_exit(127);
	}
	if (ctn_warden_tell(attempt, CTN_STARTED, (int)attempt->made) == -1)
		ctn_os_exit(127);	/* the host would not know of us */
	close_ours(attempt, -1);
	environ = attempt->command->env;
	siglongjmp(attempt->fork->back, 1);
}

pid_t
ctn_fork_start(struct ctn_attempt *attempt,
    const struct ctn_command_setup *setup)
{
	pid_t pid = ctn_os_fork_on(attempt->fork->is_threaded);

	if (pid == 0)
		be_copy(attempt, setup);
	return pid;
}

/* Signals stay blocked until all is as in the host.  The environment is that of
 * the group from now on, its memory in use.  With other threads in the host no
 * memory can be freed. */
static pid_t
return_in_copy(struct contain_group *group, struct ctn_fork *copy)
{
	sigset_t mask = group->options.has_mask ? group->options.mask :
	    group->attempt.caller_mask;

	restore_actions(copy);
	if (!copy->is_threaded) {
		group->attempt.backend->release(&group->attempt);
		ctn_command_forget_env(&group->command);
		ctn_command_discard(&group->command);
		ctn_fitting_discard(&group->fitting);
		ctn_spawn_free(group);
		free(copy);
	}
	sigprocmask(SIG_SETMASK, &mask, NULL);
	return 0;
}

/* Returns twice: what is used after the jump must not live in a register. */
static pid_t
fork_into(struct contain_group *group, struct ctn_fork *copy,
    struct contain_error *err)
{
	struct contain_group *volatile the_group = group;
	struct ctn_fork *volatile the_copy = copy;
	int code;

	if (sigsetjmp(copy->back, 0) != 0)
		return return_in_copy(the_group, the_copy);
	code = ctn_spawn_into(the_group, NULL, the_copy, err);
	if (code != CONTAIN_OK)
		return code;
	if (the_group->attempt.command_pid > 0)
		return the_group->attempt.command_pid;
	/* 0 is what the copy returns */
	ctn_spawn_undo(the_group);
	return ctn_error_set(err, CONTAIN_E_WARDEN, 0, "fork",
	    "the copy's pid is not known");
}

pid_t
contain_fork(const struct contain_options *options,
    struct contain_group **group, struct contain_error *err)
{
	struct contain_group *new;
	struct ctn_fork *copy;
	pid_t pid;
	int code;

	code = ctn_spawn_check(options, group, err);
	if (code != CONTAIN_OK)
		return code;
	*group = NULL;
	new = ctn_spawn_new(options);
	copy = calloc(1, sizeof(*copy));
	if (new == NULL || copy == NULL) {
		ctn_spawn_free(new);
		free(copy);
		return ctn_error_set(err, CONTAIN_E_MEMORY, 0, "fork",
		    "out of memory");
	}
	copy->fitting = &new->fitting;
	copy->is_threaded = !ctn_os_is_alone();
	save_actions(copy);
	pid = fork_into(new, copy, err);
	if (pid == 0)
		return 0;
	free(copy);
	if (pid > 0)
		*group = new;
	else
		ctn_spawn_free(new);
	return pid;
}
