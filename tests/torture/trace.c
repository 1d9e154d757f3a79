/*
 * trace.c: one run under ptrace, with one thing done to it.
 *
 * The tracer is PID 1 and adopts orphans, so that one loop around waitpid sees
 * every stop and every end, and is over when nobody is left.
 */
#include "config.h"

#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "torture.h"

#define DEADLINE_MS 20000	/* a run takes a few milliseconds */
#define STOPPED_MS 3		/* between SIGSTOP and SIGKILL */
#define NEVER INT64_MAX
#define SYSCALL_STOP (SIGTRAP | 0x80)
#define OPTIONS (PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE | \
	PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACEEXEC | \
	PTRACE_O_EXITKILL)

enum { TRACEES_MAX = 32 };

struct tracee {
	pid_t pid;		/* 0: no such */
	int role;		/* -1: its parent has not told yet */
	int is_waiting;		/* stopped until that */
	int errnum;		/* what its call is to return */
	int fails_ever;
};

struct run {
	const struct plan *plan;
	struct trace *trace;
	struct tracee tracees[TRACEES_MAX];
	pid_t host, warden;
	unsigned matches;
	int64_t deadline, kill_at;
	pid_t to_kill;
};

const char *const role_names[ROLES] = { "host", "warden", "command" };

const char *const deed_names[DEEDS] = { "nothing", "fail", "fail-ever", "KILL",
	"TERM", "STOP+KILL", "KILL-both", "freeze" };

static int64_t
now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* ---- who is alive ---------------------------------------------------- */

/* "PID (name) state"; 0 if that one is dead. */
static int
describe(const char *pid, char *text, size_t size)
{
	char path[64], stat[256], *end;
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/%.20s/stat", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd == -1)
		return 0;
	n = read(fd, stat, sizeof(stat) - 1);
	close(fd);
	stat[n > 0 ? n : 0] = '\0';
	end = strrchr(stat, ')');
	if (end == NULL || end[1] == '\0' || end[2] == 'Z' || end[2] == 'X')
		return 0;
	snprintf(text, size, "%.*s ", (int)(end + 3 - stat), stat);
	return 1;
}

static int
list_alive(char *who, size_t size)
{
	const struct dirent *entry;
	size_t used = 0;
	int count = 0;
	char text[64];
	DIR *dir;

	who[0] = '\0';
	dir = opendir("/proc");
	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		if (atol(entry->d_name) < 2 ||
		    !describe(entry->d_name, text, sizeof(text)))
			continue;
		count++;
		used = strlen(who);
		snprintf(who + used, size - used, "%s", text);
	}
	if (dir != NULL)
		closedir(dir);
	return count;
}

/* ---- tracees --------------------------------------------------------- */

static struct tracee *
find(struct run *run, pid_t pid)
{
	int i;

	for (i = 0; i < TRACEES_MAX; i++)
		if (run->tracees[i].pid == pid)
			return &run->tracees[i];
	return NULL;
}

static struct tracee *
add(struct run *run, pid_t pid)
{
	struct tracee *tracee = find(run, 0);

	if (tracee == NULL)
		abort();
	memset(tracee, 0, sizeof(*tracee));
	tracee->pid = pid;
	tracee->role = -1;
	return tracee;
}

static void
go_on(pid_t pid, int signum)
{
	ptrace(PTRACE_SYSCALL, pid, NULL, signum);
}

static void
let_go(struct tracee *tracee)
{
	ptrace(PTRACE_DETACH, tracee->pid, NULL, NULL);
	tracee->pid = 0;
}

/* A child that its parent has told of, before or after its own first stop. */
static void
adopt(struct run *run, const struct tracee *parent, pid_t pid)
{
	struct tracee *tracee = find(run, pid);

	if (tracee == NULL)
		tracee = add(run, pid);
	tracee->role = parent->role + 1;
	if (tracee->role == ROLE_WARDEN)
		run->warden = pid;
	if (tracee->is_waiting)
		go_on(pid, 0);
	tracee->is_waiting = 0;
}

/* ---- deeds ----------------------------------------------------------- */

static void
fail_call(struct run *run, struct tracee *tracee, long call,
    const uint64_t args[6])
{
	int errnum = run->plan->errnum;

	if (errnum == ERRNO_SHORT) {
		run->trace->was_done |= poke_shorten(tracee->pid, call,
		    args) == 0;
		return;
	}
	run->trace->was_done = 1;
	tracee->errnum = errnum;
	if (call != SYS_close)
		poke_skip(tracee->pid);
}

