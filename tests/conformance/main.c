/*
 * main.c: the conformance driver: every kind of survivor, in every ending,
 * counted.
 *
 * The environment says where things are, as make check sets it: CONTAIN is the
 * program, TESTDIR/helpers/survivor the helper.
 */
#include "config.h"

#include <sys/sendfile.h>
#include <sys/stat.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conformance.h"

static char stage[256];		/* where world.c puts an empty directory */
static char no_contain[] = "-";

/* ---- programs where anybody can execute them ---------------------- */

static int
copy_program(const char *from, const char *to)
{
	int in = open(from, O_RDONLY | O_CLOEXEC);
	int out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0755);
	ssize_t n = in == -1 || out == -1 ? -1 : 1;

	while (n > 0)
		n = sendfile(out, in, NULL, 1 << 20);
	if (in != -1)
		close(in);
	if (out != -1 && fchmod(out, 0755) | close(out))
		n = -1;
	if (n == -1)
		fprintf(stderr, "conformance: copying %s: %s\n", from,
		    strerror(errno));
	return (int)n;
}

static char *
join(const char *directory, const char *name)
{
	char *path;

	if (asprintf(&path, "%s/%s", directory, name) == -1)
		give_up("no memory", "");
	return path;
}

static int
fill_stage(struct setup *s)
{
	char *helpers = join(stage, "helpers");
	char *contain = join(stage, "contain");
	char *survivor = join(stage, "helpers/survivor");
	char *self = join(stage, "conformance");
	char *host = join(stage, "host");

	if (mkdir(helpers, 0755) == -1 || chmod(helpers, 0755) == -1 ||
	    copy_program(s->survivor, survivor) == -1 ||
	    copy_program("/proc/self/exe", self) == -1)
		return -1;
	if (strcmp(s->contain, "-") != 0 &&
	    copy_program(s->contain, contain) == -1)
		return -1;
	s->contain = strcmp(s->contain, "-") != 0 ? contain : s->contain;
	if (s->host != NULL && copy_program(s->host, host) == -1)
		return -1;
	s->host = s->host != NULL ? host : NULL;
	s->survivor = survivor;
	s->self = self;
	/* for the driver that runs inside another contain */
	setenv("CONTAIN", s->contain, 1);
	setenv("TESTDIR", stage, 1);
	free(helpers);
	return 0;
}

/* ---- runs -------------------------------------------------------- */

static void
print_cells(const struct setup *s, struct run run)
{
	struct board *board = run_cells(s, run);

	if (board == NULL) {
		tap_fail(s, run, strerror(errno));
		return;
	}
	if (s->table)
		table_run(s, run, board);
	else
		tap_run(s, run, board);
	run_free(board);
}

static void
print_run(const struct setup *s, struct run run)
{
	char why[256];

	switch (run_chance(s, run.who, why, sizeof(why))) {
	case CHANCE_GOOD:
		print_cells(s, run);
		break;
	case CHANCE_NONE:
		tap_skip(s, run, why);
		break;
	case CHANCE_UNKNOWN:
		tap_fail(s, run, why);
		break;
	}
}

static int
work(struct setup *s)
{
	struct run run;
	unsigned w, m;

	if (fill_stage(s) == -1)
		return 99;
	for (m = 0; m < MODES; m++) {
		for (w = 0; w < WHOS; w++) {
			run.mode = (enum mode)m;
			run.who = (enum who)w;
			if ((s->whos & 1U << w) && (s->modes & 1U << m))
				print_run(s, run);
		}
	}
	return s->table ? 0 : tap_end();
}

static void
find_programs(struct setup *s)
{
	char *contain = getenv("CONTAIN"), *testdir = getenv("TESTDIR");

	if (testdir == NULL)
		give_up("TESTDIR", " is not set");
	s->survivor = join(testdir, "helpers/survivor");
	if (s->threads)
		s->host = join(testdir, "helpers/threads");
	s->contain = no_contain;
	if (contain != NULL && access(contain, X_OK) == 0)
		s->contain = contain;
	else if (s->tool == NULL)
		give_up("CONTAIN", " is not set to a program");
}

static int
run_in_world(struct setup *s)
{
	const char *tmp = getenv("TMPDIR");
	char why[256];
	int status;

	snprintf(stage, sizeof(stage), "%s/conformance.XXXXXX",
	    tmp != NULL ? tmp : "/tmp");
	if (mkdtemp(stage) == NULL) {
		perror(stage);
		return 99;
	}
	status = world_run(stage, work, s, why, sizeof(why));
	rmdir(stage);
	if (status != -1)
		return status;
	printf("1..0 # SKIP %s\n", why);
	return 0;
}

int
main(int argc, char **argv)
{
	static struct setup s = {
		.backend = "pidns",
		.inner_fd = -1,
		.jobs = 8,
		.settle_ms = 500,
		.whos = 1U << WHO_ROOT | 1U << WHO_NOBODY,
		.modes = (1U << MODES) - 1,
		.commands = 3
	};
	int status;

	s.argv = argv;
	options_parse(&s, argc, argv);
	find_programs(&s);
	status = s.inner_fd != -1 ? run_inner(&s) : run_in_world(&s);
	fflush(stdout);
	/* not exit: the leak sanitizer would fork into a namespace that has
	 * lost its PID 1, which nobody can */
	_exit(status);
}
