/* test_spawn.c: starting a group */
#include "config.h"

#include <sys/wait.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "unit.h"

static struct contain_error err;

static int
spawn_word(const char *word, struct contain_group **group)
{
	struct contain_options *options = contain_options_new();
	char *argv[] = { (char *)word, NULL };
	int code;

	*group = NULL;
	memset(&err, 0, sizeof(err));
	code = contain_spawn(options, argv, group, &err);
	contain_options_free(options);
	return code;
}

/* ---- what is wrong ------------------------------------------------- */

static void
bad_usage(void **state)
{
	struct contain_options *options = contain_options_new();
	char *argv[] = { NULL };
	struct contain_group *group = NULL;

	(void)state;
	assert_int_equal(contain_spawn(NULL, argv, &group, &err),
	    CONTAIN_E_USAGE);
	assert_int_equal(contain_spawn(options, argv, &group, &err),
	    CONTAIN_E_USAGE);
	assert_int_equal(contain_spawn(options, NULL, &group, NULL),
	    CONTAIN_E_USAGE);
	assert_null(group);
	contain_options_free(options);
}

/* Nothing is left behind of a command that was not executed. */
static void
not_executed(void **state)
{
	static const struct {
		const char *word;
		int errnum;
	} words[] = {
		{ "/nonexistent/command", ENOENT },
		{ "no-such-command-anywhere", ENOENT },
		{ "", ENOENT },
		{ "/", EACCES },
		{ "/dev/null", EACCES },
		{ "/dev/null/x", ENOTDIR },
	};
	struct contain_group *group;
	int fds = unit_count_fds();
	char message[300], path[4096];
	size_t i;

	(void)state;
	NEED_PIDNS();
	/* a directory of PATH that the user may not search is EACCES */
	snprintf(path, sizeof(path), "%s", getenv("PATH"));
	setenv("PATH", "/bin:/usr/bin", 1);
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		assert_int_equal(spawn_word(words[i].word, &group),
		    CONTAIN_E_EXEC);
		assert_null(group);
		assert_int_equal(err.code, CONTAIN_E_EXEC);
		assert_int_equal(err.errnum, words[i].errnum);
		assert_string_equal(err.step, "execve");
		snprintf(message, sizeof(message),
		    "cannot execute \"%s\": %s", words[i].word,
		    strerror(words[i].errnum));
		assert_string_equal(err.message, message);
		assert_int_equal(unit_count_fds(), fds);
		assert_true(unit_no_child());
	}
	setenv("PATH", path, 1);
}

/* ---- the ready callback -------------------------------------------- */

struct seen {
	int calls;
	int answer;
	int warden_lives;
	int is_pidns;
};

static int
look(const struct contain_effect *effect, void *arg)
{
	struct seen *seen = arg;

	seen->calls++;
	seen->warden_lives = kill(effect->warden, 0) == 0;
	seen->is_pidns = effect->backend == CONTAIN_BACKEND_PIDNS &&
	    effect->guarantee == CONTAIN_GUARANTEE_SIGKILL &&
	    effect->reach == CONTAIN_REACH_NAMESPACE &&
	    effect->mechanism[0] != '\0' && effect->why_not_better != NULL;
	return seen->answer;
}

static void
ready_refuses(void **state)
{
	struct contain_options *options;
	char *argv[] = { (char *)"/bin/sh", (char *)"-c", (char *)"echo x >&9",
		NULL };
	struct contain_group *group = NULL;
	struct seen seen = { 0, -3, 0, 0 };
	struct unit_talk talk;
	int fds = unit_count_fds();

	(void)state;
	NEED_PIDNS();
	options = contain_options_new();
	contain_options_set_ready(options, look, &seen, NULL);
	unit_talk_open(&talk);
	assert_int_equal(contain_spawn(options, argv, &group, &err),
	    CONTAIN_E_STATE);
	unit_talk_begin();
	assert_null(group);
	assert_string_equal(err.step, "ready");
	assert_int_equal(seen.calls, 1);
	assert_true(seen.warden_lives);
	assert_true(seen.is_pidns);
	/* it never ran, and nobody is left who could */
	assert_true(unit_is_silent(&talk));
	unit_talk_close(&talk);
	assert_int_equal(unit_count_fds(), fds);
	assert_true(unit_no_child());
	contain_options_free(options);
}

