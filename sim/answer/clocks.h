/*
 * One run as three clocks see it: what is left out makes a system look healthy that is not
 * (coordinated omission; Tene 2015, "How NOT to measure latency"; HdrHistogram, README).
 *
 *   meant     from when a request was meant to start, whatever kept it: the truth
 *   admitted  from when it was let in: what the system measures of itself. Waiting with the client
 *             (its limit, back-offs) and outside a full buffer is left out.
 *   tester    as a load tester of one connection has it, which sends no request before it has the
 *             answer to the last: requests meant to start meanwhile are left out, and what a
 *             standstill does to a thousand of them is one sample.
 *
 * Up to the client's answer where somebody replies; else until the last of the request is over.
 * Completed requests of all replications, behind the warm-up; the tester goes through each
 * replication once, and a request that is lost keeps it, too.
 */
#ifndef CLOCKS_H
#define CLOCKS_H

#include <stdatomic.h>

#include "../base/err.h"
#include "../scenario/scenario.h"

enum clock_kind { CLOCK_MEANT, CLOCK_ADMITTED, CLOCK_TESTER, CLOCK_KINDS };
extern const char *const clock_names[]; /* "meant", "admitted", "tester"; NULL-ended */

struct clock_view {
    double *latency; /* ascending; owned */
    size_t n, room;
};

struct clocks {
    struct clock_view view[CLOCK_KINDS];
};

/* NULL with an error, or (without) because it was stopped. */
struct clocks *clocks_find(const struct scenario *s, atomic_bool *stop, struct errors *errors);
void clocks_free(struct clocks *clocks);

double clock_mean(const struct clock_view *view);
double clock_quantile(const struct clock_view *view, double p); /* nearest rank; NAN: none */

/* clocks.csv: clock, requests, mean, p50, p90, p99, p999, p9999, max; to be freed. */
char *clocks_csv(const struct clocks *clocks, size_t *size);

#endif
