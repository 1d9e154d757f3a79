/*
 * cell.c: one cell from start to count.
 *
 *	open		pipes, terminal, file for messages
 *	launch		contain (launch.c)
 *	await_in_place	command and survivors have reported
 *	find		warden and command
 *	strike		the ending
 *	await_end	contain has ended: wait status
 *	judge		count survivors, compare
 *	clean		kill what is left
 */
#include "config.h"

#include <sys/mman.h>
#include <sys/wait.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conformance.h"

enum {
	IN_PLACE_MS = 10000,	/* far more than a busy machine takes */
	STOP_MS = 2000,
	REAP_MS = 10,
	STOPS = 5,
	TIMEOUT_FIRST_MS = 300,	/* for all to be in place before it expires */
	TIMEOUT_LAST_MS = 5000
};

/* ---- numbers ----------------------------------------------------- */

unsigned
cell_number(size_t ending, int deaf, size_t kind)
{
	return (unsigned)((ending * 2 + (deaf != 0)) * KINDS + kind);
}

unsigned
cells_count(void)
{
	return cell_number(endings_count(), 0, 0);
}

const struct kind *
cell_kind(unsigned number)
{
	return &kinds[number % KINDS];
}

int
cell_deaf(unsigned number)
{
	return number / KINDS % 2;
}

const struct ending *
cell_ending(unsigned number)
{
	return &endings[number / KINDS / 2];
}

int
cell_wanted(const struct setup *s, struct run run, unsigned number)
{
	const struct ending *e = cell_ending(number);
	const unsigned ours = ENDING_TIMEOUT | ENDING_LIFELINE_IN |
	    ENDING_LIFELINE_OUT;

	if (run.mode != MODE_PLAIN && !(e->flags & ENDING_MAIN))
		return 0;
	/* PID 1 of a namespace cannot see its parent, let alone watch it */
	if (run.mode == MODE_ADOPTED && (e->flags & ENDING_DIE_WITH_PARENT))
		return 0;
	if (s->tool != NULL && (e->flags & ours))
		return 0;
	if (s->host != NULL && (e->flags & (ENDING_DIE_WITH_PARENT |
	    ENDING_LIFELINE_IN | ENDING_LIFELINE_OUT)))
		return 0;	/* the command's own, not the library's */
	if (s->kind != NULL && strcmp(s->kind, cell_kind(number)->name) != 0)
		return 0;
	if (s->ending != NULL && strcmp(s->ending, e->name) != 0)
		return 0;
	return (s->commands >> cell_deaf(number)) & 1;
}

/* ---- descriptors ------------------------------------------------- */

static void
close_one(int *fd)
{
	if (*fd != -1)
		close(*fd);
	*fd = -1;
}

void
cell_close(struct cell *c, enum end end)
{
	close_one(&c->report[end]);
	close_one(&c->order[end]);
	close_one(&c->lifeline[end]);
	close_one(&c->terminal[end]);
}

/* mine_writes: which end of the pipe stays here. */
static int
open_pipe(int pair[2], int mine_writes)
{
	int fds[2];

	if (pipe2(fds, O_CLOEXEC) == -1)
		return -1;
	pair[END_MINE] = fds[mine_writes];
	pair[END_ITS] = fds[!mine_writes];
	return 0;
}

static int
open_terminal(struct cell *c)
{
	char name[64];
	int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);

	c->terminal[END_MINE] = master;
	if (master == -1 || grantpt(master) == -1 || unlockpt(master) == -1 ||
	    ptsname_r(master, name, sizeof(name)) != 0)
		return -1;
	c->terminal[END_ITS] = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (c->terminal[END_ITS] == -1)
		return -1;
	return c->run.who != WHO_NOBODY ? 0 :
	    fchown(c->terminal[END_ITS], NOBODY, NOBODY);
}

