#include "relaxation.h"

#include "../network/facts.h"
#include "../scenario/discipline.h"
#include "../scenario/process.h"
#include "stability.h"

/* A backlog that cannot go beyond `room`. */
static double walled(double room, double variation)
{
    return M_PI * M_PI * variation / (2 * room * room);
}

/* A backlog that tasks leave whose patience is over. */
static double drawn_back(const struct scenario *column, double arrivals, double variation)
{
    double mean = 0, second = 0;
    for (int i = 0; i < scenario_classes(column); i++) {
        const struct law *law = scenario_timeout(column, i);
        double share = scenario_share(column, i);
        if (share > 0) {
            mean += share * law_mean(law);
            second += share * law_model(law)->second(law->params);
        }
    }
    if (!(mean > 0) || isinf(mean))
        return mean > 0 ? 0 : INFINITY;
    double room = arrivals * mean, varies = fmin(1, second / (mean * mean) - 1);
    return fmax(varies / room, walled(room + column->stage.consumers, variation));
}

double relaxation_longest(const struct scenario *column)
{
    double mean = scenario_mean_size(column);
    double room = column->stage.capacity + column->stage.consumers;
    if (!stability_turns_away(column))
        return INFINITY;
    double variation = scenario_second_size(column) / (mean * mean);
    return fmax(room, 1 / walled(room, variation));
}

/* Of the slowest stage. */
static double of_network(const struct scenario *column)
{
    struct network_facts *facts = network_facts_of(column);
    double relaxation = facts->known ? facts->relaxation[facts->network->n_stages] : NAN;
    network_facts_free(facts);
    return relaxation;
}

double relaxation_tasks(const struct scenario *column)
{
    if (scenario_is_network(column))
        return of_network(column);
    const struct arrival_process *process =
        (const struct arrival_process *)column->arrivals.process;
    if (!process->dispersion || stability_theory(column) != STABLE_YES)
        return NAN;
    struct process_view view = {.params = column->arrivals.params,
                                .rate = scenario_event_rate(column)};
    double utilization = scenario_utilization(column), mean = scenario_mean_size(column);
    double variation =
        process->dispersion(&view) + scenario_second_size(column) / (mean * mean) - 1;
    if (!(variation < INFINITY))
        return isnan(variation) ? NAN : INFINITY;
    double rate = 0; /* 1 / relaxation */
    if (variation > 0)
        rate = (1 - utilization) * (1 - utilization) / (2 * utilization * variation);
    else
        return 1; /* nothing ever waits for chance */
    if (stability_turns_away(column))
        rate += walled(column->stage.capacity + column->stage.consumers, variation);
    const struct discipline *discipline = stage_discipline(&column->stage);
    bool begins_late = !discipline->shares && !discipline->before; /* what has begun stays */
    if (scenario_all_impatient(column) && begins_late)
        rate += drawn_back(column, scenario_task_rate(column), variation);
    struct cycle cycle;
    double forgets = process->cycle && process->cycle(&view, &cycle)
                         ? cycle.relaxation * scenario_task_rate(column)
                         : 0;
    return fmax(fmax(1, 1 / rate), forgets);
}
