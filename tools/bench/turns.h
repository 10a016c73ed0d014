/*
 * What the benchmarks share: taking turns with the reference loop, in CPU time of the process.
 */
#ifndef TURNS_H
#define TURNS_H

#include <stdint.h>

enum { MOST_TURNS = 99 };

double cpu_seconds(void);

/* The middle one of n values, or the mean of the two in the middle; sorts them. */
double median(double *values, int n);

/* Memory from the start of a cache line on; in huge pages, if the system gives them, where it is
 * more than a few of them. */
void *bench_lines(uint64_t bytes);

/* Seconds that the reference loop (reference.h) takes for so many tasks. */
double time_reference(uint64_t tasks);

#endif
