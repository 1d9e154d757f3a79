/* duration.c: a length of time, as timeout(1) reads it */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

static const struct unit {
	const char *suffix;
	double ms;
} units[] = {
	{ "", 1000 },
	{ "s", 1000 },
	{ "m", 60 * 1000 },
	{ "h", 60 * 60 * 1000 },
	{ "d", 24 * 60 * 60 * 1000 },
	{ "ms", 1 },
};

/* Up, so that nothing ends early; what no clock will see is the largest. */
static int64_t
round_up(double ms)
{
	int64_t whole;

	if (ms >= (double)INT64_MAX)
		return INT64_MAX;
	whole = (int64_t)ms;
	return (double)whole < ms ? whole + 1 : whole;
}

int
cli_duration_parse(const char *text, int64_t *ms)
{
	double value;
	char *end;
	size_t i;

	errno = 0;
	value = strtod(text, &end);	/* overflow is infinity: fine */
	if (end == text || !(value >= 0))
		return -1;
	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (strcmp(end, units[i].suffix) != 0)
			continue;
		*ms = round_up(value * units[i].ms);
		if (*ms == 0 && errno == ERANGE)
			*ms = 1;	/* too small for a double, not 0 */
		return 0;
	}
	return -1;
}
