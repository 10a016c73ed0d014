#include "backoff.h"

#include <math.h>

struct backoff backoff_of(const struct backoff_spec *spec)
{
    return (struct backoff){
        .sidekiq = backoff_is_sidekiq(spec),
        .law = spec->law.model ? &spec->law : NULL,
        .initial = spec->initial > 0 ? spec->initial : 0,
        .multiplier = isnan(spec->multiplier) ? BACKOFF_MULTIPLIER : spec->multiplier,
        .max = isnan(spec->max) ? INFINITY : spec->max,
        .jitter = isnan(spec->jitter) ? JITTER_FULL : (enum jitter)spec->jitter,
    };
}

/* By multiplication, and so the same everywhere. */
static double base_of(const struct backoff *b, uint32_t retry)
{
    double base = b->initial;
    for (uint32_t n = 1; n < retry && base < b->max && base < 1e12 && b->multiplier > 1; n++)
        base *= b->multiplier;
    return fmin(base, b->max);
}

double backoff_delay(const struct backoff *b, uint32_t retry, double last, double u)
{
    double count = (double)retry - 1;
    if (b->sidekiq)
        return count * count * count * count + 15 + floor(10 * u) * (count + 1);
    if (b->initial == 0)
        return 0;
    double base = base_of(b, retry), from = b->initial;
    switch (b->jitter) {
    case JITTER_NONE:
        return base;
    case JITTER_FULL:
        return u * base;
    case JITTER_EQUAL:
        return base / 2 + u * (base / 2);
    case JITTER_DECORRELATED:
        last = isnan(last) ? from : last;
        return fmin(b->max, from + u * (3 * last - from));
    }
    return base;
}
