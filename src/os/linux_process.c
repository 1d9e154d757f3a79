/* linux_process.c: the process table of Linux, /proc */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "os/linux.h"
#include "os/os.h"
#include "text.h"

/* As the kernel's struct linux_dirent64, getdents64(2).  Not readdir: that
 * allocates. */
struct entry {
	uint64_t inode;
	int64_t offset;
	unsigned short length;
	unsigned char type;
	char name[];
};

/* The number that text starts with and consists of; -1 if it does not. */
static long
whole_number(const char *text)
{
	long number = 0;

	if (*text == '\0')
		return -1;
	for (; *text != '\0'; text++) {
		if (*text < '0' || *text > '9')
			return -1;
		number = number * 10 + (*text - '0');
	}
	return number;
}

/* Visit the entries in one buffer from getdents64. */
static int
visit_entries(const char *buffer, long size, ctn_linux_number_fn *visit,
    void *arg)
{
	const struct entry *entry;
	long at, number;
	int stop;

	for (at = 0; at < size; at += entry->length) {
		entry = (const struct entry *)(const void *)(buffer + at);
		number = whole_number(entry->name);
		if (number == -1)
			continue;
		stop = visit(number, arg);
		if (stop != 0)
			return stop;
	}
	return 0;
}

int
ctn_linux_each_number(const char *path, ctn_linux_number_fn *visit, void *arg)
{
	_Alignas(struct entry) char buffer[4096];
	int fd, stop = 0;
	long size;

	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd == -1)
		return -1;
	do {
		size = syscall(SYS_getdents64, fd, buffer, sizeof(buffer));
		if (size > 0)
			stop = visit_entries(buffer, size, visit, arg);
	} while (size > 0 && stop == 0);
	close(fd);
	return size < 0 ? -1 : stop;
}

ssize_t
ctn_linux_read_file(const char *path, char *buffer, size_t size)
{
	int fd, saved;
	ssize_t n;

	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd == -1)
		return -1;
	do
		n = read(fd, buffer, size - 1);
	while (n == -1 && errno == EINTR);
	saved = errno;
	close(fd);
	errno = saved;
	buffer[n > 0 ? n : 0] = '\0';
	return n;
}

/* The unsigned number at *text, which is moved behind it and its blank. */
static uint64_t
take_number(const char **text)
{
	uint64_t number = 0;

	if (**text == '-')
		(*text)++;
	while (**text >= '0' && **text <= '9')
		number = number * 10 + (uint64_t)(*(*text)++ - '0');
	while (**text == ' ')
		(*text)++;
	return number;
}

/* proc_pid_stat(5).  The name may hold blanks and parentheses: it ends at the
 * last ')'. */
int
ctn_linux_parse_stat(const char *stat, struct ctn_process *process)
{
	const char *open_at = strchr(stat, '('), *at = strrchr(stat, ')');
	size_t length;
	int field;

	if (open_at == NULL || at == NULL || at < open_at || at[1] != ' ')
		return -1;
	length = (size_t)(at - open_at) - 1;
	if (length >= sizeof(process->name))
		length = sizeof(process->name) - 1;
	memcpy(process->name, open_at + 1, length);
	process->name[length] = '\0';
	process->pid = (pid_t)take_number(&stat);
	at += 2;
	process->is_zombie = *at == 'Z' || *at == 'X';
	if (*at == '\0' || at[1] != ' ')
		return -1;
	at += 2;
	process->parent = (pid_t)take_number(&at);
	process->pgrp = (pid_t)take_number(&at);
	process->session = (pid_t)take_number(&at);
	for (field = 7; field < 22; field++)
		take_number(&at);
	process->start = take_number(&at);
	return 0;
}

int
ctn_os_process_get(pid_t pid, struct ctn_process *process)
{
	char path[CTN_TEXT_NUMBER + 16] = "/proc/", stat[1024];

	memcpy(path + 6 + ctn_text_number(path + 6, (unsigned long)pid),
	    "/stat", 6);
	if (ctn_linux_read_file(path, stat, sizeof(stat)) <= 0) {
		if (errno == ENOENT)
			errno = ESRCH;
		return -1;
	}
	if (ctn_linux_parse_stat(stat, process) == -1) {
		errno = EPROTO;
		return -1;
	}
	return 0;
}

pid_t
ctn_os_process_self(void)
{
	char number[16];
	ssize_t n;

	n = readlink("/proc/self", number, sizeof(number) - 1);
	if (n <= 0)
		return -1;
	number[n] = '\0';
	return (pid_t)whole_number(number);
}

/* What ctn_os_process_each was asked to do, behind a void pointer. */
struct visitor {
	ctn_os_visit_fn *visit;
	void *arg;
};

static int
visit_pid(long number, void *arg)
{
	const struct visitor *visitor = arg;

	return visitor->visit((pid_t)number, visitor->arg);
}

int
ctn_os_process_each(ctn_os_visit_fn *visit, void *arg)
{
	struct visitor visitor = { visit, arg };

	return ctn_linux_each_number("/proc", visit_pid, &visitor);
}
