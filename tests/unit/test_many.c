/*
 * test_many.c: many groups at once, from one thread and from many, in hosts
 * that do what hosts do.
 *
 * CONTAIN_LONG=1 in the environment: 1,000 at once, and 8 threads with 500
 * each; else fewer.
 */
#include "config.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "unit.h"

#define THREADS 8
#define MOST 1000

static int
is_long(void)
{
	return getenv("CONTAIN_LONG") != NULL;
}

/* ---- from one thread -------------------------------------------------------- */

/* Poll all of them, and take in whoever has ended. */
static void
reap_all(struct contain_group **groups, struct pollfd *fds, int count)
{
	struct contain_result result;
	int i, left = count;

	while (left > 0) {
		CHECK(poll(fds, (nfds_t)count, UNIT_PATIENCE_MS) > 0);
		for (i = 0; i < count; i++) {
			if (fds[i].fd == -1 || fds[i].revents == 0 ||
			    contain_wait(groups[i], 0, &result, NULL) !=
			    CONTAIN_OK)
				continue;
			CHECK_INT(result.status, (i % 100) << 8);
			contain_free(groups[i]);
			fds[i].fd = -1;
			left--;
		}
	}
}

static void
at_once(enum contain_backend backend)
{
	static struct contain_group *groups[MOST];
	static struct pollfd fds[MOST];
	struct contain_options *options = contain_options_new();
	struct contain_error err;
	char script[60], *argv[] = { (char *)"sh", (char *)"-c", script, NULL };
	int before = unit_count_fds(), count = is_long() ? MOST : 60, i;
	struct rlimit limit;
	int gate[2];

	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
	CHECK(pipe(gate) == 0);
	fcntl(gate[1], F_SETFD, FD_CLOEXEC);
	contain_options_set_backend(options, backend, NULL);
	contain_options_set_fd(options, 0, gate[0], NULL);
	for (i = 0; i < count; i++) {
		snprintf(script, sizeof(script), "read x; exit %d", i % 100);
		if (contain_spawn(options, argv, &groups[i], &err) < 0)
			print_error("%d: %s\n", i, err.message);
		CHECK(groups[i] != NULL);
		fds[i].fd = contain_fd(groups[i]);
		fds[i].events = POLLIN;
	}
	close(gate[0]);
	close(gate[1]);		/* all of them read end-of-file */
	reap_all(groups, fds, count);
	contain_options_free(options);
	CHECK_INT(unit_count_fds(), before);
	CHECK(unit_no_child());
	memset(groups, 0, sizeof(groups));
}

static void
one_thread(void **state)
{
	enum contain_backend *backend = *state;

	if (!unit_is_usable(*backend))
		SKIP_BECAUSE("this backend is not usable here");
	at_once(*backend);
}

/* ---- from many --------------------------------------------------------------- */

struct worker {
	enum contain_backend backend;
	int rounds;
	char failure[400];
};

/* One group, ended in one of four ways; 0 if it was as it should be. */
static int
one_round(struct worker *worker, struct contain_options *options, int number)
{
	char *quick[] = { (char *)"sh", (char *)"-c", (char *)"exit 3", NULL };
	char *slow[] = { (char *)"sleep", (char *)"600", NULL };
	struct contain_group *group;
	struct contain_result result;
	struct contain_error err;
	int way = number % 4, wanted = way == 0 ? 3 << 8 :
	    way == 1 ? SIGTERM : SIGKILL;

	if (contain_spawn(options, way == 0 ? quick : slow, &group, &err) < 0) {
		snprintf(worker->failure, sizeof(worker->failure), "%.390s",
		    err.message);
		return -1;
	}
	if (way == 1)
		contain_end(group, SIGTERM, NULL);
	if (way == 2)
		contain_signal(group, SIGKILL, NULL);
	if (way != 3 && (contain_wait(group, UNIT_PATIENCE_MS, &result,
	    &err) != CONTAIN_OK || result.status != wanted)) {
		snprintf(worker->failure, sizeof(worker->failure),
		    "round %d ended with %d, not %d", number, result.status,
		    wanted);
		return -1;
	}
	contain_free(group);
	return 0;
}

