/*
 * request.h: what an executed warden is told before anything else.
 *
 *     request │ pairs │ strings: argv, paths, environment, directory
 *
 * On the leash, before the first record: nothing of the host's memory is in a
 * program that was executed.  Both sides are built together: what they exchange
 * is in the machine's own form, and a word in front says whose it is.
 */
#ifndef CTN_REQUEST_H
#define CTN_REQUEST_H

#include "backend.h"
#include "command.h"

/* Host: tell it.  0 or -1 with errno. */
int	ctn_request_send(const struct ctn_attempt *attempt);

/* What a request becomes, each pointing to the next. */
struct ctn_received {
	struct ctn_attempt attempt;
	struct contain_options options;
	struct ctn_command command;
	struct ctn_outfit outfit;
	char **argv, **directory;	/* behind command and outfit */
	char *mark, *listen_pid;	/* in the command's environment */
};

/* The executed warden: be told, on the leash with this descriptor.  0, or -1:
 * there is no request, or not one for us.  Allocates. */
int	ctn_request_receive(struct ctn_received *received, int leash);

#endif
