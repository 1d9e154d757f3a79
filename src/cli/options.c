/* options.c: the command line */
#include "config.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* ---- arguments: from text to a number ------------------------------ */

/* The caller names the option. */
static int
refuse(struct contain_error *err, const char *reason, const char *more)
{
	snprintf(err->message, sizeof(err->message), "%s%s", reason, more);
	return CONTAIN_E_USAGE;
}

static int
parse_nothing(const struct cli_option *option, const char *argument,
    int64_t *value, struct contain_error *err)
{
	(void)option;
	(void)argument;
	(void)err;
	*value = 0;
	return CONTAIN_OK;
}

static int
refuse_word(struct contain_error *err, const char *words)
{
	snprintf(err->message, sizeof(err->message), "not one of %.*s",
	    (int)strcspn(words, "]"), words);
	return CONTAIN_E_USAGE;
}

/* One of the words that the table shows, "a|b|c" or "[=a|b]": its place. */
static int
parse_word(const struct cli_option *option, const char *argument,
    int64_t *value, struct contain_error *err)
{
	const char *words = option->argument, *at;
	size_t length;

	if (*words == '[')
		words += 2;
	*value = 0;
	for (at = words; argument != NULL; at += length + 1, (*value)++) {
		length = strcspn(at, "|]");
		if (strlen(argument) == length &&
		    strncmp(at, argument, length) == 0)
			break;
		if (at[length] != '|')
			return refuse_word(err, words);
	}
	return CONTAIN_OK;
}

static int
parse_number(const struct cli_option *option, const char *argument,
    int64_t *value, struct contain_error *err)
{
	char *end;
	long number;

	(void)option;
	errno = 0;
	number = strtol(argument, &end, 10);
	if (end == argument || *end != '\0' || errno != 0 || number < 0 ||
	    number > INT_MAX)
		return refuse(err, "not a number", "");
	*value = number;
	return CONTAIN_OK;
}

static int
parse_duration(const struct cli_option *option, const char *argument,
    int64_t *value, struct contain_error *err)
{
	(void)option;
	if (cli_duration_parse(argument, value) == 0)
		return CONTAIN_OK;
	return refuse(err, "not a duration", " such as 10, 1.5s, 200ms, "
	    "2m, 1h, 1d");
}

static int
parse_signal(const struct cli_option *option, const char *argument,
    int64_t *value, struct contain_error *err)
{
	(void)option;
	*value = cli_signame_parse(argument);
	return *value != -1 ? CONTAIN_OK : refuse(err, "not a signal", "");
}

/* ---- setting: from the number (or the text) to what it does -------- */

static int
set_backend(struct cli *cli, int64_t value, const char *text,
    struct contain_error *err)
{
	(void)text;
	return contain_options_set_backend(cli->options,
	    (enum contain_backend)value, err);
}

static int
set_require(struct cli *cli, int64_t value, const char *text,
    struct contain_error *err)
{
	(void)text;
	return contain_options_set_require(cli->options, value == 0 ?
	    CONTAIN_GUARANTEE_SIGKILL : CONTAIN_GUARANTEE_SIGHUP, err);
}

static int
set_report(struct cli *cli, int64_t value, const char *text,
    struct contain_error *err)
{
	(void)text;
	(void)err;
	cli->report = value == 0 ? CLI_REPORT_TEXT : CLI_REPORT_JSON;
	return CONTAIN_OK;
}

static void
want_report(struct cli *cli)
{
	if (cli->report == CLI_REPORT_NONE)
		cli->report = CLI_REPORT_TEXT;
}

static int
set_report_file(struct cli *cli, int64_t value, const char *text,
    struct contain_error *err)
{
	(void)value;
	(void)err;
	cli->report_file = text;
	want_report(cli);
	return CONTAIN_OK;
}

static int
set_report_fd(struct cli *cli, int64_t value, const char *text,
    struct contain_error *err)
{
	(void)text;
	(void)err;
	cli->report_fd = (int)value;
	want_report(cli);
	return CONTAIN_OK;
}

