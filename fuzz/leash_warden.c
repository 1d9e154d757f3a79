/*
 * leash_warden.c: whatever comes from the host's end, in the warden.
 *
 * It ends the group or is ignored, and nobody but the group is signalled: kill(2)
 * is looked at instead of done.  The first byte chooses the state.
 */
#include "config.h"

#include <sys/socket.h>
#include <sys/prctl.h>
#include <sys/types.h>
#include <stdlib.h>

#include "../src/warden.c"

#include "fuzz.h"

static pid_t command;

int __wrap_kill(pid_t pid, int signum);

int
__wrap_kill(pid_t pid, int signum)
{
	FUZZ_HOLDS(pid == command || pid == -command);
	return signum < 0 || signum >= CTN_NSIG ? -1 : 0;
}

static void
nothing(struct ctn_attempt *attempt)
{
	(void)attempt;
}

static void
signal_all(struct ctn_attempt *attempt, int signum)
{
	(void)attempt;
	(void)signum;
}

static int
nobody(struct ctn_attempt *attempt)
{
	(void)attempt;
	return 0;
}

static int
visit(struct ctn_attempt *attempt, size_t looked_at, ctn_member_fn *visitor,
    void *arg)
{
	(void)attempt;
	(void)looked_at;
	(void)visitor;
	(void)arg;
	return 0;
}

static const struct ctn_backend backend = {
	.hang_up = nothing,
	.kill_all = nothing,
	.signal_all = signal_all,
	.anybody_left = nobody,
	.visit = visit,
};

/* A real child, so that its process group can be asked for. */
static void
have_command(void)
{
	if (command != 0)
		return;
	command = fork();
	if (command == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
		setpgid(0, 0);
		for (;;)
			pause();
	}
	setpgid(command, command);
}

static void
begin(struct ctn_life *life, struct ctn_attempt *attempt,
    const struct contain_options *options, unsigned how)
{
	static const enum ctn_life_state states[] = { CTN_RUNNING, CTN_ENDING,
		CTN_LINGERING, CTN_HANGING_UP, CTN_KILLING, CTN_RUNNING,
		CTN_RUNNING, CTN_ENDING };

	memset(life, 0, sizeof(*life));
	memset(attempt, 0, sizeof(*attempt));
	attempt->backend = &backend;
	attempt->options = options;
	attempt->slave_fd = attempt->host_end.fd = -1;
	attempt->guards = how >> 3 & 1;
	attempt->relays = how >> 4 & 1;
	life->attempt = attempt;
	life->state = states[how & 7];
	life->deadline_ms = CTN_NEVER;
	life->host_watch = life->hangup_watch = -1;
	life->command = life->state <= CTN_ENDING ? command : 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct contain_options options;
	static struct ctn_attempt attempt;
	static struct ctn_life life;
	int fds[2];

	have_command();
	if (size < 1 || size > 8192 ||
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) == -1)
		return 0;
	options.terminal.fd = -1;
	options.kill_after_ms = 5000;
	options.grace_ms = data[0] & 0x20 ? 1000 : 0;
	begin(&life, &attempt, &options, data[0]);
	attempt.warden_end.fd = fds[0];
	if (write(fds[1], data + 1, size - 1) == (ssize_t)size - 1)
		listen_to_host(&life);
	FUZZ_HOLDS(life.state > CTN_GATED && life.state < CTN_LIFE_STATES);
	FUZZ_HOLDS(life.command == command || life.command == 0);
	/* the host is gone: the end begins, whatever was said before */
	close(fds[1]);
	if (attempt.warden_end.fd != -1)
		listen_to_host(&life);
	FUZZ_HOLDS(life.state >= CTN_HANGING_UP);
	ctn_fd_close(&attempt.warden_end.fd);
	return 0;
}
