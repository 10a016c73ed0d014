/* Models solved as Markov chains. */
#include "chains.h"

#include <gsl/gsl_blas.h>
#include <gsl/gsl_linalg.h>
#include <gsl/gsl_randist.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../base/err.h"
#include "../base/root.h"

/* Of the mean number waiting, that the levels which are left out may be. */
#define LEFT_OUT 1e-6

/*
 * A chain of levels 0 .. top, each with phases 0 .. phases(level) - 1, moving by at most one level.
 * rates() adds the rates out of a level: `up` to the next, `same` inside it (no diagonal), `down`
 * to the one before. Solved from the top (Gaver, Jacobs and Latouche 1984): with everything above
 * level n folded into it, p(n) = p(n-1) R(n), R(n) = up(n-1) (-same(n) - R(n+1) down(n+1))^-1.
 */
struct levels {
    size_t top, most; /* last level; phases of the widest */
    size_t (*phases)(const void *model, size_t level);
    void (*rates)(const void *model, size_t level, gsl_matrix *up, gsl_matrix *same,
                  gsl_matrix *down);
    const void *model;
};

struct level_rates {
    size_t n;
    gsl_matrix *up, *same, *down;
};

static struct level_rates level_rates(const struct levels *chain, size_t level)
{
    size_t n = chain->phases(chain->model, level);
    size_t above = chain->phases(chain->model, level + 1);
    size_t below = level ? chain->phases(chain->model, level - 1) : 1;
    struct level_rates r = {n, gsl_matrix_calloc(n, above), gsl_matrix_calloc(n, n),
                            gsl_matrix_calloc(n, below)};
    chain->rates(chain->model, level, r.up, r.same, r.down);
    for (size_t i = 0; i < n; i++) { /* the diagonal: minus the rate out */
        double out = 0;
        for (size_t j = 0; j < above && level < chain->top; j++)
            out += gsl_matrix_get(r.up, i, j);
        for (size_t j = 0; j < n; j++)
            out += gsl_matrix_get(r.same, i, j);
        for (size_t j = 0; j < below && level > 0; j++)
            out += gsl_matrix_get(r.down, i, j);
        gsl_matrix_set(r.same, i, i, -out);
    }
    return r;
}

static void level_free(struct level_rates *r)
{
    gsl_matrix_free(r->up);
    gsl_matrix_free(r->same);
    gsl_matrix_free(r->down);
}

gsl_matrix *chain_minus_inverse(gsl_matrix *m)
{
    gsl_permutation *order = gsl_permutation_alloc(m->size1);
    gsl_matrix *inverse = gsl_matrix_alloc(m->size1, m->size1);
    int sign;
    if (gsl_linalg_LU_decomp(m, order, &sign) != GSL_SUCCESS ||
        gsl_linalg_LU_invert(m, order, inverse) != GSL_SUCCESS)
        gsl_matrix_set_all(inverse, NAN); /* it has none */
    gsl_matrix_scale(inverse, -1);
    gsl_permutation_free(order);
    return inverse;
}

/* p with p m = 0 and sum 1: one equation is replaced by the sum. */
void chain_null_vector(gsl_matrix *m, double *p)
{
    size_t n = m->size1;
    gsl_matrix_transpose(m);
    gsl_vector *right = gsl_vector_calloc(n), *x = gsl_vector_alloc(n);
    for (size_t j = 0; j < n; j++)
        gsl_matrix_set(m, n - 1, j, 1);
    gsl_vector_set(right, n - 1, 1);
    gsl_permutation *order = gsl_permutation_alloc(n);
    int sign;
    if (gsl_linalg_LU_decomp(m, order, &sign) != GSL_SUCCESS ||
        gsl_linalg_LU_solve(m, order, right, x) != GSL_SUCCESS)
        gsl_vector_set_all(x, NAN);
    for (size_t i = 0; i < n; i++)
        p[i] = gsl_vector_get(x, i);
    gsl_permutation_free(order);
    gsl_vector_free(right);
    gsl_vector_free(x);
}

/* Stationary probabilities, p[level * most + phase]; malloc'ed. */
static double *levels_solve(const struct levels *chain)
{
    gsl_matrix **r = xcalloc(chain->top + 2, sizeof *r);
    double *p = xcalloc((chain->top + 1) * chain->most, sizeof *p), sum = 0;
    struct level_rates here = level_rates(chain, chain->top);
    for (size_t level = chain->top; level > 0; level--) {
        struct level_rates below = level_rates(chain, level - 1);
        gsl_matrix *inverse = chain_minus_inverse(here.same);
        r[level] = gsl_matrix_alloc(below.n, here.n);
        gsl_blas_dgemm(CblasNoTrans, CblasNoTrans, 1, below.up, inverse, 0, r[level]);
        gsl_blas_dgemm(CblasNoTrans, CblasNoTrans, 1, r[level], here.down, 1, below.same);
        gsl_matrix_free(inverse);
        level_free(&here);
        here = below;
    }
    chain_null_vector(here.same, p);
    level_free(&here);
    for (size_t level = 1; level <= chain->top; level++) {
        double *from = p + (level - 1) * chain->most, *to = p + level * chain->most;
        for (size_t i = 0; i < r[level]->size1; i++)
            for (size_t j = 0; j < r[level]->size2; j++)
                to[j] += from[i] * gsl_matrix_get(r[level], i, j);
        gsl_matrix_free(r[level]);
    }
    for (size_t i = 0; i < (chain->top + 1) * chain->most; i++)
        sum += p[i];
    for (size_t i = 0; i < (chain->top + 1) * chain->most; i++)
        p[i] /= sum;
    free(r);
    return p;
}

