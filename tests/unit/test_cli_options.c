/* test_cli_options.c: the table of options, and reading a command line */
#include "config.h"

#include <sys/wait.h>
#include <ctype.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "options.h"
#include "unit.h"

/* ---- the table ----------------------------------------------------- */

static void
every_row_is_whole(void **state)
{
	const struct cli_option *option;

	(void)state;
	assert_non_null(cli_options[0].name);
	for (option = cli_options; option->name != NULL; option++) {
		assert_true(option->name[0] != '\0');
		assert_true(strspn(option->name,
		    "abcdefghijklmnopqrstuvwxyz-") == strlen(option->name));
		assert_true(option->letter == 0 || isalpha(option->letter));
		assert_non_null(option->help);
		assert_true(option->help[0] != '\0');
		assert_true(option->argument == NULL ||
		    option->argument[0] != '\0');
		assert_non_null(option->parse);
		assert_non_null(option->set);
	}
}

static void
no_name_or_letter_twice(void **state)
{
	const struct cli_option *one, *other;

	(void)state;
	for (one = cli_options; one->name != NULL; one++)
		for (other = one + 1; other->name != NULL; other++) {
			if (strcmp(one->name, other->name) == 0)
				fail_msg("--%s is there twice", one->name);
			if (one->letter != 0 && one->letter == other->letter)
				fail_msg("-%c is --%s and --%s", one->letter,
				    one->name, other->name);
		}
}

/* ---- --help -------------------------------------------------------- */

