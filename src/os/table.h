/*
 * table.h: the memory behind a struct ctn_table, and its order, for systems
 * that hand out all processes at once.
 *
 *     list: size × struct ctn_process │ room for what the system hands out
 */
#ifndef CTN_OS_TABLE_H
#define CTN_OS_TABLE_H

#include "os/os.h"

/* Reserve room for count processes, and for as many records of the system's
 * own.  Host only.  0 or -1 with errno. */
int	ctn_table_reserve(struct ctn_table *table, size_t count,
	    size_t record_size);

/* The room behind the list, and its size in bytes. */
void	*ctn_table_room(const struct ctn_table *table, size_t *size);

/* Bring the list into ascending order of pid.  Async-signal-safe. */
void	ctn_table_sort(struct ctn_table *table);

#endif
