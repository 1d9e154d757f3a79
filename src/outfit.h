/*
 * outfit.h: what the command's process gets instead of what the host has:
 * file, environment, directory, descriptors, limits.
 *
 * Three stages: the options keep what was asked for; contain_spawn makes pairs
 * of descriptors of it, opening pipes; the command's process puts it on.
 */
#ifndef CTN_OUTFIT_H
#define CTN_OUTFIT_H

#include <sys/types.h>
#include <sys/resource.h>
#include <stddef.h>

#include "contain.h"

/* More kinds of limits than any system has. */
#define CTN_LIMITS_MAX 32

/* What descriptor "to" of the command is to be. */
struct ctn_wish {
	int to;
	int from;		/* the host's, or -1: closed */
	enum contain_stdio how;	/* if it is not INHERIT, from means nothing */
};

struct ctn_limit {
	int resource;
	struct rlimit limit;
};

/* Owned by the options; what is NULL or empty stays as in the host. */
struct ctn_outfit {
	char *path;
	char **env;
	char *directory;
	enum contain_descriptors descriptors;
	struct ctn_wish *wishes;
	size_t wish_count;
	struct ctn_limit limits[CTN_LIMITS_MAX];
	size_t limit_count;
};

/* One descriptor for the command: from becomes to; -1: to is closed. */
struct ctn_pair {
	int from;
	int to;
	int is_moved;		/* from is a copy of our own */
	int closes;		/* from was close-on-exec, before the warden was
				   executed */
};

/* The descriptors of one group's command, and the host's ends of its pipes. */
struct ctn_fitting {
	struct ctn_pair *pairs;
	size_t count;
	int mine[3];		/* for 0, 1, 2: the host's end or -1 */
	int its[3];		/* the command's end, closed in the host once
				   the command has been started */
};

/* Host.  Release what the options hold. */
void	ctn_outfit_discard(struct ctn_outfit *outfit);

/* Host.  Open what the command gets.  0, or a negative code and nothing is
 * held. */
int	ctn_fitting_open(struct ctn_fitting *fitting,
	    const struct ctn_outfit *outfit, struct contain_error *err);

/* Host.  The command has been started, or will not be: close its ends. */
void	ctn_fitting_close_its(struct ctn_fitting *fitting);

/* Host.  Close all that it still holds. */
void	ctn_fitting_discard(struct ctn_fitting *fitting);

/* What could not be put on; with an errno, one number. */
enum ctn_outfit_step {
	CTN_STEP_EXECVE = 0,	/* so that an errno alone means this */
	CTN_STEP_DIRECTORY,
	CTN_STEP_DESCRIPTOR,
	CTN_STEP_LIMIT
};
#define CTN_FAILURE(step, errnum)	((int)(step) << 16 | (errnum))
#define CTN_FAILURE_STEP(failure)	((failure) >> 16)
#define CTN_FAILURE_ERRNO(failure)	((failure) & 0xffff)

/*
 * The command's process, async-signal-safe: arrange the descriptors, enter the
 * directory, set the limits.  *own is a descriptor that is still needed (-1:
 * none); it is moved if it is in the way.  0, or a failure.
 */
int	ctn_outfit_put_on(const struct ctn_outfit *outfit,
	    struct ctn_pair *pairs, size_t count, int *own);

#endif
