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
#include <poll.h>
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

/* With -o: what person and shell observe, for comparison. */
static int observes, hides_screen;

/* With -t: who writes in the background is stopped. */
static int stops_writers;
static char screen[262144];
static size_t shown;

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

/* Not every C library fills in all of c_cc. */
static int
get_modes(struct termios *now)
{
	memset(now, 0, sizeof *now);
	return tcgetattr(slave, now);
}

static int
is_changed(const struct termios *now)
{
	return now->c_lflag != modes.c_lflag ||
	    now->c_iflag != modes.c_iflag || now->c_oflag != modes.c_oflag ||
	    memcmp(now->c_cc, modes.c_cc, sizeof now->c_cc) != 0;
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
	get_modes(&modes);
	modes.c_lflag |= NOFLSH;
	if (stops_writers)
		modes.c_lflag |= TOSTOP;
	tcsetattr(slave, TCSANOW, &modes);
}

static void
show(const char *data, size_t size)
{
	if (size > sizeof screen - shown)
		size = sizeof screen - shown;
	memcpy(screen + shown, data, size);
	shown += size;
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
		show(output + length, (size_t)n);
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

/* Hands are not as fast as a job that is started or continued: what it has not
 * got yet, its shell echoes, which is another screen. */
static void
move_hands(void)
{
	if (observes)
		(void)poll(NULL, 0, 30);
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
	move_hands();
	type(text);
	type("\n");
}

static void
type_control(const char *text)
{
	const char key[2] = { (char)(text[0] & 0x1f), '\0' };

	move_hands();
	type(key);
}

/* Keys, with \\r, \\e and \\\\. */
static void
type_keys(const char *text)
{
	char key[2] = { 0, 0 };

	move_hands();
	for (; *text != '\0'; text++) {
		key[0] = *text;
		if (*text == '\\' && text[1] != '\0')
			key[0] = *++text == 'r' ? '\r' :
			    *text == 'e' ? '\033' : *text;
		type(key);
	}
}

/* ROWSxCOLUMNS */
static void
resize(const char *text)
{
	struct winsize size;
	unsigned int rows, columns;

	if (sscanf(text, "%ux%u", &rows, &columns) != 2)
		fail("not a size");
	memset(&size, 0, sizeof size);
	size.ws_row = (unsigned short)rows;
	size.ws_col = (unsigned short)columns;
	if (ioctl(master, TIOCSWINSZ, &size) == -1)
		fail("TIOCSWINSZ");
}

/* Read so many bytes, a few at a time, and only their number matters. */
static void
read_slowly(const char *text)
{
	long long left = atoll(text) - (long long)length;
	char data[4096];
	int turn = 0;
	ssize_t n;

	length = 0;
	while (left > 0) {
		n = read(master, data, left < (long long)sizeof data ?
		    (size_t)left : sizeof data);
		if (n <= 0)
			fail("end of output");
		left -= n;
		if (++turn % 512 == 0)
			(void)poll(NULL, 0, 1);
		if (turn % 512 == 0)
			alarm(DEADLINE_S);
	}
	if (left < 0)
		fail("more output than that");
}

static void
hide_screen(const char *unused)
{
	(void)unused;
	hides_screen = 1;
}

/* What is there although nobody waited for it. */
static void
read_rest(void)
{
	struct pollfd poll_master = { master, POLLIN, 0 };
	char data[4096];
	ssize_t n;

	while (master != -1 && poll(&poll_master, 1, 50) > 0 &&
	    (poll_master.revents & POLLIN) != 0 &&
	    (n = read(master, data, sizeof data)) > 0)
		show(data, (size_t)n);
}

/* A terminal signals first and echoes the key then: who is signalled may write
 * before that.  So the echoes are told apart. */
static void
set_echoes_apart(void)
{
	size_t from, to = 0;

	printf("echoes:");
	for (from = 0; from < shown; from++) {
		if (screen[from] == '^' && from + 1 < shown &&
		    screen[from + 1] >= '@' && screen[from + 1] <= '_')
			printf(" ^%c", screen[++from]);
		else
			screen[to++] = screen[from];
	}
	shown = to;
	printf("\n");
}

static void
print_screen(void)
{
	read_rest();
	if (observes && !hides_screen) {
		set_echoes_apart();
		printf("screen:\n%.*s\n", (int)shown, screen);
	}
	fflush(stdout);
}

static const char *
whose_foreground(void)
{
	pid_t pgrp = tcgetpgrp(slave);

	return pgrp == shell ? "shell" : pgrp == job[0] ? "job" : "other";
}

/* What a shell sees when its job has stopped or ended, before it does
 * anything. */
static void
observe(void)
{
	struct termios now;
	struct winsize size;

	if (!observes || slave == -1 || get_modes(&now) == -1 ||
	    ioctl(slave, TIOCGWINSZ, &size) == -1)
		return;
	printf("%s: status %x, %dx%d, foreground %s, modes %s\n", step,
	    (unsigned int)status[0], size.ws_row, size.ws_col,
	    whose_foreground(), is_changed(&now) ? "changed" : "as before");
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
	observe();
	take_terminal();
}

static void
await_end(void)
{
	int i;

	for (i = 0; i < jobs; i++)
		while (!ended[i])
			wait_process(i, 0);
	observe();
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
	if (get_modes(&now) == -1 || is_changed(&now))
		fail("the terminal's modes have changed");
}

/* Somebody else says when to go on, through a fifo. */
static void
await_file(const char *path)
{
	char byte;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd == -1 || read(fd, &byte, 1) != 1)
		fail("cannot read");
	close(fd);
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
	{ "keys", type_keys, "TEXT: type it; \\r, \\e, \\\\" },
	{ "size", resize, "ROWSxCOLUMNS: the window gets this size" },
	{ "read", read_slowly, "N: read so many bytes, slowly" },
	{ "noscreen", hide_screen, "what was on the terminal is no matter" },
	{ "stopped", await_stop, "wait until the job stops, then be shell" },
	{ "exit", await_exit, "N: wait until the first process exits so" },
	{ "signal", await_signal, "N: wait until it dies of that signal" },
	{ "fg", foreground, "continue the job in the foreground" },
	{ "bg", background, "continue the job in the background" },
	{ "kill", kill_process, "N: signal the job's first process" },
	{ "killpg", kill_group, "N: signal the job" },
	{ "running", check_running, "the first process has not stopped" },
	{ "modes", check_modes, "the terminal's modes are the old ones" },
	{ "file", await_file, "PATH: wait until a fifo has something" },
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
	print_screen();
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
	print_screen();
}

