/* test_os.c: what differs from system to system, as os.h promises it */
#include "config.h"

#include <sys/socket.h>
#include <sys/wait.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "os/os.h"
#include "unit.h"

#ifdef __linux__
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>

#include "os/linux_numbers.h"
#endif

static int
is_open(int fd)
{
	return fcntl(fd, F_GETFD) != -1;
}

static void
socketpair_is_closed_by_exec(void **state)
{
	int fds[2];
	char byte = 'a';

	(void)state;
	assert_int_equal(ctn_os_socketpair(fds), 0);
	assert_int_equal(fcntl(fds[0], F_GETFD), FD_CLOEXEC);
	assert_int_equal(fcntl(fds[1], F_GETFD), FD_CLOEXEC);
	assert_int_equal(write(fds[0], "xy", 2), 2);
	assert_int_equal(read(fds[1], &byte, 1), 1);	/* a stream */
	assert_int_equal(byte, 'x');
	assert_int_equal(read(fds[1], &byte, 1), 1);
	assert_int_equal(byte, 'y');
	assert_int_equal(write(fds[1], "z", 1), 1);
	assert_int_equal(read(fds[0], &byte, 1), 1);
	close(fds[0]);
	close(fds[1]);
}

static void
pipe_is_closed_by_exec(void **state)
{
	int fds[2];
	char byte = 'a';

	(void)state;
	assert_int_equal(ctn_os_pipe(fds), 0);
	assert_int_equal(fcntl(fds[0], F_GETFD), FD_CLOEXEC);
	assert_int_equal(fcntl(fds[1], F_GETFD), FD_CLOEXEC);
	assert_int_equal(write(fds[1], "x", 1), 1);
	assert_int_equal(read(fds[0], &byte, 1), 1);
	assert_int_equal(byte, 'x');
	close(fds[0]);
	close(fds[1]);
}

/* ---- closing a range ----------------------------------------------- */

static void
close_some(void *arg)
{
	int fd;

	(void)arg;
	for (fd = 100; fd < 120; fd++)
		CHECK_INT(dup2(900, fd), fd);
	errno = EXDEV;
	ctn_os_close_range(105, 110);
	CHECK_INT(errno, EXDEV);
	for (fd = 100; fd < 120; fd++)
		CHECK_INT(is_open(fd), fd < 105 || fd > 110);
	ctn_os_close_range(901, INT_MAX);
	ctn_os_close_range(100, 899);
	for (fd = 100; fd < 900; fd++)
		CHECK(!is_open(fd));
	CHECK(is_open(900));
}

static void
close_range_closes(void **state)
{
	(void)state;
	unit_child(close_some, NULL);
}

#ifdef __linux__
/* From now on, this system call is answered as an older kernel does. */
static void
forbid(long number)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
		    offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)number, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { 4, code };

	CHECK_INT(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
	CHECK_INT(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program), 0);
}

static int
has_seccomp(void)
{
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, NULL) == -1 &&
	    errno == EFAULT;
}

static void
close_without_close_range(void *arg)
{
	forbid(SYS_close_range);
	errno = 0;
	CHECK_INT(syscall(SYS_close_range, 5000U, 5001U, 0), -1);
	CHECK_INT(errno, ENOSYS);
	close_some(arg);
}

static void
close_range_fallback(void **state)
{
	(void)state;
	if (!has_seccomp())
		SKIP_BECAUSE("no seccomp filter to hide close_range with");
	unit_child(close_without_close_range, NULL);
}
#else
static void
close_range_fallback(void **state)
{
	(void)state;
	SKIP_BECAUSE("the fallback is Linux's");
}
#endif

/* ---- poll ---------------------------------------------------------- */

static void
poll_times_out(void **state)
{
	int fds[2];
	struct pollfd fd;

	(void)state;
	assert_int_equal(pipe(fds), 0);
	fd.fd = fds[0];
	fd.events = POLLIN;
	assert_int_equal(ctn_os_poll(&fd, 1, 0, NULL), 0);
	assert_int_equal(ctn_os_poll(&fd, 1, 1, NULL), 0);
	assert_int_equal(write(fds[1], "x", 1), 1);
	assert_int_equal(ctn_os_poll(&fd, 1, -1, NULL), 1);
	assert_int_equal(fd.revents, POLLIN);
	close(fds[0]);
	close(fds[1]);
}

