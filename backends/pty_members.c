/* pty_members.c: who belongs to a group, in a table of all processes */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <string.h>

#include "command.h"
#include "os/os.h"
#include "pty.h"

/* Looks at most, while members are stopped: somebody who waits for a disk does
 * not stop, and must not hold up the rest. */
#define STOP_ROUNDS 20

/* Looks at most, while nobody is found but somebody may have been missed. */
#define DOUBT_ROUNDS 10

/* The table is in ascending order of pid. */
const struct ctn_process *
ctn_pty_by_pid(const struct ctn_table *table, pid_t pid)
{
	size_t low = 0, high = table->count, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (table->list[middle].pid < pid)
			low = middle + 1;
		else
			high = middle;
	}
	return low < table->count && table->list[low].pid == pid ?
	    &table->list[low] : NULL;
}

/* 1, 0, or -1: it is ending, or within execve(2), and has no environment.  From
 * then on Linux gives the file to root: EACCES, as with another user's. */
static int
carries_mark(const struct ctn_process *process, const char *mark)
{
	char value[CTN_MARK_SIZE];

	if (process->is_zombie)
		return -1;
	if (ctn_os_process_variable(process->pid, "CONTAIN_GROUP", value,
	    sizeof(value)) != -1)
		return strcmp(value, mark) == 0;
	return errno == ESRCH || errno == EACCES ? -1 : 0;
}

int
ctn_pty_is_of_group(const struct ctn_process *process,
    const struct ctn_table *table, const struct ctn_pty_search *search)
{
	(void)table;
	if (process->session == search->session)
		return 1;
	if (search->parent > 0 && process->parent == search->parent &&
	    process->start >= search->since)
		return 1;
	if (search->reach != CONTAIN_REACH_MARKED || search->mark == NULL ||
	    process->start < search->since)
		return 0;
	return carries_mark(process, search->mark);
}

/* What the last look said of it; NULL: nothing.  *at goes along: both tables are
 * in ascending order of pid. */
static const struct ctn_process *
remembered(const struct ctn_table *known, const struct ctn_process *process,
    size_t *at)
{
	while (*at < known->count && known->list[*at].pid < process->pid)
		(*at)++;
	return *at < known->count && known->list[*at].pid == process->pid &&
	    known->list[*at].start == process->start ? &known->list[*at] : NULL;
}

static void
remember(const struct ctn_table *table, struct ctn_table *known)
{
	size_t i;

	known->count = 0;
	for (i = 0; i < table->count && known->count < known->size; i++)
		if (table->list[i].is_member || table->list[i].is_doubtful)
			known->list[known->count++] = table->list[i];
}

/* Children of members are members.  Parents mostly have the smaller pid, so
 * that one pass does; until one finds nobody new.  Returns how many it
 * found. */
static size_t
add_children(struct ctn_table *table, const struct ctn_pty_search *search)
{
	const struct ctn_process *parent;
	struct ctn_process *process;
	size_t i, found = 0;

	for (i = 0; i < table->count; i++) {
		process = &table->list[i];
		if (process->is_member || process->pid == search->host ||
		    process->pid == search->warden || process->parent <= 1)
			continue;
		parent = ctn_pty_by_pid(table, process->parent);
		if (parent == NULL || !parent->is_member)
			continue;
		process->is_member = 1;
		found++;
	}
	return found;
}

static ssize_t
count_living(const struct ctn_table *table)
{
	ssize_t living = 0;
	size_t i;

	for (i = 0; i < table->count; i++)
		living += table->list[i].is_member &&
		    !table->list[i].is_zombie;
	return living;
}

/* Without a table numbers will do, but to tell marks. */
static int
read_table(struct ctn_table *table, const struct ctn_pty_search *search)
{
	if (!search->guesses && ctn_os_table_read(table) == 0)
		return 0;
	if (search->session == 0)
		return -1;
	ctn_os_table_guess(table);
	return 0;
}

/* Who is in doubt, or has just ended, may have made a child when the table had
 * been begun.  At a second look the child is in the table. */
static void
judge(struct ctn_process *process, struct ctn_table *table,
    const struct ctn_pty_search *search, size_t *at)
{
	const struct ctn_process *last;
	int found;

	process->is_member = process->is_doubtful = 0;
	if (process->pid == search->host || process->pid == search->warden)
		return;
	last = remembered(search->known, process, at);
	found = last != NULL && last->is_member ? 1 :
	    search->is_found(process, table, search);
	process->is_member = found == 1;
	process->is_doubtful = found == -1;
	if (process->is_doubtful && last == NULL)
		table->is_torn = 1;
	if (process->is_member && process->is_zombie &&
	    (last == NULL || !last->is_zombie))
		table->is_torn = 1;
}

/* One look.  The newest are judged last, just before they are signalled: who
 * forks and exits all the time may be gone a moment later. */
static ssize_t
look(struct ctn_table *table, const struct ctn_pty_search *search)
{
	size_t i, at = 0;

	if (read_table(table, search) == -1)
		return -1;
	for (i = 0; i < table->count; i++)
		judge(&table->list[i], table, search, &at);
	while (add_children(table, search) > 0)
		continue;
	remember(table, search->known);
	return count_living(table);
}

/* Who forks and exits all the time is gone when it is looked at, and its child
 * was not there yet when the table was begun.  Where orphans are adopted there
 * is no doubt: the warden has a child until the last one is dead. */
ssize_t
ctn_pty_find(struct ctn_table *table, const struct ctn_pty_search *search)
{
	ssize_t living;
	int round = 0;

	do
		living = look(table, search);
	while (living == 0 && table->is_torn &&
	    search->reach != CONTAIN_REACH_DESCENDANTS &&
	    ++round < DOUBT_ROUNDS);
	return living;
}

void
ctn_pty_signal(const struct ctn_table *table, int signum)
{
	size_t i;

	for (i = 0; i < table->count; i++)
		if (table->list[i].is_member && !table->list[i].is_zombie)
			ctn_os_process_signal(&table->list[i], signum);
}

/* Stop whoever runs, if that can be told; how many did. */
static size_t
stop_running(const struct ctn_table *table)
{
	size_t i, running = 0;

	for (i = 0; i < table->count; i++) {
		if (!table->list[i].is_member || table->list[i].is_zombie ||
		    table->list[i].is_stopped || table->list[i].is_guessed)
			continue;
		running++;
		ctn_os_process_signal(&table->list[i], SIGSTOP);
	}
	return running;
}

ssize_t
ctn_pty_stop(struct ctn_table *table,
    const struct ctn_pty_search *search)
{
	ssize_t living = ctn_pty_find(table, search);
	int round;

	for (round = 0; round < STOP_ROUNDS && living > 0 &&
	    stop_running(table) > 0; round++)
		living = ctn_pty_find(table, search);
	return living;
}

ssize_t
ctn_pty_stop_and_kill(struct ctn_table *table,
    const struct ctn_pty_search *search)
{
	ssize_t living = ctn_pty_stop(table, search);

	if (living > 0)
		ctn_pty_signal(table, SIGKILL);
	return living;
}
