/*
 * table.c: outcomes for people.  Rows are kinds, columns are endings, and a
 * cell holds the number of survivors: "." for none, "-" for a cell that could
 * not be run, "!" behind it if it is too many, or if something else
 * was wrong.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "conformance.h"

enum { NAME_WIDTH = 31, CELL_WIDTH = 4 };

static int
has_column(const struct setup *s, struct run run, size_t e, int deaf)
{
	unsigned k;

	for (k = 0; k < KINDS; k++)
		if (cell_wanted(s, run, cell_number(e, deaf, k)))
			return 1;
	return 0;
}

/* Column names are long: they go down in steps, one line each. */
static void
print_head(const struct setup *s, struct run run, int deaf)
{
	unsigned column = 0, i;
	size_t e;

	for (e = 0; e < endings_count(); e++) {
		if (!has_column(s, run, e, deaf))
			continue;
		printf("%*s", NAME_WIDTH, "");
		for (i = 0; i < column; i++)
			printf("%*s", CELL_WIDTH, "|");
		printf("%*s %s\n", CELL_WIDTH, ".", endings[e].about);
		column++;
	}
}

static void
print_cell(const struct outcome *out)
{
	char text[16];

	if (!out->counted)
		snprintf(text, sizeof(text), "-");
	else if (out->survivors == 0)
		snprintf(text, sizeof(text), ".");
	else
		snprintf(text, sizeof(text), "%u", out->survivors);
	if (out->state == STATE_FAILED)
		strcat(text, "!");
	printf("%*s", CELL_WIDTH, text);
}

static unsigned
print_row(const struct setup *s, struct run run, const struct board *board,
    unsigned k, int deaf)
{
	unsigned n, sum = 0;
	size_t e;

	printf("%-*s", NAME_WIDTH, kinds[k].about);
	for (e = 0; e < endings_count(); e++) {
		n = cell_number(e, deaf, k);
		if (!cell_wanted(s, run, n))
			continue;
		print_cell(&board->outcome[n]);
		sum += board->outcome[n].survivors;
	}
	printf("%6u\n", sum);
	return sum;
}

static void
print_column_sums(const struct setup *s, struct run run,
    const struct board *board, int deaf, unsigned total)
{
	unsigned n, k, sum;
	size_t e;

	printf("%-*s", NAME_WIDTH, "survivors");
	for (e = 0; e < endings_count(); e++) {
		if (!has_column(s, run, e, deaf))
			continue;
		for (k = 0, sum = 0; k < KINDS; k++) {
			n = cell_number(e, deaf, k);
			sum += board->outcome[n].survivors;
		}
		printf("%*u", CELL_WIDTH, sum);
	}
	printf("%6u\n", total);
}

/* Nobody survives where nothing was run: say how much was. */
static void
print_coverage(const struct setup *s, struct run run,
    const struct board *board, int deaf)
{
	unsigned n, wanted = 0, counted = 0;

	for (n = 0; n < cells_count(); n++) {
		if (cell_deaf(n) != deaf || !cell_wanted(s, run, n))
			continue;
		wanted++;
		counted += board->outcome[n].counted != 0;
	}
	printf("%u of %u cells counted\n\n", counted, wanted);
}

static void
print_title(const struct setup *s, struct run run, int deaf)
{
	char **word;

	for (word = s->tool; word != NULL && *word != NULL; word++)
		printf("%s ", *word);
	if (s->tool == NULL)
		printf("contain --backend=%s --reach=%s ", s->backend,
		    s->reach);
	printf("as %s, %s, %s command\n", who_names[run.who],
	    mode_names[run.mode], deaf ? "deaf" : "default");
}

static int
is_any_wanted(const struct setup *s, struct run run, int deaf)
{
	size_t e;

	for (e = 0; e < endings_count(); e++)
		if (has_column(s, run, e, deaf))
			return 1;
	return 0;
}

void
table_run(const struct setup *s, struct run run, const struct board *board)
{
	unsigned k, total;
	int deaf;

	for (deaf = 0; deaf < 2; deaf++) {
		if (!is_any_wanted(s, run, deaf))
			continue;
		print_title(s, run, deaf);
		print_head(s, run, deaf);
		for (k = 0, total = 0; k < KINDS; k++)
			total += print_row(s, run, board, k, deaf);
		print_column_sums(s, run, board, deaf, total);
		print_coverage(s, run, board, deaf);
	}
	fflush(stdout);
}
