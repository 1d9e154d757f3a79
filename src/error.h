/*
 * error.h: filling the caller's struct contain_error.
 *
 * Host side only (formats text); needs no heap.  err may be NULL.
 */
#ifndef CTN_ERROR_H
#define CTN_ERROR_H

#include "contain.h"

/* Fill *err and return code.  message gets ": strerror(errnum)" appended when
 * errnum is not 0. */
int	ctn_error_set(struct contain_error *err, int code, int errnum,
	    const char *step, const char *format, ...)
	    __attribute__((format(printf, 5, 6)));

#endif
