/* test_text.c: numbers as text without stdio */
#include "config.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "text.h"
#include "unit.h"

static void
number(void **state)
{
	static const unsigned long numbers[] = { 0, 1, 9, 10, 99, 100, 32768,
		4294967295UL, ULONG_MAX };
	char text[CTN_TEXT_NUMBER], wanted[CTN_TEXT_NUMBER];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		snprintf(wanted, sizeof(wanted), "%lu", numbers[i]);
		memset(text, 'x', sizeof(text));
		assert_int_equal(ctn_text_number(text, numbers[i]),
		    strlen(wanted));
		assert_string_equal(text, wanted);
	}
}

static void
append(void **state)
{
	char text[8] = "";

	(void)state;
	ctn_text_append(text, sizeof(text), "abc");
	assert_string_equal(text, "abc");
	ctn_text_append(text, sizeof(text), "");
	assert_string_equal(text, "abc");
	ctn_text_append(text, sizeof(text), "defg");
	assert_string_equal(text, "abcdefg");
	ctn_text_append(text, sizeof(text), "h");
	assert_string_equal(text, "abcdefg");
}

static void
append_cuts(void **state)
{
	char text[8] = "abc";
	char room[2] = { '\0', 'x' };

	(void)state;
	text[6] = 'x';
	ctn_text_append(text, 6, "defg");
	assert_string_equal(text, "abcde");
	assert_int_equal(text[6], 'x');
	ctn_text_append(room, 1, "a");
	assert_string_equal(room, "");
	assert_int_equal(room[1], 'x');
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(number),
		cmocka_unit_test(append),
		cmocka_unit_test(append_cuts),
	};

	return cmocka_run_group_tests(tests, unit_setup, NULL) != 0;
}
