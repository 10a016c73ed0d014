/* Uniform: every value between low and high alike. */
#include "law.h"

struct uniform {
    double low, high;
    double quantile[LAW_QUANTILES];
};
LAW_FITS(struct uniform);

static const char *const own[] = {"low", "high", NULL};

static const struct param rows[] = {{.name = "low",
                                     .kind = PARAM_DURATION,
                                     .offset = offsetof(struct uniform, low),
                                     .high = LONGEST,
                                     .help = "smallest value",
                                     .flags = PARAM_REQUIRED | PARAM_DRIFTS,
                                     LAW_BY_QUANTILES},
                                    {.name = "high",
                                     .kind = PARAM_DURATION,
                                     .offset = offsetof(struct uniform, high),
                                     .high = LONGEST,
                                     .help = "largest value; above low",
                                     .flags = PARAM_REQUIRED | PARAM_DRIFTS | PARAM_OPEN_LOW,
                                     LAW_BY_QUANTILES},
                                    LAW_QUANTILE_ROWS(struct uniform, own),
                                    {0}};

VECTOR_LOOP(uniform_of, (double low, double high, size_t n, double *restrict x), (low, high, n, x))
{
    for (size_t i = 0; i < n; i++)
        x[i] = high - x[i] * (high - low);
}

static void of(const void *params, size_t n, double *x)
{
    const struct uniform *p = params;
    uniform_of(p->low, p->high, n, x);
}

static void fill(const void *params, const struct stream *s, uint64_t first, size_t n, double *out)
{
    stream_uniforms(s, 0, first, n, out);
    of(params, n, out);
}

static double cdf(const void *params, double x)
{
    const struct uniform *p = params;
    return x <= p->low ? 0 : x >= p->high ? 1 : (x - p->low) / (p->high - p->low);
}

static double mean(const void *params)
{
    const struct uniform *p = params;
    return (p->low + p->high) / 2;
}

static double second(const void *params)
{
    const struct uniform *p = params;
    return (p->low * p->low + p->low * p->high + p->high * p->high) / 3;
}

static double mean_above(const void *params, double x)
{
    const struct uniform *p = params;
    x = fmin(fmax(x, p->low), p->high);
    return (p->high * p->high - x * x) / 2 / (p->high - p->low);
}

static void scale(void *params, double factor)
{
    struct uniform *p = params;
    p->low *= factor;
    p->high *= factor;
}

static bool check(const void *params, const char *path, const struct places *places,
                  struct errors *errors)
{
    const struct uniform *p = params;
    return law_in_order(p->low, p->high, path, places, errors);
}

const struct distribution distribution_uniform = {
    .model = {"uniform", "every value between two ends alike", rows},
    .fill = fill,
    .of = of,
    .cdf = cdf,
    .mean = mean,
    .second = second,
    .mean_above = mean_above,
    .scale = scale,
    .check = check,
};
