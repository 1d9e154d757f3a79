/*
 * attempt.h: one try to start a group with one backend, in the host.
 *
 *     make ──▶ await_ready ──▶ release: the command runs
 *       └──────────┴───────────▶ abandon: nothing of it is left
 *
 * await_ready may be left out, if make was told so: then the host's "go" is
 * there before the warden is ready for it, and neither waits for the other.
 */
#ifndef CTN_ATTEMPT_H
#define CTN_ATTEMPT_H

#include "backend.h"
#include "contain.h"

/*
 * Prepare an attempt; command may be NULL: only to see whether it works.  The
 * warden is a copy of the host, unless attempt->program is set after this.
 */
void	ctn_attempt_init(struct ctn_attempt *attempt,
	    const struct ctn_backend *backend,
	    const struct contain_options *options,
	    struct ctn_command *command);

/* Make the warden.  Each of these three returns 0, or a negative code with
 * nothing left of the attempt; step and errnum in *err tell what failed.  If
 * attempt->is_unfit is set then, it is to be made again without a program. */
int	ctn_attempt_make(struct ctn_attempt *attempt,
	    struct contain_error *err);

/* Wait until the warden is ready.  Only if attempt->is_gated. */
int	ctn_attempt_await_ready(struct ctn_attempt *attempt,
	    struct contain_error *err);

/* Release the command and wait until it has been executed.  On failure,
 * attempt->was_released tells whether the command may have run, so that no
 * other backend must be tried. */
int	ctn_attempt_release(struct ctn_attempt *attempt,
	    struct contain_error *err);

/* End whatever there is, and reap the warden. */
void	ctn_attempt_abandon(struct ctn_attempt *attempt);

/* Pass on what has been written to the terminal, if the attempt has one. */
void	ctn_attempt_drain(struct ctn_attempt *attempt);

/* Wait for the next message, for ever if timeout_ms is -1.  1: *message; 0: the
 * warden has died; -1: time is up. */
int	ctn_attempt_listen(struct ctn_attempt *attempt, int64_t timeout_ms,
	    struct ctn_message *message);

/* Reap the warden; *usage is all that it and those it reaped used. */
void	ctn_attempt_reap(struct ctn_attempt *attempt, struct rusage *usage);

#endif
