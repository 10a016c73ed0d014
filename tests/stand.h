/* A test stand: the events engine at work on a scenario, with cells of its own, and beside the
 * naive simulator. */
#ifndef STAND_H
#define STAND_H

#include "../sim/engine/queue_time.h"
#include "naive.h"

enum { STAND_CLASSES = 3 };

struct stand {
    struct scenario s;
    struct source source;
    struct recorder recorder; /* slot 0 to begin with */
    struct cell *cells;       /* slots * classes */
    size_t n_cells;
    void *state;
};

/* A scenario with naive arrivals (rate 0.9, sizes of mean 1, three classes of which the last goes
 * first), one consumer, an unbounded buffer, fifo. */
struct scenario *stand_scenario(void);
void stand_arrivals(struct scenario *s, double rate, double mean_size, bool grid);
void stand_stage(struct scenario *s, double consumers, double capacity, const char *policy,
                 const char *discipline, double delay);

/* A law of patience for a class; "deterministic", value 0: served at once or not at all. */
void stand_timeout(struct scenario *s, int class, const char *distribution, double mean);

/* A scenario of the given stage drawn by `seed`: consumers, capacity, delay, load, ties, and in
 * half of the cases patience of one class or of all. */
struct scenario *stand_random_scenario(uint64_t seed, const char *policy, const char *discipline);

struct stand *stand_new(const struct scenario *s, uint64_t seed, uint32_t slots);
struct stand *stand_watched(const struct scenario *s, uint64_t seed, uint32_t slots,
                            struct queue_watch *watch);
void stand_free(struct stand *stand);
enum engine_stop stand_advance(struct stand *stand, double time, uint64_t tasks, bool drained);
struct flow stand_flow(const struct stand *stand);

/* Fails unless a and b are within 1e-9 of scale. */
void stand_near(double a, double b, double scale);

/* What must hold of a flow at any moment. */
void stand_audit(const struct flow *f);

/* Fails unless every one of `n` tasks has the same fate, wait and latency, to the bit, and the
 * areas are the sums of the naive simulator's times. */
void stand_compare(const struct scenario *s, uint64_t seed, uint32_t n);

/* The same with the number waiting recorded, and its time at every number is the naive simulator's,
 * to the rounding of ticks. */
void stand_compare_queue(const struct scenario *s, uint64_t seed, uint32_t n);

#endif
