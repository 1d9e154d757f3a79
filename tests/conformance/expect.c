/*
 * expect.c: how many survivors each backend may leave.
 *
 * A new backend gets a row; one that leaves survivors in some cells gets a
 * function that names them.
 */
#include "config.h"

#include <string.h>

#include "conformance.h"

typedef unsigned expect_fn(const char *reach, const struct kind *kind,
    const struct ending *ending);

/* The kernel SIGKILLs a PID namespace whatever happens to contain. */
static unsigned
nobody(const char *reach, const struct kind *kind, const struct ending *ending)
{
	(void)reach;
	(void)kind;
	(void)ending;
	return 0;
}

static const struct {
	const char *backend;
	const char *reach;	/* where nothing else is said */
	expect_fn *survivors;
} expectations[] = {
	{ "pidns", "namespace", nobody }
};

enum { EXPECTATIONS = sizeof(expectations) / sizeof(expectations[0]) };

unsigned
expected(const char *backend, const char *reach, const struct kind *kind,
    const struct ending *ending)
{
	size_t i;

	for (i = 0; i < EXPECTATIONS; i++)
		if (strcmp(expectations[i].backend, backend) == 0)
			return expectations[i].survivors(reach, kind, ending);
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
