/*
 * Erlang: the sum of `shape` exponentials of mean mean/shape; its squared coefficient of variation
 * is 1/shape. Drawn as the logarithm of a product of uniforms, sub = 0 .. shape - 1 of the task;
 * 16 of them (2^-848 at least) go under one logarithm.
 */
#include <gsl/gsl_cdf.h>

#include "../sim/theory/service.h"
#include "law.h"

struct erlang {
    double mean, shape;
};
LAW_FITS(struct erlang);
LAW_BY_MEAN(struct erlang);

enum { UNDER_ONE_LOG = 16 };

static const struct param rows[] = {{.name = "shape",
                                     .kind = PARAM_COUNT,
                                     .offset = offsetof(struct erlang, shape),
                                     .low = 1,
                                     .high = 1000,
                                     .help = "number of exponential phases (above 1000: gamma)",
                                     .flags = PARAM_REQUIRED | PARAM_DRIFTS},
                                    {.name = "mean",
                                     .kind = PARAM_DURATION,
                                     .offset = offsetof(struct erlang, mean),
                                     .high = LONGEST,
                                     .help = "mean of the sum of the phases",
                                     .flags = PARAM_DRIFTS | PARAM_OPEN_LOW},
                                    {0}};

VECTOR_LOOP(erlang_product, (size_t n, const double *restrict u, double *restrict product),
            (n, u, product))
{
    for (size_t i = 0; i < n; i++)
        product[i] *= u[i];
}

VECTOR_LOOP(erlang_sum, (size_t n, double *restrict log, double *restrict sum), (n, log, sum))
{
    for (size_t i = 0; i < n; i++) {
        sum[i] += log[i];
        log[i] = 1; /* the next product */
    }
}

static void fill(const void *params, const struct stream *s, uint64_t first, size_t n, double *out)
{
    const struct erlang *p = params;
    const uint32_t shape = (uint32_t)p->shape;
    const double phase = p->mean / p->shape;
    double u[CHUNK], product[CHUNK];
    for (; n > 0; n -= n < CHUNK ? n : CHUNK, out += CHUNK, first += CHUNK) {
        size_t chunk = n < CHUNK ? n : CHUNK;
        for (size_t i = 0; i < chunk; i++) {
            out[i] = 0;
            product[i] = 1;
        }
        for (uint32_t sub = 0; sub < shape; sub++) {
            stream_uniforms(s, sub, first, chunk, u);
            erlang_product(chunk, u, product);
            if (sub % UNDER_ONE_LOG == UNDER_ONE_LOG - 1 || sub + 1 == shape) {
                vblock_log(-phase, chunk, product);
                erlang_sum(chunk, product, out);
            }
        }
    }
}

static double cdf(const void *params, double x)
{
    const struct erlang *p = params;
    return x <= 0 ? 0 : gsl_cdf_gamma_P(x, p->shape, p->mean / p->shape);
}

static double second(const void *params)
{
    const struct erlang *p = params;
    return p->mean * p->mean * (1 + 1 / p->shape);
}

static double mean_above(const void *params, double x)
{
    const struct erlang *p = params;
    return p->mean * gsl_cdf_gamma_Q(x, p->shape + 1, p->mean / p->shape);
}

static bool service(const void *params, struct service *out)
{
    const struct erlang *p = params;
    *out = (struct service){SERVICE_ERLANG, p->mean, p->shape, 0};
    return true;
}

const struct distribution distribution_erlang = {
    .model = {"erlang", "sum of `shape` exponential phases: steadier than exponential", rows},
    .fill = fill,
    .cdf = cdf,
    .service = service,
    .mean = law_by_mean_mean,
    .second = second,
    .mean_above = mean_above,
    .scale = law_by_mean_scale,
    .check = law_by_mean_check,
};
