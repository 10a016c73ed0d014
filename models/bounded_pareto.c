/*
 * Bounded Pareto: F(x) = (1 - (low/x)^alpha) / (1 - (low/high)^alpha) on [low, high] (Harchol-
 * Balter, Crovella and Murta 1999, section 1).
 *
 * With q = (low/high)^alpha, P(X > x) = u where (low/x)^alpha = q + u (1 - q). Moments:
 * E[X^m] = alpha low^alpha (high^(m-alpha) - low^(m-alpha)) / ((m - alpha)(1 - q)), in the limit
 * alpha low^alpha log(high/low) / (1 - q) at alpha = m. All exist, so there is no tail exponent.
 */
#include "../sim/fit/sample.h"
#include "../sim/fit/solve.h"
#include "../sim/theory/service.h"
#include "law.h"

struct bounded_pareto {
    double alpha, low, high;
};
LAW_FITS(struct bounded_pareto);

static const struct param rows[] = {{.name = "alpha",
                                     .kind = PARAM_NUMBER,
                                     .offset = offsetof(struct bounded_pareto, alpha),
                                     .low = 0.01,
                                     .high = 1000,
                                     .help = "shape: the smaller, the heavier the tail",
                                     .flags = PARAM_REQUIRED | PARAM_DRIFTS},
                                    {.name = "low",
                                     .kind = PARAM_DURATION,
                                     .offset = offsetof(struct bounded_pareto, low),
                                     .high = LONGEST,
                                     .help = "smallest value",
                                     .flags = PARAM_REQUIRED | PARAM_DRIFTS | PARAM_OPEN_LOW},
                                    {.name = "high",
                                     .kind = PARAM_DURATION,
                                     .offset = offsetof(struct bounded_pareto, high),
                                     .high = LONGEST,
                                     .help = "largest value; above low",
                                     .flags = PARAM_REQUIRED | PARAM_DRIFTS | PARAM_OPEN_LOW},
                                    {0}};

static void of(const void *params, size_t n, double *x)
{
    const struct bounded_pareto *p = params;
    const double q = vblock_pow(p->low / p->high, p->alpha);
    const struct vblock_power power = {-1 / p->alpha, p->low, q, 1 - q, p->low, p->high};
    vblock_power(&power, n, x);
}

static void fill(const void *params, const struct stream *s, uint64_t first, size_t n, double *out)
{
    stream_uniforms(s, 0, first, n, out);
    of(params, n, out);
}

static double cdf(const void *params, double x)
{
    const struct bounded_pareto *p = params;
    if (x <= p->low)
        return 0;
    if (x >= p->high)
        return 1;
    return expm1(p->alpha * log(p->low / x)) / expm1(p->alpha * log(p->low / p->high));
}

/* E[X^m] = alpha low^m integral_0^L exp((m - alpha) t) dt / (1 - q), L = log(high/low). */
static double moment(const struct bounded_pareto *p, double m)
{
    double length = vmath_log(p->high / p->low), rate = m - p->alpha;
    double integral = fabs(rate * length) < 1e-12 ? length : vmath_expm1(rate * length) / rate;
    return p->alpha * vmath_pow(p->low, m) * integral / -vmath_expm1(-p->alpha * length);
}

static double mean(const void *params)
{
    return moment(params, 1);
}

static double second(const void *params)
{
    return moment(params, 2);
}

/* The mean of the same law from x up, times P(X > x). */
static double mean_above(const void *params, double x)
{
    const struct bounded_pareto *p = params;
    x = fmin(fmax(x, p->low), p->high);
    double length = log(p->high / x), rate = 1 - p->alpha;
    double integral = fabs(rate * length) < 1e-12 ? length : expm1(rate * length) / rate;
    double q = p->alpha * log(p->low / p->high);
    return p->alpha * x * exp(p->alpha * log(p->low / x)) * integral / -expm1(q);
}

static void scale(void *params, double factor)
{
    struct bounded_pareto *p = params;
    p->low *= factor;
    p->high *= factor;
}

static bool check(const void *params, const char *path, const struct places *places,
                  struct errors *errors)
{
    const struct bounded_pareto *p = params;
    return law_in_order(p->low, p->high, path, places, errors);
}

static bool service(const void *params, struct service *out)
{
    const struct bounded_pareto *p = params;
    *out = (struct service){SERVICE_BPARETO, p->low, p->high, p->alpha};
    return true;
}

/* log(x / low) is a truncated exponential on [0, length]; alpha gives it the mean that it has
 * (Aban, Meerschaert and Panorska 2006, "Parameter estimation for the truncated Pareto
 * distribution", JASA 101, theorem 2). */
struct truncated {
    double length, mean;
};

static double likelihood_slope(double alpha, void *context)
{
    const struct truncated *t = context;
    return 1 / alpha - t->length / expm1(alpha * t->length) - t->mean;
}

/* The ends are those of the sample, moved outwards by what lies beyond them in the mean; `high`
 * only where that is little. */
static int fit(void *params, const struct sample *sample)
{
    struct bounded_pareto *p = params;
    struct truncated t = {log(sample->max / sample->min), sample->mean_log - log(sample->min)};
    if (!(t.mean > 0 && t.mean < t.length / 2))
        return 0;
    p->alpha = solve_root(likelihood_slope, &t, 0.01, 1000);
    double q = exp(-p->alpha * t.length), step = (1 - q) / sample->n;
    p->low = sample->min * (1 - fmin(step / p->alpha, 0.5));
    p->high = step < q / 2 ? sample->min * pow(q - step, -1 / p->alpha) : sample->max;
    return 3;
}

static double log_density(const void *params, double x)
{
    const struct bounded_pareto *p = params;
    if (x < p->low || x > p->high)
        return -INFINITY;
    return log(p->alpha / x) - p->alpha * log(x / p->low) -
           log(-expm1(p->alpha * log(p->low / p->high)));
}

const struct distribution distribution_bounded_pareto = {
    .model = {"bounded-pareto", "power law between two ends: few tasks hold much of the work",
              rows},
    .fill = fill,
    .of = of,
    .cdf = cdf,
    .service = service,
    .mean = mean,
    .second = second,
    .mean_above = mean_above,
    .scale = scale,
    .check = check,
    .fit = fit,
    .log_density = log_density,
};