static int
open_all(struct cell *c)
{
	unsigned flags = c->ending->flags;

	if (open_pipe(c->report, 0) == -1 || open_pipe(c->order, 1) == -1)
		return -1;
	if ((flags & ENDING_TERMINAL) && open_terminal(c) == -1)
		return -1;
	if ((flags & ENDING_LIFELINE_IN) && open_pipe(c->lifeline, 1) == -1)
		return -1;
	if ((flags & ENDING_LIFELINE_OUT) && open_pipe(c->lifeline, 0) == -1)
		return -1;
	c->output = memfd_create("messages", MFD_CLOEXEC);
	return c->output == -1 ? -1 : 0;
}

/* ---- saying what is wrong ---------------------------------------- */

/* Adds to the text, with "; " between; only the first word counts as state. */
static void __attribute__((format(printf, 3, 4)))
complain(struct outcome *out, enum state state, const char *format, ...)
{
	size_t used = strlen(out->text);
	va_list ap;

	if (out->state == STATE_PASSED)
		out->state = state;
	if (used > 0 && used < sizeof(out->text) - 3) {
		strcat(out->text, "; ");
		used += 2;
	}
	va_start(ap, format);
	vsnprintf(out->text + used, sizeof(out->text) - used, format, ap);
	va_end(ap);
}

/* What contain itself said helps. */
static void
quote_output(const struct cell *c, struct outcome *out)
{
	char text[120];
	ssize_t n, i;

	n = pread(c->output, text, sizeof(text) - 1, 0);
	if (n <= 0)
		return;
	for (i = 0; i < n; i++)
		if (text[i] == '\n' || text[i] == '\r')
			text[i] = ' ';
	text[n] = '\0';
	complain(out, STATE_FAILED, "it said: %s", text);
}

/* ---- start ------------------------------------------------------- */

enum place { PLACE_TAKEN, PLACE_EARLY, PLACE_IMPOSSIBLE, PLACE_LATE };

/* We are a subreaper, and get what the hopper leaves: a table full of zombies
 * makes each look of contain's so slow that it escapes. */
static void
reap_others(const struct cell *c)
{
	siginfo_t info;

	for (;;) {
		info.si_pid = 0;
		if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) ==
		    -1 || info.si_pid == 0 || info.si_pid == c->host ||
		    info.si_pid == c->parent)
			return;
		waitpid(info.si_pid, NULL, 0);
	}
}

/* As deadline_await. */
static int
await(const struct cell *c, int fd, int64_t deadline)
{
	int64_t soon;

	do {
		soon = deadline_after(REAP_MS);
		if (deadline_await(fd, soon < deadline ? soon : deadline))
			return 1;
		reap_others(c);
	} while (deadline_left_ms(deadline) > 0);
	return 0;
}

/* One report is a byte. */
static enum place
await_report(const struct cell *c, int64_t deadline)
{
	char byte;
	ssize_t n;

	if (!await(c, c->report[END_MINE], deadline))
		return PLACE_LATE;
	n = read(c->report[END_MINE], &byte, 1);
	if (n != 1)
		return PLACE_EARLY;
	return byte == REPORT_IMPOSSIBLE ? PLACE_IMPOSSIBLE : PLACE_TAKEN;
}

/* End-of-file tells that all have ended too early, unless one still holds the
 * pipe: then the deadline does, and for contain's end there is no hurry. */
static enum place
await_in_place(const struct cell *c)
{
	int64_t deadline = deadline_after(IN_PLACE_MS);
	unsigned n = c->kind->reports + 1;	/* and the command */
	enum place place = PLACE_TAKEN;

	while (place == PLACE_TAKEN && n-- > 0)
		place = await_report(c, deadline);
	if (place == PLACE_TAKEN && deadline_await(c->host_fd, 0))
		return PLACE_EARLY;
	return place;
}

static void
refuse(const struct cell *c, enum place place, struct outcome *out)
{
	if (place == PLACE_IMPOSSIBLE) {
		complain(out, STATE_SKIPPED, "not possible here");
		return;
	}
	complain(out, STATE_FAILED, place == PLACE_EARLY ?
	    "contain ended before all were in place" :
	    "never in place");
	quote_output(c, out);
}

