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

/* Forward SIGCONT of a host that is in the foreground: a process group of the
 * command's own gets the terminal before. */
void	ctn_deliver_continue(const struct ctn_life *life,
	    enum contain_origin origin);

#endif
