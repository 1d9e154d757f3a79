/* select.c: which backends are tried, and in words why not */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "error.h"
#include "registry.h"
#include "select.h"
#include "text.h"

int
ctn_select_allows(const struct contain_options *options,
    const struct ctn_backend *backend)
{
	if (options == NULL)
		return 1;
	return backend->guarantee >= options->require &&
	    (backend->mounts_proc || options->proc != CONTAIN_PROC_MOUNT) &&
	    (options->backend == CONTAIN_BACKEND_AUTO ||
	    options->backend == backend->id);
}

static void
begin_verdict(const struct ctn_backend *backend,
    struct contain_verdict *verdict)
{
	memset(verdict, 0, sizeof(*verdict));
	verdict->backend = backend->id;
	verdict->guarantee = backend->guarantee;
	verdict->reach = backend->reach;
}

void
ctn_select_describe(const struct ctn_attempt *attempt,
    struct contain_verdict *verdict)
{
	const struct ctn_backend *backend = attempt->backend;

	begin_verdict(backend, verdict);
	verdict->usable = 1;
	verdict->reach = attempt->reach;
	backend->describe(attempt, verdict->mechanism,
	    sizeof(verdict->mechanism));
	if (attempt->lack_step == NULL)
		return;
	verdict->errnum = attempt->lack_errnum;
	snprintf(verdict->step, sizeof(verdict->step), "%s",
	    attempt->lack_step);
	backend->explain(attempt->lack_step, attempt->lack_errnum, verdict);
}

void
ctn_select_explain(const struct ctn_backend *backend,
    const struct contain_error *failure, struct contain_verdict *verdict)
{
	begin_verdict(backend, verdict);
	verdict->errnum = failure->errnum;
	snprintf(verdict->step, sizeof(verdict->step), "%s", failure->step);
	if (failure->errnum != 0)
		backend->explain(failure->step, failure->errnum, verdict);
	else
		snprintf(verdict->reason, sizeof(verdict->reason), "%.255s",
		    failure->message);
}

void
ctn_select_add_reason(char *reasons, size_t size,
    const struct contain_verdict *verdict)
{
	char line[sizeof(verdict->step) + sizeof(verdict->reason) +
	    sizeof(verdict->remedy) + 160];

	snprintf(line, sizeof(line), "%s%s: %s%s%s: %s%s%s%s",
	    reasons[0] != '\0' ? "; " : "",
	    contain_backend_name(verdict->backend), verdict->step,
	    verdict->errnum != 0 ? ": " : "",
	    verdict->errnum != 0 ? strerror(verdict->errnum) : "",
	    verdict->reason, verdict->remedy[0] != '\0' ? " (" : "",
	    verdict->remedy, verdict->remedy[0] != '\0' ? ")" : "");
	ctn_text_append(reasons, size, line);
}

void
ctn_select_add_failure(char *reasons, size_t size,
    const struct ctn_backend *backend, const struct contain_error *failure)
{
	struct contain_verdict verdict;

	ctn_select_explain(backend, failure, &verdict);
	ctn_select_add_reason(reasons, size, &verdict);
}

/* Is the backend that the options name built in at all? */
static int
is_built(enum contain_backend id)
{
	const struct ctn_backend *const *backend;

	for (backend = ctn_registry; *backend != NULL; backend++)
		if (id == CONTAIN_BACKEND_AUTO || (*backend)->id == id)
			return 1;
	return 0;
}

int
ctn_select_refuse(const struct contain_options *options, const char *reasons,
    struct contain_error *err)
{
	const char *name = contain_backend_name(options->backend);
	const char *guarantee = contain_guarantee_name(options->require);

	if (!is_built(options->backend))
		return ctn_error_set(err, CONTAIN_E_UNAVAILABLE, 0, "select",
		    "backend %s: not built into this contain", name);
	if (reasons[0] == '\0' && options->proc == CONTAIN_PROC_MOUNT)
		return ctn_error_set(err, CONTAIN_E_UNAVAILABLE, 0, "select",
		    "backend %s: mounts no /proc, which is required", name);
	if (reasons[0] == '\0')
		return ctn_error_set(err, CONTAIN_E_UNAVAILABLE, 0, "select",
		    "backend %s: does not guarantee %s", name, guarantee);
	return ctn_error_set(err, CONTAIN_E_UNAVAILABLE, 0, "select",
	    "cannot contain: %s", reasons);
}
