/*
 * fd.h: descriptors that stay out of the command's way.
 *
 * Async-signal-safe: host and warden use it.
 */
#ifndef CTN_FD_H
#define CTN_FD_H

#include <stddef.h>

/*
 * Move fd above 2 if it landed on a closed 0, 1 or 2; close-on-exec.
 * The new number, or -1 with errno and fd closed.  -1 stays -1.
 */
int	ctn_fd_above_stdio(int fd);

/* Close *fd if it is open, and set it to -1; errno is kept. */
void	ctn_fd_close(int *fd);

/* The smallest descriptor from low on that is to stay; INT_MAX: none is. */
typedef int ctn_fd_next_fn(int low, const void *arg);

/* Close every descriptor from low on but those that next_kept tells. */
void	ctn_fd_close_from(int low, ctn_fd_next_fn *next_kept,
	    const void *arg);

/* The most descriptors that ctn_fd_close_all_but can spare. */
#define CTN_FD_KEEP_MAX 64

/* Close every descriptor of the process but those in keep (count at most
 * CTN_FD_KEEP_MAX, any order, -1 and doubles allowed). */
void	ctn_fd_close_all_but(const int *keep, size_t count);

#endif
