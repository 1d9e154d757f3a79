/*
 * leash_host.c: whatever comes from the warden's end, in the host.
 *
 * It ends the group or is ignored.
 */
#include "config.h"

#include <sys/socket.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "attempt.h"
#include "fuzz.h"
#include "group.h"
#include "registry.h"

static void
hear_all(struct contain_group *group)
{
	struct ctn_message message;

	while (!group->has_ended &&
	    ctn_leash_receive(&group->attempt.host_end, &message) == 1)
		ctn_group_hear(group, &message);
}

static void
check(const struct contain_group *group)
{
	size_t i;

	FUZZ_HOLDS(group->result.listed <= CTN_LEFTOVERS_MAX);
	for (i = 0; i < group->result.listed; i++) {
		FUZZ_HOLDS(memchr(group->leftover[i].name, '\0',
		    sizeof(group->leftover[i].name)) != NULL);
		FUZZ_HOLDS(memchr(group->leftover[i].command, '\0',
		    sizeof(group->leftover[i].command)) != NULL);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct contain_group *group = calloc(1, sizeof(*group));
	int fds[2];

	if (group == NULL || size > 65536 ||
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) == -1) {
		free(group);
		return 0;
	}
	ctn_attempt_init(&group->attempt, ctn_registry[0], &group->options,
	    NULL);
	group->attempt.host_end.fd = fds[0];
	group->attempt.warden = 0x7ffffffe;	/* nobody's child: ECHILD */
	if (write(fds[1], data, size) == (ssize_t)size)
		hear_all(group);
	check(group);
	close(fds[0]);
	close(fds[1]);
	free(group->leftover);
	free(group);
	return 0;
}
