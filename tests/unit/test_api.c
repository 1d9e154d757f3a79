/* test_api.c: every public function: wrong argument, wrong state, and each
 * system call that it makes failing in turn */
#include "config.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifdef __linux__
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif

#include "unit.h"

static struct contain_error err;

/* call fails as wanted, and says so; likewise without an err. */
#define FAILS(wanted, call, call_without)					\
	do {								\
		memset(&err, 0, sizeof(err));				\
		CHECK_INT(call, wanted);					\
		CHECK_INT(err.code, wanted);				\
		CHECK(err.message[0] != '\0');				\
		CHECK(err.step[0] != '\0');				\
		CHECK(strchr(err.message, '\n') == NULL);		\
		CHECK_INT(call_without, wanted);				\
	} while (0)
#define REFUSES(function, ...)						\
	FAILS(CONTAIN_E_USAGE, function(__VA_ARGS__, &err),		\
	    function(__VA_ARGS__, NULL))

static void
no_options(void **state)
{
	struct rlimit limit = { 1, 1 };
	char *const env[] = { NULL };

	(void)state;
	REFUSES(contain_options_set_backend, NULL, CONTAIN_BACKEND_AUTO);
	REFUSES(contain_options_set_require, NULL, CONTAIN_GUARANTEE_NONE);
	REFUSES(contain_options_set_timeout_ms, NULL, 0);
	REFUSES(contain_options_set_signal, NULL, 0);
	REFUSES(contain_options_set_kill_after_ms, NULL, 0);
	REFUSES(contain_options_set_linger_ms, NULL, 0);
	REFUSES(contain_options_set_grace_ms, NULL, 0);
	REFUSES(contain_options_set_forward, NULL, CONTAIN_FORWARD_GROUP);
	REFUSES(contain_options_set_pgrp, NULL, CONTAIN_PGRP_OWN);
	REFUSES(contain_options_set_proc, NULL, CONTAIN_PROC_AUTO);
	REFUSES(contain_options_set_reach, NULL, CONTAIN_REACH_MARKED);
	REFUSES(contain_options_set_output, NULL, NULL, NULL);
	REFUSES(contain_options_set_host, NULL, CONTAIN_HOST_ANY);
	REFUSES(contain_options_set_stops, NULL, CONTAIN_STOPS_UNSEEN);
	REFUSES(contain_options_set_mask, NULL, NULL);
	REFUSES(contain_options_set_ready, NULL, NULL, NULL);
	REFUSES(contain_options_set_path, NULL, "x");
	REFUSES(contain_options_set_environment, NULL, env);
	REFUSES(contain_options_set_directory, NULL, "x");
	REFUSES(contain_options_set_fd, NULL, 1, 1);
	REFUSES(contain_options_set_stdio, NULL, 1, CONTAIN_STDIO_PIPE);
	REFUSES(contain_options_set_descriptors, NULL,
	    CONTAIN_DESCRIPTORS_ALL);
	REFUSES(contain_options_set_limit, NULL, RLIMIT_CORE, &limit);
	REFUSES(contain_options_set_details, NULL, CONTAIN_DETAILS_NONE);
	REFUSES(contain_options_set_terminal, NULL, NULL);
	REFUSES(contain_options_set_warden, NULL, CONTAIN_WARDEN_COPY);
	contain_options_free(NULL);
}

static void
bad_values(void **state)
{
	struct contain_options *options = contain_options_new();
	struct rlimit above = { 2, 1 };
	struct contain_terminal stdio = { 0, 8u, CONTAIN_BACKGROUND };
	struct contain_terminal ground = { 0, 7u, (enum contain_ground)2 };

	(void)state;
	REFUSES(contain_options_set_terminal, options, &stdio);
	REFUSES(contain_options_set_terminal, options, &ground);
	REFUSES(contain_options_set_path, options, "");
	REFUSES(contain_options_set_directory, options, "");
	REFUSES(contain_options_set_fd, options, -1, 0);
	REFUSES(contain_options_set_fd, options, 0, -2);
	REFUSES(contain_options_set_stdio, options, -1, CONTAIN_STDIO_PIPE);
	REFUSES(contain_options_set_stdio, options, 3, CONTAIN_STDIO_PIPE);
	REFUSES(contain_options_set_stdio, options, 1, CONTAIN_STDIO_STDOUT);
	REFUSES(contain_options_set_stdio, options, 2, (enum contain_stdio)4);
	REFUSES(contain_options_set_descriptors, options,
	    (enum contain_descriptors)2);
	REFUSES(contain_options_set_limit, options, -1, NULL);
	REFUSES(contain_options_set_limit, options, 12345, NULL);
	REFUSES(contain_options_set_limit, options, RLIMIT_CORE, &above);
	contain_options_free(options);
}

