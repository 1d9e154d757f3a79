/*
 * many.c: what a group costs to start and to wait for, 10 or 1,000 at once,
 * from one thread.  make bench-many
 *
 *	many [BACKEND]
 *
 * Each command waits for the end of its standard input, so that all run at
 * once.  The best of some rounds, each of as many groups of either kind; in
 * microseconds a group.
 */
#include <contain.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "measure.h"

#define FEW 10
#define MOST 1000
#define ROUNDS 5

static struct contain_group *groups[MOST];
static struct pollfd fds[MOST];

static void
start_all(const struct contain_options *options, int count)
{
	char *argv[] = { (char *)"cat", NULL };
	struct contain_error err;
	int i;

	for (i = 0; i < count; i++) {
		if (contain_spawn(options, argv, &groups[i], &err) < 0) {
			fprintf(stderr, "many: %s\n", err.message);
			exit(1);
		}
		fds[i].fd = contain_fd(groups[i]);
		fds[i].events = POLLIN;
	}
}

static void
wait_all(int count)
{
	int i, left = count;

	while (left > 0 && poll(fds, (nfds_t)count, -1) >= 0)
		for (i = 0; i < count; i++)
			if (fds[i].fd != -1 && fds[i].revents != 0 &&
			    contain_wait(groups[i], 0, NULL, NULL) ==
			    CONTAIN_OK) {
				contain_free(groups[i]);
				fds[i].fd = -1;
				left--;
			}
}

/* Start and wait for count groups; adds what each of the two took. */
static void
run(struct contain_options *options, int count, double took[2])
{
	double begin, middle;
	int gate[2];

	if (pipe(gate) == -1)
		exit(1);
	fcntl(gate[1], F_SETFD, FD_CLOEXEC);
	contain_options_set_fd(options, 0, gate[0], NULL);
	contain_options_set_stdio(options, 1, CONTAIN_STDIO_NULL, NULL);
	begin = measure_now_us();
	start_all(options, count);
	middle = measure_now_us();
	close(gate[0]);
	close(gate[1]);
	wait_all(count);
	took[0] += middle - begin;
	took[1] += measure_now_us() - middle;
}

/* Of count at once, MOST in all. */
static void
measure(struct contain_options *options, int count, double best[2])
{
	double took[2] = { 0, 0 };
	int done;

	for (done = 0; done < MOST; done += count)
		run(options, count, took);
	if (best[0] == 0 ||
	    took[0] + took[1] < (best[0] + best[1]) * MOST) {
		best[0] = took[0] / MOST;
		best[1] = took[1] / MOST;
	}
}

int
main(int argc, char *argv[])
{
	struct contain_options *options = contain_options_new();
	static const int counts[] = { FEW, MOST };
	double best[2][2] = { { 0, 0 }, { 0, 0 } };
	struct rlimit limit;
	int i, round;

	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
	if (options == NULL || contain_options_set_backend(options,
	    argc > 1 && strcmp(argv[1], "pty") == 0 ? CONTAIN_BACKEND_PTY :
	    CONTAIN_BACKEND_PIDNS, NULL) < 0)
		return 1;
	for (round = 0; round < ROUNDS; round++)
		for (i = 0; i < 2; i++)
			measure(options, counts[i], best[i]);
	for (i = 0; i < 2; i++)
		printf("%4d at once: start %.0f, wait %.0f us a group\n",
		    counts[i], best[i][0], best[i][1]);
	printf("ratio of start and wait together: %.2f\n",
	    (best[1][0] + best[1][1]) / (best[0][0] + best[0][1]));
	contain_options_free(options);
	return 0;
}
