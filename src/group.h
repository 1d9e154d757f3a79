/*
 * group.h: a group that runs or has ended, as the host sees it.
 */
#ifndef CTN_GROUP_H
#define CTN_GROUP_H

#include "attempt.h"
#include "command.h"
#include "contain.h"
#include "leftovers.h"

/* Room for the reasons of every backend that was tried and did not work. */
#define CTN_REASONS_SIZE 1024

struct contain_group {
	struct ctn_attempt attempt;
	struct contain_options options;	/* a copy of the host's */
	struct ctn_command command;	/* nothing in it once it runs */
	struct ctn_fitting fitting;	/* the host's ends of pipes */
	struct ctn_fork *fork;		/* while contain_fork starts it */
	struct contain_effect effect;
	char mechanism[128];		/* behind effect */
	char *reasons;			/* behind effect; NULL: there are none */
	int gathered;			/* all that may have news, as one; or
					   -1: the leash alone */
	int64_t released_ms;
	int has_ended;
	enum ctn_last_output {
		CTN_LAST_OUTPUT_NONE,
		CTN_LAST_OUTPUT_TO_TELL,	/* the host is to read it */
		CTN_LAST_OUTPUT_TOLD
	} last_output;
	int stop_news;			/* the signal of a stop not yet told */
	int stopped_answer;		/* to CTN_ASK_STOPPED; -1: none yet */
	struct contain_result result;	/* once it has ended */
	struct contain_leftover *leftover;	/* CTN_LEFTOVERS_MAX of them, once
					   there is one; or NULL */
};

/* CONTAIN_E_USAGE: step was asked of no group. */
int	ctn_group_missing(const char *step, struct contain_error *err);

/* Take in one message of the warden, or its death (NULL). */
void	ctn_group_hear(struct contain_group *group,
	    const struct ctn_message *message);

#endif
