/* What is known of trials before they run (trial.h): which go together, and what they cost. */
#include <stdlib.h>

#include "../base/err.h"
#include "../network/facts.h"
#include "../scenario/trouble.h"
#include "periods.h"
#include "relaxation.h"
#include "trial.h"

void trial_in_periods(const struct trial_group *group, const void *context,
                      void (*run)(const void *context, const struct trial_group *part))
{
    if (!periods_matter(group->ids[0].s)) {
        run(context, group);
        return;
    }
    struct scenario *whole = xmalloc(group->n * sizeof *whole);
    struct trial_id *ids = xmalloc(group->n * sizeof *ids);
    for (unsigned i = 0; i < group->n; i++) {
        ids[i] = group->ids[i];
        if (periods_resolve(ids[i].s, ids[i].column, &whole[i]))
            ids[i].s = &whole[i];
    }
    for (unsigned i = 0, n; i < group->n; i += n) {
        const struct run *same = &ids[i].s->run;
        for (n = 1; i + n < group->n && same_bits(same, &ids[i + n].s->run, sizeof *same);)
            n++;
        struct trial_group part = *group;
        part.ids = ids + i;
        part.n = n;
        part.trials += i;
        run(context, &part);
    }
    free(ids);
    free(whole);
}

/* How long it takes to forget, in tasks or, by_time, in seconds; whether that is all there is to
 * know of it. */
static bool forgets_in(const struct scenario *column, bool by_time, double *relaxation)
{
    struct network_facts *facts = trial_places(column) > 1 ? network_facts_of(column) : NULL;
    *relaxation = facts ? facts->relaxation[facts->network->n_stages] : relaxation_tasks(column);
    if (by_time)
        *relaxation /= facts ? facts->rate : scenario_likely_rate(column);
    bool known = isfinite(*relaxation) && (!facts || facts->known);
    network_facts_free(facts);
    return known;
}

bool trial_first_pilot(const struct scenario *column, double most, bool by_time, double *pilot)
{
    double relaxation;
    bool known = forgets_in(column, by_time, &relaxation);
    double forgotten = RELAXATION_PILOT * relaxation;
    *pilot = fmin(by_time ? most / 10 : fmax(200, floor(most / 10)), most);
    if (isfinite(forgotten) && forgotten > *pilot)
        *pilot = fmax(*pilot, by_time ? most / 4 : ceil(most / 4));
    return known;
}

bool trial_alike(const struct scenario *a, const struct scenario *b)
{
    bool same_source = a->arrivals.process == b->arrivals.process && a->seed == b->seed;
    const struct arrivals *x = &a->arrivals, *y = &b->arrivals;
    if (scenario_replays(a) && !same_bits(x->params, y->params, sizeof x->params))
        return false;
    return same_source && !sweep_drifts(a) && !sweep_drifts(b) &&
           same_bits(&a->run, &b->run, sizeof a->run);
}

double trial_warm_up_time(const struct scenario *s)
{
    const struct run *run = &s->run;
    switch ((enum amount_kind)run->warmup.kind) {
    case AMOUNT_AUTO:
        return sweep_drifts(s) || scenario_has_moment(s) ||
                       (scenario_replays(s) && !isnan(run->duration))
                   ? 0
                   : NAN;
    case AMOUNT_COUNT:
        return NAN;
    case AMOUNT_DURATION:
        return run->warmup.value;
    case AMOUNT_SHARE:
        return run->warmup.value * run->duration;
    }
    return NAN;
}

uint32_t trial_places(const struct scenario *s)
{
    return (uint32_t)scenario_places(s);
}

const char *trial_place_name(const struct scenario *s, uint32_t place)
{
    return scenario_place_name(s, (int)place);
}

uint32_t trial_whole(const struct scenario *s)
{
    return scenario_is_network(s) ? (uint32_t)scenario_stages(s) : 0;
}

uint32_t trial_batches(const struct scenario *s)
{
    return s->run.replications == 1 && !sweep_drifts(s) && !scenario_replays(s) &&
                   !scenario_has_moment(s)
               ? TRIAL_BATCHES
               : 1;
}

static double cost_of(const struct scenario *s, uint32_t column)
{
    const struct amount *warmup = &s->run.warmup;
    bool whole_trace;
    double tasks = scenario_tasks(s, &whole_trace), before = 0.1;
    if (!isnan(s->run.duration)) {
        struct scenario *at = xmalloc(sizeof *at);
        if (sweep_drifts(s))
            sweep_scenario_at(s, 0.5, at);
        else
            sweep_scenario(s, column, at);
        tasks = s->run.duration * scenario_likely_rate(at);
        if ((enum amount_kind)warmup->kind == AMOUNT_DURATION)
            before = warmup->value / s->run.duration;
        free(at);
    }
    if (!isfinite(tasks) || tasks < 1)
        tasks = 1e6;
    return tasks +
           ((enum amount_kind)warmup->kind == AMOUNT_COUNT ? warmup->value : before * tasks);
}

double trial_cost(const struct scenario *s, uint32_t column)
{
    struct scenario *whole = xmalloc(sizeof *whole);
    double cost = cost_of(periods_resolve(s, column, whole) ? whole : s, column);
    free(whole);
    return cost;
}
