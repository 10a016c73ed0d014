#include "theory.h"

#include "../base/err.h"
#include "../engine/stability.h"
#include "../scenario/discipline.h"
#include "../scenario/policy.h"
#include "../scenario/process.h"
#include "bounded.h"
#include "erlang.h"
#include "gimc.h"
#include "mdc.h"
#include "mg1.h"
#include "mmpp.h"
#include "single.h"

/* Beyond them the truncated chains leave out too much, or take too long. */
enum { MDC_CONSUMERS = 30, MPHC_CONSUMERS = 8, MMPP_CONSUMERS = 200 };
#define CHAIN_UTILIZATION 0.95

static const double points[] = {0.5, 0.9, 0.99, 0.999};
enum { POINTS = sizeof points / sizeof *points };

/* The scenario as formulas see it. */
struct system {
    const struct scenario *s;
    const struct arrival_process *process;
    const struct discipline *discipline;
    struct process_view view;
    double lambda, mean, second, c, rho;
    struct service service; /* of all tasks, in seconds at the consumers' speed */
    bool known;             /* service is filled in */
    bool by_wait; /* quantiles of the wait are asked for, and known: in order of arrival */
};

static void add(struct theory *t, enum theory_measure measure, double p, double value,
                const char *source, bool approximate)
{
    if (isnan(value) || t->n == THEORY_FIGURES)
        return;
    t->figure[t->n++] = (struct theory_figure){measure, THEORY_ALL, p, value, approximate, source};
}

/* The three that always go together: the latency has the mean size on top of the wait. */
static void add_delays(struct theory *t, const struct system *y, double probability, double wait,
                       const char *source, bool approximate)
{
    add(t, THEORY_WAIT_PROBABILITY, NAN, probability, source, approximate);
    add(t, THEORY_WAIT_MEAN, NAN, wait, source, approximate);
    add(t, THEORY_LATENCY_MEAN, NAN, wait + y->mean, source, approximate);
}

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

static struct system system_of(const struct scenario *s, bool waits)
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
    y.by_wait = waits && y.discipline->by_arrival;
    return y;
}

static bool has(const struct system *y, enum service_kind kind)
{
    return y->known && y->service.kind == kind;
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
    for (int i = 0; i < POINTS && y->by_wait && tractable(y); i++)
        add(t, THEORY_WAIT_QUANTILE, points[i],
            mg1_wait_quantile(&y->service, y->lambda, points[i]), "Benes 1957", false);
}

static void constant(const struct system *y, struct theory *t)
{
    struct delays delays = mdc(y->lambda, y->mean, y->c);
    t->model = "M/D/c";
    add_delays(t, y, delays.probability, delays.wait, "Crommelin 1932", false);
    for (int i = 0; i < POINTS && y->by_wait; i++)
        add(t, THEORY_WAIT_QUANTILE, points[i],
            mdc_wait_quantile(y->lambda, y->mean, y->c, points[i]), "Franx 2001, eq. 1", false);
}

static double dispersion_of(const struct system *y)
{
    struct modulation states;
    if (!y->process->modulation)
        return y->process->dispersion ? y->process->dispersion(&y->view) : NAN;
    y->process->modulation(&y->view, &states);
    return mmpp_dispersion(states.n, states.rate, states.stay);
}

static void roughly(const struct system *y, struct theory *t)
{
    static const char source[] = "Allen and Cunneen 1978", tail[] = "Kingman 1962";
    double ca2 = dispersion_of(y);
    double cs2 = y->second / (y->mean * y->mean) - 1;
    double probability = erlang_c(y->c, y->lambda * y->mean);
    double wait = allen_cunneen_wait(y->lambda, y->mean, y->c, ca2, cs2);
    if (isnan(wait)) {
        t->why = "nothing is known of how the traffic varies";
        return;
    }
    t->model = y->process->poisson ? "M/G/c" : y->c == 1 ? "GI/G/1" : "GI/G/c";
    add_delays(t, y, probability, wait, y->c == 1 ? "Kingman 1961" : source, true);
    for (int i = 0; i < POINTS && y->by_wait && isfinite(wait); i++)
        add(t, THEORY_WAIT_QUANTILE, points[i],
            heavy_traffic_quantile(probability, wait, points[i]), tail, true);
}

