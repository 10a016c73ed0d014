#include "mmpp.h"

#include <gsl/gsl_blas.h>
#include <gsl/gsl_complex_math.h>
#include <gsl/gsl_eigen.h>
#include <gsl/gsl_linalg.h>
#include <math.h>
#include <stdlib.h>

#include "../base/err.h"
#include "../base/root.h"
#include "chains.h"

struct mmpp_solution {
    size_t n;
    double mu, c, lambda, probability, wait;
    gsl_matrix *growth; /* [[-c mu (I - R), w], [0, -mu]], w = (I - R)^-1 L 1 / lambda */
    double *full;       /* p(c) */
};

/* ---- small matrices ---- */

static gsl_matrix *product(const gsl_matrix *a, const gsl_matrix *b)
{
    gsl_matrix *out = gsl_matrix_alloc(a->size1, b->size2);
    gsl_blas_dgemm(CblasNoTrans, CblasNoTrans, 1, a, b, 0, out);
    return out;
}

static gsl_matrix *copy(const gsl_matrix *a)
{
    gsl_matrix *out = gsl_matrix_alloc(a->size1, a->size2);
    gsl_matrix_memcpy(out, a);
    return out;
}

/* (I - a)^-1 */
static gsl_matrix *geometric_sum(const gsl_matrix *a)
{
    gsl_matrix *m = copy(a);
    for (size_t i = 0; i < a->size1; i++)
        *gsl_matrix_ptr(m, i, i) -= 1;
    gsl_matrix *sum = chain_minus_inverse(m);
    gsl_matrix_free(m);
    return sum;
}

/* Rates from state to state of the cycle, with the diagonal. */
static gsl_matrix *cycle(size_t n, const double *stay)
{
    gsl_matrix *q = gsl_matrix_calloc(n, n);
    for (size_t i = 0; i < n && n > 1; i++) {
        gsl_matrix_set(q, i, i, -1 / stay[i]);
        *gsl_matrix_ptr(q, i, (i + 1) % n) += 1 / stay[i];
    }
    return q;
}

/* Rates inside a level with that many of the consumers busy. */
static gsl_matrix *inside(const struct mmpp_queue *q, double busy)
{
    gsl_matrix *m = cycle(q->n, q->stay);
    for (size_t i = 0; i < q->n; i++)
        *gsl_matrix_ptr(m, i, i) -= q->rate[i] + busy * q->mu;
    return m;
}

static gsl_matrix *diagonal(const struct mmpp_queue *q)
{
    gsl_matrix *m = gsl_matrix_calloc(q->n, q->n);
    for (size_t i = 0; i < q->n; i++)
        gsl_matrix_set(m, i, i, q->rate[i]);
    return m;
}

/* ---- the probabilities ---- */

/* G, where the phase is when a level is first left downwards: with ups and downs of levels 2, 4, 8,
 * ... apart, until none is left (Latouche and Ramaswami 1993, fig. 2). */
static gsl_matrix *first_passage(const struct mmpp_queue *q)
{
    gsl_matrix *same = inside(q, q->c), *stays = chain_minus_inverse(same), *rates = diagonal(q);
    gsl_matrix *up = product(stays, rates), *down = copy(stays);
    gsl_matrix_scale(down, q->c * q->mu);
    gsl_matrix *g = copy(down), *t = copy(up);
    gsl_matrix_free(same);
    gsl_matrix_free(stays);
    gsl_matrix_free(rates);
    for (int step = 0; step < 60 && gsl_matrix_max(t) > 1e-16; step++) {
        gsl_matrix *there = product(up, down), *back = product(down, up);
        gsl_matrix_add(there, back);
        gsl_matrix *sum = geometric_sum(there), *up2 = product(up, up),
                   *down2 = product(down, down);
        gsl_blas_dgemm(CblasNoTrans, CblasNoTrans, 1, sum, up2, 0, up);
        gsl_blas_dgemm(CblasNoTrans, CblasNoTrans, 1, sum, down2, 0, down);
        gsl_blas_dgemm(CblasNoTrans, CblasNoTrans, 1, t, down, 1, g);
        gsl_matrix *next = product(t, up);
        gsl_matrix_memcpy(t, next);
        gsl_matrix *const used[] = {there, back, sum, up2, down2, next};
        for (size_t i = 0; i < sizeof used / sizeof *used; i++)
            gsl_matrix_free(used[i]);
    }
    gsl_matrix_free(up);
    gsl_matrix_free(down);
    gsl_matrix_free(t);
    return g;
}

