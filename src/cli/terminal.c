/* terminal.c: contain's own terminal, and which of its descriptors are that */
#include "config.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli.h"
#include "os/os.h"

/* Both standard input and output. */
#define WHOLE 3u

/* Only the controlling terminal tells its foreground. */
static int
is_controlling(int fd)
{
	return isatty(fd) && tcgetpgrp(fd) != -1;
}

static unsigned
find_stdio(void)
{
	unsigned stdio = 0;
	int fd;

	for (fd = 0; fd <= 2; fd++)
		if (is_controlling(fd))
			stdio |= 1u << fd;
	return stdio;
}

/* A description of our own, so that O_NONBLOCK is not everybody's.  By its
 * name, where that is it: /dev/tty cannot be polled everywhere. */
static int
open_named(const char *name)
{
	int fd = open(name, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	int moved;

	if (fd == -1 || (fd > 2 && is_controlling(fd)))
		return fd;
	moved = is_controlling(fd) ? fcntl(fd, F_DUPFD_CLOEXEC, 3) : -1;
	close(fd);
	return moved;
}

static int
open_own(unsigned stdio)
{
	char name[64];
	int fd;

	for (fd = 0; fd <= 2; fd++)
		if ((stdio & 1u << fd) &&
		    ttyname_r(fd, name, sizeof(name)) == 0)
			break;
	fd = fd <= 2 ? open_named(name) : -1;
	return fd != -1 ? fd : open_named("/dev/tty");
}

/* A command that has all of the terminal, in the foreground, gets it from the
 * start.  In a pipeline another one may be the reader, less(1) for example:
 * then the keys are left to that until the command asks for them. */
static void
choose_ground(struct cli *cli, struct contain_terminal *terminal)
{
	cli->relay.is_whole = (terminal->stdio & WHOLE) == WHOLE;
	cli->relay.wants_ground = cli->relay.is_whole;
	terminal->ground = CONTAIN_BACKGROUND;
	if (cli->relay.wants_ground && ctn_os_in_foreground(terminal->fd))
		terminal->ground = CONTAIN_FOREGROUND;
	cli->relay.ground = terminal->ground;
}

static struct cli_flow *
new_flow(void)
{
	struct cli_flow *flow = calloc(1, sizeof(*flow));

	if (flow == NULL)
		cli_fail("out of memory");
	return flow;
}

void
cli_terminal_open(struct cli *cli)
{
	struct contain_terminal terminal;

	cli->relay.tty = cli->relay.master = -1;
	if (cli->tty == CLI_TTY_NEVER)
		return;
	memset(&terminal, 0, sizeof(terminal));
	terminal.stdio = find_stdio();
	terminal.fd = open_own(terminal.stdio);
	if (terminal.fd == -1 && cli->tty == CLI_TTY_ALWAYS)
		cli_fail("--tty=always: contain has no terminal");
	if (terminal.fd == -1)
		return;
	cli->relay.tty = terminal.fd;
	cli->relay.in = new_flow();
	cli->relay.out = new_flow();
	cli->relay.echo = new_flow();
	choose_ground(cli, &terminal);
	contain_options_set_terminal(cli->options, &terminal, NULL);
}
