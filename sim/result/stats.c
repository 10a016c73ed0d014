#include "stats.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>

#include "../base/err.h"

double stats_t(double risk, size_t degrees)
{
    return gsl_cdf_tdist_Qinv(risk / 2, (double)degrees);
}

struct ratio stats_ratio(const double *a, const double *b, size_t n)
{
    double sum_a = 0, sum_b = 0, squares = 0;
    for (size_t i = 0; i < n; i++) {
        sum_a += a[i];
        sum_b += b[i];
    }
    struct ratio r = {sum_a / sum_b, NAN};
    if (n < 2 || !(sum_b > 0))
        return r;
    for (size_t i = 0; i < n; i++) {
        double residual = a[i] - r.value * b[i];
        squares += residual * residual;
    }
    r.error = sqrt((double)n / (double)(n - 1) * squares) / sum_b;
    return r;
}

double stats_neighbours(const double *x, size_t n)
{
    if (n < 4)
        return 1;
    double mean = 0, squares = 0, steps = 0;
    for (size_t i = 0; i < n; i++)
        mean += x[i] / (double)n;
    for (size_t i = 0; i < n; i++)
        squares += (x[i] - mean) * (x[i] - mean);
    for (size_t i = 1; i < n; i++)
        steps += (x[i] - x[i - 1]) * (x[i] - x[i - 1]);
    if (!(squares > 0))
        return 1;
    double size = (double)n;
    double c = 1 - steps / (2 * squares);
    return gsl_cdf_ugaussian_Q(c / sqrt((size - 2) / (size * size - 1)));
}

double stats_quantile_needs(double p)
{
    double n = ceil(log(0.05) / log(fmax(p, 1 - p)));
    while (pow(p, n) + pow(1 - p, n) > 0.05)
        n++;
    return n;
}

/* P(at most k of n fall at or below the quantile) by the incomplete beta function. */
static double binomial_at_most(double k, double p, double n)
{
    if (k < 0)
        return 0;
    return k >= n ? 1 : gsl_cdf_beta_Q(p, k + 1, n - k);
}

/* Smallest k with P(X <= k) > tail. */
static double binomial_quantile(double tail, double p, double n)
{
    double low = -1, high = n; /* P(X <= low) <= tail < P(X <= high) */
    while (high - low > 1) {
        double middle = floor((low + high) / 2);
        if (binomial_at_most(middle, p, n) > tail)
            high = middle;
        else
            low = middle;
    }
    return high;
}

static void order_interval(double risk, double p, double n, double *low, double *high)
{
    double tail = risk / 2;
    if (n > 1e6) {
        double half = gsl_cdf_ugaussian_Pinv(1 - tail) * sqrt(p * (1 - p) / n) + 1 / n;
        *low = p - half;
        *high = p + half;
        return;
    }
    /* With X values at or below the quantile: it is below order statistic l (from 1) with
     * P(X < l) <= tail, and above or at u with P(X >= u) <= tail. */
    *low = binomial_quantile(tail, p, n) / n;
    *high = (n - binomial_quantile(tail, 1 - p, n) + 1) / n;
}

/* A sweep asks the same of each of its columns, and an answer takes a few hundred thousand
 * instructions: each thread keeps its last ones. */
void stats_order_interval(double risk, double p, double n, double *low, double *high)
{
    enum { KEPT = 8 };
    static _Thread_local struct {
        double risk, p, n, low, high;
    } kept[KEPT];
    static _Thread_local unsigned next;
    unsigned i = 0;
    while (i < KEPT && (kept[i].risk != risk || kept[i].p != p || kept[i].n != n))
        i++;
    if (i == KEPT) {
        i = next++ % KEPT;
        order_interval(risk, p, n, &kept[i].low, &kept[i].high);
        kept[i].risk = risk;
        kept[i].p = p;
        kept[i].n = n;
    }
    *low = kept[i].low;
    *high = kept[i].high;
}

struct ranked {
    double p;
    size_t index;
};

static int by_p(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    return x->p < y->p ? -1 : x->p > y->p;
}

size_t stats_holm(const double *p, size_t n, double level, bool *off)
{
    struct ranked *order = xmalloc(n * sizeof *order);
    size_t found = 0;
    for (size_t i = 0; i < n; i++) {
        order[i] = (struct ranked){p[i], i};
        off[i] = false;
    }
    qsort(order, n, sizeof *order, by_p);
    while (found < n && order[found].p <= level / (double)(n - found))
        off[order[found++].index] = true;
    free(order);
    return found;
}