/* A warden that nobody has released yet, and that is stopped, stays so: it runs
 * nothing and ends when it is continued. */
static void
freeze(struct run *run)
{
	if (run->trace->count[ROLE_COMMAND] == 0) {
		run->trace->was_done = 0;
		return;
	}
	if (run->warden > 0)
		kill(run->warden, SIGSTOP);
	kill(run->host, SIGKILL);
}

static void
do_deed(struct run *run, struct tracee *tracee, long call,
    const uint64_t args[6])
{
	const struct plan *plan = run->plan;

	run->trace->was_done |= plan->deed >= DEED_KILL;
	switch (plan->deed) {
	case DEED_FAIL_EVER:
		tracee->fails_ever = 1;
		fail_call(run, tracee, call, args);
		break;
	case DEED_FAIL:
		fail_call(run, tracee, call, args);
		break;
	case DEED_KILL:
		kill(tracee->pid, SIGKILL);
		break;
	case DEED_TERM:
		kill(tracee->pid, SIGTERM);
		break;
	case DEED_STOP_KILL:
		kill(tracee->pid, SIGSTOP);
		run->to_kill = tracee->pid;
		break;
	case DEED_KILL_BOTH:
		kill(run->host, SIGKILL);
		if (run->warden > 0)
			kill(run->warden, SIGKILL);
		break;
	case DEED_FREEZE:
		freeze(run);
		break;
	default:
		break;
	}
}

static void
enter_call(struct run *run, struct tracee *tracee, long call,
    const uint64_t args[6])
{
	const struct plan *plan = run->plan;
	struct trace *trace = run->trace;
	unsigned *count = &trace->count[tracee->role];

	if (*count < CALLS_MAX)
		trace->calls[tracee->role][(*count)++] = call;
	if (call == SYS_sched_yield)	/* host.c looks at what was left */
		tracee->fails_ever = 0;
	if (plan->deed == DEED_NONE || plan->role != (enum role)tracee->role ||
	    (plan->call != -1 && plan->call != call))
		return;
	if (++run->matches == plan->nth)
		do_deed(run, tracee, call, args);
	else if (tracee->fails_ever)
		fail_call(run, tracee, call, args);
}

static void
see_call(struct run *run, struct tracee *tracee)
{
	struct __ptrace_syscall_info info;

	if (ptrace(PTRACE_GET_SYSCALL_INFO, tracee->pid, sizeof(info),
	    &info) == -1)
		return;
	if (info.op == PTRACE_SYSCALL_INFO_ENTRY) {
		enter_call(run, tracee, (long)info.entry.nr, info.entry.args);
	} else if (tracee->errnum != 0) {
		poke_result(tracee->pid, tracee->errnum);
		tracee->errnum = 0;
	}
}

/* ---- stops ----------------------------------------------------------- */

static void
see_child(struct run *run, const struct tracee *parent)
{
	unsigned long pid;

	if (ptrace(PTRACE_GETEVENTMSG, parent->pid, NULL, &pid) == 0)
		adopt(run, parent, (pid_t)pid);
	go_on(parent->pid, 0);
}

/* From here on it is the user's program, unless the warden is one, too. */
static void
see_exec(struct run *run, struct tracee *tracee)
{
	if (tracee->role != ROLE_COMMAND) {
		go_on(tracee->pid, 0);
		return;
	}
	if (run->to_kill == tracee->pid)
		run->kill_at = now_ms() + STOPPED_MS;
	let_go(tracee);
}

/* Its first stop, or a SIGSTOP that has taken effect, or its end. */
static void
see_stop(struct run *run, struct tracee *tracee, int signum)
{
	if (tracee->role == -1) {
		tracee->is_waiting = 1;
		return;
	}
	if (signum == SIGTRAP) {
		go_on(tracee->pid, 0);
		return;
	}
	if (run->to_kill == tracee->pid)
		run->kill_at = now_ms() + STOPPED_MS;
	ptrace(PTRACE_LISTEN, tracee->pid, NULL, NULL);
}

