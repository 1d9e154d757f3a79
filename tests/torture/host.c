/*
 * host.c: a program that uses the library, and looks at what that leaves.
 *
 *	host FILE BACKEND COMMAND [ARG...]
 *
 * What it finds is "left" in FILE.  Ends with the command's status, or with 125
 * and a line on stderr.
 */
#include "config.h"

#include <sys/wait.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "contain.h"

#ifndef __WALL
#define __WALL 0
#endif

enum { FDS = 64 };

struct state {
	int is_open[FDS];
	sigset_t mask;
};

static void
look(struct state *state)
{
	int fd;

	memset(state, 0, sizeof(*state));
	for (fd = 0; fd < FDS; fd++)
		state->is_open[fd] = fcntl(fd, F_GETFD) != -1;
	sigprocmask(SIG_SETMASK, NULL, &state->mask);
}

static void
tell(const char *path, const char *what, int number)
{
	FILE *file = fopen(path, "a");

	if (file == NULL)
		exit(4);
	fprintf(file, "left %s %d\n", what, number);
	fclose(file);
}

static void
compare(const char *path, const struct state *before)
{
	struct state now;
	int i;

	look(&now);
	for (i = 0; i < FDS; i++)
		if (now.is_open[i] != before->is_open[i])
			tell(path, "descriptor", i);
	for (i = 1; i < SIGRTMIN; i++)
		if (sigismember(&now.mask, i) !=
		    sigismember(&before->mask, i))
			tell(path, "mask", i);
	if (waitpid(-1, &i, WNOHANG | __WALL) != -1)
		tell(path, "child", 0);
}

static int
run(const char *backend, char *argv[])
{
	struct contain_options *options = contain_options_new();
	struct contain_group *group = NULL;
	struct contain_result result;
	struct contain_error err;
	int code;

	if (options == NULL) {
		fprintf(stderr, "host: options: out of memory\n");
		return 125;
	}
	contain_options_set_backend(options, strcmp(backend, "pty") == 0 ?
	    CONTAIN_BACKEND_PTY : CONTAIN_BACKEND_PIDNS, NULL);
	contain_options_set_grace_ms(options, 10, NULL);
	if (getenv("CONTAIN_TEST_WARDEN") != NULL)
		contain_options_set_warden(options, CONTAIN_WARDEN_PROGRAM,
		    NULL);
	memset(&err, 0, sizeof(err));
	code = contain_spawn(options, argv, &group, &err);
	if (code == CONTAIN_OK)
		code = contain_wait(group, -1, &result, &err);
	contain_free(group);
	contain_options_free(options);
	if (code != CONTAIN_OK) {
		fprintf(stderr, "host: %s: %s\n", err.step, err.message);
		return 125;
	}
	if (result.flags & CONTAIN_F_WARDEN_DIED) {
		fprintf(stderr, "host: the warden died\n");
		return 125;
	}
	return WIFEXITED(result.status) ? WEXITSTATUS(result.status) :
	    128 + WTERMSIG(result.status);
}

int
main(int argc, char *argv[])
{
	struct state before;
	int status;

	if (argc < 4)
		return 4;
	look(&before);
	sched_yield();	/* for the tracer: what is between these two fails */
	status = run(argv[2], argv + 3);
	sched_yield();
	compare(argv[1], &before);
	return status;
}
