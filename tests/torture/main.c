/*
 * main.c: torture [OPTION...]: the rows of the table, and the table.
 *
 * A row is a scenario, a user and what is done; its runs are made by one worker
 * after the other, several rows at once.
 *
 *	--stride=N		every N-th run of each row only
 *	--faults, --kills	only these
 *	--scenario=NAME, --who=root|nobody	only these
 *	--call=NAME		only failures of this call; may be repeated
 *	--jobs=N		rows at once
 *	--table			a table for people instead of TAP
 *
 * A run that went wrong is told at once, as a comment.
 */
#include "config.h"

#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <errno.h>
#include <getopt.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "torture.h"

enum kind { KIND_FAULTS, KIND_PERSISTENT, KIND_KILLS, KINDS };

static const char *const kind_names[KINDS] = { "a call fails", "it fails ever",
	"killed" };

struct row {
	size_t scenario;
	int as_nobody;
	enum kind kind;
	atomic_uint tried;
	atomic_uint verdicts[VERDICTS];
	char skipped[160];
};

enum { ROWS_MAX = 256, FAULTS_SHOWN = 30, WANTED_MAX = 8 };

struct board {
	atomic_uint next;
	unsigned count;
	struct row rows[ROWS_MAX];
};

static struct options {
	int stride;		/* every so manieth run */
	int kinds;		/* bits */
	int whos;		/* bits: root, nobody */
	const char *scenario;
	const char *wanted[WANTED_MAX + 1];	/* calls; none: all */
	int jobs;
	int is_table;
} options = { 1, (1 << KINDS) - 1, 3, NULL, { NULL }, 2, 0 };

static char stage[256];
static struct board *board;

/* What a worker needs; it handles one row. */
struct worker {
	struct world world;
	struct row *row;
	const struct scenario *scenario;
	struct trace baseline, trace;
	unsigned counter, shown;
};

/* ---- runs ------------------------------------------------------------ */

static const char *
errno_word(int errnum)
{
	return errnum == ERRNO_SHORT ? "short" :
	    errnum == 0 ? "" : strerror(errnum);
}

static void
show_fault(struct worker *worker, const struct plan *plan, const char *why)
{
	char line[1024];
	int n;

	if (worker->shown++ >= FAULTS_SHOWN)
		return;
	n = snprintf(line, sizeof(line),
	    "# %s %s: %s %s at %s %u %s: %.600s%s",
	    worker->scenario->name, worker->row->as_nobody ? "nobody" : "self",
	    deed_names[plan->deed], role_names[plan->role],
	    plan->call == -1 ? "call" : call_name(plan->call), plan->nth,
	    errno_word(plan->errnum), why,
	    strchr(why, '\n') == NULL ? "\n" : "");
	if (write(STDOUT_FILENO, line, (size_t)n) == -1)
		return;
}

static void
try(struct worker *worker, const struct plan *plan)
{
	struct row *row = worker->row;
	enum verdict verdict;
	char why[1024] = "";

	if (worker->counter++ % (unsigned)options.stride != 0)
		return;
	verdict = judge_run(&worker->world, worker->scenario, plan,
	    &worker->trace, why, sizeof(why));
	if (!worker->trace.was_done && verdict != VERDICT_FAULT)
		return;		/* this time it did not come to that */
	row->tried++;
	row->verdicts[verdict]++;
	if (verdict == VERDICT_FAULT)
		show_fault(worker, plan, why);
}

/* How many of the first n calls of a role are this one. */
static unsigned
occurrence(const struct trace *trace, int role, unsigned n)
{
	unsigned count = 0, i;

	for (i = 0; i <= n; i++)
		count += trace->calls[role][i] == trace->calls[role][n];
	return count;
}

static unsigned
find_call(const struct trace *trace, int role, long call, unsigned from)
{
	while (from < trace->count[role] && trace->calls[role][from] != call)
		from++;
	return from;
}

/* What the C library does before main is not ours, nor what host.c does to look
 * around, before one sched_yield and after another. */
static void
find_ours(const struct trace *trace, int role, unsigned *first, unsigned *end)
{
	*first = 0;
	*end = trace->count[role];
	if (role != ROLE_HOST)
		return;
	*first = find_call(trace, role, SYS_sched_yield, 0) + 1;
	if (*first < *end)
		*end = find_call(trace, role, SYS_sched_yield, *first);
	else
		*first = find_call(trace, role, SYS_rt_sigprocmask, 0);
}

/* What passes by itself cannot be for ever; to wait for a few descriptors takes
 * no memory, for longer than a moment. */
static int
lasts(long call, int errnum)
{
	return errnum != EINTR && errnum != EAGAIN && errnum != ERRNO_SHORT &&
	    call != SYS_ppoll;
}

/* The warden writes to nothing but the maps of ids, which take all or nothing and
 * do not wait. */
static int
is_possible(const struct plan *plan)
{
	return (plan->errnum != ERRNO_SHORT && plan->errnum != EINTR) ||
	    plan->role != ROLE_WARDEN || plan->call != SYS_write;
}

