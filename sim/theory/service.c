#include "service.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_sf_gamma.h>
#include <math.h>
#include <stdbool.h>

#include "quadrature.h"

/* E[S^k; S <= x] of the bounded Pareto law; k equal to the exponent gives a logarithm. */
static double bpareto_part(const struct service *s, int k, double x)
{
    double low = s->a, high = s->b, alpha = s->c;
    double norm = alpha * pow(low, alpha) / (1 - pow(low / high, alpha));
    double e = k - alpha;
    return norm * (fabs(e) < 1e-12 ? log(x / low) : (pow(x, e) - pow(low, e)) / e);
}

double service_moment(const struct service *s, int k)
{
    double product = 1;
    switch (s->kind) {
    case SERVICE_EXPONENTIAL:
        return gsl_sf_fact((unsigned)k) * pow(s->a, k);
    case SERVICE_DETERMINISTIC:
        return pow(s->a, k);
    case SERVICE_ERLANG:
        for (int i = 0; i < k; i++)
            product *= (s->b + i) * s->a / s->b;
        return product;
    case SERVICE_HYPEREXPONENTIAL:
        return gsl_sf_fact((unsigned)k) * (s->a * pow(s->b, k) + (1 - s->a) * pow(s->c, k));
    case SERVICE_LOGNORMAL:
        return exp(k * s->a + 0.5 * k * k * s->b * s->b);
    case SERVICE_PARETO:
        return k < s->b ? s->b * pow(s->a, k) / (s->b - k) : INFINITY;
    case SERVICE_BPARETO:
        return bpareto_part(s, k, s->b);
    }
    return NAN;
}

double service_above(const struct service *s, double x)
{
    double q;
    switch (s->kind) {
    case SERVICE_EXPONENTIAL:
        return exp(-x / s->a);
    case SERVICE_DETERMINISTIC:
        return x < s->a;
    case SERVICE_ERLANG:
        return gsl_cdf_gamma_Q(x, s->b, s->a / s->b);
    case SERVICE_HYPEREXPONENTIAL:
        return s->a * exp(-x / s->b) + (1 - s->a) * exp(-x / s->c);
    case SERVICE_LOGNORMAL:
        return x > 0 ? gsl_cdf_lognormal_Q(x, s->a, s->b) : 1;
    case SERVICE_PARETO:
        return x > s->a ? pow(s->a / x, s->b) : 1;
    case SERVICE_BPARETO:
        q = pow(s->a / s->b, s->c);
        return x <= s->a ? 1 : x >= s->b ? 0 : (pow(s->a / x, s->c) - q) / (1 - q);
    }
    return NAN;
}

double service_excess(const struct service *s, double x)
{
    double y, mean = service_moment(s, 1);
    switch (s->kind) {
    case SERVICE_EXPONENTIAL:
        return s->a * exp(-x / s->a);
    case SERVICE_DETERMINISTIC:
        return fmax(0, s->a - x);
    case SERVICE_ERLANG:
        return s->a * gsl_cdf_gamma_Q(x, s->b + 1, s->a / s->b) - x * service_above(s, x);
    case SERVICE_HYPEREXPONENTIAL:
        return s->a * s->b * exp(-x / s->b) + (1 - s->a) * s->c * exp(-x / s->c);
    case SERVICE_LOGNORMAL:
        if (x <= 0)
            return mean - x;
        y = (s->a - log(x)) / s->b;
        return mean * gsl_cdf_ugaussian_P(y + s->b) - x * gsl_cdf_ugaussian_P(y);
    case SERVICE_PARETO:
        return x <= s->a ? mean - x : x / (s->b - 1) * pow(s->a / x, s->b);
    case SERVICE_BPARETO:
        if (x <= s->a)
            return mean - x;
        return x >= s->b ? 0 : mean - bpareto_part(s, 1, x) - x * service_above(s, x);
    }
    return NAN;
}

