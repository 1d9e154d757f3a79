/* test_command.c: the command's process, from fork to exec */
#include "config.h"

#include <sys/stat.h>
#include <sys/wait.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "unit.h"

/* Where the programs to be tried are made. */
static char directory[] = "/tmp/unit.XXXXXX";

static void
make_file(const char *name, const char *text, mode_t mode)
{
	char path[100];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0700);
	CHECK(fd != -1);
	CHECK_INT(write(fd, text, strlen(text)), strlen(text));
	CHECK_INT(fchmod(fd, mode), 0);
	close(fd);
}

static void
make_directory(const char *name)
{
	char path[100];

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	CHECK_INT(mkdir(path, 0755), 0);
}

static int
make_files(void **state)
{
	(void)state;
	unit_setup(state);
	if (mkdtemp(directory) == NULL || chmod(directory, 0755) == -1)
		return -1;
	make_directory("one");
	make_directory("two");
	make_directory("one/folder");
	make_file("one/denied", "#!/bin/sh\nexit 1\n", 0600);
	make_file("one/both", "#!/bin/sh\nexit 1\n", 0600);
	make_file("two/both", "#!/bin/sh\nexit 22\n", 0755);
	make_file("two/only", "#!/bin/sh\nexit 23\n", 0755);
	make_file("two/plain", "test $# = 2 && test \"$1\" = a && "
	    "test \"$2\" = b && test \"${0##*/}\" = plain && exit 24\n",
	    0755);
	make_file("two/bare", "exit 25\n", 0755);
	make_file("two/wild", "#!/nonexistent/interpreter\n", 0755);
	make_file("file", "", 0644);
	return 0;
}

static int
remove_files(void **state)
{
	char line[100];

	(void)state;
	snprintf(line, sizeof(line), "rm -rf %s", directory);
	return system(line) == 0 ? 0 : -1;
}

static const struct ctn_command_setup plain_setup = { .terminal = -1 };

/* Start argv and return its wait status; -1 and *exec_errno if it was not
 * executed (it is reaped then, too). */
static int
start(char *const argv[], const struct ctn_command_setup *how,
    int *exec_errno)
{
	struct ctn_command_setup setup = *how;
	struct ctn_command command;
	sigset_t mask;
	int status;
	pid_t pid;

	sigprocmask(SIG_SETMASK, NULL, &mask);
	if (setup.mask == NULL)
		setup.mask = &mask;
	CHECK_INT(ctn_command_prepare(&command, argv, NULL, "b", "g"), 0);
	pid = ctn_command_start(&command, &setup, exec_errno);
	CHECK(pid > 0);
	CHECK_INT(waitpid(pid, &status, 0), pid);
	ctn_command_discard(&command);
	if (*exec_errno == 0)
		return status;
	CHECK(WIFEXITED(status));
	return -1;
}

static void
set_path(const char *path)
{
	char text[300], *at;
	size_t used = 0;

	/* D is the directory */
	for (at = (char *)path; *at != '\0'; at++)
		used += (size_t)snprintf(text + used, sizeof(text) - used,
		    *at == 'D' ? "%s" : "%.1s", *at == 'D' ? directory : at);
	setenv("PATH", text, 1);
}

/* With this PATH, name ends with status or is not executed for this errno. */
static void
look_up(const char *path, const char *name, int status, int errnum)
{
	char before[4096];
	char *argv[] = { (char *)name, NULL };
	int exec_errno, got;

	snprintf(before, sizeof(before), "%s", getenv("PATH"));
	set_path(path);
	got = start(argv, &plain_setup, &exec_errno);
	setenv("PATH", before, 1);
	CHECK_INT(exec_errno, errnum);
	CHECK_INT(got, errnum != 0 ? -1 : status << 8);
}

static void
path(void **state)
{
	(void)state;
	look_up("D/two", "both", 22, 0);
	look_up("D/one:D/two", "only", 23, 0);
	/* one that may not be executed does not hide one that may */
	look_up("D/one:D/two", "both", 22, 0);
	/* no directory, and one that is a file, do not either */
	look_up("/nonexistent:D/file:D/two", "only", 23, 0);
}

