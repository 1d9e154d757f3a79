/*
 * conformance.h: what the parts of the conformance driver share.
 *
 * A cell is one kind of survivor (kinds.h) in one ending (endings.c), with a
 * command that hears signals or a deaf one.  A run is all cells for one user
 * in one mode.  Cells of a run are worked off in parallel; their outcomes lie
 * on a board of shared memory and become TAP (tap.c) or tables (table.c).
 *
 *	main.c		what is tested, the list of runs
 *	options.c	the command line
 *	world.c		a PID namespace of the driver's own: nothing gets out
 *	run.c		workers, the board, running inside another contain
 *	cell.c		one cell from start to count
 *	launch.c	starting contain as this user, in this mode
 *	endings.c	the endings and what contain should return
 *	expect.c	how many survivors each backend may leave
 *	census.c	finding processes in /proc
 *	deadline.c	waiting for events, with deadlines
 */
#ifndef CONFORMANCE_H
#define CONFORMANCE_H

#include <sys/types.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "kinds.h"

/* ---- what is run ------------------------------------------------- */

enum who {
	WHO_ROOT,
	WHO_NOBODY,	/* root becomes nobody */
	WHO_SELF	/* whoever started the driver, not root */
};

enum mode {
	MODE_PLAIN,
	MODE_NESTED,	/* inside another contain */
	MODE_ADOPTED	/* contain is PID 1 of a namespace that it is given */
};

/* The user id of nobody: any without privilege will do. */
enum { NOBODY = 65534 };

enum { MODES = MODE_ADOPTED + 1, WHOS = WHO_SELF + 1 };

struct run {
	enum who who;
	enum mode mode;
};

extern const char *const who_names[WHOS];
extern const char *const mode_names[MODES];

struct setup {
	const char *backend;
	const char *reach;
	char **tool;		/* a peer's words; NULL: contain is tested */
	char *contain;		/* paths that anybody may execute; contain */
	char *survivor;		/* is "-" if there is none */
	char *host;		/* takes contain's place, or NULL */
	char *self;
	char **argv;		/* the driver's own, for running it inside */
	int inner_fd;		/* -1, or the board of the driver outside */
	int jobs;
	int64_t deadline_ms;	/* for contain to return, processes to die */
	int64_t settle_ms;	/* the same where survivors are expected */
	unsigned whos;		/* bit sets: 1 << enum who, enum mode */
	unsigned modes;
	const char *kind;	/* filters, NULL: all */
	const char *ending;
	unsigned commands;	/* bit 0: a hearing one, bit 1: a deaf one */
	int threads;		/* the host is helpers/threads, not contain */
	int table;		/* print tables instead of TAP */
	int verbose;		/* a line for each cell */
};

/* ---- outcomes ---------------------------------------------------- */

enum state {
	STATE_UNSEEN,		/* not run, or its worker died */
	STATE_PASSED,
	STATE_FAILED,
	STATE_SKIPPED		/* text says why */
};

struct outcome {
	enum state state;
	int counted;		/* survivors is valid */
	unsigned survivors;
	unsigned elapsed_ms;
	char text[240];		/* what is wrong; one line */
};

/* ---- deadline.c -------------------------------------------------- */

int64_t	deadline_now_ms(void);
int64_t	deadline_after(int64_t ms);
int	deadline_left_ms(int64_t deadline);	/* never negative */

/* 1: readable or hung up; 0: the deadline passed. */
int	deadline_await(int fd, int64_t deadline);

/* A close-on-exec descriptor that is readable once pid has ended, or -1. */
int	pidfd_of(pid_t pid);
void	pidfd_kill(int pidfd);

/* ---- census.c ---------------------------------------------------- */

enum { CENSUS_MAX = 64 };

struct census {
	size_t count;		/* processes with the tag, zombies left out */
	pid_t pid[CENSUS_MAX];	/* the first of them */
};

size_t	census_count(const char *tag);

/* Wait until nobody has the tag; returns how many are left. */
size_t	census_await_none(const char *tag, int64_t deadline);

/* SIGKILL all who have the tag, until none is left. */
size_t	census_end(const char *tag, int64_t deadline);

/* Reap all children that have ended. */
void	census_reap(void);

/* The survivor helper in its role of command; 0 if there is none. */
pid_t	census_command(const char *tag);

/* The child that parent had first; 0 if it has none. */
pid_t	census_first_child(pid_t parent);

/* 1 once pid is stopped; 0: the deadline passed. */
int	census_await_stopped(pid_t pid, int64_t deadline);

/* "name(pid) name(pid)" for those with the tag. */
void	census_describe(const char *tag, char *text, size_t size);

/* ---- endings.c --------------------------------------------------- */

/* What an ending needs, and what follows from it. */
enum ending_flag {
	ENDING_MAIN = 1,	/* also in nested and adopted mode */
	ENDING_HOST_KILLED = 2,	/* contain itself is SIGKILLed */
	ENDING_TERMINAL = 4,	/* contain in the foreground of a terminal */
	ENDING_PARENT = 8,	/* started by a process in between */
	ENDING_TIMEOUT = 16,	/* options that only contain has */
	ENDING_DIE_WITH_PARENT = 32,
	ENDING_LIFELINE_IN = 64,	/* contain holds the reading end */
	ENDING_LIFELINE_OUT = 128	/* contain holds the writing end */
};

