/* The figures of one column (result.h says what each is). */
#include <stdlib.h>

#include "../base/err.h"
#include "../scenario/discipline.h"
#include "../scenario/process.h"
#include "grid.h"
#include "interval.h"
#include "relaxation.h"
#include "stats.h"

#define UNFINISHED_MEAN     0.001 /* largest share of unfinished tasks that a mean's interval bears */
#define UNFINISHED_QUANTILE 0.1   /* and a quantile's, of 1 - p */
#define EFFECTIVE_TASKS     50
#define EFFECTIVE_BEYOND    0.5

/* What holds of a column as a whole, the same in the rows of its classes. */
struct column {
    struct scenario scenario;
    struct window *windows; /* of the replications present */
    size_t present, unsettled;
    double duration, warmup_tasks, time_low, time_high;
    double relaxation;     /* relaxation_tasks; NAN: unknown or without a limit */
    double arrived;        /* in all windows */
    bool drifts, hopeless; /* hopeless: a run too short to say anything of a queue at rest */
    unsigned notes;
    enum verdict_stable stable;
};

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
        const struct discipline *discipline = stage_discipline(&column->stage);
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

/* A quantile beyond which there is less than half of an independent task's worth comes out too low,
 * by 15 % and more: the busy spells that make it are not in the run. (Of a drift, and of a queue
 * that grows, the tasks of the run are all there is to know; of them the quantile is right.) */
static void drop_unsupported(struct row *row, const struct column *c, double dependence)
{
    if (c->drifts || c->stable != STABLE_YES)
        return;
    for (int i = 0; i < QUANTILES; i++)
        if ((double)row->completed * (1 - quantile_p[i]) < EFFECTIVE_BEYOND * dependence)
            row->wait_q[i] = row->latency_q[i] = NAN;
}

/* Whether any interval of this column can be honest, whatever it is of. */
static bool intervals_honest(const struct result *result, const struct column *c)
{
    const struct arrival_process *process =
        (const struct arrival_process *)c->scenario.arrivals.process;
    if (process->brings_sizes || (result->batches > 1 && !process->stationary))
        return false;
    return c->drifts || (c->stable != STABLE_NO && 2 * c->unsettled < c->present && !c->hopeless);
}

/* Relative standard error that the mean of n waits has at least, where the waiting room is
 * unbounded and theory has something to say: waits of a busy queue are nearly exponential, and it
 * takes 2 U of them to tell what one independent wait would (Whitt 1989, section 3). Three quarters
 * of that, so that this is a floor under luck and the measured spread decides elsewhere. */
static double least_error(const struct column *c, double dependence, double n)
{
    bool known = !isnan(c->relaxation) && !stability_loses(&c->scenario);
    return known ? sqrt(1.5 * dependence / n) : 0;
}

static void intervals(struct row *row, const struct groups *groups, const struct cell *all,
                      const struct column *c, double dependence)
{
    bool mean_exists = interval_mean_exists(&c->scenario);
    double unfinished = share((double)row->unfinished, (double)row->offered);
    if (mean_exists && unfinished <= UNFINISHED_MEAN && row->effective_tasks >= EFFECTIVE_TASKS) {
        double least = least_error(c, dependence, (double)row->completed);
        row->wait_mean_ci95 = interval_mean(groups, wait_sum, least);
        row->latency_mean_ci95 =
            interval_mean(groups, latency_sum, least * row->wait_mean / row->latency_mean);
    }
    if (stability_loses(&c->scenario))
        interval_loss(groups, dependence, &row->loss_low, &row->loss_high);
    else
        row->loss_low = row->loss_high = 0;
    for (int i = 0; i < QUANTILES; i++)
        if (!isnan(row->latency_q[i]) && unfinished <= UNFINISHED_QUANTILE * (1 - quantile_p[i]))
            interval_quantile(groups, all, dependence, stability_loses(&c->scenario), quantile_p[i],
                              row->latency_q[i], &row->latency_low[i], &row->latency_high[i]);
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
    struct row row = {.value = NAN, .precision = NAN};
    row.throughput = row.utilization = row.queue_mean = row.in_system_mean = NAN;
    row.wait_mean_ci95 = row.latency_mean_ci95 = NAN;
    row.time_low = row.time_high = row.loss_low = row.loss_high = NAN;
    for (int i = 0; i < QUANTILES; i++)
        row.latency_low[i] = row.latency_high[i] = NAN;
    return row;
}

