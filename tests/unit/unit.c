/* unit.c: what the unit tests share */
#include "config.h"

#include <sys/wait.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#ifdef __linux__
#include <linux/capability.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif

#ifdef __linux__
#include "../namespace.h"
#endif
#include "unit.h"

#undef contain_options_new

#ifndef __WALL
#define __WALL 0
#endif

/* The child's end of the pipe to its test; above whatever a test may close,
 * reopen or count. */
#define REPORT_FD 900

/* Descriptors that a command talks on. */
#define COMMAND_READS 8
#define COMMAND_WRITES 9

static int is_child;

struct contain_options *
unit_options_new(void)
{
	struct contain_options *options = contain_options_new();
	const char *warden = getenv("CONTAIN_TEST_WARDEN");

	if (warden != NULL && strcmp(warden, "program") == 0)
		contain_options_set_warden(options, CONTAIN_WARDEN_PROGRAM,
		    NULL);
	return options;
}

/* ---- checks -------------------------------------------------------- */

/* One write: a reader sees all of it or nothing. */
static void
report(const char *line)
{
	if (write(REPORT_FD, line, strlen(line)) == -1)
		_exit(2);
}

static void
fail_here(const char *file, int line, const char *what)
{
	char text[600];

	snprintf(text, sizeof(text), "%s:%d: %.500s\n", file, line, what);
	if (is_child) {
		report(text);
		_exit(1);
	}
	print_error("%s", text);
	_fail(file, line);
}

void
unit_check(int is_true, const char *file, int line, const char *text)
{
	if (!is_true)
		fail_here(file, line, text);
}

void
unit_check_int(long long value, long long wanted, const char *file,
    int line, const char *text)
{
	char what[400];

	if (value == wanted)
		return;
	snprintf(what, sizeof(what), "%.300s is %lld, not %lld", text, value,
	    wanted);
	fail_here(file, line, what);
}

void
unit_check_str(const char *value, const char *wanted, const char *file,
    int line, const char *text)
{
	char what[500];

	if (value != NULL && strcmp(value, wanted) == 0)
		return;
	snprintf(what, sizeof(what), "%.100s is \"%.150s\", not \"%.150s\"",
	    text, value != NULL ? value : "NULL", wanted);
	fail_here(file, line, what);
}

void
unit_check_has(const char *value, const char *part, const char *file,
    int line, const char *text)
{
	char what[500];

	if (value != NULL && strstr(value, part) != NULL)
		return;
	snprintf(what, sizeof(what), "%.100s is \"%.200s\" without \"%.100s\"",
	    text, value != NULL ? value : "NULL", part);
	fail_here(file, line, what);
}

int
unit_setup(void **state)
{
	(void)state;
	alarm(300);
	return 0;
}

/* ---- children ------------------------------------------------------ */

static int
wait_readable(int fd)
{
	struct pollfd poll_fd = { fd, POLLIN, 0 };
	int n;

	do
		n = poll(&poll_fd, 1, UNIT_PATIENCE_MS);
	while (n == -1 && errno == EINTR);
	return n;
}

static _Noreturn void
be_child(int fd, void (*body)(void *arg), void *arg)
{
	is_child = 1;
	setpgid(0, 0);
	if (dup2(fd, REPORT_FD) == -1)
		_exit(2);
	fcntl(REPORT_FD, F_SETFD, FD_CLOEXEC);
	close(fd);
	alarm(UNIT_PATIENCE_MS / 1000);
	body(arg);
	report("ok\n");
	_exit(0);
}

/* What the child said, or why it said nothing. */
static void
listen_to_child(int fd, char *said, size_t size)
{
	ssize_t n;

	if (wait_readable(fd) == 0) {
		snprintf(said, size, "the child hangs\n");
		return;
	}
	n = read(fd, said, size - 1);
	if (n <= 0)
		n = snprintf(said, size, "the child died\n");
	said[n] = '\0';
}