/* The durations differ only in where they go. */
#define DURATION(option)						\
static int								\
set_##option(struct cli *cli, int64_t value, const char *text,		\
    struct contain_error *err)						\
{									\
	(void)text;							\
	return contain_options_set_##option##_ms(cli->options, value, err); \
}

DURATION(timeout)
DURATION(kill_after)
DURATION(linger)

static int
set_grace(struct cli *cli, int64_t value, const char *text,
    struct contain_error *err)
{
	(void)text;
	cli->has_grace = 1;
	cli->grace_ms = value;
	return contain_options_set_grace_ms(cli->options, value, err);
}

static int
set_signal(struct cli *cli, int64_t value, const char *text,
    struct contain_error *err)
{
	(void)text;
	cli->signum = (int)value;
	return contain_options_set_signal(cli->options, cli->signum, err);
}

static int
set_preserve_status(struct cli *cli, int64_t value, const char *text,
    struct contain_error *err)
{
	(void)value;
	(void)text;
	(void)err;
	cli->preserves_status = 1;
	return CONTAIN_OK;
}

static int
set_forward(struct cli *cli, int64_t value, const char *text,
    struct contain_error *err)
{
	(void)text;
	return contain_options_set_forward(cli->options,
	    (enum contain_forward)value, err);
}

static int
add_watch(struct cli *cli, enum cli_watch_kind kind, int64_t number,
    struct contain_error *err)
{
	struct cli_watch *watch;

	if (cli->watch_count == CLI_WATCHES_MAX)
		return refuse(err, "too many to watch", "");
	if (cli->watches == NULL)
		cli->watches = calloc(CLI_WATCHES_MAX, sizeof(*cli->watches));
	if (cli->watches == NULL)
		return refuse(err, "out of memory", "");
	watch = &cli->watches[cli->watch_count++];
	watch->kind = kind;
	watch->number = (long)number;
	watch->fd = -1;
	return CONTAIN_OK;
}

static int
set_die_with_parent(struct cli *cli, int64_t value, const char *text,
    struct contain_error *err)
{
	(void)text;
	return add_watch(cli, CLI_WATCH_PARENT, value, err);
}

static int
set_die_with_pid(struct cli *cli, int64_t value, const char *text,
    struct contain_error *err)
{
	(void)text;
	if (value == 0)
		return refuse(err, "no process has this number", "");
	return add_watch(cli, CLI_WATCH_PID, value, err);
}

static int
set_lifeline_fd(struct cli *cli, int64_t value, const char *text,
    struct contain_error *err)
{
	(void)text;
	return add_watch(cli, CLI_WATCH_LIFELINE, value, err);
}

static int
set_leftovers(struct cli *cli, int64_t value, const char *text,
    struct contain_error *err)
{
	(void)text;
	(void)err;
	cli->leftovers = (enum cli_leftovers)value;
	return CONTAIN_OK;
}

static int
set_tty(struct cli *cli, int64_t value, const char *text,
    struct contain_error *err)
{
	(void)text;
	(void)err;
	cli->tty = (enum cli_tty)value;
	return CONTAIN_OK;
}

static int
set_proc(struct cli *cli, int64_t value, const char *text,
    struct contain_error *err)
{
	(void)text;
	return contain_options_set_proc(cli->options,
	    (enum contain_proc)value, err);
}

/* Strongest first, as the words stand in the table. */
static int
set_reach(struct cli *cli, int64_t value, const char *text,
    struct contain_error *err)
{
	static const enum contain_reach reaches[] = {
		CONTAIN_REACH_DESCENDANTS, CONTAIN_REACH_MARKED,
		CONTAIN_REACH_SESSION
	};

	(void)text;
	return contain_options_set_reach(cli->options, reaches[value], err);
}

static int
set_sweep(struct cli *cli, int64_t value, const char *text,
    struct contain_error *err)
{
	(void)value;
	(void)err;
	cli->action = CLI_SWEEP;
	cli->sweeps = text != NULL ? CONTAIN_SWEEP_LOOK : CONTAIN_SWEEP_END;
	return CONTAIN_OK;
}

