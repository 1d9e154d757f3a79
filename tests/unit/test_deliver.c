/* test_deliver.c: a signal for the command, once */
#include "config.h"

#include <sys/ioctl.h>
#include <sys/wait.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "deliver.h"
#include "os/os.h"
#include "unit.h"

/* The body of each test plays the warden, in a process group of its own, so
 * that nobody else is reached. */

/* Who got what: a letter each, written by the handlers. */
static int tell[2];
static char my_letter;

static void
handle(int signum)
{
	char text[2] = { my_letter, signum == SIGUSR1 ? '1' : '2' };

	if (write(tell[1], text, 2) != 2)
		_exit(1);
}

static void
open_tell(void)
{
	CHECK_INT(pipe(tell), 0);
}

/* A process that writes its letter for each SIGUSR1 and SIGUSR2; in the group
 * pgrp: 0 its own, -1 ours. */
static pid_t
fork_listener(char letter, pid_t pgrp)
{
	struct sigaction action;
	sigset_t none;
	char ready[2] = { letter, 'r' }, got[2];
	pid_t pid = fork();

	CHECK(pid != -1);
	if (pid == 0) {
		my_letter = letter;
		if (pgrp != -1)
			setpgid(0, pgrp);
		memset(&action, 0, sizeof(action));
		action.sa_handler = handle;
		sigaction(SIGUSR1, &action, NULL);
		sigaction(SIGUSR2, &action, NULL);
		sigemptyset(&none);
		sigprocmask(SIG_SETMASK, &none, NULL);
		if (write(tell[1], ready, 2) != 2)
			_exit(1);
		for (;;)
			pause();
	}
	CHECK_INT(read(tell[0], got, 2), 2);
	CHECK_INT(got[1], 'r');
	return pid;
}

static void
end(pid_t pid)
{
	kill(pid, SIGKILL);
	CHECK_INT(waitpid(pid, NULL, 0), pid);
}

/* What the next one got, as letter and number. */
static void
hear(char letter, char number)
{
	char got[2];

	CHECK_INT(read(tell[0], got, 2), 2);
	CHECK_INT(got[0], letter);
	CHECK_INT(got[1], number);
}

/* It got nothing before that was not heard yet. */
static void
only_hears(pid_t pid, char letter)
{
	kill(pid, SIGUSR2);
	hear(letter, '2');
}

static struct contain_options options;
static struct ctn_attempt attempt;
static struct ctn_life life;

static void
set_up(pid_t command, int shares_pgrp, enum contain_forward forward)
{
	memset(&options, 0, sizeof(options));
	memset(&attempt, 0, sizeof(attempt));
	memset(&life, 0, sizeof(life));
	options.forward = forward;
	attempt.options = &options;
	attempt.shares_pgrp = shares_pgrp;
	life.attempt = &attempt;
	life.command = command;
}

/* As the warden does: a signal to its group waits, as its witness. */
static void
block_all(void)
{
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
}

static void
to_own_group(void *arg)
{
	pid_t command, member, stranger;
	char got[4];

	(void)arg;
	open_tell();
	block_all();
	command = fork_listener('c', 0);
	stranger = fork_listener('s', 0);
	set_up(command, 0, CONTAIN_FORWARD_GROUP);
	ctn_deliver(&life, SIGUSR1);
	hear('c', '1');
	member = fork_listener('m', command);
	ctn_deliver(&life, SIGUSR1);
	/* both, in any order; then nothing more */
	CHECK_INT(read(tell[0], got, 2), 2);
	CHECK_INT(read(tell[0], got + 2, 2), 2);
	CHECK(got[0] != got[2]);
	CHECK(got[0] == 'c' || got[0] == 'm');
	CHECK(got[2] == 'c' || got[2] == 'm');
	only_hears(command, 'c');
	only_hears(member, 'm');
	only_hears(stranger, 's');
	end(command);
	end(member);
	end(stranger);
}

static void
own_group(void **state)
{
	(void)state;
	unit_child(to_own_group, NULL);
}

