/* wait.c: what the warden tells, up to the end of the group */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "clock.h"
#include "error.h"
#include "fd.h"
#include "group.h"
#include "terminal.h"
#include "text.h"

/* Few groups leave somebody, and room for the list in each would be most of the
 * host's memory, which each later start copies the page tables of.  Without
 * memory they are counted, not listed. */
static int
has_room(struct contain_group *group)
{
	if (group->leftover == NULL)
		group->leftover = calloc(CTN_LEFTOVERS_MAX,
		    sizeof(*group->leftover));
	return group->leftover != NULL &&
	    group->result.listed < CTN_LEFTOVERS_MAX;
}

static void
hear_leftover(struct contain_group *group, const struct ctn_message *message)
{
	struct contain_leftover *leftover;

	if (!has_room(group))
		return;
	leftover = &group->leftover[group->result.listed++];
	leftover->pid = message->number;
	leftover->parent = message->second;
	leftover->took = message->third;
	snprintf(leftover->name, sizeof(leftover->name), "%.31s",
	    message->text);
	leftover->age_ms = -1;
	if (message->count > 0 && message->count <= INT64_MAX)
		leftover->age_ms = (int64_t)(message->count - 1);
	leftover->command[0] = '\0';
}

static void
hear_command(struct contain_group *group, const struct ctn_message *message)
{
	struct contain_leftover *leftover;

	if (message->number < 0 ||
	    (size_t)message->number >= group->result.listed)
		return;
	leftover = &group->leftover[message->number];
	ctn_text_append(leftover->command, sizeof(leftover->command),
	    message->text);
}

/* Reaping the warden comes last: when that returns, the kernel has ended
 * whatever the warden did not live to end. */
static void
hear_end(struct contain_group *group)
{
	struct ctn_attempt *attempt = &group->attempt;

	/* the last words, then the warden may go: it waits for end-of-file */
	ctn_attempt_drain(attempt);
	ctn_terminal_give_back(attempt, group->result.status);
	ctn_fd_close(&attempt->terminal);
	if (shutdown(attempt->host_end.fd, SHUT_WR) == -1)
		ctn_fd_close(&attempt->host_end.fd);
	ctn_attempt_reap(attempt, &group->result.usage);
	attempt->backend->release(attempt);
	group->last_output = CTN_LAST_OUTPUT_NONE;
	group->result.leftover = group->leftover;
	group->result.elapsed_ms = ctn_clock_now_ms() - group->released_ms;
	group->has_ended = 1;
}

static void
hear_death(struct contain_group *group)
{
	group->result.status = SIGKILL;		/* as waitpid says it */
	group->result.flags |= CONTAIN_F_WARDEN_DIED;
	group->result.leftovers = group->result.listed;	/* at least */
	group->attempt.backend->destroy(&group->attempt);
	hear_end(group);
}

void
ctn_group_hear(struct contain_group *group, const struct ctn_message *message)
{
	const struct ctn_attempt *attempt = &group->attempt;

	if (message == NULL) {
		hear_death(group);
		return;
	}
	switch (message->type) {
	case CTN_LEFTOVER:
		hear_leftover(group, message);
		break;
	case CTN_LEFTOVER_COMMAND:
		hear_command(group, message);
		break;
	case CTN_STOPPED:
		group->stop_news = message->number;
		break;
	case CTN_STOPPED_ANSWER:
		group->stopped_answer = message->number;
		break;
	case CTN_DONE:
		group->result.status = message->number;
		group->result.flags |= (unsigned)message->second;
		group->result.leftovers = message->count;
		group->result.ended = (uint64_t)message->third;
		if (attempt->relays)
			group->last_output = CTN_LAST_OUTPUT_TO_TELL;
		else
			hear_end(group);
		break;
	default:
		break;
	}
}

/* Hear one message, or the warden's death, within timeout_ms.  0 if neither
 * came. */
static int
hear_next(struct contain_group *group, int64_t timeout_ms)
{
	struct ctn_message message;
	int got;

	got = ctn_attempt_listen(&group->attempt, timeout_ms, &message);
	if (got != -1)
		ctn_group_hear(group, got == 1 ? &message : NULL);
	return got != -1;
}

/* WIFSTOPPED status of a signal: the same on every Unix that has a warden of
 * ours, checked by tests/unit/test_wait.c. */
static int
stop_status(int signum)
{
	return signum << 8 | 0x7f;
}

static int
report_stop(struct contain_group *group, struct contain_result *result)
{
	if (result != NULL) {
		memset(result, 0, sizeof(*result));
		result->status = stop_status(group->stop_news);
	}
	group->stop_news = 0;
	return CONTAIN_STOPPED;
}

int
contain_wait(struct contain_group *group, int64_t timeout_ms,
    struct contain_result *result, struct contain_error *err)
{
	int64_t deadline = timeout_ms < 0 ? CTN_NEVER :
	    ctn_clock_deadline_ms(timeout_ms);

	if (group == NULL)
		return ctn_group_missing("wait", err);
	if (timeout_ms < -1)
		return ctn_error_set(err, CONTAIN_E_USAGE, 0, "timeout_ms",
		    "timeout_ms: %lld is not valid", (long long)timeout_ms);
	if (group->last_output == CTN_LAST_OUTPUT_TOLD)
		hear_end(group);
	while (!group->has_ended && group->stop_news == 0 &&
	    group->last_output == CTN_LAST_OUTPUT_NONE)
		if (!hear_next(group, timeout_ms == 0 ? 0 :
		    ctn_clock_left_ms(deadline)))
			return ctn_error_set(err, CONTAIN_E_TIMEOUT, 0,
			    "wait", "nothing happened in time");
	if (group->last_output == CTN_LAST_OUTPUT_TO_TELL) {
		group->last_output = CTN_LAST_OUTPUT_TOLD;
		if (result != NULL)
			*result = group->result;
		return CONTAIN_LAST_OUTPUT;
	}
	if (!group->has_ended)
		return report_stop(group, result);
	if (result != NULL)
		*result = group->result;
	return CONTAIN_OK;
}

int
contain_is_stopped(struct contain_group *group, struct contain_error *err)
{
	if (group == NULL)
		return ctn_group_missing("is_stopped", err);
	group->stopped_answer = -1;
	if (!group->has_ended && ctn_leash_say(&group->attempt.host_end,
	    CTN_ASK_STOPPED, 0) == -1 && errno != EPIPE &&
	    errno != ECONNRESET)
		return ctn_error_set(err, CONTAIN_E_SYSTEM, errno, "send",
		    "cannot ask the warden");
	while (!group->has_ended && group->stopped_answer == -1)
		hear_next(group, -1);
	return group->stopped_answer == 1;
}
