#include "mdc.h"

#include <gsl/gsl_matrix.h>
#include <gsl/gsl_randist.h>
#include <math.h>
#include <stdlib.h>

#include "../base/err.h"
#include "../base/root.h"

/* Chain of the number inside, seen every D: who is in service leaves, Poisson(lambda D) come. */
struct mdc {
    double lambda, d, above;
    size_t c, n;
    double *q; /* Q_j = P(at most c + j inside) */
};

static struct mdc mdc_solve(double lambda, double d, double c)
{
    struct mdc m = {.lambda = lambda, .d = d, .c = (size_t)c, .n = 500};
    gsl_matrix *step = gsl_matrix_calloc(m.n, m.n);
    double *p = xcalloc(m.n, sizeof *p), sum = 0;
    for (size_t i = 0; i < m.n; i++) {
        size_t left = i > m.c ? i - m.c : 0;
        double rest = 1;
        for (size_t j = left; j + 1 < m.n; j++) {
            double pdf = gsl_ran_poisson_pdf((unsigned)(j - left), m.lambda * m.d);
            gsl_matrix_set(step, i, j, pdf);
            rest -= pdf;
        }
        gsl_matrix_set(step, i, m.n - 1, rest);
        *gsl_matrix_ptr(step, i, i) -= 1;
    }
    chain_null_vector(step, p);
    m.q = xcalloc(m.n - m.c, sizeof *m.q);
    for (size_t i = 0; i < m.n; i++) {
        sum += p[i];
        if (i >= m.c)
            m.q[i - m.c] = sum;
    }
    free(p);
    gsl_matrix_free(step);
    return m;
}

/* P(W > x) (Franx 2001), less the wanted value. */
static double mdc_miss(double x, void *context)
{
    const struct mdc *m = context;
    size_t k = (size_t)floor(x / m->d) + 1;
    double rest = m->lambda * ((double)k * m->d - x), sum = 0;
    for (size_t j = 0; j < k * m->c; j++)
        sum += m->q[k * m->c - j - 1] * gsl_ran_poisson_pdf((unsigned)j, rest);
    return 1 - sum - m->above;
}

struct delays mdc(double lambda, double d, double c)
{
    struct mdc m = mdc_solve(lambda, d, c);
    double queue = 0;
    for (size_t j = 0; j < m.n - m.c; j++)
        queue += 1 - m.q[j]; /* P(more than j wait) */
    m.above = 0;
    struct delays delays = {mdc_miss(0, &m), queue / lambda};
    free(m.q);
    return delays;
}

double mdc_wait_quantile(double lambda, double d, double c, double p)
{
    struct mdc m = mdc_solve(lambda, d, c);
    m.above = 0;
    double value = 0;
    if (p > 1 - mdc_miss(0, &m)) {
        m.above = 1 - p;
        double rounds = floor((double)m.n / (double)m.c);
        value = root_between(mdc_miss, &m, 0, m.d * (rounds - 2), 1e-13);
    }
    free(m.q);
    return value;
}
