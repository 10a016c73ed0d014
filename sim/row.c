/* The figures of one column (result.h says what each is). */
#include <stdlib.h>

#include "err.h"
#include "grid.h"
#include "interval.h"
#include "process.h"
#include "stats.h"
#include "waiting.h"

#define UNFINISHED_MEAN     0.001 /* largest share of unfinished tasks that a mean's interval bears */
#define UNFINISHED_QUANTILE 0.1   /* and a quantile's, of 1 - p */
#define EFFECTIVE_TASKS     50

static double wait_sum(const struct cell *cell)
{
    return cell->wait_sum;
}

static double latency_sum(const struct cell *cell)
{
    return cell->latency_sum;
}

static double share(double part, double whole)
{
    return whole > 0 ? part / whole : NAN;
}

bool interval_mean_exists(const struct scenario *column)
{
    const struct arrival_process *process =
        (const struct arrival_process *)column->arrivals.process;
    double tail = process->brings_sizes ? INFINITY : scenario_tail(column);
    double needs = 2;
    if (!stability_loses(column)) {
        const struct discipline *discipline = (const struct discipline *)column->stage.discipline;
        double utilization = scenario_utilization(column), c = column->stage.consumers;
        double spare = discipline->by_arrival && utilization < 1 ? c - floor(utilization * c) : 1;
        needs = fmax(needs, 1 + 2 / spare);
    }
    return tail > needs;
}

static void counts(struct row *row, const struct cell *all, double duration)
{
    row->offered = all->offered;
    row->completed = all->completed;
    row->lost = cell_lost(all);
    row->unfinished = cell_unfinished(all);
    for (int i = 0; i < LOSS_KINDS; i++)
        row->lost_by[i] = all->lost[i];
    row->duration = duration;
    row->arrival_rate = share((double)all->offered, duration);
    row->loss_fraction = share((double)row->lost, (double)row->offered);
    row->effective_tasks = share(all->size_sum * all->size_sum, all->size_square);
    row->largest_share = share(all->size_max, all->size_sum);
}

static void times(struct row *row, const struct cell *all)
{
    double completed = (double)all->completed;
    row->wait_probability = share(completed - (double)all->wait.zero, completed);
    row->wait_mean = share(all->wait_sum, completed);
    row->latency_mean = share(all->latency_sum, completed);
    row->latency_max = completed > 0 ? all->latency_max : NAN;
    for (int i = 0; i < QUANTILES; i++) {
        double p = quantile_p[i];
        bool enough = completed >= stats_quantile_needs(p);
        row->wait_q[i] = enough ? histogram_quantile(&all->wait, p, 0, all->latency_max) : NAN;
        row->latency_q[i] =
            enough ? histogram_quantile(&all->latency, p, all->latency_min, all->latency_max) : NAN;
    }
}

/* Whether any interval of this column can be honest, whatever it is of. */
static bool intervals_honest(const struct result *result, const struct scenario *column,
                             size_t present, size_t unsettled, enum verdict_stable stable)
{
    const struct arrival_process *process =
        (const struct arrival_process *)column->arrivals.process;
    bool drifts = result->scenario.sweep.parameter &&
                  (enum sweep_mode)result->scenario.sweep.mode == MODE_DRIFT;
    if (process->brings_sizes || (result->batches > 1 && !process->stationary))
        return false;
    return drifts || (stable != STABLE_NO && 2 * unsettled < present);
}

static void intervals(struct row *row, const struct groups *groups, const struct cell *all,
                      bool mean_exists)
{
    double unfinished = share((double)row->unfinished, (double)row->offered);
    if (mean_exists && unfinished <= UNFINISHED_MEAN && row->effective_tasks >= EFFECTIVE_TASKS) {
        row->wait_mean_ci95 = interval_mean(groups, wait_sum);
        row->latency_mean_ci95 = interval_mean(groups, latency_sum);
    }
    double dependence = interval_dependence(groups, all);
    for (int i = 0; i < QUANTILES; i++)
        if (!isnan(row->latency_q[i]) && unfinished <= UNFINISHED_QUANTILE * (1 - quantile_p[i]))
            interval_quantile(groups, all, dependence, quantile_p[i], row->latency_q[i],
                              &row->latency_low[i], &row->latency_high[i]);
}

