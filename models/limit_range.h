/*
 * What limits that move between two ends have in common: tasks to begin with, fewest and most.
 * Their parameters begin with struct limit_range.
 */
#ifndef LIMIT_RANGE_H
#define LIMIT_RANGE_H

#include <math.h>

#include "../sim/scenario/limiter.h"

struct limit_range {
    double initial, min, max; /* tasks; at least 1 */
};

#define LIMIT_COUNT(key, value, text)                                                              \
    {                                                                                              \
        .name = #key, .kind = PARAM_COUNT, .offset = offsetof(struct limit_range, key), .low = 1,  \
        .high = 1e9, .preset = value, .help = text                                                 \
    }
#define LIMIT_RANGE_ROWS                                                                           \
    LIMIT_COUNT(initial, "20", "the limit to begin with"),                                         \
        LIMIT_COUNT(min, "20", "it never falls below"),                                            \
        LIMIT_COUNT(max, "200", "it never rises above")

static inline double limit_within(const struct limit_range *range, double limit)
{
    return fmin(range->max, fmax(range->min, limit));
}

/* `begin` and `check` of a limiter. */
static inline double limit_begins(const void *params)
{
    const struct limit_range *range = params;
    return limit_within(range, range->initial);
}

static inline const char *limit_checks(const void *params)
{
    const struct limit_range *range = params;
    return range->min > range->max ? "'min' must not be above 'max'" : NULL;
}

#endif
