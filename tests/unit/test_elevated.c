/* test_elevated.c: a host with more privilege than its caller is refused */
#include "config.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "os/os.h"
#include "unit.h"

/* The linker gives the library this one in place of its own. */
int	__wrap_ctn_os_is_elevated(void);

static int is_elevated;

int
__wrap_ctn_os_is_elevated(void)
{
	return is_elevated;
}

static struct contain_error err;

static void
refused(int code)
{
	assert_int_equal(code, CONTAIN_E_PRIVILEGE);
	assert_int_equal(err.code, CONTAIN_E_PRIVILEGE);
	assert_non_null(strstr(err.message, "set-uid"));
	memset(&err, 0, sizeof(err));
}

static void
all_refuse(void **state)
{
	char *argv[] = { (char *)"true", NULL };
	struct contain_verdict verdicts[CONTAIN_VERDICTS_MAX];
	struct contain_options *options = contain_options_new();
	struct contain_group *group = NULL;

	(void)state;
	is_elevated = 1;
	refused(contain_spawn(options, argv, &group, &err));
	refused(contain_fork(options, &group, &err));
	refused(contain_probe(NULL, verdicts, CONTAIN_VERDICTS_MAX, &err));
	refused(contain_sweep(CONTAIN_SWEEP_END, 0, NULL, NULL, &err));
	assert_null(group);
	contain_options_free(options);
	assert_true(unit_no_child());
}

static void
others_do_not(void **state)
{
	char *argv[] = { (char *)"true", NULL };
	struct contain_options *options = contain_options_new();
	struct contain_group *group = NULL;

	(void)state;
	is_elevated = 0;
	assert_int_equal(contain_spawn(options, argv, &group, &err), CONTAIN_OK);
	unit_finish(group, NULL);
	contain_free(group);
	contain_options_free(options);
}

static int
run(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_refuse),
		cmocka_unit_test(others_do_not),
	};

	return cmocka_run_group_tests(tests, unit_setup, NULL) != 0;
}

int
main(void)
{
	return unit_isolated(run);
}
