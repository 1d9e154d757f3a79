/*
 * events.c: a person at a terminal who does things at random.
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
#include <time.h>
#include <unistd.h>

/* After the last event of a job it has so long to be gone. */
#define DEADLINE_MS 10000

/* Events of one job at most, so that many jobs are started. */
#define EVENTS_A_JOB 12

static int master, slave;
static pid_t shell, job;
static struct termios modes;
static unsigned long seed, random_state, done;
static int is_stopped;
static const char *last = "start";

/* What has happened to the job, for whoever must find out why. */
static char history[1024];

static unsigned int
choose(unsigned int below)
{
	random_state = random_state * 1103515245UL + 12345UL;
	return (unsigned int)(random_state >> 16 & 0x7fff) % below;
}

static void
note(const char *what)
{
	size_t used = strlen(history);

	snprintf(history + used, sizeof history - used, " %s", what);
}

static _Noreturn void
fail(const char *why)
{
	printf("seed %lu, event %lu (%s): %s\nthe job:%s\n", seed, done, last,
	    why, history);
	fflush(stdout);
	if (job > 0)
		kill(-job, SIGKILL);
	_exit(1);
}

static long
now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000L + now.tv_nsec / 1000000L;
}

/* Whatever comes is read away, for so long. */
static void
read_for(int ms)
{
	long until = now_ms() + ms, left;
	char data[4096];

	while ((left = until - now_ms()) > 0) {
		struct pollfd fd = { master, POLLIN, 0 };

		if (poll(&fd, 1, (int)left) > 0 &&
		    read(master, data, sizeof data) <= 0)
			fail("no terminal");
	}
}

/* ---- the shell ----------------------------------------------------- */

static int
is_raw(void)
{
	struct termios now;

	return tcgetattr(slave, &now) == -1 ||
	    (now.c_lflag & (ICANON | ISIG | ECHO)) !=
	    (ICANON | ISIG | ECHO) || !(now.c_oflag & OPOST);
}

static void
take_terminal(void)
{
	tcsetpgrp(slave, shell);
	tcsetattr(slave, TCSANOW, &modes);
}

/* Has the job ended?  One that stops gives its shell the terminal back. */
static int
look(void)
{
	int status;

	while (waitpid(job, &status, WNOHANG | WUNTRACED) == job) {
		if (!WIFSTOPPED(status))
			return 1;
		is_stopped = 1;
		note("stopped");
		tcsetpgrp(slave, shell);
		tcsetattr(slave, TCSANOW, &modes);
	}
	return 0;
}

/* A machine that is full of processes for a moment is no failure. */
static pid_t
fork_patiently(void)
{
	long deadline = now_ms() + DEADLINE_MS;
	pid_t pid;

	while ((pid = fork()) == -1 && errno == EAGAIN && now_ms() < deadline)
		(void)poll(NULL, 0, 10);
	if (pid == -1)
		err(2, "fork");
	return pid;
}

static void
start(char *argv[])
{
	is_stopped = 0;
	history[0] = '\0';
	job = fork_patiently();
	if (job == 0) {
		int signum;

		setpgid(0, 0);
		tcsetpgrp(slave, getpid());
		for (signum = 1; signum < NSIG; signum++)
			(void)signal(signum, SIG_DFL);
		dup2(slave, 0);
		dup2(slave, 1);
		dup2(slave, 2);
		execvp(argv[0], argv);
		err(127, "%s", argv[0]);
	}
	setpgid(job, job);
	tcsetpgrp(slave, job);
}

/* ---- what is done -------------------------------------------------- */

static void
press(const char *keys)
{
	if (write(master, keys, strlen(keys)) == -1)
		fail("write");
}

static void
press_letter(void)
{
	static const char letters[] = "abc\r xyz\033[A\t";
	char key[2] = { letters[choose(sizeof letters - 1)], '\0' };

	press(key);
}

static void
press_interrupt(void)
{
	press("\003");
}

static void
press_quit(void)
{
	press("\034");
}

static void
press_stop(void)
{
	press("\032");
}

static void
press_hold(void)
{
	press("\023");
	read_for(2);
	press("\021");
}

static void
resize(void)
{
	struct winsize size;

	memset(&size, 0, sizeof size);
	size.ws_row = (unsigned short)choose(100);
	size.ws_col = (unsigned short)choose(200);
	(void)ioctl(master, TIOCSWINSZ, &size);
}

static void
foreground(void)
{
	tcsetpgrp(slave, job);
	is_stopped = 0;
	kill(-job, SIGCONT);
}

static void
background(void)
{
	if (!is_stopped)
		return;
	is_stopped = 0;
	kill(-job, SIGCONT);
}

