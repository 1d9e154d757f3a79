/* scenario.c: what is run, again and again */
#include "config.h"

#include "torture.h"

#define PREY "prey", "OUT"
#define BRIEF "--grace=10ms", "--kill-after=10ms"

const struct scenario scenarios[] = {
	{ "auto", "pidns", 1, 0, 3,
	    { "contain", "--report", "--grace=10ms", PREY } },
	{ "pidns", "pidns", 0, 0, 3,
	    { "contain", "--backend=pidns", PREY } },
	{ "pty", "pty", 0, 0, 3,
	    { "contain", "--backend=pty", "--grace=10ms", PREY } },
	{ "pidns-terminal", "pidns", 0, 1, 3,
	    { "contain", "--backend=pidns", PREY } },
	{ "pty-terminal", "pty", 0, 1, 3,
	    { "contain", "--backend=pty", "--grace=10ms", PREY } },
	{ "pidns-timeout", "pidns", 0, 0, 137,
	    { "contain", "--backend=pidns", "--timeout=30ms", BRIEF, PREY,
	    "stay" } },
	{ "pty-timeout", "pty", 0, 0, 137,
	    { "contain", "--backend=pty", "--timeout=30ms", BRIEF, PREY,
	    "stay" } },
	{ "pidns-library", "pidns", 0, 0, 3, { "host", "OUT", "pidns", PREY } },
	{ "pty-library", "pty", 0, 0, 3, { "host", "OUT", "pty", PREY } },
};

const size_t scenarios_count = sizeof(scenarios) / sizeof(scenarios[0]);
