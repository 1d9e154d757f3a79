/* test_select.c: which backends are tried, and in words why not */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "options.h"
#include "registry.h"
#include "select.h"
#include "unit.h"

/* ---- a backend that only talks ------------------------------------- */

static void
describe(const struct ctn_attempt *attempt, char *mechanism, size_t size)
{
	snprintf(mechanism, size, "made %u", attempt->made);
}

static void
explain(const char *step, int errnum, struct contain_verdict *verdict)
{
	snprintf(verdict->reason, sizeof(verdict->reason), "because of %s %d",
	    step, errnum);
	snprintf(verdict->remedy, sizeof(verdict->remedy), "do it");
}

static const struct ctn_backend strong = {
	.id = CONTAIN_BACKEND_PIDNS,
	.guarantee = CONTAIN_GUARANTEE_SIGKILL,
	.reach = CONTAIN_REACH_NAMESPACE,
	.describe = describe,
	.explain = explain,
};

static const struct ctn_backend weak = {
	.id = CONTAIN_BACKEND_PTY,
	.guarantee = CONTAIN_GUARANTEE_SIGHUP,
	.reach = CONTAIN_REACH_DESCENDANTS,
	.describe = describe,
	.explain = explain,
};

/* Instead of the library's: only the strong one is "built". */
const struct ctn_backend *const ctn_registry[] = { &strong, NULL };

/* ---- allows -------------------------------------------------------- */

static int
allows(enum contain_backend backend, enum contain_guarantee require,
    const struct ctn_backend *candidate)
{
	struct contain_options options;

	ctn_options_default(&options);
	options.backend = backend;
	options.require = require;
	return ctn_select_allows(&options, candidate);
}

static void
allows_by_backend(void **state)
{
	const enum contain_guarantee any = CONTAIN_GUARANTEE_NONE;

	(void)state;
	assert_true(ctn_select_allows(NULL, &strong));
	assert_true(ctn_select_allows(NULL, &weak));
	assert_true(allows(CONTAIN_BACKEND_AUTO, any, &strong));
	assert_true(allows(CONTAIN_BACKEND_AUTO, any, &weak));
	assert_true(allows(CONTAIN_BACKEND_PIDNS, any, &strong));
	assert_false(allows(CONTAIN_BACKEND_PIDNS, any, &weak));
	assert_false(allows(CONTAIN_BACKEND_PTY, any, &strong));
	assert_true(allows(CONTAIN_BACKEND_PTY, any, &weak));
}

static void
allows_by_guarantee(void **state)
{
	(void)state;
	assert_true(allows(CONTAIN_BACKEND_AUTO, CONTAIN_GUARANTEE_SIGKILL,
	    &strong));
	assert_false(allows(CONTAIN_BACKEND_AUTO, CONTAIN_GUARANTEE_SIGKILL,
	    &weak));
	assert_true(allows(CONTAIN_BACKEND_AUTO, CONTAIN_GUARANTEE_SIGHUP,
	    &strong));
	assert_true(allows(CONTAIN_BACKEND_AUTO, CONTAIN_GUARANTEE_SIGHUP,
	    &weak));
	assert_false(allows(CONTAIN_BACKEND_PTY, CONTAIN_GUARANTEE_SIGKILL,
	    &weak));
}

/* ---- verdicts ------------------------------------------------------ */

static void
describe_whole(void **state)
{
	struct ctn_attempt attempt;
	struct contain_verdict verdict;

	(void)state;
	memset(&attempt, 0, sizeof(attempt));
	memset(&verdict, 'x', sizeof(verdict));
	attempt.backend = &strong;
	attempt.reach = CONTAIN_REACH_NAMESPACE;
	attempt.made = 5;
	ctn_select_describe(&attempt, &verdict);
	assert_int_equal(verdict.backend, CONTAIN_BACKEND_PIDNS);
	assert_int_equal(verdict.guarantee, CONTAIN_GUARANTEE_SIGKILL);
	assert_int_equal(verdict.reach, CONTAIN_REACH_NAMESPACE);
	assert_int_equal(verdict.usable, 1);
	assert_int_equal(verdict.errnum, 0);
	assert_string_equal(verdict.mechanism, "made 5");
	assert_string_equal(verdict.step, "");
	assert_string_equal(verdict.reason, "");
	assert_string_equal(verdict.remedy, "");
}

static void
describe_lacking(void **state)
{
	struct ctn_attempt attempt;
	struct contain_verdict verdict;

	(void)state;
	memset(&attempt, 0, sizeof(attempt));
	attempt.backend = &strong;
	attempt.lack_step = "mount";
	attempt.lack_errnum = EPERM;
	ctn_select_describe(&attempt, &verdict);
	assert_int_equal(verdict.usable, 1);
	assert_int_equal(verdict.errnum, EPERM);
	assert_string_equal(verdict.step, "mount");
	assert_string_equal(verdict.reason, "because of mount 1");
	assert_string_equal(verdict.remedy, "do it");
}

