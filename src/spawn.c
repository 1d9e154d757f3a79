/* spawn.c: starting a group with the strongest backend that works here */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attempt.h"
#include "clock.h"
#include "error.h"
#include "fd.h"
#include "group.h"
#include "os/os.h"
#include "program.h"
#include "registry.h"
#include "select.h"
#include "spawn.h"
#include "text.h"

/* Where to put them; NULL: out of memory. */
static char *
room_for_reasons(struct contain_group *group)
{
	if (group->reasons == NULL)
		group->reasons = calloc(1, CTN_REASONS_SIZE);
	return group->reasons;
}

static const char *
reasons_of(const struct contain_group *group)
{
	return group->reasons != NULL ? group->reasons : "";
}

static void
take_effect(struct contain_group *group)
{
	const struct ctn_attempt *attempt = &group->attempt;
	struct contain_verdict verdict;

	ctn_select_describe(attempt, &verdict);
	if (verdict.reason[0] != '\0' && room_for_reasons(group) != NULL)
		ctn_select_add_reason(group->reasons, CTN_REASONS_SIZE,
		    &verdict);
	memcpy(group->mechanism, verdict.mechanism, sizeof(group->mechanism));
	group->effect.backend = verdict.backend;
	group->effect.guarantee = verdict.guarantee;
	group->effect.reach = verdict.reach;
	group->effect.warden = attempt->warden;
	group->effect.mechanism = group->mechanism;
	group->effect.why_not_better = reasons_of(group);
}

/* The host looks at what is in effect, and may still say no. */
static int
ask_host(struct contain_group *group, struct contain_error *err)
{
	const struct contain_options *options = &group->options;

	if (options->ready(&group->effect, options->ready_arg) == 0)
		return CONTAIN_OK;
	ctn_attempt_abandon(&group->attempt);
	return ctn_error_set(err, CONTAIN_E_STATE, 0, "ready",
	    "the host did not release the command");
}

/* program: the warden's.  *go_on: it failed in a way that leaves the next
 * backend a chance. */
static int
start(struct contain_group *group, const struct ctn_backend *backend,
    const char *program, int *go_on, struct contain_error *err)
{
	struct ctn_attempt *attempt = &group->attempt;
	int code;

	ctn_attempt_init(attempt, backend, &group->options, &group->command);
	attempt->fork = group->fork;
	attempt->program = program;
	*go_on = 1;
	code = ctn_attempt_make(attempt, err);
	if (code == CONTAIN_OK && attempt->is_gated)
		code = ctn_attempt_await_ready(attempt, err);
	if (code == CONTAIN_OK && attempt->is_gated) {
		take_effect(group);
		code = ask_host(group, err);
		*go_on = code == CONTAIN_OK;
	}
	if (code != CONTAIN_OK)
		return code;
	group->released_ms = ctn_clock_now_ms();
	code = ctn_attempt_release(attempt, err);
	*go_on = code != CONTAIN_OK && !attempt->was_released;
	if (code == CONTAIN_OK && !attempt->is_gated)
		take_effect(group);
	return code;
}

static int
try_backend(struct contain_group *group, const struct ctn_backend *backend,
    char *const argv[], int *go_on, struct contain_error *err)
{
	int code;

	*go_on = 0;
	if (ctn_command_prepare(&group->command, argv, &group->options.outfit,
	    contain_backend_name(backend->id),
	    contain_guarantee_name(backend->guarantee)) == -1)
		return ctn_error_set(err, CONTAIN_E_MEMORY, 0, "prepare",
		    "out of memory");
	group->command.pairs = group->fitting.pairs;
	group->command.pair_count = group->fitting.count;
	code = start(group, backend, group->fork == NULL ?
	    ctn_program_find(&group->options) : NULL, go_on, err);
	if (group->attempt.is_unfit)
		code = start(group, backend, NULL, go_on, err);
	ctn_command_discard(&group->command);
	return code;
}

