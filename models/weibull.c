/*
 * Weibull: P(X > x) = exp(-(x / unit)^shape), unit = mean / Gamma(1 + 1/shape). A shape below 1
 * has a tail heavier than exponential, above 1 a lighter one.
 */
#include <gsl/gsl_sf_gamma.h>

#include "../sim/fit/sample.h"
#include "../sim/fit/solve.h"
#include "law.h"

struct weibull {
    double mean, shape;
    double quantile[LAW_QUANTILES];
};
LAW_FITS(struct weibull);
LAW_BY_MEAN(struct weibull);

static const char *const own[] = {"shape", "mean", NULL};

static const struct param rows[] = {
    {.name = "shape",
     .kind = PARAM_NUMBER,
     .offset = offsetof(struct weibull, shape),
     .low = 0.1,
     .high = 100,
     .help = "below 1: heavier tail than exponential; above 1: lighter",
     .flags = PARAM_REQUIRED | PARAM_DRIFTS,
     LAW_BY_QUANTILES},
    {.name = "mean",
     .kind = PARAM_DURATION,
     .offset = offsetof(struct weibull, mean),
     .high = LONGEST,
     .help = "mean",
     .flags = PARAM_DRIFTS | PARAM_OPEN_LOW,
     LAW_BY_QUANTILES},
    LAW_QUANTILE_ROWS(struct weibull, own),
    {0}};

/* Gamma(x) for 1 <= x <= 21: Stirling's series (Abramowitz and Stegun 1964, 6.1.40) from 22 up,
 * where five terms are exact to 1e-15, and Gamma(x) = Gamma(x + 1) / x down from there. */
static double gamma_function(double x)
{
    double down = 1;
    while (x < 22)
        down *= x++;
    double r = 1 / (x * x);
    double series =
        (1.0 / 12 - r * (1.0 / 360 - r * (1.0 / 1260 - r * (1.0 / 1680 - r / 1188)))) / x;
    return vmath_pow(x, x - 0.5) * vmath_exp(series - x) * 2.5066282746310002 / down;
}

static double unit_of(const struct weibull *p)
{
    return p->mean / gamma_function(1 + 1 / p->shape);
}

/* -log u is less than 37: a 32nd of it is where powers are fastest. */
static void of(const void *params, size_t n, double *x)
{
    const struct weibull *p = params;
    const double power = 1 / p->shape, unit = unit_of(p) * vmath_pow(32, power);
    vblock_log(-1.0 / 32, n, x);
    vblock_power(&(struct vblock_power){power, unit, 0, 1, 0, INFINITY}, n, x);
}

static void fill(const void *params, const struct stream *s, uint64_t first, size_t n, double *out)
{
    stream_uniforms(s, 0, first, n, out);
    of(params, n, out);
}

static double cdf(const void *params, double x)
{
    const struct weibull *p = params;
    return x <= 0 ? 0 : -expm1(-pow(x / unit_of(p), p->shape));
}

static bool heavy(const void *params)
{
    return ((const struct weibull *)params)->shape < 1;
}

static double above(const void *params, double x)
{
    const struct weibull *p = params;
    return x <= 0 ? 1 : exp(-pow(x / unit_of(p), p->shape));
}

static double second(const void *params)
{
    const struct weibull *p = params;
    double unit = unit_of(p);
    return unit * unit * gamma_function(1 + 2 / p->shape);
}

static double mean_above(const void *params, double x)
{
    const struct weibull *p = params;
    double power = pow(x / unit_of(p), p->shape);
    return power < 700 ? p->mean * gsl_sf_gamma_inc_Q(1 + 1 / p->shape, power) : 0;
}

/* The sums of (x / max)^shape and, over them, of that times log(x / max). */
struct powers {
    const struct sample *sample;
    double sum, mean_log;
};

static void sum_powers(struct powers *powers, double shape)
{
    const struct sample *sample = powers->sample;
    double sum = 0, logs = 0;
    for (size_t i = 0; i < sample->n_points; i++) {
        double z = log(sample->points[i].value / sample->max);
        double power = sample->points[i].weight * exp(shape * z);
        sum += power;
        logs += power * z;
    }
    powers->sum = sum;
    powers->mean_log = logs / sum;
}

/* The shape is where this is 0 (Johnson, Kotz and Balakrishnan 1994, equation 21.65). */
static double likelihood_slope(double shape, void *context)
{
    struct powers *powers = context;
    sum_powers(powers, shape);
    return powers->mean_log - 1 / shape - (powers->sample->mean_log - log(powers->sample->max));
}

static int fit(void *params, const struct sample *sample)
{
    struct weibull *p = params;
    struct powers powers = {.sample = sample};
    if (!(sample->variance_log > 0))
        return 0;
    p->shape = solve_root(likelihood_slope, &powers, 0.1, 100);
    sum_powers(&powers, p->shape);
    p->mean =
        sample->max * pow(powers.sum / sample->n, 1 / p->shape) * gamma_function(1 + 1 / p->shape);
    return 2;
}

static double log_density(const void *params, double x)
{
    const struct weibull *p = params;
    double z = p->shape * log(x / unit_of(p));
    return log(p->shape / x) + z - exp(z);
}

const struct distribution distribution_weibull = {
    .model = {"weibull", "stretched exponential: tails on either side of the exponential", rows},
    .fill = fill,
    .of = of,
    .cdf = cdf,
    .heavy = heavy,
    .above = above,
    .mean = law_by_mean_mean,
    .second = second,
    .mean_above = mean_above,
    .scale = law_by_mean_scale,
    .check = law_by_mean_check,
    .fit = fit,
    .log_density = log_density,
};
