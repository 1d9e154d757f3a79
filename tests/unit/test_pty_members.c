/* test_pty_members.c: who belongs to a group of the pty backend */
#include "config.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "os/os.h"
#include "pty.h"
#include "unit.h"

/* All of this looks at real processes: children of ours, told by their pid. */
static pid_t wanted;

static int
is_wanted(const struct ctn_process *process, const struct ctn_table *table,
    const struct ctn_pty_search *search)
{
	(void)table;
	(void)search;
	return process->pid == wanted;
}

/* At the first look nothing can be told of the wanted one's child, and the wanted
 * one does not look like a member yet. */
static int looks;

static int
is_wanted_later(const struct ctn_process *process,
    const struct ctn_table *table, const struct ctn_pty_search *search)
{
	(void)table;
	(void)search;
	if (process->parent == wanted)
		return looks++ == 0 ? -1 : 0;
	return process->pid == wanted && looks > 0;
}

/* Of each other process nothing, ever. */
static int
is_never_sure(const struct ctn_process *process,
    const struct ctn_table *table, const struct ctn_pty_search *search)
{
	(void)table;
	(void)search;
	looks += process->pid == wanted;
	return -1;
}

/* What the wanted one left when it ended is not in the table at the first
 * look. */
static pid_t orphan;

static int
is_wanted_or_orphan(const struct ctn_process *process,
    const struct ctn_table *table, const struct ctn_pty_search *search)
{
	(void)table;
	(void)search;
	looks += process->pid == getpid();
	return process->pid == wanted ||
	    (process->pid == orphan && looks > 1);
}

struct scene {
	struct ctn_table table;
	struct ctn_table known;
	struct ctn_pty_search search;
	pid_t child;
	pid_t grandchild;
};

/* Two that sleep, one the child of the other. */
static pid_t
start_family(pid_t *grandchild)
{
	int fds[2];
	pid_t pid, inner;

	assert_int_equal(pipe(fds), 0);
	pid = fork();
	if (pid == 0) {
		inner = fork();
		if (inner != 0 &&
		    write(fds[1], &inner, sizeof(inner)) != sizeof(inner))
			_exit(1);
		for (;;)
			pause();
	}
	close(fds[1]);
	assert_int_equal(read(fds[0], grandchild, sizeof(*grandchild)),
	    sizeof(*grandchild));
	close(fds[0]);
	return pid;
}

static int
begin(void **state)
{
	static struct scene scene;

	memset(&scene, 0, sizeof(scene));
	assert_int_equal(ctn_os_table_reserve(&scene.table), 0);
	assert_int_equal(ctn_os_table_reserve(&scene.known), 0);
	scene.search.is_found = is_wanted;
	scene.search.known = &scene.known;
	scene.child = start_family(&scene.grandchild);
	*state = &scene;
	return 0;
}

static int
finish(void **state)
{
	struct scene *scene = *state;

	kill(scene->grandchild, SIGKILL);
	kill(scene->child, SIGKILL);
	waitpid(scene->child, NULL, 0);
	ctn_os_table_release(&scene->table);
	ctn_os_table_release(&scene->known);
	return 0;
}

static int
is_member(const struct scene *scene, pid_t pid)
{
	const struct ctn_process *process = ctn_pty_by_pid(&scene->table, pid);

	return process != NULL && process->is_member;
}

static void
children_of_members(void **state)
{
	struct scene *scene = *state;

	wanted = scene->child;
	assert_int_equal(ctn_pty_find(&scene->table, &scene->search), 2);
	assert_true(is_member(scene, scene->child));
	assert_true(is_member(scene, scene->grandchild));
	assert_false(is_member(scene, getpid()));
}

static void
doubt_is_another_look(void **state)
{
	struct scene *scene = *state;

	wanted = scene->child;
	looks = 0;
	scene->search.is_found = is_wanted_later;
	assert_int_equal(ctn_pty_find(&scene->table, &scene->search), 2);
}

static void
doubt_has_an_end(void **state)
{
	struct scene *scene = *state;

	wanted = scene->child;
	looks = 0;
	scene->search.is_found = is_never_sure;
	assert_int_equal(ctn_pty_find(&scene->table, &scene->search), 0);
	assert_in_range(looks, 2, 100);
}

/* It forks and exits all the time, and is a zombie when it is looked at; an old
 * zombie is no reason to look again, but others who end meanwhile are. */
static void
just_ended_is_another_look(void **state)
{
	struct scene *scene = *state;
	siginfo_t info;
	int tries = 0;

	wanted = scene->child;
	orphan = scene->grandchild;
	looks = 0;
	scene->search.is_found = is_wanted_or_orphan;
	kill(scene->child, SIGKILL);
	assert_int_equal(waitid(P_PID, (id_t)scene->child, &info,
	    WEXITED | WNOWAIT), 0);
	assert_int_equal(ctn_pty_find(&scene->table, &scene->search), 1);
	assert_true(is_member(scene, orphan));
	assert_int_equal(looks, 2);
	orphan = -1;
	scene->known.count = 1;		/* the orphan is forgotten */
	do {
		looks = 0;
		assert_int_equal(ctn_pty_find(&scene->table, &scene->search),
		    0);
	} while (looks != 1 && ++tries < 100);
	assert_int_equal(looks, 1);
}

static void
never_host_and_warden(void **state)
{
	struct scene *scene = *state;

	wanted = scene->child;
	scene->search.warden = scene->child;
	assert_int_equal(ctn_pty_find(&scene->table, &scene->search), 0);
	scene->search.warden = 0;
	scene->search.host = scene->grandchild;
	assert_int_equal(ctn_pty_find(&scene->table, &scene->search), 1);
	assert_false(is_member(scene, scene->grandchild));
}

/* Who was found once is found again by pid and start, also when nothing tells
 * any more. */
static void
once_a_member(void **state)
{
	struct scene *scene = *state;

	wanted = scene->grandchild;
	assert_int_equal(ctn_pty_find(&scene->table, &scene->search), 1);
	wanted = -1;
	assert_int_equal(ctn_pty_find(&scene->table, &scene->search), 1);
	assert_true(is_member(scene, scene->grandchild));
	assert_int_equal(scene->known.count, 1);
	scene->known.list[0].start++;
	assert_int_equal(ctn_pty_find(&scene->table, &scene->search), 0);
	assert_int_equal(scene->known.count, 0);
}

static void
stopped_then_killed(void **state)
{
	struct scene *scene = *state;
	siginfo_t info;

	wanted = scene->child;
	assert_int_equal(ctn_pty_stop_and_kill(&scene->table, &scene->search),
	    2);
	assert_int_equal(waitid(P_PID, (id_t)scene->child, &info,
	    WEXITED | WNOWAIT), 0);
	assert_int_equal(info.si_code, CLD_KILLED);
	assert_int_equal(info.si_status, SIGKILL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(children_of_members, begin,
		    finish),
		cmocka_unit_test_setup_teardown(doubt_is_another_look, begin,
		    finish),
		cmocka_unit_test_setup_teardown(doubt_has_an_end, begin,
		    finish),
		cmocka_unit_test_setup_teardown(just_ended_is_another_look,
		    begin, finish),
		cmocka_unit_test_setup_teardown(never_host_and_warden, begin,
		    finish),
		cmocka_unit_test_setup_teardown(once_a_member, begin, finish),
		cmocka_unit_test_setup_teardown(stopped_then_killed, begin,
		    finish),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