static void
exec_errno(void **state)
{
	(void)state;
	look_up("D/one:D/two", "missing", 0, ENOENT);
	look_up("D/one:D/two", "", 0, ENOENT);
	look_up("D/one", "folder", 0, EACCES);
	look_up("D/one", "/", 0, EACCES);
	/* EACCES is told even if the last directory says ENOENT */
	look_up("D/one:D/two", "denied", 0, EACCES);
	look_up("D/one", "/nonexistent/x", 0, ENOENT);
	look_up("D/two", "wild", 0, ENOENT);
	look_up("D/file", "x", 0, ENOTDIR);
}

/* Without #!: by the shell, with its arguments. */
static void
script(void **state)
{
	char name[100], a[] = "a", b[] = "b";
	char *argv[] = { name, a, b, NULL };
	int errnum;

	(void)state;
	snprintf(name, sizeof(name), "%s/two/plain", directory);
	assert_int_equal(start(argv, &plain_setup, &errnum), 24 << 8);
	assert_int_equal(errnum, 0);
	/* the shell gets the path that was found, not the name */
	look_up("D/one:D/two", "bare", 25, 0);
}

static void
too_long(void **state)
{
	/* one argument beyond MAX_ARG_STRLEN, 32 pages */
	size_t size = 32 * (size_t)sysconf(_SC_PAGESIZE) + 1;
	char *word = malloc(size), sh[] = "/bin/sh";
	char *argv[] = { sh, word, NULL };
	int errnum;

	(void)state;
	assert_non_null(word);
	memset(word, 'x', size);
	word[size - 1] = '\0';
#ifdef __linux__
	assert_int_equal(start(argv, &plain_setup, &errnum), -1);
	assert_int_equal(errnum, E2BIG);
#else
	(void)argv;
	(void)errnum;
#endif
	free(word);
}

/* ---- what the command gets ----------------------------------------- */

static int
run_script(const char *text, const struct ctn_command_setup *setup)
{
	char sh[] = "/bin/sh", c[] = "-c";
	char *argv[] = { sh, c, (char *)text, NULL };
	int errnum, status;

	status = start(argv, setup, &errnum);
	CHECK_INT(errnum, 0);
	return status;
}

static void
check_environment(void *arg)
{
	char number[30];

	(void)arg;
	snprintf(number, sizeof(number), "%ld", (long)getpid());
	setenv("LISTEN_PID", number, 1);
	setenv("KEPT", "as it was", 1);
	setenv("CONTAIN_BACKEND", "stale", 1);
	CHECK_INT(run_script("test \"$LISTEN_PID\" = $$ && "
	    "test \"$KEPT\" = 'as it was' && test \"$CONTAIN_BACKEND\" = b && "
	    "test \"$CONTAIN_GUARANTEE\" = g && "
	    "test \"${CONTAIN_GROUP-unset}\" = ''", &plain_setup), 0);
	setenv("LISTEN_PID", "1", 1);
	CHECK_INT(run_script("test \"$LISTEN_PID\" = 1", &plain_setup), 0);
}

static void
environment(void **state)
{
	(void)state;
	unit_child(check_environment, NULL);
}

/* The command's process group: its own, or the one that it was born in. */
static void
check_pgrp(void *arg)
{
	static const struct ctn_command_setup own = {
		.owns_pgrp = 1, .terminal = -1 };
	char word[] = "/bin/sh", c[] = "-c", script_text[] = "read x";
	char *argv[] = { word, c, script_text, NULL };
	struct ctn_command_setup setup;
	struct ctn_command command;
	sigset_t mask;
	int fds[2], errnum, i;
	pid_t pid;

	(void)arg;
	sigprocmask(SIG_SETMASK, NULL, &mask);
	CHECK_INT(pipe(fds), 0);
	CHECK_INT(dup2(fds[0], STDIN_FILENO), STDIN_FILENO);
	for (i = 0; i < 2; i++) {
		setup = i == 0 ? plain_setup : own;
		setup.mask = &mask;
		CHECK_INT(ctn_command_prepare(&command, argv, NULL, "b", "g"), 0);
		pid = ctn_command_start(&command, &setup, &errnum);
		CHECK(pid > 0);
		CHECK_INT(getpgid(pid), i == 0 ? getpgrp() : pid);
		CHECK_INT(write(fds[1], "\n", 1), 1);
		CHECK_INT(waitpid(pid, NULL, 0), pid);
		ctn_command_discard(&command);
	}
}

