#include "mg1.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "../base/err.h"
#include "../base/root.h"

enum { LEVELS = 4, NEAR = 6 };

/* P(W > i h) for i = 0 .. n - 1. */
struct curve {
    double h;
    size_t n;
    double *above;
};

/* int_0^1 (1 - v) P(S > x + v h) dv: Gauss-Legendre, three points. */
static double half_hat(const struct service *s, double x, double h)
{
    static const double at[3] = {0.1127016653792583, 0.5, 0.8872983346207417};
    static const double weight[3] = {5.0 / 18, 8.0 / 18, 5.0 / 18};
    double sum = 0;
    for (int i = 0; i < 3; i++)
        sum += weight[i] * (1 - at[i]) * service_above(s, x + at[i] * h);
    return sum;
}

/*
 * The wait is a geometric sum of residual services (Benes 1957), so G(t) = P(W > t) solves the
 * renewal equation  G(t) = lambda E[(S - t)+] + lambda int_0^t G(t - u) P(S > u) du.
 * Solved with G linear between the points of a grid that hits every kink of P(S > u); goes on to n
 * points or, where n is 0, until G is below `floor`. The error is a series in h^2.
 */
static struct curve renewal(const struct service *s, double lambda, double h, size_t n,
                            double floor)
{
    size_t room = n ? n : 1024, i = 0, last = SIZE_MAX;
    double *g = xmalloc(room * sizeof *g), *weight = xmalloc(room * sizeof *weight);
    if (isfinite(service_highest(s)))
        last = (size_t)llround(service_highest(s) / h);
    for (; n ? i < n : i == 0 || g[i - 1] > floor; i++) {
        if (i == room) {
            room *= 2;
            g = xrealloc(g, room * sizeof *g);
            weight = xrealloc(weight, room * sizeof *weight);
        }
        double t = (double)i * h, sum = 0;
        double left = i ? half_hat(s, t, -h) : 0, right = half_hat(s, t, h);
        weight[i] = left + right;
        for (size_t j = 1; j < i && j <= last; j++)
            sum += weight[j] * g[i - j];
        g[i] = lambda * service_excess(s, t);
        if (i > 0)
            g[i] = (g[i] + lambda * h * (sum + left * g[0])) / (1 - lambda * h * weight[0]);
    }
    free(weight);
    return (struct curve){h, i, g};
}

/* Romberg's extrapolation of LEVELS grids, each twice as fine, on the points of the first. */
static struct curve refine(const struct service *s, double lambda, double floor)
{
    double h = service_step(s) / 4;
    struct curve first = renewal(s, lambda, h, 0, floor / 2);
    size_t n = first.n + NEAR;
    if (n < 4000) {
        n *= 4;
        h /= 4;
    }
    free(first.above);
    struct curve grid[LEVELS];
    for (int k = 0; k < LEVELS; k++)
        grid[k] = renewal(s, lambda, h / (1 << k), (n - 1) * (1U << k) + 1, 0);
    for (size_t i = 0; i < n; i++) {
        double table[LEVELS];
        for (int k = 0; k < LEVELS; k++)
            table[k] = grid[k].above[i << k];
        for (int order = 1; order < LEVELS; order++)
            for (int k = LEVELS - 1; k >= order; k--)
                table[k] += (table[k] - table[k - 1]) / (pow(4, order) - 1);
        grid[0].above[i] = table[LEVELS - 1];
    }
    for (int k = 1; k < LEVELS; k++)
        free(grid[k].above);
    return grid[0];
}

/* G between the points: the polynomial through the NEAR nearest. */
static double curve_at(const struct curve *curve, double t)
{
    double x = t / curve->h, sum = 0;
    ptrdiff_t first = (ptrdiff_t)floor(x) - NEAR / 2 + 1, most = (ptrdiff_t)curve->n - NEAR;
    first = first < 0 ? 0 : first > most ? most : first;
    for (int i = 0; i < NEAR; i++) {
        double term = curve->above[first + i];
        for (int j = 0; j < NEAR; j++)
            if (j != i)
                term *= (x - (double)(first + j)) / (i - j);
        sum += term;
    }
    return sum;
}

/* The curve down to P(W > t) = 0.001 / 2; the last one is kept. */
static const struct curve *wait_curve(const struct service *s, double lambda)
{
    static struct service kept;
    static double kept_lambda;
    static struct curve curve;
    bool same = curve.above && kept.kind == s->kind && kept.a == s->a && kept.b == s->b &&
                kept.c == s->c && kept_lambda == lambda;
    if (!same) {
        free(curve.above);
        curve = refine(s, lambda, 0.001);
        kept = *s;
        kept_lambda = lambda;
    }
    return &curve;
}

struct target {
    const struct curve *curve;
    double above;
};

static double miss(double t, void *context)
{
    const struct target *target = context;
    return curve_at(target->curve, t) - target->above;
}

double mg1_wait(double lambda, double first, double second)
{
    return lambda * second / (2 * (1 - lambda * first));
}

double mg1_wait_second(const struct service *s, double lambda)
{
    double wait = mg1_wait(lambda, service_moment(s, 1), service_moment(s, 2));
    return 2 * wait * wait +
           lambda * service_moment(s, 3) / (3 * (1 - lambda * service_moment(s, 1)));
}

double mg1_wait_quantile(const struct service *s, double lambda, double p)
{
    if (p <= 1 - lambda * service_moment(s, 1))
        return 0;
    struct target target = {wait_curve(s, lambda), 1 - p};
    return root_between(miss, &target, 0, target.curve->h * (double)(target.curve->n - 1), 1e-13);
}

double mg1_wait_excess(const struct service *s, double lambda, double x)
{
    double sum = 0;
    const struct curve *curve = wait_curve(s, lambda);
    size_t steps = 2 * (size_t)ceil(x / curve->h);
    double h = x / (double)steps;
    for (size_t i = 0; i <= steps; i++) /* Simpson's rule */
        sum += curve_at(curve, (double)i * h) * (i == 0 || i == steps ? 1 : i % 2 ? 4 : 2);
    return mg1_wait(lambda, service_moment(s, 1), service_moment(s, 2)) - sum * h / 3;
}

double mg1_last_come_variance(const struct service *s, double lambda)
{
    double idle = 1 - lambda * service_moment(s, 1), second = lambda * service_moment(s, 2);
    double wait = second / (2 * idle);
    double square = lambda * service_moment(s, 3) / (3 * idle * idle) +
                    second * second / (2 * idle * idle * idle);
    return square - wait * wait;
}
