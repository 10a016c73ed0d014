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
#include "../sim/scenario/quantiles.h"

/* Longest time that a parameter may be, in seconds (30,000 years). */
#define LONGEST 1e12

/* Draws that a law keeps on its stack at a time, where it needs more than one array. */
enum { CHUNK = 256 };

/* The quantiles by which a law may be given (quantiles.h): `double quantile[LAW_QUANTILES]` in its
 * struct, LAW_QUANTILE_ROWS behind its own rows, whose names `own` lists, and these have
 * LAW_BY_QUANTILES. */
enum { LAW_QUANTILES = 12 };
static const char *const law_quantile_names[] __attribute__((unused)) = {
    "p1", "p5", "p10", "p25", "p50", "p75", "p90", "p95", "p98", "p99", "p999", "p9999", NULL};
#define LAW_BY_QUANTILES .instead = law_quantile_names
#define LAW_QUANTILE(type, own, i, called, share)                                                  \
    {                                                                                              \
        .name = called, .kind = PARAM_DURATION,                                                    \
        .offset = offsetof(type, quantile) + (i) * sizeof(double), .high = LONGEST,                \
        .help = share " of the tasks take no longer; percentiles stand in place of the law's own " \
                      "parameters, as many as these are",                                          \
        .flags = PARAM_DRIFTS | PARAM_OPEN_LOW | PARAM_QUANTILE, .instead = own                    \
    }
#define LAW_QUANTILE_ROWS(type, own)                                                               \
    LAW_QUANTILE(type, own, 0, "p1", "1 %"), LAW_QUANTILE(type, own, 1, "p5", "5 %"),              \
        LAW_QUANTILE(type, own, 2, "p10", "10 %"), LAW_QUANTILE(type, own, 3, "p25", "25 %"),      \
        LAW_QUANTILE(type, own, 4, "p50", "50 %"), LAW_QUANTILE(type, own, 5, "p75", "75 %"),      \
        LAW_QUANTILE(type, own, 6, "p90", "90 %"), LAW_QUANTILE(type, own, 7, "p95", "95 %"),      \
        LAW_QUANTILE(type, own, 8, "p98", "98 %"), LAW_QUANTILE(type, own, 9, "p99", "99 %"),      \
        LAW_QUANTILE(type, own, 10, "p999", "99.9 %"),                                             \
        LAW_QUANTILE(type, own, 11, "p9999", "99.99 %")

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
