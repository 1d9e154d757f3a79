/* test_failing.c: whatever fails in the library, at whichever use of it: no
 * crash, no hang, a code and a message, nothing left behind */
#include "config.h"

#include <sys/ioctl.h>
#include <sys/resource.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "failing.h"
#include "unit.h"

/* Of our own in this PID namespace: its first, the runner, a test's child. */
#define OURS 3

/* The longest that anything takes here that is not a hang. */
#define SOON_MS 10000

static struct contain_error err;
static unsigned number;		/* of the use that fails */

static void
holds(long long value, long long wanted, const char *what, int line)
{
	const char *failed = failing_last();
	char text[200];

	snprintf(text, sizeof(text), "%s, when use %u (%s) fails,", what,
	    number, failed != NULL ? failed : "none");
	unit_check_int(value, wanted, __FILE__, line, text);
}
#define HOLDS(value, wanted)						\
	holds((long long)(value), (long long)(wanted), #value, __LINE__)

/* It worked, or says why not. */
static int
told(int code, int line)
{
	if (code >= 0)
		return code;
	holds(err.code, code, "err.code", line);
	holds(err.message[0] != '\0', 1, "a message", line);
	holds(err.step[0] != '\0', 1, "a step", line);
	return code;
}
#define TRY(call)	(memset(&err, 0, sizeof(err)), told(call, __LINE__))

/* ---- what a host does -------------------------------------------------------- */

static enum contain_backend backend;

static int
set_all(struct contain_options *options)
{
	char listen_pid[40];
	char *const env[] = { (char *)"PATH=/nowhere:/usr/bin:/bin",
		listen_pid, NULL };
	struct rlimit limit = { 64, 64 };

	snprintf(listen_pid, sizeof(listen_pid), "LISTEN_PID=%ld",
	    (long)getpid());
	return TRY(contain_options_set_backend(options, backend, &err)) < 0 ||
	    TRY(contain_options_set_environment(options, env, &err)) < 0 ||
	    TRY(contain_options_set_path(options, "sh", &err)) < 0 ||
	    TRY(contain_options_set_directory(options, "/", &err)) < 0 ||
	    TRY(contain_options_set_stdio(options, 0, CONTAIN_STDIO_PIPE,
	    &err)) < 0 ||
	    TRY(contain_options_set_stdio(options, 1, CONTAIN_STDIO_NULL,
	    &err)) < 0 ||
	    TRY(contain_options_set_stdio(options, 2, CONTAIN_STDIO_STDOUT,
	    &err)) < 0 ||
	    TRY(contain_options_set_fd(options, 3, 0, &err)) < 0 ||
	    TRY(contain_options_set_descriptors(options,
	    CONTAIN_DESCRIPTORS_LISTED, &err)) < 0 ||
	    TRY(contain_options_set_limit(options, RLIMIT_NOFILE, &limit,
	    &err)) < 0 ||
	    TRY(contain_options_set_details(options, CONTAIN_DETAILS_COMMAND,
	    &err)) < 0 ||
	    /* what the warden could not pass on may leave it stopped */
	    TRY(contain_options_set_timeout_ms(options, 400, &err)) < 0 ||
	    TRY(contain_options_set_kill_after_ms(options, 100, &err)) < 0 ||
	    TRY(contain_options_set_grace_ms(options, 0, &err)) < 0;
}

static struct contain_options *
new_options(void)
{
	struct contain_options *options = contain_options_new();

	if (options == NULL || !set_all(options))
		return options;
	contain_options_free(options);
	return NULL;
}

static struct contain_group *
start(const char *script)
{
	char *argv[] = { (char *)"sh", (char *)"-c", (char *)script, NULL };
	struct contain_options *options = new_options();
	struct contain_group *group = NULL;

	if (options == NULL)
		return NULL;
	if (TRY(contain_spawn(options, argv, &group, &err)) < 0)
		HOLDS(group == NULL, 1);
	contain_options_free(options);
	return group;
}

/* It ends with this status, or its time is up, or what failed has cost the
 * warden its life. */
static void
finish(struct contain_group *group, int status)
{
	struct contain_result result;
	int code;

	do
		code = TRY(contain_wait(group, SOON_MS, &result, &err));
	while (code == CONTAIN_LAST_OUTPUT);
	HOLDS(code, CONTAIN_OK);
	if ((result.flags &
	    (CONTAIN_F_WARDEN_DIED | CONTAIN_F_TIMED_OUT)) == 0)
		HOLDS(result.status, status);
	HOLDS(result.listed <= result.leftovers, 1);
	HOLDS(TRY(contain_members(group, NULL, 0, &err)), 0);
	contain_free(group);
}

static void
spawn(void)
{
	struct contain_group *group = start("read x; exit 3");
	struct contain_member members[4];
	int fd;

	if (group == NULL)
		return;
	TRY(contain_signal(group, 0, &err));
	TRY(contain_members(group, members, 4, &err));
	TRY(contain_stop(group, &err));
	TRY(contain_is_stopped(group, &err));
	if (TRY(contain_continue(group, &err)) < 0) {
		contain_free(group);
		return;
	}
	fd = TRY(contain_take_stdio(group, 0, &err));
	if (fd >= 0)
		close(fd);
	finish(group, 3 << 8);
}

static void
leave_some(void)
{
	struct contain_group *group = start("sleep 60 & sleep 60 & exit 4");

	if (group != NULL)
		finish(group, 4 << 8);
}

static void
give_up(void)
{
	contain_free(start("sleep 60 & read x"));
}

static void
ask_to_end(void)
{
	struct contain_group *group = start("read x");

	if (group == NULL)
		return;
	if (TRY(contain_end(group, SIGTERM, &err)) < 0)
		contain_free(group);
	else
		finish(group, SIGTERM);
}

static void
lose_warden(void)
{
	struct contain_group *group = start("sleep 60 & read x");

	if (group == NULL)
		return;
	kill(contain_effect(group)->warden, SIGKILL);
	finish(group, SIGKILL);
}

static void
copy_host(void)
{
	struct contain_options *options = new_options();
	struct contain_group *group = NULL;
	pid_t pid;

	if (options == NULL)
		return;
	memset(&err, 0, sizeof(err));
	pid = contain_fork(options, &group, &err);
	if (pid == 0)
		_exit(5);
	told((int)pid, __LINE__);
	HOLDS(group != NULL, pid > 0);
	if (group != NULL)
		finish(group, 5 << 8);
	contain_options_free(options);
}

static void
find_none(void)
{
	char *argv[] = { (char *)"no/such/file", NULL };
	struct contain_options *options = contain_options_new();
	struct contain_group *group = NULL;

	if (options == NULL)
		return;
	TRY(contain_options_set_backend(options, backend, &err));
	HOLDS(TRY(contain_spawn(options, argv, &group, &err)) < 0, 1);
	HOLDS(group == NULL, 1);
	contain_options_free(options);
}

static void
probe(void)
{
	struct contain_verdict verdicts[CONTAIN_VERDICTS_MAX];
	int i, count;

	count = TRY(contain_probe(NULL, verdicts, CONTAIN_VERDICTS_MAX, &err));
	for (i = 0; i < count; i++)
		HOLDS(verdicts[i].usable || verdicts[i].reason[0] != '\0', 1);
	TRY(contain_sweep(CONTAIN_SWEEP_LOOK, 0, NULL, NULL, &err));
}

static int
always(const struct contain_effect *effect, void *arg)
{
	(void)arg;
	HOLDS(effect->backend, backend);
	return 0;
}

/* A host in the foreground of its terminal, which serves the group. */
static void
serve_terminal(void)
{
	char *argv[] = { (char *)"sh", (char *)"-c", (char *)"exit 6", NULL };
	struct contain_terminal terminal = { STDIN_FILENO, 7u,
		CONTAIN_FOREGROUND };
	struct contain_options *options = contain_options_new();
	struct contain_group *group = NULL;

	if (options == NULL)
		return;
	TRY(contain_options_set_backend(options, backend, &err));
	TRY(contain_options_set_pgrp(options, CONTAIN_PGRP_AUTO, &err));
	TRY(contain_options_set_terminal(options, &terminal, &err));
	TRY(contain_options_set_ready(options, always, NULL, &err));
	if (TRY(contain_spawn(options, argv, &group, &err)) == CONTAIN_OK) {
		TRY(contain_resize(group, &err));
		TRY(contain_set_ground(group, CONTAIN_FOREGROUND, &err));
		TRY(contain_set_ground(group, CONTAIN_BACKGROUND, &err));
		finish(group, 6 << 8);
	}
	contain_options_free(options);
}

/* ---- each use in turn -------------------------------------------------------- */

static int
is_living(const char *pid)
{
	char path[300], state = 'Z';
	FILE *stat;

	snprintf(path, sizeof(path), "/proc/%s/stat", pid);
	stat = fopen(path, "re");
	if (stat == NULL)
		return 0;
	if (fscanf(stat, "%*s (%*[^)]) %c", &state) != 1)
		state = 'Z';
	fclose(stat);
	return state != 'Z' && state != 'X';
}

/* Who lives in this PID namespace. */
static int
count_processes(void)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;
	int count = 0;

	CHECK(proc != NULL);
	while ((entry = readdir(proc)) != NULL)
		if (strtol(entry->d_name, NULL, 10) > 0)
			count += is_living(entry->d_name);
	closedir(proc);
	return count;
}

