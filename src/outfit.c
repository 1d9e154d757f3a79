/* outfit.c: the command's descriptors, directory and limits, put on */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "error.h"
#include "fd.h"
#include "os/os.h"
#include "outfit.h"

/* ---- in the host ------------------------------------------------------- */

static int
fail_system(const char *step, const char *what, struct contain_error *err)
{
	return ctn_error_set(err, CONTAIN_E_SYSTEM, errno, step, "%s", what);
}

/* A pipe for descriptor "to" of the command, above 0 to 2 at both ends. */
static int
open_pipe(struct ctn_fitting *fitting, int to)
{
	int writes = to != STDIN_FILENO, fds[2];

	if (ctn_os_pipe(fds) == -1)
		return -1;
	fds[0] = ctn_fd_above_stdio(fds[0]);
	fds[1] = ctn_fd_above_stdio(fds[1]);
	fitting->its[to] = fds[writes];
	fitting->mine[to] = fds[!writes];
	return fds[0] == -1 || fds[1] == -1 ? -1 : 0;
}

static int
open_null(struct ctn_fitting *fitting, int to)
{
	int mode = to == STDIN_FILENO ? O_RDONLY : O_WRONLY;

	fitting->its[to] = ctn_fd_above_stdio(open("/dev/null",
	    mode | O_CLOEXEC));
	return fitting->its[to] == -1 ? -1 : 0;
}

/* The source for one wish; -2 if it cannot be had. */
static int
open_wish(struct ctn_fitting *fitting, const struct ctn_wish *wish,
    struct contain_error *err)
{
	switch (wish->how) {
	case CONTAIN_STDIO_PIPE:
		if (open_pipe(fitting, wish->to) == -1)
			break;
		return fitting->its[wish->to];
	case CONTAIN_STDIO_NULL:
		if (open_null(fitting, wish->to) == -1)
			break;
		return fitting->its[wish->to];
	default:
		return wish->from;
	}
	fail_system(wish->how == CONTAIN_STDIO_PIPE ? "pipe" : "open",
	    wish->how == CONTAIN_STDIO_PIPE ? "cannot make a pipe" :
	    "cannot open /dev/null", err);
	return -2;
}

static int
check_wish(const struct ctn_wish *wish, struct contain_error *err)
{
	if (wish->how != CONTAIN_STDIO_INHERIT || wish->from == -1 ||
	    fcntl(wish->from, F_GETFD) != -1)
		return CONTAIN_OK;
	return ctn_error_set(err, CONTAIN_E_USAGE, EBADF, "fd",
	    "fd: descriptor %d of the host", wish->from);
}

/* All of them, before anything is opened: what is opened must not get the
 * number of one that is missing. */
static int
check_wishes(const struct ctn_outfit *outfit, struct contain_error *err)
{
	int code = CONTAIN_OK;
	size_t i;

	for (i = 0; i < outfit->wish_count && code == CONTAIN_OK; i++)
		code = check_wish(&outfit->wishes[i], err);
	return code;
}

/* Where standard error goes where standard output goes. */
static void
join_outputs(struct ctn_fitting *fitting, const struct ctn_outfit *outfit)
{
	struct ctn_pair *error = NULL;
	int output = STDOUT_FILENO;
	size_t i;

	for (i = 0; i < fitting->count; i++) {
		if (fitting->pairs[i].to == STDOUT_FILENO)
			output = fitting->pairs[i].from;
		if (outfit->wishes[i].how == CONTAIN_STDIO_STDOUT)
			error = &fitting->pairs[i];
	}
	if (error != NULL)
		error->from = output;
}

int
ctn_fitting_open(struct ctn_fitting *fitting, const struct ctn_outfit *outfit,
    struct contain_error *err)
{
	int code, from;
	size_t i;

	memset(fitting, 0, sizeof(*fitting));
	for (i = 0; i < 3; i++)
		fitting->mine[i] = fitting->its[i] = -1;
	if (outfit->wish_count == 0)
		return CONTAIN_OK;
	code = check_wishes(outfit, err);
	if (code != CONTAIN_OK)
		return code;
	fitting->pairs = calloc(outfit->wish_count, sizeof(*fitting->pairs));
	if (fitting->pairs == NULL)
		return ctn_error_set(err, CONTAIN_E_MEMORY, 0, "spawn",
		    "out of memory");
	for (i = 0; i < outfit->wish_count; i++) {
		from = open_wish(fitting, &outfit->wishes[i], err);
		if (from == -2) {
			ctn_fitting_discard(fitting);
			return CONTAIN_E_SYSTEM;
		}
		fitting->pairs[fitting->count].from = from;
		fitting->pairs[fitting->count++].to = outfit->wishes[i].to;
	}
	join_outputs(fitting, outfit);
	return CONTAIN_OK;
}

