#include "theory.h"

#include "../base/err.h"
#include "../engine/stability.h"
#include "../network/network.h"
#include "../scenario/discipline.h"
#include "../scenario/process.h"
#include "bulk.h"
#include "erlang.h"
#include "finite.h"
#include "gimc.h"
#include "line.h"
#include "mdc.h"
#include "mg1.h"
#include "mmpp.h"
#include "single.h"
#include "system.h"

/* Beyond them the truncated chains leave out too much, or take too long. */
enum { MDC_CONSUMERS = 30, MPHC_CONSUMERS = 8, MMPP_CONSUMERS = 200 };
#define CHAIN_UTILIZATION 0.95

static const double usual[] = {0.5, 0.9, 0.99, 0.999};
enum { USUAL = sizeof usual / sizeof usual[0] };

/* Two classes with exponential sizes are one with hyperexponential ones. */
static bool mixture_of(const struct scenario *s, struct service *out)
{
    struct service part[2];
    for (int i = 0; i < 2; i++) {
        const struct law *law = scenario_size(s, i);
        if (!law->model || !law_model(law)->service ||
            !law_model(law)->service(law->params, &part[i]) || part[i].kind != SERVICE_EXPONENTIAL)
            return false;
    }
    *out = (struct service){SERVICE_HYPEREXPONENTIAL, scenario_share(s, 0),
                            part[0].a / s->stage.speed, part[1].a / s->stage.speed};
    return part[0].a != part[1].a && out->a > 0 && out->a < 1;
}

/* The law of all tasks, at the speed of the consumers; false where formulas do not know it. */
static bool service_of(const struct scenario *s, struct service *out)
{
    const struct law *law = scenario_size(s, 0);
    if (s->classes_count == 2)
        return mixture_of(s, out);
    if (s->classes_count > 1 || !law->model || !law_model(law)->service)
        return false;
    struct law scaled = *law;
    if (law_model(law)->scale)
        law_model(law)->scale(scaled.params, 1 / s->stage.speed);
    else if (s->stage.speed != 1)
        return false;
    return law_model(law)->service(scaled.params, out);
}

static struct system system_of(const struct scenario *s, bool waits, const double *points,
                               size_t n_points)
{
    struct system y = {.s = s,
                       .process = (const struct arrival_process *)s->arrivals.process,
                       .discipline = stage_discipline(&s->stage),
                       .view = {.params = s->arrivals.params, .rate = scenario_event_rate(s)},
                       .lambda = scenario_task_rate(s),
                       .c = s->stage.consumers,
                       .rho = scenario_utilization(s),
                       .points = points,
                       .n_points = n_points,
                       .most_cost = waits ? FINITE_MOST : FINITE_QUICK};
    y.mean = scenario_mean_size(s) / s->stage.speed;
    y.second = scenario_second_size(s) / (s->stage.speed * s->stage.speed);
    y.known = service_of(s, &y.service);
    y.by_wait = waits && y.discipline->by_arrival;
    return y;
}

/* ---- Poisson arrivals, nobody lost ---- */

