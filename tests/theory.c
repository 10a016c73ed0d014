#include "theory.h"

#include <assert.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_math.h>
#include <gsl/gsl_roots.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "given.h"
#include "service.h"

double theory_root(double (*f)(double x, void *context), void *context, double low, double high)
{
    gsl_function function = {f, context};
    gsl_root_fsolver *solver = gsl_root_fsolver_alloc(gsl_root_fsolver_brent);
    gsl_root_fsolver_set(solver, &function, low, high);
    int status = GSL_CONTINUE;
    for (int i = 0; i < 200 && status == GSL_CONTINUE; i++) {
        gsl_root_fsolver_iterate(solver);
        status = gsl_root_test_interval(gsl_root_fsolver_x_lower(solver),
                                        gsl_root_fsolver_x_upper(solver), 0, 1e-13);
    }
    double root = gsl_root_fsolver_root(solver);
    gsl_root_fsolver_free(solver);
    return root;
}

double theory_p(const char *measure)
{
    const char *end = strrchr(measure, '_');
    if (!end || end[1] != 'p' || strspn(end + 2, "0123456789") != strlen(end + 2))
        return NAN;
    return strtod(end + 2, NULL) / pow(10, (double)strlen(end + 2));
}

static int is(const char *a, const char *b)
{
    return strcmp(a, b) == 0;
}

static int begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

/* Blocking probability of c servers offered a erlangs (Erlang 1917), by recursion. */
static double erlang_b(double servers, double erlangs)
{
    double b = 1;
    for (double i = 1; i <= servers; i++)
        b = erlangs * b / (i + erlangs * b);
    return b;
}

static double erlang_c(double servers, double erlangs)
{
    double b = erlang_b(servers, erlangs), rho = erlangs / servers;
    return b / (1 - rho * (1 - b));
}

struct mmc {
    double mu, c, erlangs, wait_probability, p;
};

/* P(T > t) - (1 - p): the wait is zero or Exp(c mu - lambda), and service is Exp(mu). */
static double mmc_response(double t, void *context)
{
    const struct mmc *m = context;
    double d = m->c - 1 - m->erlangs;
    double own = exp(-m->mu * t), both = exp(-m->mu * t * (1 + d));
    double extra = fabs(d) < 1e-9 ? m->mu * t * own : (own - both) / d;
    return own + m->wait_probability * extra - (1 - m->p);
}

static double mmc(const char *params, const char *measure)
{
    double lambda = given(params, "lambda"), p = theory_p(measure);
    struct mmc m = {given(params, "mu"), given(params, "c"), 0, 0, p};
    m.erlangs = lambda / m.mu;
    m.wait_probability = erlang_c(m.c, m.erlangs);
    double spare = m.c * m.mu - lambda, wait = m.wait_probability / spare;
    if (is(measure, "p_wait"))
        return m.wait_probability;
    if (is(measure, "mean_wait"))
        return wait;
    if (is(measure, "mean_response"))
        return wait + 1 / m.mu;
    if (is(measure, "mean_queue_length"))
        return lambda * wait;
    if (is(measure, "mean_number_in_system"))
        return lambda * wait + m.erlangs;
    if (begins(measure, "wait_p"))
        return p <= 1 - m.wait_probability ? 0 : log(m.wait_probability / (1 - p)) / spare;
    if (begins(measure, "resp_p"))
        return theory_root(mmc_response, &m, 0, 100 * (1 / m.mu + 1 / spare));
    return NAN;
}

static double mmck(const char *params, const char *measure)
{
    double lambda = given(params, "lambda"), mu = given(params, "mu"), c = given(params, "c");
    double full = given(params, "K"), weight = 1, sum = 0, queue = 0;
    for (double n = 0; n <= full; n++) {
        weight *= n > 0 ? lambda / (mu * fmin(n, c)) : 1;
        sum += weight;
        queue += weight * fmax(0, n - c);
    }
    double loss = weight / sum, accepted = lambda * (1 - loss);
    if (is(measure, "loss_prob"))
        return loss;
    if (is(measure, "throughput"))
        return accepted;
    return is(measure, "mean_wait") ? queue / sum / accepted : NAN;
}

