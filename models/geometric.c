/*
 * Geometric on 1, 2, 3, ...: P(X > k) = (1 - 1/mean)^k. For sizes of batches.
 */
#include "law.h"

struct geometric {
    double mean;
};
LAW_FITS(struct geometric);

static const struct param rows[] = {{.name = "mean",
                                     .kind = PARAM_NUMBER,
                                     .offset = offsetof(struct geometric, mean),
                                     .low = 1,
                                     .high = 1e6,
                                     .help = "mean count",
                                     .flags = PARAM_REQUIRED | PARAM_DRIFTS},
                                    {0}};

/* 1 + floor(x) for 0 <= x < 2^51: adding 2^52 rounds to the nearest whole number. */
VECTOR_LOOP(geometric_count, (size_t n, double *restrict x), (n, x))
{
    for (size_t i = 0; i < n; i++) {
        double near = (x[i] + 0x1p52) - 0x1p52;
        x[i] = 1 + (near > x[i] ? near - 1 : near);
    }
}

static void of(const void *params, size_t n, double *x)
{
    const struct geometric *p = params;
    double more = 1 - 1 / p->mean;
    vblock_log(more > 0 ? 1 / vmath_log(more) : 0, n, x);
    geometric_count(n, x);
}

static void fill(const void *params, const struct stream *s, uint64_t first, size_t n, double *out)
{
    stream_uniforms(s, 0, first, n, out);
    of(params, n, out);
}

static double cdf(const void *params, double x)
{
    const struct geometric *p = params;
    return x < 1 ? 0 : p->mean == 1 ? 1 : -expm1(floor(x) * log1p(-1 / p->mean));
}

static double mean(const void *params)
{
    const struct geometric *p = params;
    return p->mean;
}

static double second(const void *params)
{
    const struct geometric *p = params;
    return p->mean * (2 * p->mean - 1);
}

static double mean_above(const void *params, double x)
{
    const struct geometric *p = params;
    double above = floor(x), none = p->mean == 1 ? above < 1 : exp(above * log1p(-1 / p->mean));
    return none * (above + p->mean);
}

static bool counts(const void *params)
{
    (void)params;
    return true;
}

const struct distribution distribution_geometric = {
    .model = {"geometric", "counts 1, 2, 3, ... (batches): each time one more with the same chance",
              rows},
    .fill = fill,
    .of = of,
    .cdf = cdf,
    .mean = mean,
    .second = second,
    .mean_above = mean_above,
    .counts = counts,
    .atoms = true,
    .counts_only = true,
};