/* R = L (-(A1 + L G))^-1 */
static gsl_matrix *rate_matrix(const struct mmpp_queue *q)
{
    gsl_matrix *g = first_passage(q), *rates = diagonal(q), *same = inside(q, q->c);
    gsl_blas_dgemm(CblasNoTrans, CblasNoTrans, 1, rates, g, 1, same);
    gsl_matrix *inverse = chain_minus_inverse(same), *r = product(rates, inverse);
    gsl_matrix *const used[] = {g, rates, same, inverse};
    for (size_t i = 0; i < sizeof used / sizeof *used; i++)
        gsl_matrix_free(used[i]);
    return r;
}

static double total(const double *p, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += p[i];
    return sum;
}

/* p m */
static void advance(const double *p, const gsl_matrix *m, double *out)
{
    for (size_t j = 0; j < m->size2; j++) {
        out[j] = 0;
        for (size_t i = 0; i < m->size1; i++)
            out[j] += p[i] * gsl_matrix_get(m, i, j);
    }
}

/* p(c), with all levels normalised: p(n) = p(n-1) R(n), R(n) from the top (chains.c). */
static void solve_levels(const struct mmpp_queue *q, gsl_matrix *r, double *full)
{
    size_t c = (size_t)q->c, n = q->n;
    gsl_matrix **step = xcalloc(c + 1, sizeof *step), *rates = diagonal(q), *same;
    step[c] = copy(r);
    for (size_t level = c - 1;; level--) {
        same = inside(q, (double)level);
        gsl_matrix *back = copy(step[level + 1]);
        gsl_matrix_scale(back, (double)(level + 1) * q->mu);
        gsl_matrix_add(same, back);
        gsl_matrix_free(back);
        if (level == 0)
            break;
        gsl_matrix *inverse = chain_minus_inverse(same);
        step[level] = product(rates, inverse);
        gsl_matrix_free(inverse);
        gsl_matrix_free(same);
    }
    double *p = xcalloc(2 * n, sizeof *p), *next = p + n, sum = 0;
    chain_null_vector(same, p);
    for (size_t level = 1; level <= c; level++) {
        sum += total(p, n);
        advance(p, step[level], next);
        for (size_t i = 0; i < n; i++)
            p[i] = next[i];
        gsl_matrix_free(step[level]);
    }
    gsl_matrix *all = geometric_sum(r);
    advance(p, all, next);
    sum += total(next, n);
    for (size_t i = 0; i < n; i++)
        full[i] = p[i] / sum;
    gsl_matrix_free(all);
    gsl_matrix_free(same);
    gsl_matrix_free(rates);
    free(step);
    free(p);
}

static double mean_rate(size_t n, const double *rate, const double *stay)
{
    double tasks = 0;
    for (size_t i = 0; i < n; i++)
        tasks += rate[i] * stay[i];
    return tasks / total(stay, n);
}

struct mmpp_solution *mmpp_solve(const struct mmpp_queue *q)
{
    size_t n = q->n;
    struct mmpp_solution *m = xcalloc(1, sizeof *m);
    *m = (struct mmpp_solution){.n = n, .mu = q->mu, .c = q->c};
    m->lambda = mean_rate(n, q->rate, q->stay);
    m->full = xcalloc(2 * n, sizeof *m->full);
    gsl_matrix *r = rate_matrix(q), *all = geometric_sum(r);
    solve_levels(q, r, m->full);
    m->growth = gsl_matrix_calloc(n + 1, n + 1);
    gsl_matrix_set(m->growth, n, n, -q->mu);
    for (size_t i = 0; i < n; i++) {
        double found = 0;
        for (size_t j = 0; j < n; j++) {
            double growth = gsl_matrix_get(r, i, j) - (i == j);
            gsl_matrix_set(m->growth, i, j, q->c * q->mu * growth);
            found += gsl_matrix_get(all, i, j) * q->rate[j] / m->lambda;
        }
        gsl_matrix_set(m->growth, i, n, found);
        m->probability += m->full[i] * found;
    }
    /* Mean number waiting: p(c) R (I - R)^-2 1. */
    double *busy = m->full + n, *sum = xcalloc(2 * n, sizeof *sum), *queue = sum + n;
    advance(m->full, all, sum);
    advance(sum, r, busy);
    advance(busy, all, queue);
    m->wait = total(queue, n) / m->lambda;
    free(sum);
    gsl_matrix_free(r);
    gsl_matrix_free(all);
    return m;
}

