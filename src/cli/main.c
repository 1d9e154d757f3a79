/* main.c: the command: start a group, serve it, end as it did */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli.h"
#include "os/os.h"

/* Once the end was asked for, a terminal that takes nothing is waited for no
 * longer than this. */
#define LAST_OUTPUT_MS 1000

/* A report as JSON takes most of it. */
#define STACK_MIN_KIB 128

static int
on_ready(const struct contain_effect *effect, void *arg)
{
	cli_report_start(arg, effect);
	return 0;
}

/* What was written to the terminal that the pty backend made. */
static void
on_output(const char *data, size_t size, void *arg)
{
	(void)arg;
	if (write(cli_say_fd(), data, size) == -1)
		return;		/* nobody reads: no reason to stop */
}

/* What the command line does not decide; the mask is the caller's, which
 * contain itself has replaced. */
static void
set_own_options(struct cli *cli)
{
	contain_options_set_pgrp(cli->options, CONTAIN_PGRP_AUTO, NULL);
	contain_options_set_host(cli->options, CONTAIN_HOST_OWNS_NAMESPACE,
	    NULL);
	contain_options_set_stops(cli->options, CONTAIN_STOPS_REPORTED, NULL);
	contain_options_set_output(cli->options, on_output, cli, NULL);
	contain_options_set_mask(cli->options, cli_signals_inherited(), NULL);
}

static void
begin(struct cli *cli)
{
	cli->signum = SIGTERM;
	cli->report_fd = -1;
	cli->options = contain_options_new();
	if (cli->options == NULL)
		cli_fail("out of memory");
	set_own_options(cli);
}

/* The command was not executed, or could not be contained. */
static _Noreturn void
not_started(const struct cli *cli, const struct contain_error *err)
{
	int status = CLI_EXIT_FAILED;

	if (err->code == CONTAIN_E_EXEC)
		status = err->errnum == ENOENT ? CLI_EXIT_NOT_FOUND :
		    CLI_EXIT_CANNOT_EXEC;
	cli_say("%s", err->message);
	cli_report_failure(cli, err, status);
	exit(status);
}

static struct contain_group *
spawn(struct cli *cli)
{
	struct contain_group *group = NULL;
	struct contain_error err;
	int code;

	code = contain_spawn(cli->options, cli->command, &group, &err);
	if (code != CONTAIN_OK)
		not_started(cli, &err);
	return group;
}

/* Nothing of contain's may keep a descriptor or a mount of the command busy. */
static void
let_go(const struct cli *cli, const struct contain_group *group)
{
	int keep[CLI_WATCHES_MAX + 3] = { cli_say_fd(), cli_report_fd(),
		cli->relay.tty };
	size_t count = 3, i;

	for (i = 0; i < cli->watch_count; i++)
		keep[count++] = cli->watches[i].fd;
	contain_drop_descriptors(group, keep, count, NULL);
	if (chdir("/") == -1)
		return;		/* a mount stays busy, no more */
}

static void
ask_to_end(struct cli *cli, struct contain_group *group, int signum,
    const char *why)
{
	if (cli->ended_by[0] == '\0')
		snprintf(cli->ended_by, sizeof(cli->ended_by), "%s", why);
	contain_end(group, signum, NULL);
}

/* The signals that end contain when a process sends them. */
static int
asks_to_end(const struct cli_signal *signal)
{
	switch (signal->number) {
	case SIGHUP:
		return 1;	/* the terminal's, too */
	case SIGINT:
	case SIGQUIT:
		/* the terminal's is for the command, which may handle it */
		return !signal->is_from_kernel;
	case SIGTERM:
		return 1;
	default:
		return 0;
	}
}

/* Inherited by exec, or orphans if contain is PID 1.  The warden is the
 * library's to reap: where the system cannot hide it from wait, it is looked at
 * before. */
static void
reap_strangers(const struct contain_group *group)
{
	siginfo_t info;

	for (;;) {
		memset(&info, 0, sizeof(info));
		if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == -1 ||
		    info.si_pid == 0 ||
		    info.si_pid == contain_effect(group)->warden)
			return;
		waitpid(info.si_pid, NULL, WNOHANG);
	}
}

/* Of the kernel's own signals, those that go to a whole process group; one of a
 * timer goes to us alone. */
