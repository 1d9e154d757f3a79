/* test_clock.c: time that only goes forward */
#include "config.h"

#include <poll.h>
#include <time.h>

#include "clock.h"
#include "unit.h"

/* Milliseconds of the clock itself, rounded down as the module does. */
static int64_t
monotonic_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static void
now(void **state)
{
	int64_t before = monotonic_ms(), at = ctn_clock_now_ms();

	(void)state;
	assert_true(at >= before);
	assert_true(at <= monotonic_ms());
}

static void
deadline(void **state)
{
	int64_t before = monotonic_ms(), at = ctn_clock_deadline_ms(1000);

	(void)state;
	assert_true(at > before + 1000);
	assert_true(at <= monotonic_ms() + 1001);
}

static void
deadline_beyond_time(void **state)
{
	int64_t most = CTN_NEVER - monotonic_ms();

	(void)state;
	assert_true(ctn_clock_deadline_ms(CTN_NEVER) == CTN_NEVER);
	assert_true(ctn_clock_deadline_ms(most) == CTN_NEVER);
	assert_true(ctn_clock_deadline_ms(most - 60000) != CTN_NEVER);
}

static void
left(void **state)
{
	int64_t rest = ctn_clock_left_ms(ctn_clock_deadline_ms(60000));

	(void)state;
	assert_in_range(rest, 1, 60001);
	assert_true(ctn_clock_left_ms(CTN_NEVER) == -1);
	assert_true(ctn_clock_left_ms(0) == 0);
	assert_true(ctn_clock_left_ms(ctn_clock_now_ms()) == 0);
}

/* A deadline is not past before so much time has gone by. */
static void
not_early(void **state)
{
	struct timespec from, to;
	int64_t at, ns;
	int i;

	(void)state;
	for (i = 0; i < 20; i++) {
		clock_gettime(CLOCK_MONOTONIC, &from);
		at = ctn_clock_deadline_ms(2);
		while (ctn_clock_left_ms(at) > 0)
			poll(NULL, 0, (int)ctn_clock_left_ms(at));
		clock_gettime(CLOCK_MONOTONIC, &to);
		ns = (int64_t)(to.tv_sec - from.tv_sec) * 1000000000 +
		    to.tv_nsec - from.tv_nsec;
		assert_true(ns >= 2000000);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(now),
		cmocka_unit_test(deadline),
		cmocka_unit_test(deadline_beyond_time),
		cmocka_unit_test(left),
		cmocka_unit_test(not_early),
	};

	return cmocka_run_group_tests(tests, unit_setup, NULL) != 0;
}
