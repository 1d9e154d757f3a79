/* signame.c: signals by name, as timeout(1) and kill(1) read them */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cli.h"
#include "os/os.h"

/* The first name of a number is the one that is printed. */
static const struct {
	const char *name;
	int number;
} names[] = {
	{ "EXIT", 0 },
	{ "HUP", SIGHUP },
	{ "INT", SIGINT },
	{ "QUIT", SIGQUIT },
	{ "ILL", SIGILL },
	{ "TRAP", SIGTRAP },
	{ "ABRT", SIGABRT },
	{ "BUS", SIGBUS },
	{ "FPE", SIGFPE },
	{ "KILL", SIGKILL },
	{ "USR1", SIGUSR1 },
	{ "SEGV", SIGSEGV },
	{ "USR2", SIGUSR2 },
	{ "PIPE", SIGPIPE },
	{ "ALRM", SIGALRM },
	{ "TERM", SIGTERM },
	{ "CHLD", SIGCHLD },
	{ "CONT", SIGCONT },
	{ "STOP", SIGSTOP },
	{ "TSTP", SIGTSTP },
	{ "TTIN", SIGTTIN },
	{ "TTOU", SIGTTOU },
	{ "URG", SIGURG },
	{ "XCPU", SIGXCPU },
	{ "XFSZ", SIGXFSZ },
	{ "VTALRM", SIGVTALRM },
	{ "PROF", SIGPROF },
	{ "SYS", SIGSYS },
#ifdef SIGWINCH
	{ "WINCH", SIGWINCH },
#endif
#ifdef SIGIO
	{ "IO", SIGIO },
#endif
#ifdef SIGPOLL
	{ "POLL", SIGPOLL },
#endif
#ifdef SIGPWR
	{ "PWR", SIGPWR },
#endif
#ifdef SIGSTKFLT
	{ "STKFLT", SIGSTKFLT },
#endif
#ifdef SIGEMT
	{ "EMT", SIGEMT },
#endif
#ifdef SIGINFO
	{ "INFO", SIGINFO },
#endif
#ifdef SIGTHR
	{ "THR", SIGTHR },
#endif
	{ "IOT", SIGABRT },
	{ "CLD", SIGCHLD },
};

#define COUNT (sizeof(names) / sizeof(names[0]))

static const char *
name_of(int number)
{
	size_t i;

	for (i = 0; i < COUNT; i++)
		if (names[i].number == number)
			return names[i].name;
	return NULL;
}

#ifdef CTN_SIGRTMIN
static int
is_realtime(int number)
{
	return number >= CTN_SIGRTMIN && number <= SIGRTMAX;
}

/* RTMIN, RTMIN+n or RTMINn, RTMAX, RTMAX-n. */
static int
parse_realtime(const char *name)
{
	int is_max = strncasecmp(name, "RTMAX", 5) == 0;
	long offset = 0;
	char *end;

	if (!is_max && strncasecmp(name, "RTMIN", 5) != 0)
		return -1;
	if (name[5] != '\0') {
		errno = 0;
		offset = strtol(name + 5, &end, 10);
		if (*end != '\0' || errno != 0)
			return -1;
	}
	if (is_max)
		offset += SIGRTMAX - CTN_SIGRTMIN;
	if (offset < 0 || offset > SIGRTMAX - CTN_SIGRTMIN)
		return -1;
	return CTN_SIGRTMIN + (int)offset;
}

static void
format_realtime(int number, char *text, size_t size)
{
	if (number - CTN_SIGRTMIN <= SIGRTMAX - number)
		snprintf(text, size, "SIGRTMIN+%d", number - CTN_SIGRTMIN);
	else
		snprintf(text, size, "SIGRTMAX-%d", SIGRTMAX - number);
}
#else
static int
is_realtime(int number)
{
	(void)number;
	return 0;
}

static int
parse_realtime(const char *name)
{
	(void)name;
	return -1;
}

static void
format_realtime(int number, char *text, size_t size)
{
	snprintf(text, size, "signal %d", number);
}
#endif

/* By itself a number may also be an exit status: 143 is TERM, as kill(1) has
 * it. */
static int
parse_number(const char *text, int is_bare)
{
	long number;
	char *end;

	errno = 0;
	number = strtol(text, &end, 10);
	if (*end != '\0' || errno != 0 || number > INT32_MAX)
		return -1;
	if (is_bare)
		number &= number >= 0xff ? 0xff : 0x7f;
	if (name_of((int)number) == NULL && !is_realtime((int)number))
		return -1;
	return (int)number;
}

int
cli_signame_parse(const char *text)
{
	int is_bare = strncasecmp(text, "SIG", 3) != 0;
	size_t i;

	if (!is_bare)
		text += 3;
	if (*text >= '0' && *text <= '9')
		return parse_number(text, is_bare);
	for (i = 0; i < COUNT; i++)
		if (strcasecmp(text, names[i].name) == 0)
			return names[i].number;
	return parse_realtime(text);
}

void
cli_signame_format(int signum, char *text, size_t size)
{
	const char *name = name_of(signum);

	if (name != NULL)
		snprintf(text, size, "SIG%s", name);
	else if (is_realtime(signum))
		format_realtime(signum, text, size);
	else
		snprintf(text, size, "signal %d", signum);
}