struct play {
	void (*host)(void);
	enum contain_backend backend;
	enum failing_what what;
	enum failing_how how;
};

/* Until the use that is to fail is not reached any more. */
static void
fail_each(void *arg)
{
	const struct play *play = arg;
	const char *failed;
	long blocks;
	int fds;

	backend = play->backend;
	number = 1;
	do {
		fds = unit_count_fds();
		blocks = failing_blocks();
		failing_arm(play->what, play->how, number);
		play->host();
		failed = failing_disarm();
		HOLDS(unit_count_fds(), fds);
		HOLDS(failing_blocks(), blocks);
		HOLDS(unit_no_child(), 1);
		HOLDS(count_processes(), OURS);
		number++;
	} while (failed != NULL);
	/* the linker has put the wrappers in: something has failed */
	HOLDS(number > 4, 1);
}

/* With a terminal of its own, whose other end nobody reads or closes. */
static void
fail_each_on_terminal(void *arg)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY), slave;

	CHECK(master != -1 && grantpt(master) == 0 && unlockpt(master) == 0);
	CHECK(setsid() != -1 || errno == EPERM);
	slave = open(ptsname(master), O_RDWR);
	CHECK(slave != -1 && dup2(slave, 0) == 0);
	ioctl(0, TIOCSCTTY, 0);
	close(slave);
	fail_each(arg);
}

