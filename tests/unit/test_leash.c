/* test_leash.c: the socketpair between host and warden, both ends */
#include "config.h"

#include <sys/socket.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "leash.h"
#include "unit.h"

struct ends {
	struct ctn_leash host, warden;
};

static int
open_ends(void **state)
{
	static struct ends ends;

	*state = &ends;
	return ctn_leash_open(&ends.host, &ends.warden);
}

static int
close_ends(void **state)
{
	struct ends *ends = *state;

	if (ends->host.fd != -1)
		close(ends->host.fd);
	if (ends->warden.fd != -1)
		close(ends->warden.fd);
	return 0;
}

static void
close_end(struct ctn_leash *leash)
{
	close(leash->fd);
	leash->fd = -1;
}

static void
descriptors(void **state)
{
	struct ends *ends = *state;

	assert_true(ends->host.fd > 2);
	assert_true(ends->warden.fd > 2);
	assert_int_equal(fcntl(ends->host.fd, F_GETFD), FD_CLOEXEC);
	assert_int_equal(fcntl(ends->warden.fd, F_GETFD), FD_CLOEXEC);
}

static void
open_with_stdio_closed(void *arg)
{
	struct ctn_leash host, warden;

	(void)arg;
	close(0);
	close(1);
	close(2);
	CHECK_INT(ctn_leash_open(&host, &warden), 0);
	CHECK(host.fd > 2);
	CHECK(warden.fd > 2);
	CHECK_INT(fcntl(0, F_GETFD), -1);
	CHECK_INT(fcntl(1, F_GETFD), -1);
	CHECK_INT(fcntl(2, F_GETFD), -1);
}

static void
above_stdio(void **state)
{
	(void)state;
	unit_child(open_with_stdio_closed, NULL);
}

/* All fields, in both directions. */
static void
both_ways(void **state)
{
	struct ends *ends = *state;
	struct ctn_message sent, got;

	memset(&sent, 0, sizeof(sent));
	sent.type = CTN_LEFTOVER;
	sent.number = -7;
	sent.second = INT32_MAX;
	sent.third = INT32_MIN;
	sent.count = UINT64_MAX;
	ctn_leash_text(&sent, "a name");
	assert_int_equal(ctn_leash_send(&ends->warden, &sent, CTN_LEASH_NOW),
	    0);
	assert_int_equal(ctn_leash_receive(&ends->host, &got), 1);
	assert_memory_equal(&got, &sent, sizeof(sent));
	assert_int_equal(ctn_leash_send(&ends->host, &sent,
	    CTN_LEASH_PATIENT), 0);
	assert_int_equal(ctn_leash_receive(&ends->warden, &got), 1);
	assert_memory_equal(&got, &sent, sizeof(sent));
}

static void
say(void **state)
{
	struct ends *ends = *state;
	struct ctn_message got;

	assert_int_equal(ctn_leash_say(&ends->host, CTN_SIGNAL, 15), 0);
	assert_int_equal(ctn_leash_say(&ends->host, CTN_END, 0), 0);
	assert_int_equal(ctn_leash_receive(&ends->warden, &got), 1);
	assert_int_equal(got.type, CTN_SIGNAL);
	assert_int_equal(got.number, 15);
	assert_int_equal(got.second, 0);
	assert_int_equal(got.count, 0);
	assert_string_equal(got.text, "");
	assert_int_equal(ctn_leash_receive(&ends->warden, &got), 1);
	assert_int_equal(got.type, CTN_END);
	assert_int_equal(got.number, 0);
}

static void
nothing_there(void **state)
{
	struct ends *ends = *state;
	struct ctn_message got;

	errno = 0;
	assert_int_equal(ctn_leash_receive(&ends->host, &got), -1);
	assert_true(errno == EAGAIN || errno == EWOULDBLOCK);
}

/* A record that comes in pieces is whole only with its last byte. */
static void
in_pieces(void **state)
{
	struct ends *ends = *state;
	struct ctn_message sent, got;
	const char *bytes = (const char *)&sent;
	size_t i;

	memset(&sent, 0, sizeof(sent));
	sent.type = CTN_DONE;
	sent.count = 3;
	for (i = 0; i < sizeof(sent); i++) {
		assert_int_equal(ctn_leash_receive(&ends->host, &got), -1);
		assert_int_equal(errno, EAGAIN);
		assert_int_equal(write(ends->warden.fd, bytes + i, 1), 1);
	}
	assert_int_equal(ctn_leash_receive(&ends->host, &got), 1);
	assert_memory_equal(&got, &sent, sizeof(sent));
	assert_int_equal(ctn_leash_receive(&ends->host, &got), -1);
}

/* One and a half records at once: the half is kept for later. */
static void
one_and_a_half(void **state)
{
	struct ends *ends = *state;
	struct ctn_message sent[2], got;
	size_t first = sizeof(sent[0]) + 10;

	memset(sent, 0, sizeof(sent));
	sent[0].type = CTN_READY;
	sent[1].type = CTN_STARTED;
	assert_int_equal(write(ends->warden.fd, sent, first), first);
	assert_int_equal(ctn_leash_receive(&ends->host, &got), 1);
	assert_int_equal(got.type, CTN_READY);
	assert_int_equal(ctn_leash_receive(&ends->host, &got), -1);
	assert_int_equal(write(ends->warden.fd, (char *)sent + first,
	    sizeof(sent) - first), sizeof(sent) - first);
	assert_int_equal(ctn_leash_receive(&ends->host, &got), 1);
	assert_int_equal(got.type, CTN_STARTED);
}

