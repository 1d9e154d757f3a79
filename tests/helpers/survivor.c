/*
 * survivor.c: a command, and what it leaves behind to survive it.
 *
 *	survivor command TAG REPORT_FD ORDER_FD KIND hearing|deaf CONTAIN
 *	survivor ROLE TAG REPORT_FD CONTAIN
 *
 * The command makes one survivor of the kind (tests/conformance/kinds.h),
 * reports, and then does what it is told.  Each process carries TAG in argv, by
 * which the driver finds it, and reports a byte when it is in place.
 */
#include "config.h"

#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../conformance/kinds.h"

static struct {
	char *self;
	char *tag;
	char *report;		/* the descriptor, as text */
	char *contain;
} me;

static _Noreturn void
die(const char *what)
{
	fprintf(stderr, "survivor: %s: %s\n", what, strerror(errno));
	_exit(99);
}

static void
report(char byte)
{
	if (write(atoi(me.report), &byte, 1) != 1)
		die("report");
}

static _Noreturn void
rest(void)
{
	for (;;)
		pause();
}

static void
ignore_everything(void)
{
	int signum;

	for (signum = 1; signum <= SIGRTMAX; signum++)
		signal(signum, SIG_IGN);	/* fails for a few: fine */
}

static _Noreturn void
become(const char *role)
{
	char *argv[] = { me.self, NULL, me.tag, me.report, me.contain, NULL };

	argv[1] = strdup(role);
	execv(me.self, argv);
	die(me.self);
}

static void
fork_daemon(const char *role)
{
	pid_t pid = fork();

	if (pid == 0) {
		setsid();
		if (fork() != 0)
			_exit(0);
		become(role);
	}
	if (pid > 0)
		waitpid(pid, NULL, 0);
}

/* ---- roles: what a survivor does --------------------------------- */

static void
sleeper(void)
{
	report(REPORT_IN_PLACE);
	rest();
}

static void
nohup(void)
{
	signal(SIGHUP, SIG_IGN);
	sleeper();
}

static void
deaf(void)
{
	ignore_everything();
	sleeper();
}

static void
stopped(void)
{
	report(REPORT_IN_PLACE);
	kill(getpid(), SIGSTOP);
	rest();
}

/* No mark in the environment, no descriptor that leads anywhere. */
static void
amnesiac(void)
{
	char *argv[] = { me.self, NULL, me.tag, me.report, me.contain, NULL };
	char *nothing[] = { NULL };

	argv[1] = strdup("blank");
	execve(me.self, argv, nothing);
	die(me.self);
}

static void
blank(void)
{
	struct rlimit files = { 1024, 1024 };
	int fd;

	report(REPORT_IN_PLACE);
	getrlimit(RLIMIT_NOFILE, &files);
	for (fd = 0; fd < (int)files.rlim_cur && fd < 65536; fd++)
		close(fd);
	rest();
}

static void
hydra(void)
{
	sigset_t set;
	int signum;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	report(REPORT_IN_PLACE);
	for (;;) {
		if (sigwait(&set, &signum) != 0)
			continue;
		fork_daemon("deaf");
		fork_daemon("deaf");
	}
}

static void
hopper(void)
{
	report(REPORT_IN_PLACE);
	for (;;) {
		poll(NULL, 0, 2);
		if (fork() > 0)
			_exit(0);
	}
}

static void
nested_contain(void)
{
	char *argv[] = { me.contain, NULL, me.self, NULL, me.tag, me.report,
	    me.contain, NULL };

	if (strcmp(me.contain, "-") == 0) {
		report(REPORT_IMPOSSIBLE);
		rest();
	}
	argv[1] = strdup("--");
	argv[3] = strdup("deaf");
	execv(me.contain, argv);
	die(me.contain);
}

/* The daemon inside outlives nobody unless PID 1 does: both try. */
static void
nested_namespace(void)
{
	pid_t pid;

	if (unshare(CLONE_NEWPID) == -1 &&
	    unshare(CLONE_NEWUSER | CLONE_NEWPID) == -1) {
		report(REPORT_IMPOSSIBLE);
		rest();
	}
	pid = fork();
	if (pid == -1)
		die("fork");
	if (pid > 0)
		_exit(0);
	fork_daemon("deaf");
	deaf();
}

/* ---- the command ------------------------------------------------- */

/* SIGSEGV from the kernel: cannot be ignored, and is no undefined behaviour
 * that a sanitizer would report in its own way. */
static _Noreturn void
crash(void)
{
	char *page = mmap(NULL, 1, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS,
	    -1, 0);

	signal(SIGSEGV, SIG_DFL);
	*(volatile char *)page = 1;
	_exit(98);
}

static _Noreturn void
obey(int fd)
{
	char order = 0;
	ssize_t n;

	do
		n = read(fd, &order, 1);
	while (n == -1 && errno == EINTR);
	if (n != 1)
		_exit(97);
	if (order == ORDER_CRASH)
		crash();
	_exit(order == ORDER_EXIT_0 ? 0 : EXIT_N);
}

static _Noreturn void
become_kind(const struct kind *kind)
{
	if (kind->steps & STEP_BACKGROUND)
		setpgid(0, 0);
	if (kind->steps & STEP_SETSID)
		setsid();
	if ((kind->steps & STEP_ORPHAN) && fork() != 0)
		_exit(0);
	become(kind->role);
}

static void
make(const struct kind *kind)
{
	pid_t pid = fork();

	if (pid == -1)
		die("fork");
	if (pid == 0)
		become_kind(kind);
	if (kind->steps & (STEP_ORPHAN | STEP_STOPS))
		waitpid(pid, NULL, WUNTRACED);
}

static void
command(char **argv)
{
	const struct rlimit none = { 0, 0 };
	const struct kind *kind = kind_find(argv[5]);

	if (kind == NULL)
		die(argv[5]);
	setrlimit(RLIMIT_CORE, &none);
	make(kind);
	if (strcmp(argv[6], "deaf") == 0)
		ignore_everything();
	report(REPORT_IN_PLACE);
	obey(atoi(argv[4]));
}

static const struct {
	const char *name;
	void (*run)(void);
} roles[] = {
	{ "sleeper", sleeper },
	{ "nohup", nohup },
	{ "deaf", deaf },
	{ "stopped", stopped },
	{ "amnesiac", amnesiac },
	{ "blank", blank },
	{ "hydra", hydra },
	{ "hopper", hopper },
	{ "contain", nested_contain },
	{ "namespace", nested_namespace }
};

int
main(int argc, char **argv)
{
	size_t i;

	if (argc < 5) {
		fprintf(stderr, "survivor: see its source\n");
		return 99;
	}
	me.self = argv[0];
	me.tag = argv[2];
	me.report = argv[3];
	me.contain = argv[argc - 1];
	if (strcmp(argv[1], "command") == 0 && argc == 8)
		command(argv);
	for (i = 0; i < sizeof(roles) / sizeof(roles[0]); i++)
		if (strcmp(roles[i].name, argv[1]) == 0)
			roles[i].run();
	fprintf(stderr, "survivor: no role %s\n", argv[1]);
	return 99;
}
