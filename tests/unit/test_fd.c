/* test_fd.c: descriptors that stay out of the command's way */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "fd.h"
#include "unit.h"

static int
is_open(int fd)
{
	return fcntl(fd, F_GETFD) != -1;
}

static void
above_leaves_alone(void **state)
{
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	(void)state;
	assert_true(fd > 2);
	assert_int_equal(ctn_fd_above_stdio(fd), fd);
	assert_true(is_open(fd));
	close(fd);
	assert_int_equal(ctn_fd_above_stdio(-1), -1);
}

static void
move_each(void *arg)
{
	int fd, moved;

	(void)arg;
	for (fd = 0; fd <= 2; fd++) {
		close(fd);
		CHECK_INT(open("/dev/null", O_RDONLY), fd);
		moved = ctn_fd_above_stdio(fd);
		CHECK(moved > 2);
		CHECK(!is_open(fd));
		CHECK_INT(fcntl(moved, F_GETFD), FD_CLOEXEC);
		CHECK_INT(open("/dev/null", O_RDONLY), fd);
	}
}

static void
above_moves(void **state)
{
	(void)state;
	unit_child(move_each, NULL);
}

static void
close_keeps_errno(void **state)
{
	int fd = open("/dev/null", O_RDONLY), closed = fd;

	(void)state;
	assert_true(fd > 2);
	errno = EXDEV;
	ctn_fd_close(&fd);
	assert_int_equal(fd, -1);
	assert_int_equal(errno, EXDEV);
	ctn_fd_close(&fd);
	assert_int_equal(fd, -1);
	assert_int_equal(errno, EXDEV);
	assert_false(is_open(closed));
	/* close itself fails: the caller's errno stays all the same */
	fd = closed;
	errno = EXDEV;
	ctn_fd_close(&fd);
	assert_int_equal(errno, EXDEV);
	assert_int_equal(fd, -1);
}

/* 900 is the child's report, see unit.c. */
static void
close_others(void *arg)
{
	static const int keep[] = { 900, -1, 5, 0, 5, 30, 700, 7, 6 };
	size_t i;
	int fd;

	(void)arg;
	for (fd = 0; fd < 40; fd++)
		if (!is_open(fd))
			CHECK_INT(dup2(900, fd), fd);
	CHECK_INT(dup2(900, 700), 700);
	CHECK_INT(dup2(900, 950), 950);
	ctn_fd_close_all_but(keep, sizeof(keep) / sizeof(keep[0]));
	for (i = 0; i < sizeof(keep) / sizeof(keep[0]); i++)
		CHECK(keep[i] == -1 || is_open(keep[i]));
	CHECK_INT(unit_count_fds(), 7);
}

static void
close_all_but(void **state)
{
	(void)state;
	unit_child(close_others, NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(above_leaves_alone),
		cmocka_unit_test(above_moves),
		cmocka_unit_test(close_keeps_errno),
		cmocka_unit_test(close_all_but),
	};

	return cmocka_run_group_tests(tests, unit_setup, NULL) != 0;
}
