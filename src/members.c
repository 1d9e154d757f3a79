/* members.c: who is in a group now, as the host sees it */
#include "config.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

#include "error.h"
#include "group.h"

struct listing {
	struct contain_member *members;
	size_t max;
	size_t total;
};

static void
list_member(const struct ctn_process *member, void *arg)
{
	struct listing *listing = arg;
	struct contain_member *entry;

	if (listing->total++ >= listing->max)
		return;
	entry = &listing->members[listing->total - 1];
	entry->pid = member->pid;
	entry->parent = member->parent;
	entry->start = member->start;
	memcpy(entry->name, member->name, sizeof(entry->name));
}

int
contain_members(struct contain_group *group, struct contain_member *members,
    size_t max, struct contain_error *err)
{
	struct listing listing = { members, max, 0 };

	if (group == NULL || (members == NULL && max > 0))
		return ctn_error_set(err, CONTAIN_E_USAGE, 0, "members",
		    "members: no group or nowhere to put them");
	if (group->has_ended)
		return 0;
	if (group->attempt.backend->visit_outside(&group->attempt,
	    list_member, &listing) == -1)
		return ctn_error_set(err, CONTAIN_E_SYSTEM, errno, "members",
		    "members: cannot read the process table");
	return listing.total > INT_MAX ? INT_MAX : (int)listing.total;
}
