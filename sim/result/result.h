/*
 * A result: everything measured, kept per replication, and the figures derived from it.
 *
 * A grid of columns x places x classes; each grid point holds what every replication (or, where
 * there is only one, every batch) measured: counts and exact histograms, packed. Counts merge by
 * addition; figures are computed from merged histograms, never from averaged quantiles; sums of
 * doubles are added in replication order. So a result is the same whatever the grouping of the
 * work.
 *
 * Rows of a column: one, `all`, where there is one class; else one per class and then `all`
 * (class index result->classes). A network has such rows for each place (trial.h): its stages in
 * order, `all`, and `client` where somebody replies; one stage in the short form has one place.
 *
 * What the figures are (W: the windows of all replications, added up):
 *   offered, completed, lost, unfinished   tasks that arrived in the column's window
 *   duration       seconds of W;             arrival_rate  offered / duration
 *   throughput     tasks that left served during W / duration
 *   utilization    busy consumer time in W / consumer time in W
 *   queue_mean     tasks waiting, on average over W: in the buffer or, paused, outside it, since a
 *                  wait counts from arrival; in_system_mean: those and the ones in service. So
 *                  Little's law holds of both.
 *   wait, latency  of completed tasks. A quantile is given where stats_quantile_needs(p) tasks have
 *                  completed and, of a stable queue at rest, half of an independent task's worth
 *                  lies beyond it (interval_dependence): what is made by busy spells that the run
 *                  has not seen would come out too low by a seventh and more. (Tasks of a drift, or
 *                  of a queue that grows, are all there is to know; of them it is right.)
 *   queue          quantiles of the number waiting over W, and the most of it, where it is recorded
 *                  (queue_time.h): the smallest number that was not exceeded for that share of the
 *                  time, given where the quantile of the wait is.
 * A row of one of several classes leaves out what is only known of all together (throughput,
 * utilization, queue_mean, in_system_mean, queue) but of a network.
 *
 * Of a network (trial.h says what is counted where):
 *   rows of a stage are of visits: offered, completed, lost, unfinished of those of the requests
 *                  that arrived in W, latency from the arrival at the stage until it has left it
 *                  (taken by the next where that was full), throughput, utilization and numbers of
 *                  what happened there during W
 *   rows `all`     requests: latency from the arrival at the source to the end of the last that
 *                  became of it, wait all waiting on its way; in_system_mean requests alive,
 *                  queue_mean tasks waiting at all stages, utilization busy over available time of
 *                  all consumers whose number has a limit
 *   rows `client`  requests, up to the answer; no utilization or number waiting
 *   crashes        machines (replicas) of the stage that have fallen over in W; of `all`: of all
 *   replicas_mean  replicas of the stage that are up, over W
 *   pauses         how often marks (buffer.high_water) have told sources to stop in W / W
 *   bytes_max      most bytes (tasks.bytes) of tasks waiting and in service at once, in any W
 *   consumers_mean consumers there on average, of stages whose consumers come and go (all such
 *                  stages together in the rows of all); else NAN
 *   held_fraction  consumer time of W held by calls or blocked / consumer time in W; it is in the
 *                  utilization
 *   arrival_cv2, departure_cv2   of the times between arrivals (completed tasks that leave) in W:
 *                  n sum of squares / square of sum - 1 over all replications; _ci95 half-width
 *                  over replications
 *   attempts_mean  of `client`: attempts of a request that is over, answered or not; of a stage
 * with `retry` those of a visit goodput        answered in time each second: of `client` its
 * throughput, of `all` and of a stage what was done (throughput) but for what was done too late
 *   late           of a stage visits that were done when nobody waited for their attempt any more;
 *                  of `all` and `client` requests that were done, or answered, all the same when
 *                  their client had given up
 *   wasted_fraction  of the busy consumer time in W what was for nobody (stations/ask.h), by when
 *                  that was known; none of a row of one of several classes, nor of `client`
 *   abandoned      of `client`: given up because time had run out (lost_cancelled)
 *   rows of one of several classes have throughput, utilization, queue_mean and in_system_mean of
 *                  their own, by Little's law from their tasks in place of W (what happened to the
 *                  tasks that arrived in W, divided by its length; lost ones included): they add up
 *                  to the row `all` but for what W cuts at its two ends. utilization is the part of
 *                  the latency that is no wait, over the available consumer time: holds included,
 *                  and where services are interrupted, interruptions.
 *   stable         of a stage whether its own backlog has a limit (stability.h), of `all` and
 *                  `client` the worst of them: no, unknown, yes
 * What is known of one stage alone, from its scenario, is not used of networks: the dependence
 * between tasks by theory, giants, what is foreseen, control of the load, and PASTA; how many
 * cycles of its input a run has met is (timescale.h). Their intervals rest on replications (or
 * batches) as measured, place by place, each with the dependence that was measured there, and are
 * left out where these say too little (EFFECTIVE_SIDE of interval.h; half of the replications
 * unsettled; not stable; shorter than RELAXATION_NEEDED times what the slowest stage takes to
 * forget: facts.h); those of means where some law of sizes or delays has no third moment (as of one
 * consumer in interval_mean_exists; of more one need not be so strict, but nothing is known of
 * tasks that come in a row). `lost` has an interval where anything can be lost: for want of a
 * place, of patience or of an answer (facts.h).
 *
 * Intervals (stats.h, interval.h) are over replications; with one replication over its batches: as
 * 32, 16 or 8, the first that von Neumann's test at 5 % does not find correlated (Fishman 1978,
 * "Grouping observations in digital simulation", Management Science 24), and none if all are. How
 * often they hold the truth: `make coverage`. There is none where it would lie:
 *   - fewer than two replications (or batches), or arrivals from a trace that is only replayed
 *     (its replications are the same tasks again), or one replication of arrivals that are not
 *     stationary;
 *   - a column at rest that is not `stable: yes` or `unknown`: a figure of an unstable queue is a
 *     matter of how long one looks. (In a drift that length is part of the question, and
 *     replications are independent answers to it, so intervals stay: they are of the mean, or the
 *     quantile, over all drifts that there could be, in that slice of their time.)
 *   - the run is not representative: its own arrivals and sizes are not the ones that were
 *     described (controls.h);
 *   - half of the replications or more did not settle in their warm-up, or neither warm-up nor
 *     measured stretch is as long as RELAXATION_NEEDED relaxation times (relaxation.h);
 *   - unfinished tasks: more than a tenth of 1 - p for the quantile at p, more than 0.1 % for
 *     means;
 *   - too few cycles of the slowest time scale of the input (timescale.h);
 *   - means: a column at rest that is `unknown`, infinite variance of the latency
 *     (interval_mean_exists), or all work in few tasks: effective_tasks below 50;
 *   - more spread is foreseen (foreseen.h) than leaves a quantile's interval two ends and a mean's
 *     no wider than itself; where nothing is foreseen, such an interval is found, or there are too
 *     few independent tasks' worth on the quantile's thinner side (EFFECTIVE_SIDE).
 * Losses have an interval as well; where nothing can be lost it is [0, 0].
 */
