/*
 * relay.c: bytes between the user's terminal and the command's.
 *
 * In the foreground the user's terminal is raw, and keys go to the command's,
 * where they echo and raise signals: ^C is a byte here.  In the background the
 * user's terminal is left as it is, and only output is copied, without what the
 * user's terminal adds itself.
 *
 * One buffer each way; who has written what is in it is not read again before
 * it is gone.  So nothing is lost, and a slow reader slows the writer down.
 */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "cli.h"
#include "os/os.h"

/* Copies in a row before signals and keys are looked at. */
#define ROUNDS 16

static int
is_empty(const struct cli_flow *flow)
{
	return flow->from == flow->to;
}

/* 1: there is something in it now; 0: not now; -1: never again. */
static int
fill(struct cli_flow *flow, int fd)
{
	ssize_t n;

	do
		n = read(fd, flow->data, sizeof(flow->data));
	while (n == -1 && errno == EINTR);
	if (n == -1 && errno == EAGAIN)
		return 0;
	flow->from = 0;
	flow->to = n > 0 ? (size_t)n : 0;
	return n > 0 ? 1 : -1;
}

/* The same for what is taken out: 1: all of it. */
static int
empty(struct cli_flow *flow, int fd)
{
	ssize_t n;

	while (!is_empty(flow)) {
		n = write(fd, flow->data + flow->from, flow->to - flow->from);
		if (n == -1 && errno == EAGAIN)
			return 0;
		if (n == -1 && errno != EINTR)
			return -1;
		if (n > 0)
			flow->from += (size_t)n;
	}
	return 1;
}

/* Does the command's terminal put a carriage return before each newline? */
static int
adds_returns(const struct cli_relay *relay)
{
	struct termios modes;

	return tcgetattr(relay->master, &modes) == 0 &&
	    (modes.c_oflag & (OPOST | ONLCR)) == (OPOST | ONLCR);
}

/* The user's terminal does so too: one is taken out. */
static void
strip_returns(struct cli_flow *flow)
{
	size_t from, to;

	for (from = to = flow->from; from < flow->to; from++)
		if (flow->data[from] != '\r' || from + 1 == flow->to ||
		    flow->data[from + 1] != '\n')
			flow->data[to++] = flow->data[from];
	flow->to = to;
}

/* Where other commands may write to the user's terminal as well, it processes
 * output as long as the command's does, and where the command's does not, then
 * not either. */
static void
set_processing(struct cli_relay *relay, int on)
{
	struct termios modes;

	if (relay->ground == CONTAIN_BACKGROUND || relay->processes == on ||
	    tcgetattr(relay->tty, &modes) == -1)
		return;
	modes.c_oflag &= ~(tcflag_t)OPOST;
	if (on)
		modes.c_oflag |= OPOST;
	tcsetattr(relay->tty, TCSANOW, &modes);
	relay->processes = on;
}

/* Keys that were typed before the user's terminal was raw have been echoed by
 * it, and are not to be once more. */
static void
skip_echo(struct cli_relay *relay)
{
	struct cli_flow *out = relay->out, *echo = relay->echo;

	while (!is_empty(echo) && !is_empty(out)) {
		if (out->data[out->from] != echo->data[echo->from]) {
			echo->from = echo->to;
			return;
		}
		out->from++;
		echo->from++;
	}
}

/* What the command's terminal is about to echo for these keys.  Nothing where
 * that is not as plain as the keys are. */
static void
expect_echo(struct cli_relay *relay)
{
	const struct cli_flow *in = relay->in;
	struct cli_flow *echo = relay->echo;
	struct termios modes;
	size_t i;

	echo->from = echo->to = 0;
	if (tcgetattr(relay->master, &modes) == -1 ||
	    (modes.c_lflag & (ECHO | ICANON)) != (ECHO | ICANON) ||
	    !(modes.c_iflag & ICRNL) || !adds_returns(relay))
		return;
	for (i = 0; i < in->to && echo->to + 2 < sizeof(echo->data); i++) {
		if ((unsigned char)in->data[i] >= ' ' && in->data[i] != 0x7f) {
			echo->data[echo->to++] = in->data[i];
		} else if (in->data[i] == '\r' || in->data[i] == '\n') {
			echo->data[echo->to++] = '\r';
			echo->data[echo->to++] = '\n';
		} else {
			echo->to = 0;
			return;
		}
	}
}

