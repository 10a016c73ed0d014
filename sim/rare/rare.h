/*
 * Rare events: how likely is a loss that happens once in 1e9 tasks, how long are the longest waits
 * and latencies, and how sure is that. What plain simulation would take years for.
 *
 * Two methods. Splitting (split.h) where sizes have a light tail: Poisson and other renewal
 * arrivals, batches and MMPP, any number of consumers, a buffer without a limit or one that turns
 * away who arrives; for losses the levels are numbers of tasks inside, for waits and latencies they
 * are waits. Conditional Monte Carlo on the Pollaczek-Khinchine formula (pk.h) where sizes have a
 * heavy one: M/G/1 without a limit. Anything else is refused, with what to do in its place.
 *
 * Figures of a column: the share of tasks lost; or quantiles of the latency, or of the wait, of
 * tasks that are not lost. A task's own size does not depend on its wait, so that P(latency > x) is
 * the mean of P(size > x - wait): long sizes after short waits need not be met to be counted.
 *
 * Intervals and rounds: independent replications (tail.h), RARE_REPLICATIONS of them, then twice as
 * many, until every figure of the column is known to within `relative`, or `max_tasks` are
 * simulated; looks spend what may be missed as in precision.h, and the intervals stated have the
 * confidence asked for. A figure f with interval [a, b] is known to within max(f / a, b / f) - 1.
 * Each replication leaves out RARE_WARM_UP relaxation times (relaxation.h) and measures
 * RARE_LENGTH, fewer where max_tasks would not do for that.
 *
 * Reproducible: the same question gives the same bytes, whatever the number of threads.
 */
#ifndef RARE_H
#define RARE_H

#include "../result/precision.h"
#include "split.h"
#include "tail.h"

enum { RARE_REPLICATIONS = 16, RARE_WARM_UP = 20, RARE_LENGTH = 100 };

#define RARE_RELATIVE  0.1
#define RARE_MAX_TASKS 1e9
#define RARE_SHOWN     1e-10 /* the tail is followed down to that */

enum rare_measure { RARE_LOSS, RARE_LATENCY, RARE_WAIT };
extern const char *const rare_measures[]; /* "loss", ...; NULL-ended */

enum { RARE_FIGURES = 5 };
extern const double rare_q[RARE_FIGURES];              /* P(X > quantile): 1e-2 to 1e-6 */
extern const char *const rare_quantiles[RARE_FIGURES]; /* "p99", "p999", ... as in files */
extern const char *const rare_names[RARE_FIGURES];     /* "p99", "p99.9", ... for people */

struct rare_question {
    const struct scenario *s;
    enum rare_measure measure;
    double relative, confidence;
    double max_tasks; /* simulated in a column, on all paths */
    unsigned jobs;    /* 0: all cores */
    const atomic_bool *stop;
    /* Now and then: the value of the swept key, and tasks simulated in its column so far. */
    void (*progress)(void *context, double value, double tasks);
    void *context;
};

struct rare_column {
    double value;                            /* of the swept key; NAN without a sweep */
    size_t n;                                /* figures: 1 (loss) or RARE_FIGURES; 0: not done */
    struct tail_figure figure[RARE_FIGURES]; /* half: of the probability, relative */
    enum precision_state state;              /* NONE: interrupted; NEVER: the pilots got stuck */
    double precision;                        /* reached, of the worst figure; NAN: unknown */
    double needed;                           /* tasks that would do; NAN: unknown */
    double spent;                            /* tasks simulated, the pilots' too */
    double plain; /* independent tasks that would tell as much of the rarest figure: fewer than
                     plain simulation takes, whose tasks depend on each other */
    double mass; /* weight of the tasks met over their number on the main path: 1, but for chance */
    struct tail tail;        /* P(inside >= x), P(latency > x) or P(wait > x); owned */
    bool conditional;        /* by Pollaczek-Khinchine */
    uint64_t warm_up, tasks; /* of the main path of a replication (terms, or sums) */
    struct split_levels levels;
};

struct rare {
    struct rare_question question;
    size_t columns; /* of the sweep; those that were not reached are zeroed */
    struct rare_column *column;
    double spent; /* tasks simulated */
    bool interrupted;
};

/* Why a column cannot be done, as a sentence, and the key that it is about; NULL: it can. */
const char *rare_refuses(const struct scenario *column, enum rare_measure measure,
                         const char **key);

/* What is asked for where nobody says: losses, if the buffer loses, else latencies. */
enum rare_measure rare_usual(const struct scenario *s);

struct rare *rare_find(const struct rare_question *question);
void rare_free(struct rare *rare);

/* One column, its scenario in place; false if stopped. For rare_find. */
bool rare_column_find(const struct rare_question *question, const struct scenario *at,
                      struct rare_column *column);

/* rare.csv and rare.json (rare_save.c), xmalloc'ed. */
char *rare_csv(const struct rare *rare, size_t *size);
char *rare_json(const struct rare *rare);

#endif
