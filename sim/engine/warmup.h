/*
 * Warm-up: how much of a run's beginning to throw away.
 *
 * The rule is MSER-5 (White, "An effective truncation heuristic for bias reduction in simulation
 * output", Simulation 69, 1997; White, Cobb and Spratt, "A comparison of five steady-state
 * truncation heuristics for simulation", WSC 2000; Franklin and White, "Stationarity tests and
 * MSER-5", WSC 2008): of the means Y of batches of 5 successive latencies (in the order in which
 * services began), cut the first d where
 *
 *     sum over i >= d of (Y_i - mean of Y_d.. )^2 / (n - d)^2
 *
 * is smallest; a d in the second half says that the series is too short to tell. The last
 * WARMUP_TAIL batches are never cut down to (a few equal values would win).
 *
 * It is applied in sequence (trial.c): a pilot of max(200, tasks / 10) tasks, doubled until d falls
 * into its first half, at most as long as the measured stretch itself; all of the pilot is thrown
 * away, so the measured stretch begins later than d and its length does not depend on d.
 *
 * Where it is known how long the queue takes to forget its start (relaxation.h), no rule is asked:
 * a tenth of what is measured is enough if it lasts RELAXATION_PILOT relaxation times, and else a
 * quarter (what is much shorter than that is said to be too short: short-run). The rule stops by
 * luck, sooner here and later there, so that columns measured other tasks than their neighbours,
 * and of two the busier one, of which more had been cut, came out quicker. Now there is one load
 * from which on more is cut, and on either side of it all columns measure the same tasks.
 *
 * Memory is bounded: a series holds at most SERIES_LIMIT batch means; when it is full, neighbours
 * are merged pairwise and batches are twice as long from then on (5, 10, 20, ... latencies).
 */
#ifndef WARMUP_H
#define WARMUP_H

#include <stddef.h>
#include <stdint.h>

enum { SERIES_BATCH = 5, SERIES_LIMIT = 32768, WARMUP_TAIL = 5 };

/* Batch means of a series of values. Zeroed is valid and empty. */
struct series {
    double *mean;
    size_t n;           /* whole batches */
    uint64_t per_batch; /* values per batch; 0: SERIES_BATCH, nothing added yet */
    uint64_t in_open;   /* values in the batch that is filling */
    double open_sum;
    uint32_t spare; /* labels from here on are of tasks that nobody measures, too; 0: none are */
};

/* Counts one value; n of them, in order. */
void series_add(struct series *series, double value);
void series_extend(struct series *series, const double *values, size_t n);

/* Counts the latency of a task if nobody measures it; of an array, one by place. (For engines:
 * declared in recorder.h.) */
void series_take(struct series *series, uint32_t label, double value);
void series_take_at(struct series *series, uint32_t place, uint32_t label, double value);

/* The same for who adds up several series side by side: values (at least one) that the batch that
 * is filling has room for; n values more, at most so many, `sum` being open_sum plus these. */
uint64_t series_missing(struct series *series);
void series_go_on(struct series *series, double sum, uint64_t n);
void series_free(struct series *series); /* leaves it empty */

/* The d of MSER for n batch means; n where there are too few to say (fewer than 2 WARMUP_TAIL). */
size_t warmup_truncation(const double *mean, size_t n);

/* Whether d falls into the first half of what was recorded. */
int warmup_settled(const struct series *series);

#endif
