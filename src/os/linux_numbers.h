/*
 * linux_numbers.h: numbers of system calls that older C libraries do not name;
 * the same on every processor (the tables were unified with Linux 5.1).
 */
#ifndef CTN_OS_LINUX_NUMBERS_H
#define CTN_OS_LINUX_NUMBERS_H

#include <sys/syscall.h>

#ifndef SYS_pidfd_send_signal
#define SYS_pidfd_send_signal 424
#endif
#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#ifndef SYS_clone3
#define SYS_clone3 435
#endif
#ifndef SYS_close_range
#define SYS_close_range 436
#endif

#endif
