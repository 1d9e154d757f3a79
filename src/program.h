/*
 * program.h: a warden that is a program, executed instead of a copy of the host.
 *
 *     host ─ clone, as vfork ─▶ a child on the host's memory ─ exec ─▶ warden
 *       └───────────── the request, on the leash ─────────────────────────┘
 *
 * What a copy costs grows with the host, and a small program starts in less than
 * it takes to copy a small host.  Where the program cannot be executed, is
 * another version's, or does not come to its first word, a copy takes its place;
 * nobody is told.
 */
#ifndef CTN_PROGRAM_H
#define CTN_PROGRAM_H

#include "backend.h"
#include "os/start.h"

/* The program for these options, or NULL: none.  It may be in the
 * environment. */
const char *ctn_program_find(const struct contain_options *options);

/* Host, in a child on the host's memory: execute attempt->program; a
 * ctn_start_fn, arg is the attempt.  Returns why it could not, an errno. */
int	ctn_program_execute(int *own, void *arg);

/* Host: the warden's process, in which child executes attempt->program; flags as
 * of ctn_os_execute.  child is ctn_program_execute, after which the program must
 * have what privilege the caller has, or sees to that and calls it.  -1: it could
 * not, or there is none; then attempt->program is NULL, and a copy of the host
 * has to do. */
pid_t	ctn_program_start(struct ctn_attempt *attempt, uint64_t flags,
	    ctn_start_fn *child);

/* The program itself: the descriptor of the leash that it was started with; -1
 * if it was started in another way. */
int	ctn_program_leash(int argc, char *argv[]);

#endif
