/* leftovers.c: who is still alive when the command has ended */
#include "config.h"

#include <signal.h>
#include <string.h>
#include <sys/mman.h>

#include "leftovers.h"
#include "os/os.h"

#ifndef MAP_ANONYMOUS
#define MAP_ANONYMOUS MAP_ANON
#endif

struct ctn_leftovers *
ctn_leftovers_new(void)
{
	void *memory = mmap(NULL, sizeof(struct ctn_leftovers),
	    PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return memory != MAP_FAILED ? memory : NULL;
}

/* How many have a line. */
static size_t
listed(const struct ctn_leftovers *leftovers)
{
	return leftovers != NULL ? leftovers->listed : 0;
}

static void
list_process(struct ctn_leftovers *leftovers, const struct ctn_process *process)
{
	struct ctn_leftover *leftover = &leftovers->list[leftovers->listed++];

	leftover->pid = process->pid;
	leftover->parent = process->parent;
	leftover->took = 0;
	leftover->start = process->start;
	leftover->age_ms = -1;
	leftover->command[0] = '\0';
	memcpy(leftover->name, process->name, sizeof(leftover->name));
}

/* Where ctn_leftovers_take collects, behind a void pointer. */
struct search {
	struct ctn_leftovers *leftovers;
	pid_t command;
};

static void
note_member(const struct ctn_process *member, void *arg)
{
	const struct search *search = arg;
	struct ctn_leftovers *leftovers = search->leftovers;

	if (member != NULL && member->pid == search->command)
		return;
	leftovers->total++;
	if (member != NULL && leftovers->listed < CTN_LEFTOVERS_MAX)
		list_process(leftovers, member);
}

void
ctn_leftovers_take(struct ctn_leftovers *leftovers,
    struct ctn_attempt *attempt, pid_t command)
{
	struct search search = { leftovers, command };

	leftovers->total = leftovers->listed = 0;
	/* one more than fits: the command may be among them */
	if (attempt->backend->visit(attempt, CTN_LEFTOVERS_MAX + 1,
	    note_member, &search) == -1 && leftovers->total == 0)
		leftovers->total = 1;
}

void
ctn_leftovers_describe(struct ctn_leftovers *leftovers)
{
	struct ctn_leftover *leftover;
	size_t i;

	for (i = 0; i < listed(leftovers); i++) {
		leftover = &leftovers->list[i];
		leftover->age_ms = ctn_os_process_age_ms(leftover->start);
		if (ctn_os_process_command(leftover->pid, leftover->command,
		    sizeof(leftover->command)) == -1)
			leftover->command[0] = '\0';
	}
}

uint64_t
ctn_leftovers_count(struct ctn_attempt *attempt)
{
	struct ctn_leftovers now;

	ctn_leftovers_take(&now, attempt, 0);
	return now.total;
}

void
ctn_leftovers_mark(struct ctn_leftovers *leftovers, int signum)
{
	struct ctn_process process;
	size_t i;

	for (i = 0; i < listed(leftovers); i++)
		if (ctn_os_process_get(leftovers->list[i].pid, &process) == 0 &&
		    !process.is_zombie &&
		    process.start == leftovers->list[i].start)
			leftovers->list[i].took = signum;
}

/* In pieces that fit a message. */
static int
send_command(const struct ctn_leash *leash, size_t place, const char *command)
{
	struct ctn_message message;
	size_t length = strlen(command), sent;

	for (sent = 0; sent < length; sent += sizeof(message.text) - 1) {
		memset(&message, 0, sizeof(message));
		message.type = CTN_LEFTOVER_COMMAND;
		message.number = (int32_t)place;
		ctn_leash_text(&message, command + sent);
		if (ctn_leash_send(leash, &message, CTN_LEASH_NOW) == -1)
			return -1;
	}
	return 0;
}

void
ctn_leftovers_send(const struct ctn_leftovers *leftovers,
    const struct ctn_leash *leash)
{
	const struct ctn_leftover *leftover;
	struct ctn_message message;
	size_t i;

	for (i = 0; i < listed(leftovers); i++) {
		leftover = &leftovers->list[i];
		memset(&message, 0, sizeof(message));
		message.type = CTN_LEFTOVER;
		message.number = leftover->pid;
		message.second = leftover->parent;
		message.third = leftover->took;
		message.count = (uint64_t)(leftover->age_ms + 1);
		ctn_leash_text(&message, leftover->name);
		if (ctn_leash_send(leash, &message, CTN_LEASH_NOW) == -1)
			return;
	}
	for (i = 0; i < listed(leftovers); i++)
		if (send_command(leash, i, leftovers->list[i].command) == -1)
			return;
}
