/* test_life.c: the table of steps, driven with a backend that only notes */
#include "config.h"

#include <sys/wait.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "life.h"
#include "scene.h"
#include "unit.h"

/* ---- the table ----------------------------------------------------- */

#define STAYS CTN_LIFE_STATES		/* no step: nothing changes */
#define FINISHES (CTN_LIFE_STATES + 1)	/* DONE, exit 0 */
#define GIVES_UP (CTN_LIFE_STATES + 2)	/* exit 1 */
#define LEAVES (CTN_LIFE_STATES + 3)	/* exit 0, all has been said */

static enum ctn_life_event event;

static void
handle_event(struct ctn_life *of)
{
	ctn_life_handle(of, event);
}

/* With grace and linger, so that the way is seen one state at a time. */
static const struct {
	int next[CTN_LIFE_EVENTS];
} table[CTN_LIFE_STATES] = {
	[CTN_GATED].next = {
		[CTN_RELEASED] = CTN_RUNNING,
		[CTN_COMMAND_ENDED] = STAYS,
		[CTN_NOBODY_LEFT] = STAYS,
		[CTN_ASKED] = STAYS,
		[CTN_TIME_UP] = STAYS,
		[CTN_HOST_DIED] = GIVES_UP,
	},
	[CTN_RUNNING].next = {
		[CTN_RELEASED] = STAYS,
		[CTN_COMMAND_ENDED] = CTN_LINGERING,
		[CTN_NOBODY_LEFT] = FINISHES,
		[CTN_ASKED] = CTN_ENDING,
		[CTN_TIME_UP] = CTN_ENDING,
		[CTN_HOST_DIED] = CTN_HANGING_UP,
	},
	[CTN_ENDING].next = {
		[CTN_RELEASED] = STAYS,
		[CTN_COMMAND_ENDED] = CTN_HANGING_UP,
		[CTN_NOBODY_LEFT] = FINISHES,
		[CTN_ASKED] = CTN_HANGING_UP,
		[CTN_TIME_UP] = CTN_HANGING_UP,
		[CTN_HOST_DIED] = CTN_HANGING_UP,
	},
	[CTN_LINGERING].next = {
		[CTN_RELEASED] = STAYS,
		[CTN_COMMAND_ENDED] = STAYS,
		[CTN_NOBODY_LEFT] = FINISHES,
		[CTN_ASKED] = CTN_HANGING_UP,
		[CTN_TIME_UP] = CTN_HANGING_UP,
		[CTN_HOST_DIED] = CTN_HANGING_UP,
	},
	[CTN_HANGING_UP].next = {
		[CTN_RELEASED] = STAYS,
		[CTN_COMMAND_ENDED] = STAYS,
		[CTN_NOBODY_LEFT] = FINISHES,
		[CTN_ASKED] = CTN_KILLING,
		[CTN_TIME_UP] = CTN_KILLING,
		[CTN_HOST_DIED] = STAYS,
	},
	[CTN_KILLING].next = {
		[CTN_RELEASED] = STAYS,
		[CTN_COMMAND_ENDED] = STAYS,
		[CTN_NOBODY_LEFT] = FINISHES,
		[CTN_ASKED] = STAYS,
		[CTN_TIME_UP] = FINISHES,
		[CTN_HOST_DIED] = STAYS,
	},
	[CTN_REPORTED].next = {
		[CTN_RELEASED] = STAYS,
		[CTN_COMMAND_ENDED] = STAYS,
		[CTN_NOBODY_LEFT] = STAYS,
		[CTN_ASKED] = STAYS,
		[CTN_TIME_UP] = STAYS,
		[CTN_HOST_DIED] = LEAVES,
	},
};

/* What each state does to all when it is entered. */
static void
check_signals(const struct after *after, int next)
{
	if (next == CTN_HANGING_UP) {
		CHECK_INT(after->signal_count, 2);
		CHECK_INT(after->signals[0], SIGHUP);
		CHECK_INT(after->signals[1], SIGCONT);
	} else if (next == CTN_KILLING) {
		CHECK_INT(after->signal_count, 1);
		CHECK_INT(after->signals[0], SIGKILL);
	} else {
		CHECK_INT(after->signal_count, 0);
	}
}

