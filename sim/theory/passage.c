#include "passage.h"

#include <gsl/gsl_blas.h>
#include <math.h>

#include "../base/root.h"

double passage_mean(const struct passage *p)
{
    double come[PASSAGE_STEPS], sum = 0;
    for (size_t i = 0; i < p->n; i++) {
        come[i] = p->start[i];
        for (size_t k = 0; k < i; k++)
            come[i] += come[k] * p->to[k][i];
        sum += come[i] / p->rate[i];
    }
    return sum;
}

/* m becomes exp(Q t) by Taylor's series of exp((Q + a I) t / 2^k), which has no negative terms,
 * times exp(-a t / 2^k), squared k times. */
static void transitions(const struct passage *p, double t, gsl_matrix *m)
{
    double fastest = 0;
    for (size_t i = 0; i < p->n; i++)
        fastest = fmax(fastest, p->rate[i]);
    int squares = (int)fmax(0, ceil(log2(fastest * t))) + 1;
    double step = ldexp(t, -squares);
    gsl_matrix *move = gsl_matrix_calloc(p->n, p->n), *term = gsl_matrix_alloc(p->n, p->n),
               *next = gsl_matrix_alloc(p->n, p->n);
    for (size_t i = 0; i < p->n; i++) {
        gsl_matrix_set(move, i, i, (fastest - p->rate[i]) * step);
        for (size_t k = i + 1; k < p->n; k++)
            gsl_matrix_set(move, i, k, p->rate[i] * p->to[i][k] * step);
    }
    gsl_matrix_set_identity(m);
    gsl_matrix_set_identity(term);
    for (int k = 1; k < 24; k++) {
        gsl_blas_dgemm(CblasNoTrans, CblasNoTrans, 1.0 / k, term, move, 0, next);
        gsl_matrix_memcpy(term, next);
        gsl_matrix_add(m, term);
    }
    gsl_matrix_scale(m, exp(-fastest * step));
    for (int k = 0; k < squares; k++) {
        gsl_blas_dgemm(CblasNoTrans, CblasNoTrans, 1, m, m, 0, next);
        gsl_matrix_memcpy(m, next);
    }
    gsl_matrix_free(next);
    gsl_matrix_free(term);
    gsl_matrix_free(move);
}

double passage_above(const struct passage *p, double t)
{
    gsl_matrix *m = gsl_matrix_alloc(p->n, p->n);
    double sum = 0;
    transitions(p, t, m);
    for (size_t i = 0; i < p->n; i++)
        for (size_t k = i; k < p->n; k++)
            sum += p->start[i] * gsl_matrix_get(m, i, k);
    gsl_matrix_free(m);
    return sum;
}

struct asked {
    const struct passage *p;
    double q;
};

/* In logarithms, in which the tail is nearly straight. */
static double miss(double t, void *context)
{
    const struct asked *asked = context;
    double above = t > 0 ? passage_above(asked->p, t) : 1;
    return log(fmax(above, 1e-300)) - log1p(-asked->q);
}

double passage_quantile(const struct passage *p, double q)
{
    struct asked asked = {p, q};
    double top = passage_mean(p), none = 1;
    for (size_t i = 0; i < p->n; i++)
        none -= p->start[i];
    if (none >= q || p->n == 0)
        return 0;
    for (int i = 0; i < 60 && miss(top, &asked) > 0; i++)
        top *= 2;
    return root_between(miss, &asked, 0, top, 1e-13);
}
