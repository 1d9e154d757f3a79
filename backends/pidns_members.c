/* pidns_members.c: who is in a PID namespace, as its warden sees it */
#include "config.h"

#include <errno.h>
#include <unistd.h>

#include "pidns.h"

/* What the host looks for. */
struct outside_search {
	pid_t warden;
	ctn_member_fn *visit;
	void *arg;
};

/* What is looked for while the process table is visited. */
struct search {
	pid_t self;		/* as the table shows it */
	int all_ours;		/* it shows our namespace and no other */
	size_t looked_at;	/* how many more are to be looked at */
	ctn_member_fn *visit;
	void *arg;
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

static int
look_at(pid_t pid, void *arg)
{
	struct search *search = arg;
	struct ctn_process process;

	if (pid == search->self)
		return 0;
	if (search->looked_at == 0 && search->all_ours) {
		search->visit(NULL, search->arg);
		return 0;
	}
	if (ctn_os_process_get(pid, &process) == -1 || process.is_zombie ||
	    !descends_from(&process, search->self))
		return 0;
	if (search->looked_at > 0)
		search->looked_at--;
	search->visit(&process, search->arg);
	return 0;
}

/* Not by one snapshot of the whole table: beyond the first few a pid is enough,
 * and looking at ten thousand costs more than ending them. */
int
ctn_pidns_visit(struct ctn_attempt *attempt, size_t looked_at,
    ctn_member_fn *visit, void *arg)
{
	struct search search = { ctn_os_process_self(), 0, looked_at, visit,
		arg };

	(void)attempt;
	search.all_ours = search.self == 1 && getpid() == 1;
	return search.self == -1 ? -1 :
	    ctn_os_process_each(look_at, &search);
}

static int
look_outside(pid_t pid, void *arg)
{
	const struct outside_search *search = arg;
	struct ctn_process process;

	if (pid != search->warden && ctn_os_process_get(pid, &process) == 0 &&
	    !process.is_zombie && descends_from(&process, search->warden))
		search->visit(&process, search->arg);
	return 0;
}

/* The warden's descendants, as it adopts every orphan.  A table of another PID
 * namespace than the host's says nothing about the warden. */
int
ctn_pidns_visit_outside(struct ctn_attempt *attempt, ctn_member_fn *visit,
    void *arg)
{
	struct outside_search search = { attempt->warden, visit, arg };

	if (ctn_os_process_self() != getpid()) {
		errno = ENOENT;
		return -1;
	}
	return ctn_os_process_each(look_outside, &search);
}
