/* test_outfit.c: descriptors, pipes, directory, environment, limits */
#include "config.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "options.h"
#include "outfit.h"
#include "unit.h"

static struct contain_error err;

static int
new_options(void **state)
{
	*state = contain_options_new();
	return *state == NULL;
}

static int
free_options(void **state)
{
	contain_options_free(*state);
	return 0;
}

/* ---- arranging descriptors, in a child of ours --------------------------- */

/* Descriptors 40 to 45 are files that hold their own number. */
#define FIRST 40
#define FILES 6

static void
open_files(void)
{
	char text[8];
	int fds[2], i;

	for (i = FIRST; i < FIRST + FILES; i++) {
		CHECK(pipe(fds) == 0);
		snprintf(text, sizeof(text), "%d", i);
		CHECK(write(fds[1], text, 2) == 2);
		close(fds[1]);
		CHECK(fcntl(fds[0], F_DUPFD_CLOEXEC, i) == i);
		close(fds[0]);
	}
}

/* The number in the file at fd, without end; -1: it is not open. */
static int
number_at(int fd)
{
	char text[4] = "";
	int copy = fcntl(fd, F_DUPFD, 60);

	if (copy == -1)
		return -1;
	CHECK(fcntl(fd, F_GETFD) == 0);
	CHECK(read(copy, text, 2) == 2);
	close(copy);
	return atoi(text);
}

struct plan {
	struct ctn_pair pairs[4];
	size_t count;
	int own;
};

static void
put_on(void *arg)
{
	struct plan plan = *(struct plan *)arg;
	const struct plan *wanted = arg;
	int own = plan.own, before, after;
	size_t i;

	open_files();
	before = unit_count_fds();
	CHECK_INT(ctn_outfit_put_on(NULL, plan.pairs, plan.count, &own), 0);
	after = unit_count_fds();
	for (i = 0; i < wanted->count; i++)
		CHECK_INT(number_at(wanted->pairs[i].to),
		    wanted->pairs[i].from);
	CHECK(own == -1 || fcntl(own, F_GETFD) == FD_CLOEXEC);
	/* nothing but what was asked for is left open */
	for (i = 0; i < wanted->count; i++)
		if (wanted->pairs[i].to >= FIRST + FILES)
			after--;
		else if (wanted->pairs[i].from == -1)
			after++;
	CHECK_INT(after, before + (own != wanted->own));
}

