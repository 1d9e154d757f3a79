/* probe.c: trying each backend without running anything */
#include "config.h"

#include <stdlib.h>

#include "attempt.h"
#include "error.h"
#include "os/os.h"
#include "registry.h"
#include "select.h"

static void
try_one(const struct ctn_backend *backend,
    const struct contain_options *options, struct contain_verdict *verdict)
{
	struct ctn_attempt attempt;
	struct contain_error failure;

	ctn_attempt_init(&attempt, backend, options, NULL);
	if (ctn_attempt_make(&attempt, &failure) != CONTAIN_OK ||
	    ctn_attempt_await_ready(&attempt, &failure) != CONTAIN_OK) {
		ctn_select_explain(backend, &failure, verdict);
		return;
	}
	ctn_select_describe(&attempt, verdict);
	ctn_attempt_abandon(&attempt);
}

int
contain_probe(const struct contain_options *options,
    struct contain_verdict *verdicts, size_t max, struct contain_error *err)
{
	const struct ctn_backend *const *backend;
	struct contain_options defaults;
	size_t count = 0;

	if (verdicts == NULL && max > 0)
		return ctn_error_set(err, CONTAIN_E_USAGE, 0, "probe",
		    "probe: nowhere to put the verdicts");
	if (ctn_os_is_elevated())
		return ctn_error_set(err, CONTAIN_E_PRIVILEGE, 0, "probe",
		    "refusing to run set-uid, set-gid or with file "
		    "capabilities");
	ctn_options_default(&defaults);
	for (backend = ctn_registry; *backend != NULL && count < max;
	    backend++)
		if (ctn_select_allows(options, *backend))
			try_one(*backend,
			    options != NULL ? options : &defaults,
			    &verdicts[count++]);
	return (int)count;
}