/* Does it end, or go on in the state that it should? */
static int
fits(const struct outcome *outcome, enum ctn_life_state state, int next)
{
	if (next >= FINISHES)
		return !outcome->has_returned;
	return outcome->has_returned &&
	    outcome->after.state == (next == STAYS ? state :
	    (enum ctn_life_state)next);
}

static void
check_cell(enum ctn_life_state state, int next)
{
	struct scene scene = { .state = state, .linger_ms = 60000,
		.grace_ms = 60000, .kill_after_ms = 60000,
		.argv0 = "/bin/true", .play = handle_event };
	struct outcome outcome;

	scene_play(&scene, &outcome);
	if (!fits(&outcome, state, next))
		fail_msg("state %d, event %d", (int)state, (int)event);
	if (next >= FINISHES) {
		CHECK_INT(outcome.status, next == GIVES_UP ? 1 << 8 : 0);
		CHECK_INT(outcome.message.type, next == FINISHES ? CTN_DONE :
		    0);
		return;
	}
	check_signals(&outcome.after, next);
}

static void
each_cell(void **state)
{
	int from, next;

	(void)state;
	for (from = 0; from < CTN_LIFE_STATES; from++)
		for (event = 0; event < CTN_LIFE_EVENTS; event++) {
			next = table[from].next[event];
			check_cell((enum ctn_life_state)from, next);
		}
}

/* ---- what a step does beside --------------------------------------- */

static void
one_event(const struct scene *scene, enum ctn_life_event happens,
    struct outcome *outcome)
{
	struct scene copy = *scene;

	event = happens;
	copy.play = handle_event;
	scene_play(&copy, outcome);
}

/* 0 and "never" are no deadline; and each state has its own. */
static void
deadlines(void **state)
{
	struct scene scene = { .state = CTN_RUNNING, .linger_ms = 50000,
		.kill_after_ms = 40000, .grace_ms = 30000 };
	struct outcome outcome;

	(void)state;
	one_event(&scene, CTN_ASKED, &outcome);
	assert_in_range(outcome.after.left_ms, 30001, 40001);
	one_event(&scene, CTN_COMMAND_ENDED, &outcome);
	assert_in_range(outcome.after.left_ms, 40001, 50001);
	one_event(&scene, CTN_HOST_DIED, &outcome);
	assert_in_range(outcome.after.left_ms, 20001, 30001);
	scene.kill_after_ms = 0;
	one_event(&scene, CTN_ASKED, &outcome);
	assert_int_equal(outcome.after.state, CTN_ENDING);
	assert_int_equal(outcome.after.has_deadline, 0);
	scene.kill_after_ms = INT64_MAX;
	one_event(&scene, CTN_ASKED, &outcome);
	assert_int_equal(outcome.after.has_deadline, 0);
	scene.state = CTN_HANGING_UP;
	one_event(&scene, CTN_TIME_UP, &outcome);
	assert_int_equal(outcome.after.state, CTN_KILLING);
	assert_int_equal(outcome.after.has_deadline, 0);
	scene.last_resort_ms = 20000;
	one_event(&scene, CTN_TIME_UP, &outcome);
	assert_in_range(outcome.after.left_ms, 10001, 20001);
}

/* No grace: SIGKILL at once, no SIGHUP before. */
static void
without_grace(void **state)
{
	struct scene scene = { .state = CTN_RUNNING };
	struct outcome outcome;

	(void)state;
	one_event(&scene, CTN_COMMAND_ENDED, &outcome);
	assert_int_equal(outcome.after.state, CTN_KILLING);
	check_signals(&outcome.after, CTN_KILLING);
	one_event(&scene, CTN_HOST_DIED, &outcome);
	assert_int_equal(outcome.after.state, CTN_KILLING);
	check_signals(&outcome.after, CTN_KILLING);
}

