/*
 * Gamma: density proportional to x^(shape - 1) exp(-x shape / mean); its squared coefficient of
 * variation is 1/shape.
 *
 * Drawn by rejection (Marsaglia and Tsang 2000, "A simple method for generating gamma variables",
 * ACM TOMS 26, section 4): attempt j uses sub = 2 j and 2 j + 1 of the task, above those of its
 * boost: a shape below 1 is drawn with shape + 1 and multiplied by u^(1/shape) (their section 6),
 * u being sub 0. Shapes below 0.02 can fall under the smallest number that the draw can hold, about
 * 1e-308 of the mean, and stay there.
 */
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sf_gamma.h>
#include <gsl/gsl_sf_psi.h>

#include "../sim/fit/sample.h"
#include "../sim/fit/solve.h"
#include "law.h"

struct gamma {
    double mean, shape;
    double quantile[LAW_QUANTILES];
};
LAW_FITS(struct gamma);
LAW_BY_MEAN(struct gamma);

static const uint32_t BOOST = 0, ATTEMPT = 2;

static const char *const own[] = {"shape", "mean", NULL};

static const struct param rows[] = {{.name = "shape",
                                     .kind = PARAM_NUMBER,
                                     .offset = offsetof(struct gamma, shape),
                                     .low = 0.01,
                                     .high = 1e6,
                                     .help = "one over the squared coefficient of variation",
                                     .flags = PARAM_REQUIRED | PARAM_DRIFTS,
                                     LAW_BY_QUANTILES},
                                    {.name = "mean",
                                     .kind = PARAM_DURATION,
                                     .offset = offsetof(struct gamma, mean),
                                     .high = LONGEST,
                                     .help = "mean",
                                     .flags = PARAM_DRIFTS | PARAM_OPEN_LOW,
                                     LAW_BY_QUANTILES},
                                    LAW_QUANTILE_ROWS(struct gamma, own),
                                    {0}};

/* What an attempt makes of two uniforms: a gamma variate of the given shape (>= 1) and scale 1, or
 * a negative number if it is rejected. */
VECTOR_INLINE double attempt(double shape, double u0, double u1)
{
    double d = shape - 1.0 / 3, c = 1 / sqrt(9 * d);
    double normal = -vmath_probit(u0), root = 1 + c * normal, cube = root * root * root;
    double positive = cube > 0 ? cube : 1; /* the logarithm of a value that is not used */
    bool take = vmath_log(u1) < 0.5 * normal * normal + d - d * cube + d * vmath_log(positive);
    return ((cube > 0) & take) ? d * cube : -1;
}

/* The same for a block of them: first the cube and what its logarithm is taken of, then, with the
 * logarithms of that and of u1, the variate in place of the cube. */
VECTOR_LOOP(gamma_cubes,
            (double shape, size_t n, const double *restrict probit, double *restrict cube,
             double *restrict positive),
            (shape, n, probit, cube, positive))
{
    double d = shape - 1.0 / 3, c = 1 / sqrt(9 * d);
    for (size_t i = 0; i < n; i++) {
        double root = 1 - c * probit[i];
        cube[i] = root * root * root;
        positive[i] = cube[i] > 0 ? cube[i] : 1;
    }
}

VECTOR_LOOP(gamma_takes,
            (double shape, size_t n, const double *restrict probit, const double *restrict log_u,
             const double *restrict log_cube, double *restrict cube),
            (shape, n, probit, log_u, log_cube, cube))
{
    double d = shape - 1.0 / 3;
    for (size_t i = 0; i < n; i++) {
        double most = 0.5 * probit[i] * probit[i] + d - d * cube[i] + d * log_cube[i];
        cube[i] = ((cube[i] > 0) & (log_u[i] < most)) ? d * cube[i] : -1;
    }
}

static void attempts(double shape, size_t n, double *u0, double *u1, double *out)
{
    double positive[CHUNK];
    vblock_probit(n, u0);
    gamma_cubes(shape, n, u0, out, positive);
    vblock_log(1, n, positive);
    vblock_log(1, n, u1);
    gamma_takes(shape, n, u0, u1, positive, out);
}

VECTOR_LOOP(gamma_product, (size_t n, const double *restrict by, double *restrict x), (n, by, x))
{
    for (size_t i = 0; i < n; i++)
        x[i] *= by[i];
}