static void
process_group(void **state)
{
	(void)state;
	unit_child(check_pgrp, NULL);
}

#ifdef __linux__
/* Is signum in this set of the command's, as /proc/self/status has it?  No
 * shell: that has a handler for SIGCHLD. */
static int
has_signal(const char *set, int signum, const struct ctn_command_setup *setup)
{
	char sed[] = "sed", n[] = "-n", file[] = "/proc/self/status";
	char expression[60], text[40];
	char *argv[] = { sed, n, expression, file, NULL };
	int fds[2], errnum;
	ssize_t length;

	snprintf(expression, sizeof(expression), "s/^%s:[[:space:]]*//p",
	    set);
	CHECK_INT(pipe(fds), 0);
	CHECK_INT(dup2(fds[1], STDOUT_FILENO), STDOUT_FILENO);
	CHECK_INT(start(argv, setup, &errnum), 0);
	length = read(fds[0], text, sizeof(text) - 1);
	CHECK(length > 0);
	text[length] = '\0';
	close(fds[0]);
	close(fds[1]);
	return (strtoull(text, NULL, 16) >> (signum - 1) & 1) != 0;
}

static void
check_signals(void *arg)
{
	struct ctn_command_setup ignoring = {
		.terminal = -1, .ignores_sigchld = 1 };
	struct ctn_command_setup masked = { .terminal = -1 };
	sigset_t mask;

	(void)arg;
	signal(SIGCHLD, SIG_DFL);
	CHECK_INT(has_signal("SigIgn", SIGCHLD, &plain_setup), 0);
	CHECK_INT(has_signal("SigIgn", SIGCHLD, &ignoring), 1);
	sigemptyset(&mask);
	sigaddset(&mask, SIGUSR1);
	masked.mask = &mask;
	CHECK_INT(has_signal("SigBlk", SIGUSR1, &masked), 1);
	CHECK_INT(has_signal("SigBlk", SIGUSR2, &masked), 0);
	signal(SIGUSR2, SIG_IGN);
	CHECK_INT(has_signal("SigIgn", SIGUSR2, &plain_setup), 1);
}

static void
signals(void **state)
{
	(void)state;
	unit_child(check_signals, NULL);
}
#else
static void
signals(void **state)
{
	(void)state;
	SKIP_BECAUSE("needs Linux's /proc");
}
#endif

/* No process can be made: -1 and errno. */
static void
check_no_process(void *arg)
{
	char word[] = "/bin/sh", *argv[] = { word, NULL };
	struct ctn_command_setup setup = { .terminal = -1 };
	struct ctn_command command;
	struct rlimit none = { 0, 0 };
	sigset_t mask;
	int errnum = 77;

	(void)arg;
	sigprocmask(SIG_SETMASK, NULL, &mask);
	setup.mask = &mask;
	CHECK_INT(ctn_command_prepare(&command, argv, NULL, "b", "g"), 0);
	if (getuid() == 0)
		CHECK_INT(setuid(65534), 0);
	CHECK_INT(setrlimit(RLIMIT_NPROC, &none), 0);
	CHECK_INT(ctn_command_start(&command, &setup, &errnum), -1);
	CHECK_INT(errno, EAGAIN);
	CHECK_INT(errnum, 0);
}

static void
no_process(void **state)
{
	(void)state;
	unit_child(check_no_process, NULL);
}

static int
run(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(path),
		cmocka_unit_test(exec_errno),
		cmocka_unit_test(script),
		cmocka_unit_test(too_long),
		cmocka_unit_test(environment),
		cmocka_unit_test(process_group),
		cmocka_unit_test(signals),
		cmocka_unit_test(no_process),
	};

	return cmocka_run_group_tests(tests, make_files, remove_files) != 0;
}

int
main(void)
{
	return unit_isolated(run);
}
