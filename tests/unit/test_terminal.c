/* test_terminal.c: the host's terminal, as it serves a group */
#include "config.h"

#include <sys/ioctl.h>
#include <sys/wait.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "options.h"
#include "unit.h"

/* The fixture of each test: a terminal, and a host that leads its session, so
 * that it is in the foreground.  Its parent holds the master. */
static int master, tty;
static struct termios found;
static struct contain_options *options;
static struct contain_terminal terminal;
static struct contain_error err;
static struct contain_result result;
static struct unit_talk talk;

/* The backends that work here, one after the other. */
static enum contain_backend backend;

static void
open_terminal(void)
{
	master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	CHECK(master != -1);
	CHECK_INT(grantpt(master), 0);
	CHECK_INT(unlockpt(master), 0);
	CHECK(setsid() != -1);
	tty = open(ptsname(master), O_RDWR | O_NONBLOCK | O_CLOEXEC);
	CHECK(tty != -1);
	(void)ioctl(tty, TIOCSCTTY, 0);
	CHECK_INT(tcgetattr(tty, &found), 0);
	CHECK_INT(tcgetpgrp(tty), getpgrp());
}

static void
set_options(unsigned int stdio, enum contain_ground ground)
{
	options = contain_options_new();
	CHECK(options != NULL);
	terminal.fd = tty;
	terminal.stdio = stdio;
	terminal.ground = ground;
	contain_options_set_backend(options, backend, NULL);
	contain_options_set_pgrp(options, CONTAIN_PGRP_AUTO, NULL);
	contain_options_set_host(options, CONTAIN_HOST_ONE_THREAD, NULL);
	contain_options_set_grace_ms(options, 0, NULL);
	contain_options_set_stops(options, CONTAIN_STOPS_REPORTED, NULL);
	CHECK_INT(contain_options_set_terminal(options, &terminal, &err),
	    CONTAIN_OK);
}

/* With pidns the command has the terminal by its descriptors. */
static struct contain_group *
start(const char *script)
{
	int fd;

	unit_talk_open(&talk);
	for (fd = 0; fd <= 2 && backend == CONTAIN_BACKEND_PIDNS; fd++)
		if (terminal.stdio & 1U << fd)
			CHECK_INT(contain_options_set_fd(options, fd, tty,
			    NULL), CONTAIN_OK);
	return unit_spawn(options, script, &talk);
}

static int
differs(const struct termios *now)
{
	return now->c_lflag != found.c_lflag ||
	    now->c_iflag != found.c_iflag || now->c_oflag != found.c_oflag;
}

static int
is_as_found(void)
{
	struct termios now;

	CHECK_INT(tcgetattr(tty, &now), 0);
	return !differs(&now);
}

static int
is_raw(void)
{
	struct termios now;

	CHECK_INT(tcgetattr(tty, &now), 0);
	return !(now.c_lflag & (ICANON | ECHO | ISIG));
}

static int
processes_output(void)
{
	struct termios now;

	CHECK_INT(tcgetattr(tty, &now), 0);
	return (now.c_oflag & OPOST) != 0;
}

/* Whoever restores the modes does it a moment later. */
static void
await_as_found(void)
{
	int left_ms = UNIT_PATIENCE_MS;

	for (; !is_as_found() && left_ms > 0; left_ms--)
		(void)poll(NULL, 0, 1);
	CHECK(is_as_found());
}

/* ---- in a session of its own ---------------------------------------- */

static void
run_in_session(void *arg)
{
	void (*body)(void);
	int status;
	pid_t pid;

	memcpy(&body, arg, sizeof(body));
	pid = fork();
	CHECK(pid != -1);
	if (pid == 0) {
		alarm(UNIT_PATIENCE_MS / 1000);
		open_terminal();
		body();
		contain_options_free(options);
		_exit(0);
	}
	CHECK_INT(waitpid(pid, &status, 0), pid);
	CHECK_INT(status, 0);
}

/* With each backend. */
static void
at_terminal(void (*body)(void))
{
	for (backend = CONTAIN_BACKEND_PIDNS; backend <= CONTAIN_BACKEND_PTY;
	    backend++)
		if (unit_is_usable(backend))
			unit_child(run_in_session, &body);
}

#define NEED_PTY()							\
	do {								\
		if (!unit_is_usable(CONTAIN_BACKEND_PTY))		\
			SKIP_BECAUSE("pty: not usable");		\
	} while (0)

static void
with_pty(void (*body)(void))
{
	backend = CONTAIN_BACKEND_PTY;
	unit_child(run_in_session, &body);
}

/* ---- arguments ------------------------------------------------------ */

