/* test_linux_process.c: Linux's process table */
#include "config.h"

#include <sys/wait.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "os/linux.h"
#include "unit.h"

/* A line of /proc/PID/stat with this name; start is 424242. */
static const char *
stat_line(const char *name, char status)
{
	static char line[1024];

	snprintf(line, sizeof(line), "1234 (%s) %c 77 88 99 0 -1 4194304 1 2 "
	    "3 4 5 6 7 8 20 0 1 0 424242 1000 2000 18446744073709551615 1 1 "
	    "0\n", name, status);
	return line;
}

static void
check_line(const char *name, const char *wanted)
{
	struct ctn_process process;

	memset(&process, 'x', sizeof(process));
	assert_int_equal(ctn_linux_parse_stat(stat_line(name, 'S'),
	    &process), 0);
	assert_int_equal(process.pid, 1234);
	assert_string_equal(process.name, wanted);
	assert_int_equal(process.parent, 77);
	assert_int_equal(process.pgrp, 88);
	assert_int_equal(process.session, 99);
	assert_int_equal(process.is_zombie, 0);
	assert_true(process.start == 424242);
}

static void
parse(void **state)
{
	(void)state;
	check_line("sleep", "sleep");
	check_line("a", "a");
	check_line("", "");
}

static void
parse_odd_names(void **state)
{
	(void)state;
	check_line("a b c", "a b c");
	check_line("a)", "a)");
	check_line("(a", "(a");
	check_line(") R 1 2 3", ") R 1 2 3");
	check_line(")) (((", ")) (((");
	check_line("new\nline", "new\nline");
	check_line("\n) S 1 1 1\n", "\n) S 1 1 1\n");
}

/* The kernel's own threads have longer names than 15 bytes. */
static void
parse_long_name(void **state)
{
	struct ctn_process process;
	char name[41];

	(void)state;
	memset(name, 'n', sizeof(name));
	name[sizeof(name) - 1] = '\0';
	assert_int_equal(ctn_linux_parse_stat(stat_line(name, 'S'),
	    &process), 0);
	assert_int_equal(strlen(process.name), sizeof(process.name) - 1);
	assert_int_equal(process.parent, 77);
}

static void
parse_states(void **state)
{
	struct ctn_process process;
	const char *alive;

	(void)state;
	for (alive = "RSDTtI"; *alive != '\0'; alive++) {
		assert_int_equal(ctn_linux_parse_stat(stat_line("x", *alive),
		    &process), 0);
		assert_int_equal(process.is_zombie, 0);
	}
	assert_int_equal(ctn_linux_parse_stat(stat_line("x", 'Z'), &process),
	    0);
	assert_int_equal(process.is_zombie, 1);
	assert_int_equal(ctn_linux_parse_stat(stat_line("x", 'X'), &process),
	    0);
	assert_int_equal(process.is_zombie, 1);
}

/* Numbers of an outer namespace's tty are negative: they do not shift the
 * fields behind them. */
static void
parse_negative(void **state)
{
	struct ctn_process process;

	(void)state;
	assert_int_equal(ctn_linux_parse_stat("1 (x) S 0 0 0 -1 -1 -9 1 2 3 4 "
	    "5 6 7 8 -20 -19 1 0 5555 1", &process), 0);
	assert_int_equal(process.parent, 0);
	assert_true(process.start == 5555);
}

static void
parse_large_start(void **state)
{
	struct ctn_process process;

	(void)state;
	assert_int_equal(ctn_linux_parse_stat("1 (x) S 2 3 4 5 6 7 8 9 10 11 "
	    "12 13 14 15 16 17 18 19 20 21 18446744073709551615 23",
	    &process), 0);
	assert_true(process.start == 20);
	assert_int_equal(ctn_linux_parse_stat("1 (x) S 2 3 4 5 6 7 8 9 10 11 "
	    "12 13 14 15 16 17 18 19 18446744073709551615 23", &process), 0);
	assert_true(process.start == UINT64_MAX);
}

/* Every beginning of a line, in memory of just that size: nothing is read
 * behind it, and what is no line is refused. */
static void
parse_truncated(void **state)
{
	const char *line = stat_line("a) b", 'S');
	const char *behind_name = strrchr(line, ')') + 1;
	size_t length = strlen(line), i;
	struct ctn_process process;
	char *part;
	int result;

	(void)state;
	for (i = 0; i <= length; i++) {
		part = malloc(i + 1);
		assert_non_null(part);
		memcpy(part, line, i);
		part[i] = '\0';
		result = ctn_linux_parse_stat(part, &process);
		/* up to and with the blank behind the state */
		if (line + i < behind_name)
			assert_true(result == -1 || strchr(part, ')') != NULL);
		else if (line + i < behind_name + 3)
			assert_int_equal(result, -1);
		else
			assert_int_equal(result, 0);
		free(part);
	}
}

static void
parse_garbage(void **state)
{
	static const char *const lines[] = { "", "x", "1", "1 (x", "1 x) S 1",
		")(", "1 (x)", "1 (x) ", "1 (x)S 1 2 3", ") S (", "1 (x) S" };
	struct ctn_process process;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		assert_int_equal(ctn_linux_parse_stat(lines[i], &process),
		    -1);
}

static void
get_self(void **state)
{
	struct ctn_process process, again;

	(void)state;
	assert_int_equal(ctn_os_process_get(getpid(), &process), 0);
	assert_int_equal(process.pid, getpid());
	assert_int_equal(process.parent, getppid());
	assert_int_equal(process.pgrp, getpgrp());
	assert_int_equal(process.session, getsid(0));
	assert_int_equal(process.is_zombie, 0);
	assert_true(process.start > 0);
	assert_int_equal(ctn_os_process_get(getpid(), &again), 0);
	assert_true(process.start == again.start);
}

