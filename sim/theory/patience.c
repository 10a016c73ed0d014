#include "patience.h"

#include <gsl/gsl_integration.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "../base/err.h"
#include "../base/root.h"
#include "erlang.h"

/* Points of the Gauss-Legendre rule; integrals of each piece, to this relative accuracy; and how
 * far below its largest value, as a logarithm, the density is left out. */
enum { POINTS = 8, BELOW = 45 };
#define ACCURACY 1e-12

/* Integrals of e(x) = exp(lambda H(x) - c mu x - top) times ... */
enum integral { ALL, LEAVE, STAY, STAY_WAIT, WAIT, INTEGRALS };

/* Up to x: H, and the integrals. */
struct sums {
    double x, stayed, of[INTEGRALS];
};

struct abandonment {
    struct patient system;
    gsl_integration_glfixed_table *rule;
    double top;  /* the largest value of lambda H(x) - c mu x */
    double most; /* where that is */
    struct sums *piece;
    size_t n, room;
    double total; /* 1 / pi, times exp(-top) */
};

static double below(const struct abandonment *a, double x)
{
    return a->system.cdf(a->system.patience, x);
}

/* int_from^to P(patience > u) du */
static double staying(const struct abandonment *a, double from, double to)
{
    double sum = 0, u, weight;
    for (size_t i = 0; i < POINTS; i++) {
        gsl_integration_glfixed_point(from, to, i, &u, &weight, a->rule);
        sum += weight * (1 - below(a, u));
    }
    return sum;
}

/* From the end of one piece on to x. */
static struct sums extend(const struct abandonment *a, const struct sums *from, double x)
{
    const struct patient *system = &a->system;
    struct sums to = *from;
    for (size_t i = 0; i < POINTS; i++) {
        double u, weight;
        gsl_integration_glfixed_point(from->x, x, i, &u, &weight, a->rule);
        double leaves = below(a, u), h = from->stayed + staying(a, from->x, u);
        double e = weight * exp(system->lambda * h - system->c * system->mu * u - a->top);
        to.of[ALL] += e;
        to.of[LEAVE] += e * leaves;
        to.of[STAY] += e * (1 - leaves);
        to.of[STAY_WAIT] += e * (1 - leaves) * u;
        to.of[WAIT] += e * h;
    }
    to.stayed += staying(a, from->x, x);
    to.x = x;
    return to;
}

static bool alike(const struct abandonment *a, const struct sums *once, const struct sums *twice)
{
    double h = fabs(once->stayed - twice->stayed);
    bool same = h * a->system.lambda <= ACCURACY + 1e-15 * a->system.lambda * twice->x;
    for (int i = 0; i < INTEGRALS; i++)
        same = same && fabs(once->of[i] - twice->of[i]) <= ACCURACY * twice->of[i] + 1e-300;
    return same;
}

static double exponent(const struct abandonment *a, const struct sums *s)
{
    return a->system.lambda * s->stayed - a->system.c * a->system.mu * s->x - a->top;
}

static void keep(struct abandonment *a, const struct sums *s)
{
    if (a->n == a->room) {
        a->room = a->room ? 2 * a->room : 256;
        a->piece = xrealloc(a->piece, a->room * sizeof *a->piece);
    }
    a->piece[a->n++] = *s;
}

/* Piece by piece, each as long as one rule over it and one over each of its halves agree; a jump of
 * the cdf ends up in a piece too short to matter. On to `end`; INFINITY: until nothing is left. */
static void march(struct abandonment *a, double end)
{
    const struct patient *system = &a->system;
    double step = 0.5 / (system->lambda + system->c * system->mu);
    struct sums now = {0};
    a->n = 0;
    keep(a, &now);
    while (isfinite(end) ? now.x < end : now.x <= a->most || exponent(a, &now) > -BELOW) {
        double to = isfinite(end) && now.x + step > end ? end : now.x + step;
        struct sums once = extend(a, &now, to), half = extend(a, &now, now.x + (to - now.x) / 2);
        struct sums twice = extend(a, &half, to);
        if (!alike(a, &once, &twice) && to - now.x > 1e-14 * (now.x + 1 / system->lambda)) {
            step = (to - now.x) / 2;
            continue;
        }
        now = twice;
        keep(a, &now);
        step = 2 * (to - a->piece[a->n - 2].x);
    }
}

/* Where lambda P(patience > x) falls below c mu: the density is largest there. */
static double most_offered(const struct abandonment *a)
{
    double leave = 1 - a->system.c * a->system.mu / a->system.lambda, low = 0, high = 1;
    if (!(leave > 0))
        return 0;
    while (below(a, high) < leave && high < 1e300)
        high *= 2;
    while (below(a, high / 2) >= leave && high > 1e-300)
        high /= 2;
    for (int i = 0; i < 60; i++) {
        double middle = low + (high - low) / 2;
        *(below(a, middle) < leave ? &low : &high) = middle;
    }
    return high;
}

struct abandonment *abandonment_solve(const struct patient *system)
{
    struct abandonment *a = xcalloc(1, sizeof *a);
    a->system = *system;
    a->rule = gsl_integration_glfixed_table_alloc(POINTS);
    a->most = most_offered(a);
    if (a->most > 0) {
        a->top = INFINITY; /* of no interest yet but H */
        march(a, a->most);
        struct sums s = a->piece[a->n - 1];
        a->top = system->lambda * s.stayed - system->c * system->mu * s.x;
    }
    march(a, INFINITY);
    double free = exp(-a->top) / erlang_b(system->c - 1, system->lambda / system->mu);
    a->total = free + system->lambda * a->piece[a->n - 1].of[ALL];
    return a;
}

void abandonment_free(struct abandonment *a)
{
    gsl_integration_glfixed_table_free(a->rule);
    free(a->piece);
    free(a);
}

static double mean(const struct abandonment *a, enum integral which)
{
    return a->system.lambda * a->piece[a->n - 1].of[which] / a->total;
}

double abandonment_offered(const struct abandonment *a)
{
    return mean(a, ALL);
}

double abandonment_loss(const struct abandonment *a)
{
    return mean(a, LEAVE);
}

double abandonment_wait_all(const struct abandonment *a)
{
    return mean(a, WAIT);
}

double abandonment_waits(const struct abandonment *a)
{
    return mean(a, STAY) / (1 - mean(a, LEAVE));
}

double abandonment_wait(const struct abandonment *a)
{
    return mean(a, STAY_WAIT) / (1 - mean(a, LEAVE));
}

struct target {
    const struct abandonment *a;
    const struct sums *from;
    double stay;
};

static double beyond(double x, void *context)
{
    const struct target *target = context;
    return extend(target->a, target->from, x).of[STAY] - target->stay;
}

double abandonment_wait_quantile(const struct abandonment *a, double p)
{
    double served = 1 - mean(a, LEAVE), above = (1 - p) * served;
    double stay = a->piece[a->n - 1].of[STAY] - above * a->total / a->system.lambda;
    if (!(stay > 0))
        return 0;
    size_t i = 1;
    while (i + 1 < a->n && a->piece[i].of[STAY] < stay)
        i++;
    struct target target = {a, &a->piece[i - 1], stay};
    double x = root_between(beyond, &target, a->piece[i - 1].x, a->piece[i].x, 1e-12);
    return isnan(x) ? a->piece[i].x : x;
}