/* The one before the first and the one after the last. */
#define REFUSES_OUTSIDE(function, type, first, last)			\
	do {								\
		REFUSES(function, options, (type)((int)(first)-1));	\
		REFUSES(function, options, (type)((int)(last) + 1));	\
	} while (0)

static void
no_such_value(void **state)
{
	struct contain_options *options = contain_options_new();

	(void)state;
	REFUSES_OUTSIDE(contain_options_set_backend, enum contain_backend,
	    CONTAIN_BACKEND_AUTO, CONTAIN_BACKEND_PTY);
	REFUSES_OUTSIDE(contain_options_set_require, enum contain_guarantee,
	    CONTAIN_GUARANTEE_NONE, CONTAIN_GUARANTEE_SIGKILL);
	REFUSES_OUTSIDE(contain_options_set_forward, enum contain_forward,
	    CONTAIN_FORWARD_GROUP, CONTAIN_FORWARD_COMMAND);
	REFUSES_OUTSIDE(contain_options_set_pgrp, enum contain_pgrp,
	    CONTAIN_PGRP_OWN, CONTAIN_PGRP_AUTO);
	REFUSES_OUTSIDE(contain_options_set_proc, enum contain_proc,
	    CONTAIN_PROC_AUTO, CONTAIN_PROC_KEEP);
	REFUSES_OUTSIDE(contain_options_set_reach, enum contain_reach,
	    CONTAIN_REACH_SESSION, CONTAIN_REACH_DESCENDANTS);
	REFUSES_OUTSIDE(contain_options_set_host, enum contain_host,
	    CONTAIN_HOST_ANY, CONTAIN_HOST_OWNS_NAMESPACE);
	REFUSES_OUTSIDE(contain_options_set_stops, enum contain_stops,
	    CONTAIN_STOPS_UNSEEN, CONTAIN_STOPS_REPORTED);
	REFUSES_OUTSIDE(contain_options_set_details, enum contain_details,
	    CONTAIN_DETAILS_NONE, CONTAIN_DETAILS_COMMAND);
	REFUSES_OUTSIDE(contain_options_set_warden, enum contain_warden,
	    CONTAIN_WARDEN_COPY, CONTAIN_WARDEN_PROGRAM);
	REFUSES_OUTSIDE(contain_options_set_descriptors,
	    enum contain_descriptors, CONTAIN_DESCRIPTORS_ALL,
	    CONTAIN_DESCRIPTORS_LISTED);
	REFUSES(contain_options_set_timeout_ms, options, -1);
	REFUSES(contain_options_set_kill_after_ms, options, -1);
	REFUSES(contain_options_set_linger_ms, options, -1);
	REFUSES(contain_options_set_grace_ms, options, -2);
	REFUSES(contain_options_set_signal, options, -1);
	REFUSES(contain_options_set_signal, options, 10000);
	contain_options_free(options);
	assert_null(contain_backend_name((enum contain_backend)-1));
	assert_null(contain_guarantee_name((enum contain_guarantee)-1));
	assert_null(contain_reach_name((enum contain_reach)-1));
	assert_string_equal(contain_code_name(1), "unknown");
	assert_string_equal(contain_code_name(-1000), "unknown");
	assert_non_null(contain_version());
}