static volatile sig_atomic_t handled;

static void
handle(int signum)
{
	(void)signum;
	handled++;
}

/* A timeout that an int cannot hold is neither 0 nor invalid: it lasts until
 * the signal that was pending comes in. */
static void
wait_long(void *arg)
{
	static const int64_t timeouts[] = { (int64_t)INT_MAX + 1,
		(int64_t)UINT_MAX + 1, INT64_MAX, -1 };
	struct sigaction action;
	struct pollfd none = { -1, POLLIN, 0 };
	sigset_t all, but_usr1;
	size_t i;

	(void)arg;
	memset(&action, 0, sizeof(action));
	action.sa_handler = handle;
	sigaction(SIGUSR1, &action, NULL);
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	but_usr1 = all;
	sigdelset(&but_usr1, SIGUSR1);
	for (i = 0; i < sizeof(timeouts) / sizeof(timeouts[0]); i++) {
		handled = 0;
		kill(getpid(), SIGUSR1);
		CHECK_INT(handled, 0);
		CHECK_INT(ctn_os_poll(&none, 1, timeouts[i], &but_usr1), -1);
		CHECK_INT(errno, EINTR);
		CHECK_INT(handled, 1);
	}
}

static void
poll_with_long_timeout(void **state)
{
	(void)state;
	unit_child(wait_long, NULL);
}

/* ---- processes ----------------------------------------------------- */

static int
is_readable(int fd, int timeout_ms)
{
	struct pollfd poll_fd = { fd, POLLIN, 0 };

	return poll(&poll_fd, 1, timeout_ms) == 1;
}

static void
watch(void **state)
{
	int fds[2], fd;
	char byte;
	pid_t pid;

	(void)state;
	assert_int_equal(pipe(fds), 0);
	pid = fork();
	if (pid == 0) {
		close(fds[1]);
		_exit(read(fds[0], &byte, 1) != 0);
	}
	assert_true(pid > 0);
	close(fds[0]);
	fd = ctn_os_watch_open(pid);
	if (fd == -1 && errno == ENOSYS) {
		close(fds[1]);
		waitpid(pid, NULL, 0);
		SKIP_BECAUSE("no watch on a process here");
	}
	assert_true(fd > 2);
	assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC);
	assert_false(is_readable(fd, 0));
	close(fds[1]);
	assert_true(is_readable(fd, UNIT_PATIENCE_MS));
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_true(is_readable(fd, 0));
	close(fd);
}

static void
watch_zombie(void **state)
{
	siginfo_t info;
	pid_t pid = fork();
	int fd;

	(void)state;
	if (pid == 0)
		_exit(0);
	assert_true(pid > 0);
	waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT);
	fd = ctn_os_watch_open(pid);
	if (fd == -1 && errno == ENOSYS) {
		waitpid(pid, NULL, 0);
		SKIP_BECAUSE("no watch on a process here");
	}
	/* ended, not reaped: readable at once, or gone */
	assert_true(fd == -1 ? errno == ESRCH : is_readable(fd, 0));
	if (fd != -1)
		close(fd);
	waitpid(pid, NULL, 0);
	errno = 0;
	assert_int_equal(ctn_os_watch_open(pid), -1);
	assert_int_equal(errno, ESRCH);
}

/* "Has no such variable" and "nothing can be said" differ. */
static void
variable_of_a_zombie(void **state)
{
	char value[64];
	siginfo_t info;
	pid_t pid;

	(void)state;
	if (ctn_os_process_variable(getpid(), "NO_SUCH", value,
	    sizeof(value)) == -1 && errno != ENOENT)
		SKIP_BECAUSE("no environment can be read here");
	pid = fork();
	if (pid == 0)
		_exit(0);
	assert_true(pid > 0);
	waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT);
	assert_int_equal(ctn_os_process_variable(pid, "NO_SUCH", value,
	    sizeof(value)), -1);
	/* Linux: of a dead process the file belongs to root */
	assert_true(errno == ESRCH || errno == EACCES);
	waitpid(pid, NULL, 0);
	assert_int_equal(ctn_os_process_variable(pid, "NO_SUCH", value,
	    sizeof(value)), -1);
	assert_int_equal(errno, ESRCH);
}