static void *
work(void *arg)
{
	struct worker *worker = arg;
	struct contain_options *options = contain_options_new();
	int i;

	contain_options_set_backend(options, worker->backend, NULL);
	contain_options_set_stdio(options, 0, CONTAIN_STDIO_PIPE, NULL);
	contain_options_set_stdio(options, 2, CONTAIN_STDIO_NULL, NULL);
	for (i = 0; i < worker->rounds; i++)
		if (one_round(worker, options, i) == -1)
			break;
	contain_options_free(options);
	return NULL;
}

static void
many_threads(void **state)
{
	enum contain_backend *backend = *state;
	struct worker workers[THREADS];
	pthread_t threads[THREADS];
	int before, i;

	if (!unit_is_usable(*backend))
		SKIP_BECAUSE("this backend is not usable here");
	before = unit_count_fds();
	memset(workers, 0, sizeof(workers));
	for (i = 0; i < THREADS; i++) {
		workers[i].backend = *backend;
		workers[i].rounds = is_long() ? 500 : 12;
		assert_int_equal(pthread_create(&threads[i], NULL, work,
		    &workers[i]), 0);
	}
	for (i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	for (i = 0; i < THREADS; i++)
		CHECK_STR(workers[i].failure, "");
	assert_int_equal(unit_count_fds(), before);
	assert_true(unit_no_child());
}

/* ---- hosts of other kinds ----------------------------------------------------- */

static void *
small_work(void *arg)
{
	return work(arg);
}

/* A thread with the least stack that there can be. */
static void
small_stack(void **state)
{
	struct worker worker = { *(enum contain_backend *)*state, 2, "" };
	pthread_attr_t attributes;
	size_t size = 64 * 1024;
	pthread_t thread;

	if (!unit_is_usable(worker.backend))
		SKIP_BECAUSE("this backend is not usable here");
	if (size < (size_t)PTHREAD_STACK_MIN)
		size = (size_t)PTHREAD_STACK_MIN;
	pthread_attr_init(&attributes);
	assert_int_equal(pthread_attr_setstacksize(&attributes, size), 0);
	assert_int_equal(pthread_create(&thread, &attributes, small_work,
	    &worker), 0);
	pthread_join(thread, NULL);
	pthread_attr_destroy(&attributes);
	CHECK_STR(worker.failure, "");
}

/* 10,000 descriptors open, SIGCHLD ignored, 0 to 2 closed, own children. */
static void
odd_host(void *arg)
{
	struct worker worker = { *(enum contain_backend *)arg, 4, "" };
	struct rlimit limit;
	int i, fd = 0;
	pid_t child;

	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
	for (i = 0; i < 10000 && fd != -1; i++)
		fd = open("/dev/null", O_RDONLY);
	for (fd = 0; fd <= 2; fd++)
		close(fd);
	child = fork();
	if (child == 0)
		_exit(4);
	work(&worker);
	CHECK_STR(worker.failure, "");
	CHECK_INT(waitpid(-1, &i, 0), child);
	CHECK_INT(i, 4 << 8);
	signal(SIGCHLD, SIG_IGN);
	work(&worker);
	CHECK_STR(worker.failure, "");
}

static void
odd_hosts(void **state)
{
	if (!unit_is_usable(*(enum contain_backend *)*state))
		SKIP_BECAUSE("this backend is not usable here");
	unit_child(odd_host, *state);
}

static int
run(void)
{
	static enum contain_backend pidns = CONTAIN_BACKEND_PIDNS,
	    pty = CONTAIN_BACKEND_PTY;
#define BOTH(name)							\
	{ "pidns: " #name, name, NULL, NULL, &pidns },			\
	{ "pty: " #name, name, NULL, NULL, &pty }
	const struct CMUnitTest tests[] = {
		BOTH(one_thread),
		BOTH(many_threads),
		BOTH(small_stack),
		BOTH(odd_hosts),
	};

	if (is_long())		/* longer than unit_setup's alarm */
		return cmocka_run_group_tests(tests, NULL, NULL) != 0;
	return cmocka_run_group_tests(tests, unit_setup, NULL) != 0;
}

int
main(void)
{
	return unit_isolated(run);
}