/* Unprocessed, every byte comes out as it is.  Processed only what surely was
 * by the command's terminal: all that is there was written since then. */
static int
fill_out(struct cli_relay *relay)
{
	int did = relay->is_whole || adds_returns(relay), got;

	got = fill(relay->out, relay->master);
	skip_echo(relay);
	if (relay->is_whole && relay->ground == CONTAIN_FOREGROUND)
		return got;
	did = did && adds_returns(relay);
	if (!did || got == 0)
		set_processing(relay, did);
	if (got == 1 && did && relay->processes)
		strip_returns(relay->out);
	return got;
}

/* Nobody can see it any more; the command must not wait for that. */
static void
hang_up(struct cli_relay *relay)
{
	relay->has_hung_up = 1;
	relay->in->from = relay->in->to = 0;
	relay->out->from = relay->out->to = 0;
}

/* 1: go on; 0: nothing more for now. */
static int
copy_out_once(struct cli_relay *relay)
{
	int got = 1;

	if (is_empty(relay->out)) {
		got = fill_out(relay);
		if (got == -1)
			relay->is_drained = 1;	/* the warden has died */
		if (got != 1)
			return 0;
	}
	if (relay->has_hung_up)
		relay->out->from = relay->out->to;
	else
		got = empty(relay->out, relay->tty);
	if (got == -1)
		hang_up(relay);
	return got != 0;
}

static void
copy_out(struct cli_relay *relay)
{
	int round;

	for (round = 0; round < ROUNDS && !relay->is_drained; round++)
		if (!copy_out_once(relay))
			return;
}

/* Which signal do these keys raise in the command's process group, if any?  It
 * is not raised in ours, see cli_relay_typed. */
static void
note_keys(struct cli *cli)
{
	const struct cli_flow *in = cli->relay.in;
	struct termios modes;

	if (tcgetattr(cli->relay.master, &modes) == -1 ||
	    !(modes.c_lflag & ISIG) ||
	    tcgetpgrp(cli->relay.master) != cli->relay.command)
		return;
	if (memchr(in->data, modes.c_cc[VINTR], in->to) != NULL)
		cli->relay.typed = SIGINT;
	else if (memchr(in->data, modes.c_cc[VQUIT], in->to) != NULL)
		cli->relay.typed = SIGQUIT;
}

/* Reading fails in the background, which we may be in without having been
 * told. */
static void
read_keys(struct cli *cli, struct contain_group *group)
{
	if (fill(cli->relay.in, cli->relay.tty) == 1) {
		/* at once: somebody waits for the echo */
		empty(cli->relay.in, cli->relay.master);
		note_keys(cli);
	} else if (!ctn_os_in_foreground(cli->relay.tty))
		cli_relay_look(cli, group);
}

static void
set_ground(struct cli *cli, struct contain_group *group,
    enum contain_ground ground)
{
	struct cli_relay *relay = &cli->relay;
	struct termios modes;
	int echoes = 0;

	if (relay->master != -1 && ground == CONTAIN_FOREGROUND &&
	    tcgetattr(relay->tty, &modes) == 0)
		echoes = (modes.c_lflag & ECHO) != 0;
	relay->ground = ground;
	relay->processes = ground == CONTAIN_BACKGROUND || !relay->is_whole;
	contain_set_ground(group, ground, NULL);
	if (!echoes || !is_empty(relay->in) ||
	    fill(relay->in, relay->tty) != 1)
		return;
	note_keys(cli);
	expect_echo(relay);
}

