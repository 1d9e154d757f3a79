/*
 * kinds.h: the kinds of process that try to survive their group.
 *
 * One table for both sides: the driver runs a row of cells for each kind,
 * tests/helpers/survivor makes the process.
 */
#ifndef CONFORMANCE_KINDS_H
#define CONFORMANCE_KINDS_H

#include <stddef.h>
#include <string.h>

/* What lies between the command and the survivor, in this order. */
enum kind_step {
	STEP_BACKGROUND = 1,	/* a process group of its own */
	STEP_SETSID = 2,	/* a session of its own */
	STEP_ORPHAN = 4,	/* fork again, its parent exits */
	STEP_STOPS = 8		/* it stops itself */
};

struct kind {
	const char *name;	/* for --kind= */
	const char *about;	/* a row of the table */
	unsigned steps;		/* enum kind_step */
	const char *role;	/* what it then does, see survivor.c */
	unsigned reports;	/* how many processes report "in place" */
};

static const struct kind kinds[] = {
	{ "child", "plain child", 0, "sleeper", 1 },
	{ "background", "background process group", STEP_BACKGROUND,
	    "sleeper", 1 },
	{ "nohup", "SIGHUP ignored", 0, "nohup", 1 },
	{ "deaf", "everything ignored", 0, "deaf", 1 },
	{ "setsid", "setsid", STEP_SETSID, "sleeper", 1 },
	{ "orphan", "double fork", STEP_ORPHAN, "sleeper", 1 },
	{ "daemon", "double fork + setsid", STEP_SETSID | STEP_ORPHAN,
	    "sleeper", 1 },
	{ "background-orphan", "orphan in a background group",
	    STEP_BACKGROUND | STEP_ORPHAN, "sleeper", 1 },
	{ "stopped", "stopped", STEP_STOPS, "stopped", 1 },
	{ "background-stopped", "stopped in the background",
	    STEP_BACKGROUND | STEP_STOPS, "stopped", 1 },
	{ "amnesiac", "daemon, no environment, no fds",
	    STEP_SETSID | STEP_ORPHAN, "amnesiac", 1 },
	{ "hydra", "TERM or HUP: forks two daemons", 0, "hydra", 1 },
	{ "hopper", "changes pid every 2 ms", 0, "hopper", 1 },
	{ "contain", "a nested contain", STEP_SETSID | STEP_ORPHAN,
	    "contain", 1 },
	{ "namespace", "a nested PID namespace", STEP_SETSID | STEP_ORPHAN,
	    "namespace", 2 }
};

enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

/* What a process writes to the report descriptor. */
enum {
	REPORT_IN_PLACE = 'r',
	REPORT_IMPOSSIBLE = 'U'	/* this system does not let it be made */
};

/* What the command is told over its other descriptor. */
enum {
	ORDER_EXIT_0 = '0',
	ORDER_EXIT_N = 'n',
	ORDER_CRASH = 'c'
};

enum { EXIT_N = 7 };

/* NULL: no such kind. */
static inline const struct kind *
kind_find(const char *name)
{
	size_t i;

	for (i = 0; i < KINDS; i++)
		if (strcmp(kinds[i].name, name) == 0)
			return &kinds[i];
	return NULL;
}

#endif
