/*
 * measure.h: times and their order, for the programs of make bench.
 */
#ifndef MEASURE_H
#define MEASURE_H

#include <stddef.h>

/* Microseconds, of the monotonic clock. */
double	measure_now_us(void);

/* Sort the values, of which there is one at least. */
void	measure_sort(double *values, size_t count);

/* The median of sorted values. */
double	measure_median(const double *values, size_t count);

#endif
