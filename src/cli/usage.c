/* usage.c: --help and --version */
#include "config.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"

/* Where what an option does starts, where its half of a line ends, and where
 * that is in half a line. */
#define WIDTH		30
#define COLUMN		40
#define SHARED_WIDTH	22

/* "-t, --timeout=DURATION" */
static void
format_option(const struct cli_option *option, char *text, size_t size)
{
	char letter[8] = "    ";
	const char *argument = option->argument;

	if (option->letter != 0)
		snprintf(letter, sizeof(letter), "-%c, ", option->letter);
	snprintf(text, size, "%s--%s%s%s", letter, option->name,
	    argument != NULL && argument[0] != '[' ? "=" : "",
	    argument != NULL ? argument : "");
}

/* The option and what it does, in columns that start at width. */
static void
format_line(const struct cli_option *option, int width, char *line, size_t size)
{
	char text[64];

	format_option(option, text, sizeof(text));
	snprintf(line, size, "  %-*s %s", width, text, option->help);
}

/* All options fit a terminal's 24 lines if those that are short enough share
 * one; what a program reads has one a line.  Returns how many were printed. */
static int
print_line(const struct cli_option *option, int shares)
{
	char line[160], left[160], right[160];

	if (shares && option[1].name != NULL) {
		format_line(option, SHARED_WIDTH, left, sizeof(left));
		format_line(option + 1, SHARED_WIDTH, right, sizeof(right));
		if (strlen(left) <= COLUMN && strlen(right) < COLUMN) {
			printf("%-*s%s\n", COLUMN, left, right);
			return 2;
		}
	}
	format_line(option, WIDTH, line, sizeof(line));
	puts(line);
	return 1;
}

int
cli_usage_print(void)
{
	const struct cli_option *option = cli_options;
	int shares = isatty(STDOUT_FILENO);

	puts("Usage: contain [OPTIONS] [--] COMMAND [ARG...]\n"
	    "When COMMAND ends, or contain does, all that it started is "
	    "gone.");
	while (option->name != NULL)
		option += print_line(option, shares);
	puts("DURATION: 10, 1.5s, 200ms, 2m, 1h, 1d.  contain(1) has the "
	    "rest.");
	cli_flush("--help");
	return 0;
}

int
cli_usage_version(void)
{
	printf("contain %s\n", contain_version());
	cli_flush("--version");
	return 0;
}