static void
to_command_alone(void *arg)
{
	pid_t command, member;

	(void)arg;
	open_tell();
	block_all();
	command = fork_listener('c', 0);
	member = fork_listener('m', command);
	set_up(command, 0, CONTAIN_FORWARD_COMMAND);
	ctn_deliver(&life, SIGUSR1);
	hear('c', '1');
	only_hears(member, 'm');
	end(command);
	end(member);
}

static void
command_alone(void **state)
{
	(void)state;
	unit_child(to_command_alone, NULL);
}

/* In the group of warden and host: each member by its pid, but not the
 * warden, and nobody in another group. */
static void
to_shared_group(void *arg)
{
	pid_t command, stranger;
	sigset_t pending;

	(void)arg;
	open_tell();
	block_all();
	command = fork_listener('c', -1);
	stranger = fork_listener('s', 0);
	set_up(command, 1, CONTAIN_FORWARD_GROUP);
	ctn_deliver(&life, SIGUSR1);
	hear('c', '1');
	only_hears(stranger, 's');
	sigpending(&pending);
	CHECK_INT(sigismember(&pending, SIGUSR1), 0);
	end(command);
	end(stranger);
}

static void
shared_group(void **state)
{
	(void)state;
	unit_child(to_shared_group, NULL);
}

static void
to_nobody(void *arg)
{
	pid_t command, neighbour;

	(void)arg;
	open_tell();
	block_all();
	command = fork_listener('c', 0);
	neighbour = fork_listener('n', -1);
	set_up(0, 0, CONTAIN_FORWARD_GROUP);
	ctn_deliver(&life, SIGUSR1);	/* pid 0 would be our own group */
	set_up(0, 0, CONTAIN_FORWARD_COMMAND);
	ctn_deliver(&life, SIGUSR1);
	ctn_deliver_continue(&life, CONTAIN_FROM_PROCESS);
	only_hears(neighbour, 'n');
	end(neighbour);
	set_up(command, 0, CONTAIN_FORWARD_GROUP);
	ctn_deliver(&life, 0);
	only_hears(command, 'c');
	end(command);
}

static void
nobody(void **state)
{
	(void)state;
	unit_child(to_nobody, NULL);
}

/* Sent to all of the group that host, warden and command share: the command
 * has it, and is not sent it again; the next one is. */
static void
forward_once(void *arg)
{
	pid_t command;
	sigset_t pending;

	(void)arg;
	open_tell();
	block_all();
	command = fork_listener('c', -1);
	set_up(command, 1, CONTAIN_FORWARD_GROUP);
	kill(0, SIGUSR1);
	hear('c', '1');
	ctn_deliver_forwarded(&life, SIGUSR1, CONTAIN_FROM_PROCESS);
	only_hears(command, 'c');
	sigpending(&pending);
	CHECK_INT(sigismember(&pending, SIGUSR1), 0);
	ctn_deliver_forwarded(&life, SIGUSR1, CONTAIN_FROM_PROCESS);
	hear('c', '1');
	end(command);
}

static void
forwarded_once(void **state)
{
	(void)state;
	unit_child(forward_once, NULL);
}

/* The terminal's may be merged: two sent, one pending, none is passed on. */
static void
forward_terminal(void *arg)
{
	pid_t command;

	(void)arg;
	open_tell();
	block_all();
	command = fork_listener('c', -1);
	set_up(command, 1, CONTAIN_FORWARD_GROUP);
	kill(getpid(), SIGUSR1);
	ctn_deliver_forwarded(&life, SIGUSR1, CONTAIN_FROM_TERMINAL);
	ctn_deliver_forwarded(&life, SIGUSR1, CONTAIN_FROM_TERMINAL);
	ctn_deliver_forwarded(&life, SIGUSR1, CONTAIN_FROM_PROCESS);
	hear('c', '1');
	only_hears(command, 'c');
	end(command);
}

static void
terminal_forwards_nothing(void **state)
{
	(void)state;
	unit_child(forward_terminal, NULL);
}

/* In a group of its own the command has not got it, whatever is pending. */
static void
forward_to_own(void *arg)
{
	pid_t command;

	(void)arg;
	open_tell();
	block_all();
	command = fork_listener('c', 0);
	set_up(command, 0, CONTAIN_FORWARD_GROUP);
	kill(getpid(), SIGUSR1);
	ctn_deliver_forwarded(&life, SIGUSR1, CONTAIN_FROM_PROCESS);
	hear('c', '1');
	end(command);
}

