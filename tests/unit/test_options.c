/* test_options.c: every setter: what it takes, what it refuses */
#include "config.h"

#include <signal.h>
#include <string.h>

#include "options.h"
#include "unit.h"

static int
new_options(void **state)
{
	*state = contain_options_new();
	return *state == NULL;
}

static int
free_options(void **state)
{
	contain_options_free(*state);
	return 0;
}

static void
defaults(void **state)
{
	const struct contain_options *options = *state;

	assert_int_equal(options->backend, CONTAIN_BACKEND_AUTO);
	assert_int_equal(options->require, CONTAIN_GUARANTEE_NONE);
	assert_int_equal(options->forward, CONTAIN_FORWARD_GROUP);
	assert_int_equal(options->pgrp, CONTAIN_PGRP_OWN);
	assert_int_equal(options->proc, CONTAIN_PROC_AUTO);
	assert_int_equal(options->host, CONTAIN_HOST_ANY);
	assert_int_equal(options->stops, CONTAIN_STOPS_UNSEEN);
	assert_int_equal(options->signum, SIGTERM);
	assert_int_equal(options->timeout_ms, 0);
	assert_int_equal(options->kill_after_ms, 5000);
	assert_int_equal(options->linger_ms, 0);
	assert_int_equal(options->grace_ms, CTN_GRACE_DEFAULT);
	assert_int_equal(options->has_mask, 0);
	assert_null(options->ready);
	contain_options_free(NULL);
}

/* The options are not changed, and the message names what was wrong. */
#define REFUSES(field, call, what, number)				\
	do {								\
		struct contain_options before_ = *options;		\
		assert_int_equal(call, CONTAIN_E_USAGE);		\
		assert_int_equal(err.code, CONTAIN_E_USAGE);		\
		assert_int_equal(err.errnum, 0);			\
		assert_string_equal(err.step, what);			\
		assert_string_equal(err.message,			\
		    what ": " number " is not valid");			\
		assert_true(options->field == before_.field);		\
	} while (0)

#define TAKES(field, call, value)					\
	do {								\
		assert_int_equal(call, CONTAIN_OK);			\
		assert_true(options->field == (value));			\
	} while (0)

/* An enum's setter takes first to last and nothing beside. */
#define ENUM_TEST(name, type, last, beyond)				\
static void								\
name(void **state)							\
{									\
	struct contain_options *options = *state;			\
	struct contain_error err;					\
	int value;							\
									\
	for (value = 0; value <= (int)(last); value++)			\
		TAKES(name, contain_options_set_##name(options,	\
		    (enum type)value, &err), (enum type)value);		\
	REFUSES(name, contain_options_set_##name(options,		\
	    (enum type)((int)(last) + 1), &err), #name, beyond);	\
	assert_int_equal(contain_options_set_##name(options,		\
	    (enum type)-1, &err), CONTAIN_E_USAGE);			\
	assert_int_equal(contain_options_set_##name(options,		\
	    (enum type)-1, NULL), CONTAIN_E_USAGE);			\
	assert_true(options->name == (last));				\
}

ENUM_TEST(backend, contain_backend, CONTAIN_BACKEND_PTY, "3")
ENUM_TEST(require, contain_guarantee, CONTAIN_GUARANTEE_SIGKILL, "3")
ENUM_TEST(forward, contain_forward, CONTAIN_FORWARD_COMMAND, "2")
ENUM_TEST(pgrp, contain_pgrp, CONTAIN_PGRP_AUTO, "3")
ENUM_TEST(proc, contain_proc, CONTAIN_PROC_KEEP, "3")
ENUM_TEST(host, contain_host, CONTAIN_HOST_OWNS_NAMESPACE, "3")
ENUM_TEST(stops, contain_stops, CONTAIN_STOPS_REPORTED, "2")

/* A duration's setter takes 0 to the largest, and no negative one. */
#define DURATION_TEST(name)						\
static void								\
name(void **state)							\
{									\
	struct contain_options *options = *state;			\
	struct contain_error err;					\
									\
	TAKES(name, contain_options_set_##name(options, 0, &err), 0);	\
	TAKES(name, contain_options_set_##name(options, INT64_MAX,	\
	    &err), INT64_MAX);						\
	TAKES(name, contain_options_set_##name(options, 1, NULL), 1);	\
	REFUSES(name, contain_options_set_##name(options, -2, &err),	\
	    #name, "-2");						\
	REFUSES(name, contain_options_set_##name(options, INT64_MIN,	\
	    &err), #name, "-9223372036854775808");			\
}

DURATION_TEST(timeout_ms)
DURATION_TEST(kill_after_ms)
DURATION_TEST(linger_ms)
DURATION_TEST(grace_ms)

static void
minus_one(void **state)
{
	struct contain_options *options = *state;
	struct contain_error err;

	REFUSES(timeout_ms, contain_options_set_timeout_ms(options, -1,
	    &err), "timeout_ms", "-1");
	REFUSES(kill_after_ms, contain_options_set_kill_after_ms(options, -1,
	    &err), "kill_after_ms", "-1");
	REFUSES(linger_ms, contain_options_set_linger_ms(options, -1, &err),
	    "linger_ms", "-1");
	contain_options_set_grace_ms(options, 7, NULL);
	TAKES(grace_ms, contain_options_set_grace_ms(options, -1, &err), -1);
}

static void
signal_number(void **state)
{
	struct contain_options *options = *state;
	struct contain_error err;

	TAKES(signum, contain_options_set_signal(options, 0, &err), 0);
	TAKES(signum, contain_options_set_signal(options, SIGKILL, &err),
	    SIGKILL);
	TAKES(signum, contain_options_set_signal(options, NSIG - 1, NULL),
	    NSIG - 1);
	REFUSES(signum, contain_options_set_signal(options, -1, &err),
	    "signal", "-1");
	assert_int_equal(contain_options_set_signal(options, NSIG, &err),
	    CONTAIN_E_USAGE);
	assert_int_equal(options->signum, NSIG - 1);
}

static int
on_ready(const struct contain_effect *effect, void *arg)
{
	(void)effect;
	(void)arg;
	return 0;
}

static void
ready(void **state)
{
	struct contain_options *options = *state;
	int arg;

	TAKES(ready, contain_options_set_ready(options, on_ready, &arg, NULL),
	    on_ready);
	assert_ptr_equal(options->ready_arg, &arg);
	TAKES(ready, contain_options_set_ready(options, NULL, NULL, NULL),
	    NULL);
}

static void
mask(void **state)
{
	struct contain_options *options = *state;
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	TAKES(has_mask, contain_options_set_mask(options, &set, NULL), 1);
	sigemptyset(&set);	/* a copy was taken */
	assert_int_equal(sigismember(&options->mask, SIGUSR1), 1);
	assert_int_equal(sigismember(&options->mask, SIGUSR2), 0);
	TAKES(has_mask, contain_options_set_mask(options, NULL, NULL), 0);
}

#define with_options(test)						\
	cmocka_unit_test_setup_teardown(test, new_options, free_options)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		with_options(defaults),
		with_options(backend),
		with_options(require),
		with_options(forward),
		with_options(pgrp),
		with_options(proc),
		with_options(host),
		with_options(stops),
		with_options(timeout_ms),
		with_options(kill_after_ms),
		with_options(linger_ms),
		with_options(grace_ms),
		with_options(minus_one),
		with_options(signal_number),
		with_options(ready),
		with_options(mask),
	};

	return cmocka_run_group_tests(tests, unit_setup, NULL) != 0;
}
