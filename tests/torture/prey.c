/*
 * prey.c: the command of a run that is tortured.
 *
 *	prey FILE [stay]
 *
 * Leaves a daemon that ignores what can be ignored, appends "started BACKEND"
 * to FILE, and ends with 3, or stays and ignores what can be ignored itself.
 * What it has no business to have is "left" in FILE.
 */
#include "config.h"

#include <sys/wait.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Whatever goes wrong, nobody stays for ever. */
#define LIFETIME_S 120

static void
be_stubborn(void)
{
	int number;

	for (number = 1; number < SIGRTMIN; number++)
		if (number != SIGALRM)
			signal(number, SIG_IGN);
	alarm(LIFETIME_S);
}

static void
leave_daemon(void)
{
	pid_t pid = fork();

	if (pid == 0) {
		setsid();
		if (fork() != 0)
			_exit(0);
		be_stubborn();
		for (;;)
			pause();
	}
	waitpid(pid, NULL, 0);
}

static void
tell(int fd, const char *word, long number)
{
	char line[64];
	int n = snprintf(line, sizeof(line), "%s %ld\n", word, number);

	if (write(fd, line, (size_t)n) != n)
		_exit(4);
}

/* The leash, say. */
static void
look_at_inheritance(int out)
{
	sigset_t mask;
	int i;

	for (i = 3; i < 256; i++)
		if (i != out && fcntl(i, F_GETFD) != -1)
			tell(out, "left descriptor", i);
	sigprocmask(SIG_SETMASK, NULL, &mask);
	for (i = 1; i < SIGRTMIN; i++)
		if (sigismember(&mask, i) == 1)
			tell(out, "left blocked", i);
}

int
main(int argc, char *argv[])
{
	const char *backend = getenv("CONTAIN_BACKEND");
	char line[64];
	int out, n;

	if (argc < 2 || backend == NULL ||
	    (out = open(argv[1], O_WRONLY | O_APPEND)) == -1)
		return 4;
	if (argc > 2)
		be_stubborn();
	look_at_inheritance(out);
	leave_daemon();
	n = snprintf(line, sizeof(line), "started %s\n", backend);
	if (write(out, line, (size_t)n) != n)
		return 4;
	if (argc > 2)
		for (;;)
			pause();
	return 3;
}
