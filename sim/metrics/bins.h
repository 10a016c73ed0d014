/*
 * Values that are known only by the interval that each lies in: what a histogram of metrics says,
 * and what it leaves open.
 *
 * Nothing is interpolated. Every figure is a pair of bounds between which it lies whatever the
 * values are inside their bins; `sum`, where it is known, makes them narrower. Values are >= 0.
 *
 * Invariants: bins rise and have no more than an end in common; only the last may have no upper
 * end (INFINITY); counts are >= 0 and not whole where a recording rule made them; total > 0.
 */
#ifndef BINS_H
#define BINS_H

#include <stdbool.h>
#include <stddef.h>

struct bin {
    double low, high, count; /* of values from low to high */
};

struct bins {
    size_t n;
    struct bin *bin;
    double total, sum; /* of the counts; of the values, NAN: not known */
};

struct bounds {
    double low, high; /* high INFINITY: there is no bound */
};

/* Takes the bins over, drops empty ones at both ends, adds up. A sum that cannot be (outside of
 * what the bins allow) is let go: NAN. */
void bins_make(struct bins *bins);
void bins_free(struct bins *bins);

/* The share of values at or below x: at least, at most. */
struct bounds bins_share(const struct bins *bins, double x);

/* The smallest value with at least a share p of all values at or below it (0 < p < 1). A bin
 * without an upper end has one by the sum: the values from the quantile up are no smaller than it
 * (Markov's inequality within the bin). */
struct bounds bins_quantile(const struct bins *bins, double p);

/* The same quantile of the law that the values are of, if they are independent: with at least that
 * confidence, by the tests that Clopper and Pearson (1934) invert, at the ends of bins. */
struct bounds bins_law_quantile(const struct bins *bins, double p, double confidence);

/* The mean: sum / total where the sum is known (low == high). */
struct bounds bins_mean(const struct bins *bins);

/* The squared coefficient of variation. Smallest where all values of a bin are alike and as near to
 * a common value as the bins allow, largest where they are at the ends of their bins, those of the
 * highest bins at the upper one (both by convexity, and tight but for whole numbers). */
struct bounds bins_cv2(const struct bins *bins);

/* Where the sum is known: the most even values, and the most uneven, that there can be, as bins
 * with low == high. Both are so in the convex order (the extremes above are the same for every
 * convex function), and waits of first come first served grow with that (Stoyan 1983, chapter 5):
 * with the same mean they enclose the mean wait. `out` holds 2 n; returns how many. */
size_t bins_extreme(const struct bins *bins, bool uneven, struct bin *out);

/* The share in a bin without an upper end; the largest value that there can be. */
double bins_open_share(const struct bins *bins);
double bins_largest(const struct bins *bins);

#endif
