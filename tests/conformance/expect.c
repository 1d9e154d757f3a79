/*
 * expect.c: how many survivors each backend may leave.
 *
 * A new backend gets a row; one that leaves survivors in some cells gets a
 * function that names them.
 */
#include "config.h"

#include <string.h>

#include "conformance.h"

/* How many processes a kind is: none of it more than once. */
static unsigned
size_of(const struct kind *kind)
{
	if (strcmp(kind->role, "hydra") == 0)
		return 7;	/* with two more for each signal */
	if (strcmp(kind->role, "contain") == 0)
		return 3;
	return strcmp(kind->role, "namespace") == 0 ? 2 : 1;
}

typedef unsigned expect_fn(const char *reach, const struct kind *kind,
    const struct ending *ending, int deaf);

/* The kernel SIGKILLs a PID namespace whatever happens to contain. */
static unsigned
nobody(const char *reach, const struct kind *kind, const struct ending *ending,
    int deaf)
{
	(void)deaf;
	(void)reach;
	(void)kind;
	(void)ending;
	return 0;
}

static int
has(const struct kind *kind, unsigned steps)
{
	return (kind->steps & steps) == steps;
}

static int
clears_environment(const struct kind *kind)
{
	return strcmp(kind->role, "amnesiac") == 0;
}

/* Nobody is left who could sweep: the kernel hangs up the terminal, and that is
 * all.  SIGHUP goes to the foreground process group. */
static int
survives_hangup(const struct kind *kind, int deaf)
{
	/* a stopped group that is orphaned gets SIGHUP too; while a deaf
	 * command lives, that does not happen */
	if (has(kind, STEP_BACKGROUND | STEP_STOPS))
		return deaf;
	return has(kind, STEP_BACKGROUND) || has(kind, STEP_SETSID) ||
	    strcmp(kind->role, "nohup") == 0 ||
	    strcmp(kind->role, "deaf") == 0 ||
	    strcmp(kind->role, "hydra") == 0;
}

static int
kills_both(const struct ending *ending)
{
	return strcmp(ending->name, "kill-both") == 0 ||
	    strcmp(ending->name, "kill-w+host") == 0;
}

/* How far the survivors of the hang-up can be found. */
static int
is_out_of_reach(const char *reach, const struct kind *kind)
{
	if (strcmp(reach, "session") == 0)	/* and orphans, or it becomes one */
		return has(kind, STEP_SETSID) ||
		    strcmp(kind->role, "hydra") == 0;
	return strcmp(reach, "marked") == 0 && clears_environment(kind);
}

static unsigned
reachable(const char *reach, const struct kind *kind,
    const struct ending *ending, int deaf)
{
	if (kills_both(ending))
		return (deaf != 0) +	/* the command itself */
		    (survives_hangup(kind, deaf) ? size_of(kind) : 0);
	return is_out_of_reach(reach, kind) ? size_of(kind) : 0;
}

static const struct {
	const char *backend;
	const char *reach;	/* where nothing else is said */
	expect_fn *survivors;
} expectations[] = {
	{ "pidns", "namespace", nobody },
	{ "pty", "descendants", reachable }
};

enum { EXPECTATIONS = sizeof(expectations) / sizeof(expectations[0]) };

unsigned
expected(const char *backend, const char *reach, const struct kind *kind,
    const struct ending *ending, int deaf)
{
	size_t i;

	for (i = 0; i < EXPECTATIONS; i++)
		if (strcmp(expectations[i].backend, backend) == 0)
			return expectations[i].survivors(reach, kind, ending,
			    deaf);
	return 0;
}

const char *
expected_reach(const char *backend)
{
	size_t i;

	for (i = 0; i < EXPECTATIONS; i++)
		if (strcmp(expectations[i].backend, backend) == 0)
			return expectations[i].reach;
	return NULL;
}
