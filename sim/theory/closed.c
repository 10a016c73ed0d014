#include "closed.h"

#include <gsl/gsl_randist.h>
#include <gsl/gsl_sf_gamma.h>
#include <math.h>
#include <stdlib.h>

#include "../base/err.h"
#include "../base/root.h"

/* What is left out of a probability. */
#define NOTHING 1e-18

/* The law of the number inside, with n clients: p[0 .. *top], to be freed. In logarithms, for the
 * weights of many clients are beyond any double. */
static double *law_of(const struct finite_source *f, double n, size_t *top)
{
    *top = (size_t)fmin(n, f->most);
    double *p = xmalloc((*top + 1) * sizeof *p), most = 0, sum = 0;
    p[0] = 0;
    for (size_t k = 1; k <= *top; k++) {
        double rate = fmin((double)k, f->c) * f->mu * f->think;
        p[k] = p[k - 1] + log((n - (double)k + 1) / rate);
        most = fmax(most, p[k]);
    }
    for (size_t k = 0; k <= *top; k++)
        sum += p[k] = exp(p[k] - most);
    for (size_t k = 0; k <= *top; k++)
        p[k] /= sum;
    return p;
}

/* The law of the number that a task finds: of n + 1 clients, one of whom brings it. */
static double *found(const struct finite_source *f, size_t *top)
{
    return law_of(f, f->clients - 1, top);
}

static double turn(const struct finite_source *f, size_t k)
{
    return ((double)k - f->c + 1) / (f->c * f->mu);
}

/* Births happen at (N - k) / Z where there are k inside, so that is what those who come find, lost
 * or not (and where nobody is lost, the law with N - 1 clients). */
struct finite_means finite_source(const struct finite_source *f)
{
    size_t top;
    double *p = law_of(f, f->clients, &top), came = 0, entered = 0, waiting = 0, wait = 0, busy = 0;
    for (size_t k = 0; k <= top; k++) {
        double comes = (f->clients - (double)k) * p[k];
        busy += fmin((double)k, f->c) * p[k];
        came += comes;
        if ((double)k >= f->most)
            continue;
        entered += comes;
        if ((double)k >= f->c) {
            waiting += comes;
            wait += comes * turn(f, k);
        }
    }
    free(p);
    return (struct finite_means){.probability = waiting / entered,
                                 .wait = wait / entered,
                                 .throughput = busy * f->mu,
                                 .utilization = busy / f->c,
                                 .loss = 1 - entered / came};
}

/* ---- quantiles ---- */

struct tail {
    const struct finite_source *f;
    const double *found;  /* the law of what a task finds */
    const double *beyond; /* beyond[k]: that it finds k or more */
    size_t top;
    double p;
};

/* P(W > t) - (1 - p): behind k >= c others a task waits for k - c + 1 completions, and those are a
 * Poisson process as long as all consumers are busy. */
static double wait_miss(double t, void *context)
{
    const struct tail *tail = context;
    size_t c = (size_t)tail->f->c, j = 0;
    double mean = tail->f->c * tail->f->mu * t, above = t > 0 ? 0 : tail->beyond[c];
    for (double weight = 1; t > 0 && c + j <= tail->top; j++) {
        weight = gsl_ran_poisson_pdf((unsigned)j, mean);
        if (weight < NOTHING && (double)j > mean)
            break;
        above += weight * tail->beyond[c + j];
    }
    return above - (1 - tail->p);
}

/* P(E + X > t), E of m stages at rate c mu, X the task's own service at rate mu. */
static double stages_and_own(const struct finite_source *f, double m, double t)
{
    double all = f->c * f->mu * t, own = f->mu * t;
    if (f->c == 1)
        return gsl_sf_gamma_inc_Q(m + 1, all);
    double done = gsl_sf_gamma_inc_P(m, all - own);
    double still = done > 0 ? exp(m * log(f->c / (f->c - 1)) - own + log(done)) : 0;
    return gsl_sf_gamma_inc_Q(m, all) + still;
}

static double latency_miss(double t, void *context)
{
    const struct tail *tail = context;
    const struct finite_source *f = tail->f;
    double above = 0;
    for (size_t k = 0; k <= tail->top; k++) {
        if (tail->found[k] < NOTHING)
            continue;
        double m = (double)k - f->c + 1;
        above += tail->found[k] * (m > 0 ? stages_and_own(f, m, t) : exp(-f->mu * t));
    }
    return above - (1 - tail->p);
}

static double quantile(const struct finite_source *f, double p,
                       double (*miss)(double t, void *context))
{
    size_t top;
    double *q = found(f, &top), *beyond = xcalloc(top + 2, sizeof *beyond);
    for (size_t k = top + 1; k-- > 0;)
        beyond[k] = beyond[k + 1] + q[k];
    struct tail tail = {f, q, beyond, top, p};
    double longest = (f->clients / f->c + 60 + 10 * sqrt(f->clients)) / f->mu;
    double x = miss(0, &tail) <= 0 ? 0 : root_between(miss, &tail, 0, longest, 1e-13);
    free(q);
    free(beyond);
    return x;
}

double finite_wait_quantile(const struct finite_source *f, double p)
{
    return quantile(f, p, wait_miss);
}

double finite_latency_quantile(const struct finite_source *f, double p)
{
    return quantile(f, p, latency_miss);
}
