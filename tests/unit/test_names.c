/* test_names.c: the words for backends, guarantees and reaches */
#include "config.h"

#include "unit.h"

static void
backends(void **state)
{
	(void)state;
	assert_string_equal(contain_backend_name(CONTAIN_BACKEND_AUTO),
	    "auto");
	assert_string_equal(contain_backend_name(CONTAIN_BACKEND_PIDNS),
	    "pidns");
	assert_string_equal(contain_backend_name(CONTAIN_BACKEND_PTY), "pty");
	assert_null(contain_backend_name((enum contain_backend)3));
	assert_null(contain_backend_name((enum contain_backend)-1));
}

static void
guarantees(void **state)
{
	(void)state;
	assert_string_equal(contain_guarantee_name(CONTAIN_GUARANTEE_NONE),
	    "none");
	assert_string_equal(contain_guarantee_name(CONTAIN_GUARANTEE_SIGHUP),
	    "SIGHUP");
	assert_string_equal(contain_guarantee_name(CONTAIN_GUARANTEE_SIGKILL),
	    "SIGKILL");
	assert_null(contain_guarantee_name((enum contain_guarantee)3));
	assert_null(contain_guarantee_name((enum contain_guarantee)-1));
}

static void
reaches(void **state)
{
	(void)state;
	assert_string_equal(contain_reach_name(CONTAIN_REACH_SESSION),
	    "session");
	assert_string_equal(contain_reach_name(CONTAIN_REACH_MARKED),
	    "marked");
	assert_string_equal(contain_reach_name(CONTAIN_REACH_DESCENDANTS),
	    "descendants");
	assert_string_equal(contain_reach_name(CONTAIN_REACH_NAMESPACE),
	    "namespace");
	assert_null(contain_reach_name((enum contain_reach)0));
	assert_null(contain_reach_name((enum contain_reach)5));
	assert_null(contain_reach_name((enum contain_reach)-1));
}

static void
version(void **state)
{
	(void)state;
	assert_string_equal(contain_version(), PACKAGE_VERSION);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(backends),
		cmocka_unit_test(guarantees),
		cmocka_unit_test(reaches),
		cmocka_unit_test(version),
	};

	return cmocka_run_group_tests(tests, unit_setup, NULL) != 0;
}
