/* attempt.c: one try to start a group with one backend, in the host */
#include "config.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attempt.h"
#include "clock.h"
#include "command.h"
#include "error.h"
#include "fd.h"
#include "os/os.h"
#include "program.h"
#include "request.h"
#include "terminal.h"
#include "tty.h"
#include "warden.h"

/* A start that takes so long is looked after. */
#define STOPPED_MS 1000

static void
choose_pgrp(struct ctn_attempt *attempt, enum contain_pgrp pgrp)
{
	int foreground;

	attempt->shares_pgrp = pgrp == CONTAIN_PGRP_SHARED;
	if (pgrp != CONTAIN_PGRP_AUTO)
		return;
	foreground = ctn_tty_in_foreground();
	attempt->shares_pgrp = foreground == 1;
	attempt->has_no_tty = foreground == -1;
}

static int
step_failed(const struct ctn_attempt *attempt, struct contain_error *err)
{
	return ctn_error_set(err, CONTAIN_E_SYSTEM, errno, attempt->step,
	    "%s: %s", contain_backend_name(attempt->backend->id),
	    attempt->step);
}

/* All signals are blocked from before the fork until the warden has put its
 * own handling in place: a handler of the host must not run in it. */
static int
fork_warden(struct ctn_attempt *attempt, struct contain_error *err)
{
	sigset_t all;
	int code = CONTAIN_OK;

	ctn_os_sigfillset(&all);
	ctn_os_sigmask(SIG_SETMASK, &all, &attempt->caller_mask);
	attempt->warden = attempt->backend->create(attempt);
	if (attempt->warden == 0)
		ctn_warden_run(attempt);
	if (attempt->warden == -1)
		code = step_failed(attempt, err);
	ctn_os_sigmask(SIG_SETMASK, &attempt->caller_mask, NULL);
	return code;
}

static void
close_all(struct ctn_attempt *attempt)
{
	ctn_fd_close(&attempt->host_end.fd);
	ctn_fd_close(&attempt->warden_end.fd);
	ctn_fd_close(&attempt->host_watch);
	ctn_fd_close(&attempt->warden_watch);
	ctn_fd_close(&attempt->terminal);
}

/* 0, EIO and ENXIO mean that no slave is open now: the warden has died, and
 * there is no more to come.  Anything else but data: not now. */
void
ctn_attempt_drain(struct ctn_attempt *attempt)
{
	const struct contain_options *options = attempt->options;
	char data[4096];
	ssize_t n;

	while (attempt->drains && attempt->terminal != -1) {
		n = read(attempt->terminal, data, sizeof(data));
		if (n > 0 && options->output != NULL)
			options->output(data, (size_t)n, options->output_arg);
		if (n == -1 && errno == EAGAIN)
			return;
		if (n == 0 || (n == -1 && errno != EINTR))
			attempt->drains = 0;
	}
}

int
ctn_attempt_listen(struct ctn_attempt *attempt, int64_t timeout_ms,
    struct ctn_message *message)
{
	int64_t deadline = timeout_ms < 0 ? CTN_NEVER :
	    ctn_clock_deadline_ms(timeout_ms);
	struct pollfd fds[] = {
		{ attempt->host_end.fd, POLLIN, 0 },
		{ attempt->warden_watch, POLLIN, 0 },
		{ -1, POLLIN, 0 },
	};
	int got, n = -1;

	for (;;) {
		fds[2].fd = attempt->drains ? attempt->terminal : -1;
		ctn_attempt_drain(attempt);
		got = ctn_leash_receive(&attempt->host_end, message);
		attempt->words += got == 1;
		if (got != -1)
			return got;
		if (errno != EAGAIN && errno != EWOULDBLOCK) {
			attempt->words = -1;	/* who knows what it said */
			return 0;	/* a leash that is of no use */
		}
		/* the leash was empty after the warden had died: no more will
		 * come, even if its end lives on in a fork of the host */
		if (fds[1].revents != 0)
			return 0;
		if (n == 0)
			return -1;
		n = ctn_os_poll(fds, 3, timeout_ms == 0 ? 0 :
		    ctn_clock_left_ms(deadline), NULL);
	}
}

