/*
 * Lognormal: exp(mu + sigma N) with N standard normal; from mean and squared coefficient of
 * variation: sigma^2 = log(1 + cv2), mu = log(mean) - sigma^2 / 2.
 */
#include <gsl/gsl_cdf.h>

#include "../sim/fit/sample.h"
#include "../sim/theory/service.h"
#include "law.h"

struct lognormal {
    double mean, cv2;
    double quantile[LAW_QUANTILES];
};
LAW_FITS(struct lognormal);
LAW_BY_MEAN(struct lognormal);

static const char *const own[] = {"mean", "cv2", NULL};

static const struct param rows[] = {
    {.name = "mean",
     .kind = PARAM_DURATION,
     .offset = offsetof(struct lognormal, mean),
     .high = LONGEST,
     .help = "mean",
     .flags = PARAM_DRIFTS | PARAM_OPEN_LOW,
     LAW_BY_QUANTILES},
    {.name = "cv2",
     .kind = PARAM_NUMBER,
     .offset = offsetof(struct lognormal, cv2),
     .low = 1e-6,
     .high = 1e6,
     .help = "squared coefficient of variation: variance over squared mean",
     .flags = PARAM_REQUIRED | PARAM_DRIFTS,
     LAW_BY_QUANTILES},
    LAW_QUANTILE_ROWS(struct lognormal, own),
    {0}};

static double sigma_of(const struct lognormal *p)
{
    return sqrt(vmath_log(1 + p->cv2));
}

static void of(const void *params, size_t n, double *x)
{
    const struct lognormal *p = params;
    const double sigma = sigma_of(p), median = p->mean * vmath_exp(-sigma * sigma / 2);
    vblock_probit(n, x);
    vblock_exp(-sigma, median, n, x);
}

static void fill(const void *params, const struct stream *s, uint64_t first, size_t n, double *out)
{
    stream_uniforms(s, 0, first, n, out);
    of(params, n, out);
}

static double cdf(const void *params, double x)
{
    const struct lognormal *p = params;
    double sigma = sigma_of(p);
    return x <= 0 ? 0 : gsl_cdf_ugaussian_P(log(x / p->mean) / sigma + sigma / 2);
}

static bool heavy(const void *params)
{
    (void)params;
    return true;
}

static double above(const void *params, double x)
{
    const struct lognormal *p = params;
    double sigma = sigma_of(p);
    return x <= 0 ? 1 : gsl_cdf_ugaussian_Q(log(x / p->mean) / sigma + sigma / 2);
}

static double second(const void *params)
{
    const struct lognormal *p = params;
    return p->mean * p->mean * (1 + p->cv2);
}

static double mean_above(const void *params, double x)
{
    const struct lognormal *p = params;
    double sigma = sigma_of(p);
    return x <= 0 ? p->mean : p->mean * gsl_cdf_ugaussian_Q(log(x / p->mean) / sigma - sigma / 2);
}

static bool service(const void *params, struct service *out)
{
    const struct lognormal *p = params;
    double sigma = sigma_of(p);
    *out = (struct service){SERVICE_LOGNORMAL, log(p->mean) - sigma * sigma / 2, sigma, 0};
    return true;
}

static int fit(void *params, const struct sample *sample)
{
    struct lognormal *p = params;
    if (!(sample->variance_log > 0))
        return 0;
    p->cv2 = fmin(fmax(expm1(sample->variance_log), 1e-6), 1e6);
    p->mean = exp(sample->mean_log + sample->variance_log / 2);
    return 2;
}

static double log_density(const void *params, double x)
{
    const struct lognormal *p = params;
    double sigma = sigma_of(p), z = log(x / p->mean) / sigma + sigma / 2;
    return -z * z / 2 - log(x * sigma) - 0.91893853320467274; /* log sqrt(2 pi) */
}

const struct distribution distribution_lognormal = {
    .model = {"lognormal", "product of many small effects: the usual shape of service times", rows},
    .fill = fill,
    .of = of,
    .cdf = cdf,
    .heavy = heavy,
    .above = above,
    .service = service,
    .mean = law_by_mean_mean,
    .second = second,
    .mean_above = mean_above,
    .scale = law_by_mean_scale,
    .check = law_by_mean_check,
    .fit = fit,
    .log_density = log_density,
};
