/*
 * A glance at one rare figure of one column: an estimate whose interval misses the truth with a
 * probability of `risk`, for at most so many tasks. For those who ask on which side of a limit a
 * figure lies (sim/answer), and need it no better than that takes.
 *
 * Methods (rare.h):
 *   Conditional Monte Carlo on the Pollaczek-Khinchine formula (pk.h): quantiles of the latency
 *   and of the wait of M/G/1, whatever the law of the sizes; but those above GLANCE_QUANTILE by
 *   splitting where sizes are ordinary, whose sums are rare by many terms and not by a large one.
 *   Splitting (split.h): losses that are to be GLANCE_LOSS at most, and quantiles above
 *   GLANCE_QUANTILE, where `rare` can follow them.
 *
 * A loss is followed no further than to where it is surely below its limit. The share of tasks that
 * find n or more inside falls with n, and those that are lost find the buffer full: so once the
 * pilots have come to a number that a share of less than limit / GLANCE_BEYOND finds, that share is
 * what is measured, an upper bound of the loss. (`value` is NAN then, `low` 0.) What would happen
 * once in 1e40 tasks costs no more than what happens once in limit / GLANCE_BEYOND.
 *
 * Both, too, may be fooled by what they have not met. `tasks` is what the main paths have measured,
 * and `tasks_needed` what they must to meet the slowest time scale of the input LOOK_CYCLES times
 * (timescale.h), with all sizes and batches that a share of the work lies in which could make up
 * the figure: GLANCE_UNMET of the limit. Where a path has met fewer, its figure may be as large as
 * it says, but not as small: `high` is INFINITY, of a loss 1. The formula has all sizes in it.
 *
 * Reproducible: the same glance gives the same figures, whatever the number of threads.
 */
#ifndef GLANCE_H
#define GLANCE_H

#include "../result/timescale.h"
#include "rare.h"

/* A verdict is surer than a 95 % interval, and what its replications have seen of few storms is
 * skewed: so many cycles of the slowest time scale are to be met (measured: with ten of
 * storms of half an hour one verdict in three on a mean wait was wrong). */
#define LOOK_CYCLES TIMESCALE_VERDICT

#define GLANCE_LOSS     1e-4
#define GLANCE_QUANTILE 0.9995
#define GLANCE_BEYOND   10.0
#define GLANCE_UNMET    0.05

enum { GLANCE_REPLICATIONS = 32 };

enum glance_method { GLANCE_PLAINLY, GLANCE_CONDITIONAL, GLANCE_SPLITTING };
extern const char *const glance_methods[]; /* "simulated", "conditional Monte Carlo", "splitting" */

struct glance {
    const struct scenario *column;
    enum rare_measure measure;
    double p;     /* of a quantile */
    double limit; /* what it is compared with: seconds, or a share */
    double risk;
    double most;   /* tasks, on all paths; sums */
    unsigned jobs; /* threads; 0: all cores */
    const atomic_bool *stop;
};

struct glance_seen {
    enum glance_method method; /* GLANCE_PLAINLY: no other is of any use */
    double value, low, high;   /* NAN: not known */
    double tasks, tasks_needed;
    double spent; /* tasks simulated, on all paths; sums */
    double needs; /* that one must be given to see more; NAN: unknown */
    bool stopped;
    bool costly; /* it was given up: a replication took many times what it was to */
};

/* Whether a figure is too rare to be counted in reasonable time: by GLANCE_LOSS, GLANCE_QUANTILE.
 */
bool glance_is_rare(const struct glance *glance);

/* The method for a figure: of the column, its measure, p and limit. */
enum glance_method glance_method_for(const struct glance *glance);

/* Tasks that one takes to see anything; NAN: unknown. */
double glance_least(const struct glance *glance);

/* Measured tasks below which a figure may be larger than it looks, by what was not met. */
double glance_tasks_needed(const struct glance *glance);

void glance_at(const struct glance *glance, struct glance_seen *out);

#endif
