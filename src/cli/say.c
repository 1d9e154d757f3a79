/* say.c: contain's own messages, on a standard error of its own */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"

static int say_fd = STDERR_FILENO;

/* Above 2, so that nothing of ours is in the place of a closed descriptor.
 * Where there is no room for one more, that has to be said, too. */
void
cli_say_open(void)
{
	say_fd = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
	if (say_fd == -1 && errno != EBADF)
		say_fd = STDERR_FILENO;
}

int
cli_say_fd(void)
{
	return say_fd;
}

/* What the user typed may be in it: one line, and nothing that a terminal
 * obeys. */
static void
make_harmless(char *text, size_t length)
{
	size_t i;

	for (i = 0; i < length; i++)
		if ((unsigned char)text[i] < ' ' || text[i] == 0x7f)
			text[i] = '?';
}

/* A reader that has gone away is none of our business: SIGPIPE is blocked. */
static void say(const char *format, va_list args)
    __attribute__((format(printf, 1, 0)));

static void
say(const char *format, va_list args)
{
	char line[2048] = "contain: ";
	size_t used = strlen(line);
	int n;

	n = vsnprintf(line + used, sizeof(line) - used - 1, format, args);
	if (n < 0)
		return;
	used += (size_t)n;
	if (used > sizeof(line) - 2)
		used = sizeof(line) - 2;
	make_harmless(line, used);
	line[used++] = '\n';
	if (write(say_fd, line, used) == -1)
		return;
}

void
cli_say(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(format, args);
	va_end(args);
}

_Noreturn void
cli_fail(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(format, args);
	va_end(args);
	exit(CLI_EXIT_FAILED);
}

/* A write that failed is not told again by a flush with nothing to write. */
void
cli_flush(const char *option)
{
	if (fflush(stdout) != 0 || ferror(stdout))
		cli_fail("%s: cannot write to standard output", option);
}
