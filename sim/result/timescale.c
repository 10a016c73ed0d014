#include "timescale.h"

#include "../base/err.h"
#include "../network/facts.h"
#include "../scenario/process.h"
#include "../scenario/rarity.h"

/* What takes the longest to be met so many times. */
static void take(struct timescale *slowest, double tasks, const char *what, int cycles,
                 bool by_clock)
{
    double of_chance = by_clock ? slowest->of_chance : fmax(tasks, slowest->of_chance);
    if (cycles * tasks > slowest->cycles * slowest->tasks)
        *slowest = (struct timescale){tasks, NAN, what, by_clock, cycles, of_chance};
    slowest->of_chance = of_chance;
}

/* Values of a law of which one in `every` is above `above`; `each`: tasks for each value. */
static void take_rare(struct timescale *slowest, const struct rarity *rare, double each,
                      enum unit unit, const char *what)
{
    char text[64];
    if (!(rare->every > TIMESCALE_ORDINARY))
        return;
    unit_human(unit, rare->above, 2, text, sizeof text);
    take(slowest, rare->every * each,
         isinf(rare->every) ? internf("%s have no mean, and the largest one never returns", what)
                            : internf("one of the %s above %s comes", what, text),
         TIMESCALE_CYCLES, false);
}

/* What a source does again and again, in tasks of which `rate` come each second in all. */
static void take_cycle(struct timescale *slowest, const struct arrivals *arrivals,
                       const struct process_view *view, double rate, int states)
{
    const struct arrival_process *process = (const struct arrival_process *)arrivals->process;
    struct cycle cycle;
    if (process->cycle && process->cycle(view, &cycle)) {
        bool by_clock = process->period && !isnan(process->period(view));
        take(slowest, cycle.seconds * rate, cycle.what, by_clock ? TIMESCALE_CYCLES : states,
             by_clock);
    }
}

/* The laws of its gaps and batches; `each`: tasks in all for each of its own. */
static void take_laws(struct timescale *slowest, const struct arrivals *arrivals,
                      const struct process_view *view, double each, double share)
{
    const struct arrival_process *process = (const struct arrival_process *)arrivals->process;
    struct rarity rare;
    if (process->gaps) {
        struct law gaps;
        process->gaps(view, &gaps);
        rare = law_rarity(&gaps, TIMESCALE_SHARE);
        take_rare(slowest, &rare, each, UNIT_DURATION, "gaps");
    }
    if (process->batch) {
        const struct law *batch = process->batch(view);
        rare = law_rarity(batch, share);
        take_rare(slowest, &rare, each * law_mean(batch), UNIT_NUMBER, "batches");
    }
}

/* The sizes of a stage, by class: each so many requests come to one visit. */
static void take_stage(struct timescale *slowest, const struct network_facts *facts, uint32_t stage,
                       double share)
{
    const struct network *n = facts->network;
    for (uint32_t class = 0; class < n->n_classes; class ++) {
        double rate = facts->traffic->by_class[(size_t) class * n->n_stages + stage];
        const struct law **laws = n->stages[stage].size;
        if (!(rate > 0) || !laws || !laws[class] || !laws[class]->model)
            continue;
        struct rarity rare = law_rarity(laws[class], share);
        take_rare(slowest, &rare, facts->rate / rate, UNIT_DURATION,
                  internf("sizes of %s", n->stages[stage].name));
    }
}

/* Of a network: all its sources, and the work of all its stages. */
static bool find_in_network(const struct network_facts *facts, int states, double share,
                            struct timescale *out)
{
    const struct network *n = facts->network;
    *out = (struct timescale){0, NAN, NULL, false, 1, 0};
    if (facts->replays || isnan(facts->rate))
        return false;
    for (uint32_t i = 0; i < n->n_inlets; i++) {
        double own = facts->traffic->requests[i];
        const struct arrivals *arrivals = n->inlets[i].arrivals;
        const struct process_view view = {
            .params = arrivals->params, .rate = own, .scenario = n->scenario};
        if (own > 0) {
            take_cycle(out, arrivals, &view, facts->rate, states);
            take_laws(out, arrivals, &view, facts->rate / own, share);
        }
    }
    for (uint32_t i = 0; i < n->n_stages; i++)
        take_stage(out, facts, i, share);
    out->seconds = out->tasks / facts->rate;
    return out->tasks > 0;
}

/* `states`: cycles of the states of a modulated rate beside TIMESCALE_CYCLES of all else; `share`:
 * of the work and of the tasks, in the largest sizes and batches. */
static bool find(const struct scenario *column, int states, double share, struct timescale *out)
{
    *out = (struct timescale){0, NAN, NULL, false, 1, 0};
    struct network_facts *facts = network_facts_of(column);
    bool found = facts && find_in_network(facts, states, share, out);
    network_facts_free(facts);
    if (facts)
        return found;
    const struct process_view view = {.params = column->arrivals.params,
                                      .rate = scenario_event_rate(column)};
    double rate = scenario_likely_rate(column);
    if (scenario_replays(column)) /* what a log does again and again nobody knows beforehand */
        return false;
    struct rarity rare = scenario_rarity(column, share);
    take_cycle(out, &column->arrivals, &view, rate, states);
    take_rare(out, &rare, 1, UNIT_DURATION, "sizes");
    take_laws(out, &column->arrivals, &view, 1, share);
    out->seconds = out->tasks / rate;
    return out->tasks > 0;
}

bool timescale_of_network(const struct network_facts *facts, struct timescale *out)
{
    return find_in_network(facts, TIMESCALE_STATES, TIMESCALE_SHARE, out);
}

bool timescale_find(const struct scenario *column, struct timescale *out)
{
    return find(column, TIMESCALE_STATES, TIMESCALE_SHARE, out);
}

const char *timescale_words(const struct timescale *scale)
{
    char time[64];
    if (isinf(scale->tasks))
        return scale->what;
    unit_human(UNIT_DURATION, scale->seconds, 3, time, sizeof time);
    return internf("%s every %s%s", scale->what, time, scale->by_clock ? "" : " on average");
}

double timescale_wanted(const struct scenario *column)
{
    struct timescale scale;
    return timescale_find(column, &scale) ? scale.cycles * scale.tasks : 0;
}

double timescale_tasks(const struct scenario *column, double cycles)
{
    return timescale_tasks_of(column, cycles, TIMESCALE_SHARE);
}

double timescale_tasks_of(const struct scenario *column, double cycles, double share)
{
    struct timescale scale;
    if (!find(column, TIMESCALE_CYCLES, share, &scale))
        return 0;
    if (!scale.by_clock)
        return cycles * scale.tasks;
    return fmax(fmin(cycles, TIMESCALE_CYCLES) * scale.tasks, cycles * scale.of_chance);
}
