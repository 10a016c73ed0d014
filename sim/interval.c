#include "interval.h"

#include <math.h>
#include <stdlib.h>

#include "err.h"
#include "stats.h"

/* Level of von Neumann's test, and the smallest number of batches it may merge down to. */
#define CORRELATED 0.05
enum { FEWEST_BATCHES = 8 };

/* Independent tasks' worth of information that a quantile's interval needs on its thinner side, and
 * the widest interval of a mean, relative, that still says something. */
#define EFFECTIVE_SIDE 30
#define WIDEST_MEAN    0.5

/* Merges batches pairwise while neighbours look correlated; how many are left, 0: none will do. */
static size_t batches_apart(double *a, double *b, size_t n)
{
    double *ratio = xmalloc(n * sizeof *ratio);
    for (;; n /= 2) {
        for (size_t i = 0; i < n; i++)
            ratio[i] = b[i] > 0 ? a[i] / b[i] : 0;
        if (stats_neighbours(ratio, n) > CORRELATED)
            break;
        if (n < 2 * FEWEST_BATCHES) {
            n = 0;
            break;
        }
        for (size_t i = 0; i < n / 2; i++) {
            a[i] = a[2 * i] + a[2 * i + 1];
            b[i] = b[2 * i] + b[2 * i + 1];
        }
    }
    free(ratio);
    return n;
}

/* Half-width of the ratio of sums a over sums b in groups, which are overwritten. NAN: none. */
static double half_width(double *a, double *b, size_t n, bool batches)
{
    if (batches)
        n = batches_apart(a, b, n);
    return n < 2 ? NAN : stats_t975(n - 1) * stats_ratio(a, b, n).error;
}

double interval_mean(const struct groups *groups, double (*sum)(const struct cell *cell))
{
    double *a = xmalloc(2 * (groups->n + 1) * sizeof *a), *b = a + groups->n;
    for (size_t i = 0; i < groups->n; i++) {
        a[i] = sum(&groups->cell[i]);
        b[i] = (double)groups->cell[i].completed;
    }
    double mean = stats_ratio(a, b, groups->n).value;
    double half = half_width(a, b, groups->n, groups->batches);
    free(a);
    if (half == 0)
        return 0;
    return half <= WIDEST_MEAN * mean ? half / (1 - half / mean) : NAN;
}

/* The quantile at p of the merged latencies, for p up to 1. */
static double at_fraction(const struct cell *merged, double p)
{
    return p >= 1
               ? merged->latency_max
               : histogram_quantile(&merged->latency, p, merged->latency_min, merged->latency_max);
}

/* Half-width, in p, of the fraction of tasks with a latency up to q; its standard error beside. */
static double fraction_half(const struct groups *groups, double q, double *error)
{
    double *a = xmalloc(2 * (groups->n + 1) * sizeof *a), *b = a + groups->n;
    for (size_t i = 0; i < groups->n; i++) {
        a[i] = histogram_rank(&groups->cell[i].latency, q);
        b[i] = (double)groups->cell[i].completed;
    }
    *error = groups->n < 2 ? NAN : stats_ratio(a, b, groups->n).error;
    double half = half_width(a, b, groups->n, groups->batches);
    free(a);
    return half;
}

double interval_dependence(const struct groups *groups, const struct cell *merged)
{
    const double p[2] = {0.5, 0.9};
    double product = 1;
    for (int i = 0; i < 2; i++) {
        double error;
        fraction_half(groups, at_fraction(merged, p[i]), &error);
        product *= fmax(1, error * error * (double)merged->completed / (p[i] * (1 - p[i])));
    }
    return sqrt(product);
}

void interval_quantile(const struct groups *groups, const struct cell *merged, double dependence,
                       double p, double q, double *low, double *high)
{
    *low = *high = NAN;
    double n = (double)merged->completed, from, to, error;
    if (!(n * fmin(p, 1 - p) >= EFFECTIVE_SIDE * dependence))
        return;
    double half = fraction_half(groups, q, &error);
    if (isnan(half))
        return;
    stats_order_interval(p, n, &from, &to);
    if (p - half <= 0 || p + half >= 1 || from <= 0 || to > 1)
        return;
    *low = at_fraction(merged, fmin(from, p - half));
    *high = at_fraction(merged, fmax(to, p + half));
}