static int
is_from_terminal(const struct cli_signal *signal)
{
	static const int numbers[] = { SIGINT, SIGQUIT, SIGTSTP, SIGTTIN,
		SIGTTOU, SIGWINCH, SIGCONT };
	size_t i;

	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (signal->is_from_kernel && signal->number == numbers[i])
			return 1;
	return 0;
}

/* The terminal's hang-up can be told twice, by poll and by a signal, and is one
 * request to end all the same. */
static int
is_told_again(struct cli *cli, enum cli_hangup how)
{
	enum cli_hangup before = cli->hangup;

	cli->hangup = how;
	return before != CLI_HANGUP_NONE && before != how;
}

/* Does the kernel tell the command of the new size, or has it done so?  The
 * warden may have set that size a moment ago. */
static int
tells_size(const struct cli *cli, struct contain_group *group,
    const struct cli_signal *signal)
{
	int is_news = contain_resize(group, NULL) == 1;
	int is_terminals = signal->is_from_kernel &&
	    contain_terminal(group) != -1;

	return (is_news || is_terminals) &&
	    cli->relay.ground == CONTAIN_FOREGROUND;
}

static void
take_signal(struct cli *cli, struct contain_group *group,
    const struct cli_signal *signal)
{
	enum contain_origin origin = is_from_terminal(signal) ?
	    CONTAIN_FROM_TERMINAL : CONTAIN_FROM_PROCESS;
	char name[32];

	if (signal->sender == getpid())
		return;		/* to our process group, or a message of ours
				   found no reader */
	if (signal->number == SIGCHLD && signal->is_from_child) {
		reap_strangers(group);
		/* a member of the same user can stop the warden, in a PTY's
		 * group, and would be waited for without an end */
		ctn_os_continue_child(contain_effect(group)->warden);
		return;
	}
	if (signal->number == SIGCONT) {
		cli_relay_look(cli, group);
		cli_jobcontrol_continue(cli, group, origin);
		return;
	}
	if (signal->number == SIGWINCH && tells_size(cli, group, signal))
		return;
	if (signal->number == SIGHUP && is_told_again(cli, CLI_HANGUP_SIGNAL))
		return;
	if (!asks_to_end(signal)) {
		contain_forward(group, signal->number, origin, NULL);
		return;
	}
	cli_signame_format(signal->number, name, sizeof(name));
	ask_to_end(cli, group, signal->number, name);
}

static void
take_watch(struct cli *cli, struct contain_group *group,
    const struct cli_watch *watch)
{
	static const char *const kinds[] = {
		[CLI_WATCH_PARENT] = "parent",
		[CLI_WATCH_PID] = "pid",
		[CLI_WATCH_LIFELINE] = "lifeline",
	};
	char why[48];

	snprintf(why, sizeof(why), "%s:%ld", kinds[watch->kind],
	    watch->number);
	ask_to_end(cli, group, cli->signum, why);
}

/* What is still in the command's terminal.  The user may hold it by ^S, for as
 * long as the command itself would have been held; but not if the end was asked
 * for, or is now. */
static void
write_last_output(struct cli *cli, const struct contain_result *result)
{
	struct pollfd fds[CLI_RELAY_FDS] = { { .fd = -1 }, { .fd = -1 } };
	struct cli_signal signal;
	int was_asked = result->flags != 0, has_news = 1;

	while (has_news && cli_relay_last(cli, fds)) {
		cli_relay_poll(cli, fds);
		cli_signals_wait(fds, 1, was_asked ? LAST_OUTPUT_MS : -1);
		has_news = fds[0].revents != 0;
		while (cli_signals_next(&signal)) {
			was_asked |= asks_to_end(&signal);
			has_news = 1;
		}
	}
}

/* 1: now, 0: they are already. */
static int
catch_signals(struct contain_group *group)
{
	int now = cli_signals_catch();

	if (now != -1)
		return now;
	contain_free(group);
	cli_fail("out of memory");
}

/* Has the group ended?  A stop is dealt with on the way.  There may be more
 * news by then, which poll would not tell; but signals that came while we were
 * stopped are taken first, and poll with something to tell would not let them
 * in. */
static int
has_ended(struct cli *cli, struct contain_group *group,
    struct contain_result *result)
{
	int code = contain_wait(group, 0, result, NULL);

