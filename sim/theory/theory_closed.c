/* What formulas know of closed systems. */
#include "../engine/stability.h"
#include "../scenario/policy.h"
#include "closed.h"
#include "system.h"

static void add_flow(struct theory *t, const struct finite_means *means, const char *source)
{
    add(t, THEORY_THROUGHPUT, NAN, means->throughput, source, false);
    add(t, THEORY_UTILIZATION, NAN, means->utilization, source, false);
}

/* As many consumers as clients: nobody waits, whatever the laws. */
static void nobody_waits(const struct system *y, struct theory *t)
{
    static const char source[] = "Little 1961";
    double clients = process_clients(y->s);
    double rate = clients / (process_think(y->s) + y->mean);
    const struct finite_means means = {.throughput = rate, .utilization = rate * y->mean / y->c};
    t->model = "G/G/c//N with a consumer for everybody";
    add_delays(t, y, 0, 0, source, false);
    add_flow(t, &means, source);
}

void theory_of_clients(const struct system *y, struct theory *t)
{
    static const char source[] = "Lavenberg and Reiser 1980", lost[] = "Engset 1918, Cohen 1957";
    const struct stage *stage = &y->s->stage;
    const struct law *think = y->process->think(&y->view);
    double clients = process_clients(y->s), most = stage->capacity + y->c;
    bool loses = stability_loses(y->s) && clients > most;
    struct service thought;
    bool random = law_model(think)->service && law_model(think)->service(think->params, &thought) &&
                  thought.kind == SERVICE_EXPONENTIAL;
    const struct finite_source f = {clients, process_think(y->s), 1 / y->mean, y->c,
                                    loses ? most : INFINITY};
    if (clients > CLOSED_CLIENTS || !(f.think > 0) || !(y->mean > 0)) {
        t->why = "the formulas for closed systems want times above 0, and 20000 clients at most";
        return;
    }
    struct finite_means means = finite_source(&f);
    if (!loses && clients <= y->c) {
        nobody_waits(y, t);
    } else if (loses && most == y->c) {
        t->model = "G/G/c/c//N";
        add(t, THEORY_LOSS, NAN, means.loss, lost, false);
        add_flow(t, &means, lost);
    } else if (y->discipline->shares && !loses) {
        static const char product[] = "Baskett, Chandy, Muntz and Palacios 1975";
        t->model = "G/G/c//N, shared";
        add(t, THEORY_LATENCY_MEAN, NAN, means.wait + y->mean, product, false);
        add_flow(t, &means, product);
    } else if (!is_blind(y)) {
        t->why = "no formula here knows the order in which these tasks are taken";
    } else if (!has(y, SERVICE_EXPONENTIAL)) {
        t->why = "no formula here knows waits in a closed system with sizes of this law";
    } else if (loses && !random) {
        t->why = "no formula here knows losses of clients who think by this law";
    } else if (loses) {
        const struct policy *policy = (const struct policy *)stage->when_full;
        t->model = "M/M/c/K//N";
        add(t, THEORY_LOSS, NAN, means.loss, source, false);
        add_flow(t, &means, source);
        if (policy->verdict == VERDICT_LOSE_NEWEST)
            add(t, THEORY_WAIT_MEAN, NAN, means.wait, source, false);
    } else {
        t->model = random ? "M/M/c//N" : "G/M/c//N";
        add_delays(t, y, means.probability, means.wait, source, false);
        add_flow(t, &means, source);
        for (size_t i = 0; i < y->n_points && y->discipline->by_arrival; i++) {
            add(t, THEORY_WAIT_QUANTILE, y->points[i], finite_wait_quantile(&f, y->points[i]),
                source, false);
            add(t, THEORY_LATENCY_QUANTILE, y->points[i], finite_latency_quantile(&f, y->points[i]),
                source, false);
        }
    }
}
