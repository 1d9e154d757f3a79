/* tap.c: outcomes as lines of the Test Anything Protocol */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "conformance.h"

static unsigned lines, failures;

struct tally {
	unsigned wanted;
	unsigned state[STATE_SKIPPED + 1];
	unsigned survivors;
};

static void
tally(const struct setup *s, struct run run, const struct board *board,
    size_t ending, int deaf, struct tally *t)
{
	const struct outcome *out;
	unsigned k, n;

	memset(t, 0, sizeof(*t));
	for (k = 0; k < KINDS; k++) {
		n = cell_number(ending, deaf, k);
		if (!cell_wanted(s, run, n))
			continue;
		out = &board->outcome[n];
		t->wanted++;
		t->state[out->state]++;
		t->survivors += out->survivors;
	}
}

/* A line for each cell that is not simply good. */
static void
diagnose(const struct setup *s, struct run run, const struct board *board,
    size_t ending, int deaf)
{
	static const char *const names[] = { "not run", "ok", "FAILED",
	    "skipped" };
	const struct outcome *out;
	unsigned k, n;

	for (k = 0; k < KINDS; k++) {
		n = cell_number(ending, deaf, k);
		out = &board->outcome[n];
		if (!cell_wanted(s, run, n) ||
		    (out->state == STATE_PASSED && !s->verbose))
			continue;
		printf("#   %s: %s %s", kinds[k].name, names[out->state],
		    out->text);
		if (s->verbose)
			printf(" [%u ms]", out->elapsed_ms);
		printf("\n");
	}
}

static const char *
subject(const struct setup *s)
{
	return s->tool != NULL ? s->tool[0] : s->backend;
}

static void
print_line(const struct setup *s, struct run run, const struct tally *t,
    const struct ending *ending, int deaf)
{
	int good = t->state[STATE_FAILED] + t->state[STATE_UNSEEN] == 0;

	failures += !good;
	printf("%sok %u - %s %s %s: %s%s: %u of %u kinds, %u survivors%s\n",
	    good ? "" : "not ", ++lines, subject(s), who_names[run.who],
	    mode_names[run.mode], ending->about, deaf ? ", deaf command" : "",
	    t->state[STATE_PASSED], t->wanted, t->survivors,
	    t->state[STATE_SKIPPED] == t->wanted ? " # SKIP see below" : "");
}

void
tap_run(const struct setup *s, struct run run, const struct board *board)
{
	struct tally t;
	size_t e;
	int deaf;

	for (deaf = 0; deaf < 2; deaf++) {
		for (e = 0; e < endings_count(); e++) {
			tally(s, run, board, e, deaf, &t);
			if (t.wanted == 0)
				continue;
			print_line(s, run, &t, &endings[e], deaf);
			diagnose(s, run, board, e, deaf);
		}
	}
	fflush(stdout);
}

void
tap_skip(const struct setup *s, struct run run, const char *why)
{
	printf("ok %u - %s %s %s # SKIP %s\n", ++lines, subject(s),
	    who_names[run.who], mode_names[run.mode], why);
	fflush(stdout);
}

void
tap_fail(const struct setup *s, struct run run, const char *why)
{
	failures++;
	printf("not ok %u - %s %s %s: %s\n", ++lines, subject(s),
	    who_names[run.who], mode_names[run.mode], why);
	fflush(stdout);
}

int
tap_end(void)
{
	printf("1..%u\n", lines);
	fflush(stdout);
	return failures > 0;
}
