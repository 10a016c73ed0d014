#include "follow.h"

#include "../scenario/discipline.h"
#include "../scenario/process.h"
#include "stability.h"

static struct process_view view_of(const struct scenario *s)
{
    return (struct process_view){
        .params = s->arrivals.params, .rate = scenario_event_rate(s), .scenario = s};
}

static const struct arrival_process *process_of(const struct scenario *s)
{
    return (const struct arrival_process *)s->arrivals.process;
}

/* Tasks of a cycle; 0: there is none. */
static double cycle_of(const struct scenario *s)
{
    const struct process_view view = view_of(s);
    struct cycle cycle;
    bool has = process_of(s)->cycle && process_of(s)->cycle(&view, &cycle);
    return has ? cycle.seconds * process_of(s)->task_rate(&view) : 0;
}

static double variation(const struct scenario *s)
{
    const struct process_view view = view_of(s);
    double mean = scenario_mean_size(s);
    return process_of(s)->dispersion(&view) + scenario_second_size(s) / (mean * mean) - 1;
}

/* Whether arrivals go on for ever as they are, or come again, with a variance that is known. */
static bool goes_on(const struct scenario *s)
{
    const struct process_view view = view_of(s);
    bool again = process_of(s)->stationary || process_of(s)->cycle;
    return again && !scenario_replays(s) && process_of(s)->dispersion &&
           !isnan(process_of(s)->dispersion(&view)) && !isnan(cycle_of(s));
}

struct follow follow_begin(const struct scenario *column, struct follow_look now)
{
    const struct discipline *discipline = stage_discipline(&column->stage);
    struct follow follow = {.begun = now, .last = now};
    follow.by_chance = discipline->by_chance;
    follow.hopeless = !scenario_is_network(column) && !discipline->by_arrival &&
                      isinf(column->stage.capacity) && !scenario_impatient(column) &&
                      goes_on(column) && stability_theory(column) == STABLE_NO;
    follow.varies = follow.hopeless ? variation(column) : INFINITY;
    follow.cycle = follow.hopeless ? cycle_of(column) : 0;
    return follow;
}

double follow_next(const struct follow *follow)
{
    if (!follow->hopeless)
        return TRIAL_CAP;
    return fmin(follow->last.spent > 0 ? 2 * follow->last.spent : FOLLOW_FIRST, TRIAL_CAP);
}

/* Measured tasks that are still inside at the cap, at the least. */
static double left_at_cap(const struct follow *follow, const struct follow_look *now)
{
    const struct follow_look *last = &follow->last;
    double gone = last->measured - now->measured, rest = TRIAL_CAP - now->spent;
    double most = FOLLOW_MARGIN * gone + 3 * sqrt(gone + 1), time = now->spent - last->spent;
    if (!follow->by_chance)
        return now->measured - most * rest / time;
    double growth = now->inside - last->inside;
    if (growth <= 0)
        return 0;
    double power = log1p(most / now->measured) / log(now->inside / last->inside);
    return now->measured * pow(1 + growth * rest / time / now->inside, -power);
}

bool follow_is_vain(struct follow *follow, struct follow_look now)
{
    const struct follow_look *begun = &follow->begun;
    double grown = now.inside - begun->inside, arrived = now.arrived - begun->arrived;
    double seen = now.arrived - follow->last.arrived;
    bool vain = follow->hopeless && follow->last.spent > 0 &&
                (follow->by_chance || seen >= FOLLOW_TASKS * follow->varies) &&
                seen >= FOLLOW_CYCLES * follow->cycle &&
                grown - follow->cycle > FOLLOW_GROWTH * sqrt(arrived * follow->varies) &&
                left_at_cap(follow, &now) >= FOLLOW_LEFT;
    follow->last = now;
    return vain;
}
