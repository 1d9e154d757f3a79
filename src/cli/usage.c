/* usage.c: --help and --version */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "cli.h"

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

static int
flush_output(const char *option)
{
	if (fflush(stdout) != 0 || ferror(stdout))
		cli_fail("%s: cannot write to standard output", option);
	return 0;
}

int
cli_usage_print(void)
{
	const struct cli_option *option;
	char text[64];

	puts("Usage: contain [OPTIONS] [--] COMMAND [ARG...]\n"
	    "When COMMAND ends, or contain does, all that it started is "
	    "gone.\n");
	for (option = cli_options; option->name != NULL; option++) {
		format_option(option, text, sizeof(text));
		printf("  %-32s %s\n", text, option->help);
	}
	puts("\nDURATION: 10, 1.5s, 200ms, 2m, 1h, 1d.  contain(1) has the "
	    "rest.");
	return flush_output("--help");
}

int
cli_usage_version(void)
{
	printf("contain %s\n", contain_version());
	return flush_output("--version");
}
