/* test_leftovers.c: who is still alive when the command has ended */
#include "config.h"

#include <sys/wait.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "group.h"
#include "leash.h"
#include "leftovers.h"
#include "registry.h"
#include "os/os.h"
#include "unit.h"

/* Members as the backend pidns sees them: the caller's descendants. */
static struct ctn_attempt attempt;

#define NEED_TABLE()							\
	do {								\
		attempt.backend = ctn_registry[0];			\
		if (ctn_os_process_self() == -1)			\
			SKIP_BECAUSE("no process table here");		\
		if (attempt.backend == NULL ||				\
		    attempt.backend->id != CONTAIN_BACKEND_PIDNS)	\
			SKIP_BECAUSE("pidns: not built in");		\
	} while (0)

/* Children that end when this is closed, or when their test's own child is:
 * they read it and never get anything. */
static int hold[2], ready[2];

static _Noreturn void
hold_on(void)
{
	char byte;

	close(hold[1]);
	if (write(ready[1], "r", 1) == 1 && read(hold[0], &byte, 1) == 0)
		_exit(0);
	_exit(1);
}

static pid_t
fork_child(void)
{
	pid_t pid = fork();
	char byte;

	if (pid == 0)
		hold_on();
	CHECK(pid > 0);
	CHECK_INT(read(ready[0], &byte, 1), 1);
	return pid;
}

/* A child with a child of its own; that one's pid is *below. */
static pid_t
fork_pair(pid_t *below)
{
	int fds[2];
	char bytes[2];
	pid_t pid;

	CHECK_INT(pipe(fds), 0);
	pid = fork();
	if (pid == 0) {
		pid = fork();
		if (pid != 0 && write(fds[1], &pid, sizeof(pid)) == -1)
			_exit(1);
		hold_on();
	}
	CHECK(pid > 0);
	CHECK_INT(read(fds[0], below, sizeof(*below)), sizeof(*below));
	CHECK_INT(read(ready[0], bytes, 1), 1);
	CHECK_INT(read(ready[0], bytes, 1), 1);
	close(fds[0]);
	close(fds[1]);
	return pid;
}

static void
open_pipes(void)
{
	CHECK_INT(pipe(hold), 0);
	CHECK_INT(pipe(ready), 0);
}

static const struct ctn_leftover *
find(const struct ctn_leftovers *leftovers, pid_t pid)
{
	size_t i;

	for (i = 0; i < leftovers->listed; i++)
		if (leftovers->list[i].pid == pid)
			return &leftovers->list[i];
	return NULL;
}

static void
take_descendants(void *arg)
{
	struct ctn_leftovers leftovers;
	struct ctn_process self;
	pid_t child, above, below;

	(void)arg;
	open_pipes();
	memset(&leftovers, 'x', sizeof(leftovers));
	ctn_leftovers_take(&leftovers, &attempt, 0);
	CHECK_INT(leftovers.total, 0);
	CHECK_INT(leftovers.listed, 0);

	child = fork_child();
	above = fork_pair(&below);
	ctn_leftovers_take(&leftovers, &attempt, 0);
	CHECK_INT(leftovers.total, 3);
	CHECK_INT(ctn_leftovers_count(&attempt), 3);
	CHECK_INT(leftovers.listed, 3);
	CHECK(find(&leftovers, child) != NULL);
	CHECK_INT(find(&leftovers, child)->parent, getpid());
	CHECK_INT(find(&leftovers, child)->took, 0);
	CHECK_INT(ctn_os_process_get(getpid(), &self), 0);
	CHECK_STR(find(&leftovers, child)->name, self.name);
	CHECK(find(&leftovers, child)->start >= self.start);
	CHECK(find(&leftovers, above) != NULL);
	CHECK(find(&leftovers, below) != NULL);
	CHECK_INT(find(&leftovers, below)->parent, above);
	CHECK(find(&leftovers, getpid()) == NULL);
	CHECK(find(&leftovers, getppid()) == NULL);

	/* but the command; what descends from it still counts */
	ctn_leftovers_take(&leftovers, &attempt, above);
	CHECK_INT(leftovers.total, 2);
	CHECK(find(&leftovers, above) == NULL);
	CHECK(find(&leftovers, below) != NULL);
}

static void
take(void **state)
{
	(void)state;
	NEED_TABLE();
	unit_child(take_descendants, NULL);
}

static void
take_zombies(void *arg)
{
	struct ctn_leftovers leftovers;
	siginfo_t info;
	pid_t pid;

	(void)arg;
	open_pipes();
	pid = fork_child();
	kill(pid, SIGKILL);
	waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT);
	ctn_leftovers_take(&leftovers, &attempt, 0);
	CHECK_INT(leftovers.total, 0);
	CHECK_INT(leftovers.listed, 0);
	CHECK_INT(waitpid(pid, NULL, 0), pid);
}

static void
without_zombies(void **state)
{
	(void)state;
	NEED_TABLE();
	unit_child(take_zombies, NULL);
}

#define MANY (CTN_LEFTOVERS_MAX + 6)

static void
take_many(void *arg)
{
	struct {
		struct ctn_leftovers leftovers;
		char behind[16];
	} box;
	int i;

	(void)arg;
	open_pipes();
	for (i = 0; i < MANY; i++)
		fork_child();
	memset(box.behind, 'b', sizeof(box.behind));
	ctn_leftovers_take(&box.leftovers, &attempt, 0);
	CHECK_INT(box.leftovers.total, MANY);
	CHECK_INT(box.leftovers.listed, CTN_LEFTOVERS_MAX);
	for (i = 0; i < (int)sizeof(box.behind); i++)
		CHECK_INT(box.behind[i], 'b');
}