static void
see(struct run *run, pid_t pid, int status)
{
	struct tracee *tracee = find(run, pid);
	int event = status >> 16;

	if (tracee == NULL)
		tracee = add(run, pid);
	if (WSTOPSIG(status) == SYSCALL_STOP) {
		see_call(run, tracee);
		if (run->trace->count[tracee->role] < CALLS_MAX ||
		    tracee->errnum != 0)
			go_on(pid, 0);
		else
			let_go(tracee);	/* a scan of all pids, say */
	} else if (event == PTRACE_EVENT_CLONE || event == PTRACE_EVENT_FORK ||
	    event == PTRACE_EVENT_VFORK)
		see_child(run, tracee);
	else if (event == PTRACE_EVENT_EXEC)
		see_exec(run, tracee);
	else if (event == PTRACE_EVENT_STOP)
		see_stop(run, tracee, WSTOPSIG(status));
	else
		go_on(pid, WSTOPSIG(status));
}

/* A host that was not killed has waited for all. */
static void
see_end(struct run *run, pid_t pid, int status)
{
	struct tracee *tracee = find(run, pid);
	struct trace *trace = run->trace;

	if (tracee != NULL)
		tracee->pid = 0;
	if (pid == run->warden)
		run->warden = 0;
	if (pid != run->host)
		return;
	trace->has_ended = 1;
	trace->status = status;
	if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL)
		trace->is_late = list_alive(trace->who,
		    sizeof(trace->who)) > 0;
}

/* ---- the loop -------------------------------------------------------- */

/* The next that waitpid tells; 0 when it is time for something, -1 when nobody
 * is left. */
static pid_t
next_event(const struct run *run, int *status)
{
	int64_t until = run->kill_at < run->deadline ? run->kill_at :
	    run->deadline;
	struct timespec ts;
	int64_t left;
	sigset_t set;
	pid_t pid;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	while ((pid = waitpid(-1, status, WNOHANG | __WALL)) == 0) {
		left = until - now_ms();
		if (left <= 0)
			return 0;
		ts.tv_sec = (time_t)(left / 1000);
		ts.tv_nsec = (long)(left % 1000) * 1000000;
		sigtimedwait(&set, NULL, &ts);
	}
	return pid;
}

static void
give_up(struct run *run)
{
	struct trace *trace = run->trace;

	trace->survivors = list_alive(trace->who, sizeof(trace->who));
	trace->is_hung = !trace->has_ended;
	kill(-1, SIGKILL);
	while (waitpid(-1, NULL, __WALL) > 0 || errno == EINTR)
		continue;
}

static void
follow(struct run *run)
{
	int status;
	pid_t pid;

	while ((pid = next_event(run, &status)) != -1) {
		if (pid > 0 && WIFSTOPPED(status)) {
			see(run, pid, status);
		} else if (pid > 0) {
			see_end(run, pid, status);
		} else if (run->kill_at <= now_ms()) {
			run->kill_at = NEVER;
			kill(run->to_kill, SIGKILL);
		} else {
			give_up(run);
			return;
		}
	}
}

pid_t
fork_patiently(void)
{
	pid_t pid;

	while ((pid = fork()) == -1 && (errno == EAGAIN || errno == ENOMEM))
		poll(NULL, 0, 10);
	return pid;
}

static pid_t
start(launch_fn *launch, void *arg)
{
	int gate[2];
	pid_t pid;
	char go;

	if (pipe2(gate, O_CLOEXEC) == -1)
		abort();
	pid = fork_patiently();
	if (pid == 0) {
		close(gate[1]);
		if (read(gate[0], &go, 1) == 1)
			launch(arg);
		_exit(99);
	}
	close(gate[0]);
	if (ptrace(PTRACE_SEIZE, pid, NULL, OPTIONS) == -1 ||
	    write(gate[1], "", 1) != 1)
		abort();
	close(gate[1]);
	return pid;
}

static int64_t
deadline_ms(void)
{
	const char *text = getenv("TORTURE_DEADLINE_MS");

	return text != NULL ? atol(text) : DEADLINE_MS;
}

void
trace_run(const struct plan *plan, launch_fn *launch, void *arg,
    struct trace *trace)
{
	static struct run run;

	memset(trace, 0, sizeof(*trace));
	memset(&run, 0, sizeof(run));
	run.plan = plan;
	run.trace = trace;
	run.deadline = now_ms() + deadline_ms();
	run.kill_at = NEVER;
	run.host = start(launch, arg);
	add(&run, run.host)->role = ROLE_HOST;
	follow(&run);
}
