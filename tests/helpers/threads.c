/*
 * threads.c: a host of many threads and groups, which takes those options of
 * contain that the conformance driver uses.
 *
 *	threads [OPTION]... -- COMMAND ROLE TAG ...
 *
 * The thread that starts the command's group ends right after that.  Others
 * start and end groups of their own meanwhile; their commands carry the tag,
 * so that who survives of them is counted too.
 *
 * Copyright (c) 2026 the contain authors
 * SPDX-License-Identifier: ISC
 */
#include "config.h"

#include <sys/signalfd.h>
#include <sys/types.h>
#include <sys/wait.h>

#include <err.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "contain.h"

enum { OTHERS = 3 };

static struct contain_options *options;
static struct contain_error failure;
static atomic_int is_over;
static char *tag;

/* ---- options ----------------------------------------------------------- */

/* "--name=": what comes behind, or NULL. */
static const char *
value_of(const char *word, const char *name)
{
	size_t length = strlen(name);

	return strncmp(word, name, length) == 0 ? word + length : NULL;
}

static int
set_reach(const char *name)
{
	int reach = CONTAIN_REACH_SESSION;

	while (reach < CONTAIN_REACH_DESCENDANTS &&
	    strcmp(contain_reach_name((enum contain_reach)reach), name) != 0)
		reach++;
	return contain_options_set_reach(options, (enum contain_reach)reach,
	    &failure);
}

static int
set_option(const char *word)
{
	const char *value;

	if ((value = value_of(word, "--backend=")) != NULL)
		return contain_options_set_backend(options,
		    strcmp(value, "pty") == 0 ? CONTAIN_BACKEND_PTY :
		    CONTAIN_BACKEND_PIDNS, &failure);
	if ((value = value_of(word, "--grace=")) != NULL)
		return contain_options_set_grace_ms(options, atoi(value),
		    &failure);
	if ((value = value_of(word, "--kill-after=")) != NULL)
		return contain_options_set_kill_after_ms(options, atoi(value),
		    &failure);
	if ((value = value_of(word, "--timeout=")) != NULL)
		return contain_options_set_timeout_ms(options, atoi(value),
		    &failure);
	if ((value = value_of(word, "--reach=")) != NULL)
		return set_reach(value);
	errx(125, "threads: %s", word);
}

/* As tests/unit/unit.h has it. */
static void
choose_warden(void)
{
	const char *warden = getenv("CONTAIN_TEST_WARDEN");

	if (warden != NULL && strcmp(warden, "program") == 0)
		contain_options_set_warden(options, CONTAIN_WARDEN_PROGRAM,
		    NULL);
}

/* Returns where "--" is. */
static int
set_options(int argc, char *argv[])
{
	int i;

	options = contain_options_new();
	if (options == NULL)
		errx(125, "threads: no memory");
	choose_warden();
	for (i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
		if (set_option(argv[i]) < 0)
			errx(125, "threads: %s", failure.message);
	if (argc - i < 4)
		errx(125, "usage: threads [OPTION]... -- COMMAND ROLE TAG...");
	return i;
}

/* ---- the group that is looked at --------------------------------------- */

struct start {
	char **argv;
	struct contain_group *group;
	int code;
};

static void *
start_it(void *arg)
{
	struct start *start = arg;

	start->code = contain_spawn(options, start->argv, &start->group,
	    &failure);
	return NULL;
}

/* ---- the others -------------------------------------------------------- */

static struct contain_group *
start_other(const char *script)
{
	char *argv[] = { (char *)"sh", (char *)"-c", (char *)script, tag,
		NULL };
	struct contain_group *group = NULL;

	return contain_spawn(options, argv, &group, NULL) == CONTAIN_OK ?
	    group : NULL;
}

/* One that stays, and one after the other that ends, by itself or by force. */
static void *
run_others(void *arg)
{
	struct contain_group *lasting, *quick;
	int i;

	lasting = start_other("sleep 600; :");
	for (i = 0; !is_over; i++) {
		quick = start_other(i % 2 ? "sleep 600; :" : "exit 3");
		if (i % 2 == 0 && quick != NULL)
			contain_wait(quick, -1, NULL, NULL);
		contain_free(quick);
		poll(NULL, 0, 20);
	}
	contain_free(lasting);
	return arg;
}

static void
start_thread(pthread_t *thread, void *(*body)(void *), void *arg)
{
	if (pthread_create(thread, NULL, body, arg) != 0)
		errx(125, "threads: no thread");
}

/* ---- the end ----------------------------------------------------------- */

static int
watch_signals(sigset_t *before)
{
	sigset_t set;
	int fd;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGQUIT);
	pthread_sigmask(SIG_BLOCK, &set, before);
	fd = signalfd(-1, &set, SFD_CLOEXEC);
	if (fd == -1)
		err(125, "threads: signalfd");
	return fd;
}

/* A signal asks the group to end. */
static void
await_end(struct contain_group *group, int signals,
    struct contain_result *result)
{
	struct pollfd fds[] = { { contain_fd(group), POLLIN, 0 },
		{ signals, POLLIN, 0 } };
	struct signalfd_siginfo info;

	while (contain_wait(group, 0, result, &failure) != CONTAIN_OK)
		if (poll(fds, 2, -1) > 0 && fds[1].revents != 0 &&
		    read(signals, &info, sizeof(info)) == sizeof(info))
			contain_end(group, (int)info.ssi_signo, NULL);
}

/* As contain does. */
static _Noreturn void
end_as(const struct contain_result *result)
{
	sigset_t none;
	int signum;

	if (result->flags & CONTAIN_F_WARDEN_DIED)
		exit(125);
	if ((result->flags & (CONTAIN_F_TIMED_OUT | CONTAIN_F_FORCED)) ==
	    CONTAIN_F_TIMED_OUT)
		exit(124);
	if (WIFEXITED(result->status))
		exit(WEXITSTATUS(result->status));
	signum = WTERMSIG(result->status);
	sigemptyset(&none);
	signal(signum, SIG_DFL);
	raise(signum);
	sigprocmask(SIG_SETMASK, &none, NULL);
	exit(128 + signum);
}

int
main(int argc, char *argv[])
{
	struct start start = { NULL, NULL, 0 };
	struct contain_result result;
	pthread_t starter, others[OTHERS];
	int i, signals, at;
	sigset_t before;

	signals = watch_signals(&before);
	at = set_options(argc, argv);
	contain_options_set_mask(options, &before, NULL);
	start.argv = argv + at + 1;
	tag = argv[at + 3];
	start_thread(&starter, start_it, &start);
	pthread_join(starter, NULL);
	if (start.code != CONTAIN_OK)
		errx(125, "threads: %s", failure.message);
	contain_options_set_timeout_ms(options, 0, NULL);
	for (i = 0; i < OTHERS; i++)
		start_thread(&others[i], run_others, NULL);
	await_end(start.group, signals, &result);
	is_over = 1;
	for (i = 0; i < OTHERS; i++)
		pthread_join(others[i], NULL);
	contain_free(start.group);
	contain_options_free(options);
	end_as(&result);
}
