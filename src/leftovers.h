/*
 * leftovers.h: who of the group is still alive when the command has ended.
 *
 * Warden only; async-signal-safe, no malloc.
 */
#ifndef CTN_LEFTOVERS_H
#define CTN_LEFTOVERS_H

#include <sys/types.h>
#include <stdint.h>

#include "backend.h"
#include "leash.h"

/* How many are named; the others are only counted.  So many messages fit into
 * a leash whose host does not read; command lines come after them, as many as
 * there is room for then. */
#define CTN_LEFTOVERS_MAX 64

struct ctn_leftovers {
	uint64_t total;
	size_t listed;
	struct ctn_leftover {
		pid_t pid;
		pid_t parent;
		int took;
		uint64_t start;
		char name[32];
		int64_t age_ms;		/* -1: not known */
		char command[144];	/* "": not known */
	} list[CTN_LEFTOVERS_MAX];
};

/* Memory for them, which few groups need: from the system, and for as long as
 * the warden lives.  NULL where there is none; mark, describe and send take that
 * for a list of nobody. */
struct ctn_leftovers *ctn_leftovers_new(void);

/* List every member but the command, which may be 0.  Somebody is left: where
 * no process table tells who, one is counted. */
void	ctn_leftovers_take(struct ctn_leftovers *leftovers,
	    struct ctn_attempt *attempt, pid_t command);

/* Add age and command line of those listed, where the system tells. */
void	ctn_leftovers_describe(struct ctn_leftovers *leftovers);

/* How many members are alive now. */
uint64_t ctn_leftovers_count(struct ctn_attempt *attempt);

/* Those listed that are still alive are about to get signum. */
void	ctn_leftovers_mark(struct ctn_leftovers *leftovers, int signum);

/* Tell the host, as many as there is room for without waiting. */
void	ctn_leftovers_send(const struct ctn_leftovers *leftovers,
	    const struct ctn_leash *leash);

#endif
