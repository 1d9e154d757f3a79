/*
 * heap.c: memory for a command that needs little of it.
 *
 * contain stands before every command, and asks for some twenty small pieces
 * of memory in its life.  They come from a room that the program has anyway;
 * musl's heap takes half a dozen system calls and as many new pages before it
 * hands out the first one: a tenth of all that contain costs (doc/cost.txt).
 *
 * What does not fit is mapped, each piece by itself.  The room is given back
 * from its end, and as a whole once nobody holds a piece of it.
 */
#include "config.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

#include "heap.h"

/* What room and pieces are counted in; the first one of a piece is its head. */
union unit {
	size_t count;			/* of the piece, this one included */
	long double align_1;
	void *align_2;
	int64_t align_3;
};

#define ROOM (16384 / sizeof(union unit))

/* "common", as the linker puts that behind all other data: so the few pages
 * that are used are next to each other. */
extern union unit cli_heap_room[ROOM];
union unit cli_heap_room[ROOM] __attribute__((common));
static size_t used;			/* units, from the start */
static size_t held;			/* pieces */

static int
is_in_room(const union unit *head)
{
	return (uintptr_t)head >= (uintptr_t)cli_heap_room &&
	    (uintptr_t)head < (uintptr_t)(cli_heap_room + ROOM);
}

static union unit *
map(size_t count)
{
	void *memory = mmap(NULL, count * sizeof(union unit),
	    PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory != MAP_FAILED)
		return memory;
	errno = ENOMEM;		/* whatever mmap calls it */
	return NULL;
}

void *
cli_heap_get(size_t size)
{
	size_t count = (size + sizeof(union unit) - 1) / sizeof(union unit) +
	    1;
	union unit *head = cli_heap_room + used;

	if (size > PTRDIFF_MAX) {
		errno = ENOMEM;
		return NULL;
	}
	if (count > ROOM - used)
		head = map(count);
	else {
		used += count;
		held++;
	}
	if (head == NULL)
		return NULL;
	head->count = count;
	return head + 1;
}

void *
cli_heap_get_zeroed(size_t count, size_t size)
{
	void *memory;

	if (size != 0 && count > SIZE_MAX / size) {
		errno = ENOMEM;
		return NULL;
	}
	memory = cli_heap_get(count * size);
	if (memory != NULL && is_in_room(memory))
		memset(memory, 0, count * size);	/* somebody had it */
	return memory;
}

void *
cli_heap_resize(void *memory, size_t size)
{
	void *other = cli_heap_get(size);
	size_t had;

	if (memory == NULL || other == NULL)
		return other;
	had = (((union unit *)memory - 1)->count - 1) * sizeof(union unit);
	memcpy(other, memory, had < size ? had : size);
	cli_heap_give_back(memory);
	return other;
}

void
cli_heap_give_back(void *memory)
{
	union unit *head = memory;
	int saved = errno;

	if (memory == NULL)
		return;
	head--;
	if (!is_in_room(head)) {
		munmap(head, head->count * sizeof(*head));
		errno = saved;
		return;
	}
	if (head + head->count == cli_heap_room + used)
		used -= head->count;
	if (--held == 0)
		used = 0;
}
