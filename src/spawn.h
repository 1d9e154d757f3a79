/*
 * spawn.h: what contain_spawn and contain_fork share.
 */
#ifndef CTN_SPAWN_H
#define CTN_SPAWN_H

#include "contain.h"
#include "fork.h"

/* May a group be started with these at all?  0 or a negative code. */
int	ctn_spawn_check(const struct contain_options *options,
	    struct contain_group **group, struct contain_error *err);

/* A group to be started; NULL when out of memory. */
struct contain_group *ctn_spawn_new(const struct contain_options *options);

/* What spawn_new and spawn_into took of memory; NULL: nothing. */
void	ctn_spawn_free(struct contain_group *group);

/* Start it: argv executed, or a copy of the host.  0, or a negative code and
 * nothing but the group's own memory is held. */
int	ctn_spawn_into(struct contain_group *group, char *const argv[],
	    struct ctn_fork *copy, struct contain_error *err);

/* End what still runs, and hold nothing but the group's own memory. */
void	ctn_spawn_undo(struct contain_group *group);

#endif
