/*
 * deliver.h: a signal for the command, once.
 *
 * Warden only; async-signal-safe.
 */
#ifndef CTN_DELIVER_H
#define CTN_DELIVER_H

#include "life.h"

/* Send signum to the command or its process group, as the options say. */
void	ctn_deliver(const struct ctn_life *life, int signum);

/* The same for a signal that the host got, unless it was sent to the process
 * group that host, warden and command share. */
void	ctn_deliver_forwarded(const struct ctn_life *life, int signum,
	    enum contain_origin origin);

/* Make the command's own process group the foreground one of the controlling
 * terminal. */
void	ctn_deliver_terminal(const struct ctn_life *life);

#endif
