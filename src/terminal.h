/*
 * terminal.h: the host's terminal, as it serves a group.
 *
 * Host only.  What the warden does for it is in guard.h.
 */
#ifndef CTN_TERMINAL_H
#define CTN_TERMINAL_H

#include "backend.h"

/* Before the warden is made: what does the host's terminal look like? */
void	ctn_terminal_look(struct ctn_attempt *attempt);

/* At the end, before the group's terminal is closed: the host's gets its modes
 * back. */
void	ctn_terminal_give_back(struct ctn_attempt *attempt, int status);

#endif
