/* watch.c: whose end is also the command's: parents, processes, lifelines */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "os/os.h"

static void
open_lifeline(struct cli_watch *watch)
{
	watch->fd = fcntl((int)watch->number, F_DUPFD_CLOEXEC, 3);
	if (watch->fd == -1)
		cli_fail("--lifeline-fd=%ld: %s", watch->number,
		    strerror(errno));
}

/* A descriptor that says at once what a watch says at the end. */
static int
open_ended(void)
{
	int fds[2], fd;

	if (ctn_os_pipe(fds) == -1)
		return -1;
	close(fds[1]);
	fd = fcntl(fds[0], F_DUPFD_CLOEXEC, 3);
	close(fds[0]);
	return fd;
}

/* A process that is gone already is not an error: the command is started, and
 * its end asked for at once, as if the process had died a moment later. */
static void
open_process(struct cli_watch *watch)
{
	watch->fd = ctn_os_watch_open((pid_t)watch->number);
	if (watch->fd == -1 && errno == ESRCH)
		watch->fd = open_ended();
	if (watch->fd == -1)
		cli_fail("%s: cannot watch process %ld: %s",
		    watch->kind == CLI_WATCH_PARENT ? "--die-with-parent" :
		    "--die-with-pid", watch->number, strerror(errno));
}

/* The parent may have died, and its pid gone to another, before it was opened:
 * then we have another parent now. */
static void
open_parent(struct cli_watch *watch)
{
	watch->number = getppid();
	if (watch->number == 0)
		cli_fail("--die-with-parent: the parent is outside of this "
		    "PID namespace, where it cannot be watched");
	open_process(watch);
	if (getppid() == (pid_t)watch->number)
		return;
	close(watch->fd);
	watch->fd = open_ended();
	if (watch->fd == -1)
		cli_fail("--die-with-parent: pipe: %s", strerror(errno));
}

void
cli_watch_open(struct cli *cli)
{
	static void (*const openers[])(struct cli_watch *) = {
		[CLI_WATCH_PARENT] = open_parent,
		[CLI_WATCH_PID] = open_process,
		[CLI_WATCH_LIFELINE] = open_lifeline,
	};
	size_t i;

	for (i = 0; i < cli->watch_count; i++)
		openers[cli->watches[i].kind](&cli->watches[i]);
}

/* A lifeline is watched for what poll always tells, POLLHUP and POLLERR:
 * data that nobody reads is not its end. */
void
cli_watch_poll(const struct cli *cli, struct pollfd *fds)
{
	size_t i;

	for (i = 0; i < cli->watch_count; i++) {
		fds[i].fd = cli->watches[i].fd;
		fds[i].events = cli->watches[i].kind == CLI_WATCH_LIFELINE ?
		    0 : POLLIN;
		fds[i].revents = 0;
	}
}

const struct cli_watch *
cli_watch_fired(struct cli *cli, const struct pollfd *fds)
{
	size_t i;

	for (i = 0; i < cli->watch_count; i++) {
		if (cli->watches[i].fd == -1 || fds[i].revents == 0)
			continue;
		close(cli->watches[i].fd);
		cli->watches[i].fd = -1;
		return &cli->watches[i];
	}
	return NULL;
}