enum target {
	TARGET_NONE,
	TARGET_ORDER,		/* tell the command, what: enum order */
	TARGET_COMMAND,		/* the others: what is a signal */
	TARGET_HOST,
	TARGET_HOST_GROUP,
	TARGET_WARDEN,
	TARGET_PARENT,
	TARGET_MASTER,		/* close the terminal's master */
	TARGET_LIFELINE		/* close the driver's end */
};

struct blow {
	enum target target;
	int what;
};

enum how {
	HOW_ANY,
	HOW_EXITED,
	HOW_SIGNALED,
	HOW_SHELL		/* as $? shows it: exit n, or signal n - 128 */
};

struct verdict {
	enum how how;
	int number;
};

struct ending {
	const char *name;	/* for --ending=, and a column of the table */
	const char *about;
	unsigned flags;
	struct blow blow[3];
	struct verdict hearing;	/* contain's wait status, command default */
	struct verdict deaf;	/* the same, command ignores everything */
};

extern const struct ending endings[];
unsigned endings_count(void);
const struct ending *ending_find(const char *name);	/* NULL: none */

/* The verdict for this ending in this mode. */
struct verdict ending_verdict(const struct ending *ending, int deaf,
    enum mode mode);
int	verdict_fits(struct verdict verdict, int status);
void	verdict_describe(struct verdict verdict, char *text, size_t size);
void	status_describe(int status, char *text, size_t size);

/* ---- expect.c ---------------------------------------------------- */

/* How many survivors there may be at most. */
unsigned expected(const char *backend, const char *reach,
    const struct kind *kind, const struct ending *ending, int deaf);

/* What a backend is said to reach; NULL: no such backend. */
const char *expected_reach(const char *backend);

/* ---- cell.c ------------------------------------------------------ */

enum end { END_MINE, END_ITS };	/* of a pipe; contain's is inherited */

struct cell {
	const struct setup *setup;
	struct run run;
	const struct kind *kind;
	const struct ending *ending;
	int deaf;
	unsigned expected;
	char tag[32];
	int64_t timeout_ms;	/* of the ending "timeout" */
	int report[2];		/* indexed by enum end; -1: closed */
	int order[2];
	int lifeline[2];
	int terminal[2];	/* master, slave */
	int output;		/* contain's stderr, kept for diagnostics */
	pid_t parent;		/* the process in between, or 0 */
	pid_t host;
	int host_fd;
	pid_t warden;
	pid_t command;
	int status;		/* as from waitpid */
};

void	cell_run(const struct setup *setup, struct run run, unsigned number,
    struct outcome *shared);
void	cell_close(struct cell *cell, enum end end);

/* Cells have numbers; these are their parts. */
unsigned cells_count(void);
const struct kind *cell_kind(unsigned number);
const struct ending *cell_ending(unsigned number);
int	cell_deaf(unsigned number);
unsigned cell_number(size_t ending, int deaf, size_t kind);

/* Is it in this run, and let through by the filters? */
int	cell_wanted(const struct setup *setup, struct run run, unsigned number);

/* ---- launch.c ---------------------------------------------------- */

/* Start contain: fills parent and host.  0 or -1 with errno. */
int	launch(struct cell *cell);

/* Give up privilege; 0 or -1 with errno. */
int	launch_become(enum who who);

/* ---- run.c ------------------------------------------------------- */

struct board {
	atomic_uint next;
	struct outcome outcome[];
};

/* Can this user have the backend here?  If not, why says it. */
enum chance {
	CHANCE_GOOD,
	CHANCE_NONE,
	CHANCE_UNKNOWN		/* contain --probe failed */
};
enum chance run_chance(const struct setup *setup, enum who who, char *why,
    size_t size);

/* Run all wanted cells; NULL with errno if that is impossible. */
struct board *run_cells(const struct setup *setup, struct run run);
void	run_free(struct board *board);

/* The same inside another contain, on the board that it was given. */
int	run_inner(const struct setup *setup);

/* ---- world.c ----------------------------------------------------- */

/*
 * Call work in a new PID namespace with a /proc of its own and an empty
 * directory on stage; when it returns, everything in there is killed.  Returns
 * what work returned, or -1 with a reason.
 */
int	world_run(const char *stage, int (*work)(struct setup *),
    struct setup *setup, char *why, size_t size);

/* ---- options.c --------------------------------------------------- */

void	options_parse(struct setup *setup, int argc, char **argv);

/* "conformance: WHAT WHY" and exit 99, a hard error for make check. */
_Noreturn void give_up(const char *what, const char *why);

/* ---- tap.c, table.c ---------------------------------------------- */

void	tap_run(const struct setup *setup, struct run run,
    const struct board *board);
void	tap_skip(const struct setup *setup, struct run run, const char *why);
void	tap_fail(const struct setup *setup, struct run run, const char *why);
int	tap_end(void);		/* prints the plan; how many were not ok */

void	table_run(const struct setup *setup, struct run run,
    const struct board *board);

#endif
