#include "theory.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../sim/base/root.h"
#include "../sim/theory/bounded.h"
#include "../sim/theory/erlang.h"
#include "../sim/theory/mdc.h"
#include "../sim/theory/mg1.h"
#include "../sim/theory/mmpp.h"
#include "../sim/theory/patience.h"
#include "../sim/theory/priority.h"
#include "../sim/theory/sharing.h"
#include "../sim/theory/shortest.h"
#include "../sim/theory/single.h"
#include "given.h"

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

static double mmc_value(const char *params, const char *measure)
{
    double p = theory_p(measure);
    const struct mmc m = {given(params, "lambda"), given(params, "mu"), given(params, "c")};
    double wait = mmc_wait(&m), erlangs = m.lambda / m.mu;
    if (is(measure, "p_wait"))
        return erlang_c(m.c, erlangs);
    if (is(measure, "mean_wait"))
        return wait;
    if (is(measure, "mean_response"))
        return wait + 1 / m.mu;
    if (is(measure, "mean_queue_length"))
        return m.lambda * wait;
    if (is(measure, "mean_number_in_system"))
        return m.lambda * wait + erlangs;
    if (begins(measure, "wait_p"))
        return mmc_wait_quantile(&m, p);
    return begins(measure, "resp_p") ? mmc_latency_quantile(&m, p) : NAN;
}

static double mmck_value(const char *params, const char *measure)
{
    const struct mmc m = {given(params, "lambda"), given(params, "mu"), given(params, "c")};
    struct mmck k = mmck(&m, given(params, "K"));
    if (is(measure, "loss_prob"))
        return k.loss;
    if (is(measure, "throughput"))
        return m.lambda * (1 - k.loss);
    return is(measure, "mean_wait")       ? k.wait
           : is(measure, "mean_response") ? k.wait + 1 / m.mu
                                          : NAN;
}

static double leaves_by(const void *law, double x)
{
    return 1 - service_above(law, x);
}

static double impatient_value(const char *params, const char *measure)
{
    struct service patience;
    if (!service_given(params, "", "patience", "mean_patience", &patience))
        return NAN;
    const struct patient system = {given(params, "lambda"), given(params, "mu"), given(params, "c"),
                                   leaves_by, &patience};
    struct abandonment *a = abandonment_solve(&system);
    double value = NAN;
    if (is(measure, "p_wait"))
        value = abandonment_offered(a);
    else if (is(measure, "p_abandon"))
        value = abandonment_loss(a);
    else if (is(measure, "throughput"))
        value = system.lambda * (1 - abandonment_loss(a));
    else if (is(measure, "mean_wait_all"))
        value = abandonment_wait_all(a);
    else if (is(measure, "mean_queue_length"))
        value = system.lambda * abandonment_wait_all(a);
    else if (is(measure, "mean_wait_served"))
        value = abandonment_wait(a);
    else if (is(measure, "mean_response"))
        value = abandonment_wait(a) + 1 / system.mu;
    else if (begins(measure, "wait_p"))
        value = abandonment_wait_quantile(a, theory_p(measure));
    abandonment_free(a);
    return value;
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
        return root_between(tellman_utilization, (void *)params, 1.01, 20, 1e-13);
    return NAN;
}

