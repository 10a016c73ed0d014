/*
 * Scenarios from a histogram: one with the law that fits best, and two at the ends of what the
 * buckets allow, so that `compare` of the three brackets the answer.
 */
#ifndef METRICS_SCENARIO_H
#define METRICS_SCENARIO_H

#include "metrics_report.h"

enum envelope { ENVELOPE_LOW, ENVELOPE_HIGH };

/* Sizes at one side of the envelope, rising, at most METRICS_SIZES of them. Where the sum is known:
 * as even, or uneven, as the buckets allow with that mean (bins_extreme; one more uneven than a
 * file of METRICS_SIZES can say is cut to that). Else as small, or large: the k-th of n is no
 * larger (no smaller) than any value between the k/n and the (k+1)/n quantile. xmalloc'ed; NULL:
 * there is no upper end. */
enum { METRICS_SIZES = 10000 };
double *metrics_sizes(const struct bins *bins, enum envelope side, size_t *n);

/* A scenario with sizes by the law that was chosen (sizes NULL), or from a file of sizes. It is
 * sound. xmalloc'ed. */
char *metrics_scenario_text(const struct metrics_fit *fit, const char *sizes, const char *remark);

/* Whether some law can be taken, and the mean that is known best. */
bool metrics_has_law(const struct metrics_fit *fit);
double metrics_mean(const struct metrics_fit *fit);

/* Lines that lay the histogram over simulated latencies. Interned. */
const char *metrics_overlay_lines(const struct metrics_fit *fit);

#endif
