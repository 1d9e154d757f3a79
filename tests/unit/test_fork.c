/* test_fork.c: contain_fork: a child that is all that fork's is, contained */
#include "config.h"

#include <sys/resource.h>
#include <sys/wait.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "unit.h"

static struct contain_error err;
static struct contain_verdict verdict;

/* Each test is run with each backend, named by its first state. */
static int
new_options(void **state)
{
	enum contain_backend *backend = *state;
	struct contain_options *options = contain_options_new();

	if (options == NULL)
		return -1;
	contain_options_set_backend(options, *backend, NULL);
	*state = options;
	return 0;
}

static int
free_options(void **state)
{
	contain_options_free(*state);
	return 0;
}

/* The child works and exits with what work says. */
static struct contain_group *
fork_group(const struct contain_options *options, int (*work)(void *arg),
    void *arg)
{
	struct contain_group *group = NULL;
	pid_t pid;

	pid = contain_fork(options, &group, &err);
	if (pid == 0)
		_exit(group == NULL ? work(arg) : 99);
	if (pid < 0)
		print_error("%s\n", err.message);
	CHECK(pid > 0);
	CHECK_INT(contain_pid(group), pid);
	return group;
}

static int
status_of(const struct contain_options *options, int (*work)(void *arg),
    void *arg)
{
	struct contain_group *group = fork_group(options, work, arg);
	struct contain_result result;

	unit_finish(group, &result);
	contain_free(group);
	return result.status;
}

/* ---- what the child has ---------------------------------------------------- */

static volatile sig_atomic_t caught;

static void
catch(int signum)
{
	caught = signum;
}

/* Handlers, ignored signals and mask are the caller's. */
static int
looks_at_signals(void *arg)
{
	struct sigaction action;
	sigset_t mask;

	(void)arg;
	raise(SIGUSR1);
	if (caught != SIGUSR1)
		return 1;
	if (sigaction(SIGCHLD, NULL, &action) != 0 ||
	    action.sa_handler != SIG_DFL)
		return 2;
	if (sigaction(SIGUSR2, NULL, &action) != 0 ||
	    action.sa_handler != SIG_IGN)
		return 3;
	pthread_sigmask(SIG_SETMASK, NULL, &mask);
	if (sigismember(&mask, SIGALRM) != 1 ||
	    sigismember(&mask, SIGTERM) != 0)
		return 4;
	return 7;
}