static void
watch_with_stdio_closed(void *arg)
{
	int fd;

	(void)arg;
	close(0);
	close(1);
	close(2);
	fd = ctn_os_watch_open(getpid());
	CHECK(fd > 2 || errno == ENOSYS);
	CHECK(!is_open(0) && !is_open(1) && !is_open(2));
}

static void
watch_above_stdio(void **state)
{
	(void)state;
	unit_child(watch_with_stdio_closed, NULL);
}

static void
not_elevated(void **state)
{
	(void)state;
	assert_int_equal(ctn_os_is_elevated(), 0);
}

/* ---- input as a signal --------------------------------------------- */

static void
signal_on_input(void *arg)
{
#ifdef __linux__
	struct sigaction action;
	struct pollfd none = { -1, POLLIN, 0 };
	sigset_t mask, open_mask;
	int fds[2], i;

	(void)arg;
	memset(&action, 0, sizeof(action));
	action.sa_handler = handle;
	sigaction(SIGUSR2, &action, NULL);
	sigemptyset(&mask);
	sigaddset(&mask, SIGUSR2);
	sigprocmask(SIG_BLOCK, &mask, &open_mask);
	CHECK_INT(ctn_os_socketpair(fds), 0);
	for (i = 0; i < 2; i++) {
		handled = 0;
		ctn_os_signal_on_input(fds[0], SIGUSR2);
		CHECK_INT(write(fds[1], "x", 1), 1);
		CHECK_INT(ctn_os_poll(&none, 1, UNIT_PATIENCE_MS,
		    &open_mask), -1);
		CHECK_INT(handled, 1);
		ctn_os_signal_on_input(fds[0], 0);
		CHECK_INT(write(fds[1], "x", 1), 1);
		CHECK_INT(ctn_os_poll(&none, 1, 0, &open_mask), 0);
		CHECK_INT(handled, 1);
		CHECK((fcntl(fds[0], F_GETFL) & O_ASYNC) == 0);
	}
#else
	(void)arg;
#endif
}

static void
input_signals(void **state)
{
	(void)state;
	unit_child(signal_on_input, NULL);
}

#ifdef __linux__
static _Noreturn void
write_for_ever(int fd)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	for (;;)
		if (write(fd, "x", 1) == -1)
			_exit(0);
}
#endif

/* The only signal is the one that was asked for: SIGIO would be passed on. */
static void
signal_on_input_is_not_sigio(void *arg)
{
#ifdef __linux__
	char data[256];
	sigset_t both, pending;
	pid_t writer;
	int fds[2], i;

	(void)arg;
	sigemptyset(&both);
	sigaddset(&both, SIGIO);
	sigaddset(&both, SIGUSR2);
	sigprocmask(SIG_BLOCK, &both, NULL);
	CHECK_INT(ctn_os_socketpair(fds), 0);
	writer = fork();
	if (writer == 0)
		write_for_ever(fds[1]);
	for (i = 0; i < 3000; i++) {
		ctn_os_signal_on_input(fds[0], SIGUSR2);
		while (recv(fds[0], data, sizeof(data), MSG_DONTWAIT) > 0)
			continue;
		ctn_os_signal_on_input(fds[0], 0);
	}
	kill(writer, SIGKILL);
	waitpid(writer, NULL, 0);
	sigpending(&pending);
	CHECK_INT(sigismember(&pending, SIGUSR2), 1);
	CHECK_INT(sigismember(&pending, SIGIO), 0);
#else
	(void)arg;
#endif
}

static void
input_signals_nothing_else(void **state)
{
	(void)state;
	unit_child(signal_on_input_is_not_sigio, NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(socketpair_is_closed_by_exec),
		cmocka_unit_test(pipe_is_closed_by_exec),
		cmocka_unit_test(close_range_closes),
		cmocka_unit_test(close_range_fallback),
		cmocka_unit_test(poll_times_out),
		cmocka_unit_test(poll_with_long_timeout),
		cmocka_unit_test(watch),
		cmocka_unit_test(watch_zombie),
		cmocka_unit_test(watch_above_stdio),
		cmocka_unit_test(variable_of_a_zombie),
		cmocka_unit_test(not_elevated),
		cmocka_unit_test(input_signals),
		cmocka_unit_test(input_signals_nothing_else),
	};

	return cmocka_run_group_tests(tests, unit_setup, NULL) != 0;
}