static void
no_group(void **state)
{
	struct contain_options *options = contain_options_new();
	char *argv[] = { (char *)"true", NULL };
	struct contain_group *group = NULL;
	int keep = 0;

	(void)state;
	REFUSES(contain_spawn, NULL, argv, &group);
	REFUSES(contain_spawn, options, NULL, &group);
	REFUSES(contain_spawn, options, argv + 1, &group);
	REFUSES(contain_spawn, options, argv, NULL);
	REFUSES((int)contain_fork, NULL, &group);
	REFUSES((int)contain_fork, options, NULL);
	REFUSES(contain_signal, NULL, 0);
	REFUSES(contain_forward, NULL, 0, CONTAIN_FROM_PROCESS);
	REFUSES(contain_end, NULL, 0);
	FAILS(CONTAIN_E_USAGE, contain_stop(NULL, &err),
	    contain_stop(NULL, NULL));
	FAILS(CONTAIN_E_USAGE, contain_continue(NULL, &err),
	    contain_continue(NULL, NULL));
	FAILS(CONTAIN_E_USAGE, contain_is_stopped(NULL, &err),
	    contain_is_stopped(NULL, NULL));
	REFUSES(contain_wait, NULL, 0, NULL);
	REFUSES(contain_members, NULL, NULL, 0);
	REFUSES(contain_take_stdio, NULL, 1);
	REFUSES(contain_drop_descriptors, NULL, &keep, 1);
	REFUSES(contain_probe, NULL, NULL, 1);
	REFUSES(contain_sweep, CONTAIN_SWEEP_LOOK, -1, NULL, NULL);
	REFUSES(contain_sweep, (enum contain_sweep_how)2, 0, NULL, NULL);
	assert_null(contain_effect(NULL));
	assert_int_equal(contain_fd(NULL), -1);
	assert_int_equal(contain_pid(NULL), 0);
	assert_int_equal(contain_terminal(NULL), -1);
	REFUSES(contain_set_ground, NULL, CONTAIN_FOREGROUND);
	FAILS(CONTAIN_E_USAGE, contain_resize(NULL, &err),
	    contain_resize(NULL, NULL));
	contain_notify(NULL, SIGUSR1);
	contain_free(NULL);
	contain_options_free(options);
}

static void
wrong_state(void **state)
{
	struct contain_options *options = contain_options_new();
	struct contain_member member;
	struct contain_group *group;
	int keep = 0;

	(void)state;
	group = unit_spawn(options, "exec sleep 60", NULL);
	REFUSES(contain_signal, group, -1);
	REFUSES(contain_signal, group, 10000);
	REFUSES(contain_forward, group, 0, (enum contain_origin)2);
	REFUSES(contain_end, group, -1);
	REFUSES(contain_wait, group, -2, NULL);
	REFUSES(contain_members, group, NULL, 1);
	REFUSES(contain_take_stdio, group, 3);
	REFUSES(contain_take_stdio, group, -1);
	REFUSES(contain_drop_descriptors, group, NULL, 1);
	REFUSES(contain_drop_descriptors, group, &keep, 1000);
	FAILS(CONTAIN_E_STATE, contain_take_stdio(group, 0, &err),
	    contain_take_stdio(group, 0, NULL));
	REFUSES(contain_set_ground, group, (enum contain_ground)2);
	assert_int_equal(contain_resize(group, &err), 0);
	assert_int_equal(contain_terminal(group), -1);
	contain_notify(group, -5);
	contain_end(group, SIGTERM, NULL);
	unit_finish(group, NULL);
	FAILS(CONTAIN_E_STATE, contain_signal(group, 0, &err),
	    contain_signal(group, 0, NULL));
	FAILS(CONTAIN_E_STATE, contain_end(group, 0, &err),
	    contain_end(group, 0, NULL));
	FAILS(CONTAIN_E_STATE, contain_stop(group, &err),
	    contain_stop(group, NULL));
	FAILS(CONTAIN_E_STATE, contain_continue(group, &err),
	    contain_continue(group, NULL));
	FAILS(CONTAIN_E_STATE, contain_forward(group, 0,
	    CONTAIN_FROM_TERMINAL, &err), contain_forward(group, 0,
	    CONTAIN_FROM_TERMINAL, NULL));
	assert_int_equal(contain_set_ground(group, CONTAIN_FOREGROUND, &err),
	    CONTAIN_OK);
	assert_int_equal(contain_resize(group, &err), 0);
	assert_int_equal(contain_terminal(group), -1);
	assert_int_equal(contain_is_stopped(group, &err), 0);
	assert_int_equal(contain_members(group, &member, 1, &err), 0);
	assert_int_equal(contain_wait(group, 0, NULL, &err), CONTAIN_OK);
	contain_free(group);
	contain_options_free(options);
}

/* ---- system calls that fail ---------------------------------------------- */

