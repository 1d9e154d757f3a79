/*
 * world.c: where a worker is PID 1, with mounts and terminals of its own.
 *
 * Nothing that a run leaves gets out, and nothing of the machine's is mistaken
 * for what a run has left.
 */
#include "config.h"

#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../namespace.h"
#include "torture.h"

static int
mount_all(const char *stage)
{
	if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == -1 ||
	    mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC,
	    NULL) == -1)
		return -1;
	if (mount("devpts", "/dev/pts", "devpts", MS_NOSUID | MS_NOEXEC,
	    "newinstance,ptmxmode=0666,mode=0620") == -1 ||
	    mount("/dev/pts/ptmx", "/dev/ptmx", NULL, MS_BIND, NULL) == -1)
		return -1;
	return mount("tmpfs", stage, "tmpfs", MS_NOSUID | MS_NODEV,
	    "mode=755");
}

/* Pids are tried one by one where the process table cannot be read: few are
 * enough.  Only where a new namespace has shown another value than the machine's
 * does the number belong to it, since Linux 6.14. */
static long
pid_max(void)
{
	FILE *file = fopen("/proc/sys/kernel/pid_max", "re");
	long number = 0;

	if (file == NULL || fscanf(file, "%ld", &number) != 1)
		number = 0;
	if (file != NULL)
		fclose(file);
	return number;
}

static void
have_few_pids(long outside)
{
	if (outside > 0 && pid_max() > 0 && pid_max() != outside)
		namespace_write("/proc/sys/kernel/pid_max", "2048");
}

static _Noreturn void
be_first(const char *stage, int (*work)(void *), void *arg, long outside)
{
	int status;

	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	setsid();
	if (mount_all(stage) == -1) {
		printf("# mounting: %s\n", strerror(errno));
		fflush(stdout);
		_exit(111);
	}
	have_few_pids(outside);
	status = work(arg);
	fflush(stdout);
	_exit(status);
}

int
world_run(const char *stage, int (*work)(void *), void *arg, char *why,
    size_t size)
{
	long outside = pid_max();
	int status = 0;
	pid_t pid;

	if (namespace_enter(CLONE_NEWPID | CLONE_NEWNS) == -1 ||
	    (pid = fork_patiently()) == -1) {
		snprintf(why, size, "no namespace of its own: %s",
		    strerror(errno));
		return -1;
	}
	if (pid == 0)
		be_first(stage, work, arg, outside);
	while (waitpid(pid, &status, 0) == -1 && errno == EINTR)
		continue;
	if (WIFEXITED(status) && WEXITSTATUS(status) != 111)
		return WEXITSTATUS(status);
	snprintf(why, size, WIFEXITED(status) ?
	    "no mounts of its own" : "the worker was killed");
	return -1;
}

/* ---- furniture ------------------------------------------------------- */

static int
copy(const char *from, const char *directory, const char *name)
{
	char to[300], buffer[65536];
	int in, out;
	ssize_t n;

	snprintf(to, sizeof(to), "%s/%s", directory, name);
	in = open(from, O_RDONLY | O_CLOEXEC);
	out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0755);
	if (in == -1 || out == -1)
		return -1;
	while ((n = read(in, buffer, sizeof(buffer))) > 0)
		if (write(out, buffer, (size_t)n) != n)
			return -1;
	close(in);
	if (fchmod(out, 0755) == -1)
		return -1;
	return close(out) == -1 ? -1 : (int)n;
}

static int
copy_programs(const char *stage)
{
	const char *contain = getenv("CONTAIN"), *tests = getenv("TESTDIR");
	char path[512];

	if (contain == NULL || tests == NULL ||
	    copy(contain, stage, "contain") == -1)
		return -1;
	snprintf(path, sizeof(path), "%s/torture/prey", tests);
	if (copy(path, stage, "prey") == -1)
		return -1;
	snprintf(path, sizeof(path), "%s/torture/host", tests);
	return copy(path, stage, "host");
}

static int
open_terminal(struct world *world)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	char name[64];

	if (master == -1 || grantpt(master) == -1 || unlockpt(master) == -1 ||
	    ptsname_r(master, name, sizeof(name)) != 0)
		return -1;
	world->terminal = open(name, O_RDWR | O_CLOEXEC);
	if (world->terminal == -1 || chmod(name, 0666) == -1)
		return -1;
	ioctl(world->terminal, TIOCSCTTY, 0);
	return tcgetattr(world->terminal, &world->modes);
}

static int
make_file(char *path, size_t size, const char *stage, const char *name)
{
	int fd;

	snprintf(path, size, "%.250s/%s", stage, name);
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
	if (fd == -1 || fchmod(fd, 0666) == -1)
		return -1;
	return close(fd);
}

int
world_furnish(struct world *world, char *why, size_t size)
{
	sigset_t set;

	signal(SIGTTOU, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	if (copy_programs(world->stage) == 0 && open_terminal(world) == 0 &&
	    make_file(world->out, sizeof(world->out), world->stage,
	    "out") == 0 &&
	    make_file(world->err, sizeof(world->err), world->stage,
	    "err") == 0)
		return 0;
	snprintf(why, size, "the stage: %s", strerror(errno));
	return -1;
}