static void
explain_errno(void **state)
{
	struct contain_error failure = { CONTAIN_E_SYSTEM, ENOSPC, "clone",
		"a message" };
	struct contain_verdict verdict;

	(void)state;
	memset(&verdict, 'x', sizeof(verdict));
	ctn_select_explain(&weak, &failure, &verdict);
	assert_int_equal(verdict.backend, CONTAIN_BACKEND_PTY);
	assert_int_equal(verdict.guarantee, CONTAIN_GUARANTEE_SIGHUP);
	assert_int_equal(verdict.reach, CONTAIN_REACH_DESCENDANTS);
	assert_int_equal(verdict.usable, 0);
	assert_int_equal(verdict.errnum, ENOSPC);
	assert_string_equal(verdict.step, "clone");
	assert_string_equal(verdict.reason, "because of clone 28");
	assert_string_equal(verdict.remedy, "do it");
	assert_string_equal(verdict.mechanism, "");
}

/* Without an errno (the warden died) the message is all there is. */
static void
explain_message(void **state)
{
	struct contain_error failure = { CONTAIN_E_WARDEN, 0, "warden", "" };
	struct contain_verdict verdict;

	(void)state;
	memset(failure.message, 'm', sizeof(failure.message) - 1);
	ctn_select_explain(&weak, &failure, &verdict);
	assert_string_equal(verdict.step, "warden");
	assert_int_equal(strlen(verdict.reason), sizeof(verdict.reason) - 1);
	assert_int_equal(verdict.reason[0], 'm');
	assert_string_equal(verdict.remedy, "");
}

/* ---- the line of reasons ------------------------------------------- */

static void
reasons(void **state)
{
	struct contain_error failure = { CONTAIN_E_SYSTEM, EPERM, "clone",
		"" };
	struct contain_error died = { CONTAIN_E_WARDEN, 0, "warden",
		"it died" };
	char line[400] = "", wanted[400];

	(void)state;
	ctn_select_add_failure(line, sizeof(line), &strong, &failure);
	snprintf(wanted, sizeof(wanted), "pidns: clone: %s: because of clone "
	    "1 (do it)", strerror(EPERM));
	assert_string_equal(line, wanted);
	ctn_select_add_failure(line, sizeof(line), &weak, &died);
	strcat(wanted, "; pty: warden: it died");
	assert_string_equal(line, wanted);
}

static void
reasons_are_cut(void **state)
{
	struct contain_error failure = { CONTAIN_E_SYSTEM, EPERM, "clone",
		"" };
	char line[31];
	int i;

	(void)state;
	line[0] = '\0';
	line[30] = 'x';
	for (i = 0; i < 3; i++)
		ctn_select_add_failure(line, 30, &strong, &failure);
	assert_int_equal(strlen(line), 29);
	assert_int_equal(line[30], 'x');
}

/* Everything as long as its field: nothing of it is lost. */
static void
reason_of_full_length(void **state)
{
	struct contain_verdict verdict;
	char line[1024] = "";

	(void)state;
	memset(&verdict, 0, sizeof(verdict));
	verdict.backend = CONTAIN_BACKEND_PIDNS;
	verdict.errnum = EPERM;
	memset(verdict.step, 's', sizeof(verdict.step) - 1);
	memset(verdict.reason, 'r', sizeof(verdict.reason) - 1);
	memset(verdict.remedy, 'm', sizeof(verdict.remedy) - 1);
	ctn_select_add_reason(line, sizeof(line), &verdict);
	assert_int_equal(strlen(line), strlen("pidns: : : : ()") - 1 + 31 +
	    strlen(strerror(EPERM)) + 255 + 255);
	assert_int_equal(line[strlen(line) - 1], ')');
}

/* ---- refusing ------------------------------------------------------ */

static void
refuse(enum contain_backend backend, enum contain_guarantee require,
    const char *why, const char *wanted)
{
	struct contain_options options;
	struct contain_error err;

	ctn_options_default(&options);
	options.backend = backend;
	options.require = require;
	assert_int_equal(ctn_select_refuse(&options, why, &err),
	    CONTAIN_E_UNAVAILABLE);
	assert_int_equal(err.code, CONTAIN_E_UNAVAILABLE);
	assert_int_equal(err.errnum, 0);
	assert_string_equal(err.step, "select");
	assert_string_equal(err.message, wanted);
	assert_int_equal(ctn_select_refuse(&options, why, NULL),
	    CONTAIN_E_UNAVAILABLE);
}

static void
refusals(void **state)
{
	(void)state;
	refuse(CONTAIN_BACKEND_PTY, CONTAIN_GUARANTEE_NONE, "",
	    "backend pty: not built into this contain");
	refuse(CONTAIN_BACKEND_PIDNS, CONTAIN_GUARANTEE_SIGKILL, "",
	    "backend pidns: does not guarantee SIGKILL");
	refuse(CONTAIN_BACKEND_AUTO, CONTAIN_GUARANTEE_NONE,
	    "pidns: clone: no", "cannot contain: pidns: clone: no");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(allows_by_backend),
		cmocka_unit_test(allows_by_guarantee),
		cmocka_unit_test(describe_whole),
		cmocka_unit_test(describe_lacking),
		cmocka_unit_test(explain_errno),
		cmocka_unit_test(explain_message),
		cmocka_unit_test(reasons),
		cmocka_unit_test(reasons_are_cut),
		cmocka_unit_test(reason_of_full_length),
		cmocka_unit_test(refusals),
	};

	return cmocka_run_group_tests(tests, unit_setup, NULL) != 0;
}
