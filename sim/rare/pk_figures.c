#include "pk_figures.h"

#include <stdlib.h>

#include "../base/err.h"
#include "../engine/stability.h"
#include "../scenario/discipline.h"
#include "../scenario/process.h"
#include "pk.h"

#define RISK 0.05

bool pk_knows(const struct scenario *column)
{
    const struct arrival_process *process =
        (const struct arrival_process *)column->arrivals.process;
    return !scenario_is_network(column) && process->poisson && process->stationary &&
           !scenario_replays(column) && !scenario_brings_sizes(column) &&
           scenario_classes(column) == 1 && column->stage.consumers == 1 &&
           isinf(column->stage.capacity) && stage_discipline(&column->stage)->by_arrival &&
           !scenario_impatient(column) && stability_theory(column) == STABLE_YES &&
           scenario_utilization(column) < 1;
}

void pk_quantiles(const struct scenario *column, bool latency, uint64_t sums, const double *p,
                  size_t n, struct tail_figure *out)
{
    struct pk *pk = xmalloc(sizeof *pk);
    struct tail tail = {0};
    double rarest = 1;
    for (size_t i = 0; i < n; i++)
        rarest = fmin(rarest, 1 - p[i]);
    pk_init(pk, column, latency);
    pk_points(pk, (uint64_t)column->seed, rarest / 10, &tail);
    tail_extend(&tail, PK_FIGURE_REPLICATIONS);
    for (uint32_t i = 0; i < PK_FIGURE_REPLICATIONS; i++)
        pk_run(pk, (uint64_t)column->seed, i, sums, &tail, i);
    for (size_t i = 0; i < n; i++)
        out[i] = tail_quantile(&tail, 1 - p[i], RISK);
    tail_free(&tail);
    free(pk);
}
