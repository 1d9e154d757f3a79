/* leftovers.c: who is still alive when the command has ended */
#include "config.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "leftovers.h"
#include "os/os.h"

/* What is looked for while the process table is visited. */
struct search {
	struct ctn_leftovers *leftovers;
	pid_t self;		/* as the table shows it */
	pid_t command;
	int all_ours;		/* the table shows our namespace only */
};

/* Is there a line of parents from process to self?  Every member has one: the
 * warden adopts orphans.  A process may end while it is followed, hence the
 * bound. */
static int
descends_from(const struct ctn_process *process, pid_t self)
{
	struct ctn_process above = *process;
	int steps;

	for (steps = 0; steps < 4096 && above.parent > 1; steps++) {
		if (above.parent == self)
			return 1;
		if (ctn_os_process_get(above.parent, &above) == -1)
			return 0;
	}
	return above.parent == self;
}

static void
list_process(struct ctn_leftovers *leftovers, const struct ctn_process *process)
{
	struct ctn_leftover *leftover = &leftovers->list[leftovers->listed++];

	leftover->pid = process->pid;
	leftover->parent = process->parent;
	leftover->took = 0;
	leftover->start = process->start;
	memcpy(leftover->name, process->name, sizeof(leftover->name));
}

static int
look_at(pid_t pid, void *arg)
{
	struct search *search = arg;
	struct ctn_leftovers *leftovers = search->leftovers;
	struct ctn_process process;

	if (pid == search->self || pid == search->command)
		return 0;
	/* beyond the list, a pid in our own namespace is enough */
	if (leftovers->listed == CTN_LEFTOVERS_MAX && search->all_ours) {
		leftovers->total++;
		return 0;
	}
	if (ctn_os_process_get(pid, &process) == -1 || process.is_zombie ||
	    !descends_from(&process, search->self))
		return 0;
	leftovers->total++;
	if (leftovers->listed < CTN_LEFTOVERS_MAX)
		list_process(leftovers, &process);
	return 0;
}

void
ctn_leftovers_take(struct ctn_leftovers *leftovers, pid_t command)
{
	struct search search = { leftovers, ctn_os_process_self(), command,
		0 };

	leftovers->total = leftovers->listed = 0;
	search.all_ours = search.self == 1 && getpid() == 1;
	if (search.self == -1 || ctn_os_process_each(look_at, &search) == -1)
		leftovers->total = 1;
}

uint64_t
ctn_leftovers_count(void)
{
	struct ctn_leftovers now;

	ctn_leftovers_take(&now, 0);
	return now.total;
}

void
ctn_leftovers_mark(struct ctn_leftovers *leftovers, int signum)
{
	struct ctn_process process;
	size_t i;

	for (i = 0; i < leftovers->listed; i++)
		if (ctn_os_process_get(leftovers->list[i].pid, &process) == 0 &&
		    !process.is_zombie &&
		    process.start == leftovers->list[i].start)
			leftovers->list[i].took = signum;
}

void
ctn_leftovers_send(const struct ctn_leftovers *leftovers,
    const struct ctn_leash *leash)
{
	const struct ctn_leftover *leftover;
	struct ctn_message message;
	size_t i;

	for (i = 0; i < leftovers->listed; i++) {
		leftover = &leftovers->list[i];
		memset(&message, 0, sizeof(message));
		message.type = CTN_LEFTOVER;
		message.number = leftover->pid;
		message.second = leftover->parent;
		message.third = leftover->took;
		ctn_leash_text(&message, leftover->name);
		if (ctn_leash_send(leash, &message, CTN_LEASH_NOW) == -1)
			return;
	}
}