static void
ready_releases(void **state)
{
	struct contain_options *options;
	struct seen seen = { 0, 0, 0, 0 };

	(void)state;
	NEED_PIDNS();
	options = contain_options_new();
	contain_options_set_ready(options, look, &seen, NULL);
	assert_int_equal(unit_run(options, "exit 6"), 6);
	assert_int_equal(seen.calls, 1);
	contain_options_free(options);
}

/* The warden dies between "ready" and "go". */
static int
kill_warden(const struct contain_effect *effect, void *arg)
{
	(void)arg;
	return kill(effect->warden, SIGKILL);
}

static void
ready_outlives_warden(void **state)
{
	struct contain_options *options;
	char *argv[] = { (char *)"/bin/true", NULL };
	struct contain_group *group = NULL;
	int fds = unit_count_fds();

	(void)state;
	NEED_PIDNS();
	options = contain_options_new();
	contain_options_set_ready(options, kill_warden, NULL, NULL);
	assert_int_equal(contain_spawn(options, argv, &group, &err),
	    CONTAIN_E_WARDEN);
	assert_null(group);
	assert_int_equal(unit_count_fds(), fds);
	assert_true(unit_no_child());
	contain_options_free(options);
}

/* ---- what is in effect, what the command gets ----------------------- */

static void
effect(void **state)
{
	const struct contain_effect *in_effect;
	struct contain_group *group;

	(void)state;
	NEED_PIDNS();
	group = unit_spawn(NULL, "exit 0", NULL);
	in_effect = contain_effect(group);
	assert_int_equal(in_effect->backend, CONTAIN_BACKEND_PIDNS);
	assert_int_equal(in_effect->guarantee, CONTAIN_GUARANTEE_SIGKILL);
	assert_int_equal(in_effect->reach, CONTAIN_REACH_NAMESPACE);
	assert_true(in_effect->warden > 0);
	assert_int_equal(strncmp(in_effect->mechanism, "new PID namespace",
	    17), 0);
	assert_non_null(in_effect->why_not_better);
	unit_finish(group, NULL);
	contain_free(group);
}

/* CONTAIN_GROUP=HOST:WARDEN; test_fallback.c has the one with start times. */
static void
mark(void **state)
{
	struct contain_group *group;
	struct unit_talk talk;
	char wanted[100];

	(void)state;
	NEED_PIDNS();
	unit_talk_open(&talk);
	group = unit_spawn(NULL, "echo \"$CONTAIN_GROUP\" >&9; "
	    "echo $CONTAIN_BACKEND $CONTAIN_GUARANTEE >&9; read x <&8",
	    &talk);
	snprintf(wanted, sizeof(wanted), "%ld:%ld", (long)getpid(),
	    (long)contain_effect(group)->warden);
	assert_string_equal(unit_hear(&talk), wanted);
	assert_string_equal(unit_hear(&talk), "pidns SIGKILL");
	unit_say(&talk, "");
	unit_finish(group, NULL);
	contain_free(group);
	unit_talk_close(&talk);
}

static void
check_directory(void *arg)
{
	(void)arg;
	CHECK_INT(chdir("/usr"), 0);
	CHECK_INT(setenv("KEPT", "a value", 1), 0);
	CHECK_INT(unit_run(NULL, "test \"$PWD\" = /usr && "
	    "test \"$(pwd -P)\" = /usr && test \"$KEPT\" = 'a value'"), 0);
}