static void
signals(void **state)
{
	sigset_t set;

	signal(SIGUSR1, catch);
	signal(SIGUSR2, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGALRM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	assert_int_equal(status_of(*state, looks_at_signals, NULL), 7 << 8);
	assert_int_equal(caught, 0);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	signal(SIGUSR1, SIG_DFL);
	signal(SIGUSR2, SIG_DFL);
}

/* As many as before, and nothing that talks to the warden. */
static int
counts_fds(void *arg)
{
	return unit_count_fds() == *(int *)arg ? 7 : unit_count_fds();
}

static void
no_descriptors(void **state)
{
	int fds = unit_count_fds();

	assert_int_equal(status_of(*state, counts_fds, &fds), 7 << 8);
	contain_options_set_stdio(*state, 0, CONTAIN_STDIO_PIPE, &err);
	contain_options_set_stdio(*state, 1, CONTAIN_STDIO_PIPE, &err);
	assert_int_equal(status_of(*state, counts_fds, &fds), 7 << 8);
}

static int
echoes(void *arg)
{
	char text[20];
	ssize_t n = read(0, text, sizeof(text));

	(void)arg;
	return n > 0 && write(9, text, (size_t)n) == n ? 7 : 1;
}

/* To every number that the library may use itself. */
static void
descriptors(void **state)
{
	struct contain_group *group;
	char text[20] = "";
	int fds[2], fd, in;

	assert_int_equal(pipe(fds), 0);
	fcntl(fds[0], F_SETFD, FD_CLOEXEC);
	contain_options_set_stdio(*state, 0, CONTAIN_STDIO_PIPE, &err);
	for (fd = 3; fd < 25; fd++)
		contain_options_set_fd(*state, fd, fds[1], &err);
	group = fork_group(*state, echoes, NULL);
	close(fds[1]);
	in = contain_take_stdio(group, 0, &err);
	assert_int_equal(write(in, "word", 4), 4);
	assert_int_equal(read(fds[0], text, sizeof(text)), 4);
	assert_string_equal(text, "word");
	/* nobody else has it */
	assert_int_equal(read(fds[0], text, sizeof(text)), 0);
	close(fds[0]);
	close(in);
	unit_finish(group, NULL);
	contain_free(group);
}

static int
looks_around(void *arg)
{
	char where[100];
	struct rlimit limit;

	(void)arg;
	if (getcwd(where, sizeof(where)) == NULL || strcmp(where, "/usr") != 0)
		return 1;
	if (getenv("CONTAIN_GROUP") == NULL || getenv("CONTAIN_GROUP")[0] < '0')
		return 2;
	if (getenv("CONTAIN_GUARANTEE") == NULL || setenv("X", "y", 1) != 0 ||
	    strcmp(getenv("X"), "y") != 0)
		return 3;
	getrlimit(RLIMIT_NOFILE, &limit);
	if (limit.rlim_cur != 77)
		return 4;
	return getpgrp() == getpid() ? 7 : 5;
}

static void
outfit(void **state)
{
	struct rlimit limit = { 77, 77 };

	contain_options_set_directory(*state, "/usr", &err);
	contain_options_set_limit(*state, RLIMIT_NOFILE, &limit, &err);
	assert_int_equal(status_of(*state, looks_around, NULL), 7 << 8);
}

/* ---- the C library ------------------------------------------------------- */

static int before, in_parent, in_child;

static void
count_before(void)
{
	before++;
}

static void
count_in_parent(void)
{
	in_parent++;
}

static void
count_in_child(void)
{
	in_child++;
}

static void *
nothing(void *arg)
{
	return arg;
}

/* Memory, streams, recursive mutexes and threads work; fork handlers ran. */
static int
uses_library(void *arg)
{
	pthread_mutexattr_t attributes;
	pthread_mutex_t mutex;
	pthread_t thread;
	FILE *file = tmpfile();
	void *memory[100];
	size_t i;

	(void)arg;
	if (before != 1 || in_child != 1 || in_parent != 0)
		return 1;
	for (i = 0; i < 100; i++)
		memory[i] = malloc(i * 1000 + 1);
	for (i = 0; i < 100; i++)
		free(memory[i]);
	if (file == NULL || fputs("text", file) < 0 || fclose(file) != 0)
		return 2;
	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_ERRORCHECK);
	pthread_mutex_init(&mutex, &attributes);
	if (pthread_mutex_lock(&mutex) != 0 ||
	    pthread_mutex_lock(&mutex) != EDEADLK ||
	    pthread_mutex_unlock(&mutex) != 0)
		return 3;
	if (pthread_create(&thread, NULL, nothing, NULL) != 0 ||
	    pthread_join(thread, NULL) != 0)
		return 4;
	signal(SIGUSR1, catch);
	if (pthread_kill(pthread_self(), SIGUSR1) != 0 || caught != SIGUSR1)
		return 5;
	return system("exit 3") == 3 << 8 ? 7 : 6;
}

static void
library(void *arg)
{
	/* in a child, as these handlers stay */
	pthread_atfork(count_before, count_in_parent, count_in_child);
	CHECK_INT(status_of(arg, uses_library, NULL), 7 << 8);
	CHECK_INT(before + in_parent + in_child, 0);
}

static void
c_library(void **state)
{
#if defined(__SANITIZE_THREAD__)
	(void)state;
	SKIP_BECAUSE("ThreadSanitizer has a thread of its own");
#else
	unit_child(library, *state);
#endif
}

static int
aborts(void *arg)
{
	struct rlimit none = { 0, 0 };

	(void)arg;
	setrlimit(RLIMIT_CORE, &none);
	abort();
}

static void
aborted(void **state)
{
	int status = status_of(*state, aborts, NULL);

	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGABRT);
}

/* ---- a host with threads --------------------------------------------------- */

static atomic_int stop;

static void *
allocate(void *arg)
{
	while (!stop)
		free(malloc(100));
	return arg;
}

static int
executes(void *arg)
{
	(void)arg;
	execl("/bin/sh", "sh", "-c", "exit 7", (char *)NULL);
	return 1;
}

/* Another thread may hold any lock at the moment of the copy. */
static void
threads(void **state)
{
	pthread_t thread;
	int i;

	stop = 0;
	assert_int_equal(pthread_create(&thread, NULL, allocate, NULL), 0);
	for (i = 0; i < 20; i++)
		assert_int_equal(status_of(*state, executes, NULL), 7 << 8);
	stop = 1;
	pthread_join(thread, NULL);
}

