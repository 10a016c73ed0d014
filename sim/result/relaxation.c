#include "relaxation.h"

#include "../engine/stability.h"
#include "../scenario/process.h"

double relaxation_tasks(const struct scenario *column)
{
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
    if (stability_loses(column)) {
        double room = column->stage.capacity + column->stage.consumers;
        rate += M_PI * M_PI * variation / (2 * room * room);
    }
    return fmax(1, 1 / rate);
}
