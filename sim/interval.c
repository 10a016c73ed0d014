#include "interval.h"

#include <math.h>
#include <stdlib.h>

#include "err.h"
#include "stats.h"

/* Level of von Neumann's test, and the smallest number of batches it may merge down to. */
#define CORRELATED 0.05
enum { FEWEST_BATCHES = 8 };

/* Sums a over sums b in groups; batches are merged pairwise while they look correlated. Returns the
 * half-width, NAN: none. Overwrites both. */
static double half_width(double *a, double *b, size_t n, bool batches)
{
    if (n < 2)
        return NAN;
    double *ratio = xmalloc(n * sizeof *ratio);
    for (; batches; n /= 2) {
        for (size_t i = 0; i < n; i++)
            ratio[i] = b[i] > 0 ? a[i] / b[i] : 0;
        if (stats_neighbours(ratio, n) > CORRELATED)
            break;
        if (n < 2 * FEWEST_BATCHES) {
            free(ratio);
            return NAN;
        }
        for (size_t i = 0; i < n / 2; i++) {
            a[i] = a[2 * i] + a[2 * i + 1];
            b[i] = b[2 * i] + b[2 * i + 1];
        }
    }
    free(ratio);
    return stats_t975(n - 1) * stats_ratio(a, b, n).error;
}

double interval_mean(const struct groups *groups, double (*sum)(const struct cell *cell))
{
    double *a = xmalloc(2 * (groups->n + 1) * sizeof *a), *b = a + groups->n;
    for (size_t i = 0; i < groups->n; i++) {
        a[i] = sum(&groups->cell[i]);
        b[i] = (double)groups->cell[i].completed;
    }
    double half = half_width(a, b, groups->n, groups->batches);
    free(a);
    return half;
}

/* The quantile at p of the merged latencies, for p up to 1. */
static double at_fraction(const struct cell *merged, double p)
{
    return p >= 1 ? merged->latency_max
                  : histogram_quantile(&merged->latency, p, merged->latency_min,
                                       merged->latency_max);
}

void interval_quantile(const struct groups *groups, const struct cell *merged, double p, double q,
                       double *low, double *high)
{
    *low = *high = NAN;
    double *a = xmalloc(2 * (groups->n + 1) * sizeof *a), *b = a + groups->n;
    for (size_t i = 0; i < groups->n; i++) {
        a[i] = histogram_rank(&groups->cell[i].latency, q);
        b[i] = (double)groups->cell[i].completed;
    }
    double half = half_width(a, b, groups->n, groups->batches);
    free(a);
    if (isnan(half))
        return;
    double from, to;
    stats_order_interval(p, (double)merged->completed, &from, &to);
    if (p - half <= 0 || p + half >= 1 || from <= 0 || to > 1)
        return;
    *low = at_fraction(merged, fmin(from, p - half));
    *high = at_fraction(merged, fmax(to, p + half));
}
