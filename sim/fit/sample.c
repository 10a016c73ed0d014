#include "sample.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../base/err.h"

/* The bits of a double are its exponent and mantissa: their upper part counts the buckets. */
enum { SHIFT = 52 - 11 };
_Static_assert(SAMPLE_STEPS == 1 << 11, "a step is 11 bits of the mantissa");
static const uint64_t first = (uint64_t)(1023 - SAMPLE_OCTAVES / 2) << 11;

static double edge(size_t bucket)
{
    uint64_t bits = (first + bucket) << SHIFT;
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

void sample_init(struct sample *sample)
{
    *sample = (struct sample){.buckets = xcalloc(SAMPLE_BUCKETS, sizeof *sample->buckets),
                              .lowest = SAMPLE_BUCKETS};
    sample_clear(sample);
}

void sample_free(struct sample *sample)
{
    free(sample->buckets);
    free(sample->points);
    *sample = (struct sample){0};
}

void sample_clear(struct sample *sample)
{
    struct bucket *buckets = sample->buckets;
    if (sample->lowest <= sample->highest)
        memset(buckets + sample->lowest, 0,
               (sample->highest - sample->lowest + 1) * sizeof *buckets);
    free(sample->points);
    *sample = (struct sample){
        .buckets = buckets, .lowest = SAMPLE_BUCKETS, .min = INFINITY, .max = -INFINITY};
}

void sample_add(struct sample *sample, double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    uint64_t bucket = (bits >> SHIFT) - first;
    if (x <= 0 || (bits >> SHIFT) < first) {
        sample->zeros++;
        return;
    }
    if (bucket >= SAMPLE_BUCKETS)
        bucket = SAMPLE_BUCKETS - 1;
    sample->buckets[bucket].count++;
    sample->buckets[bucket].sum += x;
    sample->n++;
    sample->sum += x;
    sample->squares += x * x;
    if (x < sample->min) {
        sample->min = x;
        sample->lowest = bucket;
    }
    if (x > sample->max) {
        sample->max = x;
        sample->highest = bucket;
    }
}

static void take_moments(struct sample *sample)
{
    double logs = 0, variance = 0, spread = 0;
    sample->mean = sample->sum / sample->n;
    for (size_t i = 0; i < sample->n_points; i++)
        logs += sample->points[i].weight * log(sample->points[i].value);
    sample->mean_log = logs / sample->n;
    for (size_t i = 0; i < sample->n_points; i++) {
        const struct point *p = &sample->points[i];
        double d = log(p->value) - sample->mean_log, x = p->value / sample->mean - 1;
        variance += p->weight * d * d;
        spread += p->weight * x * x;
    }
    sample->variance_log = variance / sample->n;
    sample->cv2 = spread / sample->n;
}

void sample_finish(struct sample *sample)
{
    size_t n = 0;
    double below = 0;
    for (size_t i = sample->lowest; i <= sample->highest; i++)
        n += sample->buckets[i].count > 0;
    sample->points = xrealloc(sample->points, (n > 0 ? n : 1) * sizeof *sample->points);
    sample->n_points = n;
    n = 0;
    for (size_t i = sample->lowest; i <= sample->highest; i++) {
        const struct bucket *b = &sample->buckets[i];
        if (!(b->count > 0))
            continue;
        double value = fmin(fmax(b->sum / b->count, sample->min), sample->max);
        bool one = b->count == 1;
        sample->points[n++] = (struct point){.value = value,
                                             .weight = b->count,
                                             .low = one ? value : fmax(edge(i), sample->min),
                                             .high = one ? value : fmin(edge(i + 1), sample->max),
                                             .below = below};
        below += b->count;
    }
    if (n > 0)
        take_moments(sample);
}

/* The first point whose values, with those below it, are more than `rank`. */
static size_t at_rank(const struct sample *sample, double rank)
{
    size_t low = 0, high = sample->n_points - 1;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (sample->points[middle].below + sample->points[middle].weight > rank)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

double sample_quantile(const struct sample *sample, double p)
{
    double rank = fmax(ceil(p * sample->n) - 1, 0);
    const struct point *point = &sample->points[at_rank(sample, rank)];
    return point->value;
}

void sample_condense(const struct sample *sample, size_t n, double *out)
{
    double each = (sample->n + sample->zeros) / (double)n, left = 0;
    size_t at = sample->n_points; /* of points[at] so much is left; zeros are below points[0] */
    for (size_t i = 0; i < n; i++) {
        double needed = each, sum = 0;
        while (needed > 0 && (left > 0 || at > 0)) {
            if (!(left > 0))
                left = sample->points[--at].weight;
            double taken = fmin(left, needed);
            sum += taken * sample->points[at].value;
            left -= taken;
            needed -= taken;
        }
        out[i] = sum / each;
    }
}

double sample_beyond(const struct sample *sample, double x)
{
    size_t low = 0, high = sample->n_points;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (sample->points[middle].value > x)
            high = middle;
        else
            low = middle + 1;
    }
    double below = low < sample->n_points ? sample->points[low].below : sample->n;
    return (sample->n - below) / sample->n;
}