static int
is_wanted(long call)
{
	const char *const *name;

	for (name = options.wanted; *name != NULL; name++)
		if (strcmp(*name, call_name(call)) == 0)
			return 1;
	return options.wanted[0] == NULL;
}

static void
fail_call(struct worker *worker, enum deed deed, int role, unsigned n)
{
	const struct trace *base = &worker->baseline;
	long number = base->calls[role][n];
	const struct call *call = call_of(number);
	unsigned nth = occurrence(base, role, n);
	const int *errnum;

	for (errnum = call->errnums; *errnum != 0; errnum++) {
		struct plan plan = { deed, (enum role)role, number, nth,
		    *errnum };

		if ((deed == DEED_FAIL || lasts(number, *errnum)) &&
		    is_possible(&plan) && is_wanted(number))
			try(worker, &plan);
	}
}

static void
fail_all(struct worker *worker, enum deed deed)
{
	unsigned n, end;
	int role;

	for (role = 0; role < ROLES; role++)
		for (find_ours(&worker->baseline, role, &n, &end); n < end;
		    n++)
			fail_call(worker, deed, role, n);
}

static int
fits(const struct scenario *scenario, enum deed deed, int role)
{
	int is_pty = strcmp(scenario->backend, "pty") == 0;

	if (deed == DEED_KILL_BOTH || deed == DEED_FREEZE)
		return !is_pty && role != ROLE_COMMAND &&
		    strstr(scenario->name, "library") == NULL;
	return 1;
}

static void
kill_all(struct worker *worker)
{
	const struct trace *base = &worker->baseline;
	unsigned n;
	int role, deed;

	for (role = 0; role < ROLES; role++)
		for (n = 0; n < base->count[role]; n++)
			for (deed = DEED_KILL; deed < DEEDS; deed++) {
				struct plan plan = { (enum deed)deed,
				    (enum role)role, -1, n + 1, 0 };

				if (fits(worker->scenario, plan.deed, role))
					try(worker, &plan);
			}
}

/* ---- rows ------------------------------------------------------------ */

static int
learn(struct worker *worker)
{
	static const struct plan nothing = { DEED_NONE, ROLE_HOST, -1, 0, 0 };
	char why[1024] = "";
	enum verdict verdict = judge_run(&worker->world, worker->scenario,
	    &nothing, &worker->baseline, why, sizeof(why));

	if (verdict == VERDICT_PASSED)
		return 0;
	show_fault(worker, &nothing, why);
	worker->row->verdicts[VERDICT_FAULT]++;
	return -1;
}

static void
skip(struct worker *worker, const char *why)
{
	snprintf(worker->row->skipped, sizeof(worker->row->skipped), "%s",
	    why);
}

static int
work(void *arg)
{
	struct worker *worker = arg;
	char why[128];

	if (world_furnish(&worker->world, why, sizeof(why)) == -1) {
		skip(worker, why);
		return 1;
	}
	if (!judge_usable(&worker->world, worker->scenario->backend)) {
		skip(worker, "this backend is not usable");
		return 1;
	}
	if (learn(worker) == -1)
		return 1;
	if (worker->baseline.count[ROLE_COMMAND] == 0) {
		skip(worker, "ptrace does not tell system calls here");
		return 1;
	}
	if (worker->row->kind == KIND_KILLS)
		kill_all(worker);
	else
		fail_all(worker, worker->row->kind == KIND_FAULTS ? DEED_FAIL :
		    DEED_FAIL_EVER);
	return 0;
}

static void
run_row(struct row *row)
{
	static struct worker worker;
	char why[128];

	memset(&worker, 0, sizeof(worker));
	worker.row = row;
	worker.scenario = &scenarios[row->scenario];
	worker.world.as_nobody = row->as_nobody;
	memcpy(worker.world.stage, stage, sizeof(stage));
	if (world_run(stage, work, &worker, why, sizeof(why)) == -1)
		snprintf(row->skipped, sizeof(row->skipped), "%s", why);
}

static void
run_rows(void)
{
	unsigned n;
	int i;

	for (i = 0; i < options.jobs; i++) {
		if (fork_patiently() != 0)
			continue;
		while ((n = atomic_fetch_add(&board->next, 1)) <
		    board->count) {
			pid_t pid = fork_patiently();

			if (pid == 0) {
				run_row(&board->rows[n]);
				_exit(0);
			}
			waitpid(pid, NULL, 0);
			if (options.is_table)
				fprintf(stderr, "%u of %u, %u runs\n", n + 1,
				    board->count, board->rows[n].tried);
		}
		_exit(0);
	}
	while (wait(NULL) > 0 || errno == EINTR)
		continue;
}

static void
add_rows(size_t scenario)
{
	struct row *row;
	int kind, who;

	for (who = 0; who < 2; who++) {
		if (!(options.whos & 1 << who) || (who == 1 && geteuid() != 0))
			continue;
		for (kind = 0; kind < KINDS; kind++) {
			if (!(options.kinds & 1 << kind))
				continue;
			row = &board->rows[board->count++];
			row->scenario = scenario;
			row->as_nobody = who;
			row->kind = (enum kind)kind;
		}
	}
}

