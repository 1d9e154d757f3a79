/* names.c: the words that reports use for enums */
#include "config.h"

#include "contain.h"

static const char *const backend_names[] = {
	[CONTAIN_BACKEND_AUTO] = "auto",
	[CONTAIN_BACKEND_PIDNS] = "pidns",
	[CONTAIN_BACKEND_PTY] = "pty",
};

static const char *const guarantee_names[] = {
	[CONTAIN_GUARANTEE_NONE] = "none",
	[CONTAIN_GUARANTEE_SIGHUP] = "SIGHUP",
	[CONTAIN_GUARANTEE_SIGKILL] = "SIGKILL",
};

static const char *const reach_names[] = {
	[CONTAIN_REACH_SESSION] = "session",
	[CONTAIN_REACH_MARKED] = "marked",
	[CONTAIN_REACH_DESCENDANTS] = "descendants",
	[CONTAIN_REACH_NAMESPACE] = "namespace",
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

const char *
contain_backend_name(enum contain_backend backend)
{
	size_t i = (size_t)backend;

	return i < COUNT(backend_names) ? backend_names[i] : NULL;
}

const char *
contain_guarantee_name(enum contain_guarantee guarantee)
{
	size_t i = (size_t)guarantee;

	return i < COUNT(guarantee_names) ? guarantee_names[i] : NULL;
}

const char *
contain_reach_name(enum contain_reach reach)
{
	size_t i = (size_t)reach;

	return i < COUNT(reach_names) ? reach_names[i] : NULL;
}
