/*
 * launch.c: starting contain as this user, in this mode.
 *
 *	worker ── contain			most endings
 *	worker ── parent ── contain		where the parent's end matters
 *
 * Between worker or parent and contain lies clone3 with a new PID namespace in
 * adopted mode, else fork.  The worker is a subreaper, so contain becomes its
 * child when the parent has died.
 */
#include "config.h"

#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <linux/sched.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "conformance.h"
#include "os/linux_numbers.h"

enum { WORDS_MAX = 48 };

struct words {
	char *word[WORDS_MAX];
	size_t count;
	char text[512];
	size_t used;
};

static void
add(struct words *w, char *word)
{
	if (w->count < WORDS_MAX - 1)
		w->word[w->count++] = word;
	w->word[w->count] = NULL;
}

static void __attribute__((format(printf, 2, 3)))
addf(struct words *w, const char *format, ...)
{
	va_list ap;
	int n;

	va_start(ap, format);
	n = vsnprintf(w->text + w->used, sizeof(w->text) - w->used, format, ap);
	va_end(ap);
	if (n < 0 || (size_t)n >= sizeof(w->text) - w->used)
		return;
	add(w, w->text + w->used);
	w->used += (size_t)n + 1;
}

static void
add_contain(struct words *w, const struct cell *c)
{
	unsigned flags = c->ending->flags;

	add(w, c->setup->host != NULL ? c->setup->host : c->setup->contain);
	addf(w, "--backend=%s", c->setup->backend);
	if (strcmp(c->setup->backend, "pty") == 0) {
		addf(w, "--reach=%s", c->setup->reach);
		addf(w, "--grace=20ms");
	}
	if (c->deaf)
		addf(w, "--kill-after=100ms");
	if (flags & ENDING_TIMEOUT)
		addf(w, "--timeout=%lldms", (long long)c->timeout_ms);
	if (flags & ENDING_DIE_WITH_PARENT)
		addf(w, "--die-with-parent");
	if (flags & (ENDING_LIFELINE_IN | ENDING_LIFELINE_OUT))
		addf(w, "--lifeline-fd=%d", c->lifeline[END_ITS]);
	addf(w, "--");
}

static void
command_line(struct words *w, struct cell *c)
{
	char **word;

	memset(w, 0, sizeof(*w));
	for (word = c->setup->tool; word != NULL && *word != NULL; word++)
		add(w, *word);
	if (c->setup->tool == NULL)
		add_contain(w, c);
	add(w, c->setup->survivor);
	addf(w, "command");
	add(w, c->tag);
	addf(w, "%d", c->report[END_ITS]);
	addf(w, "%d", c->order[END_ITS]);
	addf(w, "%s", c->kind->name);
	addf(w, "%s", c->deaf ? "deaf" : "hearing");
	add(w, c->setup->contain);
}

/* ---- in the process that becomes contain ------------------------- */

static _Noreturn void
die(const char *what)
{
	dprintf(STDERR_FILENO, "conformance: %s: %s\n", what, strerror(errno));
	_exit(126);
}

int
launch_become(enum who who)
{
	if (who != WHO_NOBODY)
		return 0;
	if (setgroups(0, NULL) == -1 ||
	    setresgid(NOBODY, NOBODY, NOBODY) == -1)
		return -1;
	return setresuid(NOBODY, NOBODY, NOBODY);
}

static void
fresh_proc(void)
{
	if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == -1)
		die("making mounts private");
	if (mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC,
	    NULL) == -1)
		die("mounting /proc");
}

static void
stdio(const struct cell *c)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	int slave = c->terminal[END_ITS];

	dup2(slave != -1 ? slave : null, STDIN_FILENO);
	dup2(slave != -1 ? slave : c->output, STDOUT_FILENO);
	dup2(c->output, STDERR_FILENO);
}

/* As a shell would: the job puts itself into the foreground. */
static void
foreground(const struct cell *c)
{
	sigset_t set, old;

	sigemptyset(&set);
	sigaddset(&set, SIGTTOU);
	sigprocmask(SIG_BLOCK, &set, &old);
	if (tcsetpgrp(c->terminal[END_ITS], getpid()) == -1)
		die("tcsetpgrp");
	sigprocmask(SIG_SETMASK, &old, NULL);
}

static void
lead_session(const struct cell *c)
{
	if (setsid() == -1)
		die("setsid");
	if (ioctl(c->terminal[END_ITS], TIOCSCTTY, 0) == -1)
		die("TIOCSCTTY");
}

