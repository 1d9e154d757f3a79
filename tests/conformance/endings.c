/* endings.c: the ways a group ends, and what contain returns then */
#include "config.h"

#include <sys/wait.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "conformance.h"

#define ANY		{ HOW_ANY, 0 }
#define EXITED(n)	{ HOW_EXITED, n }
#define SIGNALED(n)	{ HOW_SIGNALED, n }
#define SHELL(n)	{ HOW_SHELL, n }

/* The command did not end when asked, so --kill-after had to. */
#define FORCED		SHELL(128 + SIGKILL)

const struct ending endings[] = {
	{ "exit-0", "command exits 0", ENDING_MAIN,
	    { { TARGET_ORDER, ORDER_EXIT_0 } },
	    EXITED(0), EXITED(0) },
	{ "exit-n", "command exits 7", 0,
	    { { TARGET_ORDER, ORDER_EXIT_N } },
	    EXITED(EXIT_N), EXITED(EXIT_N) },
	{ "crash", "command crashes", ENDING_MAIN,
	    { { TARGET_ORDER, ORDER_CRASH } },
	    SIGNALED(SIGSEGV), SIGNALED(SIGSEGV) },
	{ "kill-cmd", "command is SIGKILLed", 0,
	    { { TARGET_COMMAND, SIGKILL } },
	    SIGNALED(SIGKILL), SIGNALED(SIGKILL) },
	{ "term", "contain gets TERM", ENDING_MAIN,
	    { { TARGET_HOST, SIGTERM } },
	    SIGNALED(SIGTERM), FORCED },
	{ "int", "contain gets INT", 0,
	    { { TARGET_HOST, SIGINT } },
	    SIGNALED(SIGINT), FORCED },
	{ "hup", "contain gets HUP", ENDING_MAIN,
	    { { TARGET_HOST, SIGHUP } },
	    SIGNALED(SIGHUP), FORCED },
	{ "quit", "contain gets QUIT", 0,
	    { { TARGET_HOST, SIGQUIT } },
	    SIGNALED(SIGQUIT), FORCED },
	{ "kill", "contain is SIGKILLed", ENDING_MAIN | ENDING_HOST_KILLED,
	    { { TARGET_HOST, SIGKILL } },
	    SIGNALED(SIGKILL), SIGNALED(SIGKILL) },
	{ "stop+kill", "contain is SIGSTOPped, then SIGKILLed",
	    ENDING_MAIN | ENDING_HOST_KILLED,
	    { { TARGET_HOST, SIGSTOP }, { TARGET_HOST, SIGKILL } },
	    SIGNALED(SIGKILL), SIGNALED(SIGKILL) },
	{ "kill-pg", "contain's process group is SIGKILLed",
	    ENDING_HOST_KILLED,
	    { { TARGET_HOST_GROUP, SIGKILL } },
	    SIGNALED(SIGKILL), SIGNALED(SIGKILL) },
	{ "kill-fg", "contain's foreground group is SIGKILLed",
	    ENDING_TERMINAL | ENDING_HOST_KILLED,
	    { { TARGET_HOST_GROUP, SIGKILL } },
	    SIGNALED(SIGKILL), SIGNALED(SIGKILL) },
	{ "kill-w", "the warden is SIGKILLed", ENDING_MAIN,
	    { { TARGET_WARDEN, SIGKILL } },
	    EXITED(125), EXITED(125) },
	/* contain would continue it */
	{ "stop-w+kill", "the warden is SIGSTOPped, contain SIGKILLed",
	    ENDING_MAIN | ENDING_HOST_KILLED,
	    { { TARGET_HOST, SIGSTOP }, { TARGET_WARDEN, SIGSTOP },
	      { TARGET_HOST, SIGKILL } },
	    SIGNALED(SIGKILL), SIGNALED(SIGKILL) },
	{ "kill-both", "contain and then the warden are SIGKILLed",
	    ENDING_MAIN | ENDING_HOST_KILLED,
	    { { TARGET_HOST, SIGKILL }, { TARGET_WARDEN, SIGKILL } },
	    SIGNALED(SIGKILL), SIGNALED(SIGKILL) },
	{ "kill-w+host", "the warden and then contain are SIGKILLed",
	    ENDING_HOST_KILLED,
	    { { TARGET_WARDEN, SIGKILL }, { TARGET_HOST, SIGKILL } },
	    ANY, ANY },		/* it may have ended by itself before */
	{ "hangup", "contain's terminal hangs up",
	    ENDING_MAIN | ENDING_TERMINAL,
	    { { TARGET_MASTER, 0 } },
	    SIGNALED(SIGHUP), FORCED },
	{ "hangup-job", "the terminal hangs up, contain is a job on it",
	    ENDING_TERMINAL | ENDING_PARENT,
	    { { TARGET_MASTER, 0 } },
	    SIGNALED(SIGHUP), FORCED },
	{ "timeout", "timeout", ENDING_MAIN | ENDING_TIMEOUT,
	    { { TARGET_NONE, 0 } },
	    EXITED(124), FORCED },
	{ "parent", "contain's parent is SIGKILLed",
	    ENDING_MAIN | ENDING_PARENT | ENDING_DIE_WITH_PARENT,
	    { { TARGET_PARENT, SIGKILL } },
	    SIGNALED(SIGTERM), FORCED },
	{ "lifeline", "a lifeline's writing end is closed",
	    ENDING_MAIN | ENDING_LIFELINE_IN,
	    { { TARGET_LIFELINE, 0 } },
	    SIGNALED(SIGTERM), FORCED },
	{ "lifeline-out", "a lifeline's reading end is closed",
	    ENDING_LIFELINE_OUT,
	    { { TARGET_LIFELINE, 0 } },
	    SIGNALED(SIGTERM), FORCED }
};