static void
grace_of_the_backend(void **state)
{
	struct scene scene = { .state = CTN_RUNNING,
		.grace_ms = CTN_GRACE_DEFAULT };
	struct outcome outcome;

	(void)state;
	scene_backend.grace_ms = 10000;
	one_event(&scene, CTN_COMMAND_ENDED, &outcome);
	scene_backend.grace_ms = 0;
	assert_int_equal(outcome.after.state, CTN_HANGING_UP);
	assert_in_range(outcome.after.left_ms, 1, 10001);
	one_event(&scene, CTN_COMMAND_ENDED, &outcome);
	assert_int_equal(outcome.after.state, CTN_KILLING);
}

/* After a request to end, leftovers may not linger. */
static void
no_linger_when_asked(void **state)
{
	struct scene scene = { .state = CTN_ENDING, .linger_ms = 60000 };
	struct outcome outcome;

	(void)state;
	one_event(&scene, CTN_COMMAND_ENDED, &outcome);
	assert_int_equal(outcome.after.state, CTN_KILLING);
}

static void
flags(void **state)
{
	struct scene scene = { .state = CTN_RUNNING, .kill_after_ms = 60000 };
	struct outcome outcome;

	(void)state;
	/* that it was asked is noted where the request is read, in warden.c */
	one_event(&scene, CTN_ASKED, &outcome);
	assert_int_equal(outcome.after.flags, 0);
	one_event(&scene, CTN_TIME_UP, &outcome);
	assert_int_equal(outcome.after.flags, CONTAIN_F_TIMED_OUT);
	one_event(&scene, CTN_COMMAND_ENDED, &outcome);
	assert_int_equal(outcome.after.flags, 0);
	scene.state = CTN_ENDING;
	scene.has_command = 1;
	one_event(&scene, CTN_TIME_UP, &outcome);
	assert_int_equal(outcome.after.flags, CONTAIN_F_FORCED);
	one_event(&scene, CTN_ASKED, &outcome);
	assert_int_equal(outcome.after.flags, CONTAIN_F_FORCED);
	/* a grace is for leftovers: the command has had its time */
	scene.grace_ms = 60000;
	one_event(&scene, CTN_TIME_UP, &outcome);
	assert_int_equal(outcome.after.flags, CONTAIN_F_FORCED);
	assert_int_equal(outcome.after.state, CTN_HANGING_UP);
	/* only leftovers */
	scene.has_command = 0;
	scene.state = CTN_HANGING_UP;
	one_event(&scene, CTN_TIME_UP, &outcome);
	assert_int_equal(outcome.after.flags, 0);
}

static void
done_message(void **state)
{
	struct scene scene = { .state = CTN_RUNNING };
	struct outcome outcome;

	(void)state;
	one_event(&scene, CTN_NOBODY_LEFT, &outcome);
	assert_int_equal(outcome.message.type, CTN_DONE);
	assert_int_equal(outcome.message.number, 7 << 8);
	assert_int_equal(outcome.message.second, 0);
	assert_int_equal(outcome.message.third, 3);
	assert_int_equal(outcome.message.count, 0);
}

/* ---- the command itself -------------------------------------------- */

static void
time_up_then_reap(struct ctn_life *of)
{
	ctn_life_handle(of, CTN_TIME_UP);
	while (of->command != 0)
		ctn_life_reap(of);
}

/* The timeout's signal reaches the command; then it has ended. */
static void
timeout_signal(void **state)
{
	struct scene scene = { .state = CTN_RUNNING, .has_command = 1,
		.kill_after_ms = 60000, .signum = SIGUSR1,
		.play = time_up_then_reap };
	struct outcome outcome;

	(void)state;
	scene_play(&scene, &outcome);
	assert_int_equal(outcome.has_returned, 0);
	assert_int_equal(outcome.message.type, CTN_DONE);
	assert_int_equal(outcome.message.number, SIGUSR1 << 8);
	assert_int_equal(outcome.message.second, CONTAIN_F_TIMED_OUT);
}

