/* measure.c: times and their order, for the programs of make bench */
#include "config.h"

#include <stdlib.h>
#include <time.h>

#include "measure.h"

double
measure_now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e6 + (double)ts.tv_nsec / 1e3;
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

void
measure_sort(double *values, size_t count)
{
	qsort(values, count, sizeof(values[0]), compare);
}

double
measure_median(const double *values, size_t count)
{
	return (values[(count - 1) / 2] + values[count / 2]) / 2;
}
