/* pty_sweep.c: what is left where host and warden were killed at once */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "command.h"
#include "error.h"
#include "os/os.h"
#include "pty.h"

/* How often is looked whether they have ended, in milliseconds. */
#define LOOK_MS 20

/* Rounds of stopping and killing before it is given up. */
#define KILL_ROUNDS 50

/* Half a mark: a process by pid and start. */
struct identity {
	pid_t pid;
	uint64_t start;
};

/* "PID.START" at *text, which is moved behind it.  1, or 0 if it is not that:
 * a mark without starts is of a group that is not swept. */
static int
parse_identity(const char **text, struct identity *identity)
{
	char *end;

	identity->pid = (pid_t)strtol(*text, &end, 10);
	if (end == *text || *end != '.' || identity->pid <= 0)
		return 0;
	*text = end + 1;
	identity->start = strtoull(*text, &end, 10);
	if (end == *text)
		return 0;
	*text = end;
	return 1;
}

static int
is_alive(const struct ctn_table *table, const struct identity *identity)
{
	const struct ctn_process *process =
	    ctn_pty_by_pid(table, identity->pid);

	return process != NULL && !process->is_zombie &&
	    process->start == identity->start;
}

/* Is it the mark of a group that has lost both? */
static int
is_lost(const struct ctn_table *table, const char *mark)
{
	struct identity host, warden;

	return parse_identity(&mark, &host) && *mark++ == ':' &&
	    parse_identity(&mark, &warden) && *mark == '\0' &&
	    !is_alive(table, &host) && !is_alive(table, &warden);
}

static int
read_mark(const struct ctn_process *process, char mark[CTN_MARK_SIZE])
{
	return !process->is_zombie &&
	    ctn_os_process_variable(process->pid, "CONTAIN_GROUP", mark,
	    CTN_MARK_SIZE) > 0;
}

static int
is_stray(const struct ctn_process *process, const struct ctn_table *table,
    const struct ctn_pty_search *search)
{
	char mark[CTN_MARK_SIZE];

	(void)search;
	return read_mark(process, mark) && is_lost(table, mark);
}

static void
tell_all(const struct ctn_table *table, contain_stray_fn *tell, void *arg)
{
	struct contain_stray stray;
	size_t i;

	for (i = 0; tell != NULL && i < table->count; i++) {
		if (!table->list[i].is_member || table->list[i].is_zombie)
			continue;
		memset(&stray, 0, sizeof(stray));
		stray.pid = table->list[i].pid;
		memcpy(stray.name, table->list[i].name, sizeof(stray.name));
		if (!read_mark(&table->list[i], stray.group))
			stray.group[0] = '\0';	/* found by its parent */
		tell(&stray, arg);
	}
}

/* Until nobody is left or the time is up. */
static ssize_t
wait_for_all(struct ctn_table *table, const struct ctn_pty_search *search,
    int64_t grace_ms)
{
	int64_t deadline = ctn_clock_deadline_ms(grace_ms);
	ssize_t living = ctn_pty_find(table, search);

	while (living > 0 && ctn_clock_left_ms(deadline) > 0) {
		ctn_os_poll(NULL, 0, LOOK_MS, NULL);
		living = ctn_pty_find(table, search);
	}
	return living;
}

static void
end_all(struct ctn_table *table, const struct ctn_pty_search *search,
    int64_t grace_ms)
{
	int round;

	if (grace_ms > 0) {
		ctn_pty_signal(table, SIGHUP);
		ctn_pty_signal(table, SIGCONT);
		wait_for_all(table, search, grace_ms);
	}
	for (round = 0; round < KILL_ROUNDS; round++) {
		if (ctn_pty_stop_and_kill(table, search) <= 0)
			return;
		ctn_os_poll(NULL, 0, LOOK_MS, NULL);
	}
}

int
ctn_pty_sweep(enum contain_sweep_how how, int64_t grace_ms,
    contain_stray_fn *stray, void *arg, struct contain_error *err)
{
	struct ctn_pty_search search = { .is_found = is_stray,
		.host = getpid() };
	struct ctn_table table = { .list = NULL }, known = { .list = NULL };
	ssize_t count;

	search.known = &known;
	if (ctn_os_table_reserve(&table) == -1 ||
	    ctn_os_table_reserve(&known) == -1) {
		ctn_error_set(err, CONTAIN_E_SYSTEM, errno, "mmap",
		    "sweep: no room for the process table");
		ctn_os_table_release(&table);
		return CONTAIN_E_SYSTEM;
	}
	count = ctn_pty_find(&table, &search);
	if (count == -1)
		ctn_error_set(err, CONTAIN_E_SYSTEM, errno, "processes",
		    "sweep: the process table cannot be read");
	if (count > 0)
		tell_all(&table, stray, arg);
	if (count > 0 && how == CONTAIN_SWEEP_END)
		end_all(&table, &search, grace_ms);
	ctn_os_table_release(&table);
	ctn_os_table_release(&known);
	return count == -1 ? CONTAIN_E_SYSTEM : (int)count;
}
