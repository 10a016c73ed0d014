/*
 * An estimate: one figure of a column with an interval of any confidence, where rows have some
 * figures with intervals of 95 %.
 *
 * Figures are what result.h says; any quantile, of waits too; `goodput` is completed tasks per
 * second: of all classes together throughput, of one class its share of it. The intervals are those
 * of interval.h, under the same conditions. Those of figures over time (utilization, throughput,
 * rates, numbers inside) are ratios over replications (stats.h), the number waiting, like the mean
 * wait, by its reciprocal.
 *
 * Of a queue that grows without limit, waits, latencies and numbers inside have none either: they
 * are INFINITY, with an interval that is no doubt about it.
 */
#ifndef ESTIMATE_H
#define ESTIMATE_H

#include "result.h"

enum figure_kind {
    FIGURE_LATENCY_QUANTILE,
    FIGURE_LATENCY_MEAN,
    FIGURE_WAIT_QUANTILE,
    FIGURE_WAIT_MEAN,
    FIGURE_QUEUE_MEAN,
    FIGURE_IN_SYSTEM_MEAN,
    FIGURE_WAIT_PROBABILITY,
    FIGURE_LOSS_FRACTION,
    FIGURE_UTILIZATION,
    FIGURE_THROUGHPUT,
    FIGURE_ARRIVAL_RATE,
    FIGURE_GOODPUT
};

struct figure_wanted {
    enum figure_kind kind;
    double p;       /* of a quantile */
    uint32_t class; /* as for result_row; the last is all of them */
};

/* NAN: cannot be given. */
struct estimate {
    double value, low, high;
};

/* Whether a figure grows without limit where the queue does. */
bool estimate_grows(enum figure_kind kind);

/* The figure of one column, whose interval misses the truth with probability `risk` (stats.h). */
struct estimate estimate_of(const struct result *result, uint32_t column,
                            const struct figure_wanted *wanted, double risk);

#endif
