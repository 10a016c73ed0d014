/* The figures of one column (result.h says what each is). */
#include <stdlib.h>

#include "../base/err.h"
#include "column.h"
#include "stats.h"
#include "variation.h"

#define RISK             0.05 /* of the intervals of a row */
#define EFFECTIVE_BEYOND 0.5

static double wait_sum(const struct cell *cell)
{
    return cell->wait_sum;
}

static double latency_sum(const struct cell *cell)
{
    return cell->latency_sum;
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
    row->arrival_rate = share_of((double)all->offered, duration);
    row->loss_fraction = share_of((double)row->lost, (double)row->offered);
    row->effective_tasks = share_of(all->size_sum * all->size_sum, all->size_square);
    row->largest_share = share_of(all->size_max, all->size_sum);
}

static void times(struct row *row, const struct cell *all)
{
    double completed = (double)all->completed;
    row->wait_probability = share_of(completed - (double)all->wait.zero, completed);
    row->wait_mean = share_of(all->wait_sum, completed);
    row->latency_mean = share_of(all->latency_sum, completed);
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

static void loss_interval(struct row *row, const struct groups *groups, const struct column *c,
                          double dependence)
{
    if (!column_can_lose(c)) {
        row->loss_low = row->loss_high = 0;
        return;
    }
    if (!giants_bear_loss(&c->giants, row->loss_fraction))
        return;
    struct slope slope = column_slope_of_loss(c, row->loss_fraction, dependence);
    interval_loss(groups, dependence, column_cycle(c, (double)row->offered), &slope, &row->loss_low,
                  &row->loss_high);
}

static void mean_intervals(struct row *row, const struct groups *groups, const struct column *c,
                           double dependence)
{
    double least = column_least_error(c, dependence, (double)row->completed);
    struct slope wait = column_slope_of_mean(c, true, row->wait_mean, dependence),
                 latency = column_slope_of_mean(c, false, row->latency_mean, dependence);
    if (column_bears_mean(c, true, groups->widen))
        row->wait_mean_ci95 = interval_mean(groups, wait_sum, least, &wait);
    if (!column_bears_mean(c, false, groups->widen))
        return;
    double least_latency = least * row->wait_mean / row->latency_mean;
    row->latency_mean_ci95 = interval_mean(groups, latency_sum, least_latency, &latency);
    row->plain_half = interval_mean(groups, latency_sum, least_latency, &no_slope);
}

static void intervals(struct row *row, const struct groups *groups, const struct measured *m,
                      struct column *c, double dependence)
{
    double unfinished = share_of((double)row->unfinished, (double)row->offered);
    if (unfinished <= UNFINISHED_MEAN && column_has_work(c, row->effective_tasks))
        mean_intervals(row, groups, c, dependence);
    loss_interval(row, groups, c, dependence);
    for (int i = 0; i < QUANTILES; i++) {
        double p = quantile_p[i];
        if (isnan(row->latency_q[i]) || unfinished > UNFINISHED_QUANTILE * (1 - p) ||
            !column_bears_quantile(c, i) || !column_foresees_quantile(c, m, groups, dependence, p))
            continue;
        struct slope slope = column_slope_of_quantile(c, false, p, dependence);
        interval_quantile(groups, &m->all, dependence, column_sheds(c), p, row->latency_q[i],
                          &slope, &row->latency_low[i], &row->latency_high[i]);
    }
}

/* What the windows of all replications say of all classes together. */
static void flows(struct row *row, const struct window *windows, size_t n)
{
    double served = 0, busy = 0, available = 0, waiting = 0, shared = 0;
    for (size_t i = 0; i < n; i++) {
        const struct flow *a = &windows[i].open, *b = &windows[i].close;
        served += (double)(b->completed - a->completed);
        busy += b->busy_area - a->busy_area;
        waiting += window_waiting(&windows[i]);
        shared += b->shared_area - a->shared_area;
        available += windows[i].available;
    }
    row->throughput = share_of(served, row->duration);
    row->utilization = share_of(busy, available);
    row->queue_mean = share_of(waiting, row->duration);
    row->in_system_mean = share_of(waiting + busy + shared, row->duration);
}

/* Of a network, what else they say; and of the place as a whole how many were alive. */
static void network_flows(struct row *row, const struct window *windows, size_t n)
{
    double held = 0, available = 0, inside = 0, consumers = 0, up = 0, pauses = 0;
    row->crashes = 0;
    for (size_t i = 0; i < n; i++) {
        up += windows[i].close.up_area - windows[i].open.up_area;
        row->crashes += windows[i].close.crashes - windows[i].open.crashes;
        pauses += windows[i].close.pauses - windows[i].open.pauses;
        row->bytes_max = fmax(row->bytes_max, windows[i].close.bytes_most);
        held += windows[i].close.held_area - windows[i].open.held_area;
        inside += window_inside(&windows[i]);
        consumers += windows[i].close.consumers_area - windows[i].open.consumers_area;
        available += windows[i].available;
    }
    row->pauses = share_of(pauses, row->duration);
    row->held_fraction = share_of(held, available);
    if (consumers > 0)
        row->consumers_mean = share_of(consumers, row->duration);
    row->replicas_mean = share_of(up, row->duration);
    row->in_system_mean = share_of(inside, row->duration);
    struct variation arrivals = variation_arrivals(windows, n),
                     departures = variation_departures(windows, n);
    row->arrival_cv2 = arrivals.value;
    row->arrival_cv2_ci95 = arrivals.half;
    row->departure_cv2 = departures.value;
    row->departure_cv2_ci95 = departures.half;
}

/* What the windows say of work for nobody, of all classes together. */
static void client_windows(struct row *row, const struct window *windows, size_t n)
{
    double late = 0, wasted = 0, busy = 0;
    for (size_t i = 0; i < n; i++) {
        const struct flow *a = &windows[i].open, *b = &windows[i].close;
        late += (double)(b->late - a->late);
        wasted += b->wasted_area - a->wasted_area;
        busy += b->busy_area - a->busy_area;
    }
    row->goodput = row->throughput - share_of(late, row->duration);
    const double share = share_of(wasted, busy);
    row->wasted_fraction = share > 1 ? 1 : share; /* it is known later than it was spent */
}

/* Of a stage whose visits come again when they fail. */
static void attempts(struct row *row, const struct cell *all, const struct column *c)
{
    const struct network *n = c->facts->network;
    if (c->place < n->n_stages && n->stages[c->place].retry)
        row->attempts_mean = share_of((double)all->attempts, (double)(row->completed + row->lost));
}

/* Where there are clients that do more than wait. */
static void clients(struct row *row, const struct cell *all, const struct column *c, bool last)
{
    const bool client = c->place > c->facts->network->n_stages;
    const double over = (double)(row->completed + row->lost);
    row->late = (double)all->late;
    if (last)
        client_windows(row, c->windows, c->present);
    else
        row->goodput = row->throughput - share_of((double)all->late, row->duration);
    if (!client)
        return;
    row->goodput = row->throughput;
    row->wasted_fraction = NAN;
    row->attempts_mean = share_of((double)all->attempts, over);
    row->abandoned = (double)row->lost_by[LOSS_CANCELLED];
}

/* The requests of a network up to their answer wait with no consumer of their own. */
static void client_flows(struct row *row)
{
    row->utilization = row->queue_mean = row->held_fraction = row->pauses = NAN;
}

/* One of several classes, at a place of a network (result.h). */
static void class_flows(struct row *row, const struct cell *all, const struct column *c)
{
    double available = 0;
    for (size_t i = 0; i < c->present; i++)
        available += c->windows[i].available;
    double waited = all->wait_sum + all->lost_wait, spent = all->latency_sum + all->lost_time;
    row->throughput = share_of((double)all->completed, row->duration);
    row->queue_mean = share_of(waited, row->duration);
    row->in_system_mean = share_of(spent, row->duration);
    row->utilization = share_of(spent - waited, available);
}

static void queue(struct row *row, const struct result *result, uint32_t column)
{
    struct queue_time q = {0};
    if (result_queue(result, column, &q) > 0 && histogram_total(&q.ticks) > 0) {
        row->queue_max = (double)q.most;
        for (int i = 0; i < QUANTILES; i++)
            if (!isnan(row->wait_q[i]))
                row->queue_q[i] = queue_time_quantile(&q, quantile_p[i]);
    }
    queue_time_free(&q);
}

static struct row empty_row(void)
{
    struct row row = {.value = NAN, .precision = NAN};
    row.load_off = row.plain_half = NAN;
    row.throughput = row.utilization = row.queue_mean = row.in_system_mean = NAN;
    row.wait_mean_ci95 = row.latency_mean_ci95 = NAN;
    row.pauses = row.bytes_max = row.consumers_mean = NAN;
    row.held_fraction = row.arrival_cv2 = row.arrival_cv2_ci95 = NAN;
    row.departure_cv2 = row.departure_cv2_ci95 = NAN;
    row.crashes = row.replicas_mean = NAN;
    row.attempts_mean = row.goodput = row.late = row.wasted_fraction = row.abandoned = NAN;
    row.queue_max = row.time_low = row.time_high = row.loss_low = row.loss_high = NAN;
    for (int i = 0; i < QUANTILES; i++)
        row.latency_low[i] = row.latency_high[i] = row.queue_q[i] = NAN;
    return row;
}

static unsigned by_giants(struct column *c)
{
    enum { P99 = 2 };
    unsigned bits = 0;
    for (int i = 0; i <= P99 && !c->drifts && c->stable != STABLE_NO; i++)
        bits |= column_bears_quantile(c, i) ? 0 : 1u << i;
    return bits;
}

/* Of a network by the traffic equations, where they know it: of a stage, of its pool; of all, of
 * the stage that has most to do, where all are known. */
static double offered_utilization(const struct column *c)
{
    if (!c->facts)
        return scenario_utilization(&c->scenario);
    const uint32_t stages = c->facts->network->n_stages;
    double most = c->place <= stages ? 0 : NAN;
    for (uint32_t i = 0; i < stages; i++) {
        const struct stage_traffic *stage = &c->facts->traffic->stage[i];
        double own = stage->holding_known ? stage->utilization : NAN;
        bool counts = c->place == i || (c->place == stages && isfinite(stage->consumers));
        if (counts)
            most = isnan(own) || isnan(most) ? NAN : fmax(most, own);
    }
    return most;
}

static void row_of_class(const struct result *result, uint32_t index, uint32_t class,
                         struct column *c, struct row *row)
{
    struct measured m;
    measured_gather(&m, result, index, c->place, class);
    *row = empty_row();
    row->value = sweep_value(&result->scenario, index);
    counts(row, &m.all, c->duration);
    times(row, &m.all);
    row->stable = c->stable;
    row->offered_utilization = sweep_is_time(&result->scenario)
                                   ? NAN /* of a slice of a timetable it is not known */
                                   : offered_utilization(c);
    row->warmup_tasks = c->warmup_tasks;
    row->time_low = c->time_low;
    row->time_high = c->time_high;
    row->notes = c->notes;
    row->cycles = c->cycles;
    row->off = c->off;
    row->off_by = c->off_by;
    for (size_t i = 0; i < c->present && c->load; i++)
        row->load_off = (i ? row->load_off : 0) + c->load[i] / (double)c->present;
    row->replications = (uint32_t)c->present;
    bool last = class + 1 == result_row_classes(result), whole = c->place == result->whole;
    if (result->achieved && last && whole) {
        row->precision = result->achieved[index].precision;
        row->precision_state = result->achieved[index].state;
    }
    if (last)
        flows(row, c->windows, c->present);
    else if (c->facts)
        class_flows(row, &m.all, c);
    if (last && c->facts)
        network_flows(row, c->windows, c->present);
    if (c->place > result->whole)
        client_flows(row);
    if (c->facts && c->facts->network->asks)
        clients(row, &m.all, c, last);
    if (c->facts && c->facts->network->again)
        attempts(row, &m.all, c);
    struct groups groups = measured_groups(&m, result, c, RISK);
    double dependence = measured_dependence(&m, &groups, c);
    drop_unsupported(row, c, dependence);
    row->by_giants = by_giants(c);
    if (last && whole)
        queue(row, result, index);
    const size_t number = (size_t)index * result->places + c->place;
    struct packed_merged *merged =
        &result->grid->merged[number * result_row_classes(result) + class];
    size_t size;
    merged->bytes[MEASURE_LATENCY] = histogram_pack(&m.all.latency, &size);
    merged->bytes[MEASURE_WAIT] = histogram_pack(&m.all.wait, &size);
    row->intervals = column_honest(result, c);
    if (row->intervals)
        intervals(row, &groups, &m, c, dependence);
    measured_free(&m);
}

void row_compute(const struct result *result, uint32_t column, struct row *rows)
{
    struct column_known *known = column_known_of(result, column);
    for (uint32_t place = 0; place < result->places; place++) {
        struct column *c = xcalloc(1, sizeof *c);
        column_gather(c, result, column, place, known);
        for (uint32_t i = 0; i < result_row_classes(result); i++)
            row_of_class(result, column, i, c, rows++);
        column_free(c);
        free(c);
    }
    column_known_free(known);
}
