/* test_warden.c: a warden that is a program, and a copy where it cannot be */
#include "config.h"

#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "unit.h"

/* m4/ctn_system.m4 says why. */
#if defined(__SANITIZE_THREAD__)
#define THREAD_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define THREAD_SANITIZER 1
#endif
#endif
#ifndef THREAD_SANITIZER
#define THREAD_SANITIZER 0
#endif

#define NEED_PROGRAM()							\
	do {								\
		if (THREAD_SANITIZER)					\
			SKIP_BECAUSE("ThreadSanitizer: always a copy");	\
	} while (0)

static const enum contain_backend backends[] = { CONTAIN_BACKEND_PIDNS,
	CONTAIN_BACKEND_PTY };

/* The one that was built, and where others are made. */
static const char *program;
static char directory[] = "/tmp/contain-test-XXXXXX";
static char other[sizeof(directory) + 32];

static struct contain_options *
new_options(enum contain_backend backend)
{
	struct contain_options *options = contain_options_new();

	CHECK(options != NULL);
	contain_options_set_backend(options, backend, NULL);
	contain_options_set_warden(options, CONTAIN_WARDEN_PROGRAM, NULL);
	return options;
}

/* The start of a file of the warden; how much. */
static size_t
read_warden(const struct contain_group *group, const char *file, char *text,
    size_t size)
{
	char path[64];
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/%ld/%s",
	    (long)contain_effect(group)->warden, file);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	CHECK(fd != -1);
	n = read(fd, text, size - 1);
	CHECK(n >= 0);
	close(fd);
	text[n] = '\0';
	return (size_t)n;
}

static int
is_executed(const struct contain_group *group)
{
	char name[256];

	read_warden(group, "cmdline", name, sizeof(name));
	return strcmp(name, "contain-warden") == 0;
}

/* Spawn a command that waits; is its warden a program?  It ends as it should,
 * and leaves nothing. */
static int
runs_as_program(enum contain_backend backend)
{
	int before = unit_count_fds(), executed;
	struct contain_options *options = new_options(backend);
	struct contain_result result;
	struct contain_group *group;
	struct unit_talk talk;

	unit_talk_open(&talk);
	group = unit_spawn(options, "read x <&8; exit 7", &talk);
	contain_options_free(options);
	executed = is_executed(group);
	unit_say(&talk, "");
	unit_finish(group, &result);
	contain_free(group);
	unit_talk_close(&talk);
	CHECK_INT(result.status, 7 << 8);
	CHECK_INT(result.flags, 0);
	CHECK_INT(unit_count_fds(), before);
	CHECK(unit_no_child());
	return executed;
}

/* With each backend that works here. */
static void
expect(int executed)
{
	size_t i;

	for (i = 0; i < sizeof(backends) / sizeof(backends[0]); i++)
		if (unit_is_usable(backends[i]))
			CHECK_INT(runs_as_program(backends[i]), executed);
}

/* ---- the program ------------------------------------------------------- */

static void
executed(void **state)
{
	(void)state;
	NEED_PROGRAM();
	setenv("CONTAIN_WARDEN", program, 1);
	expect(1);
}

/* Whose it is can be seen; what the host has in its environment cannot. */
static void
seen_from_outside(void **state)
{
	struct contain_options *options = new_options(CONTAIN_BACKEND_AUTO);
	struct contain_group *group;
	char text[256], wanted[64];

	(void)state;
	NEED_PROGRAM();
	setenv("CONTAIN_WARDEN", program, 1);
	group = unit_spawn(options, "sleep 600", NULL);
	contain_options_free(options);
	snprintf(wanted, sizeof(wanted), "--host=%ld", (long)getpid());
	read_warden(group, "cmdline", text, sizeof(text));
	CHECK_STR(text, "contain-warden");
	CHECK_STR(text + strlen(text) + 1, wanted);
	CHECK_INT(read_warden(group, "environ", text, sizeof(text)),
	    sizeof("LC_ALL=C"));
	CHECK_STR(text, "LC_ALL=C");
	contain_free(group);
}

/* More than a socket holds, byte for byte. */
static void
large_environment(void **state)
{
	enum { COUNT = 600, SIZE = 1000 };
	static char texts[COUNT][SIZE], *env[COUNT + 1];
	struct contain_options *options = new_options(CONTAIN_BACKEND_AUTO);
	int i;

	(void)state;
	setenv("CONTAIN_WARDEN", program, 1);
	for (i = 0; i < COUNT; i++) {
		env[i] = texts[i];
		memset(texts[i], 'a' + i % 26, SIZE - 1);
		texts[i][snprintf(texts[i], SIZE, "V%03d=", i)] = 'x';
	}
	contain_options_set_environment(options, env, NULL);
	CHECK_INT(unit_run(options, "test ${#V000} = 994 && "
	    "test ${#V599} = 994 && test -n \"$CONTAIN_GROUP\" && "
	    "case $V027 in xbbb*bbb) exit 9 ;; esac"), 9);
	contain_options_free(options);
}

