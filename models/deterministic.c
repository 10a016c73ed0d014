/* Deterministic: always the same value. */
#include "../sim/fit/sample.h"
#include "../sim/theory/service.h"
#include "law.h"

struct deterministic {
    double value;
};
LAW_FITS(struct deterministic);

static const struct param rows[] = {{.name = "value",
                                     .kind = PARAM_DURATION,
                                     .offset = offsetof(struct deterministic, value),
                                     .high = LONGEST,
                                     .help = "the value",
                                     .flags = PARAM_REQUIRED | PARAM_DRIFTS},
                                    {0}};

static void fill(const void *params, const struct stream *s, uint64_t first, size_t n, double *out)
{
    const struct deterministic *p = params;
    (void)s;
    (void)first;
    for (size_t i = 0; i < n; i++)
        out[i] = p->value;
}

static double cdf(const void *params, double x)
{
    const struct deterministic *p = params;
    return x >= p->value;
}

static double mean(const void *params)
{
    const struct deterministic *p = params;
    return p->value;
}

static double second(const void *params)
{
    const struct deterministic *p = params;
    return p->value * p->value;
}

static double mean_above(const void *params, double x)
{
    const struct deterministic *p = params;
    return p->value > x ? p->value : 0;
}

static void scale(void *params, double factor)
{
    struct deterministic *p = params;
    p->value *= factor;
}

static bool counts(const void *params)
{
    const struct deterministic *p = params;
    return p->value >= 1 && p->value == floor(p->value);
}

static bool service(const void *params, struct service *out)
{
    const struct deterministic *p = params;
    *out = (struct service){SERVICE_DETERMINISTIC, p->value, 0, 0};
    return true;
}

/* Values that vary by less than a hundredth of their mean are one value, measured: no queue can
 * tell them apart. */
static int fit(void *params, const struct sample *sample)
{
    const double steady = 1e-4; /* squared coefficient of variation */
    bool same = sample->min == sample->max;
    ((struct deterministic *)params)->value = same ? sample->min : sample->mean;
    return same || sample->cv2 <= steady ? 1 : 0;
}

/* The density of a value is infinite there: no other law is as likely. */
static double log_density(const void *params, double x)
{
    (void)params;
    (void)x;
    return INFINITY;
}

const struct distribution distribution_deterministic = {
    .model = {"deterministic", "always the same value", rows},
    .fill = fill,
    .cdf = cdf,
    .service = service,
    .mean = mean,
    .second = second,
    .mean_above = mean_above,
    .scale = scale,
    .counts = counts,
    .constant = true,
    .atoms = true,
    .fit = fit,
    .log_density = log_density,
};
