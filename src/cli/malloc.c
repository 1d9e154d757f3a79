/* malloc.c: the command's own heap in the place of the C library's */
#include "config.h"

#include <stdlib.h>

#include "heap.h"

/*
 * All that are called; musl and glibc let a program replace them so, and refuse
 * aligned_alloc(3) then.
 */
void *
malloc(size_t size)
{
	return cli_heap_get(size);
}

void *
calloc(size_t count, size_t size)
{
	return cli_heap_get_zeroed(count, size);
}

void *
realloc(void *memory, size_t size)
{
	return cli_heap_resize(memory, size);
}

void
free(void *memory)
{
	cli_heap_give_back(memory);
}