#ifndef RESULT_H
#define RESULT_H

#include "../engine/stability.h"
#include "audit.h"

enum measure { MEASURE_LATENCY, MEASURE_WAIT };
enum { CELL_MEASURES = 2 };
enum { QUANTILES = 5 };                             /* p50 p90 p99 p999 p9999 */
extern const double quantile_p[QUANTILES];          /* 0.5 0.9 0.99 0.999 0.9999 */
extern const char *const quantile_names[QUANTILES]; /* "p50" ... "p9999" */

/* What is known of a column beforehand, and measured as well (controls.h): the rate of the
 * arrivals, the mean size and the mean square of the sizes, and the work offered each second. */
enum known_mean { KNOWN_RATE, KNOWN_SIZE, KNOWN_SQUARE, KNOWN_WORK };
enum { KNOWN_MEANS = 4 };

/* One row of columns.csv. NAN: cannot be given. Times in seconds. */
struct row {
    double value; /* of the swept parameter; NAN without a sweep */
    uint64_t offered, completed, lost, unfinished;
    uint64_t lost_by[LOSS_KINDS];
    double duration; /* simulated seconds measured, all replications together */
    double arrival_rate, throughput, utilization, loss_fraction;
    double queue_mean, in_system_mean, wait_probability;
    double queue_q[QUANTILES], queue_max; /* NAN where not recorded */
    double wait_mean, wait_mean_ci95, wait_q[QUANTILES];
    double latency_mean, latency_mean_ci95, latency_q[QUANTILES], latency_max;
    double latency_low[QUANTILES], latency_high[QUANTILES];
    enum verdict_stable stable;