/* What contain does instead of running a command. */
#define ACTION(option, instead)						\
static int								\
set_##option(struct cli *cli, int64_t value, const char *text,		\
    struct contain_error *err)						\
{									\
	(void)value;							\
	(void)text;							\
	(void)err;							\
	cli->action = instead;						\
	return CONTAIN_OK;						\
}

ACTION(probe, CLI_PROBE)
ACTION(help, CLI_HELP)
ACTION(version, CLI_VERSION)

#define VERBOSITY(option, how_much)					\
static int								\
set_##option(struct cli *cli, int64_t value, const char *text,		\
    struct contain_error *err)						\
{									\
	(void)value;							\
	(void)text;							\
	(void)err;							\
	cli->verbosity = how_much;					\
	return CONTAIN_OK;						\
}

VERBOSITY(verbose, CLI_VERBOSE)
VERBOSITY(quiet, CLI_QUIET)

/* ---- the table ----------------------------------------------------- */

const struct cli_option cli_options[] = {
	{ 'b', "backend", "auto|pidns|pty", "how to contain (auto)",
	    parse_word, set_backend },
	{ 0, "require", "sigkill|sighup", "fail rather than guarantee less",
	    parse_word, set_require },
	{ 'r', "report", "[=text|json]", "say what is in effect, and how it "
	    "ended", parse_word, set_report },
	{ 0, "report-file", "FILE", "write it there",
	    parse_nothing, set_report_file },
	{ 0, "report-fd", "N", "write it to N",
	    parse_number, set_report_fd },
	{ 0, "probe", NULL, "say what each backend can do; run nothing",
	    parse_nothing, set_probe },
	{ 't', "timeout", "DURATION", "end after that",
	    parse_duration, set_timeout },
	{ 's', "signal", "SIGNAL", "send it (TERM)",
	    parse_signal, set_signal },
	{ 'k', "kill-after", "DURATION", "then SIGKILL after DURATION (5s)",
	    parse_duration, set_kill_after },
	{ 0, "preserve-status", NULL, "the command's status on a timeout, "
	    "not 124", parse_nothing, set_preserve_status },
	{ 0, "linger", "DURATION", "leftovers' time",
	    parse_duration, set_linger },
	{ 0, "grace", "DURATION", "HUP to KILL", parse_duration, set_grace },
	{ 0, "forward", "group|command", "whom signals reach (group)",
	    parse_word, set_forward },
	{ 0, "die-with-parent", NULL, "end with parent",
	    parse_nothing, set_die_with_parent },
	{ 0, "die-with-pid", "PID", "end with PID",
	    parse_number, set_die_with_pid },
	{ 0, "lifeline-fd", "N", "end when the other end of N is closed",
	    parse_number, set_lifeline_fd },
	{ 0, "leftovers", "kill|warn|fail", "what to say of leftovers "
	    "(kill: nothing)", parse_word, set_leftovers },
	{ 0, "tty", "auto|always|never", "serve contain's own terminal (auto)",
	    parse_word, set_tty },
	{ 0, "proc", "auto|mount|keep", "/proc in a PID namespace (auto)",
	    parse_word, set_proc },
	{ 0, "reach", "descendants|marked|session", "how far pty reaches",
	    parse_word, set_reach },
	{ 0, "sweep", "[=dry-run]", "end what groups without contain left",
	    parse_word, set_sweep },
	{ 'v', "verbose", NULL, "say more", parse_nothing, set_verbose },
	{ 'q', "quiet", NULL, "only errors", parse_nothing, set_quiet },
	{ 'h', "help", NULL, "print this", parse_nothing, set_help },
	{ 'V', "version", NULL, "print version",
	    parse_nothing, set_version },
	{ 0, NULL, NULL, NULL, NULL, NULL }
};

/* ---- reading ------------------------------------------------------- */

#define TABLE_SIZE (COUNT(cli_options) - 1)

/* getopt's val of an option: its place in the table, behind all letters. */
#define FIRST_VALUE 256

static int
argument_kind(const struct cli_option *option)
{
	if (option->argument == NULL)
		return no_argument;
	return option->argument[0] == '[' ? optional_argument :
	    required_argument;
}

/* What getopt_long wants, from the table.  A leading '+': stop at the first
 * argument that is no option.  ':': tell a missing argument apart. */