void
ctn_fitting_close_its(struct ctn_fitting *fitting)
{
	size_t i;

	for (i = 0; i < 3; i++)
		ctn_fd_close(&fitting->its[i]);
	free(fitting->pairs);
	fitting->pairs = NULL;
	fitting->count = 0;
}

void
ctn_fitting_discard(struct ctn_fitting *fitting)
{
	size_t i;

	ctn_fitting_close_its(fitting);
	for (i = 0; i < 3; i++)
		ctn_fd_close(&fitting->mine[i]);
}

/* ---- in the command's process -------------------------------------------- */

static int
is_target(const struct ctn_pair *pairs, size_t count, int fd)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (pairs[i].to == fd)
			return 1;
	return 0;
}

/* Will fd become something else before it has been used? */
static int
is_overwritten(const struct ctn_pair *pairs, size_t count, int fd)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (pairs[i].to == fd && pairs[i].from != fd)
			return 1;
	return 0;
}

/* A copy of fd where nothing will be put.  -1 with errno. */
static int
copy_aside(const struct ctn_pair *pairs, size_t count, int fd)
{
	int low = STDERR_FILENO + 1, copy;

	for (;;) {
		copy = fcntl(fd, F_DUPFD_CLOEXEC, low);
		if (copy == -1 || !is_target(pairs, count, copy))
			return copy;
		close(copy);
		low = copy + 1;
	}
}

/* All pairs with this source get a copy of it instead. */
static int
move_source(struct ctn_pair *pairs, size_t count, int fd)
{
	int copy = copy_aside(pairs, count, fd);
	size_t i;

	if (copy == -1)
		return -1;
	for (i = 0; i < count; i++)
		if (pairs[i].from == fd && pairs[i].to != fd) {
			pairs[i].from = copy;
			pairs[i].is_moved = 1;
		}
	return 0;
}

static int
make_room(struct ctn_pair *pairs, size_t count, int *own)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (pairs[i].from != -1 && pairs[i].from != pairs[i].to &&
		    is_overwritten(pairs, count, pairs[i].from) &&
		    move_source(pairs, count, pairs[i].from) == -1)
			return -1;
	if (*own == -1 || !is_target(pairs, count, *own))
		return 0;
	*own = copy_aside(pairs, count, *own);
	return *own == -1 ? -1 : 0;
}

static int
put(const struct ctn_pair *pair)
{
	if (pair->from == pair->to)
		return fcntl(pair->to, F_SETFD, 0);
	if (pair->from != -1)
		return dup2(pair->from, pair->to) == -1 ? -1 : 0;
	close(pair->to);	/* it may be closed already */
	return 0;
}

static int
arrange(struct ctn_pair *pairs, size_t count, int *own)
{
	size_t i;

	if (make_room(pairs, count, own) == -1)
		return -1;
	for (i = 0; i < count; i++)
		if (put(&pairs[i]) == -1)
			return -1;
	for (i = 0; i < count; i++)
		if (pairs[i].is_moved)
			close(pairs[i].from);
	return 0;
}

/* What the command has, behind a void pointer. */
struct kept {
	const struct ctn_pair *pairs;
	size_t count;
	int own;
};

static int
next_kept(int low, const void *arg)
{
	const struct kept *kept = arg;
	int next = kept->own >= low ? kept->own : INT_MAX;
	size_t i;

	for (i = 0; i < kept->count; i++)
		if (kept->pairs[i].to >= low && kept->pairs[i].to < next)
			next = kept->pairs[i].to;
	return next;
}

static void
close_others(const struct ctn_pair *pairs, size_t count, int own)
{
	struct kept kept = { pairs, count, own };

	ctn_fd_close_from(STDERR_FILENO + 1, next_kept, &kept);
}

static int
set_limits(const struct ctn_outfit *outfit)
{
	size_t i;

	for (i = 0; i < outfit->limit_count; i++)
		if (setrlimit(outfit->limits[i].resource,
		    &outfit->limits[i].limit) == -1)
			return -1;
	return 0;
}

int
ctn_outfit_put_on(const struct ctn_outfit *outfit, struct ctn_pair *pairs,
    size_t count, int *own)
{
	if (arrange(pairs, count, own) == -1)
		return CTN_FAILURE(CTN_STEP_DESCRIPTOR, errno);
	if (outfit == NULL)
		return 0;
	if (outfit->descriptors == CONTAIN_DESCRIPTORS_LISTED)
		close_others(pairs, count, *own);
	if (outfit->directory != NULL && chdir(outfit->directory) == -1)
		return CTN_FAILURE(CTN_STEP_DIRECTORY, errno);
	if (set_limits(outfit) == -1)
		return CTN_FAILURE(CTN_STEP_LIMIT, errno);
	return 0;
}