    double offered_utilization; /* from the scenario (scenario_utilization), NAN unknown */
    double time_low, time_high; /* drift: the slice of time; NAN otherwise */
    double warmup_tasks;        /* mean over replications */
    double effective_tasks; /* effective sample size of the mean size: (sum)^2 / sum of squares */
    double loss_low, loss_high; /* 95 % interval of loss_fraction */
    double largest_share;       /* share of all work in the largest task */
    unsigned notes;             /* union over replications */
    double cycles;   /* of the slowest time scale of the input that the run has met (timescale.h) */
    int off;         /* NOTE_UNREPRESENTATIVE: the known mean that the run is off by; else -1 */
    double off_by;   /* relative to it */
    double load_off; /* by how much more work came than was described, relative, where that is taken
                        out of intervals (sensitivity.h); else NAN */
    double plain_half;     /* what latency_mean_ci95 would be if it were not */
    unsigned by_giants;    /* bit i: of a queue at rest, single sizes decide the quantile i, up to
                              p99 (giants.h) */
    bool intervals;        /* whether any interval of this column can be honest */
    uint32_t replications; /* that it is of */
    /* Of networks; NAN elsewhere. */
    double crashes, replicas_mean, pauses;
    double bytes_max, consumers_mean, held_fraction, arrival_cv2, arrival_cv2_ci95, departure_cv2,
        departure_cv2_ci95;
    double attempts_mean, goodput, late, wasted_fraction, abandoned; /* where there are clients */
    double precision;    /* what the figure asked for is known to within (precision.h) */
    int precision_state; /* enum precision_state */
};

/* What a column has reached of the precision asked for. */
struct achieved {
    double precision;
    int state;
};

/* What theory knows of the latency of a column, all classes together, where the run does not: put
 * in by whoever knows it (tail_words.h), written by save_summary_text. NAN: not known. */
struct known_tail {
    uint32_t column;
    const char *method; /* a constant */
    double q[QUANTILES], low[QUANTILES], high[QUANTILES];
};
enum { KNOWN_TAILS = 3 };

struct result {
    struct scenario scenario; /* as resolved */
    uint32_t columns, replications, classes;
    uint32_t places, whole; /* trial.h */
    uint32_t batches;
    struct grid *grid; /* private: grid.h */
    struct row *rows;  /* [(column * places + place) * (classes == 1 ? 1 : classes + 1) + class]
                          after finish */
    struct achieved *achieved; /* of each column; NULL where no precision is asked for */
    struct known_tail tails[KNOWN_TAILS];
    size_t n_tails;
    struct audit audit;
    uint64_t simulated;  /* tasks in all */
    double wall_seconds; /* not part of what is compared */
    unsigned threads;    /* that may work on it: figures, files, picture; 0: one */
    const char *engine;  /* its name */
    bool interrupted;    /* some trials are missing */
};

struct result *result_new(const struct scenario *s, const struct engine *engine);

/* Any order, and different trials from different threads at once. */
void result_add(struct result *result, const struct trial *trial);

/* Computes the rows alone, of what is there so far. */
void result_figures(struct result *result);

/* Computes rows and audit, in replication order; columns are shared out over result->threads. */
void result_finish(struct result *result);
void result_free(struct result *result);