static int
find(struct cell *c, struct outcome *out)
{
	c->warden = census_first_child(c->host);
	c->command = census_command(c->tag);
	if (c->warden > 0 && c->command > 0)
		return 0;
	complain(out, c->setup->tool != NULL ? STATE_SKIPPED : STATE_FAILED,
	    "no %s found", c->warden > 0 ? "command" : "warden");
	return -1;
}

/* ---- ending ------------------------------------------------------ */

static pid_t
aim(const struct cell *c, enum target target)
{
	switch (target) {
	case TARGET_COMMAND:
		return c->command;
	case TARGET_HOST:
		return c->host;
	case TARGET_HOST_GROUP:
		return -c->host;
	case TARGET_WARDEN:
		return c->warden;
	case TARGET_PARENT:
		return c->parent;
	default:
		return 0;
	}
}

/* More than once: a warden is continued when the thread that started it ends,
 * which may be only now. */
static int
stop(pid_t pid)
{
	int tries;

	for (tries = 0; tries < STOPS; tries++)
		if (kill(pid, SIGSTOP) == -1 || census_await_stopped(pid,
		    deadline_after(STOP_MS / STOPS)))
			return 1;
	return 0;
}

static int
hit(struct cell *c, const struct blow *blow)
{
	pid_t pid = aim(c, blow->target);
	char order = (char)blow->what;

	switch (blow->target) {
	case TARGET_NONE:
		return 0;
	case TARGET_ORDER:
		return write(c->order[END_MINE], &order, 1) == 1 ? 0 : -1;
	case TARGET_MASTER:
		close_one(&c->terminal[END_MINE]);
		return 0;
	case TARGET_LIFELINE:
		close_one(&c->lifeline[END_MINE]);
		return 0;
	default:
		break;
	}
	if (pid == 0 || kill(pid, blow->what) == -1)
		return -1;
	return blow->what != SIGSTOP || stop(pid) ? 0 : -1;
}

/* The later blows may find their target dead already: that is fine. */
static int
strike(struct cell *c, struct outcome *out)
{
	if (hit(c, &c->ending->blow[0]) == 0) {
		hit(c, &c->ending->blow[1]);
		hit(c, &c->ending->blow[2]);
		return 0;
	}
	complain(out, STATE_FAILED, "the ending cannot be made: %s",
	    strerror(errno));
	return -1;
}

/* ---- the end ----------------------------------------------------- */

/* With its parent gone contain is ours: we are a subreaper. */
static void
reap(struct cell *c)
{
	if (c->parent > 0) {
		kill(c->parent, SIGKILL);
		waitpid(c->parent, NULL, 0);
		c->parent = 0;
	}
	if (c->host > 0)
		waitpid(c->host, &c->status, 0);
	c->host = 0;
}

static int
await_end(struct cell *c, struct outcome *out)
{
	int64_t deadline = deadline_after(c->setup->deadline_ms +
	    (c->ending->flags & ENDING_TIMEOUT ? c->timeout_ms : 0));

	if (!await(c, c->host_fd, deadline)) {
		complain(out, STATE_FAILED, "hangs");
		return -1;
	}
	reap(c);
	return 0;
}

/*
 * Where contain returns by itself, nobody may be alive at that moment.  Where
 * it was killed, the kernel or the warden need a moment; so does a peer whose
 * promise is not that strict.
 */
static size_t
count(const struct cell *c)
{
	int patient = c->setup->tool != NULL || c->expected > 0;
	int64_t ms = patient ? c->setup->settle_ms : c->setup->deadline_ms;

	if (!patient && !(c->ending->flags & ENDING_HOST_KILLED))
		return census_count(c->tag);
	return census_await_none(c->tag, deadline_after(ms));
}

static void
judge_survivors(const struct cell *c, struct outcome *out)
{
	char who[160];

	out->survivors = (unsigned)count(c);
	out->counted = 1;
	if (out->survivors <= c->expected)
		return;
	census_describe(c->tag, who, sizeof(who));
	complain(out, STATE_FAILED, "%u survivors:%s", out->survivors, who);
}

