/* test_group.c: talking to a group that runs, and letting go of it */
#include "config.h"

#include <sys/wait.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "group.h"
#include "unit.h"

static struct contain_options *options;
static struct contain_error err;
static struct contain_result result;
static struct unit_talk talk;

static int
begin(void **state)
{
	(void)state;
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

/* ---- signals ------------------------------------------------------- */

static void
signal_is_delivered(void **state)
{
	struct contain_group *group;

	(void)state;
	NEED_PIDNS();
	group = unit_spawn(options, "trap 'echo usr1 >&9' USR1; "
	    "trap 'echo usr2 >&9; exit 4' USR2; echo up >&9; "
	    "while :; do read x <&8; done", &talk);
	assert_string_equal(unit_hear(&talk), "up");
	assert_int_equal(contain_signal(group, SIGUSR1, &err), CONTAIN_OK);
	assert_string_equal(unit_hear(&talk), "usr1");
	assert_int_equal(contain_signal(group, 0, &err), CONTAIN_OK);
	assert_int_equal(contain_signal(group, SIGUSR2, &err), CONTAIN_OK);
	assert_string_equal(unit_hear(&talk), "usr2");
	unit_finish(group, &result);
	assert_int_equal(result.status, 4 << 8);
	assert_int_equal(result.flags, 0);
	contain_free(group);
}

static int
forward(struct contain_group *group, int signum, struct contain_error *error)
{
	return contain_forward(group, signum, CONTAIN_FROM_PROCESS, error);
}

static void
signal_is_refused(void **state)
{
	struct contain_group *group;
	int (*const calls[])(struct contain_group *, int,
	    struct contain_error *) = { contain_signal, forward,
		contain_end };
	size_t i;

	(void)state;
	NEED_PIDNS();
	group = unit_spawn(options, "read x <&8; exit 5", &talk);
	for (i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		assert_int_equal(calls[i](group, -1, &err), CONTAIN_E_USAGE);
		assert_string_equal(err.message, "signal: -1 is not valid");
		assert_int_equal(calls[i](group, NSIG, &err),
		    CONTAIN_E_USAGE);
		assert_int_equal(calls[i](group, INT32_MAX, NULL),
		    CONTAIN_E_USAGE);
	}
	unit_say(&talk, "");
	unit_finish(group, &result);
	assert_int_equal(result.status, 5 << 8);
	assert_int_equal(result.flags, 0);
	for (i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		assert_int_equal(calls[i](group, SIGTERM, &err),
		    CONTAIN_E_STATE);
		assert_string_equal(err.message, "the group has ended");
	}
	contain_free(group);
}

/* With the /proc of another PID namespace the members of a shared process group
 * have no pids that mean anything to the warden: the command alone. */
static void
signal_without_proc(void **state)
{
	struct contain_group *group;

	(void)state;
	NEED_PIDNS();
	contain_options_set_proc(options, CONTAIN_PROC_KEEP, &err);
	contain_options_set_pgrp(options, CONTAIN_PGRP_SHARED, &err);
	group = unit_spawn(options, "trap 'echo usr1 >&9; exit 4' USR1; "
	    "echo up >&9; while :; do read x <&8; done", &talk);
	assert_string_equal(unit_hear(&talk), "up");
	assert_int_equal(contain_signal(group, SIGUSR1, &err), CONTAIN_OK);
	assert_string_equal(unit_hear(&talk), "usr1");
	unit_finish(group, &result);
	assert_int_equal(result.status, 4 << 8);
	contain_free(group);
}

/* What this version does not know, or what does not belong here, is ignored. */
static void
strange_messages(void **state)
{
	struct contain_group *group;
	struct ctn_message message;
	unsigned i;

	(void)state;
	group = unit_spawn(options, "read x <&8; exit 5", &talk);
	memset(&message, 0, sizeof(message));
	message.type = 999;
	assert_int_equal(ctn_leash_send(&group->attempt.host_end, &message,
	    CTN_LEASH_PATIENT), 0);
	ctn_group_hear(group, &message);
	message.type = CTN_GO;
	assert_int_equal(ctn_leash_send(&group->attempt.host_end, &message,
	    CTN_LEASH_PATIENT), 0);
	message.type = CTN_LEFTOVER_COMMAND;
	for (message.number = -1; message.number <= 1; message.number++)
		ctn_group_hear(group, &message);
	assert_null(group->leftover);
	message.type = CTN_LEFTOVER;
	for (i = 0; i < CTN_LEFTOVERS_MAX + 3; i++)
		ctn_group_hear(group, &message);
	unit_say(&talk, "");
	unit_finish(group, &result);
	assert_int_equal(result.status, 5 << 8);
	assert_int_equal(result.listed, CTN_LEFTOVERS_MAX);
	contain_free(group);
}

/* It has ended, but contain_wait has not said so yet. */
static void
signal_after_the_end(void **state)
{
	struct contain_group *group;
	struct pollfd fd;

	(void)state;
	NEED_PIDNS();
	group = unit_spawn(options, "exit 5", &talk);
	fd.fd = contain_fd(group);
	fd.events = 0;
	assert_int_equal(poll(&fd, 1, UNIT_PATIENCE_MS), 1);
	assert_true(fd.revents & POLLHUP);
	assert_int_equal(contain_signal(group, SIGTERM, &err),
	    CONTAIN_E_STATE);
	unit_finish(group, &result);
	assert_int_equal(result.status, 5 << 8);
	contain_free(group);
}

#define MEMBER "(trap 'echo member >&9; exit' USR1; echo up >&9; "	\
	"while :; do read x <&8; done) & "				\
	"trap 'echo command >&9; wait; exit 5' USR1; "			\
	"trap 'kill -KILL 0' USR2; echo up >&9; while :; do wait; done"

static void
whom_signals_reach(void **state)
{
	struct contain_group *group;
	char first[100];

	(void)state;
	NEED_PIDNS();
	group = unit_spawn(options, MEMBER, &talk);
	assert_string_equal(unit_hear(&talk), "up");
	assert_string_equal(unit_hear(&talk), "up");
	assert_int_equal(contain_signal(group, SIGUSR1, &err), CONTAIN_OK);
	snprintf(first, sizeof(first), "%s", unit_hear(&talk));
	assert_true(strcmp(first, "member") == 0 ||
	    strcmp(first, "command") == 0);
	assert_string_not_equal(unit_hear(&talk), first);
	unit_finish(group, &result);
	assert_int_equal(result.status, 5 << 8);
	contain_free(group);
	unit_talk_close(&talk);

	unit_talk_open(&talk);
	contain_options_set_forward(options, CONTAIN_FORWARD_COMMAND, NULL);
	group = unit_spawn(options, MEMBER, &talk);
	assert_string_equal(unit_hear(&talk), "up");
	assert_string_equal(unit_hear(&talk), "up");
	assert_int_equal(contain_signal(group, SIGUSR1, &err), CONTAIN_OK);
	assert_string_equal(unit_hear(&talk), "command");
	/* the member is alive: the command waits for it */
	assert_int_equal(contain_wait(group, 30, NULL, NULL),
	    CONTAIN_E_TIMEOUT);
	contain_free(group);
}

/* ---- a host in the command's process group -------------------------- */

static void
ignore_it(int signum)
{
	(void)signum;
}

/* Sent to the whole group: passed on to nobody.  Sent to the host alone:
 * passed on. */
static void
share_group(void *arg)
{
	struct contain_group *group;

	(void)arg;
	signal(SIGUSR1, ignore_it);
	unit_talk_open(&talk);
	options = contain_options_new();
	contain_options_set_pgrp(options, CONTAIN_PGRP_SHARED, NULL);
	group = unit_spawn(options, "trap 'echo usr1 >&9' USR1; "
	    "trap 'echo usr2 >&9' USR2; echo up >&9; "
	    "while :; do read x <&8; done", &talk);
	CHECK_STR(unit_hear(&talk), "up");
	CHECK_INT(kill(0, SIGUSR1), 0);
	CHECK_STR(unit_hear(&talk), "usr1");
	CHECK_INT(contain_forward(group, SIGUSR1,
	    CONTAIN_FROM_PROCESS, NULL), CONTAIN_OK);
	/* the lower number would be handled first */
	CHECK_INT(contain_signal(group, SIGUSR2, NULL), CONTAIN_OK);
	CHECK_STR(unit_hear(&talk), "usr2");
	CHECK_INT(contain_forward(group, SIGUSR1,
	    CONTAIN_FROM_PROCESS, NULL), CONTAIN_OK);
	CHECK_STR(unit_hear(&talk), "usr1");
	contain_free(group);
	contain_options_free(options);
}

static void
forwarded_once(void **state)
{
	(void)state;
	NEED_PIDNS();
	unit_child(share_group, NULL);
}

/* ---- descriptors --------------------------------------------------- */

/* What is kept, and the group still works. */
static void
drop_all_but(void *arg)
{
	struct contain_group *group;
	int keep[4] = { 900, -1, 8, 900 };

	(void)arg;
	unit_talk_open(&talk);
	group = unit_spawn(NULL, "read x <&8; exit 5", NULL);
	CHECK_INT(dup2(talk.to, 8), 8);
	CHECK_INT(contain_drop_descriptors(group, keep, 4, &err),
	    CONTAIN_OK);
	/* 900, 8 and the group's own: its leash and the watch, if any */
	CHECK(unit_count_fds() == 3 || unit_count_fds() == 4);
	CHECK_INT(fcntl(0, F_GETFD), -1);
	CHECK_INT(fcntl(talk.from, F_GETFD), -1);
	CHECK_INT(write(8, "\n", 1), 1);
	unit_finish(group, &result);
	CHECK_INT(result.status, 5 << 8);
	contain_free(group);
	CHECK_INT(unit_count_fds(), 2);
}

/* None to keep: only the group's own stay. */
static void
drop_everything(void *arg)
{
	struct contain_group *group;
	int fd;

	(void)arg;
	group = unit_spawn(NULL, "exec sleep 900", NULL);
	fd = fcntl(900, F_DUPFD_CLOEXEC, 1000);
	CHECK(fd != -1);
	CHECK_INT(contain_drop_descriptors(group, &fd, 1, NULL), CONTAIN_OK);
	CHECK_INT(dup2(fd, 900), 900);
	CHECK_INT(contain_end(group, SIGTERM, NULL), CONTAIN_OK);
	unit_finish(group, &result);
	CHECK_INT(WTERMSIG(result.status), SIGTERM);
	contain_free(group);
}

static void
drop_too_many(void *arg)
{
	struct contain_group *group;
	int many[64], i;

	(void)arg;
	group = unit_spawn(NULL, "exec sleep 900", NULL);
	for (i = 0; i < 64; i++)
		many[i] = 900;
	CHECK_INT(contain_drop_descriptors(group, many, 63, &err),
	    CONTAIN_E_USAGE);
	CHECK(fcntl(0, F_GETFD) != -1);
	/* as many as contain.h promises */
	CHECK_INT(contain_drop_descriptors(group, many, 48, &err),
	    CONTAIN_OK);
	CHECK_INT(fcntl(0, F_GETFD), -1);
	contain_free(group);
}

static void
drop_descriptors(void **state)
{
	(void)state;
	NEED_PIDNS();
	unit_child(drop_all_but, NULL);
	unit_child(drop_everything, NULL);
	unit_child(drop_too_many, NULL);
}

/* ---- letting go ---------------------------------------------------- */

/* Whoever holds 9 is dead when contain_free returns. */
static void
free_while_running(void **state)
{
	struct contain_group *group;

	(void)state;
	NEED_PIDNS();
	group = unit_spawn(options, "trap '' HUP TERM; "
	    "(setsid sh -c 'trap \"\" HUP; echo up >&9; read x <&8') & "
	    "(kill -STOP $(exec sh -c 'echo $PPID')) & "
	    "read x <&8", &talk);
	assert_string_equal(unit_hear(&talk), "up");
	contain_free(group);
	assert_true(unit_is_silent(&talk));
	contain_free(NULL);
}

static void
free_without_wait(void **state)
{
	struct contain_group *group;

	(void)state;
	NEED_PIDNS();
	group = unit_spawn(options, "exit 0", &talk);
	unit_await_silence(&talk);
	contain_free(group);
}

static void
free_stopped_warden(void **state)
{
	struct contain_group *group;

	(void)state;
	NEED_PIDNS();
	group = unit_spawn(options, "echo up >&9; exec sleep 900", &talk);
	assert_string_equal(unit_hear(&talk), "up");
	assert_int_equal(kill(contain_effect(group)->warden, SIGSTOP), 0);
	contain_free(group);
	assert_true(unit_is_silent(&talk));
}

/* ---- the host dies ------------------------------------------------- */

static pid_t
fork_host(enum contain_host kind)
{
	pid_t pid = fork();

	if (pid == 0) {
		setpgid(0, 0);
		contain_options_set_host(options, kind, NULL);
		unit_spawn(options, "trap '' HUP TERM; echo up >&9; "
		    "while :; do sleep 900; done", &talk);
		for (;;)
			pause();
	}
	assert_true(pid > 0);
	unit_talk_begin();
	assert_string_equal(unit_hear(&talk), "up");
	return pid;
}

static void
host_killed(void **state)
{
	pid_t host;

	(void)state;
	NEED_PIDNS();
	host = fork_host(CONTAIN_HOST_ANY);
	assert_int_equal(kill(host, SIGKILL), 0);
	assert_int_equal(waitpid(host, NULL, 0), host);
	unit_await_silence(&talk);
	unit_talk_close(&talk);

	unit_talk_open(&talk);
	host = fork_host(CONTAIN_HOST_ONE_THREAD);
	assert_int_equal(kill(host, SIGKILL), 0);
	assert_int_equal(waitpid(host, NULL, 0), host);
	unit_await_silence(&talk);
}

#define fresh(test) cmocka_unit_test_setup_teardown(test, begin, finish)

static int
run(void)
{
	const struct CMUnitTest tests[] = {
		fresh(signal_is_delivered),
		fresh(signal_is_refused),
		fresh(signal_after_the_end),
		fresh(signal_without_proc),
		fresh(strange_messages),
		fresh(whom_signals_reach),
		cmocka_unit_test(forwarded_once),
		cmocka_unit_test(drop_descriptors),
		fresh(free_while_running),
		fresh(free_without_wait),
		fresh(free_stopped_warden),
		fresh(host_killed),
	};

	return cmocka_run_group_tests(tests, unit_setup, NULL) != 0;
}

int
main(void)
{
	return unit_isolated(run);
}