static double mgcc(const char *params, const char *measure)
{
    struct service s;
    if (!service_given(params, "", "service", "mean_service", &s))
        return NAN;
    double lambda = given(params, "lambda");
    double loss = erlang_b(given(params, "c"), lambda * service_moment(&s, 1));
    if (is(measure, "loss_prob"))
        return loss;
    return is(measure, "throughput") ? lambda * (1 - loss) : NAN;
}

static double tellman_utilization(double alpha, void *context)
{
    const char *params = context;
    struct service s = {SERVICE_BPARETO, given(params, "low"), given(params, "high"), alpha};
    return given(params, "lambda_per_consumer") * service_moment(&s, 1) - 1;
}

static double tellman(const char *params, const char *measure)
{
    struct service s;
    if (!service_given(params, "", "service", "mean_service", &s))
        return NAN;
    if (is(measure, "offered_rho"))
        return given(params, "lambda") * service_moment(&s, 1) / given(params, "c");
    if (is(measure, "alpha_at_rho_1"))
        return theory_root(tellman_utilization, (void *)params, 1.01, 20);
    return NAN;
}

/* sigma, the smallest root of sigma = A*(mu (1 - sigma)): iterated upwards from 0. */
static double gim1(const char *params, const char *measure)
{
    struct service gap;
    double mu = given(params, "mu"), sigma = 0, p = theory_p(measure);
    if (!service_given(params, "", "arrival", "mean_interarrival", &gap))
        return NAN;
    for (double last = -1; sigma - last > 1e-15;) {
        last = sigma;
        sigma = service_transform(&gap, mu * (1 - sigma));
    }
    double rate = mu * (1 - sigma);
    if (is(measure, "sigma"))
        return sigma;
    if (is(measure, "mean_wait"))
        return sigma / rate;
    if (is(measure, "mean_response"))
        return 1 / rate;
    if (begins(measure, "resp_p"))
        return -log1p(-p) / rate;
    return begins(measure, "wait_p") ? fmax(0, log(sigma / (1 - p)) / rate) : NAN;
}

static double batches(const char *params, const char *measure)
{
    char kind[16];
    double lambda = given(params, "lambda_batch"), mean = given(params, "mean_batch");
    if (!given_text(params, "batch", kind, sizeof kind))
        return NAN;
    double second = is(kind, "fixed") ? mean * mean : mean * (2 * mean - 1);
    double rho = lambda * mean / given(params, "mu");
    double inside = rho * (second + mean) / (2 * mean * (1 - rho));
    if (is(measure, "mean_number_in_system"))
        return inside;
    if (is(measure, "mean_response"))
        return inside / (lambda * mean);
    return is(measure, "mean_wait") ? inside / (lambda * mean) - 1 / given(params, "mu") : NAN;
}

static double overload(const char *params, const char *measure)
{
    struct service s;
    if (!service_given(params, "", "service", "mean_service", &s))
        return NAN;
    double served = given(params, "c") / service_moment(&s, 1);
    if (is(measure, "throughput"))
        return served;
    return is(measure, "growth_rate") ? given(params, "lambda") - served : NAN;
}

double theory_value(const char *model, const char *params, const char *measure)
{
    static const struct {
        const char *name;
        double (*value)(const char *params, const char *measure);
    } models[] = {
        {"M/M/c", mmc},
        {"M/M/c/K", mmck},
        {"M/G/c/c", mgcc},
        {"M/G/1", theory_mg1},
        {"M/G/c tellman", tellman},
        {"M/D/c", theory_mdc},
        {"M/PH/c", theory_mphc},
        {"GI/M/1", gim1},
        {"M/G/1-NPPRIO", theory_priority},
        {"M/G/1-SJF", theory_shortest_job},
        {"M/G/1-LIFO", theory_last_come},
        {"M^X/M/1", batches},
        {"MMPP2/M/1", theory_mmpp},
        {"M/D/1/K", theory_md1k},
        {"M/M/1-transient", theory_transient},
        {"M(t)/M/c", theory_scheduled},
        {"M/G/c-overload", overload},
    };
    for (size_t i = 0; i < sizeof models / sizeof *models; i++)
        if (is(models[i].name, model))
            return models[i].value(params, measure);
    return NAN;
}
