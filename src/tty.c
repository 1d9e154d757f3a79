/* tty.c: terminals: modes, size, and who is in the foreground of one */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "fd.h"
#include "os/os.h"
#include "tty.h"

int
ctn_tty_in_foreground(void)
{
	int fd = open("/dev/tty", O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	int foreground;

	if (fd == -1)
		return errno == ENXIO || errno == ENOENT ? -1 : 0;
	foreground = ctn_os_in_foreground(fd);
	ctn_fd_close(&fd);
	return foreground;
}

int
ctn_tty_get(int fd, struct termios *modes)
{
	memset(modes, 0, sizeof(*modes));
	return tcgetattr(fd, modes);
}

/* At once: what was written before has been processed as it was written, and
 * waiting for a terminal that is held by ^S could take for ever. */
int
ctn_tty_set(int fd, const struct termios *modes)
{
	sigset_t block, before;
	int result, saved;

	sigemptyset(&block);
	sigaddset(&block, SIGTTOU);
	ctn_os_sigmask(SIG_BLOCK, &block, &before);
	do
		result = tcsetattr(fd, TCSANOW, modes);
	while (result == -1 && errno == EINTR);
	saved = errno;
	ctn_os_sigmask(SIG_SETMASK, &before, NULL);
	errno = saved;
	return result;
}

int
ctn_tty_is_same(const struct termios *one, const struct termios *other)
{
	return one->c_iflag == other->c_iflag &&
	    one->c_oflag == other->c_oflag &&
	    one->c_cflag == other->c_cflag &&
	    one->c_lflag == other->c_lflag &&
	    memcmp(one->c_cc, other->c_cc, sizeof(one->c_cc)) == 0;
}

/* The line itself, in c_cflag, stays as it is. */
void
ctn_tty_make_raw(struct termios *modes)
{
	modes->c_iflag &= ~(tcflag_t)(IGNBRK | BRKINT | PARMRK | ISTRIP |
	    INLCR | IGNCR | ICRNL | IXON | IXOFF);
	modes->c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | ISIG | IEXTEN);
	modes->c_cc[VMIN] = 1;
	modes->c_cc[VTIME] = 0;
}

int
ctn_tty_is_raw_of(const struct termios *modes, const struct termios *found)
{
	struct termios raw = *found;

	ctn_tty_make_raw(&raw);
	raw.c_oflag = (raw.c_oflag & ~(tcflag_t)OPOST) |
	    (modes->c_oflag & OPOST);
	return ctn_tty_is_same(modes, &raw);
}

uint64_t
ctn_tty_size(int fd)
{
	struct winsize size;

	if (ioctl(fd, TIOCGWINSZ, &size) == -1)
		return 0;
	return (uint64_t)size.ws_row << 48 | (uint64_t)size.ws_col << 32 |
	    (uint64_t)size.ws_xpixel << 16 | (uint64_t)size.ws_ypixel;
}

void
ctn_tty_resize(int fd, uint64_t packed)
{
	struct winsize size;

	size.ws_row = (unsigned short)(packed >> 48);
	size.ws_col = (unsigned short)(packed >> 32);
	size.ws_xpixel = (unsigned short)(packed >> 16);
	size.ws_ypixel = (unsigned short)packed;
	(void)ioctl(fd, TIOCSWINSZ, &size);
}