uint32_t result_row_classes(const struct result *result); /* rows per column and place */
const char *result_class_name(const struct result *result, uint32_t class);

/* Of the whole: of a network the place `all`. */
const struct row *result_row(const struct result *result, uint32_t column, uint32_t class);

/* Of a place (result->places of them); its name: "main" where there is one. */
const struct row *result_place_row(const struct result *result, uint32_t column, uint32_t place,
                                   uint32_t class);
const char *result_place_name(const struct result *result, uint32_t place);

/* A row by the name that objectives have for it (objective.h): "gold", "all" of one place; of a
 * network "db", "db.gold", "all", "all.gold". Interned. */
const char *result_row_label(const struct result *result, uint32_t place, uint32_t class);

/* The bottleneck of a column, by all classes together, for tables, words and pictures alike: the
 * stage whose consumers are taken for most of their time, and all that are so for no more than a
 * hundredth of that less. A stage that is held by another which is (all but) as busy, by what it
 * calls or cannot hand on, is not it, but the other: more of its own consumers would only wait,
 * too.
 *
 *   result_bottlenecks      marks them in is[stage]; how many there are
 *   result_bottleneck       the first of them in the order of the stages; whole: there is none
 *   result_bottleneck_name  "db"; "api and db"; "api and 3 others"; "": none. Interned.
 *   result_waits_for        what holds a stage, and that in turn; its own number: nothing does */
uint32_t result_bottlenecks(const struct result *result, uint32_t column, bool *is);
uint32_t result_bottleneck(const struct result *result, uint32_t column);
const char *result_bottleneck_name(const struct result *result, uint32_t column);
uint32_t result_waits_for(const struct result *result, uint32_t column, uint32_t place);

/* What one replication of a column measured over its window of time, in all or at a place; NULL
 * where its trial is missing. */
const struct window *result_window(const struct result *result, uint32_t column,
                                   uint32_t replication);
const struct window *result_place_window(const struct result *result, uint32_t column,
                                         uint32_t place, uint32_t replication);

/* A replication by the clock (run.windows); NULL where its trial is missing, or nobody asked. */
const struct timeline *result_timeline(const struct result *result, uint32_t replication);

/* When the warm-up of a replication that has one was over, in seconds. */
double result_warm_up(const struct result *result, uint32_t replication);

/* Adds the merged histogram of a column (all replications), of the whole or of a place, into `out`.
 */
void result_histogram(const struct result *result, uint32_t column, uint32_t class,
                      enum measure measure, struct histogram *out);
void result_place_histogram(const struct result *result, uint32_t column, uint32_t place,
                            uint32_t class, enum measure measure, struct histogram *out);

/* Adds what the replications of a column recorded of the number waiting into `out`; ticks per
 * second of it, 0 where nothing is recorded. */
double result_queue(const struct result *result, uint32_t column, struct queue_time *out);

/* Whether mean waits and latencies have a variance, as far as is known: with tail exponent a of the
 * sizes, a > 2; and where the waiting room is unbounded a > 1 + 2 / s, with s = c - floor(rho c)
 * spare consumers for fifo (Scheller-Wolf and Vesilo 2006, Queueing Systems 54: the r-th moment of
 * the delay is finite if and only if that of order (s + r) / s of the size is), s = 1 otherwise;
 * but a > 2 is enough where a large task does not hold up the others (discipline.h: passes_large),
 * so that latencies have the tail of the sizes (Boxma and Zwart 2007, "Tails in scheduling",
 * ACM Performance Evaluation Review 34). */
bool interval_mean_exists(const struct scenario *column);

/* Whether time stood still in a column (NOTE_STANDS_STILL): the run has failed. */
bool result_stood_still(const struct result *result);

/* What a run should say aloud about its results: sentences, one a line; "" for nothing.
 * xmalloc'ed. */
char *result_warnings(const struct result *result);

/* Where the run stops being stable along the sweep: the value of the first column judged `no`
 * in sweep order; NAN if none. */
double result_first_unstable(const struct result *result);

#endif
