/* test_error.c: struct contain_error and the names of codes */
#include "config.h"

#include <errno.h>
#include <string.h>

#include "error.h"
#include "unit.h"

static void
code_names(void **state)
{
	static const struct {
		int code;
		const char *name;
	} names[] = {
		{ CONTAIN_OK, "ok" },
		{ CONTAIN_E_USAGE, "usage" },
		{ CONTAIN_E_SYSTEM, "system" },
		{ CONTAIN_E_MEMORY, "memory" },
		{ CONTAIN_E_UNAVAILABLE, "unavailable" },
		{ CONTAIN_E_EXEC, "exec" },
		{ CONTAIN_E_TIMEOUT, "timeout" },
		{ CONTAIN_E_PRIVILEGE, "privilege" },
		{ CONTAIN_E_STATE, "state" },
		{ CONTAIN_E_WARDEN, "warden" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		assert_string_equal(contain_code_name(names[i].code),
		    names[i].name);
}

static void
code_unknown(void **state)
{
	(void)state;
	assert_string_equal(contain_code_name(1), "unknown");
	assert_string_equal(contain_code_name(CONTAIN_E_WARDEN - 1),
	    "unknown");
	assert_string_equal(contain_code_name(INT32_MAX), "unknown");
	assert_string_equal(contain_code_name(INT32_MIN), "unknown");
}

static void
set_fills_all(void **state)
{
	struct contain_error err;

	(void)state;
	memset(&err, 'x', sizeof(err));
	assert_int_equal(ctn_error_set(&err, CONTAIN_E_USAGE, 0, "step",
	    "%s %d", "number", 7), CONTAIN_E_USAGE);
	assert_int_equal(err.code, CONTAIN_E_USAGE);
	assert_int_equal(err.errnum, 0);
	assert_string_equal(err.step, "step");
	assert_string_equal(err.message, "number 7");
}

static void
set_appends_errno(void **state)
{
	struct contain_error err;
	char wanted[200] = "opening: ";

	(void)state;
	strcat(wanted, strerror(ENOENT));
	ctn_error_set(&err, CONTAIN_E_SYSTEM, ENOENT, "open", "opening");
	assert_int_equal(err.errnum, ENOENT);
	assert_string_equal(err.message, wanted);
}

static void
set_without_err(void **state)
{
	(void)state;
	assert_int_equal(ctn_error_set(NULL, CONTAIN_E_MEMORY, 0, "x", "y"),
	    CONTAIN_E_MEMORY);
}

/* Too long for the fields: cut, and never beyond them. */
static void
set_cuts(void **state)
{
	char text[1000];
	struct {
		struct contain_error err;
		char behind;
	} box;

	(void)state;
	memset(text, 'a', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	box.behind = 'b';
	ctn_error_set(&box.err, CONTAIN_E_SYSTEM, EPERM, text, "%s", text);
	assert_int_equal(strlen(box.err.step), sizeof(box.err.step) - 1);
	assert_int_equal(strlen(box.err.message),
	    sizeof(box.err.message) - 1);
	assert_int_equal(box.behind, 'b');
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(code_names),
		cmocka_unit_test(code_unknown),
		cmocka_unit_test(set_fills_all),
		cmocka_unit_test(set_appends_errno),
		cmocka_unit_test(set_without_err),
		cmocka_unit_test(set_cuts),
	};

	return cmocka_run_group_tests(tests, unit_setup, NULL) != 0;
}
