/* test_start.c: a program is started, and something else is seen meanwhile */
#include "config.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "os/start.h"
#include "unit.h"

/* What the started process does. */
static int
execute(int *own, void *arg)
{
	char *argv[] = { arg, NULL };

	(void)own;
	execv(argv[0], argv);
	return errno;
}

static int
stand_still(int *own, void *arg)
{
	(void)own;
	(void)arg;
	kill(getpid(), SIGSTOP);
	return EINVAL;
}

static int
be_killed(int *own, void *arg)
{
	(void)own;
	(void)arg;
	return kill(getpid(), SIGKILL);
}

static int
end_status(pid_t pid)
{
	int status = -1;

	assert_true(pid > 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static void
executed(void **state)
{
	struct pollfd watch = { -1, POLLIN, 0 };
	int failure = -1, before = unit_count_fds();
	char path[] = "/bin/false";

	(void)state;
	assert_int_equal(end_status(ctn_start_watching(execute, path, &watch,
	    1, &failure)), 1 << 8);
	assert_int_equal(failure, 0);
	assert_int_equal(end_status(ctn_start_watching(execute, path, NULL, 0,
	    &failure)), 1 << 8);
	assert_int_equal(failure, 0);
	assert_int_equal(unit_count_fds(), before);
}

static void
not_executed(void **state)
{
	struct pollfd watch = { -1, POLLIN, 0 };
	int failure = 0, before = unit_count_fds();
	char path[] = "/nonexistent";

	(void)state;
	assert_int_equal(end_status(ctn_start_watching(execute, path, &watch,
	    1, &failure)), 127 << 8);
	assert_int_equal(failure, ENOENT);
	assert_int_equal(unit_count_fds(), before);
}

/* Its end is no failure to execute: its status tells. */
static void
killed_before(void **state)
{
	int failure = -1;

	(void)state;
	assert_int_equal(end_status(ctn_start_watching(be_killed, NULL, NULL,
	    0, &failure)), SIGKILL);
	assert_int_equal(failure, 0);
}

/* Each of what is watched is, and whatever it tells. */
static void
given_up(void **state)
{
	struct pollfd watch[CTN_START_WATCH_MAX];
	int failure, fds[2];
	size_t i, j;

	(void)state;
	for (i = 0; i < CTN_START_WATCH_MAX; i++) {
		failure = -1;
		assert_int_equal(pipe(fds), 0);
		close(fds[1]);
		for (j = 0; j < CTN_START_WATCH_MAX; j++)
			watch[j] = (struct pollfd){ -1, 0, 0 };
		watch[i].fd = fds[0];	/* POLLHUP is not asked for */
		assert_int_equal(end_status(ctn_start_watching(stand_still,
		    NULL, watch, CTN_START_WATCH_MAX, &failure)), SIGKILL);
		assert_int_equal(failure, 0);
		close(fds[0]);
	}
}

static int
run(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(executed),
		cmocka_unit_test(not_executed),
		cmocka_unit_test(killed_before),
		cmocka_unit_test(given_up),
	};

	return cmocka_run_group_tests(tests, unit_setup, NULL) != 0;
}

int
main(void)
{
	return unit_isolated(run);
}