/* Each backend that the options allow, until one works. */
static int
try_all(struct contain_group *group, char *const argv[],
    struct contain_error *err)
{
	const struct ctn_backend *const *backend;
	struct contain_error failure;
	int code, go_on;

	for (backend = ctn_registry; *backend != NULL; backend++) {
		if (!ctn_select_allows(&group->options, *backend))
			continue;
		code = try_backend(group, *backend, argv, &go_on, &failure);
		if (!go_on) {
			if (code != CONTAIN_OK && err != NULL)
				*err = failure;
			return code;
		}
		if (room_for_reasons(group) == NULL)
			return ctn_error_set(err, CONTAIN_E_MEMORY, 0, "spawn",
			    "out of memory");
		ctn_select_add_failure(group->reasons, CTN_REASONS_SIZE,
		    *backend, &failure);
	}
	return ctn_select_refuse(&group->options, reasons_of(group), err);
}

/* With a terminal that the library drains there is more to wait for than the
 * leash.  Without a way to gather, what is written there is heard with the next
 * message. */
static void
gather(struct contain_group *group)
{
	int fds[] = { group->attempt.host_end.fd, group->attempt.warden_watch,
		group->attempt.terminal };

	if (group->attempt.terminal != -1 && !group->attempt.relays)
		group->gathered = ctn_os_gather(fds,
		    sizeof(fds) / sizeof(fds[0]));
}

int
ctn_spawn_check(const struct contain_options *options,
    struct contain_group **group, struct contain_error *err)
{
	if (options == NULL || group == NULL)
		return ctn_error_set(err, CONTAIN_E_USAGE, 0, "spawn",
		    "no options or nowhere to put the group");
	if (ctn_os_is_elevated())
		return ctn_error_set(err, CONTAIN_E_PRIVILEGE, 0, "spawn",
		    "refusing to run set-uid, set-gid or with file "
		    "capabilities");
	return CONTAIN_OK;
}

struct contain_group *
ctn_spawn_new(const struct contain_options *options)
{
	struct contain_group *group = calloc(1, sizeof(*group));

	if (group == NULL)
		return NULL;
	group->options = *options;
	group->gathered = -1;
	return group;
}

void
ctn_spawn_free(struct contain_group *group)
{
	if (group != NULL)
		free(group->reasons);
	free(group);
}

int
ctn_spawn_into(struct contain_group *group, char *const argv[],
    struct ctn_fork *copy, struct contain_error *err)
{
	int code;

	group->fork = copy;
	code = ctn_fitting_open(&group->fitting, &group->options.outfit, err);
	if (code != CONTAIN_OK)
		return code;
	code = try_all(group, argv, err);
	ctn_fitting_close_its(&group->fitting);
	/* the options' own: theirs to free, and not needed any more */
	memset(&group->options.outfit, 0, sizeof(group->options.outfit));
	group->fork = NULL;
	if (code != CONTAIN_OK)
		ctn_fitting_discard(&group->fitting);
	else
		gather(group);
	return code;
}

void
ctn_spawn_undo(struct contain_group *group)
{
	ctn_attempt_abandon(&group->attempt);
	ctn_fd_close(&group->gathered);
	ctn_fitting_discard(&group->fitting);
}

int
contain_spawn(const struct contain_options *options, char *const argv[],
    struct contain_group **group, struct contain_error *err)
{
	struct contain_group *new;
	int code;

	code = ctn_spawn_check(options, group, err);
	if (code != CONTAIN_OK)
		return code;
	if (argv == NULL || argv[0] == NULL)
		return ctn_error_set(err, CONTAIN_E_USAGE, 0, "spawn",
		    "no command");
	new = ctn_spawn_new(options);
	if (new == NULL)
		return ctn_error_set(err, CONTAIN_E_MEMORY, 0, "spawn",
		    "out of memory");
	code = ctn_spawn_into(new, argv, NULL, err);
	if (code != CONTAIN_OK)
		ctn_spawn_free(new);
	else
		*group = new;
	return code;
}
