/* pty.c: a controlling terminal of its own, hung up when the host goes */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "command.h"
#include "fd.h"
#include "os/os.h"
#include "program.h"
#include "pty.h"
#include "text.h"
#include "tty.h"

#define GRACE_MS 1000
#define LOOK_MS 2

/* Of killing in the host before the warden is killed, a millisecond each. */
#define ROUNDS_UNDER_WARDEN 50

/* attempt->made */
#define HOST_ADOPTS 1u	/* orphans come to the host when the warden is gone */

static void
release(struct ctn_attempt *attempt)
{
	ctn_os_table_release(&attempt->table);
	ctn_os_table_release(&attempt->known);
}

static int
open_terminal(struct ctn_attempt *attempt)
{
	attempt->terminal = ctn_os_pty_open(attempt->slave,
	    sizeof(attempt->slave), &attempt->step);
	if (attempt->terminal == -1)
		return -1;
	return fcntl(attempt->terminal, F_SETFL, O_RDWR | O_NONBLOCK);
}

/* Should the warden be killed, its orphans go to the host, if that is a program
 * that does nothing but serve this group. */
static void
let_host_adopt(struct ctn_attempt *attempt)
{
	if (attempt->options->host != CONTAIN_HOST_ANY &&
	    attempt->options->reach == CONTAIN_REACH_DESCENDANTS &&
	    ctn_os_adopt_orphans(1) == 0)
		attempt->made |= HOST_ADOPTS;
}

/* The warden's program, or a copy of the host. */
static pid_t
make_process(struct ctn_attempt *attempt)
{
	pid_t pid;

	pid = ctn_program_start(attempt, 0, ctn_program_execute);
	if (pid != -1)
		return pid;
	attempt->step = "fork";
	attempt->has_handlers = attempt->fork != NULL;
	return ctn_os_fork(&attempt->warden_watch, &attempt->has_handlers);
}

static int
reserve_tables(struct ctn_attempt *attempt)
{
	attempt->step = "mmap";
	if (ctn_os_table_reserve(&attempt->table) == -1)
		return -1;
	return ctn_os_table_reserve(&attempt->known);
}

static pid_t
create(struct ctn_attempt *attempt)
{
	pid_t pid = -1;

	attempt->shares_pgrp = 0;	/* it is another session's */
	attempt->relays = attempt->guards;
	attempt->look_ms = LOOK_MS;
	attempt->reach = attempt->options->reach;
	if (open_terminal(attempt) == -1)
		return -1;
	let_host_adopt(attempt);
	if (reserve_tables(attempt) == 0)
		pid = make_process(attempt);
	if (pid == -1)
		release(attempt);
	return pid;
}

/* Nobody answers here: who asks for a password reads end-of-file at once, and
 * what is written passes unchanged.  Without CLOCAL: with it, a hang-up of the
 * line is not told; termios(3). */
static int
make_mute(int fd)
{
	struct termios modes;

	if (tcgetattr(fd, &modes) == -1)
		return -1;
	modes.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ECHONL);
	modes.c_oflag &= ~(tcflag_t)OPOST;
	modes.c_cflag &= ~(tcflag_t)CLOCAL;
	modes.c_cc[VMIN] = 0;
	modes.c_cc[VTIME] = 0;
	return tcsetattr(fd, TCSANOW, &modes);
}

/* What the system cannot do is done without, and told as a smaller reach. */
static void
settle_reach(struct ctn_attempt *attempt)
{
	int has_table = ctn_os_process_self() == getpid();
	char value[CTN_MARK_SIZE];

	if (attempt->reach == CONTAIN_REACH_DESCENDANTS &&
	    ctn_os_adopt_orphans(1) == -1) {
		attempt->lack_errnum = errno;
		attempt->lack_step = "adoption of orphans";
		attempt->reach = CONTAIN_REACH_MARKED;
	}
	if (attempt->reach == CONTAIN_REACH_MARKED && (!has_table ||
	    (ctn_os_process_variable(getpid(), "CONTAIN_GROUP", value,
	    sizeof(value)) == -1 && errno != ENOENT))) {
		attempt->lack_errnum = errno;
		attempt->lack_step = "environment of others";
		attempt->reach = CONTAIN_REACH_SESSION;
	}
	if (!has_table) {
		attempt->lack_errnum = ENOENT;
		attempt->lack_step = "process table";
	}
}

/* Opened here: not every system's watch is inherited.  Without it two other
 * means remain.  A host that has died was not ours to watch. */
static int
watch_host(struct ctn_attempt *attempt)
{
	attempt->step = "host";
	attempt->host_watch = ctn_os_watch_open(attempt->host);
	if (getppid() == attempt->host)
		return 0;
	errno = ESRCH;
	return -1;
}

