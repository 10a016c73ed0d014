#include "pk.h"

#include <float.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_integration.h>
#include <math.h>
#include <stdlib.h>

#include "../base/err.h"
#include "../base/vmath.h"

enum {
    WORKSPACE = 1000,
    PILOT_SUMS = 4000,
    SUMS_AT_ONCE = 256,
    COARSE = 81, /* points of a pilot for one quantile */
    CLOSE = 33   /* points around it */
};
#define REACH 2.5 /* how far these go, as a factor */

#define NEAREST  0.05  /* of the mean size: the first point of a tail, but for 0 */
#define LEAST    1e-6  /* of the mean size: the table's first point */
#define FARTHEST 1e-18 /* P(Y > y) at its last, roughly */
#define TIGHT    1e-11 /* relative error of each integral */
#define ROUNDING 1e-13 /* of the mean size: what is lost in the tail of a law without `above`, */
#define STEPS    1e-15 /* and of y: its P(S > y) has steps of 1e-16 */

static const struct distribution *model(const struct pk *pk)
{
    return law_model(pk->size);
}

/* P(S > u), u in seconds of service. */
static double size_above(double u, void *context)
{
    const struct pk *pk = context;
    return law_above(pk->size, u * pk->speed);
}

/* The same by the logarithm: the integral of P(S > u) du where u = exp(z). */
static double size_above_log(double z, void *context)
{
    return z < 700 ? size_above(exp(z), context) * exp(z) : 0;
}

static double farthest(const struct pk *pk, double mean)
{
    double y = mean;
    while (y < 1e290 && size_above(y, (void *)pk) * y > FARTHEST * mean)
        y *= 2;
    return y;
}

/* An integral as the GSL gives it: where it did not get as near as was wanted, what it has is near
 * enough for a table, or there is none. */
static double accepted(int status, double part, double error, double least)
{
    enum { NEAR = 1000000 };
    return status == GSL_SUCCESS || error * NEAR <= fabs(part) || error <= least ? part : NAN;
}

/* From the far end on, so that small tails keep their digits. */
static void fill_table(struct pk *pk, double mean)
{
    gsl_integration_workspace *space = gsl_integration_workspace_alloc(WORKSPACE);
    gsl_function f = {size_above_log, pk};
    double low = log(LEAST * mean), high = log(farthest(pk, mean)), sum = 0, part = 0, error = 0;
    pk->n = PK_TABLE;
    for (size_t i = 0; i < pk->n; i++)
        pk->log_y[i] = low + (high - low) * (double)i / (double)(pk->n - 1);
    (void)gsl_integration_qagiu(&f, high, 0, 1e-9, WORKSPACE, space, &sum, &error);
    /* Beyond `high` lies as good as nothing: that it cannot be told how little is no loss. */
    sum = isfinite(sum) ? sum : NAN;
    for (size_t i = pk->n; i-- > 0;) {
        pk->log_above[i] = log(isnan(sum) ? NAN : fmax(sum / mean, DBL_MIN));
        if (i == 0)
            break;
        double least = model(pk)->above ? 0 : ROUNDING * mean + STEPS * exp(pk->log_y[i]);
        int status = gsl_integration_qag(&f, pk->log_y[i - 1], pk->log_y[i], 0, TIGHT, WORKSPACE,
                                         GSL_INTEG_GAUSS15, space, &part, &error);
        sum += accepted(status, part, error, least);
    }
    gsl_integration_workspace_free(space);
}

void pk_init(struct pk *pk, const struct scenario *column, bool latency)
{
    *pk = (struct pk){.size = scenario_size(column, 0),
                      .rho = scenario_utilization(column),
                      .speed = column->stage.speed,
                      .latency = latency};
    fill_table(pk, law_mean(pk->size) / pk->speed);
}

double pk_above(const struct pk *pk, double y)
{
    size_t last = pk->n - 1;
    if (y <= 0)
        return 1;
    double z = vmath_log(y), step = (pk->log_y[last] - pk->log_y[0]) / (double)last;
    double at = (z - pk->log_y[0]) / step;
    if (at < 0) /* nearly all of Y is above: linear down to 1 at 0 */
        return 1 - (1 - vmath_exp(pk->log_above[0])) * vmath_exp(z - pk->log_y[0]);
    size_t i = at < (double)last ? (size_t)at : last - 1; /* beyond the table by its last slope */
    double share = at - (double)i;
    double log_above = pk->log_above[i] + share * (pk->log_above[i + 1] - pk->log_above[i]);
    return log_above < -700 ? 0 : vmath_exp(log_above);
}

/* The y with P(Y > y) = u. */
static double draw(const struct pk *pk, double u)
{
    double z = vmath_log(u);
    size_t low = 0, high = pk->n - 1;
    if (z > pk->log_above[0])
        return (1 - u) / (1 - vmath_exp(pk->log_above[0])) * vmath_exp(pk->log_y[0]);
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        if (pk->log_above[middle] >= z)
            low = middle;
        else
            high = middle;
    }
    double share = (pk->log_above[low] - z) / (pk->log_above[low] - pk->log_above[high]);
    return vmath_exp(pk->log_y[low] + share * (pk->log_y[high] - pk->log_y[low]));
}

