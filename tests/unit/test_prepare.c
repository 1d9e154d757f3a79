/* test_prepare.c: the command's argv, PATH candidates and environment */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "unit.h"

extern char **environ;

/* Prepare argv in an environment of its own; environ is put back. */
static void
prepare_in(struct ctn_command *command, char *const argv[], char **env)
{
	char **before = environ;
	int result;

	environ = env;
	result = ctn_command_prepare(command, argv, NULL, "pidns", "SIGKILL");
	environ = before;
	assert_int_equal(result, 0);
}

static size_t
count(char *const *list)
{
	size_t n = 0;

	while (list[n] != NULL)
		n++;
	return n;
}

/* The value of a variable in an environment; NULL if it is not there exactly
 * once. */
static const char *
value_of(char *const *env, const char *name)
{
	size_t length = strlen(name);
	const char *value = NULL;
	int found = 0;

	for (; *env != NULL; env++)
		if (strncmp(*env, name, length) == 0 &&
		    (*env)[length] == '=') {
			value = *env + length + 1;
			found++;
		}
	return found == 1 ? value : NULL;
}

/* The candidates of name under this PATH (NULL: not set) are these. */
static void
check_paths(const char *path, const char *name, const char *const *wanted)
{
	char variable[200];
	char *env[] = { path != NULL ? variable : NULL, NULL };
	char *argv[] = { (char *)name, NULL };
	struct ctn_command command;
	size_t i;

	snprintf(variable, sizeof(variable), "PATH=%s", path != NULL ? path :
	    "");
	prepare_in(&command, argv, env);
	for (i = 0; wanted[i] != NULL; i++) {
		assert_non_null(command.paths[i]);
		assert_string_equal(command.paths[i], wanted[i]);
	}
	assert_null(command.paths[i]);
	ctn_command_discard(&command);
}

#define PATHS(path, name, ...)						\
	do {								\
		const char *const wanted_[] = { __VA_ARGS__, NULL };	\
		check_paths(path, name, wanted_);			\
	} while (0)

static void
paths(void **state)
{
	(void)state;
	PATHS("/a:/b/c", "x", "/a/x", "/b/c/x");
	PATHS("/a", "x", "/a/x");
	PATHS("/a", "./x", "./x");
	PATHS("/a", "/bin/x", "/bin/x");
	PATHS("/a", "d/x", "d/x");
}

/* An empty directory of PATH is the current one. */
static void
paths_empty_directory(void **state)
{
	(void)state;
	PATHS("", "x", "x");
	PATHS(":/a", "x", "x", "/a/x");
	PATHS("/a:", "x", "/a/x", "x");
	PATHS("/a::/b", "x", "/a/x", "x", "/b/x");
	PATHS(":", "x", "x", "x");
}

static void
paths_without_path(void **state)
{
	(void)state;
	PATHS(NULL, "x", "/bin/x", "/usr/bin/x");
}

static void
argv_and_shell(void **state)
{
	char one[] = "one", two[] = "two", three[] = "three";
	char *argv[] = { one, two, three, NULL };
	char *alone[] = { one, NULL };
	struct ctn_command command;

	(void)state;
	assert_int_equal(ctn_command_prepare(&command, argv, NULL, "b", "g"), 0);
	assert_ptr_equal(command.argv, argv);
	assert_ptr_equal(command.shell_argv[2], two);
	assert_ptr_equal(command.shell_argv[3], three);
	assert_null(command.shell_argv[4]);
	ctn_command_discard(&command);
	assert_int_equal(ctn_command_prepare(&command, alone, NULL, "b", "g"), 0);
	assert_null(command.shell_argv[2]);
	ctn_command_discard(&command);
}

/* What was there stays as it is, in its order; ours are set, once. */
static void
environment(void **state)
{
	char a[] = "A=1", stale_b[] = "CONTAIN_BACKEND=old", empty[] = "E=",
	    stale_g[] = "CONTAIN_GROUP=old", odd[] = "no equals sign",
	    near[] = "CONTAIN_GROUPS=stays", z[] = "Z=9",
	    stale_u[] = "CONTAIN_GUARANTEE=old";
	char *env[] = { a, stale_b, empty, stale_g, odd, near, stale_u, z,
		NULL };
	char *kept[] = { a, empty, odd, near, z };
	char *argv[] = { a, NULL };
	struct ctn_command command;
	size_t i, at = 0;

	(void)state;
	prepare_in(&command, argv, env);
	assert_string_equal(value_of(command.env, "CONTAIN_BACKEND"),
	    "pidns");
	assert_string_equal(value_of(command.env, "CONTAIN_GUARANTEE"),
	    "SIGKILL");
	assert_non_null(value_of(command.env, "CONTAIN_GROUP"));
	assert_int_equal(count(command.env), 3 + 5);
	for (i = 0; command.env[i] != NULL && at < 5; i++)
		at += command.env[i] == kept[at];
	assert_int_equal(at, 5);
	assert_null(command.listen_pid);
	ctn_command_discard(&command);
}

