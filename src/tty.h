/*
 * tty.h: terminals: modes, size, and who is in the foreground of one.
 *
 * Async-signal-safe: host and warden use it.
 */
#ifndef CTN_TTY_H
#define CTN_TTY_H

#include <stdint.h>
#include <termios.h>

/* Is the caller in the foreground process group of its controlling terminal?
 * 1 or 0, where that cannot be told too; -1: it has none. */
int	ctn_tty_in_foreground(void);

/* tcgetattr(3) that leaves nothing of *modes unset, so that two can be
 * compared.  0 or -1 with errno. */
int	ctn_tty_get(int fd, struct termios *modes);

/* Set modes at once, from the background too.  0 or -1 with errno. */
int	ctn_tty_set(int fd, const struct termios *modes);

int	ctn_tty_is_same(const struct termios *one, const struct termios *other);

/* Every key passes as it is, at once; what is written does if OPOST is off. */
void	ctn_tty_make_raw(struct termios *modes);

/* Are these the modes that found has become by that, whatever OPOST is? */
int	ctn_tty_is_raw_of(const struct termios *modes,
	    const struct termios *found);

/* Rows and columns, in characters and pixels, as one number; 0 if there are
 * none. */
uint64_t ctn_tty_size(int fd);
void	ctn_tty_resize(int fd, uint64_t packed);

#endif
