/*
 * select.h: which backends are tried, and in words why not.
 */
#ifndef CTN_SELECT_H
#define CTN_SELECT_H

#include "backend.h"
#include "contain.h"

/* May backend be tried under these options?  options may be NULL: yes. */
int	ctn_select_allows(const struct contain_options *options,
	    const struct ctn_backend *backend);

/* The verdict on an attempt that is ready. */
void	ctn_select_describe(const struct ctn_attempt *attempt,
	    struct contain_verdict *verdict);

/* The verdict on an attempt that failed. */
void	ctn_select_explain(const struct ctn_backend *backend,
	    const struct contain_error *failure,
	    struct contain_verdict *verdict);

/* Add a verdict's reason and remedy to a line of reasons. */
void	ctn_select_add_reason(char *reasons, size_t size,
	    const struct contain_verdict *verdict);
void	ctn_select_add_failure(char *reasons, size_t size,
	    const struct ctn_backend *backend,
	    const struct contain_error *failure);

/* CONTAIN_E_UNAVAILABLE, with a message that says what was wanted and why it
 * cannot be had. */
int	ctn_select_refuse(const struct contain_options *options,
	    const char *reasons, struct contain_error *err);

#endif
