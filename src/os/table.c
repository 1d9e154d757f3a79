/* table.c: the memory behind a struct ctn_table, and its order */
#include "config.h"

#include <errno.h>

#include "os/posix.h"
#include "os/table.h"

/* No system that uses this has larger pids. */
#define PID_LAST 999999

/* A machine that cannot even reserve it all gets less. */
int
ctn_table_reserve(struct ctn_table *table, size_t count, size_t record_size)
{
	table->count = 0;
	table->last = PID_LAST;
	for (table->size = count; table->size >= 64; table->size /= 2) {
		table->bytes = table->size * (sizeof(*table->list) +
		    record_size);
		table->list = ctn_posix_map(table->bytes);
		if (table->list != NULL)
			return 0;
	}
	table->list = NULL;
	table->size = table->bytes = 0;
	return -1;
}

void
ctn_os_table_release(struct ctn_table *table)
{
	if (table->list != NULL)
		ctn_posix_unmap(table->list, table->bytes);
	table->list = NULL;
}

void *
ctn_table_room(const struct ctn_table *table, size_t *size)
{
	*size = table->bytes - table->size * sizeof(*table->list);
	return table->list + table->size;
}

/* Let the process at the top of list[top..count) sink to its place. */
static void
sift(struct ctn_process *list, size_t top, size_t count)
{
	struct ctn_process sinking = list[top];
	size_t child;

	while ((child = top * 2 + 1) < count) {
		if (child + 1 < count && list[child + 1].pid > list[child].pid)
			child++;
		if (list[child].pid <= sinking.pid)
			break;
		list[top] = list[child];
		top = child;
	}
	list[top] = sinking;
}

/* A heap sort: in place, no recursion; qsort(3) is not async-signal-safe. */
void
ctn_table_sort(struct ctn_table *table)
{
	struct ctn_process *list = table->list, last;
	size_t i;

	for (i = table->count / 2; i > 0; i--)
		sift(list, i - 1, table->count);
	for (i = table->count; i > 1; i--) {
		last = list[i - 1];
		list[i - 1] = list[0];
		list[0] = last;
		sift(list, 0, i - 1);
	}
}

int
ctn_os_process_each(ctn_os_visit_fn *visit, void *arg)
{
	struct ctn_table table;
	int stop = -1;
	size_t i;

	if (ctn_os_table_reserve(&table) == -1)
		return -1;
	if (ctn_os_table_read(&table) == 0) {
		stop = 0;
		for (i = 0; i < table.count && stop == 0; i++)
			stop = visit(table.list[i].pid, arg);
	}
	ctn_os_table_release(&table);
	return stop;
}
