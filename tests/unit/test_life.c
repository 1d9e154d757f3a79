/* test_life.c: the table of steps, driven with a backend that only notes */
#include "config.h"

#include <sys/wait.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "command.h"
#include "life.h"
#include "unit.h"

/* ---- a backend that notes what it is asked for ---------------------- */

static int signals_sent[8];
static size_t signal_count;
static int somebody_left;

static void
note_signal(int signum)
{
	if (signal_count < 8)
		signals_sent[signal_count++] = signum;
}

static void
note_hang_up(struct ctn_attempt *attempt)
{
	(void)attempt;
	note_signal(SIGHUP);
	note_signal(SIGCONT);
}

static void
note_kill(struct ctn_attempt *attempt)
{
	(void)attempt;
	note_signal(SIGKILL);
}

static int
see_children(struct ctn_attempt *attempt, size_t looked_at,
    ctn_member_fn *visit, void *arg)
{
	siginfo_t info;

	(void)attempt;
	(void)looked_at;
	if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0)
		visit(NULL, arg);
	return 0;
}

static int
answer_left(struct ctn_attempt *attempt)
{
	(void)attempt;
	return somebody_left;
}

static struct ctn_backend backend = {
	.id = CONTAIN_BACKEND_PTY,
	.guarantee = CONTAIN_GUARANTEE_SIGHUP,
	.grace_ms = 0,
	.hang_up = note_hang_up,
	.kill_all = note_kill,
	.visit = see_children,
	.anybody_left = answer_left,
};

/* ---- one step, in a process that plays the warden ------------------- */

/* What is told of a step that returns. */
struct after {
	enum ctn_life_state state;
	int has_deadline;
	int64_t left_ms;
	unsigned flags;
	int stopped_by;
	int command_lives;
	int signals[8];
	size_t signal_count;
	uint64_t leftovers;
};

struct outcome {
	int has_returned;		/* then "after" is filled in */
	struct after after;
	int status;			/* of the warden, at its end */
	struct ctn_message message;	/* its last; type 0: none */
};

/* How the warden's process is set up; 0 is right for most. */
struct scene {
	enum ctn_life_state state;
	int has_command;		/* a child that waits for a signal */
	int64_t linger_ms, grace_ms, kill_after_ms, timeout_ms;
	int64_t last_resort_ms;
	int signum;
	enum contain_stops stops;
	const char *argv0;		/* to be executed by RELEASED */
	void (*play)(struct ctn_life *life);
};

static struct ctn_life *life;
static struct contain_options options;
static struct ctn_attempt attempt;
static struct ctn_command command;

/* The command's signals come here: it only tells which, on its exit. */
static void
exit_with(int signum)
{
	_exit(signum);
}

static pid_t
fork_command(void)
{
	int ready[2];
	char byte;
	pid_t pid;

	if (pipe(ready) == -1)
		_exit(99);
	pid = fork();
	if (pid == 0) {
		setpgid(0, 0);
		signal(SIGTERM, exit_with);
		signal(SIGHUP, exit_with);
		signal(SIGUSR1, exit_with);
		if (write(ready[1], "r", 1) == 1)
			for (;;)
				pause();
		_exit(98);
	}
	if (pid == -1 || read(ready[0], &byte, 1) != 1)
		_exit(97);
	close(ready[0]);
	close(ready[1]);
	return pid;
}

static void
set_scene(const struct scene *scene, const struct ctn_leash *warden_end,
    int report)
{
	static char *argv[2];

	memset(&options, 0, sizeof(options));
	options.linger_ms = scene->linger_ms;
	options.grace_ms = scene->grace_ms;
	options.kill_after_ms = scene->kill_after_ms;
	options.timeout_ms = scene->timeout_ms;
	options.signum = scene->signum;
	options.stops = scene->stops;
	memset(&attempt, 0, sizeof(attempt));
	attempt.backend = &backend;
	attempt.options = &options;
	attempt.warden_end = *warden_end;
	attempt.last_resort_ms = scene->last_resort_ms;
	attempt.terminal = attempt.slave_fd = -1;
	sigprocmask(SIG_SETMASK, NULL, &attempt.caller_mask);
	if (scene->argv0 != NULL) {
		argv[0] = (char *)scene->argv0;
		if (ctn_command_prepare(&command, argv, NULL, "b", "g") == -1)
			_exit(96);
		attempt.command = &command;
	}
	life = calloc(1, sizeof(*life));
	if (life == NULL)
		_exit(95);
	life->attempt = &attempt;
	life->state = scene->state;
	life->deadline_ms = CTN_NEVER;
	life->hangup_watch = -1;
	/* survives the closing of all other descriptors */
	life->host_watch = report;
	life->status = 7 << 8;
	life->ended = 3;
	if (scene->has_command)
		life->command = fork_command();
}

