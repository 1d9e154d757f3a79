/* test_hosts.c: starting a group, from hosts of every kind */
#include "config.h"

#include <sys/mman.h>
#include <sys/wait.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifdef __linux__
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>

#include "os/linux_numbers.h"
#endif

#include "os/os.h"
#include "unit.h"

static struct contain_error err;

static volatile sig_atomic_t chld_count;

static void
count_chld(int signum)
{
	(void)signum;
	chld_count++;
}

/* A host that reaps all its children and counts SIGCHLD: it does not see the
 * warden, dead or alive, and takes nothing from the library. */
static void
be_waiting_host(void *arg)
{
	struct contain_options *options = contain_options_new();
	struct contain_result result;
	struct contain_group *group;
	struct sigaction action;
	struct pollfd fd;
	struct unit_talk talk;
	int status;
	pid_t child;

	(void)arg;
	memset(&action, 0, sizeof(action));
	action.sa_handler = count_chld;
	sigaction(SIGCHLD, &action, NULL);
	unit_talk_open(&talk);
	contain_options_set_warden(options, CONTAIN_WARDEN_COPY, NULL);
	group = unit_spawn(options, "read x <&8; exit 5", &talk);
	contain_options_free(options);
	CHECK_INT(waitpid(-1, &status, WNOHANG), -1);
	CHECK_INT(errno, ECHILD);
	unit_say(&talk, "");
	fd.fd = contain_fd(group);
	fd.events = POLLIN;
	while (poll(&fd, 1, UNIT_PATIENCE_MS) == -1)
		CHECK_INT(errno, EINTR);
	unit_await_silence(&talk);
	CHECK_INT(waitpid(-1, &status, 0), -1);
	CHECK_INT(errno, ECHILD);
	CHECK_INT(chld_count, 0);
	child = fork();
	if (child == 0)
		_exit(3);
	while (waitpid(-1, &status, 0) == -1)
		CHECK_INT(errno, EINTR);
	CHECK_INT(status, 3 << 8);
	CHECK_INT(chld_count, 1);
	unit_finish(group, &result);
	CHECK_INT(result.status, 5 << 8);
	contain_free(group);
	CHECK_INT(chld_count, 1);
}

static void
host_that_waits_for_all(void **state)
{
	(void)state;
	NEED_PIDNS();
	unit_child(be_waiting_host, NULL);
}

static void
be_ignoring_host(void *arg)
{
	struct contain_result result;
	struct contain_group *group;

	(void)arg;
	signal(SIGCHLD, SIG_IGN);
	group = unit_spawn(NULL, "/bin/true; exit 7", NULL);
	unit_finish(group, &result);
	CHECK_INT(result.status, 7 << 8);
	CHECK_INT(result.flags, 0);
	contain_free(group);
	CHECK(unit_no_child());
}

static void
host_that_ignores_sigchld(void **state)
{
	(void)state;
	NEED_PIDNS();
	unit_child(be_ignoring_host, NULL);
}

/* How often a handler ran in another process than the host's. */
static struct {
	pid_t host;
	volatile int strangers;
	volatile int own;
} *shared;

static void
count_strangers(int signum)
{
	(void)signum;
	if (getpid() == shared->host)
		shared->own++;
	else
		shared->strangers++;
}

static void
handle_everything(void)
{
	struct sigaction action;
	int number;

	memset(&action, 0, sizeof(action));
	action.sa_handler = count_strangers;
	action.sa_flags = SA_RESTART;
	for (number = 1; number < NSIG; number++)
		sigaction(number, &action, NULL);
	/* a check that fails, and this test's own time limit */
	signal(SIGABRT, SIG_DFL);
	signal(SIGSEGV, SIG_DFL);
	signal(SIGALRM, SIG_DFL);
}

/* SIGWINCH to our process group, again and again: a warden is always just
 * being made or just about to execute the command when one comes.  By default
 * nobody minds it. */
static pid_t
flood(void)
{
	pid_t pid = fork();

	if (pid == 0) {
		signal(SIGWINCH, SIG_IGN);
		for (;;)
			kill(0, SIGWINCH);
	}
	CHECK(pid > 0);
	return pid;
}

static void
be_handling_host(void *arg)
{
	struct contain_options *options = contain_options_new();
	struct contain_group *group;
	struct unit_talk talk;
	pid_t flooding;
	int i;

	(void)arg;
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	CHECK(shared != MAP_FAILED);
	shared->host = getpid();
	flooding = flood();
	handle_everything();
	contain_options_set_pgrp(options, CONTAIN_PGRP_SHARED, NULL);
	for (i = 0; i < 30; i++)
		CHECK_INT(unit_run(options, "exit 4"), 4);
	kill(flooding, SIGKILL);
	waitpid(flooding, NULL, 0);
	CHECK_INT(shared->strangers, 0);
	CHECK(shared->own > 0);

	/* a command without handlers dies of what the host handles */
	unit_talk_open(&talk);
	group = unit_spawn(options, "echo up >&9; read x <&8", &talk);
	CHECK_STR(unit_hear(&talk), "up");
	kill(contain_effect(group)->warden, SIGUSR1);
	CHECK_INT(contain_is_stopped(group, NULL), 0);
	CHECK_INT(contain_signal(group, SIGUSR2, NULL), CONTAIN_OK);
	unit_finish(group, NULL);
	contain_free(group);
	CHECK_INT(shared->strangers, 0);
	contain_options_free(options);
}

static void
host_with_handlers(void **state)
{
	(void)state;
	NEED_PIDNS();
	unit_child(be_handling_host, NULL);
}

#ifdef __linux__
static void
forbid_clone3(void)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
		    offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone3, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { 4, code };

	CHECK_INT(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
	CHECK_INT(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program), 0);
}

