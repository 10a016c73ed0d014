/*
 * The answer to a question of capacity: the smallest value (of several keys: the cheapest
 * combination) with which a scenario meets every objective.
 *
 * How a value is decided. A sample is SAMPLE_REPLICATIONS replications of the scenario with the
 * value in place, all of common random numbers, and twice as long each time; where arrivals move
 * with time, runs are as long as the scenario says, and it is their number that doubles. A value is
 * met or unmet once the interval of every objective (estimate.h) lies on one side of its limit, and
 * is looked at again with twice the tasks until it is. A queue that theory says grows without limit
 * meets no latency at all, without a look; and a figure that theory knows exactly (exact.h) is
 * judged by its value. What so decides the answer is simulated once as a check, with CHECK_TASKS at
 * most: an interval of CHECK_RISK that the exact value is not in (by more than a bucket of the
 * histogram) is said aloud, and leaves the answer undecided. Samples, looks and checks alike,
 * meet the slowest time scale of their input (timescale.h) LOOK_CYCLES (glance.h) times;
 * where the budget does not do for that, nothing is looked at. Losses that are to be 1e-4 at most,
 * quantiles such as p99.99, and all quantiles of M/G/1 are looked at by splitting or conditional
 * Monte Carlo where there is a way (glance.h), in place of a sample and with as many tasks (or
 * sums).
 *
 * Confidence. Looking again and again would make any error happen in the end (Armitage, McPherson
 * and Rowe 1969, "Repeated significance tests on accumulating data", J. R. Stat. Soc. A 132). So
 * what may go wrong in all, 1 - confidence, is shared out beforehand over the looks that the budget
 * allows, over the objectives, and over the values that the search decides: Bonferroni's
 * inequality, which asks nothing of the dependence between them (Hsu, Multiple Comparisons, 1996,
 * section 1.3.4; alpha spending: Lan and DeMets 1983, Biometrika 70). All intervals that are shown
 * hold the truth together with the stated confidence. A quarter of it is kept back for values
 * beyond those that were counted on, however many there come to be.
 *
 * Search. One key, on each combination of the others: both ends tell for each objective whether
 * more of the key helps or hurts; with one key, a few values inside are looked at as well. Then
 * bisection, on the looks of one size. A value that such a
 * look leaves undecided is left aside, the rest of the bracket searched first; when nothing else is
 * left, the size doubles. So effort goes where the doubt is: to the neighbours that decide; of a
 * range with a resolution, what stands for neighbours may be the further apart the more was spent.
 * Of several keys, larger samples go to those combinations only that can still be the cheapest;
 * once that is settled, the rest of the frontier is looked at with samples of the sizes used so
 * far. That objectives move one way with a key is taken for granted as far as the values inside do
 * not tell otherwise. Where an objective is met, missed and met again (or missed, met and missed),
 * every change between neighbours that were looked at is searched, and what meets the objectives is
 * stretches (struct stretch). The answer is then of the first one: its largest value where more of
 * the key is more load, and the least load meets them; else its smallest. Where the intervals of
 * values that were tried contradict one way but no verdict does, `contradicted` says so.
 *
 * Reproducible: the same question gives the same answer, whatever the number of threads.
 */
#ifndef ANSWER_H
#define ANSWER_H

#include <stdatomic.h>

#include "../rare/glance.h"
#include "objective.h"
#include "span.h"

enum { SPANS = 3 };                /* keys varied at once, at most */
enum { ANSWER_LINES = 512 };       /* combinations of all but the longest of them */
enum { SAMPLE_REPLICATIONS = 32 }; /* two groups of sixteen lanes */

struct question {
    const struct scenario *scenario; /* without a sweep */
    struct span spans[SPANS];
    size_t n_spans;
    bool
        costs; /* the cheapest is wanted, by span.cost; else the smallest (or largest) that meets */
    struct objective objectives[OBJECTIVES];
    size_t n_objectives;
    double confidence;           /* 0.95 */
    double max_tasks;            /* simulated in all */
    bool simulate;               /* plainly, whatever other methods there are */
    bool without_theory;         /* by the other methods alone */
    const struct engine *engine; /* NULL: the one that fits best */
    unsigned jobs;
    atomic_bool *stop;
    /* Called a few times a second: what is being tried, tasks so far, seconds. */
    void (*progress)(void *context, const char *doing, uint64_t tasks, double seconds);
    void *context;
};

#define CHECK_TASKS 2.5e7
#define CHECK_RISK  1e-4

/* What a simulation says of exact figures. */
enum agreement { NOT_CHECKED, CHECK_AGREES, CHECK_TOO_SHORT, CHECK_DISAGREES };

