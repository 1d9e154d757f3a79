/*
 * options.h: what a host asks for; set by contain_options_set_*.
 */
#ifndef CTN_OPTIONS_H
#define CTN_OPTIONS_H

#include "contain.h"
#include "outfit.h"

/* grace_ms: the backend's own. */
#define CTN_GRACE_DEFAULT (-1)

struct contain_options {
	enum contain_backend backend;
	enum contain_guarantee require;
	enum contain_forward forward;
	enum contain_pgrp pgrp;
	enum contain_proc proc;
	enum contain_host host;
	enum contain_stops stops;
	enum contain_details details;
	enum contain_warden warden;
	int signum;
	int64_t timeout_ms;		/* 0: never */
	int64_t kill_after_ms;		/* 0: never */
	int64_t linger_ms;
	int64_t grace_ms;		/* or CTN_GRACE_DEFAULT */
	int has_mask;
	sigset_t mask;
	enum contain_reach reach;
	int has_terminal;
	struct contain_terminal terminal;
	contain_output_fn *output;
	void *output_arg;
	contain_ready_fn *ready;
	void *ready_arg;
	struct ctn_outfit outfit;
};

/* Fill in what contain -- CMD does. */
void	ctn_options_default(struct contain_options *options);

/* CONTAIN_E_USAGE unless value is one of first to last; what names it in the
 * message. */
int	ctn_options_check(long long value, long long first, long long last,
	    const char *what, struct contain_error *err);

/* CONTAIN_E_USAGE: there are no options in which to set what. */
int	ctn_options_missing(const char *what, struct contain_error *err);

#endif
