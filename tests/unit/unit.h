/*
 * unit.h: what the unit tests share.
 *
 * A failed assertion of cmocka's in a forked child would jump into the parent's
 * runner.  CHECK works in both: in the test's own process it is an assertion,
 * in a child made by unit_child it reports over a pipe and ends the child.
 */
#ifndef UNIT_H
#define UNIT_H

#include <sys/types.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "contain.h"

/* Longer than anything here takes; what is still missing then never comes. */
#define UNIT_PATIENCE_MS 60000

/* Leave the test; tests/tap-wrap.sh shows why. */
#define SKIP_BECAUSE(why)						\
	do {								\
		print_message("# SKIP %s\n", why);			\
		skip();							\
	} while (0)

#define CHECK(condition)						\
	unit_check((condition) != 0, __FILE__, __LINE__, #condition)
#define CHECK_INT(value, wanted)					\
	unit_check_int((long long)(value), (long long)(wanted),	\
	    __FILE__, __LINE__, #value)
#define CHECK_STR(value, wanted)					\
	unit_check_str(value, wanted, __FILE__, __LINE__, #value)
#define CHECK_HAS(value, part)						\
	unit_check_has(value, part, __FILE__, __LINE__, #value)

void	unit_check(int is_true, const char *file, int line, const char *text);
void	unit_check_int(long long value, long long wanted, const char *file,
	    int line, const char *text);
void	unit_check_str(const char *value, const char *wanted,
	    const char *file, int line, const char *text);
void	unit_check_has(const char *value, const char *part, const char *file,
	    int line, const char *text);

/* contain_options_new, with an executed warden where CONTAIN_TEST_WARDEN=program is in the
 * environment: tests/warden.test runs these programs so. */
struct contain_options *unit_options_new(void);
#define contain_options_new unit_options_new

/* The group's set-up: a program that hangs is ended, and so fails. */
int	unit_setup(void **state);

/* Run body in a child that leads a process group of its own; the test fails
 * if a CHECK in it does, or if it does not come to its end. */
void	unit_child(void (*body)(void *arg), void *arg);

/*
 * Run the tests in a PID namespace of their own, and return their result: what
 * they test signals process groups and everybody, and when it is broken that
 * must reach nobody else.  Whatever a failed test leaves ends with it.  Where
 * there can be none, all of them are skipped.
 */
int	unit_isolated(int (*run)(void));

/* Take the terminal as a shell does when a job has ended, whoever that has left
 * in the foreground. */
void	unit_be_in_foreground(int tty);

/* How many descriptors are open; unit_no_child: is there none, of any kind? */
int	unit_count_fds(void);
int	unit_no_child(void);

/* Does this backend work here? */
int	unit_is_usable(enum contain_backend backend);

/* Is the pidns backend usable?  If not, why_not (any size) says why. */
int	unit_has_pidns(char *why_not, size_t size);

/* Skip the test unless it is. */
#define NEED_PIDNS()							\
	do {								\
		char why_not_[300];					\
		if (!unit_has_pidns(why_not_, sizeof(why_not_)))	\
			SKIP_BECAUSE(why_not_);				\
	} while (0)

/* ---- talking to a command ------------------------------------------ */

/*
 * Two pipes: the command reads descriptor 8 and writes descriptor 9.  Whoever
 * of the group still holds 9 keeps "from" open, so its end-of-file says that
 * nobody is left.
 */
struct unit_talk {
	int to;			/* what the command reads from 8 */
	int from;		/* what it wrote to 9 */
};

void	unit_talk_open(struct unit_talk *talk);

/* The command has been spawned: close 8 and 9 here. */
void	unit_talk_begin(void);
void	unit_talk_close(struct unit_talk *talk);

/* The next line, without its newline; CHECKs that one comes. */
const char *unit_hear(const struct unit_talk *talk);

/* Write a line. */
void	unit_say(const struct unit_talk *talk, const char *line);

/* Has everybody closed 9 by now, with nothing left to read? */
int	unit_is_silent(const struct unit_talk *talk);

/* Wait until everybody has; CHECKs that it happens. */
void	unit_await_silence(const struct unit_talk *talk);

/* Spawn sh -c script with these options (NULL: default ones) and, unless it is
 * NULL, talk begun.  CHECKs that it works. */
struct contain_group *unit_spawn(const struct contain_options *options,
	    const char *script, const struct unit_talk *talk);

/* The same, waited for and freed: its exit status. */
int	unit_run(const struct contain_options *options, const char *script);

/* Are the pids inside /proc those inside the group? */
int	unit_has_fresh_proc(const struct contain_group *group);

/* Wait for the group's end; CHECKs that it comes. */
void	unit_finish(struct contain_group *group,
	    struct contain_result *result);

#endif
