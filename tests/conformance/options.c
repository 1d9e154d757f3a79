/* options.c: the driver's command line; the usage text is the table */
#include "config.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conformance.h"

const char *const who_names[WHOS] = { "root", "nobody", "self" };
const char *const mode_names[MODES] = { "plain", "nested", "adopted" };

static void show_usage(struct setup *s, const char *value);

_Noreturn void
give_up(const char *what, const char *why)
{
	fprintf(stderr, "conformance: %s%s; see --help\n", what, why);
	exit(99);
}

/* ---- values ------------------------------------------------------ */

/* "a,b" as bits: 1 << the index of each name. */
static unsigned
bits_of(const char *list, const char *const names[], unsigned count)
{
	unsigned bits = 0, i;
	size_t length;

	for (;; list += length + 1) {
		length = strcspn(list, ",");
		for (i = 0; i < count; i++)
			if (strlen(names[i]) == length &&
			    strncmp(names[i], list, length) == 0)
				break;
		if (i == count)
			give_up(list, ": no such name");
		bits |= 1U << i;
		if (list[length] == '\0')
			return bits;
	}
}

static int
number_of(const char *text)
{
	char *end;
	long n = strtol(text, &end, 10);

	if (*text == '\0' || *end != '\0' || n < 0 || n > 1000000)
		give_up(text, ": not a number");
	return (int)n;
}

/* At blanks, without quoting.  The words live as long as the program. */
static char **
words_of(const char *text)
{
	enum { WORDS_MAX = 32 };
	static char *words[WORDS_MAX + 1];
	char *save = NULL, *copy = strdup(text), *word;
	size_t n = 0;

	/* NOLINTNEXTLINE(clang-analyzer-unix.Malloc): as said above */
	for (word = strtok_r(copy, " ", &save); word != NULL && n < WORDS_MAX;
	    word = strtok_r(NULL, " ", &save))
		words[n++] = word;
	words[n] = NULL;
	if (n == 0)
		give_up("--tool", ": no words");
	return words;
}

/* ---- one function an option -------------------------------------- */

static void
set_backend(struct setup *s, const char *value)
{
	s->backend = value;
}

static void
set_reach(struct setup *s, const char *value)
{
	s->reach = value;
}

static void
set_who(struct setup *s, const char *value)
{
	s->whos = bits_of(value, who_names, WHOS);
}

static void
set_mode(struct setup *s, const char *value)
{
	s->modes = bits_of(value, mode_names, MODES);
}

static void
set_kind(struct setup *s, const char *value)
{
	s->kind = value;
	if (kind_find(value) == NULL)
		give_up(value, ": no such kind");
}

static void
set_ending(struct setup *s, const char *value)
{
	s->ending = value;
	if (ending_find(value) == NULL)
		give_up(value, ": no such ending");
}

static void
set_command(struct setup *s, const char *value)
{
	static const char *const names[] = { "hearing", "deaf" };

	s->commands = bits_of(value, names, 2);
}

static void
set_jobs(struct setup *s, const char *value)
{
	s->jobs = number_of(value);
}

static void
set_deadline(struct setup *s, const char *value)
{
	s->deadline_ms = number_of(value);
}

static void
set_settle(struct setup *s, const char *value)
{
	s->settle_ms = number_of(value);
}

static void
set_table(struct setup *s, const char *value)
{
	(void)value;
	s->table = 1;
}

static void
set_threads(struct setup *s, const char *value)
{
	(void)value;
	s->threads = 1;
	s->modes = 1U << MODE_PLAIN;
}

static void
set_tool(struct setup *s, const char *value)
{
	s->tool = words_of(value);
}

static void
set_verbose(struct setup *s, const char *value)
{
	(void)value;
	s->verbose = 1;
}

static void
set_inner_fd(struct setup *s, const char *value)
{
	s->inner_fd = number_of(value);
}

static const struct {
	const char *name;
	const char *value;	/* NULL: takes none */
	const char *about;	/* NULL: not for people */
	void (*set)(struct setup *setup, const char *value);
} table[] = {
	{ "backend", "NAME", "backend of contain to test (pidns)",
	    set_backend },
	{ "reach", "NAME", "its reach, if not the usual one", set_reach },
	{ "who", "LIST", "root, nobody: as whom (both; self if not root)",
	    set_who },
	{ "mode", "LIST", "plain, nested, adopted (all)", set_mode },
	{ "kind", "NAME", "one kind of survivor only", set_kind },
	{ "ending", "NAME", "one ending only", set_ending },
	{ "command", "LIST", "hearing, deaf: the command's nature (both)",
	    set_command },
	{ "jobs", "N", "cells at the same time (8)", set_jobs },
	{ "deadline", "MS", "for contain to return (5000; a tool 1000)",
	    set_deadline },
	{ "settle", "MS", "before survivors count as such (500)", set_settle },
	{ "table", NULL, "tables for people instead of TAP", set_table },
	{ "threads", NULL, "a host with threads and other groups in place of "
	    "contain", set_threads },
	{ "tool", "WORDS", "a peer instead of contain: only its survivors "
	    "are judged", set_tool },
	{ "verbose", NULL, "a line for each cell", set_verbose },
	{ "help", NULL, "this text", show_usage },
	{ "inner-fd", "N", NULL, set_inner_fd }
};

enum { OPTIONS = sizeof(table) / sizeof(table[0]) };

static void
show_usage(struct setup *s, const char *value)
{
	char left[32];
	size_t i;

	(void)s;
	(void)value;
	printf("usage: conformance [OPTION]...\n");
	for (i = 0; i < OPTIONS; i++) {
		if (table[i].about == NULL)
			continue;
		snprintf(left, sizeof(left), "--%s%s%s", table[i].name,
		    table[i].value != NULL ? "=" : "",
		    table[i].value != NULL ? table[i].value : "");
		printf("  %-18s %s\n", left, table[i].about);
	}
	printf("kinds:  ");
	for (i = 0; i < KINDS; i++)
		printf(" %s", kinds[i].name);
	printf("\nendings:");
	for (i = 0; i < endings_count(); i++)
		printf(" %s", endings[i].name);
	printf("\n");
	exit(0);
}

/* ---- all of them ------------------------------------------------- */

static void
set_defaults(struct setup *s)
{
	if (s->reach == NULL)
		s->reach = expected_reach(s->backend);
	if (s->reach == NULL)
		give_up(s->backend, ": no such backend");
	if (s->deadline_ms == 0)
		s->deadline_ms = s->tool != NULL ? 1000 : 5000;
	if (s->tool != NULL)
		s->modes = 1U << MODE_PLAIN;
	if (geteuid() != 0 && s->inner_fd == -1)
		s->whos = 1U << WHO_SELF;
}

void
options_parse(struct setup *s, int argc, char **argv)
{
	struct option options[OPTIONS + 1];
	int i;

	memset(options, 0, sizeof(options));
	for (i = 0; i < OPTIONS; i++) {
		options[i].name = table[i].name;
		options[i].has_arg = table[i].value != NULL ?
		    required_argument : no_argument;
		options[i].val = 256 + i;
	}
	while ((i = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (i < 256)
			give_up("bad usage", "");
		table[i - 256].set(s, optarg);
	}
	if (optind < argc)
		give_up(argv[optind], ": no arguments are taken");
	set_defaults(s);
}
