/*
 * namespace.h: namespaces for a test program; Linux.
 */
#ifndef TEST_NAMESPACE_H
#define TEST_NAMESPACE_H

/* Write text to a file that is there.  0 or -1. */
int	namespace_write(const char *path, const char *text);

/* As unshare(2); who may not has a user namespace besides, and stays there who
 * he is.  0, 1 with a user namespace, or -1. */
int	namespace_enter(int flags);

#endif