static void
join_job(const struct cell *c)
{
	unsigned flags = c->ending->flags;

	if ((flags & ENDING_TERMINAL) && !(flags & ENDING_PARENT)) {
		lead_session(c);
		return;
	}
	if (setpgid(0, 0) == -1)
		die("setpgid");
	if (flags & ENDING_TERMINAL)
		foreground(c);
}

static void
inherit(int fd)
{
	if (fd != -1)
		fcntl(fd, F_SETFD, 0);
}

/* gate: one byte to go, end-of-file to give up. */
static _Noreturn void
contain_main(struct cell *c, int gate)
{
	struct words w;
	char byte;

	if (read(gate, &byte, 1) != 1)
		_exit(126);
	if (c->run.mode == MODE_ADOPTED)
		fresh_proc();
	stdio(c);
	join_job(c);
	if (launch_become(c->run.who) == -1)
		die("becoming nobody");
	inherit(c->report[END_ITS]);
	inherit(c->order[END_ITS]);
	inherit(c->lifeline[END_ITS]);
	command_line(&w, c);
	execvp(w.word[0], w.word);
	die(w.word[0]);
}

/* ---- in the process that starts it ------------------------------- */

static int
write_proc(pid_t pid, const char *name, const char *text)
{
	char path[64];
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
	if ((fd = open(path, O_WRONLY | O_CLOEXEC)) == -1)
		return -1;
	n = write(fd, text, strlen(text));
	close(fd);
	return n == (ssize_t)strlen(text) ? 0 : -1;
}

/* One user and one group, which stay what they are. */
static int
map_ids(pid_t pid, enum who who)
{
	uid_t uid = who == WHO_NOBODY ? NOBODY : geteuid();
	gid_t gid = who == WHO_NOBODY ? NOBODY : getegid();
	char text[64];

	if (who == WHO_SELF && write_proc(pid, "setgroups", "deny") == -1)
		return -1;
	snprintf(text, sizeof(text), "%u %u 1", uid, uid);
	if (write_proc(pid, "uid_map", text) == -1)
		return -1;
	snprintf(text, sizeof(text), "%u %u 1", gid, gid);
	return write_proc(pid, "gid_map", text);
}

/* As fork, but the child is PID 1 of a namespace. */
static pid_t
fork_init(enum who who)
{
	struct clone_args args;

	memset(&args, 0, sizeof(args));
	args.flags = CLONE_NEWPID | CLONE_NEWNS;
	if (who != WHO_ROOT)
		args.flags |= CLONE_NEWUSER;
	args.exit_signal = SIGCHLD;
	return (pid_t)syscall(SYS_clone3, &args, sizeof(args));
}

static pid_t
start_contain(struct cell *c)
{
	int adopted = c->run.mode == MODE_ADOPTED;
	int gate[2], go;
	pid_t pid;

	if (pipe2(gate, O_CLOEXEC) == -1)
		return -1;
	pid = adopted ? fork_init(c->run.who) : fork();
	if (pid == 0) {
		close(gate[1]);
		contain_main(c, gate[0]);
	}
	close(gate[0]);
	go = pid > 0 && (!adopted || c->run.who == WHO_ROOT ||
	    map_ids(pid, c->run.who) == 0);
	if (pid > 0 && (!go || write(gate[1], "g", 1) != 1))
		pid = -1;	/* the child sees end-of-file and ends */
	close(gate[1]);
	return pid;
}

/* It may hold nothing that the ending takes away. */
static _Noreturn void
parent_main(struct cell *c, int answer)
{
	pid_t pid;

	if (c->ending->flags & ENDING_TERMINAL)
		lead_session(c);
	pid = start_contain(c);
	cell_close(c, END_MINE);
	cell_close(c, END_ITS);
	if (write(answer, &pid, sizeof(pid)) != sizeof(pid))
		_exit(1);
	for (;;)
		pause();
}

static int
launch_under_parent(struct cell *c)
{
	int answer[2];
	ssize_t n;

	if (pipe2(answer, O_CLOEXEC) == -1)
		return -1;
	if ((c->parent = fork()) == 0)
		parent_main(c, answer[1]);
	close(answer[1]);
	n = read(answer[0], &c->host, sizeof(c->host));
	close(answer[0]);
	if (n == sizeof(c->host) && c->host > 0)
		return 0;
	c->host = 0;
	return -1;
}

int
launch(struct cell *c)
{
	pid_t pid;

	if (c->ending->flags & ENDING_PARENT)
		return launch_under_parent(c);
	if ((pid = start_contain(c)) == -1)
		return -1;
	c->host = pid;
	return 0;
}
