/* test_wait.c: the end of a group, its deadlines, stops and leftovers */
#include "config.h"

#include <sys/wait.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "unit.h"

static struct contain_options *options;
static struct contain_error err;
static struct contain_result result;
static struct unit_talk talk;

static int
begin(void **state)
{
	(void)state;
	memset(&result, 'x', sizeof(result));
	options = contain_options_new();
	unit_talk_open(&talk);
	return options == NULL;
}

static int
finish(void **state)
{
	(void)state;
	contain_options_free(options);
	unit_talk_close(&talk);
	unit_talk_begin();		/* a test that was skipped did not */
	return unit_no_child() ? 0 : -1;
}

/* ---- waiting ------------------------------------------------------- */

static void
deadlines(void **state)
{
	struct contain_group *group;
	int64_t from;

	(void)state;
	NEED_PIDNS();
	group = unit_spawn(options, "read x <&8; exit 5", &talk);
	assert_int_equal(contain_wait(group, 0, &result, &err),
	    CONTAIN_E_TIMEOUT);
	assert_int_equal(err.code, CONTAIN_E_TIMEOUT);
	from = ctn_clock_now_ms();
	assert_int_equal(contain_wait(group, 60, NULL, NULL),
	    CONTAIN_E_TIMEOUT);
	assert_true(ctn_clock_now_ms() - from >= 60);
	assert_true(ctn_clock_now_ms() - from < UNIT_PATIENCE_MS);
	unit_say(&talk, "");
	assert_int_equal(contain_wait(group, -1, &result, &err), CONTAIN_OK);
	assert_int_equal(result.status, 5 << 8);
	assert_int_equal(result.flags, 0);
	assert_int_equal(result.leftovers, 0);
	assert_int_equal(result.listed, 0);
	assert_in_range(result.elapsed_ms, 60, UNIT_PATIENCE_MS);
	contain_free(group);
}

/* A deadline beyond what poll can count is no deadline now. */
static void
far_deadline(void **state)
{
	struct contain_group *group;

	(void)state;
	NEED_PIDNS();
	group = unit_spawn(options, "exit 5", &talk);
	assert_int_equal(contain_wait(group, INT64_MAX, &result, NULL),
	    CONTAIN_OK);
	contain_free(group);
	group = unit_spawn(options, "exit 5", NULL);
	assert_int_equal(contain_wait(group, (int64_t)INT32_MAX * 4, &result,
	    NULL), CONTAIN_OK);
	contain_free(group);
}

static void
the_same_again(void **state)
{
	struct contain_group *group;
	struct contain_result again;

	(void)state;
	NEED_PIDNS();
	group = unit_spawn(options, "(read x <&8) & exit 5", &talk);
	unit_finish(group, &result);
	memset(&again, 'y', sizeof(again));
	assert_int_equal(contain_wait(group, 0, &again, NULL), CONTAIN_OK);
	assert_int_equal(again.status, 5 << 8);
	assert_int_equal(again.elapsed_ms, result.elapsed_ms);
	assert_int_equal(again.leftovers, 1);
	assert_ptr_equal(again.leftover, result.leftover);
	assert_int_equal(contain_wait(group, -1, NULL, NULL), CONTAIN_OK);
	contain_free(group);
}

/* The descriptor is readable when there is news, and not before. */
static void
pollable(void **state)
{
	struct contain_group *group;
	struct pollfd fd;

	(void)state;
	NEED_PIDNS();
	group = unit_spawn(options, "read x <&8; exit 5", &talk);
	fd.fd = contain_fd(group);
	fd.events = POLLIN;
	assert_int_equal(poll(&fd, 1, 0), 0);
	unit_say(&talk, "");
	while (contain_wait(group, 0, &result, NULL) == CONTAIN_E_TIMEOUT)
		assert_int_equal(poll(&fd, 1, UNIT_PATIENCE_MS), 1);
	assert_int_equal(result.status, 5 << 8);
	contain_free(group);
}

