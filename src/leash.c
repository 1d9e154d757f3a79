/* leash.c: the socketpair between host and warden */
#include "config.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "fd.h"
#include "leash.h"
#include "os/os.h"

#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0	/* then ctn_os_socketpair sees to it */
#endif

int
ctn_leash_open(struct ctn_leash *host, struct ctn_leash *warden)
{
	int fds[2];

	memset(host, 0, sizeof(*host));
	memset(warden, 0, sizeof(*warden));
	host->fd = warden->fd = -1;
	if (ctn_os_socketpair(fds) == -1)
		return -1;
	host->fd = ctn_fd_above_stdio(fds[0]);
	warden->fd = ctn_fd_above_stdio(fds[1]);
	if (host->fd != -1 && warden->fd != -1) {
		ctn_os_name_senders(host->fd);
		return 0;
	}
	ctn_fd_close(&host->fd);
	ctn_fd_close(&warden->fd);
	return -1;
}

/* What was begun is finished, whatever flags are: half of a record would garble
 * all that follow. */
static int
send_all(int fd, const void *data, size_t size, int flags)
{
	const char *bytes = data;
	ssize_t n;

	while (size > 0) {
		n = send(fd, bytes, size, flags);
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return -1;
		bytes += n;
		size -= (size_t)n;
		flags &= ~MSG_DONTWAIT;
	}
	return 0;
}

int
ctn_leash_send(const struct ctn_leash *leash,
    const struct ctn_message *message, enum ctn_leash_wait wait)
{
	return send_all(leash->fd, message, sizeof(*message),
	    MSG_NOSIGNAL | (wait == CTN_LEASH_NOW ? MSG_DONTWAIT : 0));
}

int
ctn_leash_send_bytes(const struct ctn_leash *leash, const void *data,
    size_t size)
{
	return send_all(leash->fd, data, size, MSG_NOSIGNAL);
}

int
ctn_leash_say(const struct ctn_leash *leash, enum ctn_message_type type,
    int32_t number)
{
	struct ctn_message message;

	memset(&message, 0, sizeof(message));
	message.type = (uint32_t)type;
	message.number = number;
	return ctn_leash_send(leash, &message, CTN_LEASH_NOW);
}

int
ctn_leash_receive(struct ctn_leash *leash, struct ctn_message *message)
{
	ssize_t n;

	while (leash->have < sizeof(leash->in)) {
		n = ctn_os_receive(leash->fd, leash->in.bytes + leash->have,
		    sizeof(leash->in) - leash->have, &leash->sender);
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1 && errno == ECONNRESET)
			return 0;	/* died with our words unread */
		if (n <= 0)
			return (int)n;
		leash->have += (size_t)n;
	}
	leash->have = 0;
	*message = leash->in.message;
	message->text[sizeof(message->text) - 1] = '\0';
	return 1;
}

void
ctn_leash_text(struct ctn_message *message, const char *text)
{
	size_t length = strlen(text);

	if (length >= sizeof(message->text))
		length = sizeof(message->text) - 1;
	memcpy(message->text, text, length);
	message->text[length] = '\0';
}