static void column_gather(struct column *c, const struct result *result, uint32_t index)
{
    const struct grid *grid = result->grid;
    sweep_scenario(&result->scenario, index, &c->scenario);
    uint32_t replications = grid->column[index].replications;
    c->windows = xmalloc(replications * sizeof *c->windows);
    c->time_low = c->time_high = NAN;
    for (uint32_t r = 0; r < replications; r++) {
        const struct replica *replica = grid_replica(grid, index, r);
        if (!replica->present)
            continue;
        c->windows[c->present++] = replica->window;
        c->arrived += (double)(replica->window.close.arrived - replica->window.open.arrived);
        c->duration += replica->window.close.time - replica->window.open.time;
        c->warmup_tasks += (double)replica->warmup_tasks;
        c->unsettled += (replica->notes & NOTE_WARMUP_UNSETTLED) != 0;
        c->notes |= replica->notes;
    }
    c->warmup_tasks = share(c->warmup_tasks, (double)c->present);
    c->drifts = sweep_drifts(&result->scenario);
    if (c->drifts) {
        double slice = result->scenario.run.duration / result->columns;
        c->time_low = slice * index;
        c->time_high = slice * (index + 1);
    }
    c->stable = stability_judge(&c->scenario, c->windows, c->present, c->notes);
    c->relaxation = relaxation_tasks(&c->scenario);
    if (isinf(c->relaxation))
        c->relaxation = NAN;
    if (c->drifts)
        return;
    double measured = share(c->arrived, (double)c->present);
    if (measured < RELAXATION_WANTED * c->relaxation)
        c->notes |= NOTE_SHORT_RUN;
    c->hopeless = fmax(measured, c->warmup_tasks) < RELAXATION_NEEDED * c->relaxation;
}

static void row_of_class(const struct result *result, uint32_t index, uint32_t class,
                         const struct column *c, struct row *row)
{
    const struct grid *grid = result->grid;
    uint32_t groups_here = grid->column[index].groups;
    struct cell all;
    cell_init(&all);
    struct cell *cells = xmalloc(groups_here * sizeof *cells);
    size_t n = 0;
    for (uint32_t group = 0; group < groups_here; group++) {
        uint32_t replication = result->batches > 1 ? 0 : group;
        if (!grid_replica(grid, index, replication)->present)
            continue;
        cell_init(&cells[n]);
        grid_get(grid, index, group, class, &cells[n], &all.wait);
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
    row->replications = (uint32_t)c->present;
    if (result->achieved && class + 1 == result_row_classes(result)) {
        row->precision = result->achieved[index].precision;
        row->precision_state = result->achieved[index].state;
    }
    if (class == grid->classes || grid->classes == 1)
        flows(row, c->windows, c->present);
    struct groups groups = {cells, n, result->batches > 1};
    double dependence = interval_dependence(
        &groups, &all, c->relaxation / 2 * share((double)all.offered, c->arrived));
    drop_unsupported(row, c, dependence);
    struct packed_merged *merged =
        &grid->merged[(size_t)index * result_row_classes(result) + class];
    merged->bytes[MEASURE_LATENCY] = histogram_pack(&all.latency, &merged->size[MEASURE_LATENCY]);
    merged->bytes[MEASURE_WAIT] = histogram_pack(&all.wait, &merged->size[MEASURE_WAIT]);
    row->intervals = intervals_honest(result, c);
    if (row->intervals)
        intervals(row, &groups, &all, c, dependence);
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