unsigned
endings_count(void)
{
	return sizeof(endings) / sizeof(endings[0]);
}

const struct ending *
ending_find(const char *name)
{
	unsigned i;

	for (i = 0; i < endings_count(); i++)
		if (strcmp(endings[i].name, name) == 0)
			return &endings[i];
	return NULL;
}

/* PID 1 of a namespace cannot kill itself: it exits as a shell would say. */
struct verdict
ending_verdict(const struct ending *ending, int deaf, enum mode mode)
{
	struct verdict v = deaf ? ending->deaf : ending->hearing;

	if (mode == MODE_ADOPTED && v.how == HOW_SIGNALED &&
	    !(ending->flags & ENDING_HOST_KILLED)) {
		v.how = HOW_EXITED;
		v.number += 128;
	}
	return v;
}

int
verdict_fits(struct verdict v, int status)
{
	int exited = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	int signum = WIFSIGNALED(status) ? WTERMSIG(status) : -1;

	switch (v.how) {
	case HOW_EXITED:
		return exited == v.number;
	case HOW_SIGNALED:
		return signum == v.number;
	case HOW_SHELL:
		return exited == v.number || signum == v.number - 128;
	case HOW_ANY:
		break;
	}
	return 1;
}

void
verdict_describe(struct verdict v, char *text, size_t size)
{
	switch (v.how) {
	case HOW_EXITED:
		snprintf(text, size, "exit %d", v.number);
		break;
	case HOW_SIGNALED:
		snprintf(text, size, "signal %d", v.number);
		break;
	case HOW_SHELL:
		snprintf(text, size, "exit %d or signal %d", v.number,
		    v.number - 128);
		break;
	case HOW_ANY:
		snprintf(text, size, "any");
		break;
	}
}

void
status_describe(int status, char *text, size_t size)
{
	if (WIFSIGNALED(status))
		snprintf(text, size, "signal %d", WTERMSIG(status));
	else
		snprintf(text, size, "exit %d", WEXITSTATUS(status));
}