static void
end_of_file(void **state)
{
	struct ends *ends = *state;
	struct ctn_message got;

	assert_int_equal(ctn_leash_say(&ends->warden, CTN_READY, 1), 0);
	close_end(&ends->warden);
	assert_int_equal(ctn_leash_receive(&ends->host, &got), 1);
	assert_int_equal(got.type, CTN_READY);
	assert_int_equal(ctn_leash_receive(&ends->host, &got), 0);
	assert_int_equal(ctn_leash_receive(&ends->host, &got), 0);
}

/* The other side died in the middle of a word. */
static void
end_within_record(void **state)
{
	struct ends *ends = *state;
	struct ctn_message got;

	assert_int_equal(write(ends->warden.fd, "abc", 3), 3);
	close_end(&ends->warden);
	assert_int_equal(ctn_leash_receive(&ends->host, &got), 0);
}

/* It died with our words unread: the socket says ECONNRESET. */
static void
end_with_unread(void **state)
{
	struct ends *ends = *state;
	struct ctn_message got;

	assert_int_equal(ctn_leash_say(&ends->host, CTN_GO, 0), 0);
	close_end(&ends->warden);
	assert_int_equal(ctn_leash_receive(&ends->host, &got), 0);
}

/* No SIGPIPE, which would end this program. */
static void
send_to_nobody(void **state)
{
	struct ends *ends = *state;

	close_end(&ends->warden);
	assert_int_equal(ctn_leash_say(&ends->host, CTN_SIGNAL, 1), -1);
	assert_int_equal(errno, EPIPE);
}

/* Type and text of a record are whatever the other side wrote: nothing is
 * believed of them, not even a NUL. */
static void
garbage(void **state)
{
	struct ends *ends = *state;
	struct ctn_message got;
	char bytes[sizeof(got)];

	memset(bytes, 0xff, sizeof(bytes));
	assert_int_equal(write(ends->warden.fd, bytes, sizeof(bytes)),
	    sizeof(bytes));
	assert_int_equal(ctn_leash_receive(&ends->host, &got), 1);
	assert_true(got.type == UINT32_MAX);
	assert_int_equal(got.number, -1);
	assert_int_equal(strlen(got.text), CTN_MESSAGE_TEXT - 1);
}

/* Full: EAGAIN, and what did fit comes out whole. */
static void
full(void **state)
{
	struct ends *ends = *state;
	struct ctn_message got;
	int sent = 0, received = 0;

	while (ctn_leash_say(&ends->host, CTN_SIGNAL, sent) == 0)
		sent++;
	assert_int_equal(errno, EAGAIN);
	/* "so many messages fit", leftovers.h */
	assert_true(sent > 66);
	while (ctn_leash_receive(&ends->warden, &got) == 1)
		assert_int_equal(got.number, received++);
	assert_int_equal(received, sent);
	assert_int_equal(ctn_leash_say(&ends->host, CTN_SIGNAL, sent), 0);
}

/* With less room than a record: it is not begun, or it is finished. */
static void
no_room_for_half(void **state)
{
	struct ends *ends = *state;
	struct ctn_message got;
	int sent = 0, received = 0;
	char byte = 0;

	while (send(ends->host.fd, &byte, 1, MSG_DONTWAIT) == 1)
		sent++;
	while (sent-- > 0)
		assert_int_equal(read(ends->warden.fd, &byte, 1), 1);
	for (sent = 0; ctn_leash_say(&ends->host, CTN_SIGNAL, sent) == 0;)
		sent++;
	while (ctn_leash_receive(&ends->warden, &got) == 1)
		assert_int_equal(got.number, received++);
	assert_int_equal(ends->warden.have, 0);
	assert_int_equal(received, sent);
}

static void
text(void **state)
{
	struct ctn_message message;
	char longer[CTN_MESSAGE_TEXT + 10];

	(void)state;
	memset(&message, 'x', sizeof(message));
	ctn_leash_text(&message, "");
	assert_string_equal(message.text, "");
	ctn_leash_text(&message, "step");
	assert_string_equal(message.text, "step");
	memset(longer, 'l', sizeof(longer));
	longer[sizeof(longer) - 1] = '\0';
	ctn_leash_text(&message, longer);
	assert_int_equal(strlen(message.text), CTN_MESSAGE_TEXT - 1);
}

#define with_ends(test)							\
	cmocka_unit_test_setup_teardown(test, open_ends, close_ends)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		with_ends(descriptors),
		cmocka_unit_test(above_stdio),
		with_ends(both_ways),
		with_ends(say),
		with_ends(nothing_there),
		with_ends(in_pieces),
		with_ends(one_and_a_half),
		with_ends(end_of_file),
		with_ends(end_within_record),
		with_ends(end_with_unread),
		with_ends(send_to_nobody),
		with_ends(garbage),
		with_ends(full),
		with_ends(no_room_for_half),
		cmocka_unit_test(text),
	};

	return cmocka_run_group_tests(tests, unit_setup, NULL) != 0;
}