void mmpp_free(struct mmpp_solution *m)
{
    gsl_matrix_free(m->growth);
    free(m->full);
    free(m);
}

double mmpp_wait_probability(const struct mmpp_solution *m)
{
    return m->probability;
}

double mmpp_wait(const struct mmpp_solution *m)
{
    return m->wait;
}

/* ---- quantiles ---- */

struct tail {
    const struct mmpp_solution *m;
    bool latency;
    double above;
};

/* P(W > t) or P(W + S > t), less the wanted one. The corner of the exponential of the block matrix
 * is the integral of exp(-c mu (I - R) (t - x)) w exp(-mu x) over x (Van Loan, "Computing integrals
 * involving the matrix exponential", IEEE Trans. Automatic Control 23, 1978). */
static double miss(double t, void *context)
{
    const struct tail *tail = context;
    const struct mmpp_solution *m = tail->m;
    size_t n = m->n;
    double sum = 0;
    gsl_matrix *a = copy(m->growth), *grown = gsl_matrix_alloc(n + 1, n + 1);
    gsl_matrix_scale(a, t);
    gsl_linalg_exponential_ss(a, grown, GSL_PREC_DOUBLE);
    for (size_t i = 0; i < n; i++) {
        double part = 0;
        for (size_t j = 0; j < n && !tail->latency; j++)
            part += gsl_matrix_get(grown, i, j) * gsl_matrix_get(m->growth, j, n);
        if (tail->latency)
            part = m->mu * gsl_matrix_get(grown, i, n);
        sum += m->full[i] * part;
    }
    gsl_matrix_free(a);
    gsl_matrix_free(grown);
    return sum + (tail->latency ? exp(-m->mu * t) : 0) - tail->above;
}

static double quantile(const struct mmpp_solution *m, double p, bool latency)
{
    struct tail tail = {m, latency, 1 - p};
    double high = m->wait + 1 / m->mu;
    while (miss(high, &tail) > 0)
        high *= 2;
    return root_between(miss, &tail, 0, high, 1e-10);
}

double mmpp_wait_quantile(const struct mmpp_solution *m, double p)
{
    return p <= 1 - m->probability ? 0 : quantile(m, p, false);
}

double mmpp_latency_quantile(const struct mmpp_solution *m, double p)
{
    return quantile(m, p, true);
}

/* 1 + 2 (pi L D L 1) / lambda, D = (1 pi - Q)^-1 - 1 pi the deviation matrix of the cycle. */
double mmpp_dispersion(size_t n, const double *rate, const double *stay)
{
    gsl_matrix *m = cycle(n, stay);
    double lambda = mean_rate(n, rate, stay), time = total(stay, n), sum = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            *gsl_matrix_ptr(m, i, j) -= stay[j] / time;
    gsl_matrix *deviation = chain_minus_inverse(m);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            sum += stay[i] / time * rate[i] * (gsl_matrix_get(deviation, i, j) - stay[j] / time) *
                   rate[j];
    gsl_matrix_free(m);
    gsl_matrix_free(deviation);
    return 1 + 2 * sum / lambda;
}

double mmpp_relaxation(size_t n, const double *stay)
{
    if (n < 2)
        return 0;
    gsl_matrix *q = cycle(n, stay);
    gsl_vector_complex *value = gsl_vector_complex_alloc(n);
    gsl_eigen_nonsymm_workspace *work = gsl_eigen_nonsymm_alloc(n);
    double slowest = NAN;
    size_t zero = 0;
    gsl_eigen_nonsymm_params(0, 1, work);
    if (gsl_eigen_nonsymm(q, value, work) == GSL_SUCCESS) {
        for (size_t i = 1; i < n; i++)
            if (gsl_complex_abs(gsl_vector_complex_get(value, i)) <
                gsl_complex_abs(gsl_vector_complex_get(value, zero)))
                zero = i;
        for (size_t i = 0; i < n; i++)
            if (i != zero)
                slowest = fmin(slowest, -GSL_REAL(gsl_vector_complex_get(value, i)));
    }
    gsl_eigen_nonsymm_free(work);
    gsl_vector_complex_free(value);
    gsl_matrix_free(q);
    return slowest > 0 ? 1 / slowest : 0; /* not found: bounded by the cycle elsewhere */
}
