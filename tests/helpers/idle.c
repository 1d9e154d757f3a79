/*
 * idle.c: a process that a test can find by its tag, and that stays.
 *
 * Copyright (c) 2026 the contain authors
 * SPDX-License-Identifier: ISC
 */
#include "config.h"

#include <sys/types.h>
#include <sys/wait.h>

#include <err.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* No test takes longer: what a failed one leaves behind ends by itself. */
#define LIFETIME_MS (180 * 1000)

static const char *hup_file;

static void
on_hup(int signum)
{
	int fd;

	(void)signum;
	if ((fd = open(hup_file, O_WRONLY | O_CREAT | O_APPEND, 0644)) != -1)
		(void)!write(fd, "hup\n", 4);
	_exit(0);
}

static void
fork_and_leave(void)
{
	pid_t pid = fork();

	if (pid == -1)
		err(2, "fork");
	if (pid == 0)
		return;
	/* the one in between has ended: it is not taken for a leftover; the
	 * daemon itself goes on */
	if (getpid() != getsid(0))
		waitpid(pid, NULL, 0);
	_exit(0);
}

static void
become_daemon(void)
{
	int fd;

	fork_and_leave();
	setsid();
	fork_and_leave();
	for (fd = 0; fd < 256; fd++)
		close(fd);
}

static void
ignore_everything(void)
{
	int signum;

	for (signum = 1; signum < NSIG; signum++)
		(void)signal(signum, SIG_IGN);
}

/* By now all that was asked for is in effect. */
static void
announce(const char *fifo)
{
	int fd;

	if ((fd = open(fifo, O_WRONLY)) == -1 || write(fd, "up\n", 3) != 3)
		_exit(2);
	close(fd);
}

/* idle [-d] [-i] [-h FILE] [-m MS] [-r FIFO] TAG */
int
main(int argc, char *argv[])
{
	const char *fifo = NULL;
	int ch, lifetime_ms = LIFETIME_MS;

	while ((ch = getopt(argc, argv, "dh:im:r:")) != -1) {
		switch (ch) {
		case 'd':
			become_daemon();
			break;
		case 'h':
			hup_file = optarg;
			(void)signal(SIGHUP, on_hup);
			break;
		case 'i':
			ignore_everything();
			break;
		case 'm':
			lifetime_ms = atoi(optarg);
			break;
		case 'r':
			fifo = optarg;
			break;
		default:
			errx(2,
			    "usage: idle [-d] [-i] [-h FILE] [-m MS] "
			    "[-r FIFO] TAG\n"
			    "-d: as a daemon; -i: ignores every signal;\n"
			    "-h: SIGHUP adds a line to FILE and ends it;\n"
			    "-m: ends by itself after MS milliseconds;\n"
			    "-r: writes a line to FIFO when ready");
		}
	}
	if (fifo != NULL)
		announce(fifo);
	(void)poll(NULL, 0, lifetime_ms);
	return 0;
}