/* A set of objectives: bit i is objective i. */
typedef unsigned objective_set;

/* A combination of values that was tried. */
struct point {
    size_t index[SPANS];
    double value[SPANS], cost;
    bool theory;                           /* met or unmet by theory, without a look */
    enum glance_method method[OBJECTIVES]; /* of what theory does not know */
    const char *model;                     /* that theory knows it by; NULL: it does not */
    objective_set exact;                   /* whose estimates are exact values */
    objective_set grown;                   /* that theory says grow without limit */
    struct estimate estimates[OBJECTIVES];
    enum agreement check; /* of the exact ones with these: */
    struct estimate simulated[OBJECTIVES];
    enum finding findings[OBJECTIVES], finding;
    double tasks; /* measured in the latest sample */
    double spent; /* simulated in all samples */
    double needs; /* measured tasks that would decide it, as far as can be told; NAN: unknown */
    double needs_surely; /* the same, were its value a standard error nearer to the limit */
    double least; /* simulated tasks in a look below which it stays open, by what must be met */
    double risk;  /* that an interval of it misses (stats.h) */
    unsigned looks;
    unsigned costly; /* splittings that took many times what they were to */
    int level; /* the latest sample's: of SAMPLE_REPLICATIONS times `first` 2^level tasks; -1 */
    int aside; /* the level that left it undecided */
};

enum direction { MORE_IS_THE_SAME, MORE_HELPS, MORE_HURTS };

/* The search along the longest span, with the others fixed. Places count its values from the end at
 * which `set`, the objectives that one direction helps, is worst: all up to `bad` do not meet the
 * set, all from `good` on do; -1 and the number of values where nothing is known of any. */
struct line {
    size_t index[SPANS];
    enum direction directions[OBJECTIVES];
    objective_set set;
    bool mirrored; /* places count downwards */
    long bad, good;
    enum finding finding;       /* FINDING_UNMET: no value of it meets all objectives */
    const struct point *best;   /* the smallest (largest) that is known to; NULL: none known */
    const struct point *beside; /* the nearest one that is known not to; NULL: the range ends */
    size_t inside;              /* values between its ends that were looked at before the search */
    bool stretched;             /* it does not go one way: place and set are of the change that was
                                   looked at last */
    bool begun, skipped;        /* skipped: nothing on it can be cheaper, nor on the frontier */
};

struct answer {
    struct question question;
    size_t longest;        /* the span that lines run along */
    struct point **points; /* in order of their indices */
    size_t n_points;
    struct line *lines;
    size_t n_lines;
    enum finding finding;
    const struct line *best; /* of the answer; NULL: none known */
    double needed;           /* undecided: tasks that would decide it, to be asked for; NAN: no
                                number that can be run */
    double spent;            /* tasks simulated */
    double seconds;
    bool interrupted, contradicted, disagrees;
};

/* Neighbours that were tried, all met or all unmet, from the lowest to the highest. */
enum { STRETCHES = 64 };
struct stretch {
    enum finding finding;
    const struct point *first, *last;
};

struct answer *answer_find(const struct question *question);
void answer_free(struct answer *answer);

/* Whether a line's best is on the frontier: no other point known to meet all objectives has no more
 * of any key that costs something. */
bool answer_on_frontier(const struct answer *answer, const struct line *line);

/* Whether a point is one of a line. */
bool answer_on_line(const struct answer *answer, const struct line *line,
                    const struct point *point);

/* Of what is in doubt on a line, between the best that is known to meet all objectives and what is
 * known not to, the point most looked at; NULL: there is none. */
const struct point *answer_doubt(const struct answer *answer, const struct line *line);

/* The stretches of a line, upwards, as far as its points are decided; how many there are. */
size_t answer_stretches(const struct answer *answer, const struct line *line,
                        struct stretch out[STRETCHES]);

/* By what an objective of a point is judged: "theory", "conditional Monte Carlo", "splitting",
 * "simulated". */
const char *answer_method(const struct point *point, size_t objective);

/* Whether an objective is of a figure too rare to be counted in reasonable time (glance.h). */
bool answer_is_rare(const struct objective *objective);

/* Points that an undecided answer may turn out to be: on its only line, from what is next to the
 * nearest one that is known not to meet all objectives to the one that is known to; 0: more than
 * `most`, or nothing is known. */
size_t answer_candidates(const struct answer *answer, const struct point **out, size_t most);

/* plan.json; xmalloc'ed. */
char *answer_json(const struct answer *answer);

#endif