	/* for a command that has ended by now no signal is caught any more */
	if (code != CONTAIN_OK && catch_signals(group) && code < 0)
		code = contain_wait(group, 0, result, NULL);
	cli->has_more_news = code == CONTAIN_STOPPED;
	if (code == CONTAIN_STOPPED) {
		cli_jobcontrol_stop(cli, group, WSTOPSIG(result->status));
		cli_signals_wait(NULL, 0, 0);
	}
	if (code == CONTAIN_LAST_OUTPUT) {
		write_last_output(cli, result);
		code = contain_wait(group, 0, result, NULL);
	}
	return code == CONTAIN_OK;
}

static void
serve(struct cli *cli, struct contain_group *group,
    struct contain_result *result)
{
	struct pollfd fds[1 + CLI_RELAY_FDS + CLI_WATCHES_MAX];
	struct pollfd *watched = fds + 1 + CLI_RELAY_FDS;
	const struct cli_watch *watch;
	struct cli_signal signal;
	int has_news;

	do {
		fds[0].fd = contain_fd(group);
		fds[0].events = POLLIN;
		cli_relay_poll(cli, fds + 1);
		cli_watch_poll(cli, watched);
		cli_signals_wait(fds, 1 + CLI_RELAY_FDS + cli->watch_count,
		    cli->has_more_news ? 0 : -1);
		has_news = cli->has_more_news || fds[0].revents != 0;
		for (; cli_signals_next(&signal); has_news = 1)
			take_signal(cli, group, &signal);
		while ((watch = cli_watch_fired(cli, watched)) != NULL)
			take_watch(cli, group, watch);
		if (cli_relay_move(cli, group, fds + 1) &&
		    !is_told_again(cli, CLI_HANGUP_POLL))
			ask_to_end(cli, group, SIGHUP, "SIGHUP");
	} while (!has_news || !has_ended(cli, group, result));
}

static void
tell_end(const struct cli *cli, const struct contain_result *result)
{
	if (result->flags & CONTAIN_F_WARDEN_DIED)
		cli_say("the warden was killed; the command and all that it "
		    "started were ended with it");
	if (cli->leftovers != CLI_LEFTOVERS_KILL &&
	    cli->verbosity != CLI_QUIET)
		cli_report_leftovers(result);
	cli_report_end(cli, result);
}

static _Noreturn void
run(struct cli *cli)
{
	struct contain_result result;
	struct contain_group *group;

	if (cli->report == CLI_REPORT_JSON ||
	    cli->leftovers != CLI_LEFTOVERS_KILL)
		contain_options_set_details(cli->options,
		    CONTAIN_DETAILS_COMMAND, NULL);
	cli_watch_open(cli);
	cli_report_open(cli);
	cli_terminal_open(cli);
	/* no report, no need to know before the command runs */
	if (cli->report != CLI_REPORT_NONE || cli->verbosity == CLI_VERBOSE)
		contain_options_set_ready(cli->options, on_ready, cli, NULL);
	group = spawn(cli);
	cli_relay_begin(cli, group);
	if (!has_ended(cli, group, &result)) {
		let_go(cli, group);
		serve(cli, group, &result);
	}
	tell_end(cli, &result);
	cli_status_exit(cli, &result);
}

/* It is known now, and not when a group is to be ended and there is no room for
 * the list of its members: both contain and the warden would die of that. */
static void
check_stack(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_STACK, &limit) == 0 &&
	    limit.rlim_cur / 1024 < STACK_MIN_KIB)
		cli_fail("RLIMIT_STACK: %llu KiB are too little, %d are needed",
		    (unsigned long long)limit.rlim_cur / 1024, STACK_MIN_KIB);
}

/* Say something instead of running a command. */
static int
inform(struct cli *cli)
{
	switch (cli->action) {
	case CLI_HELP:
		return cli_usage_print();
	case CLI_VERSION:
		return cli_usage_version();
	case CLI_SWEEP:
		return cli_sweep(cli);
	default:
		return cli_probe(cli);
	}
}

int
main(int argc, char *argv[])
{
	static struct cli cli;
	int status;

	cli_signals_block();
	cli_say_open();
	/* before anything is opened or created with that privilege */
	if (ctn_os_is_elevated())
		cli_fail("refusing to run set-uid, set-gid or with file "
		    "capabilities");
	check_stack();
	begin(&cli);
	cli_options_read(&cli, argc, argv);
	if (cli.action == CLI_RUN)
		run(&cli);
	status = inform(&cli);
	contain_options_free(cli.options);
	return status;
}