static void
arranged(void **state)
{
	static struct plan plans[] = {
		{ { { 40, 50, 0, 0 } }, 1, -1 },
		{ { { 40, 40, 0, 0 } }, 1, -1 },
		{ { { 40, 41, 0, 0 }, { 41, 40, 0, 0 } }, 2, -1 },
		{ { { 40, 41, 0, 0 }, { 41, 42, 0, 0 },
		    { 42, 40, 0, 0 } }, 3, -1 },
		{ { { 41, 40, 0, 0 }, { 42, 41, 0, 0 } }, 2, -1 },
		{ { { -1, 40, 0, 0 }, { -1, 41, 0, 0 } }, 2, -1 },
		{ { { -1, 41, 0, 0 }, { 41, 40, 0, 0 } }, 2, -1 },
		/* what is still needed is in the way */
		{ { { 40, 45, 0, 0 } }, 1, 45 },
		{ { { 40, 50, 0, 0 } }, 1, 45 },
		{ { { -1, 50, 0, 0 }, { 43, 44, 0, 0 } }, 1, -1 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(plans) / sizeof(plans[0]) - 1; i++)
		unit_child(put_on, &plans[i]);
}

/* One source for two, a circle, and a copy that must not stay. */
static void
shared_source(void *arg)
{
	struct ctn_pair pairs[] = { { 40, 41, 0, 0 }, { 41, 40, 0, 0 },
		{ 40, 42, 0, 0 } };
	int none = -1, before;

	(void)arg;
	open_files();
	before = unit_count_fds();
	CHECK_INT(ctn_outfit_put_on(NULL, pairs, 3, &none), 0);
	CHECK_INT(unit_count_fds(), before);
	CHECK_INT(number_at(40), 41);
	CHECK_INT(number_at(42), 40);
}

static void
shared(void **state)
{
	(void)state;
	unit_child(shared_source, NULL);
}

/* ---- a command ----------------------------------------------------------- */

/* What the script prints on its standard output, a pipe. */
static const char *
output_of(struct contain_options *options, const char *script)
{
	static char text[4096];
	struct contain_group *group;
	size_t used = 0;
	ssize_t n;
	int fd;

	CHECK_INT(contain_options_set_stdio(options, 1, CONTAIN_STDIO_PIPE,
	    &err), CONTAIN_OK);
	group = unit_spawn(options, script, NULL);
	fd = contain_take_stdio(group, 1, &err);
	CHECK(fd > 2);
	CHECK(fcntl(fd, F_GETFD) == FD_CLOEXEC);
	while ((n = read(fd, text + used, sizeof(text) - 1 - used)) > 0)
		used += (size_t)n;
	text[used] = '\0';
	close(fd);
	unit_finish(group, NULL);
	contain_free(group);
	return text;
}

static void
pipes(void **state)
{
	struct contain_options *options = *state;
	struct contain_group *group;
	char text[40] = "";
	int in, out, fds = unit_count_fds();

	contain_options_set_stdio(options, 0, CONTAIN_STDIO_PIPE, &err);
	contain_options_set_stdio(options, 1, CONTAIN_STDIO_PIPE, &err);
	contain_options_set_stdio(options, 2, CONTAIN_STDIO_STDOUT, &err);
	group = unit_spawn(options, "read word; echo $word >&2; cat", NULL);
	in = contain_take_stdio(group, 0, &err);
	out = contain_take_stdio(group, 1, &err);
	assert_int_equal(contain_take_stdio(group, 1, &err), CONTAIN_E_STATE);
	assert_int_equal(contain_take_stdio(group, 2, &err), CONTAIN_E_STATE);
	assert_int_equal(write(in, "there\n", 6), 6);
	assert_int_equal(read(out, text, sizeof(text)), 6);
	assert_string_equal(text, "there\n");
	/* nobody else holds the other ends: cat ends, and then so does this */
	close(in);
	assert_int_equal(read(out, text, sizeof(text)), 0);
	close(out);
	unit_finish(group, NULL);
	contain_free(group);
	/* what was not taken is closed with the group */
	group = unit_spawn(options, "exit 0", NULL);
	unit_finish(group, NULL);
	contain_free(group);
	assert_int_equal(unit_count_fds(), fds);
}

static void
null(void **state)
{
	struct contain_options *options = *state;

	contain_options_set_stdio(options, 0, CONTAIN_STDIO_NULL, &err);
	contain_options_set_stdio(options, 2, CONTAIN_STDIO_NULL, &err);
	CHECK_STR(output_of(options, "cat; echo x >&2; test -c /dev/fd/0 && "
	    "echo null"), "null\n");
}

static void
two_as_one(void **state)
{
	struct contain_options *options = *state;

	contain_options_set_stdio(options, 2, CONTAIN_STDIO_STDOUT, &err);
	CHECK_STR(output_of(options, "echo a; echo b >&2"), "a\nb\n");
}

static void
last_counts(void **state)
{
	struct contain_options *options = *state;

	contain_options_set_stdio(options, 0, CONTAIN_STDIO_PIPE, &err);
	contain_options_set_fd(options, 0, 0, &err);
	contain_options_set_stdio(options, 0, CONTAIN_STDIO_NULL, &err);
	contain_options_set_fd(options, 7, 0, &err);
	contain_options_set_fd(options, 7, -1, &err);
	CHECK_STR(output_of(options, "cat; test -e /proc/self/fd/7 || "
	    "echo closed"), "closed\n");
}

/* Close-on-exec or not, to any number, also that of the library's own. */
static void
descriptors(void **state)
{
	struct contain_options *options = *state;
	int fds[2], fd;

	assert_int_equal(pipe(fds), 0);
	assert_int_equal(write(fds[1], "hello\n", 6), 6);
	close(fds[1]);
	fcntl(fds[0], F_SETFD, FD_CLOEXEC);
	for (fd = 3; fd < 20; fd++)
		contain_options_set_fd(options, fd, fds[0], &err);
	contain_options_set_descriptors(options, CONTAIN_DESCRIPTORS_LISTED,
	    &err);
	CHECK_STR(output_of(options, "cat <&9; ls /proc/self/fd | wc -l"),
	    "hello\n21\n");
	close(fds[0]);
}

static void
listed_only(void **state)
{
	struct contain_options *options = *state;
	int fd = fcntl(1, F_DUPFD, 30);

	CHECK_STR(output_of(options, "test -e /proc/self/fd/30 && echo open"),
	    "open\n");
	contain_options_set_descriptors(options, CONTAIN_DESCRIPTORS_LISTED,
	    &err);
	CHECK_STR(output_of(options, "test -e /proc/self/fd/30 || echo not"),
	    "not\n");
	close(fd);
}

static void
directory_and_environment(void **state)
{
	struct contain_options *options = *state;
	char *env[] = { (char *)"A=one", (char *)"CONTAIN_GROUP=false", NULL };

	contain_options_set_directory(options, "/usr/bin", &err);
	contain_options_set_environment(options, env, &err);
	env[0] = (char *)"A=two";	/* it was copied */
	setenv("B", "three", 1);
	CHECK_STR(output_of(options, "pwd; echo $A$B; test \"$CONTAIN_GROUP\" "
	    "!= false && test -n \"$CONTAIN_BACKEND\" && echo set"),
	    "/usr/bin\none\nset\n");
	contain_options_set_environment(options, NULL, &err);
	contain_options_set_directory(options, NULL, &err);
	CHECK_HAS(output_of(options, "pwd; echo $A$B"), "\nthree\n");
	unsetenv("B");
}

static void
path(void **state)
{
	struct contain_options *options = *state;
	char *argv[] = { (char *)"-name", (char *)"-c",
		(char *)"test \"$0\" = -name && exit 5", NULL };
	struct contain_group *group;
	struct contain_result result;

	contain_options_set_path(options, "sh", &err);
	assert_int_equal(contain_spawn(options, argv, &group, &err), 0);
	unit_finish(group, &result);
	assert_int_equal(result.status, 5 << 8);
	contain_free(group);
}

static void
limit(void **state)
{
	struct contain_options *options = *state;
	struct rlimit few = { 33, 44 }, wrong = { 5, 4 };

	assert_int_equal(contain_options_set_limit(options, RLIMIT_NOFILE,
	    &wrong, &err), CONTAIN_E_USAGE);
	assert_int_equal(contain_options_set_limit(options, -1, &few, &err),
	    CONTAIN_E_USAGE);
	assert_int_equal(contain_options_set_limit(options, 9999, &few, &err),
	    CONTAIN_E_USAGE);
	contain_options_set_limit(options, RLIMIT_NOFILE, &few, &err);
	CHECK_STR(output_of(options, "ulimit -S -n; ulimit -H -n"),
	    "33\n44\n");
	contain_options_set_limit(options, RLIMIT_NOFILE, NULL, &err);
	CHECK_INT(strcmp(output_of(options, "ulimit -H -n"), "44\n") != 0, 1);
}

/* ---- what fails ---------------------------------------------------------- */

static void
fails(struct contain_options *options, int code, const char *step,
    int errnum)
{
	char *argv[] = { (char *)"sh", (char *)"-c", (char *)":", NULL };
	struct contain_group *group = NULL;
	int fds = unit_count_fds();

	assert_int_equal(contain_spawn(options, argv, &group, &err), code);
	assert_null(group);
	assert_string_equal(err.step, step);
	assert_int_equal(err.errnum, errnum);
	assert_int_equal(unit_count_fds(), fds);
	assert_true(unit_no_child());
}

static void
no_directory(void **state)
{
	contain_options_set_directory(*state, "/nonexistent", &err);
	contain_options_set_stdio(*state, 0, CONTAIN_STDIO_PIPE, &err);
	fails(*state, CONTAIN_E_EXEC, "chdir", ENOENT);
	assert_string_equal(err.message, "cannot enter directory "
	    "\"/nonexistent\": No such file or directory");
}

static void
no_descriptor(void **state)
{
	/* far above what the library would use itself, and just there */
	contain_options_set_fd(*state, 0, 500, &err);
	fails(*state, CONTAIN_E_USAGE, "fd", EBADF);
	contain_options_set_fd(*state, 0, dup(0), &err);
	close(dup(0));
	contain_options_set_fd(*state, 1, 0, &err);
	contain_options_set_fd(*state, 1 << 30, 0, &err);
	fails(*state, CONTAIN_E_EXEC, "dup2", EBADF);
}

static void
raise_limit(void *arg)
{
	struct rlimit limit = { 100, 100 };

	setrlimit(RLIMIT_NOFILE, &limit);
	if (geteuid() == 0)
		CHECK(setreuid(65534, 65534) == 0);
	limit.rlim_cur = limit.rlim_max = 200;
	contain_options_set_limit(arg, RLIMIT_NOFILE, &limit, &err);
	fails(arg, CONTAIN_E_EXEC, "setrlimit", EPERM);
}

static void
no_limit(void **state)
{
	unit_child(raise_limit, *state);
}

/* As if nothing had ever been asked for. */
static void
inherited_again(void **state)
{
	const struct contain_options *options = *state;

	contain_options_set_stdio(*state, 0, CONTAIN_STDIO_NULL, &err);
	contain_options_set_stdio(*state, 1, CONTAIN_STDIO_PIPE, &err);
	assert_int_equal(options->outfit.wish_count, 2);
	assert_int_equal(contain_options_set_stdio(*state, 0,
	    CONTAIN_STDIO_INHERIT, &err), CONTAIN_OK);
	assert_int_equal(options->outfit.wish_count, 1);
	assert_int_equal(options->outfit.wishes[0].to, 1);
}

int
main(void)
{
#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, new_options, free_options)
	const struct CMUnitTest tests[] = {
		TEST(arranged),
		TEST(shared),
		TEST(pipes),
		TEST(null),
		TEST(two_as_one),
		TEST(last_counts),
		TEST(descriptors),
		TEST(listed_only),
		TEST(directory_and_environment),
		TEST(path),
		TEST(limit),
		TEST(no_directory),
		TEST(no_descriptor),
		TEST(no_limit),
		TEST(inherited_again),
	};

	return cmocka_run_group_tests(tests, unit_setup, NULL) != 0;
}
