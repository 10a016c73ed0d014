#include "rare_cases.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../sim/base/err.h"
#include "../sim/base/root.h"
#include "../sim/theory/bounded.h"
#include "../sim/theory/chains.h"
#include "../sim/theory/erlang.h"
#include "../sim/theory/mg1.h"
#include "setting.h"

#define SIZE(law)     "tasks.size.distribution=" law "; "
#define POISSON(rate) "arrivals.process=poisson; arrivals.rate=" rate "; "
#define BOUNDED(k)    "buffer.capacity=" k "; buffer.when_full=reject"

static struct rare_case cases[] = {
    {.name = "M/M/1/84 .8",
     .setting = POISSON("0.8") SIZE("exponential") "tasks.size.mean=1; " BOUNDED("83")},
    {.name = "M/M/4/50 .7",
     .setting =
         POISSON("2.8") SIZE("exponential") "tasks.size.mean=1; consumers.count=4; " BOUNDED("46")},
    {.name = "M/D/1/40 .8",
     .setting = POISSON("0.8") SIZE("deterministic") "tasks.size.value=1; " BOUNDED("39")},
    {.name = "MMPP/M/1/60",
     .setting = "arrivals.process=mmpp; arrivals.states.0.rate=0.4; "
                "arrivals.states.0.mean_duration=20; arrivals.states.1.rate=1.1; "
                "arrivals.states.1.mean_duration=10; " SIZE(
                    "exponential") "tasks.size.mean=1; " BOUNDED("59")},
    {.name = "M/M/1 .8",
     .measure = RARE_LATENCY,
     .setting = POISSON("0.8") SIZE("exponential") "tasks.size.mean=1"},
    {.name = "M/M/4 .8",
     .measure = RARE_WAIT,
     .setting = POISSON("3.2") SIZE("exponential") "tasks.size.mean=1; consumers.count=4"},
    {.name = "M/D/1 .7",
     .measure = RARE_WAIT,
     .setting = POISSON("0.7") SIZE("deterministic") "tasks.size.value=1"},
    {.name = "D/M/1 .8",
     .measure = RARE_WAIT,
     .setting = "arrivals.process=renewal; arrivals.rate=0.8; "
                "arrivals.interarrival.distribution=deterministic; "
                "arrivals.interarrival.value=1; " SIZE("exponential") "tasks.size.mean=1"},
    {.name = "M^X/M/1 .6",
     .measure = RARE_WAIT,
     .setting = "arrivals.process=batch; arrivals.rate=0.2; arrivals.batch.distribution=geometric; "
                "arrivals.batch.mean=3; " SIZE("exponential") "tasks.size.mean=1"},
    {.name = "M/Pareto/1",
     .measure = RARE_WAIT,
     .setting = POISSON("0.5") SIZE("pareto") "tasks.size.alpha=2.5; tasks.size.low=0.6"},
};
enum { CASES = sizeof cases / sizeof *cases };

static double mmck_loss(double load, double c, int most)
{
    double p = 1, sum = 1;
    for (int n = 1; n <= most; n++)
        sum += p *= load / fmin(n, c);
    return p / sum;
}

/* Two phases: rates 0.4 and 1.1, left at 1/20 and 1/10; service at rate 1. */
static double mmpp_loss(size_t most)
{
    static const double lambda[2] = {0.4, 1.1}, leave[2] = {0.05, 0.1};
    size_t n = 2 * (most + 1);
    gsl_matrix *m = gsl_matrix_calloc(n, n);
    double *p = xcalloc(n, sizeof *p), lost = 0, all = 0;
    for (size_t i = 0; i < n; i++) {
        size_t phase = i % 2, inside = i / 2;
        double out = leave[phase];
        gsl_matrix_set(m, i, 2 * inside + 1 - phase, leave[phase]);
        if (inside < most) {
            gsl_matrix_set(m, i, i + 2, lambda[phase]);
            out += lambda[phase];
        }
        if (inside > 0) {
            gsl_matrix_set(m, i, i - 2, 1);
            out += 1;
        }
        gsl_matrix_set(m, i, i, -out);
    }
    chain_null_vector(m, p);
    for (size_t i = 0; i < n; i++)
        all += p[i] * lambda[i % 2];
    for (size_t i = n - 2; i < n; i++)
        lost += p[i] * lambda[i % 2];
    gsl_matrix_free(m);
    free(p);
    return lost / all;
}

