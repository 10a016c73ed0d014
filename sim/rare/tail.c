#include "tail.h"

#include <math.h>
#include <stdlib.h>

#include "../base/err.h"
#include "../result/stats.h"

void tail_free(struct tail *tail)
{
    free(tail->above);
    free(tail->total);
    free(tail->steps);
    tail->above = tail->total = tail->steps = NULL;
    tail->replications = tail->capacity = 0;
}

static double *more(double *old, size_t n, size_t have, size_t want)
{
    double *all = xrealloc(old, want * n * sizeof *all);
    for (size_t i = have * n; i < want * n; i++)
        all[i] = 0;
    return all;
}

void tail_extend(struct tail *tail, size_t replications)
{
    if (replications > tail->capacity) {
        tail->above = more(tail->above, tail->n, tail->capacity, replications);
        tail->total = more(tail->total, 1, tail->capacity, replications);
        tail->steps = more(tail->steps, 1, tail->capacity, replications);
        tail->capacity = replications;
    }
    tail->replications = replications;
}

/* The ratio of a mixture of two neighbouring points, `first` and the next one. */
static struct ratio mixed(const struct tail *tail, size_t first, double by_first, double by_next)
{
    size_t n = tail->replications;
    double *above = xmalloc(n * sizeof *above);
    for (size_t r = 0; r < n; r++) {
        const double *at = &tail->above[r * tail->n + first];
        above[r] = by_first * at[0] + (by_next != 0 ? by_next * at[1] : 0);
    }
    struct ratio ratio = stats_ratio(above, tail->total, n);
    free(above);
    return ratio;
}

static double half_of(struct ratio ratio, size_t replications, double risk)
{
    if (replications < 2 || !(ratio.value > 0))
        return NAN;
    return stats_t(risk, replications - 1) * ratio.error / ratio.value;
}

struct tail_figure tail_at(const struct tail *tail, size_t point, double risk)
{
    struct ratio ratio = mixed(tail, point, 1, 0);
    struct tail_figure figure = {ratio.value, NAN, NAN, half_of(ratio, tail->replications, risk)};
    figure.low = figure.value * exp(-figure.half);
    figure.high = fmin(figure.value * exp(figure.half), fmax(1, figure.value));
    return figure;
}

static double value_at(const struct tail *tail, size_t point)
{
    return mixed(tail, point, 1, 0).value;
}

/* The last point but one at which the tail is still q; -1: it never is. */
static long point_of(const double *values, size_t n, double q)
{
    long at = -1;
    while (at + 2 < (long)n && values[at + 1] >= q)
        at++;
    return at;
}

/* Where on the way from point `at` to the next the tail is q; beyond the last value: NAN. */
static double share_of(const double *values, long at, double q)
{
    if (values[at + 1] > 0)
        return log(values[at] / q) / log(values[at] / values[at + 1]);
    return NAN;
}

static double inverse(const struct tail *tail, const double *values, double q)
{
    long at = point_of(values, tail->n, q);
    if (at < 0)
        return tail->x[0];
    double share = values[at] == q ? 0 : share_of(values, at, q);
    double from = tail->x[at], to = tail->x[at + 1];
    if (!(share <= 1))
        return NAN;
    return tail->log && from > 0 ? from * pow(to / from, share) : from + share * (to - from);
}

struct tail_figure tail_quantile(const struct tail *tail, double q, double risk)
{
    double values[TAIL_POINTS] = {0};
    for (size_t i = 0; i < tail->n; i++)
        values[i] = value_at(tail, i);
    long at = point_of(values, tail->n, q);
    struct tail_figure figure = {inverse(tail, values, q), NAN, NAN, NAN};
    struct ratio ratio;
    if (isnan(figure.value) || isnan(values[0])) /* and not 0: nothing is known */
        return (struct tail_figure){NAN, NAN, NAN, NAN};
    if (at < 0) { /* as much is above nothing */
        ratio = mixed(tail, 0, 1, 0);
    } else {
        double share = share_of(values, at, q);
        share = isfinite(share) ? fmin(fmax(share, 0), 1) : 0;
        ratio = mixed(tail, (size_t)at, (1 - share) * q / values[at],
                      share > 0 ? share * q / values[at + 1] : 0);
    }
    figure.half = half_of(ratio, tail->replications, risk);
    figure.low = inverse(tail, values, fmin(q * exp(figure.half), 1));
    figure.high = inverse(tail, values, q * exp(-figure.half));
    return figure;
}
