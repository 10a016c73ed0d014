/* Models solved as Markov chains. */
#include <gsl/gsl_blas.h>
#include <gsl/gsl_linalg.h>
#include <gsl/gsl_randist.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "given.h"
#include "service.h"
#include "theory.h"

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

/* -m^-1; m is spent. */
static gsl_matrix *minus_inverse(gsl_matrix *m)
{
    gsl_permutation *order = gsl_permutation_alloc(m->size1);
    gsl_matrix *inverse = gsl_matrix_alloc(m->size1, m->size1);
    int sign;
    gsl_linalg_LU_decomp(m, order, &sign);
    gsl_linalg_LU_invert(m, order, inverse);
    gsl_matrix_scale(inverse, -1);
    gsl_permutation_free(order);
    return inverse;
}

/* p with p m = 0 and sum 1: one equation is replaced by the sum. */
static void null_vector(gsl_matrix *m, double *p)
{
    size_t n = m->size1;
    gsl_matrix_transpose(m);
    gsl_vector *right = gsl_vector_calloc(n), *x = gsl_vector_alloc(n);
    for (size_t j = 0; j < n; j++)
        gsl_matrix_set(m, n - 1, j, 1);
    gsl_vector_set(right, n - 1, 1);
    gsl_permutation *order = gsl_permutation_alloc(n);
    int sign;
    gsl_linalg_LU_decomp(m, order, &sign);
    gsl_linalg_LU_solve(m, order, right, x);
    for (size_t i = 0; i < n; i++)
        p[i] = gsl_vector_get(x, i);
    gsl_permutation_free(order);
    gsl_vector_free(right);
    gsl_vector_free(x);
}