/* A sum: all Y but the last, and the task's own size (0 of the wait). */
struct sum {
    double n, others, largest, size;
};

static struct sum draw_sum(const struct pk *pk, const struct stream *terms, uint64_t number,
                           double size)
{
    struct sum sum = {.size = size};
    double log_u = vmath_log(stream_uniform(terms, 0, number));
    sum.n = pk->rho > 0 ? floor(log_u / vmath_log(pk->rho)) : 0;
    for (uint32_t i = 1; i < sum.n; i++) {
        double y = draw(pk, stream_uniform(terms, i, number));
        sum.others += y;
        sum.largest = y > sum.largest ? y : sum.largest;
    }
    return sum;
}

/* P(X > x) given all terms but that which is the largest. */
static double beyond(const struct pk *pk, const struct sum *sum, double last, double x)
{
    double rest = x - sum->others - sum->size;
    double largest = sum->largest > sum->size ? sum->largest : sum->size;
    double p = sum->n > 0 ? sum->n * pk_above(pk, rest > largest ? rest : largest) : 0;
    if (!pk->latency)
        return p;
    double others = sum->others + last;
    largest = sum->largest > last ? sum->largest : last;
    rest = x - others;
    return p + size_above(rest > largest ? rest : largest, (void *)pk);
}

void pk_run(const struct pk *pk, uint64_t seed, uint32_t replication, uint64_t sums,
            struct tail *tail, size_t index)
{
    const struct stream terms = stream_of(seed, replication, "rare.terms"),
                        last = stream_of(seed, replication, "rare.last"),
                        sizes = stream_of(seed, replication, "rare.size");
    double size[SUMS_AT_ONCE], *above = &tail->above[index * tail->n], steps = 0;
    for (uint64_t k = 0; k < sums; k++) {
        size_t i = k % SUMS_AT_ONCE;
        if (i == 0)
            model(pk)->fill(pk->size->params, &sizes, k, SUMS_AT_ONCE, size);
        struct sum sum = draw_sum(pk, &terms, k, pk->latency ? size[i] / pk->speed : 0);
        double y = pk->latency && sum.n > 0 ? draw(pk, stream_uniform(&last, 0, k)) : 0;
        for (size_t j = 0; j < tail->n; j++)
            above[j] += beyond(pk, &sum, y, tail->x[j]);
        steps += sum.n + 1;
    }
    tail->total[index] = (double)sums;
    tail->steps[index] = steps;
}

static void spread(const struct pk *pk, double high, size_t n, struct tail *tail)
{
    double low = NEAREST * law_mean(pk->size) / pk->speed;
    high = fmax(high, 4 * low);
    tail->n = n;
    tail->log = true;
    tail->x[0] = 0;
    for (size_t i = 1; i < tail->n; i++)
        tail->x[i] = low * pow(high / low, (double)(i - 1) / (double)(tail->n - 2));
}

/* Where the tail comes down to `rarest`, to within one of n points, by a pilot of so many sums:
 * what many small terms add up to may lie far beyond any one of them. */
static double pilot_at(const struct pk *pk, uint64_t seed, uint64_t sums, size_t n, double rarest)
{
    enum { FURTHER = 4, TIMES = 10 };
    struct tail pilot = {0};
    double far = exp(pk->log_y[pk->n - 1]), at = far;
    for (int k = 0; k < TIMES; k++, far *= FURTHER) {
        spread(pk, far, n, &pilot);
        tail_extend(&pilot, 1);
        pk_run(pk, seed, UINT32_MAX, sums, &pilot, 0);
        size_t i = 1;
        while (i + 1 < n && pilot.above[i] / pilot.total[0] > rarest)
            i++;
        at = pilot.x[i];
        bool there = pilot.above[i] / pilot.total[0] <= rarest;
        tail_free(&pilot);
        if (there)
            break;
    }
    return at;
}

void pk_points(const struct pk *pk, uint64_t seed, double rarest, struct tail *tail)
{
    spread(pk, pilot_at(pk, seed, PILOT_SUMS, TAIL_POINTS, rarest), TAIL_POINTS, tail);
}

void pk_points_around(const struct pk *pk, uint64_t seed, uint64_t sums, double q, double limit,
                      struct tail *tail)
{
    double middle = pilot_at(pk, seed, sums, COARSE, q);
    bool put = !(limit > 0) || !isfinite(limit);
    tail->n = 1;
    tail->log = true;
    tail->x[0] = 0;
    for (int i = 0; i < CLOSE; i++) {
        double x = middle * pow(REACH, 2.0 * i / (CLOSE - 1) - 1);
        if (!put && limit <= x) {
            tail->x[tail->n++] = limit;
            put = true;
            if (limit == x)
                continue;
        }
        tail->x[tail->n++] = x;
    }
    if (!put)
        tail->x[tail->n++] = limit;
}