static void
no_environment(void **state)
{
	char *none[] = { NULL };
	char word[] = "/x";
	char *argv[] = { word, NULL };
	struct ctn_command command;

	(void)state;
	prepare_in(&command, argv, none);
	assert_int_equal(count(command.env), 3);
	ctn_command_discard(&command);
	prepare_in(&command, argv, NULL);
	assert_int_equal(count(command.env), 3);
	ctn_command_discard(&command);
}

/* The warden copies a whole message's text behind CONTAIN_GROUP=; an
 * address sanitizer or valgrind sees whether there is room. */
static void
mark_has_room(void **state)
{
	char word[] = "/x", *argv[] = { word, NULL };
	struct ctn_command command;

	(void)state;
	assert_int_equal(ctn_command_prepare(&command, argv, NULL, "b", "g"), 0);
	assert_ptr_equal(command.mark, value_of(command.env,
	    "CONTAIN_GROUP"));
	memset(command.mark, 'm', CTN_MARK_SIZE - 1);
	command.mark[CTN_MARK_SIZE - 1] = '\0';
	assert_int_equal(strlen(value_of(command.env, "CONTAIN_GROUP")),
	    CTN_MARK_SIZE - 1);
	ctn_command_discard(&command);
}

static void
listen_pid_is_ours(void **state)
{
	char ours[40], again[40], fds[] = "LISTEN_FDS=2", word[] = "/x";
	char *env[] = { ours, fds, NULL }, *argv[] = { word, NULL };
	char *doubled[] = { ours, again, NULL };
	struct ctn_command command;

	(void)state;
	snprintf(ours, sizeof(ours), "LISTEN_PID=%ld", (long)getpid());
	memcpy(again, ours, sizeof(again));
	prepare_in(&command, argv, env);
	assert_non_null(command.listen_pid);
	assert_ptr_equal(command.listen_pid, value_of(command.env,
	    "LISTEN_PID"));
	assert_string_equal(value_of(command.env, "LISTEN_FDS"), "2");
	strcpy(command.listen_pid, "18446744073709551615");
	assert_string_equal(value_of(command.env, "LISTEN_PID"),
	    "18446744073709551615");
	ctn_command_discard(&command);
	/* said twice: nothing is lost or leaked */
	prepare_in(&command, argv, doubled);
	assert_non_null(command.listen_pid);
	ctn_command_discard(&command);
}

static void
listen_pid_is_not(void **state)
{
	char theirs[40], word[] = "/x";
	char *env[] = { theirs, NULL }, *argv[] = { word, NULL };
	struct ctn_command command;

	(void)state;
	snprintf(theirs, sizeof(theirs), "LISTEN_PID=%ld",
	    (long)getppid());
	prepare_in(&command, argv, env);
	assert_null(command.listen_pid);
	assert_ptr_equal(value_of(command.env, "LISTEN_PID"), theirs + 11);
	ctn_command_discard(&command);
}

static void
discard_twice(void **state)
{
	char word[] = "/x", *argv[] = { word, NULL };
	struct ctn_command command;

	(void)state;
	assert_int_equal(ctn_command_prepare(&command, argv, NULL, "b", "g"), 0);
	ctn_command_discard(&command);
	assert_null(command.paths);
	assert_null(command.env);
	ctn_command_discard(&command);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(paths),
		cmocka_unit_test(paths_empty_directory),
		cmocka_unit_test(paths_without_path),
		cmocka_unit_test(argv_and_shell),
		cmocka_unit_test(environment),
		cmocka_unit_test(no_environment),
		cmocka_unit_test(mark_has_room),
		cmocka_unit_test(listen_pid_is_ours),
		cmocka_unit_test(listen_pid_is_not),
		cmocka_unit_test(discard_twice),
	};

	return cmocka_run_group_tests(tests, unit_setup, NULL) != 0;
}
