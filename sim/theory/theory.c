#include "theory.h"

#include "../base/err.h"
#include "../engine/stability.h"
#include "../scenario/discipline.h"
#include "../scenario/policy.h"
#include "../scenario/process.h"
#include "closed.h"
#include "erlang.h"
#include "mdc.h"
#include "mg1.h"
#include "patience.h"
#include "single.h"
#include "system.h"

/* Beyond them the truncated chains leave out too much, or take too long. */
enum { MDC_CONSUMERS = 30, MPHC_CONSUMERS = 8 };
#define CHAIN_UTILIZATION 0.95

static const double points[] = {0.5, 0.9, 0.99, 0.999};
enum { POINTS = sizeof points / sizeof *points };

/* The law of all tasks, at the speed of the consumers; false where formulas do not know it. */
static bool service_of(const struct scenario *s, struct service *out)
{
    const struct law *law = scenario_size(s, 0);
    if (s->classes_count > 1 || !law->model || !law_model(law)->service)
        return false;
    struct law scaled = *law;
    if (law_model(law)->scale)
        law_model(law)->scale(scaled.params, 1 / s->stage.speed);
    else if (s->stage.speed != 1)
        return false;
    return law_model(law)->service(scaled.params, out);
}

static struct system system_of(const struct scenario *s)
{
    struct system y = {.s = s,
                       .process = (const struct arrival_process *)s->arrivals.process,
                       .discipline = stage_discipline(&s->stage),
                       .view = {.params = s->arrivals.params, .rate = scenario_event_rate(s)},
                       .lambda = scenario_task_rate(s),
                       .c = s->stage.consumers,
                       .rho = scenario_utilization(s)};
    y.mean = scenario_mean_size(s) / s->stage.speed;
    y.second = scenario_second_size(s) / (s->stage.speed * s->stage.speed);
    y.known = service_of(s, &y.service);
    return y;
}

/* ---- Poisson arrivals, nobody lost ---- */

static void markov(const struct system *y, struct theory *t)
{
    static const char source[] = "Erlang 1917; Gross et al. 2008, eq. 2.33-2.38";
    const struct mmc m = {y->lambda, 1 / y->mean, y->c};
    t->model = y->c == 1 ? "M/M/1" : "M/M/c";
    add_delays(t, y, erlang_c(y->c, y->lambda * y->mean), mmc_wait(&m), source, false);
    for (int i = 0; i < POINTS && y->discipline->by_arrival; i++) {
        add(t, THEORY_WAIT_QUANTILE, points[i], mmc_wait_quantile(&m, points[i]), source, false);
        add(t, THEORY_LATENCY_QUANTILE, points[i], mmc_latency_quantile(&m, points[i]), source,
            false);
    }
}

/* Whether the renewal equation of the wait is solved within a second: by the number of steps that
 * an exponential tail of the same mean would take. */
static bool tractable(const struct system *y)
{
    double tail = mg1_wait(y->lambda, y->mean, y->second) / y->rho * log(y->rho / 5e-4);
    return y->known && tail / (service_step(&y->service) / 4) < 1000;
}

static void single(const struct system *y, struct theory *t)
{
    t->model = "M/G/1";
    add_delays(t, y, y->rho, mg1_wait(y->lambda, y->mean, y->second),
               "Pollaczek 1930, Khinchine 1932", false);
    for (int i = 0; i < POINTS && y->discipline->by_arrival && tractable(y); i++)
        add(t, THEORY_WAIT_QUANTILE, points[i],
            mg1_wait_quantile(&y->service, y->lambda, points[i]), "Benes 1957", false);
}

static void constant(const struct system *y, struct theory *t)
{
    struct delays delays = mdc(y->lambda, y->mean, y->c);
    t->model = "M/D/c";
    add_delays(t, y, delays.probability, delays.wait, "Crommelin 1932", false);
    for (int i = 0; i < POINTS && y->discipline->by_arrival; i++)
        add(t, THEORY_WAIT_QUANTILE, points[i],
            mdc_wait_quantile(y->lambda, y->mean, y->c, points[i]), "Franx 2001, eq. 1", false);
}

static void roughly(const struct system *y, struct theory *t)
{
    static const char source[] = "Allen and Cunneen 1978", tail[] = "Kingman 1962";
    double ca2 = y->process->dispersion ? y->process->dispersion(&y->view) : NAN;
    double cs2 = y->second / (y->mean * y->mean) - 1;
    double probability = erlang_c(y->c, y->lambda * y->mean);
    double wait = allen_cunneen_wait(y->lambda, y->mean, y->c, ca2, cs2);
    if (isnan(wait)) {
        t->why = "nothing is known of how the traffic varies";
        return;
    }
    t->model = y->process->poisson ? "M/G/c" : y->c == 1 ? "GI/G/1" : "GI/G/c";
    add_delays(t, y, probability, wait, y->c == 1 ? "Kingman 1961" : source, true);
    for (int i = 0; i < POINTS && y->discipline->by_arrival && isfinite(wait); i++)
        add(t, THEORY_WAIT_QUANTILE, points[i],
            heavy_traffic_quantile(probability, wait, points[i]), tail, true);
}

