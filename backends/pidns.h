/*
 * pidns.h: what the files of the pidns backend share.
 */
#ifndef CTN_PIDNS_H
#define CTN_PIDNS_H

#include "backend.h"

/* attempt->made */
#define CTN_PIDNS_ADOPTED	1u	/* the host's own namespace is used */
#define CTN_PIDNS_USERNS	2u	/* with a user namespace */
#define CTN_PIDNS_MOUNTNS	4u	/* with a mount namespace */
#define CTN_PIDNS_PROC		8u	/* and a fresh /proc in it */

/* The steps that can fail; also what reports call them. */
#define CTN_STEP_CLONE		"clone(CLONE_NEWPID)"
#define CTN_STEP_CLONE_USER	"clone(CLONE_NEWUSER|NEWPID)"
#define CTN_STEP_SETGROUPS	"/proc/self/setgroups"
#define CTN_STEP_GID_MAP	"/proc/self/gid_map"
#define CTN_STEP_UID_MAP	"/proc/self/uid_map"
#define CTN_STEP_MOUNTNS	"clone(CLONE_NEWNS)"
#define CTN_STEP_SLAVE		"mount(MS_SLAVE)"
#define CTN_STEP_PROC		"mount(/proc)"
#define CTN_STEP_PDEATHSIG	"prctl(PR_SET_PDEATHSIG)"
#define CTN_STEP_SUBREAPER	"prctl(CHILD_SUBREAPER)"
#define CTN_STEP_CAPABILITIES	"capset"
#define CTN_STEP_FORK		"fork"

/* Warden: map the caller's ids to themselves.  0, or -1 with errno and
 * attempt->step. */
int	ctn_pidns_map_ids(struct ctn_attempt *attempt);

/* In a new user namespace, before the warden is executed: it will have those
 * capabilities that it needs.  0 or -1 with errno. */
int	ctn_pidns_keep_capabilities(void);

/* Warden: hold the new user namespace's capabilities, but do not use them, nor
 * hand them on: a command must be looked up, and refused, as for its caller. */
int	ctn_pidns_rest_capabilities(struct ctn_attempt *attempt);

/* A copy of the host: have no capability at all.  0 or -1 with errno. */
int	ctn_pidns_drop_capabilities(void);

/* Warden: a fresh /proc, as the options say.  0, or -1 with errno and
 * attempt->step; what was only wanted and not had is in attempt->lack_*. */
int	ctn_pidns_mount_proc(struct ctn_attempt *attempt);

/* The slot "visit". */
int	ctn_pidns_visit(struct ctn_attempt *attempt, size_t looked_at,
	    ctn_member_fn *visit, void *arg);

/* The slot "visit_outside". */
int	ctn_pidns_visit_outside(struct ctn_attempt *attempt,
	    ctn_member_fn *visit, void *arg);

/* The slot "explain". */
void	ctn_pidns_explain(const char *step, int errnum,
	    struct contain_verdict *verdict);

#endif
