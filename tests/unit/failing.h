/*
 * failing.h: the n-th use of something fails.
 *
 * A program that links failing.c, with the linker's --wrap for each of the
 * names there (Makefile.am), has the library's memory and system calls go
 * through it, in the host and in what the library forks.
 */
#ifndef FAILING_H
#define FAILING_H

enum failing_what {
	FAILING_NOTHING,
	FAILING_MEMORY,		/* malloc and its like, in the host */
	FAILING_HOST,		/* system calls in the host */
	FAILING_OTHERS		/* in the warden and the command's process */
};

/* One failure, or one and all that follow. */
enum failing_how { FAILING_ONCE, FAILING_FROM_THEN_ON };

/* Before the first use; 0 or -1. */
int	failing_open(void);

/* From now on, in this process and its children: use number, from 1 on. */
void	failing_arm(enum failing_what what, enum failing_how how,
	    unsigned number);

/* Nothing fails any more.  What did, or NULL if number was not reached. */
const char *failing_disarm(void);

/* The same, after a child that had armed it has died. */
const char *failing_last(void);

/* How many blocks this process has allocated and not freed. */
long	failing_blocks(void);

#endif
