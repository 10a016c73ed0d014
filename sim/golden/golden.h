/*
 * Golden results: the figures of a run, kept as text beside its scenario under version control, and
 * those of a run of today beside them: compared by their intervals, and not by their digits.
 *
 * A line is one figure of one column, place and class, with its 95 % interval (estimate.h) and
 * Student's degrees of freedom: one less than the replications; of a single one 7, the fewest
 * batches that intervals are made of, less one. A figure that has no honest interval (result.h says
 * when) keeps its value alone. A line for each column at rest says whether it is stable.
 *
 * Comparison. The difference of two independent estimates over its standard error has Student's t
 * distribution, with degrees of freedom by Satterthwaite 1946, "An approximate distribution of
 * estimates of variance components", Biometrics Bulletin 2 (Welch 1947, Biometrika 34). Intervals
 * are not symmetrical, so the error of each estimate is that of the side of its interval which
 * faces the other (MOVER: Zou and Donner 2008, "Construction of confidence limits about effect
 * measures", Statistics in Medicine 27), on the scale on which its spread does not depend on
 * itself: the reciprocal of times, the root of losses (interval.h says why). The interval of the
 * ratio of two is MOVER's, of their logarithms.
 *
 *   - Quantiles that are no further apart than a bucket is wide (histogram.h) do not differ, nor
 *     other figures that agree to 9 digits (sums in another order).
 *   - Runs of one seed are the same tasks: what luck does to one it does to the other, and an
 *     unchanged program gives the same digits. The test takes the two as independent, so it errs to
 *     the safe side there.
 *   - What has no interval on either side is compared by its digits where version, seed and
 *     scenario are the same (then the bytes are, or something is wrong), and so is a recorded trace
 *     wherever the seed is the same; else it is not compared, and `why` says so.
 */
#ifndef GOLDEN_H
#define GOLDEN_H

#include "../result/result.h"

enum { GOLDEN_FIGURES = 9 }; /* those with a number; the index GOLDEN_STABLE is the verdict */
enum { GOLDEN_STABLE = GOLDEN_FIGURES };

struct golden_kind {
    const char *name;  /* its column in columns.csv */
    const char *words; /* "p99", "mean wait" */
    enum unit unit;
};
extern const struct golden_kind golden_kinds[GOLDEN_FIGURES + 1];

struct golden_line {
    double at;               /* value of the swept parameter; NAN without a sweep */
    const char *class;       /* interned; "all"; of a network with its stage (result_row_label) */
    int figure;              /* of golden_kinds */
    double value, low, high; /* NAN: none. Of GOLDEN_STABLE the value is enum verdict_stable */
    double degrees;          /* of freedom */
    const char *why;         /* it has no interval, as far as the run can tell; or NULL */
};

/* A key of the scenario, in text; files without their folder, so that goldens can move. */
struct golden_key {
    const char *path, *text; /* interned */
    bool usual;              /* of a run: what it is where it is not given */
};

struct golden {
    const char *version;     /* of the program; interned */
    double seed, tasks;      /* tasks simulated in all */
    const char *parameter;   /* that is swept; NULL: none */
    bool recorded;           /* a trace with its sizes: the same tasks in every replication */
    struct golden_key *keys; /* all that are set, but for the seed; owned */
    size_t n_keys;
    struct golden_line *lines; /* owned */
    size_t n;
};

/* What there is to keep of a finished result. */
void golden_of(const struct result *result, struct golden *out);
void golden_free(struct golden *golden);

/* Room for one more line. */
struct golden_line *golden_add(struct golden *golden);

/* As text, xmalloc'ed; and back. False, with an error at the line that is no golden result. */
char *golden_text(const struct golden *golden);
bool golden_read(const char *name, const char *text, struct golden *out, struct errors *errors);

enum golden_verdict {
    GOLDEN_SAME,  /* to the last digit */
    GOLDEN_HOLDS, /* no more apart than luck */
    GOLDEN_DIFFERS,
    GOLDEN_OPEN /* not compared */
};

struct golden_pair {
    const struct golden_line *before, *after; /* one may be NULL: a column or class came or went */
    enum golden_verdict verdict;
    double p;        /* chance of being so far apart by luck; NAN: not compared by intervals */
    const char *why; /* GOLDEN_OPEN: not compared; or what differs that is no number; or NULL */
    double ratio, low, high; /* after / before with a 95 % interval; NAN: none */
};

struct golden_pairs {
    struct golden_pair *pairs; /* owned; in the order of `after`, then what is left of `before` */
    size_t n;
};

/* Finds pairs and their p-values; until golden_judge those with one count as holding. */
void golden_compare(const struct golden *before, const struct golden *after,
                    struct golden_pairs *out);

/* Judges all pairs of several comparisons together: an unchanged program raises an alarm in
 * `false_alarms` of its runs at most (Holm 1979, stats_holm). Returns how many differ. */
size_t golden_judge(struct golden_pairs *all, size_t n, double false_alarms);

/* What of the scenario is not as it was: "arrivals.rate: 40/s -> 41/s", one a line; NULL: nothing.
 * Interned. */
const char *golden_changes(const struct golden *before, const struct golden *after);

#endif