static void
more_than_listed(void **state)
{
	(void)state;
	NEED_TABLE();
	unit_child(take_many, NULL);
}

static void
mark_some(void *arg)
{
	struct ctn_leftovers leftovers;
	pid_t living, ended, recycled;
	siginfo_t info;

	(void)arg;
	open_pipes();
	living = fork_child();
	ended = fork_child();
	recycled = fork_child();
	ctn_leftovers_take(&leftovers, &attempt, 0);
	CHECK_INT(leftovers.listed, 3);
	ctn_leftovers_mark(&leftovers, SIGHUP);
	CHECK_INT(find(&leftovers, living)->took, SIGHUP);
	CHECK_INT(find(&leftovers, ended)->took, SIGHUP);

	/* neither who has ended meanwhile, nor who got a listed pid later */
	kill(ended, SIGKILL);
	waitid(P_PID, (id_t)ended, &info, WEXITED | WNOWAIT);
	((struct ctn_leftover *)find(&leftovers, recycled))->start--;
	ctn_leftovers_mark(&leftovers, SIGKILL);
	CHECK_INT(find(&leftovers, living)->took, SIGKILL);
	CHECK_INT(find(&leftovers, ended)->took, SIGHUP);
	CHECK_INT(find(&leftovers, recycled)->took, SIGHUP);
	waitpid(ended, NULL, 0);
	ctn_leftovers_mark(&leftovers, SIGTERM);
	CHECK_INT(find(&leftovers, ended)->took, SIGHUP);
}

static void
mark(void **state)
{
	(void)state;
	NEED_TABLE();
	unit_child(mark_some, NULL);
}

/* Three leftovers that nobody has. */
static void
fill(struct ctn_leftovers *leftovers, size_t count)
{
	size_t i;

	memset(leftovers, 0, sizeof(*leftovers));
	leftovers->total = leftovers->listed = count;
	for (i = 0; i < count; i++) {
		leftovers->list[i].pid = (pid_t)(100 + i);
		leftovers->list[i].parent = (pid_t)(50 + i);
		leftovers->list[i].took = i % 2 == 0 ? SIGKILL : 0;
		snprintf(leftovers->list[i].name,
		    sizeof(leftovers->list[i].name), "name %zu", i);
	}
}

static void
send_all(void **state)
{
	struct ctn_leftovers leftovers;
	struct ctn_leash host, warden;
	struct ctn_message message;
	char name[32];
	int i;

	(void)state;
	assert_int_equal(ctn_leash_open(&host, &warden), 0);
	fill(&leftovers, CTN_LEFTOVERS_MAX);
	ctn_leftovers_send(&leftovers, &warden);
	for (i = 0; i < CTN_LEFTOVERS_MAX; i++) {
		assert_int_equal(ctn_leash_receive(&host, &message), 1);
		assert_int_equal(message.type, CTN_LEFTOVER);
		assert_int_equal(message.number, 100 + i);
		assert_int_equal(message.second, 50 + i);
		assert_int_equal(message.third, i % 2 == 0 ? SIGKILL : 0);
		snprintf(name, sizeof(name), "name %d", i);
		assert_string_equal(message.text, name);
	}
	assert_int_equal(ctn_leash_receive(&host, &message), -1);
	close(host.fd);
	close(warden.fd);
}

/* Where there was no memory to list them. */
static void
nowhere_to_list(void **state)
{
	struct ctn_leash host, warden;
	struct ctn_message message;

	(void)state;
	assert_int_equal(ctn_leash_open(&host, &warden), 0);
	ctn_leftovers_mark(NULL, SIGKILL);
	ctn_leftovers_describe(NULL);
	ctn_leftovers_send(NULL, &warden);
	assert_int_equal(ctn_leash_receive(&host, &message), -1);
	close(host.fd);
	close(warden.fd);
}

/* A host that does not read is not waited for. */
static void
send_without_room(void **state)
{
	struct ctn_leftovers leftovers;
	struct ctn_leash host, warden;
	struct ctn_message message;
	int sent = 0, received = 0;

	(void)state;
	assert_int_equal(ctn_leash_open(&host, &warden), 0);
	while (ctn_leash_say(&warden, CTN_STOPPED, 1) == 0)
		sent++;
	fill(&leftovers, 3);
	ctn_leftovers_send(&leftovers, &warden);
	while (ctn_leash_receive(&host, &message) == 1)
		received += message.type == CTN_STOPPED;
	assert_int_equal(received, sent);
	close(host.fd);
	close(warden.fd);
}

/* Whatever number a warden says; that of INT64_MIN was found by fuzzing. */
static void
age_of_any_number(void **state)
{
	static const struct {
		uint64_t said;
		int64_t age_ms;
	} cases[] = {
		{ 0, -1 }, { 1, 0 }, { 5001, 5000 },
		{ INT64_MAX, INT64_MAX - 1 }, { (uint64_t)1 << 63, -1 },
		{ UINT64_MAX, -1 },
	};
	struct ctn_message message = { .type = CTN_LEFTOVER };
	struct contain_group *group = calloc(1, sizeof(*group));
	size_t i;

	(void)state;
	assert_non_null(group);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		message.count = cases[i].said;
		ctn_group_hear(group, &message);
		assert_true(group->leftover[i].age_ms == cases[i].age_ms);
	}
	free(group->leftover);
	free(group);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(take),
		cmocka_unit_test(without_zombies),
		cmocka_unit_test(more_than_listed),
		cmocka_unit_test(mark),
		cmocka_unit_test(age_of_any_number),
		cmocka_unit_test(send_all),
		cmocka_unit_test(nowhere_to_list),
		cmocka_unit_test(send_without_room),
	};

	return cmocka_run_group_tests(tests, unit_setup, NULL) != 0;
}