static void
stop(void)
{
	int signum = choose(2) ? SIGSTOP : SIGTSTP;

	note(signum == SIGSTOP ? "(STOP)" : "(TSTP)");
	kill(job, signum);
}

static void
continue_it(void)
{
	kill(job, SIGCONT);
}

/* Contain alone: with its warden, which may be in the same process group, it
 * takes whoever could restore the modes. */
static void
kill_it(void)
{
	kill(job, SIGKILL);
}

static void
terminate(void)
{
	kill(-job, choose(2) ? SIGTERM : SIGHUP);
}

static void
change_window(void)
{
	kill(job, SIGWINCH);
}

static const struct {
	const char *name;
	unsigned int weight;
	void (*run)(void);
} events[] = {
	{ "key", 20, press_letter }, { "^C", 6, press_interrupt },
	{ "^\\", 2, press_quit }, { "^Z", 16, press_stop },
	{ "^S, ^Q", 2, press_hold }, { "resize", 10, resize },
	{ "fg", 14, foreground }, { "bg", 6, background },
	{ "stop", 5, stop }, { "CONT", 4, continue_it },
	{ "KILL", 2, kill_it }, { "TERM or HUP", 3, terminate },
	{ "WINCH", 2, change_window }
};

static void
do_something(void)
{
	unsigned int i, sum = 0, chosen;

	for (i = 0; i < sizeof events / sizeof events[0]; i++)
		sum += events[i].weight;
	chosen = choose(sum);
	for (i = 0; chosen >= events[i].weight; i++)
		chosen -= events[i].weight;
	last = events[i].name;
	note(last);
	events[i].run();
	done++;
}

/* Where it must end: asked to, continued, and in the end killed. */
static void
end_job(void)
{
	long deadline = now_ms() + DEADLINE_MS;
	int is_killed = 0;

	while (!look()) {
		if (!is_killed && now_ms() > deadline - DEADLINE_MS + 100) {
			last = "the last KILL";
			note(last);
			kill(job, SIGKILL);
			is_killed = 1;
		}
		if (now_ms() > deadline)
			fail("it does not end");
		read_for(5);
	}
}

/* The wardens' own end comes a moment later, if contain was killed. */
static void
check_all_gone(void)
{
	long deadline = now_ms() + DEADLINE_MS;
	pid_t pid;

	for (;;) {
		while ((pid = waitpid(-1, NULL, WNOHANG)) > 0)
			continue;
		if (pid == -1 && errno == ECHILD)
			return;
		if (now_ms() > deadline)
			fail("somebody is left");
		read_for(5);
	}
}

/* Before its shell does anything about that. */
static void
check_modes(void)
{
	if (is_raw())
		fail("the terminal is raw");
	take_terminal();
	tcflush(slave, TCIOFLUSH);
}

static void
live_one(char *argv[], unsigned long most)
{
	unsigned int left = 1 + choose(EVENTS_A_JOB);
	int has_ended = 0;

	start(argv);
	if (choose(4) != 0) {
		note("pause");
		read_for(20);
	}
	for (; left > 0 && done < most && !has_ended; left--) {
		do_something();
		read_for((int)choose(4));
		has_ended = look();
	}
	/* a job that was stopped unawares cannot do anything about its modes:
	 * the shell has by now */
	if (!has_ended)
		end_job();
	check_all_gone();
	check_modes();
	job = 0;
}

int
main(int argc, char *argv[])
{
	unsigned long most, jobs = 0;

	if (argc < 4)
		errx(2, "usage: events SEED NUMBER COMMAND [ARG...]\n"
		    "COMMAND is started again and again, and does not end by "
		    "itself.");
	random_state = seed = strtoul(argv[1], NULL, 10);
	most = strtoul(argv[2], NULL, 10);
	prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	setsid();
	if ((master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)) == -1 ||
	    grantpt(master) == -1 || unlockpt(master) == -1 ||
	    (slave = open(ptsname(master), O_RDWR | O_CLOEXEC)) == -1)
		err(2, "posix_openpt");
	(void)ioctl(slave, TIOCSCTTY, 0);
	shell = getpid();
	(void)signal(SIGTTOU, SIG_IGN);
	(void)signal(SIGTTIN, SIG_IGN);
	(void)signal(SIGTSTP, SIG_IGN);
	(void)signal(SIGINT, SIG_IGN);
	(void)signal(SIGQUIT, SIG_IGN);
	(void)signal(SIGHUP, SIG_IGN);
	tcgetattr(slave, &modes);
	for (; done < most; jobs++)
		live_one(argv + 3, most);
	printf("seed %lu: %lu events, %lu jobs\n", seed, done, jobs);
	return 0;
}
