/* test_json.c: one line of JSON in a buffer of fixed size */
#include "config.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "unit.h"

static struct cli_json json;

static int
empty(void **state)
{
	(void)state;
	memset(&json, 0, sizeof(json));
	return 0;
}

/* value as a member of an object is this. */
static void
check(const char *value, const char *wanted)
{
	char line[200];

	empty(NULL);
	cli_json_open(&json, NULL, '{');
	cli_json_string(&json, "k", value);
	cli_json_close(&json, '}');
	snprintf(line, sizeof(line), "{\"k\":\"%s\"}", wanted);
	assert_string_equal(json.text, line);
	assert_int_equal(json.used, strlen(line));
	assert_int_equal(json.is_full, 0);
}

static void
structure(void **state)
{
	(void)state;
	cli_json_open(&json, NULL, '{');
	cli_json_string(&json, "a", "b");
	cli_json_number(&json, "n", -5);
	cli_json_open(&json, "list", '[');
	cli_json_close(&json, ']');
	cli_json_open(&json, "more", '[');
	cli_json_open(&json, NULL, '{');
	cli_json_number(&json, "x", 1);
	cli_json_close(&json, '}');
	cli_json_open(&json, NULL, '{');
	cli_json_close(&json, '}');
	cli_json_string(&json, NULL, "s");
	cli_json_close(&json, ']');
	cli_json_string(&json, "z", "");
	cli_json_close(&json, '}');
	assert_string_equal(json.text, "{\"a\":\"b\",\"n\":-5,\"list\":[],"
	    "\"more\":[{\"x\":1},{},\"s\"],\"z\":\"\"}");
}

static void
numbers(void **state)
{
	(void)state;
	cli_json_open(&json, NULL, '[');
	cli_json_number(&json, NULL, 0);
	cli_json_number(&json, NULL, LLONG_MAX);
	cli_json_number(&json, NULL, LLONG_MIN);
	cli_json_close(&json, ']');
	assert_string_equal(json.text,
	    "[0,9223372036854775807,-9223372036854775808]");
}

static void
escapes(void **state)
{
	(void)state;
	check("plain ~", "plain ~");
	check("\"", "\\\"");
	check("\\", "\\\\");
	check("/", "/");
	check("\b\t\n\f\r", "\\u0008\\u0009\\u000a\\u000c\\u000d");
	check("\x01\x1f\x7f", "\\u0001\\u001f\\u007f");
	check("a\"b\\c\nd", "a\\\"b\\\\c\\u000ad");
}

static void
escaped_names(void **state)
{
	(void)state;
	cli_json_open(&json, NULL, '{');
	cli_json_number(&json, "a\"b", 1);
	cli_json_close(&json, '}');
	assert_string_equal(json.text, "{\"a\\\"b\":1}");
}

static void
valid_utf8(void **state)
{
	(void)state;
	check("\xc3\xa9", "\xc3\xa9");
	check("\xc2\x80", "\xc2\x80");			/* least of two */
	check("\xe0\xa0\x80", "\xe0\xa0\x80");		/* of three */
	check("\xed\x9f\xbf", "\xed\x9f\xbf");		/* below surrogates */
	check("\xee\x80\x80", "\xee\x80\x80");		/* above them */
	check("\xf0\x90\x80\x80", "\xf0\x90\x80\x80");	/* least of four */
	check("\xf4\x8f\xbf\xbf", "\xf4\x8f\xbf\xbf");	/* U+10FFFF */
	check("a\xe2\x82\xac" "b", "a\xe2\x82\xac" "b");
}

static void
invalid_utf8(void **state)
{
	(void)state;
	check("\xff", "\\ufffd");
	check("\x80", "\\ufffd");			/* no lead */
	check("\xc3", "\\ufffd");			/* ends too early */
	check("\xe2\x82", "\\ufffd\\ufffd");
	check("\xf0\x90\x80", "\\ufffd\\ufffd\\ufffd");
	check("\xc3z", "\\ufffdz");
	check("\xc0\x80", "\\ufffd\\ufffd");		/* too long forms */
	check("\xc1\xbf", "\\ufffd\\ufffd");
	check("\xe0\x9f\xbf", "\\ufffd\\ufffd\\ufffd");
	check("\xf0\x8f\xbf\xbf", "\\ufffd\\ufffd\\ufffd\\ufffd");
	check("\xed\xa0\x80", "\\ufffd\\ufffd\\ufffd");	/* a surrogate */
	check("\xf4\x90\x80\x80", "\\ufffd\\ufffd\\ufffd\\ufffd");
	check("\xf8\x88\x80\x80\x80",
	    "\\ufffd\\ufffd\\ufffd\\ufffd\\ufffd");
	check("a\xff\xc3\xa9\xfe", "a\\ufffd\xc3\xa9\\ufffd");
}

/* The largest thing that is reported: every name needs six bytes a byte. */
static void
largest_report(void **state)
{
	char name[32], words[1024];
	int i;

	(void)state;
	memset(name, 1, sizeof(name));
	name[sizeof(name) - 1] = '\0';
	memset(words, 1, sizeof(words));
	words[sizeof(words) - 1] = '\0';
	cli_json_open(&json, NULL, '{');
	cli_json_string(&json, "why_not_better", words);
	cli_json_open(&json, "leftovers", '[');
	for (i = 0; i < 64; i++) {
		cli_json_open(&json, NULL, '{');
		cli_json_number(&json, "pid", INT_MIN);
		cli_json_number(&json, "parent", INT_MIN);
		cli_json_string(&json, "name", name);
		cli_json_string(&json, "took", "SIGRTMIN+10");
		cli_json_close(&json, '}');
	}
	cli_json_close(&json, ']');
	cli_json_close(&json, '}');
	assert_int_equal(json.is_full, 0);
}

/* Full in the middle of a string: said, and nothing is written behind it. */
static void
full(void **state)
{
	static char words[sizeof(json.text) * 2];
	size_t used;

	(void)state;
	memset(words, 'w', sizeof(words) - 1);
	cli_json_open(&json, NULL, '{');
	cli_json_string(&json, "k", words);
	assert_int_equal(json.is_full, 1);
	used = json.used;
	assert_true(used < sizeof(json.text));
	cli_json_string(&json, "more", "x");
	cli_json_number(&json, "n", 1);
	assert_int_equal(json.used, used);
	cli_json_close(&json, '}');
	assert_true(json.used + 1 < sizeof(json.text));
	assert_int_equal(strlen(json.text), json.used);
}

#define fresh(test) cmocka_unit_test_setup(test, empty)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		fresh(structure),
		fresh(numbers),
		fresh(escapes),
		fresh(escaped_names),
		fresh(valid_utf8),
		fresh(invalid_utf8),
		fresh(largest_report),
		fresh(full),
	};

	return cmocka_run_group_tests(tests, unit_setup, NULL) != 0;
}
