/*
 * What the files of the laws share.
 *
 * Draws are by inversion wherever the law has an inverse in closed form, with u = P(X > x): the
 * uniform near 0 is the largest task, and task k keeps its rank when the law or its parameters
 * change (common random numbers).
 */
#ifndef LAW_H
#define LAW_H

#include "../sim/base/places.h"
#include "../sim/base/vblock.h"
#include "../sim/base/vmath.h"
#include "../sim/scenario/distribution.h"

/* Longest time that a parameter may be, in seconds (30,000 years). */
#define LONGEST 1e12

/* Draws that a law keeps on its stack at a time, where it needs more than one array. */
enum { CHUNK = 256 };

#define LAW_FITS(type) _Static_assert(sizeof(type) <= LAW_BYTES, "a law holds its parameters")

/* Where `key` of the law at `path` was given. */
static inline struct place law_place(const struct places *places, const char *path, const char *key)
{
    return places ? places_find(places, internf("%s.%s", path, key)) : (struct place){0};
}

/* The rule of every law with a `mean`. */
static inline bool law_has_mean(double mean, const char *path, const struct places *places,
                                struct errors *errors)
{
    if (!isnan(mean))
        return true;
    return error_at(errors, law_place(places, path, "mean"),
                    "%s.mean is missing: the mean, a duration such as 250ms", path);
}

/* The rule of every law on [low, high]. What is not given is told elsewhere. */
static inline bool law_in_order(double low, double high, const char *path,
                                const struct places *places, struct errors *errors)
{
    if (!(low >= high))
        return true;
    return error_at(errors, law_place(places, path, "high"),
                    "%s.high (%g s) must be above %s.low (%g s)", path, high, path, low);
}

/* A law that is a shape stretched to a mean has `mean` as its first parameter, and these three. */
#define LAW_BY_MEAN(type) _Static_assert(offsetof(type, mean) == 0, "the mean comes first")

static inline double law_by_mean_mean(const void *params)
{
    return *(const double *)params;
}

static inline void law_by_mean_scale(void *params, double factor)
{
    *(double *)params *= factor;
}

static inline bool law_by_mean_check(const void *params, const char *path,
                                     const struct places *places, struct errors *errors)
{
    return law_has_mean(law_by_mean_mean(params), path, places, errors);
}

#endif