static void
killed_by_signal(void **state)
{
	struct contain_group *group;

	(void)state;
	NEED_PIDNS();
	group = unit_spawn(options, "kill -USR1 $$", &talk);
	unit_finish(group, &result);
	assert_true(WIFSIGNALED(result.status));
	assert_int_equal(WTERMSIG(result.status), SIGUSR1);
	contain_free(group);
}

/* What its members used counts, also those that nobody in it waited for. */
static void
usage(void **state)
{
	struct contain_group *group;

	(void)state;
	NEED_PIDNS();
	group = unit_spawn(options, "i=0; while [ $i -lt 200000 ]; do "
	    "i=$((i+1)); done", &talk);
	unit_finish(group, &result);
	assert_true(result.usage.ru_utime.tv_sec > 0 ||
	    result.usage.ru_utime.tv_usec > 1000);
	assert_true(result.usage.ru_maxrss > 0);
	contain_free(group);
}

static void
warden_killed(void **state)
{
	struct contain_group *group;

	(void)state;
	NEED_PIDNS();
	group = unit_spawn(options, "echo up >&9; exec sleep 900", &talk);
	assert_string_equal(unit_hear(&talk), "up");
	assert_int_equal(kill(contain_effect(group)->warden, SIGKILL), 0);
	unit_finish(group, &result);
	assert_int_equal(result.flags, CONTAIN_F_WARDEN_DIED);
	assert_true(unit_is_silent(&talk));
	assert_int_equal(contain_signal(group, SIGTERM, &err),
	    CONTAIN_E_STATE);
	contain_free(group);
}

/* ---- asked to end -------------------------------------------------- */

static void
end_by_signal(void **state)
{
	struct contain_group *group;

	(void)state;
	NEED_PIDNS();
	group = unit_spawn(options, "echo up >&9; exec sleep 900", &talk);
	assert_string_equal(unit_hear(&talk), "up");
	assert_int_equal(contain_end(group, SIGTERM, &err), CONTAIN_OK);
	unit_finish(group, &result);
	assert_int_equal(WTERMSIG(result.status), SIGTERM);
	assert_int_equal(result.flags, CONTAIN_F_ASKED);
	assert_int_equal(contain_end(group, SIGTERM, &err), CONTAIN_E_STATE);
	contain_free(group);
}

#define STUBBORN "trap '' TERM; echo up >&9; while :; do sleep 900; done"

static void
end_twice(void **state)
{
	struct contain_group *group;

	(void)state;
	NEED_PIDNS();
	contain_options_set_kill_after_ms(options, 0, NULL);
	group = unit_spawn(options, STUBBORN, &talk);
	assert_string_equal(unit_hear(&talk), "up");
	assert_int_equal(contain_end(group, SIGTERM, &err), CONTAIN_OK);
	assert_int_equal(contain_wait(group, 50, &result, &err),
	    CONTAIN_E_TIMEOUT);
	assert_int_equal(contain_end(group, SIGTERM, &err), CONTAIN_OK);
	unit_finish(group, &result);
	assert_int_equal(WTERMSIG(result.status), SIGKILL);
	assert_int_equal(result.flags, CONTAIN_F_ASKED | CONTAIN_F_FORCED);
	assert_true(unit_is_silent(&talk));
	contain_free(group);
}

static void
kill_after(void **state)
{
	struct contain_group *group;
	int64_t from;

	(void)state;
	NEED_PIDNS();
	contain_options_set_kill_after_ms(options, 80, NULL);
	group = unit_spawn(options, STUBBORN, &talk);
	assert_string_equal(unit_hear(&talk), "up");
	from = ctn_clock_now_ms();
	assert_int_equal(contain_end(group, SIGTERM, &err), CONTAIN_OK);
	unit_finish(group, &result);
	assert_true(ctn_clock_now_ms() - from >= 80);
	assert_int_equal(WTERMSIG(result.status), SIGKILL);
	assert_int_equal(result.flags, CONTAIN_F_ASKED | CONTAIN_F_FORCED);
	contain_free(group);
}