static void
write_other(const void *data, size_t size, mode_t mode)
{
	int fd = open(other, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	CHECK(fd != -1);
	CHECK_INT(write(fd, data, size), size);
	CHECK_INT(fchmod(fd, mode), 0);
	close(fd);
}

/* It is executed by a shell, as execvp(3) does it, with its arguments. */
static void
script_without_interpreter(void **state)
{
	static const char text[] = "exit $(($1 + $2))\n";
	char *argv[] = { other, (char *)"4", (char *)"2", NULL };
	struct contain_options *options = new_options(CONTAIN_BACKEND_AUTO);
	struct contain_result result;
	struct contain_group *group;

	(void)state;
	setenv("CONTAIN_WARDEN", program, 1);
	write_other(text, sizeof(text) - 1, 0700);
	CHECK_INT(contain_spawn(options, argv, &group, NULL), CONTAIN_OK);
	contain_options_free(options);
	unit_finish(group, &result);
	contain_free(group);
	CHECK_INT(unlink(other), 0);
	CHECK_INT(result.status, 6 << 8);
}

/* ---- a copy ------------------------------------------------------------ */

static char *
read_program(size_t *size)
{
	int fd = open(program, O_RDONLY | O_CLOEXEC);
	struct stat st;
	char *data;

	CHECK(fd != -1);
	CHECK_INT(fstat(fd, &st), 0);
	*size = (size_t)st.st_size;
	data = malloc(*size);
	CHECK(data != NULL);
	CHECK_INT(read(fd, data, *size), *size);
	close(fd);
	return data;
}

/* The other program is not there, cannot be executed, or ends at once. */
static void
not_executable(void **state)
{
	static const char script[] = "#!/bin/sh\nexit 0\n";

	(void)state;
	setenv("CONTAIN_WARDEN", "/nonexistent/contain-warden", 1);
	expect(0);
	setenv("CONTAIN_WARDEN", directory, 1);
	expect(0);
	setenv("CONTAIN_WARDEN", other, 1);
	write_other(script, strlen(script), 0600);
	expect(0);
	write_other("nothing", 7, 0700);
	expect(0);
	write_other(script, strlen(script), 0700);
	expect(0);
	setenv("CONTAIN_WARDEN", "", 1);
	expect(0);
}

/* It reads its request, and finds another word in front of it. */
static void
other_version(void **state)
{
	static const char word[] = "contain %s %zu";
	size_t size, at;
	char *data = read_program(&size);

	(void)state;
	NEED_PROGRAM();
	setenv("CONTAIN_WARDEN", other, 1);
	write_other(data, size, 0700);
	expect(1);
	for (at = 0; at + sizeof(word) < size; at++)
		if (memcmp(data + at, word, strlen(word)) == 0)
			break;
	CHECK(at + sizeof(word) < size);
	data[at] = 'C';
	write_other(data, size, 0700);
	expect(0);
	free(data);
}

/* What is missing from it is found by a signal. */
static void
truncated(void **state)
{
	size_t size;
	char *data = read_program(&size);

	(void)state;
	setenv("CONTAIN_WARDEN", other, 1);
	CHECK(size > 2 * 4096);
	write_other(data, 4096 + 100, 0700);
	free(data);
	expect(0);
}

static void
be_on_noexec(void *arg)
{
	size_t size;
	char *data = read_program(&size);

	(void)arg;
	CHECK_INT(unshare(CLONE_NEWNS), 0);
	CHECK_INT(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL), 0);
	CHECK_INT(mount("none", directory, "tmpfs", MS_NOEXEC, NULL), 0);
	setenv("CONTAIN_WARDEN", other, 1);
	write_other(data, size, 0700);
	expect(0);
}

static void
on_noexec(void **state)
{
	(void)state;
	if (geteuid() != 0)
		SKIP_BECAUSE("only root can mount it");
	unit_child(be_on_noexec, NULL);
}

/* The kernel would reap it, and its pid be another's. */
static void
be_ignoring(void *arg)
{
	(void)arg;
	setenv("CONTAIN_WARDEN", program, 1);
	signal(SIGCHLD, SIG_IGN);
	expect(0);
}

static void
ignored_sigchld(void **state)
{
	(void)state;
	unit_child(be_ignoring, NULL);
}

static void
fork_is_a_copy(void **state)
{
	struct contain_options *options = new_options(CONTAIN_BACKEND_AUTO);
	struct contain_group *group;
	pid_t pid;

	(void)state;
	setenv("CONTAIN_WARDEN", program, 1);
	pid = contain_fork(options, &group, NULL);
	if (pid == 0)
		for (;;)
			pause();
	CHECK(pid > 0);
	CHECK_INT(is_executed(group), 0);
	contain_free(group);
	contain_options_free(options);
}

static int
run(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(executed),
		cmocka_unit_test(seen_from_outside),
		cmocka_unit_test(large_environment),
		cmocka_unit_test(script_without_interpreter),
		cmocka_unit_test(not_executable),
		cmocka_unit_test(other_version),
		cmocka_unit_test(truncated),
		cmocka_unit_test(on_noexec),
		cmocka_unit_test(ignored_sigchld),
		cmocka_unit_test(fork_is_a_copy),
	};
	int failed;

	program = strdup(getenv("CONTAIN_WARDEN"));
	if (program == NULL || mkdtemp(directory) == NULL)
		return 1;
	snprintf(other, sizeof(other), "%s/other", directory);
	failed = cmocka_run_group_tests(tests, unit_setup, NULL);
	unlink(other);
	rmdir(directory);
	return failed != 0;
}

int
main(void)
{
	if (getenv("CONTAIN_WARDEN") == NULL) {
		fputs("CONTAIN_WARDEN is not set: make check sets it\n",
		    stderr);
		return 1;
	}
	return run();
}
