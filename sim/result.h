/*
 * A result: everything measured, kept per replication, and the figures derived from it.
 *
 * A grid of columns x classes; each grid point holds what every replication (or, where there is
 * only one, every batch) measured: counts and exact histograms, packed. Counts merge by addition;
 * figures are computed from merged histograms, never from averaged quantiles; sums of doubles are
 * added in replication order. So a result is the same whatever the grouping of the work.
 *
 * Class index result->classes stands for `all` (the only one when there is one class).
 */
#ifndef RESULT_H
#define RESULT_H

#include "trial.h"

enum measure { MEASURE_LATENCY, MEASURE_WAIT };
enum { QUANTILES = 4 };                             /* p50 p90 p99 p999 */
extern const double quantile_p[QUANTILES];          /* 0.5 0.9 0.99 0.999 */
extern const char *const quantile_names[QUANTILES]; /* "p50" ... "p999" */

enum verdict_stable { STABLE_NO, STABLE_YES, STABLE_UNKNOWN };

/* One row of columns.csv. NAN: cannot be given. Times in seconds. */
struct row {
    double value; /* of the swept parameter; NAN without a sweep */
    uint64_t offered, completed, lost, unfinished;
    uint64_t lost_by[LOSS_KINDS];
    double duration; /* simulated seconds measured, all replications together */
    double arrival_rate, throughput, utilization, loss_fraction;
    double queue_mean, in_system_mean, wait_probability;
    double wait_mean, wait_mean_ci95, wait_q[QUANTILES];
    double latency_mean, latency_mean_ci95, latency_q[QUANTILES], latency_max;
    double latency_low[QUANTILES], latency_high[QUANTILES];
    enum verdict_stable stable;

    double offered_utilization; /* from the scenario (scenario_utilization), NAN unknown */
    double time_low, time_high; /* drift: the slice of time; NAN otherwise */
    double warmup_tasks;        /* mean over replications */
    double effective_tasks; /* effective sample size of the mean size: (sum)^2 / sum of squares */
    double largest_share;   /* share of all work in the largest task */
    unsigned notes;         /* union over replications */
};

struct audit {
    bool conservation, little, utilization, work_conserving, pasta; /* holds */
    bool pasta_judged;                      /* Poisson arrivals and enough replications to say */
    double conservation_worst;              /* tasks out of balance */
    double little_worst, utilization_worst; /* relative */
    double idle_worst;                      /* seconds */
    double pasta_worst;                     /* smallest two-sided p-value, Bonferroni-adjusted */
    char text[3][160];                      /* the three lines that a run prints */
};

struct result {
    struct scenario scenario; /* as resolved */
    uint32_t columns, replications, classes;
    uint32_t batches;
    struct grid *grid; /* private to result.c */
    struct row *rows;  /* [column * (classes == 1 ? 1 : classes + 1) + class] after finish */
    struct audit audit;
    uint64_t simulated;  /* tasks in all */
    double wall_seconds; /* not part of what is compared */
    const char *engine;
    bool interrupted;
};

struct result *result_new(const struct scenario *s);
void result_add(struct result *result,
                const struct trial *trial); /* any order; one thread at a time */
void result_finish(struct result *result);  /* computes rows and audit; in replication order */
void result_free(struct result *result);

uint32_t result_row_classes(const struct result *result); /* rows per column */
const char *result_class_name(const struct result *result, uint32_t class);
const struct row *result_row(const struct result *result, uint32_t column, uint32_t class);

/* Adds the merged histogram of a column (all replications) into `out`. */
void result_histogram(const struct result *result, uint32_t column, uint32_t class,
                      enum measure measure, struct histogram *out);

/* Where the run stops being stable along the sweep: the value of the first column judged `no`
 * in sweep order; NAN if none. */
double result_first_unstable(const struct result *result);

#endif
