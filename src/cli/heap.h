/*
 * heap.h: memory for a command that needs little of it.
 */
#ifndef CTN_CLI_HEAP_H
#define CTN_CLI_HEAP_H

#include <stddef.h>

/*
 * As malloc(3), calloc(3), realloc(3) and free(3), of which malloc.c makes them;
 * for one thread.
 */
void	*cli_heap_get(size_t size);
void	*cli_heap_get_zeroed(size_t count, size_t size);
void	*cli_heap_resize(void *memory, size_t size);
void	 cli_heap_give_back(void *memory);

#endif
