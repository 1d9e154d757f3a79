/* test_pty_reason.c: in words, why a terminal cannot be had */
#include "config.h"

#include <errno.h>
#include <string.h>

#include "pty.h"
#include "unit.h"

static const struct {
	const char *step;
	int errnum;
	const char *reason;	/* a part of it */
	const char *remedy;
} cases[] = {
	{ "posix_openpt", ENOENT, "no /dev/ptmx", "mount devpts" },
	{ "posix_openpt", ENODEV, "no devpts", "mount -t devpts" },
	{ "posix_openpt", EACCES, "may not be opened", "ptmxmode=666" },
	{ "posix_openpt", ENOSPC, "no terminal is free", "raise it" },
	{ "posix_openpt", EAGAIN, "kernel.pty.max", "raise it" },
	{ "posix_openpt", EMFILE, "limit of open files", "ulimit -n" },
	{ "posix_openpt", ENFILE, "system's limit of open files", "" },
	{ "open slave", ENOENT, "/dev/pts is not", "mount devpts" },
	{ "setsid", EPERM, "forbids new sessions", "" },
	{ "adoption of orphans", ENOSYS, "adopt", "" },
	{ "adoption of orphans", EINVAL, "adopt", "" },
	{ "fork", EAGAIN, "limit of processes", "ulimit -u" },
	{ "fork", ENOMEM, "no memory", "" },
	{ "mmap", ENOMEM, "no memory", "" },
	{ "TIOCSCTTY", EPERM, "refused this step", "" },
	{ "setsid", EIO, "refused this step", "" },
};

static void
each_case(void **state)
{
	struct contain_verdict verdict;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		memset(&verdict, 'x', sizeof(verdict));
		ctn_pty_explain(cases[i].step, cases[i].errnum, &verdict);
		assert_non_null(strstr(verdict.reason, cases[i].reason));
		assert_non_null(strstr(verdict.remedy, cases[i].remedy));
		if (cases[i].remedy[0] == '\0')
			assert_string_equal(verdict.remedy, "");
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(each_case) };

	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