static void
wait_for(struct ctn_life *of, int (*holds)(const struct ctn_life *of))
{
	siginfo_t info;

	while (!holds(of)) {
		memset(&info, 0, sizeof(info));
		waitid(P_ALL, 0, &info, WEXITED | WSTOPPED | WCONTINUED |
		    WNOWAIT);
		ctn_life_reap(of);
	}
}

static int
is_stopped(const struct ctn_life *of)
{
	return of->stopped_by != 0;
}

static int
goes_on(const struct ctn_life *of)
{
	return of->stopped_by == 0;
}

static void
stop_it(struct ctn_life *of)
{
	kill(of->command, SIGSTOP);
	wait_for(of, is_stopped);
}

static void
stop_and_continue(struct ctn_life *of)
{
	stop_it(of);
	kill(of->command, SIGCONT);
	wait_for(of, goes_on);
}

static void
stops(void **state)
{
	struct scene scene = { .state = CTN_RUNNING, .has_command = 1,
		.play = stop_it };
	struct outcome outcome;

	(void)state;
	scene_play(&scene, &outcome);
	assert_int_equal(outcome.has_returned, 1);
	assert_int_equal(outcome.after.state, CTN_RUNNING);
	assert_int_equal(outcome.after.stopped_by, SIGSTOP);
	assert_int_equal(outcome.message.type, 0);	/* nobody asked */
	scene.stops = CONTAIN_STOPS_REPORTED;
	scene_play(&scene, &outcome);
	assert_int_equal(outcome.message.type, CTN_STOPPED);
	assert_int_equal(outcome.message.number, SIGSTOP);
	scene.play = stop_and_continue;
	scene_play(&scene, &outcome);
	assert_int_equal(outcome.after.stopped_by, 0);
	assert_int_equal(outcome.after.state, CTN_RUNNING);
}

static void
stop_and_ask(struct ctn_life *of)
{
	stop_it(of);
	ctn_life_handle(of, CTN_ASKED);
	wait_for(of, goes_on);
}

/* A stopped command cannot end: SIGCONT follows the request. */
static void
asked_while_stopped(void **state)
{
	struct scene scene = { .state = CTN_RUNNING, .has_command = 1,
		.kill_after_ms = 60000, .play = stop_and_ask };
	struct outcome outcome;

	(void)state;
	scene_play(&scene, &outcome);
	assert_int_equal(outcome.has_returned, 1);
	assert_int_equal(outcome.after.stopped_by, 0);
	assert_int_equal(outcome.after.state, CTN_ENDING);
}

/* Who is left is the test's own. */
static void
stop_and_kill(struct ctn_life *of)
{
	scene_somebody_left = 1;
	stop_it(of);
	kill(of->command, SIGKILL);
	while (of->command != 0)
		ctn_life_reap(of);
}

/* Who has ended is not stopped. */
static void
killed_while_stopped(void **state)
{
	struct scene scene = { .state = CTN_RUNNING, .has_command = 1,
		.linger_ms = 60000, .play = stop_and_kill };
	struct outcome outcome;

	(void)state;
	scene_play(&scene, &outcome);
	assert_int_equal(outcome.has_returned, 1);
	assert_int_equal(outcome.after.state, CTN_LINGERING);
	assert_int_equal(outcome.after.stopped_by, 0);
}

static int
has_ended(const struct ctn_life *of)
{
	return of->command == 0;
}

static void
end_command(struct ctn_life *of)
{
	kill(of->command, SIGTERM);
	wait_for(of, has_ended);
}

static void
left_somewhere(struct ctn_life *of)
{
	scene_somebody_left = 1;
	end_command(of);
}

static void
left_a_child(struct ctn_life *of)
{
	pid_t stranger = scene_fork_command();

	end_command(of);
	kill(stranger, SIGKILL);
}