static void markov(const struct system *y, struct theory *t)
{
    static const char source[] = "Erlang 1917; Gross et al. 2008, eq. 2.33-2.38";
    const struct mmc m = {y->lambda, 1 / y->mean, y->c};
    t->model = y->c == 1 ? "M/M/1" : "M/M/c";
    add_delays(t, y, erlang_c(y->c, y->lambda * y->mean), mmc_wait(&m), source, false);
    for (size_t i = 0; i < y->n_points && y->discipline->by_arrival; i++) {
        add(t, THEORY_WAIT_QUANTILE, y->points[i], mmc_wait_quantile(&m, y->points[i]), source,
            false);
        add(t, THEORY_LATENCY_QUANTILE, y->points[i], mmc_latency_quantile(&m, y->points[i]),
            source, false);
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
    for (size_t i = 0; i < y->n_points && y->by_wait && tractable(y); i++)
        add(t, THEORY_WAIT_QUANTILE, y->points[i],
            mg1_wait_quantile(&y->service, y->lambda, y->points[i]), "Benes 1957", false);
}

static void constant(const struct system *y, struct theory *t)
{
    struct delays delays = mdc(y->lambda, y->mean, y->c);
    t->model = "M/D/c";
    add_delays(t, y, delays.probability, delays.wait, "Crommelin 1932", false);
    for (size_t i = 0; i < y->n_points && y->by_wait; i++)
        add(t, THEORY_WAIT_QUANTILE, y->points[i],
            mdc_wait_quantile(y->lambda, y->mean, y->c, y->points[i]), "Franx 2001, eq. 1", false);
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
    for (size_t i = 0; i < y->n_points && y->by_wait && isfinite(wait); i++)
        add(t, THEORY_WAIT_QUANTILE, y->points[i],
            heavy_traffic_quantile(probability, wait, y->points[i]), tail, true);
}

/* ---- other arrivals, nobody lost ---- */

/* To several: exponential sizes. What is known of other arrivals, roughly, is nothing like it. */
static void batched_to_many(const struct system *y, struct theory *t)
{
    enum { MOST = 10000 };
    if (!has(y, SERVICE_EXPONENTIAL) || y->c > MOST) {
        t->why = "no formula here knows batches to several consumers, but of exponential sizes to "
                 "10,000 at the most";
        return;
    }
    struct delays delays =
        bulk_delays(y->view.rate, y->process->batch(&y->view), 1 / y->mean, y->c);
    t->model = "M^X/M/c";
    add_delays(t, y, delays.probability, delays.wait, "Chaudhry and Templeton 1983, sec. 4.2",
               false);
}

/* In batches, to one consumer: the first of a batch that finds nobody does not wait. */
static void batched(const struct system *y, struct theory *t)
{
    double batch = y->lambda / y->view.rate, dispersion = y->process->dispersion(&y->view);
    t->model = "M^X/G/1";
    add_delays(t, y, 1 - (1 - y->rho) / batch,
               batch_wait(y->lambda, y->mean, y->second, dispersion), "Burke 1975", false);
}

bool theory_gaps(const struct system *y, struct service *out)
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
    for (size_t i = 0; i < y->n_points && y->discipline->by_arrival; i++) {
        add(t, THEORY_WAIT_QUANTILE, y->points[i], gimc_wait_quantile(&m, y->points[i]), source,
            false);
        add(t, THEORY_LATENCY_QUANTILE, y->points[i], gimc_latency_quantile(&m, y->points[i]),
            source, false);
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
    for (size_t i = 0; i < y->n_points && y->discipline->by_arrival; i++) {
        add(t, THEORY_WAIT_QUANTILE, y->points[i], mmpp_wait_quantile(m, y->points[i]), source,
            false);
        add(t, THEORY_LATENCY_QUANTILE, y->points[i], mmpp_latency_quantile(m, y->points[i]),
            source, false);
    }
    mmpp_free(m);
}

static void with_room(const struct system *y, struct theory *t)
{
    bool poisson = y->process->poisson, alone = y->c == 1;
    struct delays delays;
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
        batched(y, t);
    } else if (y->process->batches) {
        batched_to_many(y, t);
    } else if (has(y, SERVICE_EXPONENTIAL) && theory_gaps(y, &gap)) {
        renewing(y, &gap, t);
    } else if (has(y, SERVICE_EXPONENTIAL) && y->process->modulation && y->c <= MMPP_CONSUMERS) {
        modulated(y, t);
    } else {
        roughly(y, t);
    }
}

/* `asked`: these points are of somebody's own. */
static void ask(const struct scenario *column, bool waits, bool asked, const double *points,
                size_t n_points, struct theory *out)
{
    *out = (struct theory){0};
    struct network *network = network_of(column);
    if (network) {
        theory_of_network(network, points, n_points, asked, waits ? LINE_MOST : LINE_QUICK, out);
        network_free(network);
        return;
    }
    struct system y = system_of(column, waits, points, n_points);
    bool delayed = !stability_turns_away(column) && !stability_conserves_work(column);
    if (y.process->clients && delayed)
        out->why = "no formula here knows a producer that takes its time to resume";
    else if (y.process->clients && scenario_impatient(column))
        out->why = "no formula here knows clients that lose patience";
    else if (y.process->clients)
        theory_of_clients(&y, out);
    else if (scenario_impatient(column))
        theory_of_impatient(&y, out);
    else if (stability_loses(column))
        theory_of_bounded(&y, out);
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
    ask(column, true, false, usual, USUAL, out);
}

void theory_at(const struct scenario *column, const double *p, size_t n, struct theory *out)
{
    ask(column, true, true, p, n, out);
}

void theory_latency(const struct scenario *column, struct theory *out)
{
    ask(column, false, false, usual, USUAL, out);
}
