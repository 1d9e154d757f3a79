/*
 * runner.c: run commands in parallel, one a line of standard input, each in a
 * group of its own; say which failed, took too long or left processes behind.
 *
 *	runner [JOBS [SECONDS]] <COMMANDS
 *	cc runner.c $(pkg-config --cflags --libs libcontain)
 *
 * One thread, one poll.  Ends with 1 if anything was wrong.
 */
#include <sys/wait.h>
#include <contain.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define JOBS_MAX 256

struct job {
	struct contain_group *group;
	char *line;
};

static struct job jobs[JOBS_MAX];
static struct pollfd fds[JOBS_MAX];
static int running, wrong;

static void
report(const struct job *job, const struct contain_result *result)
{
	const char *what = "ok";
	size_t i;

	if (result->flags & CONTAIN_F_TIMED_OUT)
		what = "timed out";
	else if (result->status != 0)
		what = "failed";
	else if (result->leftovers > 0)
		what = "leaked";
	wrong |= strcmp(what, "ok") != 0;
	printf("%-9s %6lld ms  %s\n", what, (long long)result->elapsed_ms,
	    job->line);
	for (i = 0; i < result->listed; i++)
		printf("          left behind: %s (%ld)\n",
		    result->leftover[i].name, (long)result->leftover[i].pid);
}

/* Whoever has news: report those that have ended, and close the gap. */
static void
reap(void)
{
	struct contain_result result;
	int i;

	for (i = running - 1; i >= 0; i--) {
		if (fds[i].revents == 0 ||
		    contain_wait(jobs[i].group, 0, &result, NULL) != CONTAIN_OK)
			continue;
		report(&jobs[i], &result);
		contain_free(jobs[i].group);
		free(jobs[i].line);
		jobs[i] = jobs[--running];
		fds[i] = fds[running];
	}
}

static void
start(const struct contain_options *options, const char *line)
{
	struct job *job = &jobs[running];
	char *argv[] = { (char *)"sh", (char *)"-c", NULL, NULL };
	struct contain_error err;

	job->line = strdup(line);
	argv[2] = job->line;
	if (job->line == NULL ||
	    contain_spawn(options, argv, &job->group, &err) < 0) {
		fprintf(stderr, "runner: %s: %s\n", line,
		    job->line != NULL ? err.message : "out of memory");
		exit(2);	/* what runs is ended with us */
	}
	fds[running].fd = contain_fd(job->group);
	fds[running++].events = POLLIN;
}

int
main(int argc, char *argv[])
{
	struct contain_options *options = contain_options_new();
	int most = argc > 1 ? atoi(argv[1]) : 4;
	int64_t timeout_ms = argc > 2 ? atoi(argv[2]) * 1000 : 0;
	char line[4096];

	if (most < 1 || most > JOBS_MAX || options == NULL ||
	    contain_options_set_timeout_ms(options, timeout_ms, NULL) < 0 ||
	    contain_options_set_stdio(options, 0, CONTAIN_STDIO_NULL, NULL) < 0)
		return 2;
	while (fgets(line, sizeof(line), stdin) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		start(options, line);
		while (running == most && poll(fds, (nfds_t)running, -1) >= 0)
			reap();
	}
	while (running > 0 && poll(fds, (nfds_t)running, -1) >= 0)
		reap();
	contain_options_free(options);
	return wrong;
}