static void
tell_after(int report)
{
	struct after after;

	memset(&after, 0, sizeof(after));
	after.state = life->state;
	after.has_deadline = life->deadline_ms != CTN_NEVER;
	after.left_ms = ctn_clock_left_ms(life->deadline_ms);
	after.flags = life->flags;
	after.stopped_by = life->stopped_by;
	after.command_lives = life->command != 0;
	after.signal_count = signal_count;
	memcpy(after.signals, signals_sent, sizeof(signals_sent));
	after.leftovers = life->leftovers.total;
	if (write(report, &after, sizeof(after)) != sizeof(after))
		_exit(94);
}

static _Noreturn void
be_warden(const struct scene *scene, const struct ctn_leash *warden_end,
    int report)
{
	setpgid(0, 0);
	alarm(20);	/* none of this waits for anything but signals */
	signal_count = 0;
	set_scene(scene, warden_end, report);
	scene->play(life);
	tell_after(report);
	if (life->command > 0)
		kill(life->command, SIGKILL);
	_exit(77);
}

/* Play the scene in a process of its own. */
static void
play(const struct scene *scene, struct outcome *outcome)
{
	struct ctn_leash host, warden;
	int fds[2];
	pid_t pid;

	memset(outcome, 0, sizeof(*outcome));
	assert_int_equal(ctn_leash_open(&host, &warden), 0);
	assert_int_equal(pipe(fds), 0);
	pid = fork();
	assert_true(pid != -1);
	if (pid == 0) {
		close(fds[0]);
		close(host.fd);
		be_warden(scene, &warden, fds[1]);
	}
	close(fds[1]);
	close(warden.fd);
	outcome->has_returned = read(fds[0], &outcome->after,
	    sizeof(outcome->after)) == sizeof(outcome->after);
	assert_int_equal(waitpid(pid, &outcome->status, 0), pid);
	while (ctn_leash_receive(&host, &outcome->message) == 1)
		continue;
	close(fds[0]);
	close(host.fd);
}

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

	play(&scene, &outcome);
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
	play(&copy, outcome);
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
	backend.grace_ms = 10000;
	one_event(&scene, CTN_COMMAND_ENDED, &outcome);
	backend.grace_ms = 0;
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
	play(&scene, &outcome);
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
	play(&scene, &outcome);
	assert_int_equal(outcome.has_returned, 1);
	assert_int_equal(outcome.after.state, CTN_RUNNING);
	assert_int_equal(outcome.after.stopped_by, SIGSTOP);
	assert_int_equal(outcome.message.type, 0);	/* nobody asked */
	scene.stops = CONTAIN_STOPS_REPORTED;
	play(&scene, &outcome);
	assert_int_equal(outcome.message.type, CTN_STOPPED);
	assert_int_equal(outcome.message.number, SIGSTOP);
	scene.play = stop_and_continue;
	play(&scene, &outcome);
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
	play(&scene, &outcome);
	assert_int_equal(outcome.has_returned, 1);
	assert_int_equal(outcome.after.stopped_by, 0);
	assert_int_equal(outcome.after.state, CTN_ENDING);
}

/* Who is left is the test's own. */
static void
stop_and_kill(struct ctn_life *of)
{
	somebody_left = 1;
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
	play(&scene, &outcome);
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
	somebody_left = 1;
	end_command(of);
}

static void
left_a_child(struct ctn_life *of)
{
	pid_t stranger = fork_command();

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
	play(&scene, &outcome);
	assert_int_equal(outcome.has_returned, 0);
	assert_int_equal(outcome.message.type, CTN_DONE);
	assert_int_equal(outcome.message.number, SIGTERM << 8);
	scene.play = left_somewhere;
	play(&scene, &outcome);
	assert_int_equal(outcome.has_returned, 1);
	assert_int_equal(outcome.after.state, CTN_KILLING);
	assert_int_equal(outcome.after.command_lives, 0);
	scene.play = left_a_child;
	play(&scene, &outcome);
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
	play(&scene, &outcome);
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
	play(&scene, &outcome);
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