/* ---- containment ----------------------------------------------------------- */

static int
leaves_some(void *arg)
{
	int up[2];
	char byte;

	(void)arg;
	if (pipe(up) == -1)
		return 1;
	if (fork() == 0) {
		setsid();
		if (fork() == 0) {
			signal(SIGHUP, SIG_IGN);
			(void)!write(9, "up\n", 3);
			close(up[1]);
			for (;;)
				pause();
		}
		_exit(0);
	}
	wait(NULL);
	close(up[1]);
	return read(up[0], &byte, 1) == 0 ? 7 : 2;
}

static void
contained(void **state)
{
	struct contain_group *group;
	struct contain_result result;
	struct unit_talk talk;

	contain_options_set_grace_ms(*state, 0, &err);
	unit_talk_open(&talk);
	group = fork_group(*state, leaves_some, NULL);
	unit_talk_begin();
	CHECK_STR(unit_hear(&talk), "up");
	unit_finish(group, &result);
	assert_int_equal(result.status, 7 << 8);
	assert_int_equal(result.leftovers, 1);
	unit_await_silence(&talk);
	unit_talk_close(&talk);
	contain_free(group);
}

static int
waits(void *arg)
{
	(void)arg;
	(void)!write(9, "up\n", 3);
	while (pause() == -1)
		continue;
	return 1;
}

/* The host is SIGKILLed: so is the copy. */
static void
host_dies(void **state)
{
	struct unit_talk talk;
	pid_t host;

	unit_talk_open(&talk);
	host = fork();
	if (host == 0) {
		close(talk.from);
		close(talk.to);
		fork_group(*state, waits, NULL);
		for (;;)
			pause();
	}
	unit_talk_begin();
	CHECK_STR(unit_hear(&talk), "up");
	kill(host, SIGKILL);
	waitpid(host, NULL, 0);
	unit_await_silence(&talk);
	unit_talk_close(&talk);
}

/* A thread that starts a group may end before it. */
struct start {
	struct contain_options *options;
	struct contain_group *group;
};

static void *
starts_one(void *arg)
{
	struct start *start = arg;
	char *argv[] = { (char *)"sh", (char *)"-c",
		(char *)"echo up >&9; read word <&8; exit 7", NULL };
	int code = contain_spawn(start->options, argv, &start->group, &err);

	return code == CONTAIN_OK ? arg : NULL;
}

static void
thread_ends(void **state)
{
	struct start start = { *state, NULL };
	struct contain_result result;
	struct unit_talk talk;
	pthread_t thread;
	void *started;

	unit_talk_open(&talk);
	assert_int_equal(pthread_create(&thread, NULL, starts_one, &start), 0);
	assert_int_equal(pthread_join(thread, &started), 0);
	assert_non_null(started);
	unit_talk_begin();
	CHECK_STR(unit_hear(&talk), "up");
	assert_int_equal(contain_wait(start.group, 100, NULL, &err),
	    CONTAIN_E_TIMEOUT);
	unit_say(&talk, "go");
	unit_finish(start.group, &result);
	assert_int_equal(result.status, 7 << 8);
	contain_free(start.group);
	unit_talk_close(&talk);
}

/* ---- who is in it, and all of them stopped ---------------------------------- */

static char
state_of(pid_t pid)
{
	char path[60], text[300] = "";
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%ld/stat", (long)pid);
	file = fopen(path, "r");
	if (file == NULL)
		return '-';
	if (fgets(text, sizeof(text), file) == NULL)
		text[0] = '\0';
	fclose(file);
	return strrchr(text, ')') != NULL ? strrchr(text, ')')[2] : '-';
}

/* All of them are, or are not, stopped before long. */
static int
await_stopped(const struct contain_member *members, int count, int stopped)
{
	int i, tries, right = 0;

	for (tries = 0; tries < 2000 && right < count; tries++) {
		for (right = 0, i = 0; i < count; i++)
			right += (state_of(members[i].pid) == 'T') == stopped;
		usleep(1000);
	}
	return right == count;
}