double service_density(const struct service *s, double x)
{
    switch (s->kind) {
    case SERVICE_EXPONENTIAL:
        return exp(-x / s->a) / s->a;
    case SERVICE_ERLANG:
        return gsl_ran_gamma_pdf(x, s->b, s->a / s->b);
    case SERVICE_HYPEREXPONENTIAL:
        return s->a * exp(-x / s->b) / s->b + (1 - s->a) * exp(-x / s->c) / s->c;
    case SERVICE_LOGNORMAL:
        return gsl_ran_lognormal_pdf(x, s->a, s->b);
    case SERVICE_PARETO:
        return x < s->a ? 0 : s->b * pow(s->a / x, s->b) / x;
    case SERVICE_BPARETO:
        if (x < s->a || x > s->b)
            return 0;
        return s->c * pow(s->a / x, s->c) / x / (1 - pow(s->a / s->b, s->c));
    case SERVICE_DETERMINISTIC:
        break;
    }
    return NAN;
}

/* E[S^k; S <= x] of a mean: from the gamma law of k phases more. */
static double exponential_part(double mean, int k, double x)
{
    return gsl_sf_fact((unsigned)k) * pow(mean, k) * gsl_cdf_gamma_P(x, k + 1, mean);
}

double service_part(const struct service *s, int k, double x)
{
    double at = fmax(x, 0), e;
    switch (s->kind) {
    case SERVICE_EXPONENTIAL:
        return exponential_part(s->a, k, at);
    case SERVICE_DETERMINISTIC:
        return at < s->a ? 0 : pow(s->a, k);
    case SERVICE_ERLANG:
        return service_moment(s, k) * gsl_cdf_gamma_P(at, s->b + k, s->a / s->b);
    case SERVICE_HYPEREXPONENTIAL:
        return s->a * exponential_part(s->b, k, at) + (1 - s->a) * exponential_part(s->c, k, at);
    case SERVICE_LOGNORMAL:
        if (at == 0)
            return 0;
        return service_moment(s, k) * gsl_cdf_ugaussian_P((log(at) - s->a) / s->b - k * s->b);
    case SERVICE_PARETO:
        e = k - s->b;
        if (at <= s->a)
            return 0;
        return s->b * pow(s->a, k) *
               (fabs(e) < 1e-12 ? log(at / s->a) : (pow(at / s->a, e) - 1) / e);
    case SERVICE_BPARETO:
        return at <= s->a ? 0 : bpareto_part(s, k, fmin(at, s->b));
    }
    return NAN;
}

struct transform {
    const struct service *s;
    double z;
};

/* exp(-z x) times the density of u, the logarithm of x; of the lognormal law, in its own units. */
static double transform_part(double u, void *context)
{
    const struct transform *t = context;
    if (t->s->kind == SERVICE_LOGNORMAL)
        return exp(-t->z * exp(t->s->a + t->s->b * u)) * gsl_ran_ugaussian_pdf(u);
    double x = exp(u);
    return exp(-t->z * x) * service_density(t->s, x) * x;
}

static double transform_by_logarithm(const struct service *s, double z)
{
    bool normal = s->kind == SERVICE_LOGNORMAL;
    struct transform t = {s, z};
    return quadrature(transform_part, &t, normal ? -9 : log(s->a), normal ? 9 : log(s->b));
}

double service_transform(const struct service *s, double z)
{
    double y;
    switch (s->kind) {
    case SERVICE_EXPONENTIAL:
        return 1 / (1 + z * s->a);
    case SERVICE_DETERMINISTIC:
        return exp(-z * s->a);
    case SERVICE_ERLANG:
        return pow(1 + z * s->a / s->b, -s->b);
    case SERVICE_HYPEREXPONENTIAL:
        return s->a / (1 + z * s->b) + (1 - s->a) / (1 + z * s->c);
    case SERVICE_PARETO:
        y = z * s->a;
        return y > 0 ? s->b * pow(y, s->b) * gsl_sf_gamma_inc(-s->b, y) : 1;
    case SERVICE_LOGNORMAL:
    case SERVICE_BPARETO:
        return transform_by_logarithm(s, z);
    }
    return NAN;
}

double service_step(const struct service *s)
{
    bool kink =
        s->kind == SERVICE_DETERMINISTIC || s->kind == SERVICE_PARETO || s->kind == SERVICE_BPARETO;
    return kink ? s->a : service_moment(s, 1) / 2;
}

double service_lowest(const struct service *s)
{
    bool gap =
        s->kind == SERVICE_DETERMINISTIC || s->kind == SERVICE_PARETO || s->kind == SERVICE_BPARETO;
    return gap ? s->a : 0;
}

double service_highest(const struct service *s)
{
    return s->kind == SERVICE_DETERMINISTIC ? s->a : s->kind == SERVICE_BPARETO ? s->b : INFINITY;
}
