/*
 * Latencies observed elsewhere, to be laid over simulated ones: picture.observed.
 *
 * Like a table (table.h) a file is read once, when the scenario is checked, and kept to the end of
 * the program. It is of metrics as text with a histogram (sim/metrics/metrics.h), or the
 * histograms.csv of a run of one column (measure,stage,class,value,low,high,count, of which the
 * latencies of all classes are taken), or a CSV of low,high,count.
 */
#ifndef OBSERVED_H
#define OBSERVED_H

#include "../metrics/metrics.h"
#include "scenario.h"

/* The quantiles that are compared. */
enum { OBSERVED_QUANTILES = 3 };
extern const double observed_quantiles[OBSERVED_QUANTILES];           /* 0.5, 0.9, 0.99 */
extern const char *const observed_quantile_names[OBSERVED_QUANTILES]; /* "p50", ... */

struct observed {
    const char *file, *metric; /* interned; as picture.observed and observed_metric have them */
    const char *name;          /* of what was observed, for people */
    struct scraped scraped;
    struct bounds quantile[OBSERVED_QUANTILES];
};

/* Whether picture.observed can be read, and picture.observed_at is a value of the sweep; true where
 * there is none. Each error at the place of its key. */
bool observed_check(const struct scenario *s, const struct places *places, struct errors *errors);

/* What was observed, where there is a picture.observed that was checked; else NULL. */
const struct observed *observed_of(const struct scenario *s);

/* The column at which it was: that nearest to picture.observed_at, or to the scenario's own value
 * of what is swept; 0 without a sweep. False, where that value is not known or off the sweep. */
bool observed_column(const struct scenario *s, uint32_t *column);

#endif