static void
members(void **state)
{
	struct contain_member members[10];
	struct contain_group *group;
	struct unit_talk talk;
	int i, found = 0;

	unit_talk_open(&talk);
	group = unit_spawn(*state, "setsid sh -c 'echo up >&9; read x <&8' &"
	    " wait", &talk);
	CHECK_STR(unit_hear(&talk), "up");
	assert_int_equal(contain_members(group, NULL, 0, &err), 2);
	assert_int_equal(contain_members(group, members, 1, &err), 2);
	assert_int_equal(contain_members(group, members, 10, &err), 2);
	for (i = 0; i < 2; i++) {
		CHECK_STR(members[i].name, "sh");
		CHECK(members[i].start > 0);
		found += members[i].pid == contain_pid(group) &&
		    members[i].parent == contain_effect(group)->warden;
		found += members[i].parent == contain_pid(group);
	}
	assert_int_equal(found, 2);
	assert_int_equal(contain_stop(group, &err), CONTAIN_OK);
	assert_true(await_stopped(members, 2, 1));
	assert_int_equal(contain_continue(group, &err), CONTAIN_OK);
	assert_true(await_stopped(members, 2, 0));
	unit_say(&talk, "go");
	unit_finish(group, NULL);
	assert_int_equal(contain_members(group, members, 10, &err), 0);
	assert_int_equal(contain_stop(group, &err), CONTAIN_E_STATE);
	assert_int_equal(contain_continue(group, &err), CONTAIN_E_STATE);
	contain_free(group);
	unit_talk_close(&talk);
}

static void
no_directory(void **state)
{
	struct contain_group *group = NULL;
	int fds = unit_count_fds();

	contain_options_set_directory(*state, "/nonexistent", &err);
	assert_int_equal(contain_fork(*state, &group, &err), CONTAIN_E_EXEC);
	assert_null(group);
	assert_string_equal(err.step, "chdir");
	assert_int_equal(unit_count_fds(), fds);
	assert_true(unit_no_child());
}

/* A user namespace gives its first process all privileges; the copy has those
 * that the host has, which are none. */
static int
has_no_privilege(void *arg)
{
	char line[200];
	FILE *status = fopen("/proc/self/status", "r");
	unsigned long long set = 1;

	(void)arg;
	while (status != NULL && fgets(line, sizeof(line), status) != NULL)
		if (sscanf(line, "CapPrm: %llx", &set) == 1)
			return set == 0 ? 7 : 8;
	return 9;
}

static void
fork_as_nobody(void *arg)
{
	if (geteuid() == 0) {
		CHECK_INT(setgid(65534), 0);
		CHECK_INT(setuid(65534), 0);
#ifdef __linux__
		/* its files in /proc are root's otherwise: proc(5) */
		CHECK_INT(prctl(PR_SET_DUMPABLE, 1, 0, 0, 0), 0);
#endif
	}
	if (contain_probe(arg, &verdict, 1, &err) == 1 && verdict.usable)
		CHECK_INT(status_of(arg, has_no_privilege, NULL), 7 << 8);
}

static void
as_nobody(void **state)
{
	unit_child(fork_as_nobody, *state);
}

static const struct {
	const char *name;
	CMUnitTestFunction test;
} list[] = {
#define TEST(name) { #name, name }
	TEST(signals),
	TEST(as_nobody),
	TEST(no_descriptors),
	TEST(descriptors),
	TEST(outfit),
	TEST(c_library),
	TEST(aborted),
	TEST(threads),
	TEST(contained),
	TEST(host_dies),
	TEST(thread_ends),
	TEST(members),
	TEST(no_directory),
};

#define COUNT (sizeof(list) / sizeof(list[0]))

static void
unusable(void **state)
{
	(void)state;
	SKIP_BECAUSE("this backend is not usable here");
}

static int
run(void)
{
	static enum contain_backend backends[] = { CONTAIN_BACKEND_PIDNS,
		CONTAIN_BACKEND_PTY };
	static char names[2 * COUNT][60];
	static struct CMUnitTest tests[2 * COUNT];
	size_t i, b;

	for (i = 0; i < 2 * COUNT; i++) {
		b = i / COUNT;
		snprintf(names[i], sizeof(names[i]), "%s: %s",
		    contain_backend_name(backends[b]), list[i % COUNT].name);
		tests[i].name = names[i];
		tests[i].test_func = unusable;
		if (!unit_is_usable(backends[b]))
			continue;
		tests[i].test_func = list[i % COUNT].test;
		tests[i].setup_func = new_options;
		tests[i].teardown_func = free_options;
		tests[i].initial_state = &backends[b];
	}
	return cmocka_run_group_tests(tests, unit_setup, NULL) != 0;
}

int
main(void)
{
	return unit_isolated(run);
}