/* As the host's own, but for CLOCAL, see above. */
static int
make_alike(const struct ctn_attempt *attempt)
{
	struct termios modes = attempt->found;

	modes.c_cflag &= ~(tcflag_t)CLOCAL;
	ctn_tty_resize(attempt->slave_fd,
	    ctn_tty_size(attempt->options->terminal.fd));
	return tcsetattr(attempt->slave_fd, TCSANOW, &modes);
}

static int
settle(struct ctn_attempt *attempt)
{
	ctn_fd_close(&attempt->terminal);
	/* a copy of the host has them */
	if (attempt->table.list == NULL && reserve_tables(attempt) == -1)
		return -1;
	attempt->step = "setsid";
	if (setsid() == -1)
		return -1;
	attempt->slave_fd = ctn_os_pty_take(attempt->slave, &attempt->step);
	if (attempt->slave_fd == -1)
		return -1;
	attempt->step = "tcsetattr";
	if ((attempt->relays ? make_alike(attempt) :
	    make_mute(attempt->slave_fd)) == -1)
		return -1;
	settle_reach(attempt);
	return watch_host(attempt);
}

/* As the warden looks for members: its children are, and its session. */
static void
search_as_warden(struct ctn_attempt *attempt, struct ctn_pty_search *search)
{
	struct ctn_process self;

	memset(search, 0, sizeof(*search));
	search->known = &attempt->known;
	search->is_found = ctn_pty_is_of_group;
	search->reach = attempt->reach;
	search->parent = search->session = search->warden = getpid();
	search->mark = attempt->command != NULL ? attempt->command->mark :
	    NULL;
	search->host = attempt->host;
	/* environments of older processes need not be read */
	if (search->reach == CONTAIN_REACH_MARKED &&
	    ctn_os_process_get(search->warden, &self) == 0)
		search->since = self.start;
}

static void
hang_up(struct ctn_attempt *attempt)
{
	struct ctn_pty_search search;

	search_as_warden(attempt, &search);
	if (ctn_pty_find(&attempt->table, &search) <= 0)
		return;
	ctn_pty_signal(&attempt->table, SIGHUP);
	ctn_pty_signal(&attempt->table, SIGCONT);
}

static int
has_living_child(void)
{
	siginfo_t info;

	info.si_pid = 0;
	return waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT |
	    __WALL) == 0 && info.si_pid == 0;
}

/* Most groups end by the first look.  Who is found later may be forking faster
 * than it is looked at, unless the kernel can kill them all at one go.  A child
 * need not be in the table: proc(5), hidepid. */
static void
kill_all(struct ctn_attempt *attempt)
{
	struct ctn_pty_search search;

	search_as_warden(attempt, &search);
	if (attempt->kill_rounds > 0 &&
	    attempt->reach == CONTAIN_REACH_DESCENDANTS)
		ctn_os_signal_descendants(SIGKILL);
	if (attempt->kill_rounds++ == 0) {
		if (ctn_pty_find(&attempt->table, &search) > 0)
			ctn_pty_signal(&attempt->table, SIGKILL);
	} else if (ctn_pty_stop_and_kill(&attempt->table, &search) == 0 &&
	    has_living_child()) {
		search.guesses = 1;
		ctn_pty_stop_and_kill(&attempt->table, &search);
	}
}

/* Who is stopped cannot fork: when a look finds nobody that runs, all are. */
static void
signal_all(struct ctn_attempt *attempt, int signum)
{
	struct ctn_pty_search search;

	search_as_warden(attempt, &search);
	if (signum == SIGSTOP)
		ctn_pty_stop(&attempt->table, &search);
	else if (ctn_pty_find(&attempt->table, &search) > 0)
		ctn_pty_signal(&attempt->table, signum);
}

static int
hand_over(struct ctn_attempt *attempt)
{
	(void)attempt;	/* it has nothing that the host had not */
	return 0;
}

/* Who adopts orphans and has no child has no descendant: no look is needed. */
static int
anybody_left(struct ctn_attempt *attempt)
{
	struct ctn_pty_search search;

	if (attempt->reach == CONTAIN_REACH_DESCENDANTS)
		return 0;
	search_as_warden(attempt, &search);
	return ctn_pty_find(&attempt->table, &search) > 0;
}

static int
visit_found(struct ctn_attempt *attempt, const struct ctn_pty_search *search,
    ctn_member_fn *visitor, void *arg)
{
	const struct ctn_table *table = &attempt->table;
	size_t i;

	if (ctn_pty_find(&attempt->table, search) == -1)
		return -1;
	for (i = 0; i < table->count; i++)
		if (table->list[i].is_member && !table->list[i].is_zombie)
			visitor(&table->list[i], arg);
	return 0;
}

static int
visit(struct ctn_attempt *attempt, size_t looked_at, ctn_member_fn *visitor,
    void *arg)
{
	struct ctn_pty_search search;

	(void)looked_at;	/* all have been */
	search_as_warden(attempt, &search);
	return visit_found(attempt, &search, visitor, arg);
}