/* Stationary probabilities, p[level * most + phase]; malloc'ed. */
static double *levels_solve(const struct levels *chain)
{
    gsl_matrix **r = calloc(chain->top + 2, sizeof *r);
    double *p = calloc((chain->top + 1) * chain->most, sizeof *p), sum = 0;
    struct level_rates here = level_rates(chain, chain->top);
    for (size_t level = chain->top; level > 0; level--) {
        struct level_rates below = level_rates(chain, level - 1);
        gsl_matrix *inverse = minus_inverse(here.same);
        r[level] = gsl_matrix_alloc(below.n, here.n);
        gsl_blas_dgemm(CblasNoTrans, CblasNoTrans, 1, below.up, inverse, 0, r[level]);
        gsl_blas_dgemm(CblasNoTrans, CblasNoTrans, 1, r[level], here.down, 1, below.same);
        gsl_matrix_free(inverse);
        level_free(&here);
        here = below;
    }
    null_vector(here.same, p);
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

double theory_mphc(const char *params, const char *measure)
{
    struct service s;
    if (!service_given(params, "", "service", "mean_service", &s))
        return NAN;
    struct mph m = {.lambda = given(params, "lambda"), .c = (size_t)given(params, "c")};
    m.in_series = s.kind == SERVICE_ERLANG && s.b == 2;
    if (!m.in_series && s.kind != SERVICE_HYPEREXPONENTIAL)
        return NAN;
    m.p = m.in_series ? 1 : s.a;
    m.r1 = m.in_series ? 2 / s.a : 1 / s.b;
    m.r2 = m.in_series ? 2 / s.a : 1 / s.c;
    struct levels chain = {1500, m.c + 1, mph_phases, mph_rates, &m};
    double *p = levels_solve(&chain), waits = 0, queue = 0;
    for (size_t level = m.c; level <= chain.top; level++)
        for (size_t j = 0; j <= m.c; j++) {
            waits += p[level * chain.most + j];
            queue += p[level * chain.most + j] * (double)(level - m.c);
        }
    free(p);
    if (strcmp(measure, "p_wait") == 0)
        return waits;
    return strcmp(measure, "mean_wait") == 0 ? queue / m.lambda : NAN;
}

struct mmpp {
    double lambda[2], leave[2], mu;
};

static size_t mmpp_phases(const void *model, size_t level)
{
    (void)model;
    (void)level;
    return 2;
}

static void mmpp_rates(const void *model, size_t level, gsl_matrix *up, gsl_matrix *same,
                       gsl_matrix *down)
{
    const struct mmpp *m = model;
    for (size_t i = 0; i < 2; i++) {
        add(up, i, i, m->lambda[i]);
        add(same, i, 1 - i, m->leave[i]);
        if (level > 0)
            add(down, i, i, m->mu);
    }
}

double theory_mmpp(const char *params, const char *measure)
{
    struct mmpp m = {{given(params, "lambda1"), given(params, "lambda2")},
                     {given(params, "r12"), given(params, "r21")},
                     given(params, "mu")};
    struct levels chain = {6000, 2, mmpp_phases, mmpp_rates, &m};
    double *p = levels_solve(&chain), inside = 0, finds_busy = 0;
    for (size_t level = 1; level <= chain.top; level++)
        for (size_t i = 0; i < 2; i++) {
            inside += p[2 * level + i] * (double)level;
            finds_busy += p[2 * level + i] * m.lambda[i];
        }
    free(p);
    double rate = (m.lambda[0] * m.leave[1] + m.lambda[1] * m.leave[0]) / (m.leave[0] + m.leave[1]);
    if (strcmp(measure, "mean_response") == 0)
        return inside / rate;
    return strcmp(measure, "p_wait") == 0 ? finds_busy / rate : NAN;
}

/* Chain of the number left behind by departures; the top state is K - 1. */
double theory_md1k(const char *params, const char *measure)
{
    double rho = given(params, "lambda") * given(params, "mean_service");
    size_t full = (size_t)given(params, "K");
    double *p = calloc(full + 1, sizeof *p), sum = 1;
    p[0] = 1;
    for (size_t j = 0; j + 1 < full; j++) {
        double next = p[j] - p[0] * gsl_ran_poisson_pdf((unsigned)j, rho);
        for (size_t i = 1; i <= j; i++)
            next -= p[i] * gsl_ran_poisson_pdf((unsigned)(j - i + 1), rho);
        p[j + 1] = next / gsl_ran_poisson_pdf(0, rho);
        sum += p[j + 1];
    }
    double loss = 1 - 1 / (p[0] / sum + rho);
    free(p);
    return strcmp(measure, "loss_prob") == 0 ? loss : NAN;
}

/* Chain of the number inside, seen every D: who is in service leaves, Poisson(lambda D) come. */
struct mdc {
    double lambda, d, above;
    size_t c, n;
    double *q; /* Q_j = P(at most c + j inside) */
};

static struct mdc mdc_solve(const char *params)
{
    struct mdc m = {.lambda = given(params, "lambda"),
                    .d = given(params, "mean_service"),
                    .c = (size_t)given(params, "c"),
                    .n = 500};
    gsl_matrix *step = gsl_matrix_calloc(m.n, m.n);
    double *p = calloc(m.n, sizeof *p), sum = 0;
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
    null_vector(step, p);
    m.q = calloc(m.n - m.c, sizeof *m.q);
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

double theory_mdc(const char *params, const char *measure)
{
    struct mdc m = mdc_solve(params);
    double queue = 0, value = NAN, p = theory_p(measure);
    for (size_t j = 0; j < m.n - m.c; j++)
        queue += 1 - m.q[j]; /* P(more than j wait) */
    m.above = 0;
    double waits = mdc_miss(0, &m);
    if (strcmp(measure, "mean_wait") == 0)
        value = queue / m.lambda;
    else if (strcmp(measure, "p_wait") == 0)
        value = waits;
    else if (strncmp(measure, "wait_p", 6) == 0 && p <= 1 - waits)
        value = 0;
    else if (strncmp(measure, "wait_p", 6) == 0) {
        m.above = 1 - p;
        double rounds = floor((double)m.n / (double)m.c);
        value = theory_root(mdc_miss, &m, 0, m.d * (rounds - 2));
    }
    free(m.q);
    return value;
}

/* p, of n states, after time t of the chain with birth rate lambda and death rate mu min(i, c). */
static void uniformise(double *p, size_t n, double lambda, double mu, double c, double t)
{
    double rate = lambda + c * mu, mean = rate * t;
    unsigned last = (unsigned)(mean + 10 * sqrt(mean) + 40);
    double *now = calloc(n, sizeof *now), *next = calloc(n, sizeof *next);
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

double theory_scheduled(const char *params, const char *measure)
{
    enum { STATES = 800 };
    double t = given(params, "t"), mu = given(params, "mu"), c = given(params, "c"), from = 0;
    double p[STATES] = {1}, mean = 0;
    if (strcmp(measure, "mean_number_at_t") != 0)
        return NAN;
    for (int i = 1; i <= 3 && from < t; i++) {
        double until = i < 3 ? fmin(t, givenf(params, "switch%d", i)) : t;
        uniformise(p, STATES, givenf(params, "rate%d", i), mu, c, until - from);
        from = until;
    }
    for (size_t i = 0; i < STATES; i++)
        mean += p[i] * (double)i;
    return mean;
}

double theory_transient(const char *params, const char *measure)
{
    enum { STATES = 800 };
    double lambda = given(params, "lambda"), mu = given(params, "mu"), t = given(params, "t");
    double p[STATES] = {0}, mean = 0;
    if (strcmp(measure, "growth_rate") == 0)
        return lambda > mu ? lambda - mu : NAN;
    if (strcmp(measure, "asymptotic_offset") == 0)
        return lambda > mu ? mu / (lambda - mu) : NAN;
    if (strcmp(measure, "mean_number_at_t") != 0)
        return NAN;
    p[(size_t)given(params, "L0")] = 1;
    uniformise(p, STATES, lambda, mu, 1, t);
    for (size_t i = 0; i < STATES; i++)
        mean += p[i] * (double)i;
    return mean;
}
