/* test_signame.c: SIGNAL, as timeout(1) and kill(1) read it */
#include "config.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "unit.h"

static void
check(const char *text, int wanted)
{
	int number = cli_signame_parse(text);

	if (number != wanted)
		fail_msg("\"%s\" is %d, not %d", text, number, wanted);
}

static void
names(void **state)
{
	(void)state;
	check("TERM", SIGTERM);
	check("SIGTERM", SIGTERM);
	check("term", SIGTERM);
	check("sigterm", SIGTERM);
	check("SigTerm", SIGTERM);
	check("KILL", SIGKILL);
	check("HUP", SIGHUP);
	check("STOP", SIGSTOP);
	check("WINCH", SIGWINCH);
	check("EXIT", 0);
	check("ABRT", SIGABRT);
	check("IOT", SIGABRT);
	check("CHLD", SIGCHLD);
}

static void
numbers(void **state)
{
	(void)state;
	check("0", 0);
	check("1", SIGHUP);
	check("9", SIGKILL);
	check("15", SIGTERM);
	check("015", SIGTERM);
	check("143", SIGTERM);	/* a shell's $? */
	check("265", SIGKILL);	/* ksh's */
	check("393", -1);	/* 137 of a byte, not 9 of seven bits */
	check("128", 0);
	check("SIG9", SIGKILL);
	check("SIG143", -1);	/* no exit status with that before it */
}

static void
refuses(void **state)
{
	static const char *const texts[] = { "", "SIG", "TERMX", "XTERM", "-1",
		"-9", "+9", "15x", "1.5", " 15", "127", "99999999999999999999",
		"SIGSIGTERM", "RTMIN-1", "RTMAX+1", "RTMIN+", "RTMAX-",
		"RTMIN+x", "RTMIN+1x", "RTMIN+-1", "RTMIN+99", "RTMAX-99",
		"RTMINX" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		check(texts[i], -1);
}

#ifdef SIGRTMIN
static void
realtime(void **state)
{
	char text[32];

	(void)state;
	check("RTMIN", SIGRTMIN);
	check("SIGRTMIN", SIGRTMIN);
	check("rtmin+1", SIGRTMIN + 1);
	check("SIGRTMIN+3", SIGRTMIN + 3);
	check("RTMIN+0", SIGRTMIN);
	check("RTMAX", SIGRTMAX);
	check("RTMAX-2", SIGRTMAX - 2);
	check("SIGRTMAX-0", SIGRTMAX);
	snprintf(text, sizeof(text), "RTMIN+%d", SIGRTMAX - SIGRTMIN);
	check(text, SIGRTMAX);
	snprintf(text, sizeof(text), "RTMIN+%d", SIGRTMAX - SIGRTMIN + 1);
	check(text, -1);
	snprintf(text, sizeof(text), "RTMAX-%d", SIGRTMAX - SIGRTMIN);
	check(text, SIGRTMIN);
	snprintf(text, sizeof(text), "%d", SIGRTMIN + 1);
	check(text, SIGRTMIN + 1);
	cli_signame_format(SIGRTMIN, text, sizeof(text));
	assert_string_equal(text, "SIGRTMIN+0");
	cli_signame_format(SIGRTMIN + 3, text, sizeof(text));
	assert_string_equal(text, "SIGRTMIN+3");
	cli_signame_format(SIGRTMAX, text, sizeof(text));
	assert_string_equal(text, "SIGRTMAX-0");
	cli_signame_format(SIGRTMAX - 1, text, sizeof(text));
	assert_string_equal(text, "SIGRTMAX-1");
}
#else
static void
realtime(void **state)
{
	(void)state;
	SKIP_BECAUSE("no real-time signals here");
}
#endif

static void
format(void **state)
{
	char text[32];

	(void)state;
	cli_signame_format(SIGTERM, text, sizeof(text));
	assert_string_equal(text, "SIGTERM");
	cli_signame_format(SIGABRT, text, sizeof(text));
	assert_string_equal(text, "SIGABRT");
	cli_signame_format(SIGCHLD, text, sizeof(text));
	assert_string_equal(text, "SIGCHLD");
	cli_signame_format(9999, text, sizeof(text));
	assert_string_equal(text, "signal 9999");
	cli_signame_format(-1, text, sizeof(text));
	assert_string_equal(text, "signal -1");
	cli_signame_format(SIGTERM, text, 4);
	assert_string_equal(text, "SIG");
}

/* What is printed can be read: every signal, there and back. */
static void
there_and_back(void **state)
{
	struct sigaction action;
	char text[32];
	int number;

	(void)state;
	for (number = 1; number < NSIG; number++) {
		if (sigaction(number, NULL, &action) == -1)
			continue;	/* none of that number */
		cli_signame_format(number, text, sizeof(text));
		assert_int_equal(strncmp(text, "SIG", 3), 0);
		check(text, number);
		check(text + 3, number);
		snprintf(text, sizeof(text), "%d", number);
		check(text, number);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names),
		cmocka_unit_test(numbers),
		cmocka_unit_test(refuses),
		cmocka_unit_test(realtime),
		cmocka_unit_test(format),
		cmocka_unit_test(there_and_back),
	};

	return cmocka_run_group_tests(tests, unit_setup, NULL) != 0;
}
