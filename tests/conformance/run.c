/*
 * run.c: all cells of a run, by several workers at once.
 *
 * The board is a memfd and not an anonymous mapping, so that in nested mode
 * the driver that runs inside another contain can write to it as well:
 *
 *	driver ── contain ── driver --inner-fd ── workers ── contain ── ...
 */
#include "config.h"

#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conformance.h"

static size_t
board_size(void)
{
	return sizeof(struct board) + cells_count() * sizeof(struct outcome);
}

static struct board *
board_map(int fd)
{
	struct board *board = mmap(NULL, board_size(), PROT_READ | PROT_WRITE,
	    MAP_SHARED, fd, 0);

	return board == MAP_FAILED ? NULL : board;
}

void
run_free(struct board *board)
{
	munmap(board, board_size());
}

static _Noreturn void
work(const struct setup *s, struct run run, struct board *board)
{
	unsigned n;

	/* what contain leaves behind, and contain when its parent dies */
	prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	while ((n = atomic_fetch_add(&board->next, 1)) < cells_count())
		if (cell_wanted(s, run, n))
			cell_run(s, run, n, &board->outcome[n]);
	_exit(0);
}

static void
run_workers(const struct setup *s, struct run run, struct board *board)
{
	int i;

	for (i = 0; i < s->jobs; i++)
		if (fork() == 0)
			work(s, run, board);
	while (wait(NULL) > 0 || errno == EINTR)
		continue;
}

/* ---- inside another contain -------------------------------------- */

enum {
	ARGS_MAX = 64,
	NESTED_MS = 300000	/* the cells have deadlines of their own */
};

/* The driver's own command line again, the last of two options counts. */
static _Noreturn void
exec_inner(const struct setup *s, enum who who, int fd)
{
	char backend[64], inner[64], name[64], *argv[ARGS_MAX];
	size_t n = 0, i;

	snprintf(backend, sizeof(backend), "--backend=%s", s->backend);
	snprintf(inner, sizeof(inner), "--inner-fd=%d", fd);
	snprintf(name, sizeof(name), "--who=%s", who_names[who]);
	argv[n++] = s->contain;
	argv[n++] = backend;
	argv[n++] = strdup("--");
	argv[n++] = s->self;
	for (i = 1; s->argv[i] != NULL && n < ARGS_MAX - 3; i++)
		argv[n++] = s->argv[i];
	argv[n++] = name;
	argv[n++] = inner;
	argv[n] = NULL;
	if (fcntl(fd, F_SETFD, 0) == 0 && launch_become(who) == 0)
		execv(argv[0], argv);
	fprintf(stderr, "# %s: %s\n", argv[0], strerror(errno));
	_exit(126);
}

static void
run_nested(const struct setup *s, enum who who, int fd)
{
	pid_t pid = fork();
	int pidfd, status = 0;

	if (pid == 0)
		exec_inner(s, who, fd);
	pidfd = pidfd_of(pid);
	if (!deadline_await(pidfd, deadline_after(NESTED_MS)))
		pidfd_kill(pidfd);
	close(pidfd);
	if (waitpid(pid, &status, 0) == pid && status != 0)
		fprintf(stderr, "# the contain outside: status %#x\n", status);
}

int
run_inner(const struct setup *s)
{
	struct run run = { WHO_ROOT, MODE_NESTED };
	struct board *board = board_map(s->inner_fd);

	if (board == NULL)
		return 1;
	fcntl(s->inner_fd, F_SETFD, FD_CLOEXEC);
	/* whoever was to become nobody has done so outside */
	if (geteuid() != 0)
		run.who = WHO_SELF;
	run_workers(s, run, board);
	return 0;
}

/* ---- can it be run? ---------------------------------------------- */

static _Noreturn void
exec_probe(const struct setup *s, enum who who, int verdict, int errors)
{
	char backend[64];

	snprintf(backend, sizeof(backend), "--backend=%s", s->backend);
	dup2(verdict, STDOUT_FILENO);
	dup2(errors, STDERR_FILENO);
	if (launch_become(who) == -1) {
		dprintf(STDOUT_FILENO, "cannot become nobody: %s\n",
		    strerror(errno));
		_exit(1);
	}
	execl(s->contain, s->contain, backend, "--probe", (char *)NULL);
	perror(s->contain);
	_exit(126);
}

/* The first that is not empty, nor a ruler as the sanitizers draw them; returns
 * whether there is any. */
static int
first_line(int fd, char *text, size_t size)
{
	char all[512];
	ssize_t n = pread(fd, all, sizeof(all) - 1, 0);
	const char *line;

	all[n > 0 ? n : 0] = '\0';
	line = all + strspn(all, "\n=");
	snprintf(text, size, "%.*s", (int)strcspn(line, "\n"), line);
	return n > 0;
}

/* The probe's way to say no is to exit 1 and to write to stdout only;
 * everything else that is not 0 is a failure of contain. */
static enum chance
read_probe(int status, int verdict, int errors, char *why, size_t size)
{
	if (first_line(errors, why, size))
		return CHANCE_UNKNOWN;
	first_line(verdict, why, size);
	if (status == 0)
		return CHANCE_GOOD;
	return WIFEXITED(status) && WEXITSTATUS(status) == 1 ? CHANCE_NONE :
	    CHANCE_UNKNOWN;
}

enum chance
run_chance(const struct setup *s, enum who who, char *why, size_t size)
{
	int verdict = memfd_create("verdict", MFD_CLOEXEC);
	int errors = memfd_create("errors", MFD_CLOEXEC);
	int status = -1;
	enum chance chance = CHANCE_GOOD;
	pid_t pid;

	if (s->tool == NULL) {
		if ((pid = fork()) == 0)
			exec_probe(s, who, verdict, errors);
		if (pid > 0)
			waitpid(pid, &status, 0);
		chance = read_probe(status, verdict, errors, why, size);
	}
	close(verdict);
	close(errors);
	return chance;
}

struct board *
run_cells(const struct setup *s, struct run run)
{
	int fd = memfd_create("board", MFD_CLOEXEC);
	struct board *board;

	if (fd == -1 || ftruncate(fd, (off_t)board_size()) == -1 ||
	    (board = board_map(fd)) == NULL)
		return NULL;
	if (run.mode == MODE_NESTED)
		run_nested(s, run.who, fd);
	else
		run_workers(s, run, board);
	close(fd);
	return board;
}
