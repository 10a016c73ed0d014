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
 * Where arrivals move with time, a figure is of runs as long as they are, as in a drift. Of a queue
 * that grows without limit, waits, latencies and numbers inside have none either: they
 * are INFINITY, with an interval that is no doubt about it; where it is theory that says so, all
 * consumers are busy, all tasks wait, and none is lost.
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
    uint32_t place; /* 0: of the whole (result_row); else 1 + the place (result_place_row) */
};

/* NAN: cannot be given. */
struct estimate {
    double value, low, high;
};

/* A figure of a column whose waiting room is unbounded and which by theory has more to do than it
 * can: known without a run, unless it is a rate (all NAN). */
struct estimate estimate_of_growth(enum figure_kind kind);

/* The figure of one column, whose interval misses the truth with probability `risk` (stats.h). */
struct estimate estimate_of(const struct result *result, uint32_t column,
                            const struct figure_wanted *wanted, double risk);

/* The same of several figures of a column, with less work: in the order of their places. */
struct estimator;
struct estimator *estimator_begin(const struct result *result, uint32_t column);
struct estimate estimator_of(struct estimator *e, const struct figure_wanted *wanted, double risk);
void estimator_end(struct estimator *e);

/* The same for whoever asks again with more tasks until it tells enough, with a risk for each look:
 * a mean has an interval sooner (column_bears_mean). */
struct estimate estimate_look(const struct result *result, uint32_t column,
                              const struct figure_wanted *wanted, double risk);

#endif