/* What print writes to standard output. */
static char *
output_of(int (*print)(void))
{
	static char text[16384];
	int fds[2], status;
	size_t used = 0;
	ssize_t n;
	pid_t pid;

	assert_int_equal(pipe(fds), 0);
	fflush(NULL);
	pid = fork();
	assert_true(pid != -1);
	if (pid == 0) {
		dup2(fds[1], STDOUT_FILENO);
		_exit(print());
	}
	close(fds[1]);
	while ((n = read(fds[0], text + used, sizeof(text) - used - 1)) > 0)
		used += (size_t)n;
	text[used] = '\0';
	close(fds[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	return text;
}

static void
help_fits(void **state)
{
	char *line;
	int lines = 0;

	(void)state;
	for (line = strtok(output_of(cli_usage_print), "\n"); line != NULL;
	    line = strtok(NULL, "\n"), lines++)
		if (strlen(line) > 80)
			fail_msg("%zu columns: %s", strlen(line), line);
	assert_true(lines > 10);
}

static void
help_has_every_option(void **state)
{
	const struct cli_option *option;
	char text[200];
	const char *help;

	(void)state;
	help = output_of(cli_usage_print);
	for (option = cli_options; option->name != NULL; option++) {
		snprintf(text, sizeof(text), "--%s%s%s", option->name,
		    option->argument != NULL && option->argument[0] != '[' ?
		    "=" : "", option->argument != NULL ? option->argument :
		    " ");
		CHECK_HAS(help, text);
		CHECK_HAS(help, option->help);
		if (option->letter == 0)
			continue;
		snprintf(text, sizeof(text), "  -%c, --%s", option->letter,
		    option->name);
		CHECK_HAS(help, text);
	}
}

static void
version(void **state)
{
	char line[100];

	(void)state;
	snprintf(line, sizeof(line), "contain %s\n", PACKAGE_VERSION);
	assert_string_equal(output_of(cli_usage_version), line);
}

/* ---- reading ------------------------------------------------------- */

#define ARGS_MAX 16

/* Read a command line, as main does. */
static void
read_line(struct cli *cli, char *const *words)
{
	static char *argv[ARGS_MAX];
	int argc = 0;

	while (words[argc] != NULL) {
		argv[argc] = words[argc];
		argc++;
	}
	argv[argc] = NULL;
	memset(cli, 0, sizeof(*cli));
	cli->report_fd = -1;
	cli->options = contain_options_new();
	assert_non_null(cli->options);
	optind = 0;	/* glibc and musl: begin anew */
	cli_options_read(cli, argc, argv);
}

#define WORDS(...) ((char *[]){ (char *)"contain", __VA_ARGS__, NULL })
#define W(text) ((char *)(text))

static void
done(struct cli *cli)
{
	contain_options_free(cli->options);
	free(cli->watches);
}

static void
reads_nothing(void **state)
{
	struct cli cli;

	(void)state;
	read_line(&cli, WORDS(W("cmd")));
	assert_int_equal(cli.action, CLI_RUN);
	assert_int_equal(cli.report, CLI_REPORT_NONE);
	assert_int_equal(cli.leftovers, CLI_LEFTOVERS_KILL);
	assert_int_equal(cli.verbosity, CLI_NORMAL);
	assert_int_equal(cli.report_fd, -1);
	assert_int_equal(cli.watch_count, 0);
	assert_string_equal(cli.command[0], "cmd");
	assert_null(cli.command[1]);
	done(&cli);
}

static void
ends_at_the_command(void **state)
{
	struct cli cli;

	(void)state;
	read_line(&cli, WORDS(W("-v"), W("cmd"), W("-q"), W("--help")));
	assert_int_equal(cli.verbosity, CLI_VERBOSE);
	assert_int_equal(cli.action, CLI_RUN);
	assert_string_equal(cli.command[0], "cmd");
	assert_string_equal(cli.command[1], "-q");
	assert_string_equal(cli.command[2], "--help");
	done(&cli);
	read_line(&cli, WORDS(W("--"), W("-q"), W("x")));
	assert_int_equal(cli.verbosity, CLI_NORMAL);
	assert_string_equal(cli.command[0], "-q");
	done(&cli);
}

static void
reads_options(void **state)
{
	struct cli cli;

	(void)state;
	read_line(&cli, WORDS(W("-bpidns"), W("--require=sigkill"),
	    W("-t"), W("1.5"), W("-sINT"), W("--kill-after=200ms"),
	    W("--linger"), W("1m"), W("--grace=0"), W("--forward=command"),
	    W("--proc=keep"), W("c")));
	assert_int_equal(cli.options->backend, CONTAIN_BACKEND_PIDNS);
	assert_int_equal(cli.options->require, CONTAIN_GUARANTEE_SIGKILL);
	assert_int_equal(cli.options->timeout_ms, 1500);
	assert_int_equal(cli.options->signum, SIGINT);
	assert_int_equal(cli.signum, SIGINT);
	assert_int_equal(cli.options->kill_after_ms, 200);
	assert_int_equal(cli.options->linger_ms, 60000);
	assert_int_equal(cli.options->grace_ms, 0);
	assert_int_equal(cli.options->forward, CONTAIN_FORWARD_COMMAND);
	assert_int_equal(cli.options->proc, CONTAIN_PROC_KEEP);
	done(&cli);
}

static void
reads_watches(void **state)
{
	struct cli cli;

	(void)state;
	read_line(&cli, WORDS(W("--die-with-pid=12"), W("--lifeline-fd=0"),
	    W("--die-with-parent"), W("--lifeline-fd"), W("7"), W("c")));
	assert_int_equal(cli.watch_count, 4);
	assert_int_equal(cli.watches[0].kind, CLI_WATCH_PID);
	assert_int_equal(cli.watches[0].number, 12);
	assert_int_equal(cli.watches[1].kind, CLI_WATCH_LIFELINE);
	assert_int_equal(cli.watches[1].number, 0);
	assert_int_equal(cli.watches[2].kind, CLI_WATCH_PARENT);
	assert_int_equal(cli.watches[3].kind, CLI_WATCH_LIFELINE);
	assert_int_equal(cli.watches[3].number, 7);
	assert_int_equal(cli.watches[3].fd, -1);
	done(&cli);
}

static void
reads_reports(void **state)
{
	struct cli cli;

	(void)state;
	read_line(&cli, WORDS(W("-r"), W("c")));
	assert_int_equal(cli.report, CLI_REPORT_TEXT);
	done(&cli);
	read_line(&cli, WORDS(W("--report=json"), W("c")));
	assert_int_equal(cli.report, CLI_REPORT_JSON);
	done(&cli);
	read_line(&cli, WORDS(W("--report-fd=5"), W("c")));
	assert_int_equal(cli.report, CLI_REPORT_TEXT);
	assert_int_equal(cli.report_fd, 5);
	done(&cli);
	read_line(&cli, WORDS(W("--report=json"), W("--report-file=f"),
	    W("--leftovers=fail"), W("c")));
	assert_int_equal(cli.report, CLI_REPORT_JSON);
	assert_string_equal(cli.report_file, "f");
	assert_int_equal(cli.leftovers, CLI_LEFTOVERS_FAIL);
	done(&cli);
}

static void
reads_actions(void **state)
{
	struct cli cli;

	(void)state;
	read_line(&cli, WORDS(W("--probe")));
	assert_int_equal(cli.action, CLI_PROBE);
	done(&cli);
	read_line(&cli, WORDS(W("-h")));
	assert_int_equal(cli.action, CLI_HELP);
	done(&cli);
	read_line(&cli, WORDS(W("--version")));
	assert_int_equal(cli.action, CLI_VERSION);
	done(&cli);
}

static void
environment_sets_backend(void **state)
{
	struct cli cli;

	(void)state;
	setenv("CONTAIN_BACKEND_DEFAULT", "pidns", 1);
	read_line(&cli, WORDS(W("c")));
	assert_int_equal(cli.options->backend, CONTAIN_BACKEND_PIDNS);
	done(&cli);
	read_line(&cli, WORDS(W("--backend=auto"), W("c")));
	assert_int_equal(cli.options->backend, CONTAIN_BACKEND_AUTO);
	done(&cli);
	unsetenv("CONTAIN_BACKEND_DEFAULT");
}

/* ---- refusing ------------------------------------------------------ */

/* What is said, on one line, of a command line that is wrong. */
static const char *
refusal(char *const *words)
{
	static char text[2100];
	int fds[2], status;
	struct cli cli;
	size_t used = 0;
	ssize_t n;
	pid_t pid;

	assert_int_equal(pipe(fds), 0);
	pid = fork();
	assert_true(pid != -1);
	if (pid == 0) {
		dup2(fds[1], STDERR_FILENO);
		read_line(&cli, words);
		_exit(0);
	}
	close(fds[1]);
	while ((n = read(fds[0], text + used, sizeof(text) - used - 1)) > 0)
		used += (size_t)n;
	text[used] = '\0';
	close(fds[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), CLI_EXIT_FAILED);
	assert_ptr_equal(strchr(text, '\n'), text + used - 1);
	return text;
}

static void
refuses(void **state)
{
	static const struct {
		const char *words[3];
		const char *said;
	} wrong[] = {
		{ { "--backend=x", "c" }, "contain: --backend=x: not one of "
		    "auto|pidns|pty; see contain --help\n" },
		{ { "--nonsense", "c" }, "--nonsense: unknown" },
		{ { "-Z", "c" }, "-Z: unknown" },
		{ { "--timeout" }, "--timeout: needs an argument" },
		{ { "-t" }, "-t: needs an argument" },
		{ { "--probe=x" }, "--probe: takes no argument" },
		{ { "-t", "x", "c" }, "--timeout=x: not a duration" },
		{ { "--grace=-1", "c" }, "--grace=-1: not a duration" },
		{ { "-s", "NONE", "c" }, "--signal=NONE: " },
		{ { "--require=none", "c" }, "not one of sigkill|sighup" },
		{ { "--report-fd=-1", "c" }, "not a number" },
		{ { "--report-fd=2147483648", "c" }, "not a number" },
		{ { "--report-fd=", "c" }, "not a number" },
		{ { "--die-with-pid=0", "c" }, "no process has this" },
		{ { "--lifeline-fd=1x", "c" }, "not a number" },
		{ { "--backend=", "c" }, "not one of auto|pidns|pty" },
		{ { "--backend=pid", "c" }, "not one of auto|pidns|pty" },
		{ { "--backend=auto|pidns", "c" }, "not one of auto|" },
		{ { "--re", "c" }, "--re: unknown or ambiguous" },
		{ { "--report=xml", "c" }, "not one of text|json" },
		{ { NULL }, "contain: no command given" },
		{ { "--" }, "no command given" },
	};
	char *words[5];
	size_t i, n;

	(void)state;
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		words[0] = W("contain");
		for (n = 0; n < 3; n++)
			words[n + 1] = W(wrong[i].words[n]);
		words[4] = NULL;
		CHECK_HAS(refusal(words), wrong[i].said);
	}
}

static void
refuses_too_many_watches(void **state)
{
	struct contain_error err;
	const struct cli_option *option = cli_options;
	struct cli cli;
	int i;

	(void)state;
	memset(&cli, 0, sizeof(cli));
	while (strcmp(option->name, "lifeline-fd") != 0)
		option++;
	for (i = 0; i < CLI_WATCHES_MAX; i++)
		assert_int_equal(option->set(&cli, 0, "0", &err),
		    CONTAIN_OK);
	assert_int_equal(option->set(&cli, 0, "0", &err),
	    CONTAIN_E_USAGE);
	assert_int_equal(cli.watch_count, CLI_WATCHES_MAX);
	free(cli.watches);
}

/* A very long argument is named all the same, and cut. */
static void
refuses_long_argument(void **state)
{
	char word[4000];

	(void)state;
	memset(word, 'x', sizeof(word));
	memcpy(word, "--proc=", 7);
	word[sizeof(word) - 1] = '\0';
	CHECK_HAS(refusal(WORDS(word, W("c"))), "--proc=xxx");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row_is_whole),
		cmocka_unit_test(no_name_or_letter_twice),
		cmocka_unit_test(help_fits),
		cmocka_unit_test(help_has_every_option),
		cmocka_unit_test(version),
		cmocka_unit_test(reads_nothing),
		cmocka_unit_test(ends_at_the_command),
		cmocka_unit_test(reads_options),
		cmocka_unit_test(reads_watches),
		cmocka_unit_test(reads_reports),
		cmocka_unit_test(reads_actions),
		cmocka_unit_test(environment_sets_backend),
		cmocka_unit_test(refuses),
		cmocka_unit_test(refuses_too_many_watches),
		cmocka_unit_test(refuses_long_argument),
	};

	unsetenv("CONTAIN_BACKEND_DEFAULT");
	return cmocka_run_group_tests(tests, unit_setup, NULL) != 0;
}
