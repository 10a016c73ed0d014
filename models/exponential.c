/* Exponential: F(x) = 1 - exp(-x / mean). */
#include "../sim/fit/sample.h"
#include "../sim/theory/service.h"
#include "law.h"

struct exponential {
    double mean;
    double quantile[LAW_QUANTILES];
};
LAW_FITS(struct exponential);
LAW_BY_MEAN(struct exponential);

static const char *const own[] = {"mean", NULL};

static const struct param rows[] = {{.name = "mean",
                                     .kind = PARAM_DURATION,
                                     .offset = offsetof(struct exponential, mean),
                                     .high = LONGEST,
                                     .help = "mean",
                                     .flags = PARAM_DRIFTS | PARAM_OPEN_LOW,
                                     LAW_BY_QUANTILES},
                                    LAW_QUANTILE_ROWS(struct exponential, own),
                                    {0}};

static void of(const void *params, size_t n, double *x)
{
    const struct exponential *p = params;
    vblock_log(-p->mean, n, x);
}

static void fill(const void *params, const struct stream *s, uint64_t first, size_t n, double *out)
{
    stream_uniforms(s, 0, first, n, out);
    of(params, n, out);
}

static double cdf(const void *params, double x)
{
    const struct exponential *p = params;
    return x <= 0 ? 0 : -expm1(-x / p->mean);
}

static double second(const void *params)
{
    const struct exponential *p = params;
    return 2 * p->mean * p->mean;
}

static double mean_above(const void *params, double x)
{
    const struct exponential *p = params;
    return (x + p->mean) * exp(-x / p->mean);
}

static bool service(const void *params, struct service *out)
{
    const struct exponential *p = params;
    *out = (struct service){SERVICE_EXPONENTIAL, p->mean, 0, 0};
    return true;
}

static int fit(void *params, const struct sample *sample)
{
    ((struct exponential *)params)->mean = sample->mean;
    return 1;
}

static double log_density(const void *params, double x)
{
    double mean = ((const struct exponential *)params)->mean;
    return -log(mean) - x / mean;
}

const struct distribution distribution_exponential = {
    .model = {"exponential", "memoryless, with the given mean", rows},
    .fill = fill,
    .of = of,
    .cdf = cdf,
    .service = service,
    .mean = law_by_mean_mean,
    .second = second,
    .mean_above = mean_above,
    .scale = law_by_mean_scale,
    .check = law_by_mean_check,
    .fit = fit,
    .log_density = log_density,
};
