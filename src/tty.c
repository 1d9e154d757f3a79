/* tty.c: the host and its controlling terminal */
#include "config.h"

#include <fcntl.h>
#include <unistd.h>

#include "fd.h"
#include "tty.h"

int
ctn_tty_in_foreground(void)
{
	int fd = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
	int foreground;

	if (fd == -1)
		return 0;
	foreground = tcgetpgrp(fd) == getpgrp();
	ctn_fd_close(&fd);
	return foreground;
}
