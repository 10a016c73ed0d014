#include "shortest.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_integration.h>
#include <math.h>

#include "../base/root.h"
#include "mg1.h"

enum { PIECES = 2000 };
#define LONGEST  600.0 /* logarithm of a size beyond all */
#define WANTED   1e-9
#define ACCEPTED 1e-7

/* Something of a size x, to be integrated over x. */
struct integrand {
    const struct service *s;
    double lambda;
    double (*of)(const struct integrand *f, double x);
};

/* By the logarithm of x, for laws that reach over many powers of ten. */
static double at_logarithm(double y, void *context)
{
    const struct integrand *f = context;
    double x = exp(y);
    return x > 0 && isfinite(x * x) ? x * f->of(f, x) : 0;
}

static double smallest(const struct service *s)
{
    return s->kind == SERVICE_PARETO || s->kind == SERVICE_BPARETO ? s->a : 0;
}

struct mark {
    const struct service *s;
    double above;
};

static double miss(double y, void *context)
{
    const struct mark *mark = context;
    return service_above(mark->s, exp(y)) - mark->above;
}

/* From one logarithm to another, or from or to infinity, to within what matters beside `total`. */
static double piece(gsl_function *g, double from, double to, double total, double *error)
{
    double value = 0, off = 0, least = WANTED * total;
    gsl_integration_workspace *space = gsl_integration_workspace_alloc(PIECES);
    if (isfinite(from) && isfinite(to) && from < to)
        gsl_integration_qag(g, from, to, least, WANTED, PIECES, GSL_INTEG_GAUSS61, space, &value,
                            &off);
    else if (isfinite(from) && isinf(to))
        gsl_integration_qagiu(g, from, least, WANTED, PIECES, space, &value, &off);
    else if (isinf(from))
        gsl_integration_qagil(g, to, least, WANTED, PIECES, space, &value, &off);
    gsl_integration_workspace_free(space);
    *error += off;
    return value;
}

/* From the smallest size to the largest; in pieces between quantiles, for a law may be as good as
 * nothing over most of the way. What is in the middle, and most, comes first. */
static double integral(struct integrand f)
{
    enum { MARKS = 7, FIRST = 2 };
    static const double above[MARKS] = {1 - 1e-9, 0.99, 0.75, 0.25, 0.01, 1e-5, 1e-9};
    double at[MARKS + 2], total = 0, error = 0;
    gsl_function g = {at_logarithm, &f};
    at[0] = log(smallest(f.s));
    at[MARKS + 1] = log(service_highest(f.s));
    for (int i = 0; i < MARKS; i++) {
        struct mark mark = {f.s, above[i]};
        at[i + 1] =
            fmin(fmax(root_between(miss, &mark, -LONGEST, LONGEST, 1e-6), at[i]), at[MARKS + 1]);
    }
    for (int i = 0; i <= MARKS; i++) {
        int k = (FIRST + 1 + i) % (MARKS + 1);
        total += piece(&g, at[k], at[k + 1], total, &error);
    }
    return error <= ACCEPTED * total ? total : NAN;
}

static double idle_of(const struct integrand *f, double x)
{
    return 1 - f->lambda * service_part(f->s, 1, x);
}

static double inverse_square(const struct integrand *f, double x)
{
    double idle = idle_of(f, x);
    return service_density(f->s, x) / (idle * idle);
}

static double cut_work(const struct integrand *f, double x)
{
    double square = service_part(f->s, 2, x) + x * x * service_above(f->s, x);
    return f->lambda * square / 2 * inverse_square(f, x);
}

static double residence(const struct integrand *f, double x)
{
    return service_above(f->s, x) / idle_of(f, x);
}

/* Sizes that are all the same go in order of arrival, and nobody is interrupted. */
static double in_order(const struct service *s, double lambda)
{
    return mg1_wait(lambda, service_moment(s, 1), service_moment(s, 2));
}

double mg1_shortest_job_wait(const struct service *s, double lambda)
{
    if (s->kind == SERVICE_DETERMINISTIC || isinf(service_moment(s, 2)))
        return in_order(s, lambda);
    return lambda * service_moment(s, 2) / 2 *
           integral((struct integrand){s, lambda, inverse_square});
}

double mg1_shortest_remaining_wait(const struct service *s, double lambda)
{
    if (s->kind == SERVICE_DETERMINISTIC)
        return in_order(s, lambda);
    return integral((struct integrand){s, lambda, cut_work});
}

double mg1_shortest_remaining_latency(const struct service *s, double lambda)
{
    if (s->kind == SERVICE_DETERMINISTIC)
        return in_order(s, lambda) + s->a;
    return mg1_shortest_remaining_wait(s, lambda) + smallest(s) +
           integral((struct integrand){s, lambda, residence});
}
