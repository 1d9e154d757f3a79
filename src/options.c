/* options.c: what a host asks for */
#include "config.h"

#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "options.h"
#include "os/os.h"

#define KILL_AFTER_MS 5000

void
ctn_options_default(struct contain_options *options)
{
	memset(options, 0, sizeof(*options));
	options->signum = SIGTERM;
	options->kill_after_ms = KILL_AFTER_MS;
	options->grace_ms = CTN_GRACE_DEFAULT;
	options->reach = CONTAIN_REACH_DESCENDANTS;
}

struct contain_options *
contain_options_new(void)
{
	struct contain_options *options = malloc(sizeof(*options));

	if (options != NULL)
		ctn_options_default(options);
	return options;
}

void
contain_options_free(struct contain_options *options)
{
	if (options == NULL)
		return;
	ctn_outfit_discard(&options->outfit);
	free(options);
}

int
ctn_options_missing(const char *what, struct contain_error *err)
{
	return ctn_error_set(err, CONTAIN_E_USAGE, 0, what, "%s: no options",
	    what);
}

int
ctn_options_check(long long value, long long first, long long last,
    const char *what, struct contain_error *err)
{
	if (value >= first && value <= last)
		return CONTAIN_OK;
	return ctn_error_set(err, CONTAIN_E_USAGE, 0, what,
	    "%s: %lld is not valid", what, value);
}

/* Each setter is the same check and the same assignment.  The casts keep an
 * enum's range check meaningful where enums are unsigned. */
#define SETTER(name, type, first, last)					\
int									\
contain_options_set_##name(struct contain_options *options, type name,	\
    struct contain_error *err)						\
{									\
	int code;							\
									\
	if (options == NULL)						\
		return ctn_options_missing(#name, err);			\
	code = ctn_options_check((long long)(name), first, last, #name,	\
	    err);							\
	if (code == CONTAIN_OK)						\
		options->name = name;					\
	return code;							\
}

SETTER(backend, enum contain_backend, CONTAIN_BACKEND_AUTO,
    CONTAIN_BACKEND_PTY)
SETTER(require, enum contain_guarantee, CONTAIN_GUARANTEE_NONE,
    CONTAIN_GUARANTEE_SIGKILL)
SETTER(forward, enum contain_forward, CONTAIN_FORWARD_GROUP,
    CONTAIN_FORWARD_COMMAND)
SETTER(pgrp, enum contain_pgrp, CONTAIN_PGRP_OWN, CONTAIN_PGRP_AUTO)
SETTER(proc, enum contain_proc, CONTAIN_PROC_AUTO, CONTAIN_PROC_KEEP)
SETTER(reach, enum contain_reach, CONTAIN_REACH_SESSION,
    CONTAIN_REACH_DESCENDANTS)
SETTER(host, enum contain_host, CONTAIN_HOST_ANY, CONTAIN_HOST_OWNS_NAMESPACE)
SETTER(stops, enum contain_stops, CONTAIN_STOPS_UNSEEN,
    CONTAIN_STOPS_REPORTED)
SETTER(details, enum contain_details, CONTAIN_DETAILS_NONE,
    CONTAIN_DETAILS_COMMAND)
SETTER(warden, enum contain_warden, CONTAIN_WARDEN_COPY,
    CONTAIN_WARDEN_PROGRAM)
SETTER(timeout_ms, int64_t, 0, INT64_MAX)
SETTER(kill_after_ms, int64_t, 0, INT64_MAX)
SETTER(linger_ms, int64_t, 0, INT64_MAX)
SETTER(grace_ms, int64_t, CTN_GRACE_DEFAULT, INT64_MAX)

int
contain_options_set_signal(struct contain_options *options, int signum,
    struct contain_error *err)
{
	int code;

	if (options == NULL)
		return ctn_options_missing("signal", err);
	code = ctn_options_check(signum, 0, CTN_NSIG - 1, "signal", err);
	if (code == CONTAIN_OK)
		options->signum = signum;
	return code;
}

int
contain_options_set_ready(struct contain_options *options,
    contain_ready_fn *ready, void *arg, struct contain_error *err)
{
	if (options == NULL)
		return ctn_options_missing("ready", err);
	options->ready = ready;
	options->ready_arg = arg;
	return CONTAIN_OK;
}

int
contain_options_set_terminal(struct contain_options *options,
    const struct contain_terminal *terminal, struct contain_error *err)
{
	int code = CONTAIN_OK;

	if (options == NULL)
		return ctn_options_missing("terminal", err);
	if (terminal != NULL)
		code = ctn_options_check(terminal->fd, 0, INT_MAX, "fd", err);
	if (terminal != NULL && code == CONTAIN_OK)
		code = ctn_options_check(terminal->stdio, 0, 7, "stdio", err);
	if (terminal != NULL && code == CONTAIN_OK)
		code = ctn_options_check((long long)terminal->ground,
		    CONTAIN_BACKGROUND, CONTAIN_FOREGROUND, "ground", err);
	if (code != CONTAIN_OK)
		return code;
	options->has_terminal = terminal != NULL;
	if (terminal != NULL)
		options->terminal = *terminal;
	return CONTAIN_OK;
}

int
contain_options_set_output(struct contain_options *options,
    contain_output_fn *output, void *arg, struct contain_error *err)
{
	if (options == NULL)
		return ctn_options_missing("output", err);
	options->output = output;
	options->output_arg = arg;
	return CONTAIN_OK;
}

int
contain_options_set_mask(struct contain_options *options,
    const sigset_t *mask, struct contain_error *err)
{
	if (options == NULL)
		return ctn_options_missing("mask", err);
	options->has_mask = mask != NULL;
	if (mask != NULL)
		options->mask = *mask;
	return CONTAIN_OK;
}
