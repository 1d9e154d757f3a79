/*
 * warden.h: the one process between host and command.
 *
 *     GATED ──go──▶ RUNNING ──command ended──▶ LINGERING ─┐
 *       │             │  asked, timed out                  │ linger over
 *       │             ▼                                    ▼
 *       │           ENDING ──command ended, time up──▶ HANGING_UP
 *       │                                                  │ grace over
 *       ▼ host died                                        ▼
 *     (exit)                    nobody left ◀────────── KILLING
 *
 * From every state but GATED, "nobody left" leads to the report and the exit,
 * and "the host died" to HANGING_UP, or on to KILLING where there is no grace.
 *
 * Everything here runs in a copy of the host made by clone or fork: only
 * async-signal-safe calls, no allocation, no return.
 */
#ifndef CTN_WARDEN_H
#define CTN_WARDEN_H

#include "backend.h"

/* Serve attempt->warden_end until the group has ended, then exit. */
_Noreturn void	ctn_warden_run(struct ctn_attempt *attempt);

/* Tell the host how far the attempt has come: number is the message's own, the
 * step that failed or what is lacking goes with it.  0 or -1 with errno. */
int	ctn_warden_tell(const struct ctn_attempt *attempt,
	    enum ctn_message_type type, int number);

#endif