/* No signal: only the time to end. */
static void
end_without_signal(void **state)
{
	struct contain_group *group;

	(void)state;
	NEED_PIDNS();
	group = unit_spawn(options, "trap 'exit 3' TERM; read x <&8; exit 5",
	    &talk);
	assert_int_equal(contain_end(group, 0, &err), CONTAIN_OK);
	unit_say(&talk, "");
	unit_finish(group, &result);
	assert_int_equal(result.status, 5 << 8);
	assert_int_equal(result.flags, CONTAIN_F_ASKED);
	contain_free(group);
}

static void
end_while_stopped(void **state)
{
	struct contain_group *group;

	(void)state;
	NEED_PIDNS();
	contain_options_set_stops(options, CONTAIN_STOPS_REPORTED, NULL);
	group = unit_spawn(options, "kill -STOP $$", &talk);
	assert_int_equal(contain_wait(group, -1, &result, NULL),
	    CONTAIN_STOPPED);
	assert_int_equal(contain_end(group, SIGTERM, &err), CONTAIN_OK);
	unit_finish(group, &result);
	assert_int_equal(WTERMSIG(result.status), SIGTERM);
	contain_free(group);
}

static void
time_out(void **state)
{
	struct contain_group *group;

	(void)state;
	NEED_PIDNS();
	contain_options_set_timeout_ms(options, 60, NULL);
	contain_options_set_signal(options, SIGUSR1, NULL);
	group = unit_spawn(options, "exec sleep 900", &talk);
	unit_finish(group, &result);
	assert_int_equal(WTERMSIG(result.status), SIGUSR1);
	assert_int_equal(result.flags, CONTAIN_F_TIMED_OUT);
	assert_true(result.elapsed_ms >= 60);
	contain_free(group);
}

static void
time_out_without_signal(void **state)
{
	struct contain_group *group;

	(void)state;
	NEED_PIDNS();
	contain_options_set_timeout_ms(options, 30, NULL);
	contain_options_set_kill_after_ms(options, 30, NULL);
	contain_options_set_signal(options, 0, NULL);
	group = unit_spawn(options, "exec sleep 900", &talk);
	unit_finish(group, &result);
	assert_int_equal(WTERMSIG(result.status), SIGKILL);
	assert_int_equal(result.flags,
	    CONTAIN_F_TIMED_OUT | CONTAIN_F_FORCED);
	assert_true(result.elapsed_ms >= 60);
	contain_free(group);
}

/* ---- stops --------------------------------------------------------- */

/* What waitpid says of a child that this signal really stopped. */
static int
real_stop_status(int signum)
{
	int status = 0, fds[2];
	char byte;
	pid_t pid;

	assert_int_equal(pipe(fds), 0);
	pid = fork();
	if (pid == 0) {
		setpgid(0, 0);
		if (write(fds[1], "r", 1) == 1)
			for (;;)
				pause();
		_exit(1);
	}
	assert_int_equal(read(fds[0], &byte, 1), 1);
	close(fds[0]);
	close(fds[1]);
	kill(pid, signum);
	assert_int_equal(waitpid(pid, &status, WUNTRACED), pid);
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	return status;
}