static void with_room(const struct system *y, struct theory *t)
{
    bool poisson = y->process->poisson, alone = y->c == 1;
    struct delays delays;
    struct law gaps;
    struct service gap;
    if (theory_by_discipline(y, t)) {
        return;
    } else if (poisson && has(y, SERVICE_EXPONENTIAL)) {
        markov(y, t);
    } else if (poisson && alone) {
        single(y, t);
    } else if (poisson && has(y, SERVICE_DETERMINISTIC) && y->c <= MDC_CONSUMERS &&
               y->rho <= CHAIN_UTILIZATION) {
        constant(y, t);
    } else if (poisson && y->known && y->c <= MPHC_CONSUMERS && y->rho <= CHAIN_UTILIZATION &&
               mphc(&y->service, y->lambda, y->c, &delays)) {
        t->model = "M/PH/c";
        add_delays(t, y, delays.probability, delays.wait, "Gaver, Jacobs and Latouche 1984", false);
    } else if (y->process->batches && alone) {
        t->model = "M^X/G/1";
        double wait = batch_wait(y->lambda, y->mean, y->second, y->process->dispersion(&y->view));
        add_delays(t, y, NAN, wait, "Burke 1975", false);
    } else if (y->process->gaps && alone && has(y, SERVICE_EXPONENTIAL) &&
               (y->process->gaps(&y->view, &gaps), law_model(&gaps)->service) &&
               law_model(&gaps)->service(gaps.params, &gap) && !isnan(service_transform(&gap, 1))) {
        static const char source[] = "Kendall 1953; Kleinrock 1975, sec. 6.4";
        double sigma = gim1_sigma(&gap, 1 / y->mean), rate = (1 - sigma) / y->mean;
        t->model = "GI/M/1";
        add_delays(t, y, sigma, sigma / rate, source, false);
        for (int i = 0; i < POINTS && y->discipline->by_arrival; i++)
            add(t, THEORY_LATENCY_QUANTILE, points[i], -log1p(-points[i]) / rate, source, false);
    } else {
        roughly(y, t);
    }
}

/* ---- bounded buffers that lose ---- */

/* Poisson arrivals at M/M/c/K, or at any sizes that share the consumers. */
static void few_inside(const struct system *y, struct theory *t)
{
    const struct policy *policy = (const struct policy *)y->s->stage.when_full;
    const struct discipline *d = y->discipline;
    const char *source = d->shares ? "Cohen 1979" : "Erlang 1917; Gross et al. 2008, sec. 2.5";
    const struct mmc m = {y->lambda, 1 / y->mean, y->c};
    struct mmck k = mmck(&m, y->s->stage.capacity + y->c);
    t->model = d->shares ? "M/G/c/K, shared" : "M/M/c/K";
    add(t, THEORY_LOSS, NAN, k.loss, source, false);
    if (policy->verdict != VERDICT_LOSE_NEWEST)
        return;
    if (d->order == ORDER_BLIND && !d->before && !d->shares)
        add(t, THEORY_WAIT_MEAN, NAN, k.wait, source, false);
    if (d->shares)
        add(t, THEORY_LATENCY_MEAN, NAN, k.wait + y->mean, source, false);
}

static void without_room(const struct system *y, struct theory *t)
{
    const struct policy *policy = (const struct policy *)y->s->stage.when_full;
    double places = y->s->stage.capacity, most = places + y->c;
    if (!y->process->poisson) {
        t->why = "no formula here knows losses of arrivals that are not Poisson";
    } else if (places == 0) {
        t->model = "M/G/c/c";
        add(t, THEORY_LOSS, NAN, erlang_b(y->c, y->lambda * y->mean), "Erlang 1917, formula B",
            false);
    } else if (y->discipline->shares && policy->verdict == VERDICT_LOSE_NEWEST) {
        few_inside(y, t);
    } else if (has(y, SERVICE_EXPONENTIAL) && y->discipline->order != ORDER_SHORTEST) {
        few_inside(y, t);
    } else if (has(y, SERVICE_DETERMINISTIC) && y->c == 1 && !y->discipline->before &&
               !y->discipline->shares) {
        t->model = "M/D/1/K";
        add(t, THEORY_LOSS, NAN, md1k_loss(y->rho, most), "Gross et al. 2008, sec. 5.1", false);
    } else {
        t->why = "no formula here knows the losses of a finite buffer with sizes of this law, "
                 "taken in this order";
    }
}

/* ---- closed systems ---- */

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

