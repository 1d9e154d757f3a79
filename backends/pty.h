/*
 * pty.h: what the files of the pty backend share.
 */
#ifndef CTN_PTY_H
#define CTN_PTY_H

#include "backend.h"

/* By what members are told in a table of all processes. */
struct ctn_pty_search {
	/* The members of the last look, and the doubtful: who was a member stays
	 * one, also when it has lost, while it dies, what it was told by. */
	struct ctn_table *known;
	/* Is this one a member by itself, not by its parent?  1, 0, or -1 where
	 * that cannot be told at this moment. */
	int (*is_found)(const struct ctn_process *process,
	    const struct ctn_table *table,
	    const struct ctn_pty_search *search);
	pid_t host;		/* never members */
	pid_t warden;

	/* for ctn_pty_is_of_group */
	enum contain_reach reach;
	pid_t parent;		/* whose children are members; 0: nobody's */
	uint64_t since;		/* those that are older are not */
	pid_t session;		/* who is in it is a member, however old */
	const char *mark;	/* who carries it is a member, or NULL */
	int guesses;		/* whatever the table shows */
};

/* The is_found of one group. */
int	ctn_pty_is_of_group(const struct ctn_process *process,
	    const struct ctn_table *table,
	    const struct ctn_pty_search *search);

/* The process with this pid in the table, or NULL. */
const struct ctn_process *ctn_pty_by_pid(const struct ctn_table *table,
	    pid_t pid);

/* Read the table and set is_member in it.  How many living members there are,
 * or -1 where the table cannot be read.  Async-signal-safe. */
ssize_t	ctn_pty_find(struct ctn_table *table,
	    const struct ctn_pty_search *search);

/* Send signum to every living member in the table.  Async-signal-safe. */
void	ctn_pty_signal(const struct ctn_table *table, int signum);

/* Stop all, until a fresh look finds nobody that runs.  How many members there
 * are.  Async-signal-safe. */
ssize_t	ctn_pty_stop(struct ctn_table *table,
	    const struct ctn_pty_search *search);

/* As that, then SIGKILL: who is
 * stopped cannot fork its way out.  How many members were left to kill.
 * Async-signal-safe. */
ssize_t	ctn_pty_stop_and_kill(struct ctn_table *table,
	    const struct ctn_pty_search *search);

/* The slot "sweep". */
int	ctn_pty_sweep(enum contain_sweep_how how, int64_t grace_ms,
	    contain_stray_fn *stray, void *arg, struct contain_error *err);

/* The slot "explain". */
void	ctn_pty_explain(const char *step, int errnum,
	    struct contain_verdict *verdict);

#endif