static void fill_chunk(const struct gamma *p, const struct stream *s, uint64_t first, size_t n,
                       double *out)
{
    double shape = p->shape < 1 ? p->shape + 1 : p->shape, u[CHUNK], u1[CHUNK];
    stream_uniforms(s, ATTEMPT, first, n, u);
    stream_uniforms(s, ATTEMPT + 1, first, n, u1);
    attempts(shape, n, u, u1, out);
    for (size_t i = 0; i < n; i++)
        for (uint32_t sub = ATTEMPT + 2; out[i] < 0; sub += 2)
            out[i] = attempt(shape, stream_uniform(s, sub, first + i),
                             stream_uniform(s, sub + 1, first + i));
    if (p->shape < 1) {
        stream_uniforms(s, BOOST, first, n, u);
        vblock_power(&(struct vblock_power){1 / p->shape, 1, 0, 1, 0, INFINITY}, n, u);
        gamma_product(n, u, out);
    }
    for (size_t i = 0; i < n; i++)
        out[i] *= p->mean / p->shape;
}

static void fill(const void *params, const struct stream *s, uint64_t first, size_t n, double *out)
{
    for (size_t at = 0; at < n; at += CHUNK)
        fill_chunk(params, s, first + at, n - at < CHUNK ? n - at : CHUNK, out + at);
}

/* P(X <= x) for a large shape: Temme's uniform expansion of the incomplete gamma function (1979,
 * "The asymptotic expansion of the incomplete gamma functions", SIAM J. Math. Anal. 10, section 3),
 * by its first term; the next is below 1e-9 from LARGE on. GSL's own functions give up there, or
 * take thousands of terms. */
static const double LARGE = 1e4;

static double cdf_of_large(double shape, double x)
{
    double away = x - 1; /* x in means */
    double half = fmax(away - log1p(away), 0), eta = copysign(sqrt(2 * half), away);
    double bend = fabs(away) < 1e-4 ? -1.0 / 3 + away / 12 : 1 / away - 1 / eta;
    double rest = exp(-shape * half) / sqrt(2 * M_PI * shape) * bend;
    return fmin(fmax(gsl_cdf_ugaussian_P(eta * sqrt(shape)) - rest, 0), 1);
}

static double cdf(const void *params, double x)
{
    const struct gamma *p = params;
    if (x <= 0)
        return 0;
    return p->shape > LARGE ? cdf_of_large(p->shape, x / p->mean)
                            : gsl_cdf_gamma_P(x, p->shape, p->mean / p->shape);
}

static double second(const void *params)
{
    const struct gamma *p = params;
    return p->mean * p->mean * (1 + 1 / p->shape);
}

static double mean_above(const void *params, double x)
{
    const struct gamma *p = params;
    return p->mean * gsl_cdf_gamma_Q(x, p->shape + 1, p->mean / p->shape);
}

/* The mean is the sample's; the shape solves log(shape) - digamma(shape) = log(mean) - mean of logs
 * (Choi and Wette 1969, "Maximum likelihood estimation of the parameters of the gamma
 * distribution", Technometrics 11). `x` is the logarithm of the shape. */
static double likelihood_slope(double x, void *context)
{
    return x - gsl_sf_psi(exp(x)) - *(const double *)context;
}

static int fit(void *params, const struct sample *sample)
{
    struct gamma *p = params;
    double s = log(sample->mean) - sample->mean_log;
    if (!(sample->variance_log > 0))
        return 0;
    p->mean = sample->mean;
    p->shape = exp(solve_root(likelihood_slope, &s, log(0.01), log(1e6)));
    return 2;
}

static double log_density(const void *params, double x)
{
    const struct gamma *p = params;
    double z = x * p->shape / p->mean;
    return p->shape * log(z) - z - log(x) - gsl_sf_lngamma(p->shape);
}

const struct distribution distribution_gamma = {
    .model = {"gamma", "any variability by `shape`; shape 1 is exponential", rows},
    .fill = fill,
    .cdf = cdf,
    .mean = law_by_mean_mean,
    .second = second,
    .mean_above = mean_above,
    .scale = law_by_mean_scale,
    .check = law_by_mean_check,
    .fit = fit,
    .log_density = log_density,
};