static void
judge_status(const struct cell *c, struct outcome *out)
{
	struct verdict v = ending_verdict(c->ending, c->deaf, c->run.mode);
	char want[48], got[48];

	if (c->setup->tool != NULL || verdict_fits(v, c->status))
		return;
	verdict_describe(v, want, sizeof(want));
	status_describe(c->status, got, sizeof(got));
	complain(out, STATE_FAILED, "contain returned %s, not %s", got, want);
	quote_output(c, out);
}

static void
clean(struct cell *c, struct outcome *out)
{
	if (census_end(c->tag, deadline_after(c->setup->deadline_ms)) > 0)
		complain(out, STATE_FAILED, "survivors cannot be killed");
	if (c->host_fd != -1 && c->host > 0)
		pidfd_kill(c->host_fd);
	reap(c);
	census_reap();
	cell_close(c, END_MINE);
	cell_close(c, END_ITS);
	close_one(&c->output);
	close_one(&c->host_fd);
}

/* ---- all of it --------------------------------------------------- */

static enum place
start(struct cell *c, struct outcome *out)
{
	enum place place;

	if (open_all(c) == -1 || launch(c) == -1 ||
	    (c->host_fd = pidfd_of(c->host)) == -1) {
		complain(out, STATE_FAILED, "start: %s", strerror(errno));
		return PLACE_LATE;
	}
	cell_close(c, END_ITS);
	if ((place = await_in_place(c)) != PLACE_TAKEN)
		refuse(c, place, out);
	return place;
}

static enum place
run_once(struct cell *c, struct outcome *out)
{
	enum place place = start(c, out);
	int ended;

	if (place == PLACE_TAKEN && find(c, out) == -1)
		place = PLACE_EARLY;	/* contain has ended meanwhile */
	else if (place == PLACE_TAKEN && strike(c, out) == 0) {
		ended = await_end(c, out) == 0;
		judge_survivors(c, out);
		if (ended)
			judge_status(c, out);
	}
	clean(c, out);
	return place;
}

/* Without the warden, a host that orphans do not come to finds who carries the
 * mark. */
static const char *
reach_in(const struct setup *s, const struct ending *ending)
{
	if (s->host != NULL && strcmp(ending->name, "kill-w") == 0 &&
	    strcmp(s->reach, "descendants") == 0)
		return "marked";
	return s->reach;
}

static void
cell_init(struct cell *c, const struct setup *s, struct run run, unsigned n)
{
	static unsigned serial;
	int i;

	memset(c, 0, sizeof(*c));
	c->setup = s;
	c->run = run;
	c->kind = cell_kind(n);
	c->ending = cell_ending(n);
	c->deaf = cell_deaf(n);
	c->expected = s->tool != NULL ? 0 :
	    expected(s->backend, reach_in(s, c->ending), c->kind, c->ending,
	    c->deaf);
	snprintf(c->tag, sizeof(c->tag), "TAG-%07d-%05u-%05u.",
	    (int)getpid(), n, serial++);
	for (i = 0; i < 2; i++)
		c->report[i] = c->order[i] = c->lifeline[i] =
		    c->terminal[i] = -1;
	c->output = c->host_fd = -1;
}

static void
outcome_reset(struct outcome *out)
{
	memset(out, 0, sizeof(*out));
	out->state = STATE_PASSED;
}

/* A timeout that expired before all were in place was too short for this
 * machine: try again with a longer one. */
void
cell_run(const struct setup *s, struct run run, unsigned number,
    struct outcome *shared)
{
	int64_t began = deadline_now_ms(), timeout_ms = TIMEOUT_FIRST_MS;
	struct outcome out;
	struct cell c;
	enum place place;

	do {
		outcome_reset(&out);
		cell_init(&c, s, run, number);
		c.timeout_ms = timeout_ms;
		place = run_once(&c, &out);
		timeout_ms *= 4;
	} while (place == PLACE_EARLY && (c.ending->flags & ENDING_TIMEOUT) &&
	    timeout_ms < TIMEOUT_LAST_MS);
	out.elapsed_ms = (unsigned)(deadline_now_ms() - began);
	*shared = out;
}
