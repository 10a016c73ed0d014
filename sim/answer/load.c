#include "load.h"

#include <stdlib.h>

#include "../base/err.h"
#include "../engine/trial.h"
#include "../result/timescale.h"
#include "../scenario/process.h"
#include "exact.h"
#include "load_network.h"

/* Poisson traffic in place of what there is. */
static void set_poisson(struct scenario *s, double rate)
{
    for (size_t i = 0; process_family.models[i]; i++)
        if (((const struct arrival_process *)process_family.models[i])->poisson)
            s->arrivals = (struct arrivals){.process = process_family.models[i],
                                            .rate = rate,
                                            .rate_per_consumer = NAN,
                                            .utilization = NAN};
}

void load_lasting(struct scenario *s)
{
    double rate = process_lasting(s);
    if (rate > 0 && !scenario_is_network(s))
        set_poisson(s, rate);
}

void load_run(struct scenario *s, double tasks, double most, int replications)
{
    double period = process_period(s), wanted = timescale_wanted(s);
    s->run.replications = replications;
    s->run.tasks = ceil(fmax(tasks, fmin(wanted / replications, most)));
    s->run.duration = NAN;
    if (isnan(period))
        return;
    s->run.duration = period * fmax(1, ceil(s->run.tasks / (scenario_likely_rate(s) * period)));
    s->run.tasks = NAN;
    s->run.warmup = (struct amount){AMOUNT_DURATION, period};
}

double load_loss_by_theory(const struct scenario *at)
{
    struct objective loss = {.figure = {.kind = FIGURE_LOSS_FRACTION}};
    loss.figure.class = scenario_classes(at) > 1 ? (uint32_t)scenario_classes(at) : 0;
    struct exact exact;
    exact_figures(at, &loss, 1, &exact);
    return exact.value[0] / LOAD_LOSS;
}

bool load_loses(const struct scenario *s)
{
    return scenario_is_network(s) ? load_network_loses(s) : stability_loses(s);
}

double load_by_theory(const struct scenario *at)
{
    if (scenario_is_network(at))
        return load_network_by_theory(at);
    double lasting = process_lasting(at);
    if (!isnan(lasting) && stability_conserves_work(at) && !scenario_impatient(at))
        return lasting * scenario_mean_size(at) / at->stage.speed / at->stage.consumers;
    if (!stability_conserves_work(at) || scenario_impatient(at))
        return NAN;
    return process_is_closed(at) ? scenario_demand(at) : scenario_utilization(at);
}

/* `from` as it is measured: of a resampled trace what the log has, on which resampled days agree in
 * the long run. */
static void take(struct scenario *s, const struct scenario *from)
{
    *s = *from;
    const struct arrival_process *process = (const struct arrival_process *)s->arrivals.process;
    if (process->as_recorded)
        process->as_recorded(s->arrivals.params);
}

static struct result *run(const struct load_meter *meter, const struct scenario *s)
{
    struct run_options options = meter->run;
    options.engine = engine_for(s);
    options.journal = NULL;
    struct result *result = run_scenario(s, &options);
    if (result && result->interrupted) {
        result_free(result);
        return NULL;
    }
    return result;
}

/* Over the run asked for, from its beginning. */
static void measure_own(struct scenario *s)
{
    s->run.warmup = (struct amount){AMOUNT_COUNT, 0};
    s->run.replications = scenario_repeats(s) ? 1 : LOAD_REPLICATIONS;
}

bool load_survey(struct load_meter *meter, const struct scenario *s)
{
    meter->rate = meter->size = NAN;
    meter->of = s->arrivals;
    if (!scenario_brings_sizes(s))
        return true;
    struct scenario *own = xmalloc(sizeof *own);
    take(own, s);
    measure_own(own);
    struct result *result = run(meter, own);
    if (result) {
        const struct row *row = result_row(result, 0, result_row_classes(result) - 1);
        meter->rate = row->arrival_rate;
        meter->size = (row->latency_mean - row->wait_mean) * s->stage.speed;
        result_free(result);
    }
    free(own);
    return result != NULL;
}

static void measure_for(struct scenario *s, double tasks)
{
    s->run.at_end = END_CENSOR;
    s->run.warmup = (struct amount){AMOUNT_COUNT, ceil(tasks / 10)};
    load_run(s, tasks, LOAD_MOST, LOAD_REPLICATIONS);
}

/* Poisson traffic that is more than the consumers can do. */
static void flood(struct scenario *s, double tasks)
{
    set_poisson(s, LOAD_OFFERED * s->stage.consumers * s->stage.speed / scenario_mean_size(s));
    measure_for(s, tasks);
}

/* Slows down all but the arrivals. Returns by what factor. */
static double slow_down(const struct load_meter *meter, struct scenario *s)
{
    double most = s->stage.consumers * s->stage.speed / meter->size;
    double slower = LOAD_OFFERED_TRACE * most / meter->rate;
    s->stage.speed /= slower;
    s->stage.resume_delay *= slower;
    s->run.at_end = END_CENSOR;
    measure_own(s);
    return slower;
}