/* A process table that pty cannot read it looks at again, for seconds: these
 * only with CONTAIN_LONG=1. */
static int
is_too_long(const struct play *play)
{
	return getenv("CONTAIN_LONG") == NULL &&
	    play->backend == CONTAIN_BACKEND_PTY &&
	    play->what != FAILING_MEMORY &&
	    (play->host == spawn || play->host == leave_some ||
	    play->host == give_up || play->host == lose_warden ||
	    play->host == find_none);
}

static void
play_all(void **state, void (*body)(void *), void (*host)(void))
{
	static const struct play ways[] = {
		{ .what = FAILING_MEMORY, .how = FAILING_ONCE },
		{ .what = FAILING_MEMORY, .how = FAILING_FROM_THEN_ON },
		{ .what = FAILING_HOST, .how = FAILING_ONCE },
		{ .what = FAILING_OTHERS, .how = FAILING_ONCE },
	};
	struct play play;
	size_t i;

	for (i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		play = ways[i];
		play.host = host;
		play.backend = *(enum contain_backend *)*state;
		if (!unit_is_usable(play.backend))
			SKIP_BECAUSE("this backend is not usable here");
		if (is_too_long(&play) ||
		    (host == probe && play.what == FAILING_MEMORY))
			continue;
		unit_child(body, &play);
	}
}

#define PLAY(name, body)						\
	static void							\
	test_##name(void **state)					\
	{								\
		play_all(state, body, name);				\
	}

PLAY(spawn, fail_each)
PLAY(leave_some, fail_each)
PLAY(give_up, fail_each)
PLAY(ask_to_end, fail_each)
PLAY(lose_warden, fail_each)
PLAY(copy_host, fail_each)
PLAY(find_none, fail_each)
PLAY(probe, fail_each)
PLAY(serve_terminal, fail_each_on_terminal)

/* When a test's child has crashed or hangs: in what. */
static int
say_last(void **state)
{
	(void)state;
	if (failing_last() != NULL)
		print_message("# the last to fail was %s\n", failing_last());
	return 0;
}

static int
run(void)
{
	static enum contain_backend pidns = CONTAIN_BACKEND_PIDNS,
	    pty = CONTAIN_BACKEND_PTY;
#define BOTH(name)							\
	{ "pidns: " #name, test_##name, NULL, say_last, &pidns },	\
	{ "pty: " #name, test_##name, NULL, say_last, &pty }
	const struct CMUnitTest tests[] = {
		BOTH(spawn),
		BOTH(leave_some),
		BOTH(give_up),
		BOTH(ask_to_end),
		BOTH(lose_warden),
		BOTH(copy_host),
		BOTH(find_none),
		BOTH(probe),
		BOTH(serve_terminal),
	};

	if (failing_open() == -1)
		return 1;
	if (getenv("CONTAIN_LONG") != NULL)	/* than unit_setup's alarm */
		return cmocka_run_group_tests(tests, NULL, NULL) != 0;
	return cmocka_run_group_tests(tests, unit_setup, NULL) != 0;
}

int
main(void)
{
	return unit_isolated(run);
}