static void
directory_and_environment(void **state)
{
	(void)state;
	NEED_PIDNS();
	unit_child(check_directory, NULL);
}

static void
check_pgrp(void *arg)
{
	struct contain_options *options = contain_options_new();
	struct contain_group *group;
	struct unit_talk talk;
	char own[30];

	(void)arg;
	/* as seen from inside: 0 is a group of the outer namespace */
	unit_talk_open(&talk);
	group = unit_spawn(options, "read a b c d e f </proc/self/stat; "
	    "echo $e >&9; echo $$ >&9", &talk);
	if (unit_has_fresh_proc(group)) {
		snprintf(own, sizeof(own), "%s", unit_hear(&talk));
		CHECK_STR(unit_hear(&talk), own);
	}
	unit_finish(group, NULL);
	contain_free(group);
	unit_talk_close(&talk);

	contain_options_set_pgrp(options, CONTAIN_PGRP_SHARED, NULL);
	unit_talk_open(&talk);
	group = unit_spawn(options, "read a b c d e f </proc/self/stat; "
	    "echo $e >&9", &talk);
	if (unit_has_fresh_proc(group))
		CHECK_STR(unit_hear(&talk), "0");
	unit_finish(group, NULL);
	contain_free(group);
	unit_talk_close(&talk);
	contain_options_free(options);
}

static void
process_group(void **state)
{
	(void)state;
	NEED_PIDNS();
	unit_child(check_pgrp, NULL);
}

/* The set of signals that a line of /proc/self/status has in the command. */
static unsigned long long
signal_set(const struct contain_options *options, const char *line)
{
	char *argv[] = { (char *)"sed", (char *)"-n", NULL,
		(char *)"/proc/self/status", NULL };
	struct contain_group *group = NULL;
	char expression[60], text[40];
	int fds[2], saved;
	ssize_t n;

	snprintf(expression, sizeof(expression), "s/^%s:[[:space:]]*//p",
	    line);
	argv[2] = expression;
	CHECK_INT(pipe(fds), 0);
	saved = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 20);
	CHECK_INT(dup2(fds[1], STDOUT_FILENO), STDOUT_FILENO);
	CHECK_INT(contain_spawn(options, argv, &group, &err), CONTAIN_OK);
	unit_finish(group, NULL);
	contain_free(group);
	CHECK_INT(dup2(saved, STDOUT_FILENO), STDOUT_FILENO);
	close(saved);
	n = read(fds[0], text, sizeof(text) - 1);
	CHECK(n > 0);
	text[n] = '\0';
	close(fds[0]);
	close(fds[1]);
	return strtoull(text, NULL, 16);
}

#define BIT(signum) (1ULL << ((signum) - 1))

static void
check_signals(void *arg)
{
	struct contain_options *options = contain_options_new();
	unsigned long long set;
	sigset_t mask;

	(void)arg;
	sigemptyset(&mask);
	sigaddset(&mask, SIGUSR1);
	sigprocmask(SIG_SETMASK, &mask, NULL);
	signal(SIGUSR2, SIG_IGN);
	signal(SIGCHLD, SIG_DFL);
	CHECK(signal_set(options, "SigBlk") == BIT(SIGUSR1));
	set = signal_set(options, "SigIgn");
	CHECK((set & BIT(SIGUSR2)) != 0);
	CHECK((set & BIT(SIGCHLD)) == 0);
	CHECK((set & BIT(SIGTERM)) == 0);
	signal(SIGCHLD, SIG_IGN);
	CHECK((signal_set(options, "SigIgn") & BIT(SIGCHLD)) != 0);
	sigemptyset(&mask);
	sigaddset(&mask, SIGTERM);
	contain_options_set_mask(options, &mask, NULL);
	CHECK(signal_set(options, "SigBlk") == BIT(SIGTERM));
	/* and the host's own is as it was */
	sigprocmask(SIG_SETMASK, NULL, &mask);
	CHECK_INT(sigismember(&mask, SIGUSR1), 1);
	CHECK_INT(sigismember(&mask, SIGTERM), 0);
	contain_options_free(options);
}

