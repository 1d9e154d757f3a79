/* scene.c: one step of a group's life, in a process that plays the warden */
#include "config.h"

#include <sys/wait.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "command.h"
#include "scene.h"
#include "unit.h"

/* ---- a backend that notes what it is asked for ---------------------- */

static int signals_sent[8];
static size_t signal_count;

int scene_somebody_left;

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
	return scene_somebody_left;
}

struct ctn_backend scene_backend = {
	.id = CONTAIN_BACKEND_PTY,
	.guarantee = CONTAIN_GUARANTEE_SIGHUP,
	.grace_ms = 0,
	.hang_up = note_hang_up,
	.kill_all = note_kill,
	.visit = see_children,
	.anybody_left = answer_left,
};

/* ---- one step, in a process that plays the warden ------------------- */

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

pid_t
scene_fork_command(void)
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
	attempt.backend = &scene_backend;
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
		life->command = scene_fork_command();
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
	after.leftovers = life->total;
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

void
scene_play(const struct scene *scene, struct outcome *outcome)
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