static void
refuse(const struct contain_terminal *wrong, const char *message)
{
	CHECK_INT(contain_options_set_terminal(options, wrong, &err),
	    CONTAIN_E_USAGE);
	CHECK_INT(err.code, CONTAIN_E_USAGE);
	CHECK_STR(err.message, message);
	CHECK_INT(options->terminal.fd, 5);	/* as it was */
	CHECK_INT(options->has_terminal, 1);
}

static void
setter(void **state)
{
	struct contain_terminal wanted = { 5, 7, CONTAIN_FOREGROUND };
	struct contain_terminal wrong = wanted;

	(void)state;
	options = contain_options_new();
	CHECK_INT(options->has_terminal, 0);
	CHECK_INT(contain_options_set_terminal(NULL, &wanted, &err),
	    CONTAIN_E_USAGE);
	CHECK_INT(contain_options_set_terminal(options, &wanted, &err),
	    CONTAIN_OK);
	wrong.fd = -1;
	refuse(&wrong, "fd: -1 is not valid");
	wrong = wanted;
	wrong.fd = 6;
	wrong.stdio = 8;
	refuse(&wrong, "stdio: 8 is not valid");
	wrong.stdio = 0;
	wrong.ground = (enum contain_ground)2;
	refuse(&wrong, "ground: 2 is not valid");
	wrong.ground = (enum contain_ground)3;
	refuse(&wrong, "ground: 3 is not valid");
	CHECK_INT(contain_options_set_terminal(options, NULL, &err),
	    CONTAIN_OK);
	CHECK_INT(options->has_terminal, 0);
	contain_options_free(options);
	options = NULL;
}

static void
no_group(void **state)
{
	(void)state;
	CHECK_INT(contain_terminal(NULL), -1);
	CHECK_INT(contain_set_ground(NULL, CONTAIN_FOREGROUND, &err),
	    CONTAIN_E_USAGE);
	CHECK_STR(err.message, "ground: no group");
	CHECK_INT(contain_resize(NULL, &err), CONTAIN_E_USAGE);
	CHECK_STR(err.message, "resize: no group");
	CHECK_INT(contain_set_ground(NULL, CONTAIN_FOREGROUND, NULL),
	    CONTAIN_E_USAGE);
}

/* ---- states --------------------------------------------------------- */

static void
check_nothing_to_do(struct contain_group *group)
{
	CHECK_INT(contain_terminal(group), -1);
	CHECK_INT(contain_set_ground(group, CONTAIN_FOREGROUND, &err),
	    CONTAIN_OK);
	CHECK(is_as_found());
	CHECK_INT(contain_resize(group, &err), 0);
	CHECK_INT(contain_set_ground(group, (enum contain_ground)2, &err),
	    CONTAIN_E_USAGE);
	CHECK_STR(err.message, "ground: 2 is not valid");
}

static void
unserved_body(void)
{
	struct contain_group *group;

	set_options(0, CONTAIN_FOREGROUND);
	contain_options_set_terminal(options, NULL, NULL);
	group = start("read x <&8");
	check_nothing_to_do(group);
	unit_say(&talk, "");
	/* no CONTAIN_LAST_OUTPUT either */
	CHECK_INT(contain_wait(group, -1, &result, &err), CONTAIN_OK);
	check_nothing_to_do(group);
	contain_free(group);
}

static void
unserved(void **state)
{
	(void)state;
	at_terminal(unserved_body);
}

/* What is no terminal needs nothing. */
static void
no_terminal_body(void)
{
	struct contain_group *group;

	set_options(0, CONTAIN_FOREGROUND);
	terminal.fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	contain_options_set_terminal(options, &terminal, NULL);
	group = start("read x <&8");
	check_nothing_to_do(group);
	unit_say(&talk, "");
	unit_finish(group, &result);
	contain_free(group);
}

static void
no_terminal(void **state)
{
	(void)state;
	at_terminal(no_terminal_body);
}

/* The end of the command by itself and its last output. */
static void
finish_after_output(struct contain_group *group)
{
	CHECK_INT(contain_wait(group, -1, &result, &err),
	    CONTAIN_LAST_OUTPUT);
	CHECK(contain_terminal(group) != -1);
	CHECK_INT(contain_wait(group, -1, &result, &err), CONTAIN_OK);
	CHECK_INT(contain_wait(group, 0, &result, &err), CONTAIN_OK);
	CHECK_INT(contain_terminal(group), -1);
	CHECK_INT(contain_set_ground(group, CONTAIN_FOREGROUND, &err),
	    CONTAIN_OK);
	CHECK_INT(contain_resize(group, &err), 0);
}