/* What the windows of all replications say of all classes together. */
static void flows(struct row *row, const struct window *windows, size_t n)
{
    double served = 0, busy = 0, available = 0, waiting = 0;
    for (size_t i = 0; i < n; i++) {
        const struct flow *a = &windows[i].open, *b = &windows[i].close;
        served += (double)(b->completed - a->completed);
        busy += b->busy_area - a->busy_area;
        waiting += b->queue_area - a->queue_area + b->paused_area - a->paused_area;
        available += windows[i].available;
    }
    row->throughput = share(served, row->duration);
    row->utilization = share(busy, available);
    row->queue_mean = share(waiting, row->duration);
    row->in_system_mean = share(waiting + busy, row->duration);
}

static struct row empty_row(void)
{
    struct row row = {.value = NAN};
    row.throughput = row.utilization = row.queue_mean = row.in_system_mean = NAN;
    row.wait_mean_ci95 = row.latency_mean_ci95 = NAN;
    row.time_low = row.time_high = NAN;
    for (int i = 0; i < QUANTILES; i++)
        row.latency_low[i] = row.latency_high[i] = NAN;
    return row;
}

/* What holds of a column as a whole, the same in the rows of its classes. */
struct column {
    struct scenario scenario;
    struct window *windows; /* of the replications present */
    size_t present, unsettled;
    double duration, warmup_tasks, time_low, time_high;
    unsigned notes;
    enum verdict_stable stable;
};

static void column_gather(struct column *c, const struct result *result, uint32_t index)
{
    const struct grid *grid = result->grid;
    sweep_scenario(&result->scenario, index, &c->scenario);
    c->windows = xmalloc(grid->replications * sizeof *c->windows);
    c->time_low = c->time_high = NAN;
    for (uint32_t r = 0; r < grid->replications; r++) {
        const struct replica *replica = grid_replica(grid, index, r);
        if (!replica->present)
            continue;
        c->windows[c->present++] = replica->window;
        c->duration += replica->window.close.time - replica->window.open.time;
        c->warmup_tasks += (double)replica->warmup_tasks;
        c->unsettled += (replica->notes & NOTE_WARMUP_UNSETTLED) != 0;
        c->notes |= replica->notes;
    }
    c->warmup_tasks = share(c->warmup_tasks, (double)c->present);
    const struct sweep *sweep = &result->scenario.sweep;
    if (sweep->parameter && (enum sweep_mode)sweep->mode == MODE_DRIFT) {
        double slice = result->scenario.run.duration / result->columns;
        c->time_low = slice * index;
        c->time_high = slice * (index + 1);
    }
    c->stable = stability_judge(&c->scenario, c->windows, c->present, c->notes);
}

static void row_of_class(const struct result *result, uint32_t index, uint32_t class,
                         const struct column *c, struct row *row)
{
    const struct grid *grid = result->grid;
    struct cell all;
    cell_init(&all);
    struct cell *cells = xmalloc(grid->groups * sizeof *cells);
    size_t n = 0;
    for (uint32_t group = 0; group < grid->groups; group++) {
        uint32_t replication = result->batches > 1 ? 0 : group;
        if (!grid_replica(grid, index, replication)->present)
            continue;
        cell_init(&cells[n]);
        grid_get(grid, index, group, class, &cells[n]);
        cell_merge(&all, &cells[n++]);
    }
    *row = empty_row();
    row->value = result->scenario.sweep.parameter ? sweep_value(&result->scenario, index) : NAN;
    counts(row, &all, c->duration);
    times(row, &all);
    row->stable = c->stable;
    row->offered_utilization = scenario_utilization(&c->scenario);
    row->warmup_tasks = c->warmup_tasks;
    row->time_low = c->time_low;
    row->time_high = c->time_high;
    row->notes = c->notes;
    if (class == grid->classes || grid->classes == 1)
        flows(row, c->windows, c->present);
    if (intervals_honest(result, &c->scenario, c->present, c->unsettled, c->stable)) {
        struct groups groups = {cells, n, result->batches > 1};
        intervals(row, &groups, &all, interval_mean_exists(&c->scenario));
    }
    for (size_t i = 0; i < n; i++)
        cell_free(&cells[i]);
    free(cells);
    cell_free(&all);
}

void row_compute(const struct result *result, uint32_t column, struct row *rows)
{
    struct column *c = xcalloc(1, sizeof *c);
    column_gather(c, result, column);
    for (uint32_t i = 0; i < result_row_classes(result); i++)
        row_of_class(result, column, i, c, &rows[i]);
    free(c->windows);
    free(c);
}
