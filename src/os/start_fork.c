/*
 * start_fork.c: starting a program where vfork(2) is only another fork: macOS
 * since 12, OpenBSD, and whoever is not known to do better.
 */
#include "config.h"

#include "os/start.h"

pid_t
ctn_start(ctn_start_fn *child, void *arg, int *failure)
{
	return ctn_start_watching(child, arg, NULL, 0, failure);
}
