/*
 * cli.h: what the files of the command share.
 *
 * The command is a host like any other: it uses contain.h and, for what differs
 * from system to system, os/os.h; nothing else of the library.
 */
#ifndef CTN_CLI_H
#define CTN_CLI_H

#include <sys/types.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "contain.h"

/* ---- exit statuses, as env(1) and timeout(1) have them ------------- */

enum cli_exit {
	CLI_EXIT_LEFTOVERS = 123,	/* --leftovers=fail */
	CLI_EXIT_TIMED_OUT = 124,
	CLI_EXIT_FAILED = 125,		/* contain itself failed */
	CLI_EXIT_CANNOT_EXEC = 126,
	CLI_EXIT_NOT_FOUND = 127,
	CLI_EXIT_SIGNAL = 128		/* + signal, where we cannot die of it */
};

/* ---- what was asked for -------------------------------------------- */

enum cli_report { CLI_REPORT_NONE, CLI_REPORT_TEXT, CLI_REPORT_JSON };
enum cli_leftovers { CLI_LEFTOVERS_KILL, CLI_LEFTOVERS_WARN,
	CLI_LEFTOVERS_FAIL };
enum cli_tty { CLI_TTY_AUTO, CLI_TTY_ALWAYS, CLI_TTY_NEVER };
enum cli_verbosity { CLI_QUIET = -1, CLI_NORMAL = 0, CLI_VERBOSE = 1 };
enum cli_action { CLI_RUN, CLI_PROBE, CLI_SWEEP, CLI_HELP, CLI_VERSION };

/* How many parents and lifelines can be watched. */
#define CLI_WATCHES_MAX 32

struct cli_watch {
	enum cli_watch_kind { CLI_WATCH_PARENT, CLI_WATCH_PID,
		CLI_WATCH_LIFELINE } kind;
	long number;			/* the pid or descriptor named */
	int fd;				/* our own; -1 once it has fired */
};

/* Bytes on their way in one direction: those between from and to. */
struct cli_flow {
	char data[16384];
	size_t from;
	size_t to;
};

/* The user's terminal and the one that the backend made; see relay.c. */
struct cli_relay {
	int tty;			/* contain's own, or -1 */
	int master;			/* the group's; -1: it has none */
	pid_t command;
	enum contain_ground ground;	/* where the command is */
	int is_whole;			/* standard input and output are it */
	int processes;			/* the user's terminal does its usual
					   processing of output */
	int wants_ground;		/* in the foreground, it is to be too */
	int has_hung_up;		/* the user's terminal is gone */
	int is_drained;			/* the group's is, unasked */
	int typed;			/* the signal that keys raised last */
	struct cli_flow *in;		/* keys; NULL without tty */
	struct cli_flow *out;
	struct cli_flow *echo;		/* of keys, that is to be left out */
};

struct cli {
	struct contain_options *options;
	enum cli_action action;
	enum cli_report report;
	enum cli_leftovers leftovers;
	enum cli_verbosity verbosity;
	int preserves_status;
	enum contain_sweep_how sweeps;
	int has_grace;			/* --grace was given */
	int64_t grace_ms;
	int signum;			/* what --signal says */
	const char *report_file;
	int report_fd;			/* -1: none given */
	struct cli_watch *watches;	/* as many as can be; NULL: none */
	size_t watch_count;
	enum cli_tty tty;
	enum cli_hangup { CLI_HANGUP_NONE, CLI_HANGUP_SIGNAL,
		CLI_HANGUP_POLL } hangup;	/* how it was told last */
	int has_more_news;		/* contain_wait may have */
	char **command;
	char ended_by[48];		/* why contain asked for the end */
	struct cli_relay relay;
};

/* ---- options.c, usage.c -------------------------------------------- */

/* Read the command line.  Does not return when it is wrong. */
void	cli_options_read(struct cli *cli, int argc, char *argv[]);

/* One option: the table that reading, usage and completions come from. */
struct cli_option {
	int letter;			/* 0: only the long form */
	const char *name;
	const char *argument;		/* NULL: takes none; "[=X]": may */
	const char *help;		/* one line */
	int (*parse)(const struct cli_option *option, const char *argument,
	    int64_t *value, struct contain_error *err);
	int (*set)(struct cli *cli, int64_t value, const char *argument,
	    struct contain_error *err);
};
extern const struct cli_option cli_options[];	/* ends with name NULL */

/* --help, --version: to standard output.  Exit status. */
int	cli_usage_print(void);
int	cli_usage_version(void);

/* ---- duration.c, signame.c ----------------------------------------- */

/* timeout(1)'s DURATION, or ms; rounded up; huge is INT64_MAX.  0 or -1. */
int	cli_duration_parse(const char *text, int64_t *ms);

/* timeout(1)'s SIGNAL; 0 and EXIT are 0.  The number or -1. */
int	cli_signame_parse(const char *text);

/* "SIGTERM", "SIGRTMIN+3"; "signal 99" for what has no name. */
void	cli_signame_format(int signum, char *text, size_t size);

/* ---- say.c: our own messages --------------------------------------- */

/* Keep a copy of standard error that the command does not get. */
void	cli_say_open(void);
int	cli_say_fd(void);

/* One line, "contain: " before it, in one write; never ends the process. */
void	cli_say(const char *format, ...)
	    __attribute__((format(printf, 1, 2)));

