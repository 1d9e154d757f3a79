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
#include "tty.h"

const struct contain_effect *
contain_effect(const struct contain_group *group)
{
	return &group->effect;
}

int
contain_fd(const struct contain_group *group)
{
	return group->gathered != -1 ? group->gathered :
	    group->attempt.host_end.fd;
}

void
contain_notify(const struct contain_group *group, int signum)
{
	ctn_os_signal_on_input(group->attempt.host_end.fd, signum);
}

/* What the library itself needs of a group that runs. */
#define OWN_DESCRIPTORS 4

int
contain_drop_descriptors(const struct contain_group *group, const int *keep,
    size_t count, struct contain_error *err)
{
	int all[CTN_FD_KEEP_MAX] = { group->attempt.host_end.fd,
		group->attempt.warden_watch, group->attempt.terminal,
		group->gathered };

	if (count > CTN_FD_KEEP_MAX - OWN_DESCRIPTORS)
		return ctn_error_set(err, CONTAIN_E_USAGE, 0, "keep",
		    "keep: %zu descriptors are too many", count);
	if (count > 0)
		memcpy(all + OWN_DESCRIPTORS, keep, count * sizeof(*keep));
	ctn_fd_close_all_but(all, OWN_DESCRIPTORS + count);
	return CONTAIN_OK;
}

static int
send_signal(struct contain_group *group, enum ctn_message_type type,
    int signum, enum contain_origin origin, struct contain_error *err)
{
	struct ctn_message message;

	if (signum < 0 || signum >= CTN_NSIG)
		return ctn_error_set(err, CONTAIN_E_USAGE, 0, "signal",
		    "signal: %d is not valid", signum);
	memset(&message, 0, sizeof(message));
	message.type = (uint32_t)type;
	message.number = signum;
	message.third = (int32_t)origin;
	if (type == CTN_FORWARD && signum == SIGCONT)
		message.second = ctn_tty_in_foreground();
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

void
contain_free(struct contain_group *group)
{
	if (group == NULL)
		return;
	ctn_attempt_abandon(&group->attempt);
	ctn_fd_close(&group->gathered);
	free(group);
}