void
ctn_attempt_reap(struct ctn_attempt *attempt, struct rusage *usage)
{
	struct rusage unwanted;

	/* ECHILD: somebody else has reaped it.  Then it is gone too. */
	while (wait4(attempt->warden, NULL, __WALL,
	    usage != NULL ? usage : &unwanted) == -1 && errno == EINTR)
		continue;
	attempt->warden = -1;
}

void
ctn_attempt_abandon(struct ctn_attempt *attempt)
{
	if (attempt->warden > 0) {
		attempt->backend->destroy(attempt);
		ctn_attempt_reap(attempt, NULL);
		attempt->backend->release(attempt);
	}
	close_all(attempt);
}

/* The warden said why it could not, or died.  Where it was a program and this its
 * first word, nobody has heard of it, and nothing has run. */
static int
not_ready(struct ctn_attempt *attempt, const struct ctn_message *message,
    int got, struct contain_error *err)
{
	const char *name = contain_backend_name(attempt->backend->id);

	attempt->is_unfit = attempt->program != NULL &&
	    attempt->words == (got == 1);
	ctn_attempt_abandon(attempt);
	if (got == 1 && message->type == CTN_FAILED)
		return ctn_error_set(err, CONTAIN_E_SYSTEM, message->number,
		    message->text, "%s: %s", name, message->text);
	return ctn_error_set(err, CONTAIN_E_WARDEN, 0, "warden",
	    "%s: the warden died before the command was executed", name);
}

static void
note_ready(struct ctn_attempt *attempt, const struct ctn_message *message)
{
	attempt->made |= (unsigned)message->number;
	attempt->reach = (enum contain_reach)message->third;
	/* the warden has the slave open */
	attempt->drains = !attempt->relays;
	if (message->text[0] == '\0')
		return;
	attempt->lack_errnum = message->second;
	snprintf(attempt->lack_text, sizeof(attempt->lack_text), "%.31s",
	    message->text);
	attempt->lack_step = attempt->lack_text;
}

static int
open_leash(struct ctn_attempt *attempt, struct contain_error *err)
{
	attempt->step = "socketpair";
	if (ctn_leash_open(&attempt->host_end, &attempt->warden_end) == -1)
		return step_failed(attempt, err);
	return CONTAIN_OK;
}

void
ctn_attempt_init(struct ctn_attempt *attempt,
    const struct ctn_backend *backend, const struct contain_options *options,
    struct ctn_command *command)
{
	memset(attempt, 0, sizeof(*attempt));
	attempt->backend = backend;
	attempt->options = options;
	attempt->command = command;
	attempt->host_end.fd = attempt->warden_end.fd = -1;
	attempt->host_watch = attempt->warden_watch = -1;
	attempt->terminal = attempt->slave_fd = -1;
	attempt->reach = backend->reach;
	attempt->host = getpid();
	attempt->uid = geteuid();
	attempt->gid = getegid();
	choose_pgrp(attempt, options->pgrp);
	ctn_terminal_look(attempt);
	/* who only probes, or wants a say, waits for the warden */
	attempt->is_gated = command == NULL || options->ready != NULL;
}

/* Where it is not there to be told, that is heard soon. */
static int
tell_program(struct ctn_attempt *attempt, struct contain_error *err)
{
	attempt->step = "request";
	if (ctn_request_send(attempt) == 0 || errno == EPIPE ||
	    errno == ECONNRESET)
		return CONTAIN_OK;
	attempt->is_unfit = 1;
	step_failed(attempt, err);
	ctn_attempt_abandon(attempt);
	return CONTAIN_E_SYSTEM;
}

int
ctn_attempt_make(struct ctn_attempt *attempt, struct contain_error *err)
{
	int code;

	code = open_leash(attempt, err);
	if (code == CONTAIN_OK)
		code = fork_warden(attempt, err);
	if (code == CONTAIN_OK && attempt->program != NULL)
		code = tell_program(attempt, err);
	ctn_fd_close(&attempt->warden_end.fd);
	ctn_fd_close(&attempt->host_watch);
	if (code != CONTAIN_OK)
		close_all(attempt);
	else
		attempt->warden_watch =
		    ctn_fd_above_stdio(attempt->warden_watch);
	return code;
}

int
ctn_attempt_await_ready(struct ctn_attempt *attempt,
    struct contain_error *err)
{
	struct ctn_message message;
	int got;

