#include "turns.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>

#include "reference.h"

double cpu_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

void *bench_lines(uint64_t bytes)
{
    enum { LINE = 64, HUGE = 1 << 21 };
    uint64_t align = bytes > 4 * HUGE ? HUGE : LINE;
    void *memory = aligned_alloc(align, (bytes + align - 1) / align * align);
    if (!memory)
        abort();
    if (align == HUGE)
        (void)madvise(memory, bytes, MADV_HUGEPAGE); /* if it cannot be had, then not */
    return memory;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double median(double *values, int n)
{
    qsort(values, (size_t)n, sizeof *values, by_value);
    return n % 2 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

double time_reference(uint64_t tasks)
{
    static uint64_t counts[REFERENCE_BUCKETS];
    double begin = cpu_seconds();
    double mean = reference_loop(tasks, counts);
    double seconds = cpu_seconds() - begin;
    if (!(mean > 0)) /* the result is used: the loop cannot be left out */
        abort();
    return seconds;
}
