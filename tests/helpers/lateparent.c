/*
 * lateparent.c: kill contain\'s parent just before contain watches it.
 *
 * Copyright (c) 2026 the contain authors
 * SPDX-License-Identifier: ISC
 */
#include "config.h"

#include <sys/types.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <linux/filter.h>
#include <linux/seccomp.h>

#include <err.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "os/linux_numbers.h"

#ifndef SECCOMP_USER_NOTIF_FLAG_CONTINUE
#define SECCOMP_USER_NOTIF_FLAG_CONTINUE 1
#endif

#define DEADLINE_S 10

/*
 * Supervisor, parent, contain: three generations.  A seccomp filter holds
 * contain at pidfd_open(parent); while it is held there the parent is killed
 * and reaped, and contain re-parented to the supervisor.
 */

static void
send_fd(int socket, int fd)
{
	char data = 0, control[CMSG_SPACE(sizeof fd)];
	struct iovec iov = { .iov_base = &data, .iov_len = 1 };
	struct msghdr msg = { .msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof control };
	struct cmsghdr *cmsg;

	memset(control, 0, sizeof control);
	cmsg = CMSG_FIRSTHDR(&msg);
	cmsg->cmsg_level = SOL_SOCKET;
	cmsg->cmsg_type = SCM_RIGHTS;
	cmsg->cmsg_len = CMSG_LEN(sizeof fd);
	memcpy(CMSG_DATA(cmsg), &fd, sizeof fd);
	if (sendmsg(socket, &msg, 0) == -1)
		err(2, "sendmsg");
}

static int
receive_fd(int socket)
{
	char data, control[CMSG_SPACE(sizeof(int))];
	struct iovec iov = { .iov_base = &data, .iov_len = 1 };
	struct msghdr msg = { .msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof control };
	struct cmsghdr *cmsg;
	int fd;

	if (recvmsg(socket, &msg, 0) != 1 ||
	    (cmsg = CMSG_FIRSTHDR(&msg)) == NULL)
		errx(77, "no notification of system calls here");
	memcpy(&fd, CMSG_DATA(cmsg), sizeof fd);
	return fd;
}

static int
install_filter(void)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
		    offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_pidfd_open, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog prog = { .len = 4, .filter = code };

	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
	    SECCOMP_FILTER_FLAG_NEW_LISTENER, &prog);
}

static void
run_contain(int socket, char *argv[])
{
	int listener;

	if ((listener = install_filter()) == -1)
		_exit(77);
	send_fd(socket, listener);
	close(listener);
	close(socket);
	execvp(argv[0], argv);
	err(127, "%s", argv[0]);
}

static void
run_parent(int socket, char *argv[])
{
	pid_t pid;

	if ((pid = fork()) == 0)
		run_contain(socket, argv);
	close(socket);
	while (waitpid(pid, NULL, 0) == -1 && errno == EINTR)
		continue;
	_exit(0);
}

/* Returns contain's pid when it was the call that was waited for, else 0. */
static pid_t
answer(int listener, pid_t parent)
{
	struct seccomp_notif request;
	struct seccomp_notif_resp response;
	int match;

	memset(&request, 0, sizeof request);
	if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &request) == -1)
		return 0;
	match = request.data.args[0] == (unsigned long long)parent;
	if (match) {
		kill(parent, SIGKILL);
		waitpid(parent, NULL, 0);
	}
	memset(&response, 0, sizeof response);
	response.id = request.id;
	response.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
	(void)ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &response);
	return match ? (pid_t)request.pid : 0;
}

static void
on_alarm(int signum)
{
	static const char text[] = "deadline\n";

	(void)signum;
	(void)!write(STDOUT_FILENO, text, sizeof text - 1);
	_exit(1);
}

int
main(int argc, char *argv[])
{
	struct pollfd pfd = { .events = POLLIN };
	int pair[2], status;
	pid_t contain = 0, parent, pid;

	if (argc < 2)
		errx(2, "usage: lateparent COMMAND [ARG...]");
	(void)signal(SIGALRM, on_alarm);
	alarm(DEADLINE_S);
	prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == -1)
		err(2, "socketpair");
	if ((parent = fork()) == 0) {
		close(pair[0]);
		run_parent(pair[1], argv + 1);
	}
	close(pair[1]);
	pfd.fd = receive_fd(pair[0]);
	do {
		if (poll(&pfd, 1, 20) == 1 && (pfd.revents & POLLIN) != 0 &&
		    (pid = answer(pfd.fd, parent)) != 0)
			contain = pid;
		pid = waitpid(-1, &status, WNOHANG);
	} while (pid != parent && (contain == 0 || pid != contain));
	if (contain == 0)
		printf("the parent was never watched\n");
	if (WIFEXITED(status))
		printf("exit %d\n", WEXITSTATUS(status));
	else
		printf("signal %d\n", WTERMSIG(status));
	return contain == 0;
}