void
unit_child(void (*body)(void *arg), void *arg)
{
	char said[700];
	siginfo_t info;
	int fds[2];
	pid_t pid;

	assert_int_equal(pipe(fds), 0);
	fcntl(fds[0], F_SETFD, FD_CLOEXEC);
	pid = fork();
	assert_int_not_equal(pid, -1);
	if (pid == 0) {
		close(fds[0]);
		be_child(fds[1], body, arg);
	}
	close(fds[1]);
	listen_to_child(fds[0], said, sizeof(said));
	close(fds[0]);
	if (strcmp(said, "ok\n") != 0)
		kill(pid, SIGKILL);
	waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT);
	kill(-pid, SIGKILL);
	waitpid(pid, NULL, 0);
	if (strcmp(said, "ok\n") != 0) {
		print_error("%s", said);
		fail();
	}
}

int
unit_count_fds(void)
{
	int fd, count = 0;

	for (fd = 0; fd < 1024; fd++)
		count += fcntl(fd, F_GETFD) != -1;
	return count;
}

int
unit_no_child(void)
{
	return waitpid(-1, NULL, WNOHANG | __WALL) == -1 && errno == ECHILD;
}

int
unit_is_usable(enum contain_backend backend)
{
	struct contain_verdict verdicts[CONTAIN_VERDICTS_MAX];
	int i, count;

	count = contain_probe(NULL, verdicts, CONTAIN_VERDICTS_MAX, NULL);
	for (i = 0; i < count; i++)
		if (verdicts[i].backend == backend)
			return verdicts[i].usable;
	return 0;
}

int
unit_has_pidns(char *why_not, size_t size)
{
	struct contain_options *options = contain_options_new();
	struct contain_verdict verdict;
	int count;

	CHECK(options != NULL);
	contain_options_set_backend(options, CONTAIN_BACKEND_PIDNS, NULL);
	count = contain_probe(options, &verdict, 1, NULL);
	contain_options_free(options);
	if (count == 1 && verdict.usable)
		return 1;
	snprintf(why_not, size, "pidns: %s", count == 1 ? verdict.reason :
	    "not built in");
	return 0;
}

void
unit_be_in_foreground(int tty)
{
	sigset_t block, before;

	sigemptyset(&block);
	sigaddset(&block, SIGTTOU);
	sigprocmask(SIG_BLOCK, &block, &before);
	CHECK_INT(tcsetpgrp(tty, getpgrp()), 0);
	sigprocmask(SIG_SETMASK, &before, NULL);
}

/* ---- a namespace for all of a program -------------------------------- */

#ifdef __linux__
/* What a user namespace gave beyond what the user had. */
static int
drop_capabilities(void)
{
	struct __user_cap_header_struct header = {
		_LINUX_CAPABILITY_VERSION_3, 0
	};
	struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3];

	memset(none, 0, sizeof(none));
	return (int)syscall(SYS_capset, &header, none);
}

/* Is /proc that of the namespace whose PID 1 we are? */
static int
mount_proc(void)
{
	char self[8] = "";

	if (mount(NULL, "/", NULL, MS_PRIVATE | MS_REC, NULL) == -1 ||
	    mount("proc", "/proc", "proc", 0, NULL) == -1)
		return 0;
	return readlink("/proc/self", self, sizeof(self) - 1) == 1 &&
	    self[0] == '1';
}

#define NOT_ISOLATED 78

/* PID 1: its end is the end of all that the tests left. */
static _Noreturn void
be_first(int (*run)(void), int is_user)
{
	int status = 0;
	pid_t runner, pid;

	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	if (!mount_proc() || (is_user && drop_capabilities() == -1))
		_exit(NOT_ISOLATED);
	runner = fork();
	if (runner == -1)
		_exit(NOT_ISOLATED);
	if (runner == 0) {
		setsid();	/* groups and session have numbers here */
		exit(run());
	}
	do
		pid = wait(&status);
	while (pid != runner && (pid != -1 || errno == EINTR));
	_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
}

