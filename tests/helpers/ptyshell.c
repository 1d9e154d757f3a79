/*
 * ptyshell.c: play a terminal and a job-control shell for one job.
 *
 * Copyright (c) 2026 the contain authors
 * SPDX-License-Identifier: ISC
 */
#include "config.h"

#include <sys/types.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define DEADLINE_S 8
#define JOB_MAX	   4

/*
 * The top process adopts orphans and waits until nobody is left: what leaks
 * out of the job makes it miss its deadline.  Its child is session leader,
 * shell and terminal in one: it holds master and slave and runs the steps.
 * With -x the command itself leads the session and the top process holds the
 * master: a terminal window or ssh -t that runs the command directly.
 */
static int master = -1, slave = -1;
static pid_t job[JOB_MAX];
static int status[JOB_MAX], ended[JOB_MAX];
static int jobs;
static pid_t shell;
static struct termios modes;
static const char *step = "start";
static const char *unwanted;
static char output[65536];
static size_t length;

static _Noreturn void
fail(const char *why)
{
	fprintf(stderr, "ptyshell: %s: %s\n", step, why);
	if (length > 0)
		fprintf(stderr, "terminal: %.*s\n", (int)length, output);
	fflush(stderr);
	_exit(1);
}

static void
on_alarm(int signum)
{
	int i;

	(void)signum;
	for (i = 0; i < jobs; i++)
		if (!ended[i])
			kill(job[i], SIGKILL);
	fail("deadline");
}

/* ---- the terminal -------------------------------------------------- */

static void
open_terminal(void)
{
	if ((master = posix_openpt(O_RDWR | O_NOCTTY)) == -1 ||
	    grantpt(master) == -1 || unlockpt(master) == -1)
		err(2, "posix_openpt");
	fcntl(master, F_SETFD, FD_CLOEXEC);
}

static void
own_terminal(void)
{
	setsid();
	if ((slave = open(ptsname(master), O_RDWR)) == -1)
		err(2, "%s", ptsname(master));
	(void)ioctl(slave, TIOCSCTTY, 0);
	fcntl(slave, F_SETFD, FD_CLOEXEC);
	/* A key that raises a signal must not discard what we wait for. */
	tcgetattr(slave, &modes);
	modes.c_lflag |= NOFLSH;
	tcsetattr(slave, TCSANOW, &modes);
}

/* Read until text has come; drop it and what came before. */
static void
expect(const char *text)
{
	char *found;
	ssize_t n;
	size_t used;

	for (;;) {
		output[length] = '\0';
		if (unwanted != NULL && strstr(output, unwanted) != NULL)
			fail(unwanted);
		if ((found = strstr(output, text)) != NULL)
			break;
		if (length + 1 == sizeof output)
			fail("too much output");
		n = read(master, output + length, sizeof output - length - 1);
		if (n <= 0)
			fail("end of output");
		length += (size_t)n;
	}
	used = (size_t)(found - output) + strlen(text);
	memmove(output, output + used, length - used);
	length -= used;
}

/* Until the next of these: expect fails where this comes. */
static void
forbid(const char *text)
{
	unwanted = text;
}

static void
type(const char *text)
{
	if (write(master, text, strlen(text)) != (ssize_t)strlen(text))
		fail("write");
}

static void
type_line(const char *text)
{
	type(text);
	type("\n");
}

static void
type_control(const char *text)
{
	const char key[2] = { (char)(text[0] & 0x1f), '\0' };

	type(key);
}

static void
hang_up(const char *unused)
{
	(void)unused;
	if (slave != -1)
		close(slave);
	close(master);
	master = slave = -1;
}

/* ---- the shell ----------------------------------------------------- */

static void
take_terminal(void)
{
	if (slave == -1)
		return;
	tcsetpgrp(slave, shell);
	tcsetattr(slave, TCSADRAIN, &modes);
}