static void closed(const struct system *y, struct theory *t)
{
    static const char source[] = "Lavenberg and Reiser 1980", lost[] = "Engset 1918, Cohen 1957";
    const struct stage *stage = &y->s->stage;
    const struct law *think = y->process->think(&y->view);
    double clients = process_clients(y->s), most = stage->capacity + y->c;
    bool loses = stability_loses(y->s) && clients > most;
    bool shares = y->discipline->shares, one_class = scenario_classes(y->s) == 1;
    bool blind = y->discipline->order == ORDER_BLIND
                     ? !y->discipline->before && !shares
                     : y->discipline->order == ORDER_PRIORITY && one_class;
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
    } else if (shares && !loses) {
        static const char product[] = "Baskett, Chandy, Muntz and Palacios 1975";
        t->model = "G/G/c//N, shared";
        add(t, THEORY_LATENCY_MEAN, NAN, means.wait + y->mean, product, false);
        add_flow(t, &means, product);
    } else if (!blind) {
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
        for (int i = 0; i < POINTS && y->discipline->by_arrival; i++) {
            add(t, THEORY_WAIT_QUANTILE, points[i], finite_wait_quantile(&f, points[i]), source,
                false);
            add(t, THEORY_LATENCY_QUANTILE, points[i], finite_latency_quantile(&f, points[i]),
                source, false);
        }
    }
}

/* ---- tasks that lose patience ---- */

static void in_order(const struct system *y, const struct law *patience, struct theory *t)
{
    static const char source[] = "Baccelli and Hebuterne 1981; Zeltyn and Mandelbaum 2005",
                      palm[] = "Palm 1957; Garnett et al. 2002";
    const struct patient system = {y->lambda, 1 / y->mean, y->c, law_model(patience)->cdf,
                                   patience->params};
    struct service law;
    bool exponential = law_model(patience)->service &&
                       law_model(patience)->service(patience->params, &law) &&
                       law.kind == SERVICE_EXPONENTIAL;
    struct abandonment *a = abandonment_solve(&system);
    const char *from = exponential ? palm : source;
    t->model = exponential ? "M/M/c+M" : "M/M/c+G";
    add(t, THEORY_LOSS, NAN, abandonment_loss(a), from, false);
    add_delays(t, y, abandonment_waits(a), abandonment_wait(a), from, false);
    for (int i = 0; i < POINTS; i++)
        add(t, THEORY_WAIT_QUANTILE, points[i], abandonment_wait_quantile(a, points[i]), source,
            false);
    abandonment_free(a);
}

static void with_patience(const struct system *y, struct theory *t)
{
    const struct law *patience = scenario_timeout(y->s, 0);
    bool bounded = stability_turns_away(y->s);
    struct service law = {.kind = SERVICE_DETERMINISTIC};
    if (!y->process->poisson || !has(y, SERVICE_EXPONENTIAL)) {
        t->why = "of tasks that lose patience formulas know one class, with Poisson arrivals and "
                 "exponential sizes";
        return;
    }
    bool known =
        law_model(patience)->service && law_model(patience)->service(patience->params, &law);
    bool blind = (y->discipline->order == ORDER_BLIND || y->discipline->order == ORDER_PRIORITY) &&
                 !y->discipline->before && !y->discipline->shares;
    if (!stability_conserves_work(y->s)) {
        t->why = "no formula here knows a producer that takes its time to resume";
    } else if (!bounded && y->discipline->by_arrival && (known || !law_model(patience)->atoms)) {
        in_order(y, patience, t);
    } else if (known && law.kind == SERVICE_EXPONENTIAL && blind) {
        const struct mmc m = {y->lambda, 1 / y->mean, y->c};
        t->model = bounded ? "M/M/c/K+M" : "M/M/c+M";
        add(t, THEORY_LOSS, NAN, erlang_a_loss(&m, 1 / law.a, y->s->stage.capacity + y->c),
            "Palm 1957; Garnett et al. 2002", false);
    } else {
        t->why = "no formula here knows the losses of tasks with this patience, in this order or "
                 "from such a buffer";
    }
}

void theory_of(const struct scenario *column, struct theory *out)
{
    *out = (struct theory){0};
    struct system y = system_of(column);
    if (y.process->clients && !stability_loses(column) && !stability_conserves_work(column))
        out->why = "no formula here knows a producer that takes its time to resume";
    else if (y.process->clients && scenario_impatient(column))
        out->why = "no formula here knows clients that lose patience";
    else if (y.process->clients)
        closed(&y, out);
    else if (scenario_impatient(column))
        with_patience(&y, out);
    else if (stability_loses(column))
        without_room(&y, out);
    else if (isnan(y.rho))
        out->why = "the rate of the traffic, or the sizes, are not known beforehand";
    else if (!stability_conserves_work(column))
        out->why = "no formula here knows a producer that takes its time to resume";
    else if (!(y.rho < 1))
        out->why = "utilization is 1 or more: the backlog grows, and nothing is at rest";
    else if (!y.process->stationary)
        out->why = "the traffic moves with time";
    else
        with_room(&y, out);
}