void
cli_relay_begin(struct cli *cli, struct contain_group *group)
{
	cli->relay.master = contain_terminal(group);
	cli->relay.command = contain_pid(group);
	cli->relay.processes = 1;
	if (cli->relay.master != -1 &&
	    cli->relay.ground == CONTAIN_FOREGROUND)
		set_ground(cli, group, CONTAIN_FOREGROUND);
}

static short
wants(int yes, short event)
{
	if (!yes)
		return 0;
	return event;
}

void
cli_relay_poll(const struct cli *cli, struct pollfd fds[CLI_RELAY_FDS])
{
	const struct cli_relay *relay = &cli->relay;
	int reads;

	memset(fds, 0, CLI_RELAY_FDS * sizeof(*fds));
	fds[0].fd = fds[1].fd = -1;
	if (relay->master == -1)
		return;
	reads = relay->ground == CONTAIN_FOREGROUND && is_empty(relay->in);
	fds[0].fd = relay->has_hung_up ? -1 : relay->tty;
	fds[0].events = (short)(wants(reads, POLLIN) |
	    wants(!is_empty(relay->out), POLLOUT));
	fds[1].fd = relay->is_drained ? -1 : relay->master;
	fds[1].events = (short)(wants(is_empty(relay->out), POLLIN) |
	    wants(!is_empty(relay->in), POLLOUT));
	if (fds[1].events == 0)
		fds[1].fd = -1;
}

int
cli_relay_move(struct cli *cli, struct contain_group *group,
    const struct pollfd fds[CLI_RELAY_FDS])
{
	struct cli_relay *relay = &cli->relay;
	int had_hung_up = relay->has_hung_up;

	if (relay->master == -1)
		return 0;
	if (fds[0].revents & (POLLHUP | POLLERR | POLLNVAL))
		hang_up(relay);
	else if (fds[0].revents & POLLIN)
		read_keys(cli, group);
	if (!is_empty(relay->in) && empty(relay->in, relay->master) == -1)
		relay->in->from = relay->in->to;
	if ((fds[1].revents & ~POLLOUT) != 0 || !is_empty(relay->out))
		copy_out(relay);
	return relay->has_hung_up && !had_hung_up;
}

void
cli_relay_look(struct cli *cli, struct contain_group *group)
{
	enum contain_ground ground = CONTAIN_BACKGROUND;

	if (cli->relay.tty == -1 || cli->relay.has_hung_up)
		return;
	if (cli->relay.wants_ground && ctn_os_in_foreground(cli->relay.tty))
		ground = CONTAIN_FOREGROUND;
	if (cli->relay.ground == ground && ground == CONTAIN_BACKGROUND)
		return;
	set_ground(cli, group, ground);
}

int
cli_relay_ask(struct cli *cli, struct contain_group *group)
{
	if (cli->relay.master == -1)
		return 0;
	cli->relay.wants_ground = 1;
	if (cli->relay.ground == CONTAIN_FOREGROUND)
		return 0;
	cli_relay_look(cli, group);
	return cli->relay.ground == CONTAIN_FOREGROUND;
}

void
cli_relay_leave(struct cli *cli, struct contain_group *group)
{
	if (cli->relay.master != -1)
		copy_out(&cli->relay);
	set_ground(cli, group, CONTAIN_BACKGROUND);
}

int
cli_relay_last(struct cli *cli, const struct pollfd fds[CLI_RELAY_FDS])
{
	struct cli_relay *relay = &cli->relay;

	relay->in->from = relay->in->to;
	if (fds[0].revents & (POLLHUP | POLLERR | POLLNVAL))
		hang_up(relay);
	while (!relay->is_drained && copy_out_once(relay))
		continue;
	return !relay->has_hung_up && !is_empty(relay->out);
}

int
cli_relay_typed(const struct cli *cli, int signum)
{
	return cli->relay.master != -1 && cli->relay.typed == signum;
}