/* ---- a terminal of its own ------------------------------------------ */

static void
read_terminal(int fd, char *text, size_t size)
{
	struct pollfd fds = { fd, POLLIN, 0 };
	size_t used = 0;
	ssize_t n;

	while (used == 0 || text[used - 1] != '\n') {
		CHECK_INT(poll(&fds, 1, UNIT_PATIENCE_MS), 1);
		n = read(fd, text + used, size - 1 - used);
		CHECK(n > 0);
		used += (size_t)n;
	}
	text[used] = '\0';
}

static void
set_size(unsigned short rows, unsigned short columns)
{
	struct winsize size;

	memset(&size, 0, sizeof(size));
	size.ws_row = rows;
	size.ws_col = columns;
	CHECK_INT(ioctl(master, TIOCSWINSZ, &size), 0);
}

static void
alike_body(void)
{
	struct contain_group *group;
	char text[200];
	int fd;

	set_size(11, 22);
	set_options(3, CONTAIN_FOREGROUND);
	group = start("stty size; tty | sed s,/dev/,, >&9; read x <&8");
	fd = contain_terminal(group);
	CHECK(fd > 2);
	CHECK(fcntl(fd, F_GETFL) & O_NONBLOCK);
	CHECK(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	read_terminal(fd, text, sizeof(text));
	CHECK_STR(text, "11 22\r\n");
	CHECK(strcmp(unit_hear(&talk), ttyname(tty) + 5) != 0);
	CHECK(is_as_found());
	unit_say(&talk, "");
	finish_after_output(group);
	contain_free(group);
}

static void
alike(void **state)
{
	(void)state;
	NEED_PTY();
	with_pty(alike_body);
}

/* Raw in the foreground, its own modes in the background; again and again. */
static void
grounds_body(void)
{
	struct contain_group *group;
	int round;

	set_options(3, CONTAIN_FOREGROUND);
	group = start("read x <&8");
	for (round = 0; round < 2; round++) {
		CHECK_INT(contain_set_ground(group, CONTAIN_FOREGROUND, &err),
		    CONTAIN_OK);
		CHECK(is_raw());
		CHECK(!processes_output());
		CHECK_INT(contain_set_ground(group, CONTAIN_FOREGROUND, &err),
		    CONTAIN_OK);
		CHECK(is_raw());
		CHECK_INT(contain_set_ground(group, CONTAIN_BACKGROUND, &err),
		    CONTAIN_OK);
		CHECK(is_as_found());
	}
	CHECK_INT(contain_set_ground(group, CONTAIN_FOREGROUND, &err),
	    CONTAIN_OK);
	unit_say(&talk, "");
	finish_after_output(group);
	CHECK(is_as_found());
	contain_free(group);
}

static void
grounds(void **state)
{
	(void)state;
	NEED_PTY();
	with_pty(grounds_body);
}

/* Who shares the terminal with others leaves it its output processing. */
static void
shared_output_body(void)
{
	struct contain_group *group;

	set_options(1, CONTAIN_FOREGROUND);
	group = start("read x <&8");
	CHECK_INT(contain_set_ground(group, CONTAIN_FOREGROUND, &err),
	    CONTAIN_OK);
	CHECK(is_raw());
	CHECK(processes_output());
	unit_say(&talk, "");
	finish_after_output(group);
	CHECK(is_as_found());
	contain_free(group);
}

static void
shared_output(void **state)
{
	(void)state;
	NEED_PTY();
	with_pty(shared_output_body);
}

/* Modes that were set meanwhile are those to give back, and the command's. */
static void
changed_meanwhile_body(void)
{
	struct contain_group *group;
	struct termios other;

	set_options(3, CONTAIN_FOREGROUND);
	group = start("read x <&8; stty -a | grep -o 'eof = ^.' >&9");
	contain_set_ground(group, CONTAIN_FOREGROUND, NULL);
	contain_set_ground(group, CONTAIN_BACKGROUND, NULL);
	other = found;
	other.c_cc[VEOF] = 'E' & 0x1f;
	CHECK_INT(tcsetattr(tty, TCSANOW, &other), 0);
	contain_set_ground(group, CONTAIN_FOREGROUND, NULL);
	CHECK(is_raw());
	CHECK_INT(contain_is_stopped(group, NULL), 0);	/* it has heard */
	unit_say(&talk, "");
	CHECK_STR(unit_hear(&talk), "eof = ^E");
	finish_after_output(group);
	CHECK_INT(tcgetattr(tty, &other), 0);
	CHECK(!differs(&other));
	CHECK_INT(other.c_cc[VEOF], 'E' & 0x1f);
	contain_free(group);
}

static void
changed_meanwhile(void **state)
{
	(void)state;
	NEED_PTY();
	with_pty(changed_meanwhile_body);
}

/* In the background who reads is stopped, and in the foreground reads. */
static void
reads_body(void)
{
	struct contain_group *group;

	set_options(3, CONTAIN_BACKGROUND);
	group = start("read x; echo \"got $x\" >&9; read x <&8");
	CHECK_INT(contain_wait(group, -1, &result, &err), CONTAIN_STOPPED);
	CHECK_INT(WSTOPSIG(result.status), SIGTTIN);
	CHECK_INT(contain_set_ground(group, CONTAIN_FOREGROUND, &err),
	    CONTAIN_OK);
	CHECK_INT(contain_signal(group, SIGCONT, &err), CONTAIN_OK);
	CHECK_INT(write(contain_terminal(group), "word\n", 5), 5);
	CHECK_STR(unit_hear(&talk), "got word");
	unit_say(&talk, "");
	finish_after_output(group);
	contain_free(group);
}

static void
reads(void **state)
{
	(void)state;
	NEED_PTY();
	with_pty(reads_body);
}

/* What nobody has read when nobody is alive any more is still there. */
static void
last_output_body(void)
{
	struct contain_group *group;
	char text[200];

	set_options(3, CONTAIN_FOREGROUND);
	group = start("echo last words; exit 7");
	CHECK_INT(contain_wait(group, -1, &result, &err),
	    CONTAIN_LAST_OUTPUT);
	CHECK_INT(result.status, 7 << 8);
	CHECK_INT(kill(contain_pid(group), 0), -1);
	read_terminal(contain_terminal(group), text, sizeof(text));
	CHECK_STR(text, "last words\r\n");
	CHECK_INT(contain_wait(group, 0, &result, &err), CONTAIN_OK);
	CHECK_INT(result.status, 7 << 8);
	contain_free(group);
	/* told without a place for the result, and never asked for again */
	unit_talk_close(&talk);
	group = start("exit 7");
	CHECK_INT(contain_wait(group, -1, NULL, NULL), CONTAIN_LAST_OUTPUT);
	contain_free(group);
	CHECK(is_as_found());
}

static void
last_output(void **state)
{
	(void)state;
	NEED_PTY();
	with_pty(last_output_body);
}

static void
resizes_body(void)
{
	struct contain_group *group;

	set_options(3, CONTAIN_FOREGROUND);
	group = start("trap 'stty size >&9' WINCH; stty size >&9; "
	    "while ! read x <&8; do :; done");
	CHECK_STR(unit_hear(&talk), "0 0");
	CHECK_INT(contain_resize(group, &err), 0);
	set_size(33, 44);
	CHECK_INT(contain_resize(group, &err), 1);
	CHECK_INT(contain_resize(group, &err), 0);
	unit_say(&talk, "");
	CHECK_STR(unit_hear(&talk), "33 44");
	finish_after_output(group);
	contain_free(group);
}

static void
resizes(void **state)
{
	(void)state;
	NEED_PTY();
	with_pty(resizes_body);
}

/* ---- what is left of the modes --------------------------------------- */

/* The command makes its terminal raw, which with pidns is the host's, and ends
 * so. */
static struct contain_group *
start_raw(const char *then)
{
	struct contain_group *group;
	char script[200];

	set_options(3, CONTAIN_FOREGROUND);
	snprintf(script, sizeof(script),
	    "stty raw -echo; echo raw >&9; read x <&8; %s", then);
	group = start(script);
	CHECK_STR(unit_hear(&talk), "raw");
	contain_set_ground(group, CONTAIN_FOREGROUND, NULL);
	CHECK(is_raw());
	return group;
}

static void
await_end(struct contain_group *group)
{
	int code;

	do
		code = contain_wait(group, -1, &result, &err);
	while (code == CONTAIN_LAST_OUTPUT);
	CHECK_INT(code, CONTAIN_OK);
}

/* Who exits leaves what it wants to. */
static void
exits_body(void)
{
	struct contain_group *group = start_raw("exit 0");

	unit_say(&talk, "");
	await_end(group);
	CHECK(is_raw());
	contain_free(group);
	CHECK(is_raw());
}

static void
exits(void **state)
{
	(void)state;
	at_terminal(exits_body);
}

static void
killed_body(void)
{
	struct contain_group *group = start_raw("kill -9 $$");

	unit_say(&talk, "");
	await_end(group);
	CHECK(is_as_found());
	contain_free(group);
}

static void
killed(void **state)
{
	(void)state;
	at_terminal(killed_body);
}

static void
freed_body(void)
{
	struct contain_group *group = start_raw("exit 0");

	contain_free(group);
	CHECK(is_as_found());
}

static void
freed(void **state)
{
	(void)state;
	at_terminal(freed_body);
}

/* The warden alone is killed: the host does it. */
static void
warden_killed_body(void)
{
	struct contain_group *group = start_raw("exit 0");

	CHECK_INT(kill(contain_effect(group)->warden, SIGKILL), 0);
	await_end(group);
	CHECK_INT(result.flags, CONTAIN_F_WARDEN_DIED);
	CHECK(is_as_found());
	contain_free(group);
}

static void
warden_killed(void **state)
{
	(void)state;
	at_terminal(warden_killed_body);
}

/* ---- the host is killed ---------------------------------------------- */

/* In a process of its own, as the session's leader has to live on. */
static void
kill_host(void (*host)(void))
{
	int status;
	pid_t pid;

	unit_be_in_foreground(tty);
	pid = fork();
	CHECK(pid != -1);
	if (pid == 0) {
		host();
		_exit(1);
	}
	CHECK_INT(waitpid(pid, &status, 0), pid);
	CHECK_INT(status, SIGKILL);
	await_as_found();
}

static void
die_while_it_runs(void)
{
	start_raw("exit 0");
	raise(SIGKILL);
}

/* The warden has told the end, which the host never hears of. */
static void
die_of_its_end(void)
{
	struct contain_group *group = start_raw("kill -9 $$");
	struct pollfd fds = { contain_fd(group), POLLIN, 0 };

	unit_say(&talk, "");
	CHECK_INT(poll(&fds, 1, UNIT_PATIENCE_MS), 1);
	raise(SIGKILL);
}

/* It has heard that nobody is alive, and has not let go. */
static void
die_with_last_output(void)
{
	struct contain_group *group = start_raw("exit 0");

	unit_say(&talk, "");
	CHECK_INT(contain_wait(group, -1, &result, &err),
	    CONTAIN_LAST_OUTPUT);
	raise(SIGKILL);
}

/* The host has not been seen to be in the foreground, where the command's own
 * process group is. */
static struct contain_group *
start_raw_in_background(void)
{
	struct contain_group *group;

	set_options(3, CONTAIN_BACKGROUND);
	contain_options_set_pgrp(options, CONTAIN_PGRP_OWN, NULL);
	group = start("read x <&8; stty raw -echo; echo raw >&9; read x <&8");
	contain_set_ground(group, CONTAIN_FOREGROUND, NULL);
	contain_forward(group, SIGCONT, CONTAIN_FROM_PROCESS, NULL);
	CHECK_INT(contain_is_stopped(group, NULL), 0);	/* it has heard */
	unit_say(&talk, "");
	CHECK_STR(unit_hear(&talk), "raw");
	contain_set_ground(group, CONTAIN_BACKGROUND, NULL);
	CHECK_INT(contain_is_stopped(group, NULL), 0);
	CHECK(is_raw());
	return group;
}

static void
die_in_background(void)
{
	start_raw_in_background();
	raise(SIGKILL);
}

/* The warden has seen neither end when both are over. */
static void
die_after_the_command(void)
{
	struct contain_group *group = start_raw_in_background();

	CHECK_INT(kill(contain_effect(group)->warden, SIGSTOP), 0);
	unit_say(&talk, "");
	unit_await_silence(&talk);
	raise(SIGKILL);
}

static void
host_killed_body(void)
{
	kill_host(die_while_it_runs);
	kill_host(die_of_its_end);
	if (backend == CONTAIN_BACKEND_PTY)
		kill_host(die_with_last_output);
	else {
		kill_host(die_in_background);
		kill_host(die_after_the_command);
	}
}

static void
host_killed(void **state)
{
	(void)state;
	at_terminal(host_killed_body);
}

static int
run(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(setter),
		cmocka_unit_test(no_group),
		cmocka_unit_test(unserved),
		cmocka_unit_test(no_terminal),
		cmocka_unit_test(alike),
		cmocka_unit_test(grounds),
		cmocka_unit_test(shared_output),
		cmocka_unit_test(changed_meanwhile),
		cmocka_unit_test(reads),
		cmocka_unit_test(last_output),
		cmocka_unit_test(resizes),
		cmocka_unit_test(exits),
		cmocka_unit_test(killed),
		cmocka_unit_test(freed),
		cmocka_unit_test(warden_killed),
		cmocka_unit_test(host_killed),
	};

	return cmocka_run_group_tests(tests, unit_setup, NULL) != 0;
}

int
main(void)
{
	return unit_isolated(run);
}
