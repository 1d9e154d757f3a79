/*
 * options.h: what a host asks for; set by contain_options_set_*.
 */
#ifndef CTN_OPTIONS_H
#define CTN_OPTIONS_H

#include "contain.h"

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
};

/* Fill in what contain -- CMD does. */
void	ctn_options_default(struct contain_options *options);

#endif
