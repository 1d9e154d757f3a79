/* program.c: executing the warden */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "program.h"
#include "text.h"

#ifndef CTN_WARDEN_PROGRAM
#define CTN_WARDEN_PROGRAM ""	/* nothing is installed of such a build */
#endif

#define NAME	"contain-warden"
#define HOST	"--host="
#define LEASH	"--leash="

/* Does the kernel reap the host's children itself? */
static int
ignores_children(void)
{
	struct sigaction action;

	return sigaction(SIGCHLD, NULL, &action) == -1 ||
	    action.sa_handler == SIG_IGN ||
	    (action.sa_flags & SA_NOCLDWAIT) != 0;
}

/* The kernel gives every program that was executed SIGCHLD to end with,
 * whatever its clone said. */
const char *
ctn_program_find(const struct contain_options *options)
{
	const char *path;

	if (options->warden != CONTAIN_WARDEN_PROGRAM || ignores_children())
		return NULL;
	path = getenv("CONTAIN_WARDEN");
	if (path == NULL)
		path = CTN_WARDEN_PROGRAM;
	return path[0] == '/' ? path : NULL;
}

/* It survives the exec.  *closes: it was close-on-exec.  In the child's own
 * table of descriptors: the host's stay as they are.  0 or -1 with errno. */
static int
keep(int fd, int *closes)
{
	int flags;

	*closes = 0;
	if (fd == -1)
		return 0;
	flags = fcntl(fd, F_GETFD);
	if (flags == -1)
		return -1;
	*closes = (flags & FD_CLOEXEC) != 0;
	return *closes ? fcntl(fd, F_SETFD, flags & ~FD_CLOEXEC) : 0;
}

static int
keep_all(struct ctn_attempt *attempt)
{
	const struct ctn_command *command = attempt->command;
	int terminal = attempt->guards ? attempt->options->terminal.fd : -1;
	int always;
	size_t i;

	if (keep(attempt->warden_end.fd, &always) == -1 ||
	    keep(attempt->host_watch, &always) == -1 ||
	    keep(terminal, &attempt->terminal_closes) == -1)
		return -1;
	for (i = 0; i < command->pair_count; i++)
		if (keep(command->pairs[i].from,
		    &command->pairs[i].closes) == -1)
			return -1;
	return 0;
}

/* Whose it is can be seen in a list of processes; the environment is the
 * host's affair, and not in it.  An empty one could not be told from one that
 * cannot be read. */
int
ctn_program_execute(int *own, void *arg)
{
	struct ctn_attempt *attempt = arg;
	char name[] = NAME, host[sizeof(HOST) + CTN_TEXT_NUMBER] = HOST,
	    leash[sizeof(LEASH) + CTN_TEXT_NUMBER] = LEASH;
	char locale[] = "LC_ALL=C", *env[] = { locale, NULL };
	char *argv[] = { name, host, leash, NULL };

	(void)own;
	if (keep_all(attempt) == -1)
		return errno;
	ctn_text_number(host + strlen(HOST), (unsigned long)attempt->host);
	ctn_text_number(leash + strlen(LEASH),
	    (unsigned long)attempt->warden_end.fd);
	execve(attempt->program, argv, env);
	return errno;
}

pid_t
ctn_program_start(struct ctn_attempt *attempt, uint64_t flags,
    ctn_start_fn *child)
{
	pid_t pid;

	if (attempt->program == NULL)
		return -1;
	if (child == ctn_program_execute)
		attempt->privilege = ctn_os_privilege();
	pid = ctn_os_execute(flags, child, attempt, &attempt->warden_watch);
	if (pid == -1)
		attempt->program = NULL;
	return pid;
}

int
ctn_program_leash(int argc, char *argv[])
{
	char *end;
	long fd;

	if (argc != 3 || strncmp(argv[1], HOST, strlen(HOST)) != 0 ||
	    strncmp(argv[2], LEASH, strlen(LEASH)) != 0)
		return -1;
	fd = strtol(argv[2] + strlen(LEASH), &end, 10);
	return *end == '\0' && fd > 2 && fd < 1 << 30 ? (int)fd : -1;
}
