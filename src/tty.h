/*
 * tty.h: the host and its controlling terminal.
 */
#ifndef CTN_TTY_H
#define CTN_TTY_H

/* Is the caller in the foreground process group of its controlling terminal?
 * 0 too where it has none. */
int	ctn_tty_in_foreground(void);

#endif