/* lambda (exp(theta) - 1) = theta, and the residue there. */
static double md1_pole(double theta, void *lambda)
{
    return *(double *)lambda * expm1(theta) - theta;
}

/* GI/M/1, mu 1: what an arrival finds busy, sigma = A*(1 - sigma). */
static double d_sigma(double sigma, void *gap)
{
    return exp(-*(double *)gap * (1 - sigma)) - sigma;
}

/* Geometric batches: gaps are 0 with 1 - 1/m, else exponential, independent of each other. */
static double batch_sigma(double sigma, void *rate)
{
    double lambda = *(double *)rate;
    return 2.0 / 3 + lambda / (3 * (lambda + 1 - sigma)) - sigma;
}

static void tail_of_sigma(struct rare_case *c, double sigma)
{
    c->a = sigma;
    c->theta = 1 - sigma;
}

static void fill_in(void)
{
    double gap = 1.25, rate = 0.2, lambda = 0.7;
    for (size_t i = 0; i < CASES; i++)
        cases[i].loss = cases[i].a = cases[i].theta = cases[i].p999 = NAN;
    cases[0].loss = mmck_loss(0.8, 1, 84);
    cases[1].loss = mmck_loss(2.8, 4, 50);
    const struct service constant = {.kind = SERVICE_DETERMINISTIC, .a = 1};
    cases[2].loss = mg1k(&constant, 0.8, 40).loss;
    cases[3].loss = mmpp_loss(60);
    cases[4].a = 1;
    cases[4].theta = 0.2;
    cases[5].a = erlang_c(4, 3.2);
    cases[5].theta = 0.8;
    cases[6].theta = root_between(md1_pole, &lambda, 0.1, 3, 1e-14);
    cases[6].a = (1 - lambda) / (lambda * exp(cases[6].theta) - 1);
    tail_of_sigma(&cases[7], root_between(d_sigma, &gap, 0.1, 0.9, 1e-14));
    tail_of_sigma(&cases[8], root_between(batch_sigma, &rate, 0.1, 0.95, 1e-14));
    const struct service pareto = {SERVICE_PARETO, 0.6, 2.5, 0};
    cases[9].p999 = mg1_wait_quantile(&pareto, 0.5, 0.999);
}

const struct rare_case *rare_cases(size_t *n)
{
    static bool filled;
    if (!filled)
        fill_in();
    filled = true;
    *n = CASES;
    return cases;
}

const struct rare_case *rare_case_named(const char *name)
{
    size_t n;
    const struct rare_case *all = rare_cases(&n);
    for (size_t i = 0; i < n; i++)
        if (strcmp(all[i].name, name) == 0)
            return &all[i];
    return NULL;
}

double rare_case_truth(const struct rare_case *c, size_t figure)
{
    if (c->measure == RARE_LOSS)
        return c->loss;
    if (!isnan(c->p999))
        return figure == 1 ? c->p999 : NAN;
    return log(c->a / rare_q[figure]) / c->theta;
}

struct rare *rare_case_run(const struct rare_case *c, double seed, double relative,
                           double max_tasks, unsigned jobs)
{
    struct scenario *s = xcalloc(1, sizeof *s);
    setting_apply(s, c->setting);
    s->seed = seed;
    struct rare_question question = {.s = s,
                                     .measure = c->measure,
                                     .relative = relative,
                                     .confidence = 0.95,
                                     .max_tasks = max_tasks,
                                     .jobs = jobs};
    return rare_find(&question);
}

void rare_case_free(struct rare *rare)
{
    free((struct scenario *)rare->question.s);
    rare_free(rare);
}
