/* group.c: talking to a group that runs, and letting go of it */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "fd.h"
#include "group.h"
#include "os/os.h"
#include "spawn.h"
#include "terminal.h"
#include "tty.h"

const struct contain_effect *
contain_effect(const struct contain_group *group)
{
	return group != NULL ? &group->effect : NULL;
}

int
contain_fd(const struct contain_group *group)
{
	if (group == NULL)
		return -1;
	return group->gathered != -1 ? group->gathered :
	    group->attempt.host_end.fd;
}

void
contain_notify(const struct contain_group *group, int signum)
{
	if (group != NULL && signum >= 0 && signum < CTN_NSIG)
		ctn_os_signal_on_input(group->attempt.host_end.fd, signum);
}

/* What the library itself needs of a group that runs. */
#define OWN_DESCRIPTORS 7

int
contain_drop_descriptors(const struct contain_group *group, const int *keep,
    size_t count, struct contain_error *err)
{
	int all[CTN_FD_KEEP_MAX];

	if (group == NULL || (keep == NULL && count > 0))
		return ctn_error_set(err, CONTAIN_E_USAGE, 0, "keep",
		    "keep: no group or no list");
	if (count > CTN_FD_KEEP_MAX - OWN_DESCRIPTORS)
		return ctn_error_set(err, CONTAIN_E_USAGE, 0, "keep",
		    "keep: %zu descriptors are too many", count);
	all[0] = group->attempt.host_end.fd;
	all[1] = group->attempt.warden_watch;
	all[2] = group->attempt.terminal;
	all[3] = group->gathered;
	memcpy(all + 4, group->fitting.mine, sizeof(group->fitting.mine));
	if (count > 0)
		memcpy(all + OWN_DESCRIPTORS, keep, count * sizeof(*keep));
	ctn_fd_close_all_but(all, OWN_DESCRIPTORS + count);
	return CONTAIN_OK;
}

int
ctn_group_missing(const char *step, struct contain_error *err)
{
	return ctn_error_set(err, CONTAIN_E_USAGE, 0, step, "%s: no group",
	    step);
}

static int
send_signal(struct contain_group *group, enum ctn_message_type type,
    int signum, enum contain_origin origin, struct contain_error *err)
{
	struct ctn_message message;

	if (group == NULL)
		return ctn_group_missing("signal", err);
	if (origin != CONTAIN_FROM_PROCESS && origin != CONTAIN_FROM_TERMINAL)
		return ctn_error_set(err, CONTAIN_E_USAGE, 0, "origin",
		    "origin: %d is not valid", (int)origin);
	if (signum < 0 || signum >= CTN_NSIG)
		return ctn_error_set(err, CONTAIN_E_USAGE, 0, "signal",
		    "signal: %d is not valid", signum);
	memset(&message, 0, sizeof(message));
	message.type = (uint32_t)type;
	message.number = signum;
	message.third = (int32_t)origin;
	if (type == CTN_FORWARD && signum == SIGCONT)
		message.second = ctn_tty_in_foreground() == 1;
	if (!group->has_ended && ctn_leash_send(&group->attempt.host_end,
	    &message, CTN_LEASH_NOW) == 0)
		return CONTAIN_OK;
	if (group->has_ended || errno == EPIPE || errno == ECONNRESET)
		return ctn_error_set(err, CONTAIN_E_STATE, 0, "signal",
		    "the group has ended");
	return ctn_error_set(err, CONTAIN_E_SYSTEM, errno, "send",
	    "cannot tell the warden");
}

int
contain_signal(struct contain_group *group, int signum,
    struct contain_error *err)
{
	return send_signal(group, CTN_SIGNAL, signum, CONTAIN_FROM_PROCESS,
	    err);
}

int
contain_forward(struct contain_group *group, int signum,
    enum contain_origin origin, struct contain_error *err)
{
	return send_signal(group, CTN_FORWARD, signum, origin, err);
}

int
contain_end(struct contain_group *group, int signum,
    struct contain_error *err)
{
	return send_signal(group, CTN_END, signum, CONTAIN_FROM_PROCESS, err);
}

int
contain_stop(struct contain_group *group, struct contain_error *err)
{
	return send_signal(group, CTN_SIGNAL_ALL, SIGSTOP,
	    CONTAIN_FROM_PROCESS, err);
}

int
contain_continue(struct contain_group *group, struct contain_error *err)
{
	return send_signal(group, CTN_SIGNAL_ALL, SIGCONT,
	    CONTAIN_FROM_PROCESS, err);
}

pid_t
contain_pid(const struct contain_group *group)
{
	return group != NULL ? group->attempt.command_pid : 0;
}

int
contain_take_stdio(struct contain_group *group, int command_fd,
    struct contain_error *err)
{
	int fd;

	if (group == NULL)
		return ctn_group_missing("stdio", err);
	if (command_fd < 0 || command_fd > 2)
		return ctn_error_set(err, CONTAIN_E_USAGE, 0, "stdio",
		    "stdio: %d is not valid", command_fd);
	fd = group->fitting.mine[command_fd];
	if (fd == -1)
		return ctn_error_set(err, CONTAIN_E_STATE, 0, "stdio",
		    "stdio: descriptor %d has no pipe, or it is taken",
		    command_fd);
	group->fitting.mine[command_fd] = -1;
	return fd;
}

void
contain_free(struct contain_group *group)
{
	if (group == NULL)
		return;
	ctn_spawn_undo(group);
	if (!group->has_ended)	/* nobody else will */
		ctn_terminal_give_back(&group->attempt, SIGKILL);
	free(group->leftover);
	ctn_spawn_free(group);
}
