/*
 * What two results differ by, in one column: the difference of the figures that their rows state,
 * with an interval from pairs of replications.
 *
 * Task k of replication i is the same task in both (common random numbers), so what luck does to
 * one it does to the other, and most of it cancels (Law, Simulation Modeling and Analysis, 5th ed.
 * 2015, 10.2.1 and 11.2; Nelson and Pei, Foundations and Methods of Stochastic Simulation, 2nd ed.
 * 2021, 9.1). Nothing is assumed of how much: results on other seeds are paired just as well, and
 * have wider intervals.
 *
 * Method. A figure f is one of all n replications together (result.h), and replication i departs
 * from it by r_i: for a ratio sum a / sum b (a mean, a loss, a throughput) r_i = (a_i - f b_i) /
 * mean b, by which Cochran's ratio estimator has its variance (stats.h); for a quantile r_i = the
 * quantile of replication i less f, which is sectioning (Asmussen and Glynn, Stochastic Simulation,
 * 2007, III.5a; Nakayama 2014, ACM TOMACS 24). The difference g - f then has the paired departures
 * d_i = s_i - r_i, the standard error sqrt(sum d_i^2 / (n (n - 1))), and Student's t with n - 1
 * degrees.
 *
 * The interval is at least as wide as those of the two rows differ: standard deviations of f and g
 * that far apart leave no less to their difference, however the two are correlated. So what the
 * rows know beyond the spread of a few replications (interval.h: what theory says of waits, how
 * skewed they are) is not forgotten here. Where nothing was lost in one of two that may lose, the
 * fraction that may be hidden in that (interval_loss) is added.
 */
#ifndef DIFFERENCE_H
#define DIFFERENCE_H

#include "quantity.h"

/* Fewer pairs say too little of how they spread: with three, Student's factor is 4.3. */
enum { DIFFERENCE_PAIRS = 4 };

/* Why nothing can be claimed. */
enum no_claim {
    CLAIM_OPEN,          /* something can */
    NO_CLAIM_ZERO,       /* 0 lies in the interval */
    NO_CLAIM_UNSTABLE,   /* one of the two is not stable (and not a drift) */
    NO_CLAIM_RECORDED,   /* a recorded trace: its replications are the same tasks again */
    NO_CLAIM_FEW,        /* fewer than DIFFERENCE_PAIRS replications */
    NO_CLAIM_UNPAIRED,   /* not as many replications in both, or some missing (interrupted) */
    NO_CLAIM_UNSEEN,     /* one of the two has met too little of its input (timescale.h) */
    NO_CLAIM_NO_INTERVAL /* the figure of one of the two has no interval of its own */
};
extern const char *const no_claim_names[];     /* for files: "", "spans-zero", ... */
extern const char *const no_claim_sentences[]; /* "one of the two is not stable", ... */

enum claim { CLAIM_BETTER, CLAIM_WORSE, CLAIM_CANNOT_TELL };
extern const char *const claim_names[]; /* "better", "worse", "cannot-tell" */

struct difference {
    double value;      /* of `to` less that of `from`; NAN where one has none */
    double error;      /* standard error */
    double least;      /* a half-width that it has at least, at 95 % */
    size_t degrees;    /* of freedom */
    enum no_claim why; /* CLAIM_OPEN: error, least and degrees are given */
};

enum { ALL_CLASSES = -1 };

/* All quantities of a column and class (or of all classes together), at once. */
void differences_find(const struct result *from, const struct result *to, uint32_t column,
                      int class, struct difference out[QUANTITIES]);

/* The same of a place of each (trial.h); differences_find is of the whole. */
void differences_at(const struct result *from, const struct result *to, uint32_t column,
                    uint32_t place_from, uint32_t place_to, int class,
                    struct difference out[QUANTITIES]);

/* Half-width of the interval at a confidence such as 0.95; NAN: none. */
double difference_half(const struct difference *difference, double confidence);

/* What holds of `to` against `from` with that confidence. */
enum claim difference_claim(const struct difference *difference, enum quantity quantity,
                            double confidence);

/* Why that is CLAIM_CANNOT_TELL. */
enum no_claim difference_why(const struct difference *difference, double confidence);

#endif
