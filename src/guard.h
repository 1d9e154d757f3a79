/*
 * guard.h: the host's terminal survives the host.
 *
 * Warden only; async-signal-safe.
 */
#ifndef CTN_GUARD_H
#define CTN_GUARD_H

#include "life.h"

/* What the host said of its terminal: CTN_GROUND, CTN_LET_GO; of anything else:
 * nothing. */
void	ctn_guard_hear(struct ctn_life *life,
	    const struct ctn_message *message);

/* The same for all that the host said before it died. */
void	ctn_guard_hear_last(struct ctn_life *life);

/* The host has died: its terminal gets its modes back, if it can be at once. */
void	ctn_guard_host_died(struct ctn_life *life);

/* ... and now that nobody of the group can change them again. */
void	ctn_guard_group_ended(struct ctn_life *life);

#endif