/* src/wait.c makes up a status from a signal's number. */
static void
stop_status(void **state)
{
	static const int signals[] = { SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU };
	struct contain_group *group;
	size_t i;
	int real;

	(void)state;
	NEED_PIDNS();
	contain_options_set_stops(options, CONTAIN_STOPS_REPORTED, NULL);
	group = unit_spawn(options, "echo up >&9; exec sleep 900", &talk);
	assert_string_equal(unit_hear(&talk), "up");
	for (i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		real = real_stop_status(signals[i]);
		assert_int_equal(contain_signal(group, signals[i], NULL), 0);
		assert_int_equal(contain_wait(group, UNIT_PATIENCE_MS,
		    &result, &err), CONTAIN_STOPPED);
		assert_int_equal(result.status, real);
		assert_true(WIFSTOPPED(result.status));
		assert_int_equal(WSTOPSIG(result.status), signals[i]);
		assert_false(WIFEXITED(result.status));
		assert_false(WIFSIGNALED(result.status));
		/* once each */
		assert_int_equal(contain_wait(group, 0, NULL, NULL),
		    CONTAIN_E_TIMEOUT);
		assert_int_equal(contain_is_stopped(group, &err), 1);
		assert_int_equal(contain_signal(group, SIGCONT, NULL), 0);
		while (contain_is_stopped(group, &err) == 1)
			continue;
	}
	assert_int_equal(contain_signal(group, SIGKILL, NULL), CONTAIN_OK);
	unit_finish(group, &result);
	assert_int_equal(contain_is_stopped(group, &err), 0);
	contain_free(group);
}

/* A stop that nobody wants to hear of is no news. */
static void
stop_unseen(void **state)
{
	struct contain_group *group;

	(void)state;
	NEED_PIDNS();
	group = unit_spawn(options, "kill -STOP $$; exit 5", &talk);
	while (contain_is_stopped(group, &err) == 0)
		continue;
	assert_int_equal(contain_wait(group, 0, &result, NULL),
	    CONTAIN_E_TIMEOUT);
	assert_int_equal(contain_signal(group, SIGCONT, NULL), CONTAIN_OK);
	unit_finish(group, &result);
	assert_int_equal(result.status, 5 << 8);
	contain_free(group);
}

/* The answer to is_stopped does not lose the end that came before it. */
static void
is_stopped_at_the_end(void **state)
{
	struct contain_group *group;

	(void)state;
	NEED_PIDNS();
	group = unit_spawn(options, "exit 5", &talk);
	unit_await_silence(&talk);
	assert_int_equal(contain_is_stopped(group, &err), 0);
	unit_finish(group, &result);
	assert_int_equal(result.status, 5 << 8);
	assert_int_equal(contain_is_stopped(group, &err), 0);
	contain_free(group);
}

/* ---- leftovers ----------------------------------------------------- */

static int
has_fresh_proc(const struct contain_group *group)
{
	return strstr(contain_effect(group)->mechanism, "fresh /proc") != NULL;
}

static void
leftovers(void **state)
{
	struct contain_group *group;
	const struct contain_leftover *leftover;

	(void)state;
	NEED_PIDNS();
	group = unit_spawn(options, "(read x <&8) & exit 5", &talk);
	unit_finish(group, &result);
	assert_int_equal(result.status, 5 << 8);
	assert_int_equal(result.flags, 0);
	assert_int_equal(result.leftovers, 1);
	assert_int_equal(result.listed, 1);
	leftover = &result.leftover[0];
	assert_string_equal(leftover->name, "sh");
	assert_int_equal(leftover->took, SIGKILL);
	assert_int_equal(result.ended, 1);
	if (has_fresh_proc(group)) {
		assert_int_equal(leftover->pid, 3);
		assert_int_equal(leftover->parent, 1);
	}
	assert_true(unit_is_silent(&talk));
	contain_free(group);
}

/* In sessions of their own, their parents dead: they are found. */
static void
leftovers_that_hide(void **state)
{
	struct contain_group *group;

	(void)state;
	NEED_PIDNS();
	group = unit_spawn(options, "(setsid sh -c '(echo up >&9; read x <&8) "
	    "& read x <&8' & read x <&8) & read x <&8; exit 5", &talk);
	assert_string_equal(unit_hear(&talk), "up");
	assert_int_equal(contain_signal(group, SIGKILL, NULL), CONTAIN_OK);
	unit_finish(group, &result);
	/* the command's group got the signal, of which the other one in it may
	 * not have died yet; the other session did not */
	assert_int_equal(WTERMSIG(result.status), SIGKILL);
	assert_in_range(result.leftovers, 2, 3);
	assert_int_equal(result.leftover[0].took, SIGKILL);
	assert_int_equal(result.leftover[1].took, SIGKILL);
	assert_true(unit_is_silent(&talk));
	contain_free(group);
}