static void
mask_and_dispositions(void **state)
{
	(void)state;
	NEED_PIDNS();
	unit_child(check_signals, NULL);
}

/* ---- several groups ------------------------------------------------ */

#define GROUPS 8

static void
several_groups(void **state)
{
	struct contain_group *groups[GROUPS];
	struct contain_result result;
	char script[30];
	int i;

	(void)state;
	NEED_PIDNS();
	for (i = 0; i < GROUPS; i++) {
		snprintf(script, sizeof(script), "exit %d", i + 1);
		groups[i] = unit_spawn(NULL, script, NULL);
	}
	for (i = GROUPS - 1; i >= 0; i--) {
		unit_finish(groups[i], &result);
		assert_int_equal(result.status, (i + 1) << 8);
	}
	for (i = 0; i < GROUPS; i++)
		contain_free(groups[i]);
	assert_true(unit_no_child());
}

/* The end of one is nothing to the others. */
static void
independent_groups(void **state)
{
	struct contain_group *one, *other;
	struct unit_talk talk;
	struct contain_result result;

	(void)state;
	NEED_PIDNS();
	unit_talk_open(&talk);
	one = unit_spawn(NULL, "read x <&8; exit 9", &talk);
	other = unit_spawn(NULL, "exec sleep 900", NULL);
	contain_free(other);
	assert_int_equal(contain_wait(one, 0, NULL, NULL), CONTAIN_E_TIMEOUT);
	unit_say(&talk, "");
	unit_finish(one, &result);
	assert_int_equal(result.status, 9 << 8);
	contain_free(one);
	unit_talk_close(&talk);
}

struct worker {
	pthread_t thread;
	int failures;
};

static void *
spawn_often(void *arg)
{
	struct worker *worker = arg;
	struct contain_options *options = contain_options_new();
	char *argv[] = { (char *)"/bin/sh", (char *)"-c", (char *)"exit 3",
		NULL };
	struct contain_result result;
	struct contain_group *group;
	int i;

	for (i = 0; i < 10; i++) {
		if (contain_spawn(options, argv, &group, NULL) != 0) {
			worker->failures++;
			continue;
		}
		if (contain_wait(group, -1, &result, NULL) != 0 ||
		    result.status != 3 << 8)
			worker->failures++;
		contain_free(group);
	}
	contain_options_free(options);
	return NULL;
}

static void
from_threads(void **state)
{
	struct worker workers[4];
	int i, fds = unit_count_fds();

	(void)state;
	NEED_PIDNS();
	for (i = 0; i < 4; i++) {
		workers[i].failures = 0;
		assert_int_equal(pthread_create(&workers[i].thread, NULL,
		    spawn_often, &workers[i]), 0);
	}
	for (i = 0; i < 4; i++) {
		assert_int_equal(pthread_join(workers[i].thread, NULL), 0);
		assert_int_equal(workers[i].failures, 0);
	}
	assert_int_equal(unit_count_fds(), fds);
	assert_true(unit_no_child());
}

static int
run(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bad_usage),
		cmocka_unit_test(not_executed),
		cmocka_unit_test(ready_refuses),
		cmocka_unit_test(ready_releases),
		cmocka_unit_test(ready_outlives_warden),
		cmocka_unit_test(effect),
		cmocka_unit_test(mark),
		cmocka_unit_test(directory_and_environment),
		cmocka_unit_test(process_group),
		cmocka_unit_test(mask_and_dispositions),
		cmocka_unit_test(several_groups),
		cmocka_unit_test(independent_groups),
		cmocka_unit_test(from_threads),
	};

	return cmocka_run_group_tests(tests, unit_setup, NULL) != 0;
}

int
main(void)
{
	return unit_isolated(run);
}
