/* options.c: any command line; words end with a newline */
#include "config.h"

#include <getopt.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "fuzz.h"

enum { WORDS_MAX = 64 };

static jmp_buf complained;

/* In place of say.c. */
void
cli_say_open(void)
{
}

int
cli_say_fd(void)
{
	return -1;
}

static void
format_one_line(const char *format, va_list args)
{
	char line[4096];
	int n = vsnprintf(line, sizeof(line), format, args);

	FUZZ_HOLDS(n > 0);
}

void
cli_say(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	format_one_line(format, args);
	va_end(args);
}

_Noreturn void
cli_fail(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	format_one_line(format, args);
	va_end(args);
	longjmp(complained, 1);
}

static int
split(char *text, char *argv[])
{
	static char name[] = "contain";
	int argc = 0;

	argv[argc++] = name;
	for (text = strtok(text, "\n"); text != NULL && argc < WORDS_MAX;
	    text = strtok(NULL, "\n"))
		argv[argc++] = text;
	argv[argc] = NULL;
	return argc;
}

static void
read_words(struct cli *cli, char *text)
{
	char *argv[WORDS_MAX + 1];
	int argc = split(text, argv);

	optind = 0;		/* getopt_long(3): start again */
	if (setjmp(complained) != 0)
		return;
	cli_options_read(cli, argc, argv);
	FUZZ_HOLDS(cli->command >= argv && cli->command <= argv + argc);
	FUZZ_HOLDS(cli->watch_count <= CLI_WATCHES_MAX);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);
	struct cli cli;

	if (text == NULL)
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	memset(&cli, 0, sizeof(cli));
	cli.report_fd = -1;
	cli.options = contain_options_new();
	if (cli.options != NULL)
		read_words(&cli, text);
	contain_options_free(cli.options);
	free(cli.watches);
	free(text);
	return 0;
}