/* Adds to an entry of a matrix. */
static void add(gsl_matrix *m, size_t i, size_t j, double rate)
{
    if (rate > 0)
        *gsl_matrix_ptr(m, i, j) += rate;
}

/* Two-phase service: a new service begins in phase 1 with probability p, else in phase 2; phase 1
 * ends at rate r1 and leads on to phase 2 (Erlang-2) or to the end (hyperexponential). */
struct mph {
    double lambda, p, r1, r2;
    size_t c;
    int in_series;
};

static size_t mph_phases(const void *model, size_t level)
{
    const struct mph *m = model;
    return (level < m->c ? level : m->c) + 1; /* how many of the busy servers are in phase 1 */
}

static void mph_rates(const void *model, size_t level, gsl_matrix *up, gsl_matrix *same,
                      gsl_matrix *down)
{
    const struct mph *m = model;
    size_t busy = level < m->c ? level : m->c;
    for (size_t j = 0; j <= busy; j++) {
        double first = (double)j * m->r1, second = (double)(busy - j) * m->r2;
        add(up, j, j + (level < m->c), level < m->c ? m->lambda * m->p : m->lambda);
        if (level < m->c)
            add(up, j, j, m->lambda * (1 - m->p));
        if (m->in_series)
            add(same, j, j ? j - 1 : 0, first);
        int next = level > m->c; /* a waiting task takes the server */
        if (!m->in_series) {
            add(down, j, j ? j - 1 : 0, next ? first * (1 - m->p) : first);
            if (next)
                add(down, j, j, first * m->p);
        }
        if (next)
            add(down, j, j + 1, second * m->p);
        add(down, j, j, next ? second * (1 - m->p) : second);
    }
}

bool mphc(const struct service *s, double lambda, double c, struct delays *out)
{
    struct mph m = {.lambda = lambda, .c = (size_t)c};
    m.in_series = s->kind == SERVICE_ERLANG && s->b == 2;
    if (!m.in_series && s->kind != SERVICE_HYPEREXPONENTIAL)
        return false;
    m.p = m.in_series ? 1 : s->a;
    m.r1 = m.in_series ? 2 / s->a : 1 / s->b;
    m.r2 = m.in_series ? 2 / s->a : 1 / s->c;
    struct levels chain = {1500, m.c + 1, mph_phases, mph_rates, &m};
    double *p = levels_solve(&chain), queue = 0, top = 0;
    *out = (struct delays){0, 0};
    for (size_t level = m.c; level <= chain.top; level++)
        for (size_t j = 0; j <= m.c; j++) {
            out->probability += p[level * chain.most + j];
            queue += p[level * chain.most + j] * (double)(level - m.c);
        }
    for (size_t j = 0; j <= m.c; j++)
        top += p[chain.top * chain.most + j];
    free(p);
    out->wait = queue / lambda;
    /* What is above the top would weigh about as much again for every level that it goes on. */
    return top * (double)chain.top * (double)chain.top < LEFT_OUT * fmax(queue, out->probability);
}

/* p, of n states, after time t of the chain with birth rate lambda and death rate mu min(i, c). */
static void uniformise(double *p, size_t n, double lambda, double mu, double c, double t)
{
    double rate = lambda + c * mu, mean = rate * t;
    unsigned last = (unsigned)(mean + 10 * sqrt(mean) + 40);
    double *now = xcalloc(n, sizeof *now), *next = xcalloc(n, sizeof *next);
    memcpy(now, p, n * sizeof *p);
    memset(p, 0, n * sizeof *p);
    for (unsigned k = 0; k <= last; k++) {
        double weight = gsl_ran_poisson_pdf(k, mean);
        memset(next, 0, n * sizeof *next);
        for (size_t i = 0; i < n; i++) {
            double up = i + 1 < n ? lambda / rate : 0, down = mu * fmin((double)i, c) / rate;
            p[i] += weight * now[i];
            next[i] += now[i] * (1 - up - down);
            if (i + 1 < n)
                next[i + 1] += now[i] * up;
            if (i > 0)
                next[i - 1] += now[i] * down;
        }
        double *spare = now;
        now = next;
        next = spare;
    }
    free(now);
    free(next);
}

double chain_mean_at(const struct chain_piece *pieces, size_t n, double mu, double c, size_t begin)
{
    enum { STATES = 800 };
    double p[STATES] = {0}, mean = 0;
    p[begin] = 1;
    for (size_t i = 0; i < n; i++)
        uniformise(p, STATES, pieces[i].lambda, mu, c, pieces[i].time);
    for (size_t i = 0; i < STATES; i++)
        mean += p[i] * (double)i;
    return mean;
}