/* The command's end alone is not the group's. */
static void
command_ends(void **state)
{
	struct scene scene = { .state = CTN_RUNNING, .has_command = 1,
		.play = end_command };
	struct outcome outcome;

	(void)state;
	scene_play(&scene, &outcome);
	assert_int_equal(outcome.has_returned, 0);
	assert_int_equal(outcome.message.type, CTN_DONE);
	assert_int_equal(outcome.message.number, SIGTERM << 8);
	scene.play = left_somewhere;
	scene_play(&scene, &outcome);
	assert_int_equal(outcome.has_returned, 1);
	assert_int_equal(outcome.after.state, CTN_KILLING);
	assert_int_equal(outcome.after.command_lives, 0);
	scene.play = left_a_child;
	scene_play(&scene, &outcome);
	assert_int_equal(outcome.has_returned, 1);
	assert_int_equal(outcome.after.state, CTN_KILLING);
#ifdef __linux__
	assert_int_equal(outcome.after.leftovers, 1);
#endif
}

static void
reap_gated(struct ctn_life *of)
{
	ctn_life_reap(of);
}

/* Before there is a command, having no child means nothing. */
static void
nobody_yet(void **state)
{
	struct scene scene = { .state = CTN_GATED, .play = reap_gated };
	struct outcome outcome;

	(void)state;
	scene_play(&scene, &outcome);
	assert_int_equal(outcome.has_returned, 1);
	assert_int_equal(outcome.after.state, CTN_GATED);
}

/* ---- the release --------------------------------------------------- */

static void
released(void **state)
{
	struct scene scene = { .state = CTN_GATED, .timeout_ms = 30000,
		.argv0 = "/bin/true" };
	struct outcome outcome;

	(void)state;
	one_event(&scene, CTN_RELEASED, &outcome);
	assert_int_equal(outcome.has_returned, 1);
	assert_int_equal(outcome.after.state, CTN_RUNNING);
	assert_in_range(outcome.after.left_ms, 1, 30001);
	assert_int_equal(outcome.message.type, CTN_STARTED);
}

static void
not_executed(void **state)
{
	struct scene scene = { .state = CTN_GATED, .argv0 = "/nonexistent" };
	struct outcome outcome;

	(void)state;
	one_event(&scene, CTN_RELEASED, &outcome);
	assert_int_equal(outcome.has_returned, 0);
	assert_int_equal(outcome.status, 1 << 8);
	assert_int_equal(outcome.message.type, CTN_EXEC_FAILED);
	assert_int_equal(outcome.message.number, ENOENT);
}

/* The warden lets go of what it inherited and of its directory. */
static void
let_go(struct ctn_life *of)
{
	int fds[2];
	char where[64];

	if (pipe(fds) == -1)
		_exit(93);
	ctn_life_handle(of, CTN_RELEASED);
	if (unit_count_fds() != 2 || getcwd(where, sizeof(where)) == NULL ||
	    strcmp(where, "/") != 0)
		_exit(92);
}

static void
lets_go(void **state)
{
	struct scene scene = { .state = CTN_GATED, .argv0 = "/bin/true",
		.play = let_go };
	struct outcome outcome;

	(void)state;
	scene_play(&scene, &outcome);
	assert_int_equal(outcome.has_returned, 1);
}

static int
run(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_cell),
		cmocka_unit_test(deadlines),
		cmocka_unit_test(without_grace),
		cmocka_unit_test(grace_of_the_backend),
		cmocka_unit_test(no_linger_when_asked),
		cmocka_unit_test(flags),
		cmocka_unit_test(done_message),
		cmocka_unit_test(timeout_signal),
		cmocka_unit_test(stops),
		cmocka_unit_test(asked_while_stopped),
		cmocka_unit_test(killed_while_stopped),
		cmocka_unit_test(command_ends),
		cmocka_unit_test(nobody_yet),
		cmocka_unit_test(released),
		cmocka_unit_test(not_executed),
		cmocka_unit_test(lets_go),
	};

	return cmocka_run_group_tests(tests, unit_setup, NULL) != 0;
}

int
main(void)
{
	return unit_isolated(run);
}