static void by_priority(const struct system *y, struct theory *t)
{
    static const char source[] = "Cobham 1954, eq. 3";
    struct stream_of_class streams[MAX_CLASSES];
    const struct scenario *s = y->s;
    size_t n = (size_t)scenario_classes(s);
    double all = 0, speed = s->stage.speed;
    for (size_t i = 0; i < n; i++) {
        const struct law *law = scenario_size(s, (int)i);
        streams[i] = (struct stream_of_class){
            y->lambda * scenario_share(s, (int)i), law_mean(law) / speed,
            law_model(law)->second(law->params) / (speed * speed), s->classes[i].priority};
    }
    t->model = "M/G/1 with priorities";
    for (size_t i = 0; i < n; i++) {
        double wait = mg1_priority_wait(streams, n, i);
        all += scenario_share(s, (int)i) * wait;
        add(t, THEORY_WAIT_MEAN, NAN, wait, source, false);
        t->figure[t->n - 1].class = (int)i;
    }
    add_delays(t, y, y->rho, all, source, false);
}

/* ---- other arrivals, nobody lost ---- */

/* In batches, to one consumer: the first of a batch that finds nobody does not wait. */
static void batched(const struct system *y, struct theory *t)
{
    double batch = y->lambda / y->view.rate, dispersion = y->process->dispersion(&y->view);
    t->model = "M^X/G/1";
    add_delays(t, y, 1 - (1 - y->rho) / batch,
               batch_wait(y->lambda, y->mean, y->second, dispersion), "Burke 1975", false);
}

/* The law of independent gaps; false where formulas do not know it. */
static bool gaps_of(const struct system *y, struct service *out)
{
    struct law gaps;
    if (!y->process->gaps)
        return false;
    y->process->gaps(&y->view, &gaps);
    return law_model(&gaps)->service && law_model(&gaps)->service(gaps.params, out);
}

static void renewing(const struct system *y, const struct service *gap, struct theory *t)
{
    const char *source = y->c == 1 ? "Kendall 1953; Kleinrock 1975, sec. 6.4"
                                   : "Takacs 1962; Kleinrock 1975, sec. 6.3";
    struct gimc m = gimc(gap, 1 / y->mean, y->c);
    t->model = y->c == 1 ? "GI/M/1" : "GI/M/c";
    add_delays(t, y, m.probability, gimc_wait(&m), source, false);
    for (int i = 0; i < POINTS && y->discipline->by_arrival; i++) {
        add(t, THEORY_WAIT_QUANTILE, points[i], gimc_wait_quantile(&m, points[i]), source, false);
        add(t, THEORY_LATENCY_QUANTILE, points[i], gimc_latency_quantile(&m, points[i]), source,
            false);
    }
}

static void modulated(const struct system *y, struct theory *t)
{
    static const char source[] = "Neuts 1981; Latouche and Ramaswami 1993";
    struct modulation states;
    y->process->modulation(&y->view, &states);
    const struct mmpp_queue queue = {states.n, states.rate, states.stay, 1 / y->mean, y->c};
    struct mmpp_solution *m = mmpp_solve(&queue);
    t->model = y->c == 1 ? "MMPP/M/1" : "MMPP/M/c";
    add_delays(t, y, mmpp_wait_probability(m), mmpp_wait(m), source, false);
    for (int i = 0; i < POINTS && y->discipline->by_arrival; i++) {
        add(t, THEORY_WAIT_QUANTILE, points[i], mmpp_wait_quantile(m, points[i]), source, false);
        add(t, THEORY_LATENCY_QUANTILE, points[i], mmpp_latency_quantile(m, points[i]), source,
            false);
    }
    mmpp_free(m);
}