/* The same, then exit CLI_EXIT_FAILED. */
_Noreturn void	cli_fail(const char *format, ...)
	    __attribute__((format(printf, 1, 2)));

/* All that option had to print is out, or cli_fail. */
void	cli_flush(const char *option);

/* ---- json.c: one line of JSON in a buffer of fixed size ------------ */

struct cli_json {
	char text[98304];	/* the largest report fits */
	size_t used;
	int needs_comma;
	int is_full;			/* something was left out */
	int unwritten;			/* brackets that were */
};

void	cli_json_open(struct cli_json *json, const char *name, char bracket);
void	cli_json_close(struct cli_json *json, char bracket);
void	cli_json_string(struct cli_json *json, const char *name,
	    const char *value);
void	cli_json_number(struct cli_json *json, const char *name,
	    long long value);
void	cli_json_boolean(struct cli_json *json, const char *name, int value);

/* ---- report.c ------------------------------------------------------ */

/* Open where reports go. */
void	cli_report_open(struct cli *cli);
int	cli_report_fd(void);

void	cli_report_start(const struct cli *cli,
	    const struct contain_effect *effect);
/* Nothing was run; status is what contain is about to exit with. */
void	cli_report_failure(const struct cli *cli,
	    const struct contain_error *err, int status);
void	cli_report_end(const struct cli *cli,
	    const struct contain_result *result);

/* --leftovers=warn and fail: a line each. */
void	cli_report_leftovers(const struct contain_result *result);

/* ---- probe.c ------------------------------------------------------- */

/* --probe.  Exit status. */
int	cli_probe(const struct cli *cli);

/* ---- sweep.c ------------------------------------------------------- */

/* --sweep.  Exit status. */
int	cli_sweep(struct cli *cli);

/* ---- signals.c ----------------------------------------------------- */

struct cli_signal {
	int number;
	int is_from_kernel;		/* the terminal's, not a process's */
	int is_from_child;		/* SIGCHLD that a child caused */
	pid_t sender;			/* of a process */
};

/* First thing in main: block everything that can be. */
void	cli_signals_block(void);

/* Catch whatever was not ignored; once the command runs, so that it starts
 * with the caller's dispositions.  Still blocked, but while cli_signals_wait
 * waits.  1; 0: they are caught already; -1: out of memory. */
int	cli_signals_catch(void);

/* The mask that the caller of contain had. */
const sigset_t *cli_signals_inherited(void);

/* poll(2) that a signal ends too; timeout_ms as there. */
void	cli_signals_wait(struct pollfd *fds, size_t count,
	    int64_t timeout_ms);

/* The next signal that came.  1 or 0. */
int	cli_signals_next(struct cli_signal *next);

/* ---- jobcontrol.c -------------------------------------------------- */

/* The command has stopped: stop as it did, and return once continued. */
void	cli_jobcontrol_stop(struct cli *cli, struct contain_group *group,
	    int signum);

/* Contain was continued: so is the command. */
void	cli_jobcontrol_continue(const struct cli *cli,
	    struct contain_group *group, enum contain_origin origin);

/* ---- terminal.c ---------------------------------------------------- */

/* Find contain's terminal, if it has one that is to be served. */
void	cli_terminal_open(struct cli *cli);

/* ---- relay.c ------------------------------------------------------- */

#define CLI_RELAY_FDS 2

/* The group runs. */
void	cli_relay_begin(struct cli *cli, struct contain_group *group);

/* Fill fds[] for poll. */
void	cli_relay_poll(const struct cli *cli,
	    struct pollfd fds[CLI_RELAY_FDS]);

/* Copy what can be.  1 if the user's terminal has just hung up. */
int	cli_relay_move(struct cli *cli, struct contain_group *group,
	    const struct pollfd fds[CLI_RELAY_FDS]);

/* Something may have put contain in the foreground, or in the background. */
void	cli_relay_look(struct cli *cli, struct contain_group *group);

/* The command was stopped because it is not in the foreground.  1 if it is
 * now, and must only be continued. */
int	cli_relay_ask(struct cli *cli, struct contain_group *group);

/* Contain is about to stop: the user's terminal is its shell's. */
void	cli_relay_leave(struct cli *cli, struct contain_group *group);

/* Nobody is alive: copy what is left; fds as polled.  1 if the user's
 * terminal does not take it all now. */
int	cli_relay_last(struct cli *cli,
	    const struct pollfd fds[CLI_RELAY_FDS]);

/* Has the user typed the key that raised this signal in the command's process
 * group?  It would have raised it in contain's. */
int	cli_relay_typed(const struct cli *cli, int signum);

/* ---- watch.c ------------------------------------------------------- */

/* Open what is to be watched. */
void	cli_watch_open(struct cli *cli);

/* Fill fds[] for poll; the number of them is cli->watch_count. */
void	cli_watch_poll(const struct cli *cli, struct pollfd *fds);

/* Has one of them fired?  The first that has, once each, or NULL. */
const struct cli_watch *cli_watch_fired(struct cli *cli,
	    const struct pollfd *fds);

/* ---- status.c ------------------------------------------------------ */

/* End as the command did. */
_Noreturn void	cli_status_exit(const struct cli *cli,
	    const struct contain_result *result);

#endif
