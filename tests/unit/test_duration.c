/* test_duration.c: DURATION, as timeout(1) reads it */
#include "config.h"

#include "cli/cli.h"
#include "unit.h"

static void
takes(void **state)
{
	static const struct {
		const char *text;
		int64_t ms;
	} durations[] = {
		{ "0", 0 },
		{ "-0", 0 },
		{ "0s", 0 },
		{ "0.0d", 0 },
		{ "10", 10000 },
		{ "1s", 1000 },
		{ "2m", 120000 },
		{ "1h", 3600000 },
		{ "1d", 86400000 },
		{ "200ms", 200 },
		{ "0.5", 500 },
		{ ".5", 500 },
		{ "5.", 5000 },
		{ "1.5s", 1500 },
		{ "1.5m", 90000 },
		{ "0.5d", 43200000 },
		{ "1e3", 1000000 },
		{ "1e-1", 100 },
		{ "2.5e1ms", 25 },
		{ "0x10", 16000 },
		{ "+3", 3000 },
		{ " 3", 3000 },
		/* up, so that nothing ends early */
		{ "0.1ms", 1 },
		{ "1.0001", 1001 },
		{ "0.0001", 1 },
		{ "1e-300", 1 },
		{ "1e-320", 1 },
		{ "1e-400", 1 },
		{ "1e-400d", 1 },
		/* beyond any clock */
		{ "inf", INT64_MAX },
		{ "infinity", INT64_MAX },
		{ "1e400", INT64_MAX },
		{ "1e400d", INT64_MAX },
		{ "9223372036854775807ms", INT64_MAX },
		{ "9223372036854775808", INT64_MAX },
		{ "99999999999999999999d", INT64_MAX },
	};
	int64_t ms;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(durations) / sizeof(durations[0]); i++) {
		ms = -77;
		if (cli_duration_parse(durations[i].text, &ms) != 0 ||
		    ms != durations[i].ms)
			fail_msg("%s is %lld, not %lld", durations[i].text,
			    (long long)ms, (long long)durations[i].ms);
	}
}

static void
refuses(void **state)
{
	static const char *const texts[] = { "", " ", "s", "ms", "-1", "-0.5",
		"-1e400", "-inf", "nan", "x", "1x", "1S", "1M", "1ss", "1sm",
		"1 s", "1s ", "1,5", "1w", "1us", "1.5.5", "1e", "--1", "1m1",
		"1 " };
	int64_t ms;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		ms = -77;
		if (cli_duration_parse(texts[i], &ms) != -1)
			fail_msg("\"%s\" is taken, as %lld", texts[i],
			    (long long)ms);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes),
		cmocka_unit_test(refuses),
	};

	return cmocka_run_group_tests(tests, unit_setup, NULL) != 0;
}