/* The kernel cannot drop the handlers: the warden has to. */
static void
be_handling_host_without_clone3(void *arg)
{
	forbid_clone3();
	be_handling_host(arg);
}

static void
host_with_handlers_without_clone3(void **state)
{
	(void)state;
	NEED_PIDNS();
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, NULL) != -1 ||
	    errno != EFAULT)
		SKIP_BECAUSE("no seccomp filter to hide clone3 with");
	unit_child(be_handling_host_without_clone3, NULL);
}
#else
static void
host_with_handlers_without_clone3(void **state)
{
	(void)state;
	SKIP_BECAUSE("clone3 is Linux's");
}
#endif

/* Nothing of the library's lands on 0, 1 or 2, and they stay closed in the
 * command. */
static void
be_closed_host(void *arg)
{
	struct contain_group *group;
	struct contain_result result;
	struct unit_talk talk;
	int fd;

	(void)arg;
	unit_talk_open(&talk);
	for (fd = 0; fd <= 2; fd++)
		close(fd);
	group = unit_spawn(NULL, "for i in 0 1 2; do "
	    "test -e /proc/$$/fd/$i && exit 1; done; test -e /proc/$$/fd/8 || "
	    "exit 2; read x <&8; exit 0", NULL);
	CHECK(contain_fd(group) > 2);
	for (fd = 0; fd <= 2; fd++)
		CHECK_INT(fcntl(fd, F_GETFD), -1);
	unit_say(&talk, "");
	unit_finish(group, &result);
	if (unit_has_fresh_proc(group))
		CHECK_INT(result.status, 0);
	contain_free(group);
}

static void
host_with_closed_stdio(void **state)
{
	(void)state;
	NEED_PIDNS();
	unit_child(be_closed_host, NULL);
}

/* The library's descriptors do not reach the command: it has what the host
 * has, without those. */
static void
check_inherited(void *arg)
{
	char *argv[] = { (char *)"/bin/ls", (char *)"/proc/self/fd", NULL };
	struct contain_options *options = contain_options_new();
	struct contain_group *first, *group = NULL;
	char text[400];
	int fds[2];
	ssize_t n;

	(void)arg;
	/* 900 is the child's report, close-on-exec */
	ctn_os_close_range(3, 899);
	first = unit_spawn(NULL, "exec sleep 900", NULL);
	CHECK_INT(pipe(fds), 0);
	fcntl(fds[0], F_SETFD, FD_CLOEXEC);
	CHECK_INT(dup2(fds[1], STDOUT_FILENO), STDOUT_FILENO);
	close(fds[1]);
	CHECK_INT(contain_spawn(options, argv, &group, &err), CONTAIN_OK);
	unit_finish(group, NULL);
	n = read(fds[0], text, sizeof(text) - 1);
	CHECK(n > 0);
	text[n] = '\0';
	CHECK_STR(text, "0\n1\n2\n3\n");	/* 3: the directory itself */
	contain_free(group);
	contain_free(first);
	contain_options_free(options);
}

static void
descriptors_of_the_command(void **state)
{
	(void)state;
	NEED_PIDNS();
	unit_child(check_inherited, NULL);
}

static void
no_descriptor_left(void **state)
{
	struct contain_group *group;
	int fds = unit_count_fds();

	(void)state;
	NEED_PIDNS();
	group = unit_spawn(NULL, "exit 0", NULL);
	unit_finish(group, NULL);
	contain_free(group);
	assert_int_equal(unit_count_fds(), fds);
	group = unit_spawn(NULL, "exec sleep 900", NULL);
	assert_true(unit_count_fds() > fds);
	contain_free(group);
	assert_int_equal(unit_count_fds(), fds);
	assert_true(unit_no_child());
}

/* One descriptor after the other is missing: an error, and nothing left. */
static void
run_out_of_descriptors(void *arg)
{
	struct contain_options *options = contain_options_new();
	char *argv[] = { (char *)"/bin/true", NULL };
	struct contain_group *group = NULL;
	int held[8], spare, code = 0, fds, i, failures = 0;

	(void)arg;
	for (spare = 0; spare < 8; spare++) {
		for (i = 0; i < spare; i++)
			held[i] = open("/dev/null", O_RDONLY | O_CLOEXEC);
		while (open("/dev/null", O_RDONLY | O_CLOEXEC) != -1)
			continue;
		for (i = 0; i < spare; i++)
			close(held[i]);
		fds = unit_count_fds();
		code = contain_spawn(options, argv, &group, &err);
		if (code == CONTAIN_OK) {
			CHECK_INT(contain_wait(group, -1, NULL, NULL), 0);
			contain_free(group);
		} else {
			failures++;
		}
		CHECK_INT(unit_count_fds(), fds);
		CHECK(unit_no_child());
		ctn_os_close_range(3, 899);
		ctn_os_close_range(901, 1 << 20);
	}
	CHECK(failures > 0);
	CHECK_INT(code, CONTAIN_OK);
	contain_options_free(options);
}

static void
too_few_descriptors(void **state)
{
	(void)state;
	NEED_PIDNS();
	unit_child(run_out_of_descriptors, NULL);
}

static int
run(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(host_that_waits_for_all),
		cmocka_unit_test(host_that_ignores_sigchld),
		cmocka_unit_test(host_with_handlers),
		cmocka_unit_test(host_with_handlers_without_clone3),
		cmocka_unit_test(host_with_closed_stdio),
		cmocka_unit_test(descriptors_of_the_command),
		cmocka_unit_test(no_descriptor_left),
		cmocka_unit_test(too_few_descriptors),
	};

	return cmocka_run_group_tests(tests, unit_setup, NULL) != 0;
}

int
main(void)
{
	return unit_isolated(run);
}
