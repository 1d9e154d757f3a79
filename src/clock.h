/*
 * clock.h: time that only goes forward, in milliseconds.
 *
 * Async-signal-safe: the warden uses it.
 */
#ifndef CTN_CLOCK_H
#define CTN_CLOCK_H

#include <stdint.h>

/* A deadline that never comes. */
#define CTN_NEVER INT64_MAX

int64_t	ctn_clock_now_ms(void);

/* now + after_ms, CTN_NEVER if that is beyond time. */
int64_t	ctn_clock_deadline_ms(int64_t after_ms);

/* What poll wants: milliseconds until deadline_ms, 0 if past, -1 for never. */
int64_t	ctn_clock_left_ms(int64_t deadline_ms);

#endif