static void
forwarded_to_own(void **state)
{
	(void)state;
	unit_child(forward_to_own, NULL);
}

/* ---- ^Z while the command is continued ------------------------------ */

/* A stopped process with the default actions, in a group of its own. */
static pid_t
fork_stopped(void)
{
	sigset_t none;
	int status;
	pid_t pid = fork();

	CHECK(pid != -1);
	if (pid == 0) {
		setpgid(0, 0);
		sigemptyset(&none);
		sigprocmask(SIG_SETMASK, &none, NULL);
		raise(SIGSTOP);
		for (;;)
			pause();
	}
	CHECK_INT(waitpid(pid, &status, WUNTRACED), pid);
	CHECK(WIFSTOPPED(status));
	return pid;
}

/* Somebody types ^Z as soon as pgrp is in the foreground. */
static pid_t
fork_typist(int master, pid_t pgrp)
{
	pid_t pid = fork();

	CHECK(pid != -1);
	if (pid == 0) {
		alarm(UNIT_PATIENCE_MS / 1000);
		while (tcgetpgrp(master) != pgrp)
			continue;
		_exit(write(master, "\032", 1) != 1);
	}
	return pid;
}

/* Whenever the key comes, it is not undone by the SIGCONT. */
static void
continue_and_stop(int master)
{
	pid_t command = fork_stopped(), typist;
	int status;

	typist = fork_typist(master, command);
	set_up(command, 0, CONTAIN_FORWARD_GROUP);
	ctn_deliver_continue(&life, CONTAIN_FROM_PROCESS);
	CHECK_INT(waitpid(typist, &status, 0), typist);
	CHECK_INT(status, 0);
	CHECK_INT(waitpid(command, &status, WUNTRACED), command);
	CHECK(WIFSTOPPED(status));
	CHECK_INT(WSTOPSIG(status), SIGTSTP);
	CHECK(getpgrp() != command);
	end(command);
}

#define KEYS 40

/* The warden's parent leads the session, and another process group. */
static void
stop_at_terminal(void *arg)
{
	int i, slave, status, master = posix_openpt(O_RDWR | O_NOCTTY);
	pid_t pid;

	(void)arg;
	CHECK(master != -1 && grantpt(master) == 0 && unlockpt(master) == 0);
	CHECK(setsid() != -1);
	slave = open(ptsname(master), O_RDWR);
	CHECK(slave != -1);
	(void)ioctl(slave, TIOCSCTTY, 0);
	pid = fork();
	CHECK(pid != -1);
	if (pid == 0) {
		alarm(UNIT_PATIENCE_MS / 1000);
		setpgid(0, 0);
		block_all();
		for (i = 0; i < KEYS; i++)
			continue_and_stop(master);
		_exit(0);
	}
	CHECK_INT(waitpid(pid, &status, 0), pid);
	CHECK_INT(status, 0);
}

/* Who leads a process group, as unit_child's, cannot lead a session. */
static void
stop_in_session(void *arg)
{
	int status;
	pid_t pid = fork();

	CHECK(pid != -1);
	if (pid == 0) {
		stop_at_terminal(arg);
		_exit(0);
	}
	CHECK_INT(waitpid(pid, &status, 0), pid);
	CHECK_INT(status, 0);
}

static void
stopped_while_continued(void **state)
{
	(void)state;
	unit_child(stop_in_session, NULL);
}

static int
run(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(own_group),
		cmocka_unit_test(command_alone),
		cmocka_unit_test(shared_group),
		cmocka_unit_test(nobody),
		cmocka_unit_test(forwarded_once),
		cmocka_unit_test(terminal_forwards_nothing),
		cmocka_unit_test(forwarded_to_own),
		cmocka_unit_test(stopped_while_continued),
	};

	return cmocka_run_group_tests(tests, unit_setup, NULL) != 0;
}

int
main(void)
{
	return unit_isolated(run);
}
