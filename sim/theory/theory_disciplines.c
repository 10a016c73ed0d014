/* What is known where the discipline matters to means (system.h). */
#include "erlang.h"
#include "priority.h"
#include "sharing.h"
#include "shortest.h"
#include "system.h"

/* A figure of one class. */
static void add_of(struct theory *t, int class, enum theory_measure measure, double value,
                   const char *source)
{
    size_t n = t->n;
    add(t, measure, NAN, value, source, false);
    if (t->n > n)
        t->figure[n].class = class;
}

static size_t streams_of(const struct system *y, struct stream_of_class *streams)
{
    const struct scenario *s = y->s;
    size_t n = (size_t)scenario_classes(s);
    double speed = s->stage.speed;
    for (size_t i = 0; i < n; i++) {
        const struct law *law = scenario_size(s, (int)i);
        streams[i] = (struct stream_of_class){
            y->lambda * scenario_share(s, (int)i), law_mean(law) / speed,
            law_model(law)->second(law->params) / (speed * speed), s->classes[i].priority};
    }
    return n;
}

/* Whether all classes have exponential sizes of one mean. */
static bool all_markov(const struct scenario *s)
{
    for (int i = 0; i < scenario_classes(s); i++) {
        const struct law *law = scenario_size(s, i);
        struct service service;
        if (!law_model(law)->service || !law_model(law)->service(law->params, &service) ||
            service.kind != SERVICE_EXPONENTIAL || law_mean(law) != law_mean(scenario_size(s, 0)))
            return false;
    }
    return true;
}

static void by_priority(const struct system *y, struct theory *t)
{
    static const char alone[] = "Cobham 1954, eq. 3", many[] = "Cobham 1954; Kella, Yechiali 1985";
    const char *source = y->c == 1 ? alone : many;
    struct stream_of_class streams[MAX_CLASSES];
    size_t n = streams_of(y, streams);
    double all = 0;
    t->model = y->c == 1 ? "M/G/1 with priorities" : "M/M/c with priorities";
    for (size_t i = 0; i < n; i++) {
        double wait =
            y->c == 1 ? mg1_priority_wait(streams, n, i) : mmc_priority_wait(streams, n, i, y->c);
        all += scenario_share(y->s, (int)i) * wait;
        add_of(t, (int)i, THEORY_WAIT_MEAN, wait, source);
        add_of(t, (int)i, THEORY_LATENCY_MEAN, wait + streams[i].first, source);
    }
    double waits = y->c == 1 ? y->rho : erlang_c(y->c, y->lambda * y->mean);
    add_delays(t, y, waits, all, source, false);
}

/* Shares of 0 have no latency. */
static void by_preemptive_priority(const struct system *y, struct theory *t)
{
    static const char alone[] = "White and Christie 1958", many[] = "Buzen and Bondi 1983";
    struct stream_of_class streams[MAX_CLASSES];
    size_t n = streams_of(y, streams);
    struct preemptive all = {0};
    bool one = y->c == 1;
    t->model = one ? "M/G/1 with preemptive priorities" : "M/M/c with preemptive priorities";
    for (size_t i = 0; i < n; i++) {
        double share = scenario_share(y->s, (int)i);
        struct preemptive p = mg1_preemptive(streams, n, i);
        double latency = one ? p.latency : mmc_preemptive_latency(streams, n, i, y->c);
        if (!(share > 0))
            continue;
        all.probability += share * p.probability;
        all.wait += share * p.wait;
        all.latency += share * latency;
        if (one)
            add_of(t, (int)i, THEORY_WAIT_MEAN, p.wait, alone);
        add_of(t, (int)i, THEORY_LATENCY_MEAN, latency, one ? alone : many);
    }
    if (one) {
        add(t, THEORY_WAIT_PROBABILITY, NAN, all.probability, alone, false);
        add(t, THEORY_WAIT_MEAN, NAN, all.wait, alone, false);
    }
    add(t, THEORY_LATENCY_MEAN, NAN, all.latency, one ? alone : many, false);
}

static void by_size(const struct system *y, struct theory *t)
{
    static const char phipps[] = "Phipps 1956", srpt[] = "Schrage and Miller 1966";
    const struct service *s = &y->service;
    if (!y->discipline->before) {
        t->model = "M/G/1 by shortest job";
        add_delays(t, y, y->rho, mg1_shortest_job_wait(s, y->lambda), phipps, false);
        return;
    }
    t->model = "M/G/1 by shortest remaining";
    add(t, THEORY_WAIT_MEAN, NAN, mg1_shortest_remaining_wait(s, y->lambda), srpt, false);
    add(t, THEORY_LATENCY_MEAN, NAN, mg1_shortest_remaining_latency(s, y->lambda), srpt, false);
}

static void by_sharing(const struct system *y, struct theory *t)
{
    t->model = y->c == 1 ? "M/G/1, shared" : "M/G/c, shared";
    for (int i = 0; i < scenario_classes(y->s) && scenario_classes(y->s) > 1 && y->c == 1; i++)
        add_of(t, i, THEORY_LATENCY_MEAN,
               law_mean(scenario_size(y->s, i)) / y->s->stage.speed *
                   sharing_slowdown(y->lambda, y->mean),
               "Kleinrock 1967");
    add(t, THEORY_LATENCY_MEAN, NAN, sharing_latency(y->lambda, y->mean, y->c), "Cohen 1979",
        false);
}

/* A task and those that interrupt it are a busy period; with exponential sizes the number inside
 * does not depend on the order. */
static void last_come(const struct system *y, struct theory *t)
{
    t->model = y->c == 1 ? "M/G/1, last come first" : "M/M/c, last come first";
    double latency = y->c == 1 ? y->mean / (1 - y->rho) : sharing_latency(y->lambda, y->mean, y->c);
    add(t, THEORY_LATENCY_MEAN, NAN, latency, "Conway, Maxwell and Miller 1967", false);
}

bool theory_by_discipline(const struct system *y, struct theory *t)
{
    const struct discipline *d = y->discipline;
    bool poisson = y->process->poisson, alone = y->c == 1;
    bool classes = d->order == ORDER_PRIORITY && scenario_classes(y->s) > 1;
    bool one_class = d->order == ORDER_PRIORITY && !classes; /* in order of arrival */
    if (one_class || (d->order == ORDER_BLIND && !d->before && !d->shares))
        return false;
    if (isfinite(y->s->stage.capacity))
        t->why = "no formula here knows tasks that wait outside, where the order does not reach";
    else if (d->shares && poisson)
        by_sharing(y, t);
    else if (classes && poisson && (alone || all_markov(y->s)))
        (d->before ? by_preemptive_priority : by_priority)(y, t);
    else if (d->order == ORDER_SHORTEST && poisson && alone && y->known)
        by_size(y, t);
    else if (d->order == ORDER_BLIND && d->before && poisson &&
             (alone || has(y, SERVICE_EXPONENTIAL)))
        last_come(y, t);
    else
        t->why = "no formula here knows the order in which these tasks are taken";
    return true;
}