static void with_room(const struct system *y, struct theory *t)
{
    bool poisson = y->process->poisson, alone = y->c == 1;
    bool blind = y->discipline->order == ORDER_BLIND ||
                 (y->discipline->order == ORDER_PRIORITY && scenario_classes(y->s) == 1);
    struct delays delays;
    struct service gap;
    if (y->discipline->order == ORDER_PRIORITY && !blind && poisson && alone) {
        by_priority(y, t);
    } else if (y->discipline->order == ORDER_SHORTEST && poisson && alone && y->known) {
        t->model = "M/G/1 by shortest job";
        add_delays(t, y, y->rho, mg1_shortest_job_wait(&y->service, y->lambda), "Phipps 1956",
                   false);
    } else if (!blind) {
        t->why = "no formula here knows the order in which these tasks are taken";
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
        batched(y, t);
    } else if (has(y, SERVICE_EXPONENTIAL) && gaps_of(y, &gap)) {
        renewing(y, &gap, t);
    } else if (has(y, SERVICE_EXPONENTIAL) && y->process->modulation && y->c <= MMPP_CONSUMERS) {
        modulated(y, t);
    } else {
        roughly(y, t);
    }
}

/* ---- bounded buffers that lose ---- */

/* Losses, and, where it is the newcomer that is lost and order is blind to size, delays. */
static void add_bounded(struct theory *t, const struct system *y, const struct bounded *b,
                        const char *source)
{
    const struct policy *policy = (const struct policy *)y->s->stage.when_full;
    add(t, THEORY_LOSS, NAN, b->loss, source, false);
    if (policy->verdict == VERDICT_LOSE_NEWEST)
        add_delays(t, y, b->probability, b->wait, source, false);
}

static void without_room(const struct system *y, struct theory *t)
{
    static const char embedded[] = "Gross et al. 2008, sec. 5.1", erlang[] =
                                                                      "Erlang 1917; "
                                                                      "Gross et al. 2008, sec. 2.5";
    double places = y->s->stage.capacity, most = places + y->c;
    const struct mmc m = {y->lambda, 1 / y->mean, y->c};
    bool small = y->known && y->c == 1 && most <= BOUNDED_MOST;
    struct service gap;
    struct bounded b;
    if (y->process->poisson && places == 0) {
        t->model = "M/G/c/c";
        add(t, THEORY_LOSS, NAN, erlang_b(y->c, y->lambda * y->mean), "Erlang 1917, formula B",
            false);
        add(t, THEORY_LATENCY_MEAN, NAN, y->mean, "Erlang 1917, formula B", false);
    } else if (y->discipline->order == ORDER_SHORTEST) {
        t->why = "no formula here knows losses where the sizes decide who is served";
    } else if (y->process->poisson && has(y, SERVICE_EXPONENTIAL)) {
        struct mmck k = mmck(&m, most);
        b = (struct bounded){k.loss, k.probability, k.wait};
        t->model = "M/M/c/K";
        add_bounded(t, y, &b, erlang);
    } else if (y->process->poisson && small) {
        b = mg1k(&y->service, y->lambda, most);
        t->model = has(y, SERVICE_DETERMINISTIC) ? "M/D/1/K" : "M/G/1/K";
        add_bounded(t, y, &b, embedded);
    } else if (small && has(y, SERVICE_EXPONENTIAL) && gaps_of(y, &gap)) {
        b = gim1k(&gap, 1 / y->mean, most);
        t->model = "GI/M/1/K";
        add_bounded(t, y, &b, "Gross et al. 2008, sec. 5.3");
    } else {
        t->why = y->process->poisson
                     ? "no formula here knows the losses of a finite buffer with sizes of this law"
                     : "no formula here knows losses of these arrivals";
    }
}

static void ask(const struct scenario *column, bool waits, struct theory *out)
{
    *out = (struct theory){0};
    struct system y = system_of(column, waits);
    if (stability_loses(column))
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

void theory_of(const struct scenario *column, struct theory *out)
{
    ask(column, true, out);
}

void theory_latency(const struct scenario *column, struct theory *out)
{
    ask(column, false, out);
}
