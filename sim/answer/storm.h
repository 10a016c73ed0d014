/*
 * A storm: whether a system comes back after something has hit it, over how loaded it is and how
 * hard the hit was.
 *
 * A system whose clients try again can keep itself down long after what brought it down is over
 * (metastable failure: Bronson, Aghayev, Charapko and Zhu, "Metastable failures in distributed
 * systems", HotOS 2021). Whether it does is a matter of chance near the edge: so each cell of the
 * map is many replications, all cells the same ones (common random numbers).
 *
 * A replication has not come back if, of the requests that arrive in the last quarter of the run
 * (STORM_LATE) and are over at its end, less than `goal` have been answered in time: where there
 * are rows `client`, before their client gave up (and within `limit`); else completed within
 * `limit` (INFINITY: at all). Nor has one that ended early because of its backlog. What comes must
 * be over before that quarter begins.
 *
 * Intervals of the share that does not come back: Clopper and Pearson 1934, 95 %. `fit` is that
 * share made monotone in the size of the trigger, as it must be (pool adjacent violators: Ayer,
 * Brunk, Ewing, Reid and Silverman 1955); where it lies outside an interval, `bumpy` says so: a
 * bigger hit seems to be better, and more replications, or a look at why, are wanted.
 *
 * The fluid edge: requests that are all given up make as much work as attempts they have,
 * `attempts` of them (as many as a request may have, and with a budget on average 1 + its ratio at
 * the most). Where that is more than the bottleneck can do, which is where its offered utilization
 * by first attempts (traffic.h) is 1 / attempts, a storm feeds itself; below it every storm ends,
 * in time. It is known where nobody takes back what was given up (cancel: never); else NAN.
 */
#ifndef STORM_H
#define STORM_H

#include "../result/result.h"

enum { STORM_LOADS = 64, STORM_TRIGGERS = 24 };
#define STORM_LATE 0.25
#define STORM_GOAL 0.9

/* What hits it: a number of the scenario, how big it is; and when, which put off to a time that no
 * run comes to is never. Interned. */
struct storm_trigger {
    const char *path; /* NULL: nothing hits it at a time of the clock */
    const char *when; /* NULL: what `path` is of has no time */
};

struct storm_cell {
    uint32_t n, down; /* replications; of them not back */
    double low, high; /* of down / n */
    double fit;
    double answered; /* in time, of all that arrived late in the run; NAN: none did */
};

struct storm {
    struct scenario s; /* sound; with the sweep over loads */
    const char *load_path;
    struct storm_trigger trigger;
    double goal, limit;
    size_t n_loads, n_triggers;
    double load[STORM_LOADS];
    double size[STORM_TRIGGERS];           /* growing; NAN, the first: no trigger at all */
    double utilization[STORM_LOADS];       /* offered, by first attempts; NAN: unknown */
    double attempts;                       /* NAN: the edge is not known */
    struct scenario *part[STORM_TRIGGERS]; /* owned: what is run, a column a load */
    const struct result *result[STORM_TRIGGERS];
    struct storm_cell cell[STORM_TRIGGERS][STORM_LOADS];
    bool bumpy;
};

/* What hits `s`: a burst of a source, or an outage of a stage that has a time; the first there is.
 * And what a number is of: that has a time where `at` stands beside it. */
struct storm_trigger storm_trigger_of(const struct scenario *s);
struct storm_trigger storm_trigger_at(const struct scenario *s, const char *path);

/* Makes the parts, of a storm whose s, paths, loads and sizes are given; what may not be is an
 * error at `at`. */
bool storm_plan(struct storm *storm, struct place at, struct errors *errors);
void storm_free(struct storm *storm);

/* From the results: cells, edges. And of cells that have been counted (n, down) the rest. */
void storm_judge(struct storm *storm);
void storm_fit(struct storm *storm);

/* The place of a utilization on the axis of loads, 0 for the first and n - 1 for the last, between
 * two by interpolation; NAN: not within. */
double storm_place(const struct storm *storm, double utilization);

/* The load at which it does not come back in half of the cases, from a trigger of `size`: likewise.
 */
double storm_edge(const struct storm *storm, size_t trigger);

/* A value of one of its two numbers, with its unit; interned. */
const char *storm_value(const struct storm *storm, const char *path, double value);

/* What the map says, in a sentence; interned. */
const char *storm_sentence(const struct storm *storm);

/* storm.csv, xmalloc'ed: load, trigger (empty: none), replications, not_back, not_back_fraction,
 * not_back_low95, not_back_high95, not_back_monotone, answered_fraction, utilization. */
char *storm_csv(const struct storm *storm, size_t *size);

#endif