static void
get_ended(void **state)
{
	struct ctn_process process;
	siginfo_t info;
	pid_t pid = fork();

	(void)state;
	if (pid == 0)
		_exit(0);
	assert_true(pid > 0);
	assert_int_equal(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT),
	    0);
	assert_int_equal(ctn_os_process_get(pid, &process), 0);
	assert_int_equal(process.is_zombie, 1);
	assert_int_equal(process.parent, getpid());
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	errno = 0;
	assert_int_equal(ctn_os_process_get(pid, &process), -1);
	assert_int_equal(errno, ESRCH);
}

static void
self(void **state)
{
	(void)state;
	assert_int_equal(ctn_os_process_self(), getpid());
}

struct seen {
	pid_t wanted;
	int times;
	int visits;
	int stop;
};

static int
see(pid_t pid, void *arg)
{
	struct seen *seen = arg;

	seen->visits++;
	seen->times += pid == seen->wanted;
	return seen->stop;
}

static void
each(void **state)
{
	struct seen seen = { getpid(), 0, 0, 0 };

	(void)state;
	assert_int_equal(ctn_os_process_each(see, &seen), 0);
	assert_int_equal(seen.times, 1);
	seen.visits = 0;
	seen.stop = 17;
	assert_int_equal(ctn_os_process_each(see, &seen), 17);
	assert_int_equal(seen.visits, 1);
}

static int
see_number(long number, void *arg)
{
	long *sum = arg;

	*sum += number;
	return 0;
}

static void
touch(const char *directory, const char *name)
{
	char path[200];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	file = fopen(path, "w");
	assert_non_null(file);
	fclose(file);
}

static void
forget(const char *directory, const char *name)
{
	char path[200];

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	unlink(path);
}

/* More entries than one getdents fills, and names that are no numbers. */
static void
each_number(void **state)
{
	static const char *const others[] = { "self", "12a", "-4", "+5", "6 ",
		"0x7" };
	char directory[] = "/tmp/unit.XXXXXX", name[20];
	long sum = 0;
	size_t i;

	(void)state;
	assert_non_null(mkdtemp(directory));
	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		touch(directory, others[i]);
	for (i = 1; i <= 500; i++) {
		snprintf(name, sizeof(name), "%zu", i);
		touch(directory, name);
	}
	CHECK_INT(ctn_linux_each_number(directory, see_number, &sum), 0);
	for (i = 1; i <= 500; i++) {
		snprintf(name, sizeof(name), "%zu", i);
		forget(directory, name);
	}
	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		forget(directory, others[i]);
	assert_int_equal(rmdir(directory), 0);
	assert_int_equal(sum, 500 * 501 / 2);
	assert_int_equal(ctn_linux_each_number(directory, see_number, &sum),
	    -1);
	assert_int_equal(errno, ENOENT);
}

static void
read_file(void **state)
{
	char path[] = "/tmp/unit.XXXXXX", text[8];
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd != -1);
	assert_int_equal(ctn_linux_read_file(path, text, sizeof(text)), 0);
	assert_string_equal(text, "");
	assert_int_equal(write(fd, "abcdefghij", 10), 10);
	assert_int_equal(ctn_linux_read_file(path, text, sizeof(text)), 7);
	assert_string_equal(text, "abcdefg");
	close(fd);
	unlink(path);
	assert_int_equal(ctn_linux_read_file(path, text, sizeof(text)), -1);
	assert_int_equal(errno, ENOENT);
}

/* ---- age and command line ------------------------------------------ */

static void
age(void **state)
{
	struct ctn_process self;
	int64_t before, after;

	(void)state;
	assert_int_equal(ctn_os_process_get(getpid(), &self), 0);
	before = ctn_os_process_age_ms(self.start);
	assert_true(before >= 0 && before < 3600 * 1000);
	assert_int_equal(poll(NULL, 0, 50), 0);
	after = ctn_os_process_age_ms(self.start);
	assert_true(after >= before + 50);
	/* of who starts later than now, the clock being coarse */
	assert_int_equal(ctn_os_process_age_ms(UINT64_MAX / 2000), 0);
}

static void
command_line(void **state)
{
	char line[256], start[5];
	ssize_t n;

	(void)state;
	n = ctn_os_process_command(getpid(), line, sizeof(line));
	assert_true(n > 0);
	assert_int_equal(strlen(line), n);
	assert_non_null(strstr(line, "test_linux_process"));
	assert_int_equal(ctn_os_process_command(getpid(), start,
	    sizeof(start)), 4);
	assert_memory_equal(start, line, 4);
	assert_int_equal(ctn_os_process_command(999999999, line,
	    sizeof(line)), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(age),
		cmocka_unit_test(command_line),
		cmocka_unit_test(parse),
		cmocka_unit_test(parse_odd_names),
		cmocka_unit_test(parse_long_name),
		cmocka_unit_test(parse_states),
		cmocka_unit_test(parse_negative),
		cmocka_unit_test(parse_large_start),
		cmocka_unit_test(parse_truncated),
		cmocka_unit_test(parse_garbage),
		cmocka_unit_test(get_self),
		cmocka_unit_test(get_ended),
		cmocka_unit_test(self),
		cmocka_unit_test(each),
		cmocka_unit_test(each_number),
		cmocka_unit_test(read_file),
	};

	return cmocka_run_group_tests(tests, unit_setup, NULL) != 0;
}
