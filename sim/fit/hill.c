#include "hill.h"

#include <math.h>
#include <stdlib.h>

#include "../base/err.h"
#include "poisson.h"

enum { LEAST = 20 };

/* From the largest value down: at least every 1.06-fold k. */
static void take_points(const struct sample *sample, struct hill *hill)
{
    double most = sample->n / 4, next = LEAST, k = 0, logs = 0;
    double step = fmax(1.06, pow(most / LEAST, 1.0 / (HILL_POINTS - 2)));
    for (size_t i = sample->n_points; i-- > 1 && k < most && hill->n < HILL_POINTS;) {
        const struct point *p = &sample->points[i];
        k += p->weight;
        logs += p->weight * log(p->value);
        double excess = logs - k * log(sample->points[i - 1].value);
        if (k >= next && excess > 0) {
            hill->k[hill->n] = k;
            hill->alpha[hill->n++] = k / excess;
            next = k * step;
        }
    }
}

static bool agree(const struct hill *hill, size_t i, size_t end)
{
    return fabs(hill->alpha[i] - hill->alpha[end]) <= 1.96 * hill->alpha[i] / sqrt(hill->k[i]);
}

static void find_region(struct hill *hill)
{
    double longest = 0;
    for (size_t end = 0; end < hill->n; end++) {
        size_t from = end;
        while (from > 0 && agree(hill, from - 1, end))
            from--;
        double length = log(hill->k[end] / hill->k[from]);
        if (end == 0 || length >= longest) {
            longest = length;
            hill->from = from;
            hill->to = end;
        }
    }
}

/* p of the hypothesis that the values above the threshold are of a power law. */
static double test_tail(const struct sample *sample, const struct hill *hill)
{
    size_t first = sample->n_points;
    double k = 0;
    while (first > 0 && k < hill->k[hill->to])
        k += sample->points[--first].weight;
    size_t n = sample->n_points - first;
    double *u = xmalloc(2 * (n + 1) * sizeof *u), *weights = u + n;
    for (size_t i = 0; i < n; i++) {
        const struct point *p = &sample->points[first + i];
        u[i] = -expm1(-hill->chosen * log(p->value / hill->threshold));
        weights[i] = p->weight;
    }
    double p = anderson_darling_p(anderson_darling(u, weights, n), k);
    free(u);
    return p;
}

void hill_estimate(const struct sample *sample, struct hill *hill)
{
    *hill = (struct hill){.chosen = NAN, .low = NAN, .high = NAN, .threshold = NAN, .p = NAN};
    if (sample->n < 10 * LEAST)
        return;
    take_points(sample, hill);
    if (hill->n == 0)
        return;
    find_region(hill);
    double k = hill->k[hill->to], alpha = hill->alpha[hill->to], beyond = 0;
    size_t i = sample->n_points;
    while (i > 0 && beyond < k)
        beyond += sample->points[--i].weight;
    hill->threshold = sample->points[i > 0 ? i - 1 : 0].value;
    hill->chosen = alpha;
    hill->low = alpha * (1 - 1.96 / sqrt(k));
    hill->high = alpha * (1 + 1.96 / sqrt(k));
    hill->p = test_tail(sample, hill);
}
