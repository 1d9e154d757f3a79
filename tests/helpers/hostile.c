/*
 * hostile.c: a command that does not want to be contained.
 *
 *	hostile [-d] WHAT TAG
 *
 * Does it, with all that it starts carrying the tag, and exits with 3; with -d
 * it leaves a daemon behind first that ignores what can be ignored.
 *
 * Copyright (c) 2026 the contain authors
 * SPDX-License-Identifier: ISC
 */
#include "config.h"

#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define LIFETIME_S 120

enum { BOMB = 300, HOPS = 300, DESCRIPTORS = 1024 };

static void
be_deaf(void)
{
	int signum;

	for (signum = 1; signum < NSIG; signum++)
		if (signum != SIGALRM)
			signal(signum, SIG_IGN);
	alarm(LIFETIME_S);
}

static _Noreturn void
stay(void)
{
	for (;;)
		pause();
}

static void
leave_daemon(void)
{
	pid_t pid = fork();

	if (pid == 0) {
		setsid();
		if (fork() != 0)
			_exit(0);
		be_deaf();
		stay();
	}
	waitpid(pid, NULL, 0);
}

/* Everybody forks two, until there were so many. */
static void
bomb(void)
{
	atomic_int *count = mmap(NULL, sizeof(*count), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int is_first = 1;

	if (count == MAP_FAILED)
		err(4, "mmap");
	while (atomic_fetch_add(count, 1) < BOMB)
		if (fork() == 0)
			is_first = 0;
	if (!is_first) {
		be_deaf();
		stay();
	}
}

/* A process that is always another one. */
static void
hop(void)
{
	int i;

	if (fork() != 0)
		return;
	setsid();
	be_deaf();
	for (i = 0; i < HOPS; i++)
		if (fork() != 0)
			_exit(0);
	stay();
}

/* Members trace each other, and the warden if they may. */
static void
trace(void)
{
	pid_t warden = getppid(), first = fork(), second;

	if (first == 0) {
		be_deaf();
		stay();
	}
	second = fork();
	if (second == 0) {
		ptrace(PTRACE_SEIZE, first, NULL, NULL);
		ptrace(PTRACE_INTERRUPT, first, NULL, NULL);
		stay();
	}
	if (ptrace(PTRACE_SEIZE, warden, NULL, NULL) == 0)
		ptrace(PTRACE_INTERRUPT, warden, NULL, NULL);
}

static void
stop_warden(void)
{
	kill(getppid(), SIGSTOP);
}

static void
kill_everybody(void)
{
	kill(-1, SIGKILL);
}

/* Into the terminal, more than it takes, with nobody who reads. */
static void
fill(void)
{
	static char text[4096];
	int fd = open("/dev/tty", O_RDWR), i;

	memset(text, 'x', sizeof(text));
	for (i = 0; fd != -1 && i < 64; i++)
		if (write(fd, text, sizeof(text)) == -1)
			break;
}

/* In another session, with the terminal open. */
static void
hold(void)
{
	int fd = open("/dev/tty", O_RDWR);

	if (fork() != 0)
		return;
	setsid();
	be_deaf();
	if (fd != -1 && write(fd, "held\n", 5) == -1)
		_exit(4);
	stay();
}

static void
change_modes(void)
{
	int fd = open("/dev/tty", O_RDWR);
	struct termios modes;

	if (fd == -1 || tcgetattr(fd, &modes) == -1)
		return;
	modes.c_cflag |= CLOCAL;	/* no hang-up, please */
	modes.c_lflag |= TOSTOP;
	tcsetattr(fd, TCSANOW, &modes);
}

static void
steal_foreground(void)
{
	int fd = open("/dev/tty", O_RDWR);

	if (fork() != 0)
		return;
	be_deaf();
	setpgid(0, 0);
	if (fd != -1)
		tcsetpgrp(fd, getpgrp());
	stay();
}

static void
close_all(void)
{
	int fd;

	for (fd = 0; fd < DESCRIPTORS; fd++)
		close(fd);
}

/* To whatever is there, the leash if it were. */
static void
write_garbage(void)
{
	char text[256];
	int fd;

	memset(text, 5, sizeof(text));
	for (fd = 3; fd < DESCRIPTORS; fd++) {
		fcntl(fd, F_SETFL, O_NONBLOCK);
		if (write(fd, text, sizeof(text)) > 0)
			dprintf(2, "descriptor %d took it\n", fd);
	}
}

/* Its parent stands still for as long as it lives. */
static void
vfork_only(void)
{
	if (fork() != 0)
		return;
	be_deaf();
	/* that is what it is about */
	if (vfork() == 0)	/* NOLINT(clang-analyzer-*) */
		for (;;)
			pause();	/* NOLINT(clang-analyzer-unix.Vfork) */
	stay();
}

static void *
go_on(void *arg)
{
	(void)arg;
	stay();
}

/* The thread that was main is a zombie, and the process is alive. */
static void
outlive_main(void)
{
	pthread_t thread;

	if (fork() != 0)
		return;
	be_deaf();
	if (pthread_create(&thread, NULL, go_on, NULL) != 0)
		_exit(4);
	pthread_exit(NULL);
}

static const struct {
	const char *name;
	void (*act)(void);
} deeds[] = {
	{ "bomb", bomb },
	{ "hop", hop },
	{ "trace", trace },
	{ "stop", stop_warden },
	{ "killall", kill_everybody },
	{ "fill", fill },
	{ "hold", hold },
	{ "modes", change_modes },
	{ "foreground", steal_foreground },
	{ "close", close_all },
	{ "garbage", write_garbage },
	{ "vfork", vfork_only },
	{ "threads", outlive_main },
};

int
main(int argc, char *argv[])
{
	int leaves = argc > 1 && strcmp(argv[1], "-d") == 0;
	size_t i;

	if (argc != 3 + leaves)
		errx(4, "usage: hostile [-d] WHAT TAG");
	alarm(LIFETIME_S);
	signal(SIGTTOU, SIG_IGN);
	if (leaves)
		leave_daemon();
	for (i = 0; i < sizeof(deeds) / sizeof(deeds[0]); i++)
		if (strcmp(deeds[i].name, argv[1 + leaves]) == 0) {
			deeds[i].act();
			return 3;
		}
	errx(4, "%s: not known", argv[1 + leaves]);
}