#ifdef __linux__
/* Not kill: without it nothing can be ended.  From now on this call fails with EMFILE, in children too. */
static int
forbid(long number)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
		    offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)number, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EMFILE),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { sizeof(code) / sizeof(code[0]), code };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1)
		return -1;
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

static const struct refused {
	const char *name;
	long number;
} refused[] = {
#define CALL(name) { #name, SYS_##name }
	CALL(socketpair), CALL(pipe2), CALL(openat), CALL(setsockopt),
	CALL(clone), CALL(mount), CALL(prctl), CALL(setsid), CALL(ioctl),
	CALL(epoll_create1), CALL(epoll_ctl), CALL(sendto), CALL(fcntl),
	CALL(chdir), CALL(setpgid), CALL(wait4), CALL(waitid), CALL(capget),
	CALL(capset), CALL(getdents64), CALL(recvmsg),
#ifdef SYS_vfork
	CALL(vfork),
#endif
#ifdef SYS_dup2
	CALL(dup2),
#endif
	{ "pidfd_open", 434 }, { "clone3", 435 }, { "close_range", 436 },
};

static int
copy_of_host(const struct contain_options *options,
    struct contain_group **group)
{
	pid_t pid = contain_fork(options, group, &err);

	if (pid == 0)
		_exit(0);
	return pid < 0 ? (int)pid : CONTAIN_OK;
}

/* Either it works all the same, or it says why not and nothing is left: no
 * crash, no hang, no leak. */
static void
try_start(struct contain_options *options, int is_fork)
{
	char *argv[] = { (char *)"true", NULL };
	struct contain_group *group = NULL;
	int fds = unit_count_fds(), code;

	memset(&err, 0, sizeof(err));
	code = is_fork ? copy_of_host(options, &group) :
	    contain_spawn(options, argv, &group, &err);
	if (code == CONTAIN_OK) {
		contain_members(group, NULL, 0, NULL);
		contain_stop(group, NULL);
		contain_continue(group, NULL);
		contain_wait(group, 300, NULL, NULL);
		contain_free(group);
	} else {
		CHECK(group == NULL);
		CHECK_INT(err.code, code);
		CHECK(err.message[0] != '\0');
	}
	CHECK_INT(unit_count_fds(), fds);
}

static enum contain_backend backend;

static void
start_without(void *arg)
{
	const struct refused *call = arg;
	struct contain_verdict verdicts[CONTAIN_VERDICTS_MAX];
	struct contain_options *options = contain_options_new();
	int fds = unit_count_fds();

	contain_options_set_backend(options, backend, NULL);
	contain_options_set_stdio(options, 0, CONTAIN_STDIO_NULL, NULL);
	contain_options_set_stdio(options, 1, CONTAIN_STDIO_PIPE, NULL);
	contain_options_set_directory(options, "/", NULL);
	CHECK_INT(forbid(call->number), 0);
	try_start(options, 0);
	try_start(options, 1);
	CHECK(contain_probe(NULL, verdicts, CONTAIN_VERDICTS_MAX, NULL) >= 0);
	contain_sweep(CONTAIN_SWEEP_LOOK, 0, NULL, NULL, NULL);
	CHECK_INT(unit_count_fds(), fds);
	contain_options_free(options);
}

static void
each_call(enum contain_backend tried)
{
	size_t i;

	backend = tried;
	for (i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		/* counting descriptors, which the test itself does */
		if (refused[i].number == SYS_fcntl)
			continue;
		print_message("# without %s\n", refused[i].name);
		unit_child(start_without, (void *)&refused[i]);
	}
}

static void
calls_pidns(void **state)
{
	(void)state;
	each_call(CONTAIN_BACKEND_PIDNS);
}

static void
calls_pty(void **state)
{
	(void)state;
	each_call(CONTAIN_BACKEND_PTY);
}
#endif

static int
run(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_options),
		cmocka_unit_test(bad_values),
		cmocka_unit_test(no_such_value),
		cmocka_unit_test(no_group),
		cmocka_unit_test(wrong_state),
#ifdef __linux__
		cmocka_unit_test(calls_pidns),
		cmocka_unit_test(calls_pty),
#endif
	};

	return cmocka_run_group_tests(tests, unit_setup, NULL) != 0;
}

int
main(void)
{
	return unit_isolated(run);
}
