/*
 * Pareto: P(X > x) = (low / x)^alpha from low up. The mean is infinite up to alpha = 1, the
 * variance up to 2. The largest value that a draw can take is low * 2^(53 / alpha).
 */
#include "../sim/fit/sample.h"
#include "../sim/theory/service.h"
#include "law.h"

struct pareto {
    double alpha, low;
    double quantile[LAW_QUANTILES];
};
LAW_FITS(struct pareto);

static const char *const own[] = {"alpha", "low", NULL};

static const struct param rows[] = {
    {.name = "alpha",
     .kind = PARAM_NUMBER,
     .offset = offsetof(struct pareto, alpha),
     .low = 0.1,
     .high = 1000,
     .help = "tail exponent; the mean is infinite up to 1, the variance up to 2",
     .flags = PARAM_REQUIRED | PARAM_DRIFTS,
     LAW_BY_QUANTILES},
    {.name = "low",
     .kind = PARAM_DURATION,
     .offset = offsetof(struct pareto, low),
     .high = LONGEST,
     .help = "smallest value",
     .flags = PARAM_REQUIRED | PARAM_DRIFTS | PARAM_OPEN_LOW,
     LAW_BY_QUANTILES},
    LAW_QUANTILE_ROWS(struct pareto, own),
    {0}};

static void of(const void *params, size_t n, double *x)
{
    const struct pareto *p = params;
    const struct vblock_power power = {-1 / p->alpha, p->low, 0, 1, p->low, INFINITY};
    vblock_power(&power, n, x);
}

static void fill(const void *params, const struct stream *s, uint64_t first, size_t n, double *out)
{
    stream_uniforms(s, 0, first, n, out);
    of(params, n, out);
}

static double cdf(const void *params, double x)
{
    const struct pareto *p = params;
    return x <= p->low ? 0 : -expm1(p->alpha * log(p->low / x));
}

static bool heavy(const void *params)
{
    (void)params;
    return true;
}

static double above(const void *params, double x)
{
    const struct pareto *p = params;
    return x <= p->low ? 1 : exp(p->alpha * log(p->low / x));
}

static double mean(const void *params)
{
    const struct pareto *p = params;
    return p->alpha > 1 ? p->alpha * p->low / (p->alpha - 1) : INFINITY;
}

static double second(const void *params)
{
    const struct pareto *p = params;
    return p->alpha > 2 ? p->alpha * p->low * p->low / (p->alpha - 2) : INFINITY;
}

static double mean_above(const void *params, double x)
{
    const struct pareto *p = params;
    return x <= p->low ? mean(p) : mean(p) * exp((1 - p->alpha) * log(x / p->low));
}

static double tail(const void *params)
{
    const struct pareto *p = params;
    return p->alpha;
}

static void scale(void *params, double factor)
{
    struct pareto *p = params;
    p->low *= factor;
}

static bool service(const void *params, struct service *out)
{
    const struct pareto *p = params;
    *out = (struct service){SERVICE_PARETO, p->low, p->alpha, 0};
    return true;
}

/* The smallest value lies above `low` by low / (n alpha) in the mean, which is taken off. */
static int fit(void *params, const struct sample *sample)
{
    struct pareto *p = params;
    double logs = sample->mean_log - log(sample->min);
    if (!(logs > 0))
        return 0;
    p->alpha = fmin(fmax(1 / logs, 0.1), 1000);
    p->low = sample->min * (1 - fmin(1 / (sample->n * p->alpha), 0.5));
    return 2;
}

static double log_density(const void *params, double x)
{
    const struct pareto *p = params;
    return x < p->low ? -INFINITY : log(p->alpha / x) - p->alpha * log(x / p->low);
}

const struct distribution distribution_pareto = {
    .model = {"pareto", "power law without an upper end", rows},
    .fill = fill,
    .of = of,
    .cdf = cdf,
    .heavy = heavy,
    .above = above,
    .service = service,
    .mean = mean,
    .second = second,
    .mean_above = mean_above,
    .tail = tail,
    .scale = scale,
    .fit = fit,
    .log_density = log_density,
};