static void
build_getopt(struct option *longs, char *shorts)
{
	static const struct option end = { NULL, 0, NULL, 0 };
	size_t i;
	int kind;

	*shorts++ = '+';
	*shorts++ = ':';
	for (i = 0; i < TABLE_SIZE; i++) {
		kind = argument_kind(&cli_options[i]);
		/* no const in illumos' */
		longs[i].name = (char *)cli_options[i].name;
		longs[i].has_arg = kind;
		longs[i].flag = NULL;
		longs[i].val = FIRST_VALUE + (int)i;
		if (cli_options[i].letter == 0)
			continue;
		*shorts++ = (char)cli_options[i].letter;
		if (kind != no_argument)
			*shorts++ = ':';
		if (kind == optional_argument)
			*shorts++ = ':';
	}
	longs[TABLE_SIZE] = end;
	*shorts = '\0';
}

/* The option that getopt's value stands for; NULL if none. */
static const struct cli_option *
find_option(int value)
{
	size_t i;

	for (i = 0; i < TABLE_SIZE; i++)
		if (value == FIRST_VALUE + (int)i ||
		    (value != 0 && value == cli_options[i].letter))
			return &cli_options[i];
	return NULL;
}

static _Noreturn void
bad_usage(const char *option, const char *reason)
{
	cli_fail("%s: %s; see contain --help", option, reason);
}

/* getopt returned '?' or ':': which option, and what is wrong with it. */
static _Noreturn void
complain(int result, char *argv[], int word)
{
	const struct cli_option *option = find_option(optopt);
	char name[64];

	if (option != NULL && optopt < FIRST_VALUE)
		snprintf(name, sizeof(name), "-%c", option->letter);
	else if (option != NULL)
		snprintf(name, sizeof(name), "--%s", option->name);
	else if (optopt != 0)
		snprintf(name, sizeof(name), "-%c", optopt);
	else
		snprintf(name, sizeof(name), "%.60s", argv[word]);
	if (result == ':')
		bad_usage(name, "needs an argument");
	if (option != NULL)
		bad_usage(name, "takes no argument");
	bad_usage(name, "unknown or ambiguous option");
}

static int
apply(struct cli *cli, const struct cli_option *option, const char *argument,
    struct contain_error *err)
{
	int64_t value;
	int code = option->parse(option, argument, &value, err);

	return code != CONTAIN_OK ? code :
	    option->set(cli, value, argument, err);
}

static void
apply_or_complain(struct cli *cli, const struct cli_option *option,
    const char *argument)
{
	struct contain_error err;
	char name[600];

	if (apply(cli, option, argument, &err) == CONTAIN_OK)
		return;
	snprintf(name, sizeof(name), "--%s%s%.500s", option->name,
	    argument != NULL ? "=" : "", argument != NULL ? argument : "");
	bad_usage(name, err.message);
}

/* The environment's default is read first, so that --backend overrules it. */
static void
read_environment(struct cli *cli)
{
	const char *backend = getenv("CONTAIN_BACKEND_DEFAULT");
	struct contain_error err;

	if (backend != NULL && *backend != '\0' &&
	    apply(cli, find_option('b'), backend, &err) != CONTAIN_OK)
		cli_fail("CONTAIN_BACKEND_DEFAULT=%s: %s", backend,
		    err.message);
}

void
cli_options_read(struct cli *cli, int argc, char *argv[])
{
	struct option longs[TABLE_SIZE + 1];
	const struct cli_option *option;
	char shorts[3 * TABLE_SIZE + 3];
	int result, word;

	read_environment(cli);
	build_getopt(longs, shorts);
	opterr = 0;
	for (;;) {
		word = optind > 0 ? optind : 1;
		result = getopt_long(argc, argv, shorts, longs, NULL);
		if (result == -1)
			break;
		option = find_option(result);
		if (option == NULL)
			complain(result, argv, word);
		else
			apply_or_complain(cli, option, optarg);
	}
	cli->command = argv + optind;
	if (cli->action == CLI_RUN && *cli->command == NULL)
		cli_fail("no command given; see contain --help");
}
