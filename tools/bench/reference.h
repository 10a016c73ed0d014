/* The scalar reference loop that speeds are stated as ratios to: M/G/1 by Lindley's recursion
 * (1952), bounded Pareto sizes on [0.5, 100] with alpha 2.5 at utilization 0.9, libm's log and pow,
 * xoshiro256++ (Blackman and Vigna 2019), one logarithmic histogram; nothing clever. */
#ifndef REFERENCE_H
#define REFERENCE_H

#include <stdint.h>

enum { REFERENCE_BUCKETS = 8192 };

/* Returns the mean latency; adds every latency to `counts`. */
double reference_loop(uint64_t tasks, uint64_t counts[REFERENCE_BUCKETS]);

#endif