static void
more_than_listed(void **state)
{
	struct contain_group *group;
	size_t i;

	(void)state;
	NEED_PIDNS();
	group = unit_spawn(options, "i=0; while [ $i -lt 70 ]; do "
	    "(read x <&8) & i=$((i+1)); done; exit 5", &talk);
	unit_finish(group, &result);
	assert_int_equal(result.leftovers, 70);
	assert_int_equal(result.listed, 64);
	assert_int_equal(result.ended, 70);
	for (i = 0; i < result.listed; i++) {
		assert_string_equal(result.leftover[i].name, "sh");
		assert_int_equal(result.leftover[i].took, SIGKILL);
		assert_true(result.leftover[i].pid > 1);
	}
	assert_true(unit_is_silent(&talk));
	contain_free(group);
}

/* A leftover that tells when the warden has reaped the command. */
#define TELLS "(while kill -0 $$ 2>/dev/null; do :; done; echo gone >&9; "

static void
linger(void **state)
{
	struct contain_group *group;

	(void)state;
	NEED_PIDNS();
	contain_options_set_linger_ms(options, UNIT_PATIENCE_MS, NULL);
	group = unit_spawn(options, TELLS "read x <&8) & exit 5", &talk);
	assert_string_equal(unit_hear(&talk), "gone");
	/* one answer later the warden has made its list */
	assert_int_equal(contain_is_stopped(group, &err), 0);
	unit_say(&talk, "");
	unit_finish(group, &result);
	assert_int_equal(result.status, 5 << 8);
	assert_int_equal(result.leftovers, 1);
	assert_int_equal(result.leftover[0].took, 0);
	assert_int_equal(result.ended, 0);
	assert_true(result.elapsed_ms < UNIT_PATIENCE_MS);
	contain_free(group);
}

static void
linger_is_over(void **state)
{
	struct contain_group *group;

	(void)state;
	NEED_PIDNS();
	contain_options_set_linger_ms(options, 60, NULL);
	group = unit_spawn(options, "(read x <&8) & exit 5", &talk);
	unit_finish(group, &result);
	assert_int_equal(result.leftovers, 1);
	assert_int_equal(result.ended, 1);
	assert_int_equal(result.leftover[0].took, SIGKILL);
	assert_true(result.elapsed_ms >= 60);
	contain_free(group);
}

static void
linger_is_cut_short(void **state)
{
	struct contain_group *group;

	(void)state;
	NEED_PIDNS();
	contain_options_set_linger_ms(options, UNIT_PATIENCE_MS, NULL);
	group = unit_spawn(options, TELLS "read x <&8) & exit 5", &talk);
	assert_string_equal(unit_hear(&talk), "gone");
	assert_int_equal(contain_is_stopped(group, &err), 0);
	assert_int_equal(contain_end(group, SIGTERM, &err), CONTAIN_OK);
	unit_finish(group, &result);
	assert_int_equal(result.status, 5 << 8);
	assert_int_equal(result.leftover[0].took, SIGKILL);
	assert_true(result.elapsed_ms < UNIT_PATIENCE_MS);
	contain_free(group);
}

/* SIGHUP is enough for one, and not for the other. */
static void
grace(void **state)
{
	struct contain_group *group;
	size_t i, hung_up = 0, killed = 0;

	(void)state;
	NEED_PIDNS();
	contain_options_set_grace_ms(options, 200, NULL);
	/* only the command reads 8, so the line is for it */
	group = unit_spawn(options, "(trap '' HUP; echo up >&9; exec sleep "
	    "900 8<&-) & (echo up >&9; exec sleep 900 8<&-) & read x <&8; "
	    "exit 5", &talk);
	assert_string_equal(unit_hear(&talk), "up");
	assert_string_equal(unit_hear(&talk), "up");
	unit_say(&talk, "");
	unit_finish(group, &result);
	assert_int_equal(result.status, 5 << 8);
	assert_int_equal(result.leftovers, 2);
	for (i = 0; i < result.listed; i++) {
		hung_up += result.leftover[i].took == SIGHUP;
		killed += result.leftover[i].took == SIGKILL;
	}
	assert_int_equal(hung_up, 1);
	assert_int_equal(killed, 1);
	assert_true(result.elapsed_ms >= 200);
	contain_free(group);
}