static void
default_signals(void)
{
	sigset_t none;
	int signum;

	for (signum = 1; signum < NSIG; signum++)
		(void)signal(signum, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static void
execute(char *argv[], int in, int out, int foreground)
{
	setpgid(0, jobs == 0 ? 0 : job[0]);
	if (foreground)
		tcsetpgrp(slave, getpgrp());
	default_signals();
	dup2(in, STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	if (slave != -1)
		dup2(slave, STDERR_FILENO);
	execvp(argv[0], argv);
	err(127, "%s", argv[0]);
}

static void
open_pipe(int pair[2])
{
	if (pipe(pair) == -1)
		err(2, "pipe");
	fcntl(pair[0], F_SETFD, FD_CLOEXEC);
	fcntl(pair[1], F_SETFD, FD_CLOEXEC);
}

/* "A", "|", "B", NULL: one process group, as a shell makes it. */
static void
start_job(char *argv[], int foreground)
{
	int in = slave, last, next[2] = { -1, -1 };
	char **end;

	for (last = 0; !last && jobs < JOB_MAX; argv = end + 1) {
		for (end = argv; *end != NULL && strcmp(*end, "|") != 0; end++)
			continue;
		last = *end == NULL;
		*end = NULL;
		next[1] = slave;
		if (!last)
			open_pipe(next);
		if ((job[jobs] = fork()) == -1)
			err(2, "fork");
		if (job[jobs] == 0)
			execute(argv, in, next[1], foreground);
		setpgid(job[jobs], job[0]);
		jobs++;
		if (in != slave)
			close(in);
		if (!last)
			close(next[1]);
		in = next[0];
	}
	if (foreground)
		tcsetpgrp(slave, job[0]);
}

static void
wait_process(int i, int options)
{
	while (waitpid(job[i], &status[i], options) == -1)
		if (errno != EINTR)
			fail("waitpid");
	ended[i] = WIFEXITED(status[i]) || WIFSIGNALED(status[i]);
}

static void
await_stop(const char *unused)
{
	int i;

	(void)unused;
	for (i = 0; i < jobs; i++) {
		if (!ended[i])
			wait_process(i, WUNTRACED);
		if (i == 0 && !WIFSTOPPED(status[0]))
			fail("ended instead of stopping");
	}
	take_terminal();
}

static void
await_end(void)
{
	int i;

	for (i = 0; i < jobs; i++)
		while (!ended[i])
			wait_process(i, 0);
	take_terminal();
}

static void
fail_status(void)
{
	char text[64];

	if (WIFEXITED(status[0]))
		snprintf(text, sizeof text, "it was exit %d",
		    WEXITSTATUS(status[0]));
	else
		snprintf(
		    text, sizeof text, "it was signal %d", WTERMSIG(status[0]));
	fail(text);
}

static void
await_exit(const char *text)
{
	await_end();
	if (!WIFEXITED(status[0]) || WEXITSTATUS(status[0]) != atoi(text))
		fail_status();
}

static void
await_signal(const char *text)
{
	await_end();
	if (!WIFSIGNALED(status[0]) || WTERMSIG(status[0]) != atoi(text))
		fail_status();
}

static void
background(const char *unused)
{
	(void)unused;
	if (!ended[0])
		kill(-job[0], SIGCONT);
}

static void
foreground(const char *unused)
{
	tcsetpgrp(slave, job[0]);
	background(unused);
}

static void
kill_process(const char *text)
{
	if (!ended[0])
		kill(job[0], atoi(text));
}

static void
kill_group(const char *text)
{
	if (!ended[0])
		kill(-job[0], atoi(text));
}

static void
check_running(const char *unused)
{
	(void)unused;
	if (waitpid(job[0], &status[0], WNOHANG | WUNTRACED) != 0)
		fail(WIFSTOPPED(status[0]) ? "it is stopped" : "it has ended");
}

static void
check_modes(const char *unused)
{
	struct termios now;

	(void)unused;
	if (tcgetattr(slave, &now) == -1 || now.c_lflag != modes.c_lflag ||
	    now.c_iflag != modes.c_iflag || now.c_oflag != modes.c_oflag)
		fail("the terminal's modes have changed");
}

static void
leave(const char *unused)
{
	(void)unused;
	_exit(0);
}

/* ---- the steps ----------------------------------------------------- */

static const struct {
	const char *name;
	void (*run)(const char *argument);
	const char *help;
} steps[] = { { "expect", expect, "TEXT: wait until it is on the terminal" },
	{ "never", forbid, "TEXT: it must not come, from now on" },
	{ "line", type_line, "TEXT: type it and Return" },
	{ "control", type_control, "C: type control and that key" },
	{ "stopped", await_stop, "wait until the job stops, then be shell" },
	{ "exit", await_exit, "N: wait until the first process exits so" },
	{ "signal", await_signal, "N: wait until it dies of that signal" },
	{ "fg", foreground, "continue the job in the foreground" },
	{ "bg", background, "continue the job in the background" },
	{ "kill", kill_process, "N: signal the job's first process" },
	{ "killpg", kill_group, "N: signal the job" },
	{ "running", check_running, "the first process has not stopped" },
	{ "modes", check_modes, "the terminal's modes are the old ones" },
	{ "hangup", hang_up, "close the terminal" },
	{ "leave", leave, "exit, the job may still run" },
	{ NULL, NULL, NULL } };

static void
run_step(const char *word)
{
	size_t i, size = strcspn(word, "=");

	step = word;
	alarm(DEADLINE_S);
	for (i = 0; steps[i].name != NULL; i++)
		if (strlen(steps[i].name) == size &&
		    strncmp(steps[i].name, word, size) == 0) {
			steps[i].run(word[size] == '=' ? word + size + 1 : "");
			return;
		}
	fail("unknown step");
}

static void
run_steps(char *words[], int count)
{
	int i;

	for (i = 0; i < count; i++)
		run_step(words[i]);
}

static void
run_shell(char *words[], int count, char *command[], int is_foreground)
{
	own_terminal();
	shell = getpid();
	(void)signal(SIGTTOU, SIG_IGN);
	(void)signal(SIGTTIN, SIG_IGN);
	(void)signal(SIGTSTP, SIG_IGN);
	(void)signal(SIGINT, SIG_IGN);
	(void)signal(SIGQUIT, SIG_IGN);
	(void)signal(SIGHUP, SIG_IGN);
	(void)signal(SIGALRM, on_alarm);
	start_job(command, is_foreground);
	run_steps(words, count);
	_exit(0);
}

static void
run_direct(char *words[], int count, char *command[])
{
	(void)signal(SIGALRM, on_alarm);
	if ((job[0] = fork()) == -1)
		err(2, "fork");
	if (job[0] == 0) {
		own_terminal();
		execute(command, slave, slave, 0);
	}
	jobs = 1;
	run_steps(words, count);
}

static _Noreturn void
usage(void)
{
	size_t i;

	fprintf(stderr,
	    "usage: ptyshell [-b | -x] STEP... -- COMMAND [ARG...] "
	    "['|' COMMAND [ARG...]]\n"
	    "-b: in the background; -x: as leader of the session\n");
	for (i = 0; steps[i].name != NULL; i++)
		fprintf(stderr, "  %-8s %s\n", steps[i].name, steps[i].help);
	exit(2);
}

int
main(int argc, char *argv[])
{
	int code, count, direct = 0, first = 1, is_foreground = 1, result;
	pid_t child = -1, pid;

	for (; first < argc && argv[first][0] == '-'; first++) {
		if (strcmp(argv[first], "-b") == 0)
			is_foreground = 0;
		else if (strcmp(argv[first], "-x") == 0)
			direct = 1;
		else
			usage();
	}
	for (count = 0;
	     first + count < argc && strcmp(argv[first + count], "--") != 0;
	     count++)
		continue;
	if (first + count + 1 >= argc)
		usage();
	prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	open_terminal();
	argv += first;
	if (direct) {
		run_direct(argv, count, argv + count + 1);
		result = 0;
	} else {
		if ((child = fork()) == -1)
			err(2, "fork");
		if (child == 0)
			run_shell(argv, count, argv + count + 1, is_foreground);
		close(master);
		(void)signal(SIGALRM, on_alarm);
		result = 1;
	}
	step = "waiting until nobody is left";
	while ((pid = waitpid(-1, &code, 0)) != -1 || errno == EINTR) {
		if (pid == child)
			result = code != 0;
		/* From here on only what leaked can take long. */
		if (pid == child)
			alarm(DEADLINE_S);
		else if (pid > 0)
			printf(WIFEXITED(code) ? "left: exit %d\n" :
						 "left: signal %d\n",
			    WIFEXITED(code) ? WEXITSTATUS(code) :
					      WTERMSIG(code));
	}
	return result;
}
