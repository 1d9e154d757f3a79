/* linux_pty.c: pseudo-terminals on Linux */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "fd.h"
#include "os/os.h"

/* TIOCGPTN rather than ptsname(3), whose buffer threads share; pts(4). */
int
ctn_os_pty_open(char *slave, size_t size, const char **step)
{
	int unlock = 0, master;
	unsigned number;

	*step = "posix_openpt";
	master = ctn_fd_above_stdio(posix_openpt(O_RDWR | O_NOCTTY |
	    O_CLOEXEC));
	if (master == -1)
		return -1;
	*step = "unlockpt";
	if (ioctl(master, TIOCSPTLCK, &unlock) == -1 ||
	    ioctl(master, TIOCGPTN, &number) == -1) {
		ctn_fd_close(&master);
		return -1;
	}
	snprintf(slave, size, "/dev/pts/%u", number);
	return master;
}

/* The first terminal that a session leader opens becomes the controlling one
 * here; where a kernel wants to be asked, it is. */
int
ctn_os_pty_take(const char *slave, const char **step)
{
	int fd;

	*step = "open slave";
	fd = ctn_fd_above_stdio(open(slave, O_RDWR | O_CLOEXEC));
	if (fd == -1)
		return -1;
	*step = "TIOCSCTTY";
	if (tcgetsid(fd) != getpid() && ioctl(fd, TIOCSCTTY, 0) == -1)
		ctn_fd_close(&fd);
	return fd;
}

/* In a PID namespace every process group of outside has the number 0, be it in
 * the foreground or not.  So the kernel's own check is asked, by a read of
 * nothing: in the background, with SIGTTIN blocked, it is EIO.  While another
 * process waits for a line it is EAGAIN, or waits, too: hence O_NONBLOCK. */
static int
may_read(int fd)
{
	sigset_t block, before;
	int is_refused;
	char nothing;
	ssize_t n;

	sigemptyset(&block);
	sigaddset(&block, SIGTTIN);
	ctn_os_sigmask(SIG_BLOCK, &block, &before);
	errno = 0;
	n = read(fd, &nothing, 0);
	is_refused = n == -1 && errno == EIO;
	ctn_os_sigmask(SIG_SETMASK, &before, NULL);
	return !is_refused;
}

int
ctn_os_in_foreground(int fd)
{
	return tcgetpgrp(fd) == getpgrp() && may_read(fd);
}