/* With time enough, who goes at SIGHUP is waited for no longer; SIGCONT wakes
 * a stopped one for it. */
static void
grace_is_not_used_up(void **state)
{
	struct contain_group *group;

	(void)state;
	NEED_PIDNS();
	contain_options_set_grace_ms(options, UNIT_PATIENCE_MS, NULL);
	group = unit_spawn(options, "setsid sh -c 'echo up >&9; "
	    "kill -STOP $$' 8<&- & read x <&8; exit 5", &talk);
	assert_string_equal(unit_hear(&talk), "up");
	unit_say(&talk, "");
	unit_finish(group, &result);
	assert_int_equal(result.status, 5 << 8);
	assert_int_equal(result.leftovers, 1);
	assert_int_equal(result.leftover[0].took, SIGHUP);
	assert_true(result.elapsed_ms < UNIT_PATIENCE_MS);
	assert_true(unit_is_silent(&talk));
	contain_free(group);
}

#ifdef __linux__
/* News that come, and news that are there; as the kernel tells it. */
static void
notified(void **state)
{
	const struct timespec patience = { UNIT_PATIENCE_MS / 1000, 0 };
	const struct timespec now = { 0, 0 };
	struct contain_group *group;
	struct pollfd news;
	sigset_t set, before;
	siginfo_t info;

	(void)state;
	NEED_PIDNS();
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, &before);
	group = unit_spawn(options, "read x <&8; exit 5", &talk);
	contain_notify(group, SIGUSR1);
	assert_int_equal(sigpending(&set), 0);
	assert_int_equal(sigismember(&set, SIGUSR1), 0);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	unit_say(&talk, "");
	assert_int_equal(sigtimedwait(&set, &info, &patience), SIGUSR1);
	assert_true(info.si_code > 0);
	contain_notify(group, 0);
	news.fd = contain_fd(group);
	news.events = 0;	/* the warden's exit is the last */
	assert_int_equal(poll(&news, 1, UNIT_PATIENCE_MS), 1);
	while (sigtimedwait(&set, &info, &now) != -1)
		continue;
	contain_notify(group, SIGUSR1);
	assert_int_equal(sigtimedwait(&set, &info, &patience), SIGUSR1);
	assert_true(info.si_code > 0);
	contain_notify(group, 0);
	unit_finish(group, &result);
	contain_free(group);
	sigprocmask(SIG_SETMASK, &before, NULL);
}
#endif

#define fresh(test) cmocka_unit_test_setup_teardown(test, begin, finish)

static int
run(void)
{
	const struct CMUnitTest tests[] = {
		fresh(deadlines),
		fresh(far_deadline),
		fresh(the_same_again),
		fresh(pollable),
#ifdef __linux__
		fresh(notified),
#endif
		fresh(killed_by_signal),
		fresh(usage),
		fresh(warden_killed),
		fresh(end_by_signal),
		fresh(end_twice),
		fresh(kill_after),
		fresh(end_without_signal),
		fresh(end_while_stopped),
		fresh(time_out),
		fresh(time_out_without_signal),
		fresh(stop_status),
		fresh(stop_unseen),
		fresh(is_stopped_at_the_end),
		fresh(leftovers),
		fresh(leftovers_that_hide),
		fresh(more_than_listed),
		fresh(linger),
		fresh(linger_is_over),
		fresh(linger_is_cut_short),
		fresh(grace),
		fresh(grace_is_not_used_up),
	};

	return cmocka_run_group_tests(tests, unit_setup, NULL) != 0;
}

int
main(void)
{
	return unit_isolated(run);
}
