/* linux_process.c: the process table of Linux, /proc */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "fd.h"
#include "os/linux.h"
#include "os/linux_numbers.h"
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
	process->is_stopped = *at == 'T' || *at == 't';
	process->is_guessed = process->is_member = 0;
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

/* "/proc/PID/name" */
static void
process_path(char path[64], pid_t pid, const char *name)
{
	memcpy(path, "/proc/", 7);
	ctn_text_number(path + 6, (unsigned long)pid);
	ctn_text_append(path, 64, name);
}

int
ctn_os_process_get(pid_t pid, struct ctn_process *process)
{
	char path[64], stat[1024];

	process_path(path, pid, "/stat");
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

/* pid_max, proc_sys_kernel(5); its largest value where it cannot be read. */
static size_t
pid_limit(const char *text)
{
	size_t limit = (size_t)take_number(&text);

	return limit > 0 ? limit : 4194304;
}

/* Every pid of the system at once would need this much; a machine that cannot
 * even reserve it gets less. */
int
ctn_os_table_reserve(struct ctn_table *table)
{
	char text[32] = "";

	ctn_linux_read_file("/proc/sys/kernel/pid_max", text, sizeof(text));
	table->size = pid_limit(text);
	table->last = (pid_t)table->size;
	table->count = 0;
	do {
		table->bytes = table->size * sizeof(*table->list);
		table->list = mmap(NULL, table->bytes, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
		if (table->list != MAP_FAILED)
			return 0;
		table->size /= 2;
	} while (table->size >= 1024);
	table->list = NULL;
	return -1;
}

void
ctn_os_table_release(struct ctn_table *table)
{
	if (table->list != NULL)
		munmap(table->list, table->bytes);
	table->list = NULL;
}

/* /proc lists pids in ascending order. */
static int
add_to_table(long number, void *arg)
{
	struct ctn_table *table = arg;

	if (table->count == table->size)
		return 0;
	if (ctn_os_process_get((pid_t)number, &table->list[table->count]) == 0)
		table->count++;
	else if (errno == ESRCH)
		table->is_torn = 1;
	return 0;
}

int
ctn_os_table_read(struct ctn_table *table)
{
	table->count = 0;
	table->is_torn = 0;
	if (ctn_os_process_self() != getpid()) {
		errno = ENOSYS;
		return -1;
	}
	return ctn_linux_each_number("/proc", add_to_table, table);
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

/* A descriptor names the process for good; what it names is looked at once it
 * is open, so a pid that has gone to another by then is not hit.  Our own
 * children keep their pid until we reap them. */
int
ctn_os_process_signal(const struct ctn_process *process, int signum)
{
	int fd, n = -1;

	if (process->parent == getpid())
		return kill(process->pid, signum);
	fd = (int)syscall(SYS_pidfd_open, process->pid, 0);
	if (fd == -1 && errno == ESRCH)
		return -1;
	if (!ctn_os_process_is_same(process))
		errno = ESRCH;
	else if (fd == -1)
		n = kill(process->pid, signum);	/* before Linux 5.3 */
	else
		n = (int)syscall(SYS_pidfd_send_signal, fd, signum, NULL, 0);
	ctn_fd_close(&fd);
	return n;
}

/* A file of NUL-ended strings, read piece by piece. */
struct strings {
	int fd;
	size_t at, end;
	char buffer[1024];
};

/* The next character; -1 at the end. */
static int
next_character(struct strings *strings)
{
	ssize_t n;

	if (strings->at == strings->end) {
		n = read(strings->fd, strings->buffer,
		    sizeof(strings->buffer));
		if (n <= 0)
			return -1;
		strings->at = 0;
		strings->end = (size_t)n;
	}
	return (unsigned char)strings->buffer[strings->at++];
}

/* If the string that starts here is name=value, its value.  Length or -1; -2 at
 * the end of all strings. */
static ssize_t
match_string(struct strings *strings, const char *name, char *value,
    size_t size)
{
	size_t used = 0;
	int c = next_character(strings), matches = 1;

	if (c == -1)
		return -2;
	for (; c > 0 && matches && (*name != '\0' || c != '=');
	    c = next_character(strings))
		matches = *name != '\0' && c == (unsigned char)*name++;
	matches = matches && c == '=' && *name == '\0';
	while (c > 0) {
		c = next_character(strings);
		if (matches && c > 0 && used + 1 < size)
			value[used++] = (char)c;
	}
	value[used] = '\0';
	return matches ? (ssize_t)used : -1;
}

static int
belongs_to_caller(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && st.st_uid == geteuid();
}

ssize_t
ctn_os_process_variable(pid_t pid, const char *name, char *value, size_t size)
{
	struct strings strings;
	char path[64];
	ssize_t n = -1;

	process_path(path, pid, "/environ");
	strings.at = strings.end = 0;
	strings.fd = open(path, O_RDONLY | O_CLOEXEC);
	if (strings.fd == -1) {
		if (errno == ENOENT)
			errno = ESRCH;
		return -1;
	}
	errno = EACCES;
	if (belongs_to_caller(strings.fd)) {
		do
			n = match_string(&strings, name, value, size);
		while (n == -1);
		errno = strings.end == 0 ? ESRCH : ENOENT;
	}
	ctn_fd_close(&strings.fd);
	return n < 0 ? -1 : n;
}

/* The unit is the clock tick; the clock goes on while the machine sleeps. */
int64_t
ctn_os_process_age_ms(uint64_t start)
{
	uint64_t tick = getauxval(AT_CLKTCK), start_ms, now_ms;
	struct timespec now;

	if (tick == 0 || clock_gettime(CLOCK_BOOTTIME, &now) == -1)
		return -1;
	start_ms = start / tick * 1000 + start % tick * 1000 / tick;
	now_ms = (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
	return now_ms > start_ms ? (int64_t)(now_ms - start_ms) : 0;
}

ssize_t
ctn_os_process_command(pid_t pid, char *command, size_t size)
{
	char path[64];
	ssize_t n, i;

	process_path(path, pid, "/cmdline");
	n = ctn_linux_read_file(path, command, size);
	while (n > 0 && command[n - 1] == '\0')
		n--;
	for (i = 0; i < n; i++)
		if (command[i] == '\0')
			command[i] = ' ';
	return n;
}