static void
fill_board(void)
{
	size_t i;

	board = mmap(NULL, sizeof(*board), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (board == MAP_FAILED)
		abort();
	for (i = 0; i < scenarios_count; i++)
		if (options.scenario == NULL ||
		    strcmp(options.scenario, scenarios[i].name) == 0)
			add_rows(i);
}

/* ---- the table ------------------------------------------------------- */

static void
name_row(const struct row *row, char *name, size_t size)
{
	snprintf(name, size, "%s %s: %s", scenarios[row->scenario].name,
	    row->as_nobody ? "nobody" : geteuid() == 0 ? "root" : "user",
	    kind_names[row->kind]);
}

static int
print_tap(unsigned n)
{
	const struct row *row = &board->rows[n];
	unsigned faults = row->verdicts[VERDICT_FAULT];
	int is_good = faults == 0 && (row->tried > 0 || row->skipped[0]);
	char name[64];

	name_row(row, name, sizeof(name));
	printf("%sok %u - %s: %u tried, %u faults%s%s\n",
	    is_good ? "" : "not ", n + 1, name, row->tried, faults,
	    row->skipped[0] != '\0' ? " # SKIP " : "", row->skipped);
	return is_good;
}

static void
print_line(const char *name, unsigned tried, const unsigned verdicts[VERDICTS])
{
	printf("%-36s %6u %6u %6u %6u %6u %6u\n", name, tried, verdicts[0],
	    verdicts[1], verdicts[2], verdicts[3], verdicts[4]);
}

/* One row, or the sum of those of a kind. */
struct sum {
	unsigned tried, verdicts[VERDICTS];
};

static void
add_row(struct sum *sum, const struct row *row)
{
	int v;

	sum->tried += row->tried;
	for (v = 0; v < VERDICTS; v++)
		sum->verdicts[v] += row->verdicts[v];
}

static void
print_table(void)
{
	struct sum one, kinds[KINDS] = { { .tried = 0 } };
	char name[64];
	unsigned n;
	int kind;

	printf("%-36s %6s %6s %6s %6s %6s %6s\n", "", "tried", "passed",
	    "fell", "refus.", "ended", "faults");
	for (n = 0; n < board->count; n++) {
		memset(&one, 0, sizeof(one));
		add_row(&one, &board->rows[n]);
		add_row(&kinds[board->rows[n].kind], &board->rows[n]);
		name_row(&board->rows[n], name, sizeof(name));
		print_line(name, one.tried, one.verdicts);
	}
	for (kind = 0; kind < KINDS; kind++)
		if (options.kinds & 1 << kind) {
			snprintf(name, sizeof(name), "all: %s",
			    kind_names[kind]);
			print_line(name, kinds[kind].tried,
			    kinds[kind].verdicts);
		}
}

static int
report(void)
{
	unsigned n, bad = 0;

	if (options.is_table)
		print_table();
	else
		printf("1..%u\n", board->count);
	for (n = 0; n < board->count; n++) {
		if (!options.is_table)
			bad += !print_tap(n);
		else
			bad += board->rows[n].verdicts[VERDICT_FAULT] > 0;
	}
	return bad > 0;
}

/* ---- options --------------------------------------------------------- */

static void
read_options(int argc, char *argv[])
{
	static const struct option words[] = {
		{ "stride", required_argument, NULL, 'n' },
		{ "faults", no_argument, NULL, 'f' },
		{ "kills", no_argument, NULL, 'k' },
		{ "scenario", required_argument, NULL, 's' },
		{ "who", required_argument, NULL, 'w' },
		{ "call", required_argument, NULL, 'c' },
		{ "jobs", required_argument, NULL, 'j' },
		{ "table", no_argument, NULL, 't' },
		{ NULL, 0, NULL, 0 }
	};
	int c, wanted = 0;

	while ((c = getopt_long(argc, argv, "", words, NULL)) != -1) {
		if (c == 'n')
			options.stride = atoi(optarg);
		else if (c == 'f')
			options.kinds = 1 << KIND_FAULTS | 1 << KIND_PERSISTENT;
		else if (c == 'k')
			options.kinds = 1 << KIND_KILLS;
		else if (c == 's')
			options.scenario = optarg;
		else if (c == 'w')
			options.whos = strcmp(optarg, "nobody") == 0 ? 2 : 1;
		else if (c == 'c' && wanted < WANTED_MAX)
			options.wanted[wanted++] = optarg;
		else if (c == 'j')
			options.jobs = atoi(optarg);
		else if (c == 't')
			options.is_table = 1;
		else
			exit(2);
	}
}

int
main(int argc, char *argv[])
{
	const char *tmp = getenv("TMPDIR");
	int status;

	setvbuf(stdout, NULL, _IOLBF, 0);
	read_options(argc, argv);
	snprintf(stage, sizeof(stage), "%s/torture.XXXXXX",
	    tmp != NULL ? tmp : "/tmp");
	if (mkdtemp(stage) == NULL) {
		perror(stage);
		return 99;
	}
	fill_board();
	run_rows();
	status = report();
	rmdir(stage);
	return status;
}