/* What the measuring of one load needs; results NULL where they are not needed. */
struct measuring {
    const struct load_meter *meter;
    struct scenario *s;              /* as run */
    struct result *result, *traffic; /* the latter where the rate is not known */
    double rate, slower;
};

static double length(const struct window *w)
{
    return w->close.time - w->open.time;
}

/* Tasks that came, and that could have been done, in the same time; of a buffer that loses, that
 * were lost and that may be. */
struct done {
    double came, could;
};

static struct done done_by(const struct measuring *m, uint32_t replication)
{
    const struct window *w = result_window(m->result, 0, replication);
    double served = (double)(w->close.completed - w->open.completed), rate = m->rate;
    if (load_loses(m->s))
        return (struct done){(double)(w->close.lost - w->open.lost),
                             LOAD_LOSS * (double)(w->close.arrived - w->open.arrived)};
    if (!isnan(m->meter->size)) /* the tasks of this window may have needed more or less */
        served = (w->close.busy_area - w->open.busy_area) * m->s->stage.speed / m->meter->size;
    if (m->traffic) {
        const struct window *t = result_window(m->traffic, 0, replication);
        rate = (double)(t->close.arrived - t->open.arrived) / length(t);
    }
    return (struct done){rate * length(w), m->slower * served};
}

static void sum_up_network(const struct measuring *m, const struct scenario *at, struct load *out)
{
    struct came_and_could each[LOAD_REPLICATIONS], sum = {0, 0};
    load_network_seen(m->result, at, m->slower, each, m->result->replications);
    for (uint32_t r = 0; r < m->result->replications; r++) {
        out->each[out->n++] = each[r].came / each[r].could;
        sum.came += each[r].came;
        sum.could += each[r].could;
    }
    out->value = sum.came / sum.could;
}

static void sum_up(const struct measuring *m, struct load *out)
{
    struct done sum = {0, 0};
    for (uint32_t r = 0; r < m->result->replications; r++) {
        struct done done = done_by(m, r);
        out->each[out->n++] = done.came / done.could;
        sum.came += done.came;
        sum.could += done.could;
    }
    out->value = sum.came / sum.could;
}

/* Whether rate and size are not those of this trace: a parameter of it was varied. */
static bool is_another(const struct load_meter *meter, const struct scenario *at)
{
    return scenario_brings_sizes(at) &&
           !same_bits(meter->of.params, at->arrivals.params, sizeof meter->of.params);
}

double load_wanted(const struct scenario *at)
{
    if (!load_loses(at) || scenario_brings_sizes(at))
        return 0;
    double wanted = timescale_wanted(at);
    return wanted > LOAD_MOST * LOAD_REPLICATIONS ? wanted : 0;
}

static bool measure_network(const struct load_meter *meter, const struct scenario *at, double tasks,
                            struct load *out)
{
    struct measuring m = {meter, xmalloc(sizeof *m.s), NULL, NULL, NAN, load_network_slower(at)};
    *m.s = *at;
    load_network_slow_down(m.s, m.slower);
    measure_for(m.s, tasks);
    m.result = run(meter, m.s);
    if (m.result)
        sum_up_network(&m, at, out);
    bool whole = m.result != NULL;
    result_free(m.result);
    free(m.s);
    return whole;
}

bool load_measure(const struct load_meter *meter, const struct scenario *at, double tasks,
                  struct load *out)
{
    struct load_meter own;
    if (is_another(meter, at)) {
        own = *meter;
        if (!load_survey(&own, at))
            return false;
        meter = &own;
    }
    *out = (struct load){.value = INFINITY};
    if (scenario_is_network(at) && !load_loses(at))
        return measure_network(meter, at, tasks, out);
    if (!load_loses(at) && isinf(scenario_mean_size(at)))
        return true;
    bool trace = scenario_brings_sizes(at);
    struct measuring m = {meter, xmalloc(sizeof *m.s), NULL, NULL, scenario_task_rate(at), 1};
    take(m.s, at);
    load_lasting(m.s);
    if (!isnan(process_lasting(at)))
        m.rate = process_lasting(at);
    if (trace)
        m.rate = meter->rate;
    if (process_is_closed(at)) /* what they would ask for if nobody had to wait */
        m.rate =
            scenario_demand(at) * at->stage.consumers * at->stage.speed / scenario_mean_size(at);
    bool survey = isnan(m.rate) && !load_loses(at), complete = true;
    if (survey) {
        measure_own(m.s);
        m.s->run.at_end = END_CENSOR;
        m.traffic = run(meter, m.s);
        complete = m.traffic != NULL;
        take(m.s, at);
    }
    if (load_loses(at) && trace)
        measure_own(m.s);
    else if (load_loses(at))
        measure_for(m.s, tasks);
    else if (trace)
        m.slower = slow_down(meter, m.s);
    else
        flood(m.s, tasks);
    m.result = complete ? run(meter, m.s) : NULL;
    complete = m.result != NULL;
    if (complete)
        sum_up(&m, out);
    result_free(m.result);
    result_free(m.traffic);
    free(m.s);
    return complete;
}
