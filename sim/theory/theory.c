#include "theory.h"

#include "../base/err.h"
#include "../engine/stability.h"
#include "../scenario/discipline.h"
#include "../scenario/policy.h"
#include "../scenario/process.h"
#include "erlang.h"
#include "mdc.h"
#include "mg1.h"
#include "single.h"

/* Beyond them the truncated chains leave out too much, or take too long. */
enum { MDC_CONSUMERS = 30, MPHC_CONSUMERS = 8 };
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

static void with_room(const struct system *y, struct theory *t)
{
    bool poisson = y->process->poisson, alone = y->c == 1;
    bool blind = y->discipline->order == ORDER_BLIND ||
                 (y->discipline->order == ORDER_PRIORITY && scenario_classes(y->s) == 1);
    struct delays delays;
    struct law gaps;
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

static void without_room(const struct system *y, struct theory *t)
{
    const struct policy *policy = (const struct policy *)y->s->stage.when_full;
    double places = y->s->stage.capacity, most = places + y->c;
    const struct mmc m = {y->lambda, 1 / y->mean, y->c};
    if (!y->process->poisson) {
        t->why = "no formula here knows losses of arrivals that are not Poisson";
    } else if (places == 0) {
        t->model = "M/G/c/c";
        add(t, THEORY_LOSS, NAN, erlang_b(y->c, y->lambda * y->mean), "Erlang 1917, formula B",
            false);
    } else if (has(y, SERVICE_EXPONENTIAL)) {
        static const char source[] = "Erlang 1917; Gross et al. 2008, sec. 2.5";
        struct mmck k = mmck(&m, most);
        t->model = "M/M/c/K";
        add(t, THEORY_LOSS, NAN, k.loss, source, false);
        if (policy->verdict == VERDICT_LOSE_NEWEST && y->discipline->order == ORDER_BLIND)
            add_delays(t, y, NAN, k.wait, source, false);
    } else if (has(y, SERVICE_DETERMINISTIC) && y->c == 1) {
        t->model = "M/D/1/K";
        add(t, THEORY_LOSS, NAN, md1k_loss(y->rho, most), "Gross et al. 2008, sec. 5.1", false);
    } else {
        t->why = "no formula here knows the losses of a finite buffer with sizes of this law";
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
