/*
 * leash.h: the socketpair between host and warden, and what is said on it.
 *
 * Records of one fixed size on a stream: no system lacks that, and nothing has
 * to be parsed but a number.  End-of-file means that the other side has died.
 * A record of a type that the reader does not know is ignored.
 *
 * Async-signal-safe, no allocation.
 */
#ifndef CTN_LEASH_H
#define CTN_LEASH_H

#include <sys/types.h>
#include <stddef.h>
#include <stdint.h>

enum ctn_message_type {
	/* host to warden */
	CTN_GO = 1,		/* execute the command; text: the mark */
	CTN_SIGNAL,		/* send number to the command */
	CTN_SIGNAL_ALL,		/* send number to every member */
	CTN_FORWARD,		/* the same, unless it was sent to our whole
				   group; second: 1 if the host is in the
				   foreground of its terminal, third: enum
				   contain_origin */
	CTN_END,		/* forward number (0: none), then end */
	CTN_ASK_STOPPED,	/* is the command stopped? */
	CTN_GROUND,		/* number: enum contain_ground of the host,
				   second: 1 if text has new modes for the
				   terminal; text: struct termios of the
				   host's */
	CTN_LET_GO,		/* the group's end has been heard, and the host's
				   terminal has its modes: guard it no more */

	/* warden to host */
	CTN_READY,		/* set up; number: the backend's bits; text and
				   second: step and errno of what it lacks */
	CTN_FAILED,		/* not set up; text and number: step, errno */
	CTN_COMMAND,		/* by the command's process: it exists; number:
				   its pid, as it sees it itself */
	CTN_STARTED,		/* the command was executed; else as READY */
	CTN_EXEC_FAILED,	/* it was not; number: a failure, outfit.h */
	CTN_STOPPED,		/* the command has stopped; number: signal */
	CTN_STOPPED_ANSWER,	/* number: 1 or 0 */
	CTN_LEFTOVER,		/* number: pid, second: its parent, third: the
				   signal that it took; count: age in ms + 1,
				   0: not known; text: name */
	CTN_LEFTOVER_COMMAND,	/* number: its place among these, from 0; text:
				   the next piece of its command line */
	CTN_DONE		/* number: the command's wait status, second:
				   enum contain_flag, third: how many leftovers
				   had to be ended, count: how many there
				   were */
};

#define CTN_MESSAGE_TEXT 72

struct ctn_message {
	uint32_t type;			/* enum ctn_message_type */
	int32_t number;
	int32_t second;
	int32_t third;
	uint64_t count;
	char text[CTN_MESSAGE_TEXT];	/* ends with NUL */
};

/* One end of a leash and what has been read of the next record. */
struct ctn_leash {
	int fd;
	size_t have;
	pid_t sender;		/* who sent the last record, in the reader's
				   PID namespace; 0: the system does not say */
	union {
		struct ctn_message message;
		char bytes[sizeof(struct ctn_message)];
	} in;
};

/* Two connected ends, close-on-exec, above 2; the host learns who sends.  0 or -1 with errno. */
int	ctn_leash_open(struct ctn_leash *host, struct ctn_leash *warden);

enum ctn_leash_wait {
	CTN_LEASH_NOW,		/* EAGAIN rather than wait for room */
	CTN_LEASH_PATIENT	/* wait for room */
};

/* 0 or -1 with errno (EPIPE: the other side has died).  Never SIGPIPE. */
int	ctn_leash_send(const struct ctn_leash *leash,
	    const struct ctn_message *message, enum ctn_leash_wait wait);

/* What is no record, as long as the other side knows: all of it, waiting for
 * room.  0 or -1 with errno. */
int	ctn_leash_send_bytes(const struct ctn_leash *leash, const void *data,
	    size_t size);

/* A message with one number, sent. */
int	ctn_leash_say(const struct ctn_leash *leash,
	    enum ctn_message_type type, int32_t number);

/* Does not wait.  1: *message was read; 0: end-of-file; -1 with errno, EAGAIN
 * when there is no whole record yet. */
int	ctn_leash_receive(struct ctn_leash *leash, struct ctn_message *message);

/* Copy text into a message, cut to what fits. */
void	ctn_leash_text(struct ctn_message *message, const char *text);

#endif