	got = ctn_attempt_listen(attempt, -1, &message);
	if (got != 1 || message.type != CTN_READY)
		return not_ready(attempt, &message, got, err);
	note_ready(attempt, &message);
	return CONTAIN_OK;
}

/* "PID.START" of a process, as in the mark; "PID" where that says enough.
 * Returns its start, 0 if that is not looked at. */
static uint64_t
identify(const struct ctn_attempt *attempt, pid_t pid, char *text, size_t size)
{
	struct ctn_process process = { .start = 0 };

	if (attempt->backend->may_outlive &&
	    ctn_os_process_get(pid, &process) == 0)
		snprintf(text, size, "%ld.%llu", (long)pid,
		    (unsigned long long)process.start);
	else
		snprintf(text, size, "%ld", (long)pid);
	return process.start;
}

static int
send_go(struct ctn_attempt *attempt)
{
	char host[CTN_MESSAGE_TEXT / 2], warden[CTN_MESSAGE_TEXT / 2];
	struct ctn_message message;

	memset(&message, 0, sizeof(message));
	message.type = CTN_GO;
	identify(attempt, getpid(), host, sizeof(host));
	attempt->warden_start = identify(attempt, attempt->warden, warden,
	    sizeof(warden));
	snprintf(attempt->mark, sizeof(attempt->mark), "%.34s:%.34s", host,
	    warden);
	ctn_leash_text(&message, attempt->mark);
	return ctn_leash_send(&attempt->host_end, &message,
	    CTN_LEASH_PATIENT);
}

/* Whatever kept the command from running; the words of outfit.h. */
static int
not_executed(struct ctn_attempt *attempt, int failure,
    struct contain_error *err)
{
	const struct ctn_command *command = attempt->command;
	int errnum = CTN_FAILURE_ERRNO(failure);

	ctn_attempt_abandon(attempt);
	switch (CTN_FAILURE_STEP(failure)) {
	case CTN_STEP_DIRECTORY:
		return ctn_error_set(err, CONTAIN_E_EXEC, errnum, "chdir",
		    "cannot enter directory \"%s\"",
		    command->outfit->directory);
	case CTN_STEP_DESCRIPTOR:
		return ctn_error_set(err, CONTAIN_E_EXEC, errnum, "dup2",
		    "cannot arrange the command's descriptors");
	case CTN_STEP_LIMIT:
		return ctn_error_set(err, CONTAIN_E_EXEC, errnum, "setrlimit",
		    "cannot set the command's limits");
	default:
		return ctn_error_set(err, CONTAIN_E_EXEC, errnum, "execve",
		    "cannot execute \"%s\"", command->argv != NULL ?
		    command->argv[0] : "a copy of the host");
	}
}

/* The command's first word on its way: who it is.  With a PTY it may stop the
 * warden, and do so before that has told of it. */
static int
await_started(struct ctn_attempt *attempt, struct ctn_message *message)
{
	int got;

	for (;;) {
		got = ctn_attempt_listen(attempt, STOPPED_MS, message);
		if (got == -1) {
			ctn_os_continue_child(attempt->warden);
			continue;
		}
		if (got != 1 || message->type != CTN_COMMAND)
			return got;
		attempt->command_pid = attempt->host_end.sender > 0 ?
		    attempt->host_end.sender : message->number;
	}
}

int
ctn_attempt_release(struct ctn_attempt *attempt, struct contain_error *err)
{
	struct ctn_message message = { .type = 0 };
	int got = 0;

	attempt->was_released = 1;
	/* a warden that is gone already may have said why */
	if (send_go(attempt) == 0 || errno == EPIPE || errno == ECONNRESET)
		got = await_started(attempt, &message);
	if (got == 1 && message.type == CTN_STARTED) {
		/* of itself, if it is a copy: its first word may be lost */
		if (attempt->fork != NULL && attempt->command_pid == 0)
			attempt->command_pid = attempt->host_end.sender;
		note_ready(attempt, &message);
		return CONTAIN_OK;
	}
	if (got == 1 && message.type == CTN_EXEC_FAILED)
		return not_executed(attempt, message.number, err);
	if (got == 1 && message.type == CTN_FAILED)
		attempt->was_released = 0;
	return not_ready(attempt, &message, got, err);
}