/* As the host looks, the warden being dead: whom it has adopted since, the
 * warden's session, whose number stays taken while somebody is in it, and who
 * carries the mark. */
static void
search_as_host(struct ctn_attempt *attempt, struct ctn_pty_search *search)
{
	memset(search, 0, sizeof(*search));
	search->known = &attempt->known;
	search->is_found = ctn_pty_is_of_group;
	search->reach = CONTAIN_REACH_MARKED;
	if (attempt->reach == CONTAIN_REACH_SESSION)
		search->reach = CONTAIN_REACH_SESSION;
	if (attempt->made & HOST_ADOPTS)
		search->parent = attempt->host;
	search->since = attempt->warden_start;
	search->session = search->warden = attempt->warden;
	search->mark = attempt->mark;
	search->host = attempt->host;
}

/* The warden lives: its children are members, too. */
static int
visit_outside(struct ctn_attempt *attempt, ctn_member_fn *visitor, void *arg)
{
	struct ctn_pty_search search;

	search_as_host(attempt, &search);
	search.parent = attempt->warden;
	return visit_found(attempt, &search, visitor, arg);
}

/* Those that the host has adopted are its own to reap. */
static void
reap_adopted(const struct ctn_attempt *attempt)
{
	const struct ctn_table *table = &attempt->table;
	size_t i;

	for (i = 0; i < table->count; i++)
		if (table->list[i].is_member &&
		    table->list[i].parent == attempt->host)
			waitpid(table->list[i].pid, NULL, WNOHANG);
}

/* Wait for the warden's death without reaping it: its pid and its session's
 * number stay taken. */
static void
await_death(const struct ctn_attempt *attempt)
{
	siginfo_t info;

	while (waitid(P_PID, (id_t)attempt->warden, &info,
	    WEXITED | WNOWAIT | __WALL) == -1 && errno == EINTR)
		continue;
}

/* While the warden lives, whoever has lost his parent is its child, where it
 * adopts: so all are found, and known from then on, before what tells them is
 * gone.  Not every one has the mark: a copy of the host that never executed
 * anything has the host's environment. */
static void
end_under_warden(struct ctn_attempt *attempt)
{
	struct ctn_pty_search search;
	int round;

	search_as_host(attempt, &search);
	search.parent = attempt->warden;
	for (round = 0; round < ROUNDS_UNDER_WARDEN; round++) {
		if (ctn_pty_stop_and_kill(&attempt->table, &search) <= 0)
			return;
		ctn_os_poll(NULL, 0, 1, NULL);
	}
}

/* The master is closed first: on some systems the exit of a session's leader
 * waits until what was written to the terminal has been read. */
static void
destroy(struct ctn_attempt *attempt)
{
	struct ctn_pty_search search;
	int64_t pause_ms = 1;

	if (attempt->was_released)
		end_under_warden(attempt);
	ctn_fd_close(&attempt->terminal);
	kill(attempt->warden, SIGKILL);
	await_death(attempt);
	if (!attempt->was_released)
		return;
	search_as_host(attempt, &search);
	while (ctn_pty_stop_and_kill(&attempt->table, &search) > 0) {
		reap_adopted(attempt);
		ctn_os_poll(NULL, 0, pause_ms, NULL);
		if (pause_ms < 100)
			pause_ms *= 2;
	}
	reap_adopted(attempt);
}

static void
describe(const struct ctn_attempt *attempt, char *mechanism, size_t size)
{
	mechanism[0] = '\0';
	ctn_text_append(mechanism, size, "new session on a new terminal");
	if (attempt->reach == CONTAIN_REACH_DESCENDANTS)
		ctn_text_append(mechanism, size, ", orphans are adopted");
	else if (attempt->reach == CONTAIN_REACH_MARKED)
		ctn_text_append(mechanism, size,
		    ", orphans are told by their environment");
	else
		ctn_text_append(mechanism, size,
		    ", who leaves that is not found");
}

const struct ctn_backend ctn_pty_backend = {
	.id = CONTAIN_BACKEND_PTY,
	.guarantee = CONTAIN_GUARANTEE_SIGHUP,
	.reach = CONTAIN_REACH_DESCENDANTS,
	.grace_ms = GRACE_MS,
	.mounts_proc = 0,
	.may_outlive = 1,
	.create = create,
	.settle = settle,
	.hang_up = hang_up,
	.kill_all = kill_all,
	.signal_all = signal_all,
	.hand_over = hand_over,
	.anybody_left = anybody_left,
	.visit = visit,
	.visit_outside = visit_outside,
	.destroy = destroy,
	.release = release,
	.sweep = ctn_pty_sweep,
	.describe = describe,
	.explain = ctn_pty_explain,
};