static double gim1(const char *params, const char *measure)
{
    struct service gap;
    double mu = given(params, "mu"), p = theory_p(measure);
    if (!service_given(params, "", "arrival", "mean_interarrival", &gap))
        return NAN;
    double sigma = gim1_sigma(&gap, mu), rate = mu * (1 - sigma);
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

static bool service_of(const char *params, struct service *s)
{
    return service_given(params, "", "service", "mean_service", s);
}

static double mg1(const char *params, const char *measure)
{
    struct service s;
    double lambda = given(params, "lambda");
    if (!service_of(params, &s))
        return NAN;
    double first = service_moment(&s, 1), wait = mg1_wait(lambda, first, service_moment(&s, 2));
    if (is(measure, "p_wait"))
        return lambda * first;
    if (is(measure, "mean_wait"))
        return wait;
    if (is(measure, "mean_response"))
        return wait + first;
    if (is(measure, "wait_m2"))
        return mg1_wait_second(&s, lambda);
    return begins(measure, "wait_p") ? mg1_wait_quantile(&s, lambda, theory_p(measure)) : NAN;
}

double theory_wait_excess(const char *params, double x)
{
    struct service s;
    return service_of(params, &s) ? mg1_wait_excess(&s, given(params, "lambda"), x) : NAN;
}

/* Class 1 goes first. The classes, and which one a measure is of; 0: none. */
static int classes_given(const char *params, const char *measure, struct stream_of_class *streams)
{
    int classes = (int)given(params, "classes");
    const char *wanted = strstr(measure, "_class");
    for (int i = 1; i <= classes; i++) {
        struct service s;
        char prefix[32];
        snprintf(prefix, sizeof prefix, "class%d_", i);
        if (!service_given(params, prefix, "service", "mean_service", &s))
            return 0;
        streams[i - 1] = (struct stream_of_class){givenf(params, "class%d_lambda", i),
                                                  service_moment(&s, 1), service_moment(&s, 2), i};
    }
    int class = wanted ? atoi(wanted + 6) : 0;
    return class <= classes ? class : 0;
}

static double priority(const char *params, const char *measure)
{
    struct stream_of_class streams[16];
    double c = given(params, "c");
    int class = classes_given(params, measure, streams);
    size_t n = (size_t)given(params, "classes"), i = (size_t) class - 1;
    if (class == 0 || !begins(measure, "mean_wait_class"))
        return NAN;
    return isnan(c) ? mg1_priority_wait(streams, n, i) : mmc_priority_wait(streams, n, i, c);
}

static double preemptive_priority(const char *params, const char *measure)
{
    struct stream_of_class streams[16];
    double c = given(params, "c");
    int class = classes_given(params, measure, streams);
    size_t n = (size_t)given(params, "classes"), i = (size_t) class - 1;
    if (class == 0)
        return NAN;
    if (!isnan(c))
        return begins(measure, "mean_response") ? mmc_preemptive_latency(streams, n, i, c) : NAN;
    struct preemptive p = mg1_preemptive(streams, n, i);
    return begins(measure, "mean_wait") ? p.wait : p.latency;
}

static double shortest_job(const char *params, const char *measure)
{
    struct service s;
    return is(measure, "mean_wait") && service_of(params, &s)
               ? mg1_shortest_job_wait(&s, given(params, "lambda"))
               : NAN;
}

static double shortest_remaining(const char *params, const char *measure)
{
    struct service s;
    double lambda = given(params, "lambda");
    if (!service_of(params, &s))
        return NAN;
    if (is(measure, "mean_wait"))
        return mg1_shortest_remaining_wait(&s, lambda);
    return is(measure, "mean_response") ? mg1_shortest_remaining_latency(&s, lambda) : NAN;
}

/* Of any law, two values among them. */
static double mean_service(const char *params)
{
    struct service s;
    double p = given(params, "p1");
    if (service_of(params, &s))
        return service_moment(&s, 1);
    return p * given(params, "value1") + (1 - p) * given(params, "value2");
}

static double sharing(const char *params, const char *measure)
{
    double lambda = given(params, "lambda"), mean = mean_service(params), c = given(params, "c");
    if (!isnan(given(params, "K"))) {
        const struct mmc m = {lambda, 1 / mean, c};
        struct mmck k = mmck(&m, given(params, "K"));
        return is(measure, "loss_prob") ? k.loss : k.wait + mean;
    }
    if (is(measure, "mean_response"))
        return sharing_latency(lambda, mean, isnan(c) ? 1 : c);
    if (is(measure, "mean_slowdown"))
        return sharing_slowdown(lambda, mean);
    if (is(measure, "mean_response_given_size"))
        return given(params, "size") * sharing_slowdown(lambda, mean);
    return is(measure, "resp_m2") ? sharing_latency_second(lambda, mean) : NAN;
}

/* Who arrives goes first, at once: a busy period that begins with it. */
static double last_come_at_once(const char *params, const char *measure)
{
    double mean = mean_service(params);
    return is(measure, "mean_response") ? mean / (1 - given(params, "lambda") * mean) : NAN;
}

static double last_come(const char *params, const char *measure)
{
    struct service s;
    if (is(measure, "mean_wait"))
        return mg1(params, measure);
    return is(measure, "wait_var") && service_of(params, &s)
               ? mg1_last_come_variance(&s, given(params, "lambda"))
               : NAN;
}

static double delay(const struct delays *d, const char *measure)
{
    return is(measure, "p_wait") ? d->probability : is(measure, "mean_wait") ? d->wait : NAN;
}

static double mdc_value(const char *params, const char *measure)
{
    double lambda = given(params, "lambda"), d = given(params, "mean_service"),
           c = given(params, "c");
    if (begins(measure, "wait_p"))
        return mdc_wait_quantile(lambda, d, c, theory_p(measure));
    struct delays delays = mdc(lambda, d, c);
    return delay(&delays, measure);
}

static double mphc_value(const char *params, const char *measure)
{
    struct service s;
    struct delays delays;
    if (!service_of(params, &s) || !mphc(&s, given(params, "lambda"), given(params, "c"), &delays))
        return NAN;
    return delay(&delays, measure);
}

static double mmpp_value(const char *params, const char *measure)
{
    const double rate[2] = {given(params, "lambda1"), given(params, "lambda2")},
                 stay[2] = {1 / given(params, "r12"), 1 / given(params, "r21")};
    const struct mmpp_queue queue = {2, rate, stay, given(params, "mu"), 1};
    struct mmpp_solution *m = mmpp_solve(&queue);
    struct delays delays = {mmpp_wait_probability(m), mmpp_wait(m)};
    mmpp_free(m);
    return is(measure, "mean_response") ? delays.wait + 1 / queue.mu : delay(&delays, measure);
}

static double md1k(const char *params, const char *measure)
{
    const struct service s = {SERVICE_DETERMINISTIC, given(params, "mean_service"), 0, 0};
    struct bounded b = mg1k(&s, given(params, "lambda"), given(params, "K"));
    return is(measure, "loss_prob") ? b.loss : NAN;
}

static double scheduled(const char *params, const char *measure)
{
    struct chain_piece pieces[3];
    double t = given(params, "t"), from = 0;
    size_t n = 0;
    if (!is(measure, "mean_number_at_t"))
        return NAN;
    for (int i = 1; i <= 3 && from < t; i++) {
        double until = i < 3 ? fmin(t, givenf(params, "switch%d", i)) : t;
        pieces[n++] = (struct chain_piece){givenf(params, "rate%d", i), until - from};
        from = until;
    }
    return chain_mean_at(pieces, n, given(params, "mu"), given(params, "c"), 0);
}

static double transient(const char *params, const char *measure)
{
    double lambda = given(params, "lambda"), mu = given(params, "mu");
    if (is(measure, "growth_rate"))
        return lambda > mu ? lambda - mu : NAN;
    if (is(measure, "asymptotic_offset"))
        return lambda > mu ? mu / (lambda - mu) : NAN;
    const struct chain_piece piece = {lambda, given(params, "t")};
    return is(measure, "mean_number_at_t")
               ? chain_mean_at(&piece, 1, mu, 1, (size_t)given(params, "L0"))
               : NAN;
}

static double batches(const char *params, const char *measure)
{
    char kind[16];
    double mean = given(params, "mean_batch"), size = 1 / given(params, "mu");
    double lambda = given(params, "lambda_batch") * mean;
    if (!given_text(params, "batch", kind, sizeof kind))
        return NAN;
    double wait =
        batch_wait(lambda, size, 2 * size * size, is(kind, "fixed") ? mean : 2 * mean - 1);
    if (is(measure, "mean_number_in_system"))
        return lambda * (wait + size);
    if (is(measure, "mean_response"))
        return wait + size;
    return is(measure, "mean_wait") ? wait : NAN;
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
        {"M/M/c", mmc_value},
        {"M/M/c/K", mmck_value},
        {"M/M/c+M", impatient_value},
        {"M/M/c+D", impatient_value},
        {"M/M/c+G", impatient_value},
        {"M/G/c/c", mgcc},
        {"M/G/1", mg1},
        {"M/G/c tellman", tellman},
        {"M/D/c", mdc_value},
        {"M/PH/c", mphc_value},
        {"GI/M/1", gim1},
        {"M/G/1-NPPRIO", priority},
        {"M/G/1-SJF", shortest_job},
        {"M/G/1-LIFO", last_come},
        {"M/M/c-NPPRIO", priority},
        {"M/G/1-PRPRIO", preemptive_priority},
        {"M/M/c-PRPRIO", preemptive_priority},
        {"M/G/1-SRPT", shortest_remaining},
        {"M/G/1-LIFOPR", last_come_at_once},
        {"M/G/1-PS", sharing},
        {"M/M/1-PS", sharing},
        {"M/G/c-PS", sharing},
        {"M/G/c/K-PS", sharing},
        {"M^X/M/1", batches},
        {"MMPP2/M/1", mmpp_value},
        {"M/D/1/K", md1k},
        {"M/M/1-transient", transient},
        {"M(t)/M/c", scheduled},
        {"M/G/c-overload", overload},
    };
    for (size_t i = 0; i < sizeof models / sizeof *models; i++)
        if (is(models[i].name, model))
            return models[i].value(params, measure);
    return NAN;
}
