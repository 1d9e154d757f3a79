/* test_probe.c: probing this machine */
#include "config.h"

#include <string.h>

#include "registry.h"
#include "unit.h"

static int
registry_size(void)
{
	int count = 0;

	while (ctn_registry[count] != NULL)
		count++;
	return count;
}

/* One verdict a backend, strongest first, whole, and nothing left behind. */
static void
every_backend(void **state)
{
	struct contain_verdict verdicts[CONTAIN_VERDICTS_MAX], *verdict;
	struct contain_error err;
	int fds = unit_count_fds(), count, i;

	(void)state;
	memset(verdicts, 'x', sizeof(verdicts));
	count = contain_probe(NULL, verdicts, CONTAIN_VERDICTS_MAX, &err);
	assert_int_equal(count, registry_size());
	for (i = 0; i < count; i++) {
		verdict = &verdicts[i];
		assert_int_equal(verdict->backend, ctn_registry[i]->id);
		assert_int_equal(verdict->guarantee,
		    ctn_registry[i]->guarantee);
		assert_int_equal(verdict->reach, ctn_registry[i]->reach);
		assert_true(i == 0 || verdict->guarantee <=
		    verdicts[i - 1].guarantee);
		if (verdict->usable)
			assert_true(verdict->mechanism[0] != '\0');
		else
			assert_true(verdict->step[0] != '\0' &&
			    verdict->reason[0] != '\0');
		assert_true((verdict->reason[0] == '\0') ==
		    (verdict->step[0] == '\0'));
	}
	assert_int_equal(unit_count_fds(), fds);
	assert_true(unit_no_child());
}

/* What the probe says is what a group then has. */
static void
as_probed(void **state)
{
	struct contain_verdict verdict;
	struct contain_group *group;

	(void)state;
	NEED_PIDNS();
	assert_int_equal(contain_probe(NULL, &verdict, 1, NULL), 1);
	group = unit_spawn(NULL, "exit 0", NULL);
	assert_int_equal(contain_effect(group)->backend, verdict.backend);
	assert_string_equal(contain_effect(group)->mechanism,
	    verdict.mechanism);
	assert_int_equal(contain_effect(group)->why_not_better[0] == '\0',
	    verdict.reason[0] == '\0');
	unit_finish(group, NULL);
	contain_free(group);
}

/* "keep" is not "lacks": nothing is said of a /proc that nobody wanted. */
static void
keep_proc(void **state)
{
	struct contain_options *options;
	struct contain_verdict verdict;

	(void)state;
	NEED_PIDNS();
	options = contain_options_new();
	contain_options_set_proc(options, CONTAIN_PROC_KEEP, NULL);
	assert_int_equal(contain_probe(options, &verdict, 1, NULL), 1);
	assert_int_equal(verdict.usable, 1);
	assert_string_equal(verdict.reason, "");
	CHECK_HAS(verdict.mechanism, "the caller's /proc");
	contain_options_free(options);
}

static int
run(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_backend),
		cmocka_unit_test(as_probed),
		cmocka_unit_test(keep_proc),
	};

	return cmocka_run_group_tests(tests, unit_setup, NULL) != 0;
}

int
main(void)
{
	return unit_isolated(run);
}