int
unit_isolated(int (*run)(void))
{
	/* the next child is PID 1 of a new namespace */
	int is_user = namespace_enter(CLONE_NEWPID | CLONE_NEWNS);
	int status = NOT_ISOLATED << 8;
	pid_t first;

	if (is_user != -1) {
		first = fork();
		if (first == 0)
			be_first(run, is_user);
		if (first != -1)
			waitpid(first, &status, 0);
	}
	if (!WIFEXITED(status))
		return 1;
	/* no exit: a leak checker would want a thread, which a process whose
	 * children's PID 1 has ended cannot make */
	if (WEXITSTATUS(status) != NOT_ISOLATED)
		_exit(WEXITSTATUS(status));
	puts("1..0 # SKIP no PID namespace of their own for these tests");
	fflush(stdout);
	_exit(0);
}
#else
int
unit_isolated(int (*run)(void))
{
	(void)run;
	puts("1..0 # SKIP no PID namespace of their own for these tests");
	return 0;
}
#endif

/* ---- talking to a command ------------------------------------------ */

/* A pipe whose end number mine is ours and whose other end is fd theirs. */
static int
open_pipe(int mine, int theirs)
{
	int fds[2], fd;

	CHECK(pipe(fds) == 0);
	fd = fcntl(fds[mine], F_DUPFD_CLOEXEC, 20);
	CHECK(fd != -1);
	close(fds[mine]);
	if (fds[1 - mine] != theirs) {
		CHECK(dup2(fds[1 - mine], theirs) == theirs);
		close(fds[1 - mine]);
	}
	return fd;
}

void
unit_talk_open(struct unit_talk *talk)
{
	talk->to = open_pipe(1, COMMAND_READS);
	talk->from = open_pipe(0, COMMAND_WRITES);
}

void
unit_talk_begin(void)
{
	close(COMMAND_READS);
	close(COMMAND_WRITES);
}

void
unit_talk_close(struct unit_talk *talk)
{
	close(talk->to);
	close(talk->from);
	talk->to = talk->from = -1;
}

const char *
unit_hear(const struct unit_talk *talk)
{
	static char line[256];
	size_t used = 0;

	do {
		CHECK_INT(wait_readable(talk->from), 1);
		CHECK_INT(read(talk->from, line + used, 1), 1);
	} while (line[used] != '\n' && ++used < sizeof(line) - 1);
	line[used] = '\0';
	return line;
}

void
unit_say(const struct unit_talk *talk, const char *line)
{
	CHECK_INT(write(talk->to, line, strlen(line)), strlen(line));
	CHECK_INT(write(talk->to, "\n", 1), 1);
}

int
unit_is_silent(const struct unit_talk *talk)
{
	struct pollfd fd = { talk->from, POLLIN, 0 };

	return poll(&fd, 1, 0) == 1 && (fd.revents & POLLIN) == 0;
}

void
unit_await_silence(const struct unit_talk *talk)
{
	char byte;

	CHECK_INT(wait_readable(talk->from), 1);
	CHECK_INT(read(talk->from, &byte, 1), 0);
}

struct contain_group *
unit_spawn(const struct contain_options *options, const char *script,
    const struct unit_talk *talk)
{
	struct contain_options *defaults = unit_options_new();
	struct contain_group *group = NULL;
	struct contain_error err = { 0, 0, "", "" };
	char *argv[] = { (char *)"/bin/sh", (char *)"-c", (char *)script,
		NULL };

	CHECK(defaults != NULL);
	if (contain_spawn(options != NULL ? options : defaults, argv, &group,
	    &err) != CONTAIN_OK)
		CHECK_STR(err.message, "success");
	contain_options_free(defaults);
	if (talk != NULL)
		unit_talk_begin();
	return group;
}

void
unit_finish(struct contain_group *group, struct contain_result *result)
{
	CHECK_INT(contain_wait(group, UNIT_PATIENCE_MS, result, NULL),
	    CONTAIN_OK);
}

int
unit_run(const struct contain_options *options, const char *script)
{
	struct contain_group *group = unit_spawn(options, script, NULL);
	struct contain_result result;

	unit_finish(group, &result);
	contain_free(group);
	CHECK(WIFEXITED(result.status));
	return WEXITSTATUS(result.status);
}

int
unit_has_fresh_proc(const struct contain_group *group)
{
	return strstr(contain_effect(group)->mechanism, "fresh /proc") != NULL;
}