static _Noreturn void
usage(void)
{
	size_t i;

	fprintf(stderr,
	    "usage: ptyshell [-b | -x] [-o] [-t] [-wSIZE] STEP... -- COMMAND [ARG...] "
	    "['|' COMMAND [ARG...]]\n"
	    "-b: in the background; -x: as leader of the session;\n"
	    "-o: print what shell and person observe; -t: stty tostop\n");
	for (i = 0; steps[i].name != NULL; i++)
		fprintf(stderr, "  %-8s %s\n", steps[i].name, steps[i].help);
	exit(2);
}

int
main(int argc, char *argv[])
{
	int code, count, direct = 0, first = 1, is_foreground = 1, result;
	const char *window = NULL;
	pid_t child = -1, pid;

	for (; first < argc && argv[first][0] == '-'; first++) {
		if (strcmp(argv[first], "-b") == 0)
			is_foreground = 0;
		else if (strcmp(argv[first], "-x") == 0)
			direct = 1;
		else if (strncmp(argv[first], "-w", 2) == 0)
			window = argv[first] + 2;
		else if (strcmp(argv[first], "-o") == 0)
			observes = 1;
		else if (strcmp(argv[first], "-t") == 0)
			stops_writers = 1;
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
	if (window != NULL)
		resize(window);
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
