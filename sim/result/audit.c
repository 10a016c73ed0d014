#include "audit.h"

#include <gsl/gsl_cdf.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "../base/err.h"

void audit_begin(struct audit *audit)
{
    *audit = (struct audit){.pasta_worst = 1};
}

static void worst(double *so_far, double now)
{
    if (!(now <= *so_far))
        *so_far = now;
}

static double apart(uint64_t a, uint64_t b)
{
    return a > b ? (double)(a - b) : (double)(b - a);
}

/* Relative to what flowed in all; a NAN counts as infinitely wrong. A difference that would matter
 * is none where the clock cannot tell it apart. */
static double relative(double a, double b, double rounding)
{
    double scale = fmax(fabs(a), fabs(b));
    double difference = scale > 0 ? fabs(a - b) / scale : 0;
    if (difference > AUDIT_RELATIVE && fabs(a - b) <= rounding)
        difference = 0;
    return isnan(a) || isnan(b) ? INFINITY : difference;
}

static void audit_flow(struct audit *audit, const struct flow *f)
{
    worst(&audit->conservation_worst, apart(f->arrived, f->completed + f->lost + f->inside));
    worst(&audit->little_worst, relative(flow_inside_area(f), f->sojourn_sum, f->rounding));
    worst(&audit->utilization_worst,
          relative(f->busy_area, f->service_sum + f->held_area, f->rounding));
    worst(&audit->idle_worst, isnan(f->idle_area) ? INFINITY : f->idle_area);
}

/* The time of every state, against the integral over the same window. */
static void audit_queue(struct audit *audit, const struct trial *trial, uint32_t column)
{
    const struct queue_time *q = &trial->queues[column];
    const struct window *w = &trial->windows[(size_t)column * trial->places + trial->whole];
    const struct flow *open = &w->open, *close = &w->close;
    uint64_t ticks =
        (uint64_t)(close->time * trial->queue_scale) - (uint64_t)(open->time * trial->queue_scale);
    worst(&audit->conservation_worst, apart(histogram_total(&q->ticks), ticks));
    struct queue_area area = queue_time_area(q);
    double least = area.least / trial->queue_scale, most = area.most / trial->queue_scale;
    double waited = close->queue_area - open->queue_area + close->paused_area - open->paused_area;
    double begun = (double)(close->arrived - open->arrived + open->inside);
    /* A tick where each of them begins to wait and ends; and what both areas were rounded by. */
    double rounding = 2 * begun / trial->queue_scale + close->rounding;
    double within = fmin(fmax(waited, least), most);
    if (!(fabs(waited - within) <= rounding))
        worst(&audit->little_worst, relative(waited, within, 0));
}

/* What became of tasks. */
struct tally {
    uint64_t offered, completed, lost, unfinished;
};

static void audit_cell(struct audit *audit, const struct cell *cell, struct tally *tally)
{
    uint64_t lost = cell_lost(cell);
    if (cell->completed + lost > cell->offered)
        worst(&audit->conservation_worst, (double)(cell->completed + lost - cell->offered));
    else
        tally->unfinished += cell->offered - cell->completed - lost;
    worst(&audit->conservation_worst,
          apart(histogram_total(&cell->wait) + cell->packed_wait.total, cell->completed));
    worst(&audit->conservation_worst,
          apart(histogram_total(&cell->latency) + cell->packed_latency.total, cell->completed));
    tally->offered += cell->offered;
    tally->completed += cell->completed;
    tally->lost += lost;
}

/* The cells of a column at a place, added to the tally; how many were offered. */
static uint64_t audit_cells(struct audit *audit, const struct trial *trial, uint32_t column,
                            uint32_t place, struct tally *tally)
{
    const uint64_t before = tally->offered;
    for (uint32_t batch = 0; batch < trial->batches; batch++)
        for (uint32_t class = 0; class < trial->classes; class ++)
            audit_cell(audit, trial_cell(trial, column, batch, place, class), tally);
    return tally->offered - before;
}

/* Requests up to their answer are in no state of their own. */
static void audit_client(struct audit *audit, const struct flow *f)
{
    worst(&audit->conservation_worst, apart(f->arrived, f->completed + f->lost + f->inside));
    worst(&audit->little_worst, relative(f->alive_area, f->sojourn_sum, f->rounding));
}

/* Requests alive, and what all stages together were about. */
static void audit_whole(struct audit *audit, const struct flow *flows, uint32_t whole)
{
    const struct flow *all = &flows[whole];
    struct flow sum = {0};
    for (uint32_t i = 0; i < whole; i++) {
        sum.queue_area += flows[i].queue_area;
        sum.paused_area += flows[i].paused_area;
        sum.service_sum += flows[i].service_sum;
        sum.waiting += flows[i].waiting;
        worst(&audit->conservation_worst, all->inside == 0 ? (double)flows[i].inside : 0);
    }
    audit_client(audit, all);
    worst(&audit->conservation_worst, apart(sum.waiting, all->waiting));
    worst(&audit->little_worst, relative(sum.queue_area, all->queue_area, all->rounding));
    worst(&audit->little_worst, relative(sum.paused_area, all->paused_area, all->rounding));
    worst(&audit->utilization_worst, relative(sum.service_sum, all->service_sum, all->rounding));
    worst(&audit->idle_worst, isnan(all->idle_area) ? INFINITY : all->idle_area);
}

/* The flows of all places at one time. */
static void audit_flows(struct audit *audit, const struct trial *trial, const struct flow *flows)
{
    for (uint32_t place = 0; place < trial->places; place++)
        if (trial->places == 1 || place < trial->whole)
            audit_flow(audit, &flows[place]);
        else if (place == trial->whole)
            audit_whole(audit, flows, place);
        else
            audit_client(audit, &flows[place]);
}

static void audit_windows(struct audit *audit, const struct trial *trial, uint32_t column)
{
    const struct window *windows = &trial->windows[(size_t)column * trial->places];
    struct flow *flows = xmalloc(2 * trial->places * sizeof *flows);
    for (uint32_t place = 0; place < trial->places; place++) {
        flows[place] = windows[place].open;
        flows[trial->places + place] = windows[place].close;
    }
    audit_flows(audit, trial, flows);
    audit_flows(audit, trial, flows + trial->places);
    free(flows);
}

/* The place as a whole, where every task is one that arrived in the window. */
static void audit_column(struct audit *audit, const struct trial *trial, uint32_t column,
                         struct tally *tally)
{
    const struct window *w = &trial->windows[(size_t)column * trial->places + trial->whole];
    uint64_t offered = audit_cells(audit, trial, column, trial->whole, tally);
    worst(&audit->conservation_worst, apart(offered, w->close.arrived - w->open.arrived));
    audit_windows(audit, trial, column);
    if (trial->queues)
        audit_queue(audit, trial, column);
}

/* The other places: visits of measured requests are at most all that there are. */
static void audit_place(struct audit *audit, const struct trial *trial, uint32_t place)
{
    struct tally tally = {0};
    const struct flow *end = &trial->ends[place];
    for (uint32_t column = 0; column < trial->columns; column++)
        audit_cells(audit, trial, column, place, &tally);
    if (tally.offered > end->arrived)
        worst(&audit->conservation_worst, (double)(tally.offered - end->arrived));
    if (tally.unfinished > end->inside)
        worst(&audit->conservation_worst, (double)(tally.unfinished - end->inside));
    if (trial->outstanding + trial->behind ==
        0) /* then nothing that became of them is left anywhere */
        worst(&audit->conservation_worst, (double)tally.unfinished);
    if (trial->emptied)
        worst(&audit->conservation_worst, (double)end->inside);
}

void audit_trial(struct audit *audit, const struct trial *trial)
{
    struct tally tally = {0};
    for (uint32_t i = 0; i < trial->columns; i++)
        audit_column(audit, trial, i, &tally);
    audit_flows(audit, trial, trial->ends ? trial->ends : &trial->end);
    for (uint32_t place = 0; place < trial->places && trial->ends; place++)
        if (place != trial->whole)
            audit_place(audit, trial, place);
    worst(&audit->conservation_worst, apart(tally.unfinished, trial->outstanding));
    if (tally.unfinished > trial->end.inside)
        worst(&audit->conservation_worst, (double)(tally.unfinished - trial->end.inside));
    audit->offered += tally.offered;
    audit->completed += tally.completed;
    audit->lost += tally.lost;
    audit->unfinished += tally.unfinished;
}

void audit_pasta(struct audit *audit, const struct scenario *column, const struct window *windows,
                 size_t n, double waited)
{
    const struct arrival_process *process =
        (const struct arrival_process *)column->arrivals.process;
    double rate = scenario_event_rate(column);
    if (!process->poisson || n < PASTA_NEEDS || !isfinite(rate) ||
        waited < PASTA_MEETINGS * (double)n)
        return;
    double mean = 0, squares = 0, scale = 0;
    double *d = xmalloc(n * sizeof *d);
    for (size_t i = 0; i < n; i++) {
        const struct flow *a = &windows[i].open, *b = &windows[i].close;
        double seen = b->seen_sum - a->seen_sum;
        double area = b->seen_area - a->seen_area;
        d[i] = seen - rate * area;
        mean += d[i] / (double)n;
        scale = fmax(scale, fmax(seen, rate * area));
    }
    for (size_t i = 0; i < n; i++)
        squares += (d[i] - mean) * (d[i] - mean);
    free(d);
    audit->pasta_columns++;
    if (fabs(mean) <= 1e-9 * scale)
        return;
    double error = sqrt(squares / (double)(n - 1) / (double)n);
    double p = error > 0 ? 2 * gsl_cdf_tdist_Q(fabs(mean) / error, (double)(n - 1)) : 0;
    audit->pasta_worst = fmin(audit->pasta_worst, p);
}

static void write_lines(struct audit *audit)
{
    if (audit->conservation)
        snprintf(audit->text[0], sizeof audit->text[0],
                 "tasks conserved: %" PRIu64 " offered = %" PRIu64 " completed + %" PRIu64
                 " lost + %" PRIu64 " unfinished",
                 audit->offered, audit->completed, audit->lost, audit->unfinished);
    else
        snprintf(audit->text[0], sizeof audit->text[0],
                 "VIOLATED: tasks are not conserved (%.0f out of balance)",
                 audit->conservation_worst);
    bool laws = audit->little && audit->utilization && audit->work_conserving;
    snprintf(audit->text[1], sizeof audit->text[1],
             "%sLittle's law within %.1e%s, utilization law within %.1e%s, consumers idle beside "
             "waiting tasks %.3g s%s",
             laws ? "" : "VIOLATED: ", audit->little_worst, audit->little ? "" : " (broken)",
             audit->utilization_worst, audit->utilization ? "" : " (broken)", audit->idle_worst,
             audit->work_conserving ? "" : " (broken)");
    if (!audit->pasta_judged)
        snprintf(audit->text[2], sizeof audit->text[2],
                 "Poisson arrivals see time averages: not judged (asks for Poisson arrivals at a "
                 "constant rate and a stable column with %d replications and %d waits in each)",
                 PASTA_NEEDS, PASTA_MEETINGS);
    else
        snprintf(audit->text[2], sizeof audit->text[2],
                 "%sPoisson arrivals see time averages (smallest p-value %.2g, adjusted for %u "
                 "column%s)",
                 audit->pasta ? "" : "VIOLATED: ", audit->pasta_worst, audit->pasta_columns,
                 audit->pasta_columns == 1 ? "" : "s");
}

void audit_finish(struct audit *audit)
{
    audit->conservation = audit->conservation_worst == 0;
    audit->little = audit->little_worst <= AUDIT_RELATIVE;
    audit->utilization = audit->utilization_worst <= AUDIT_RELATIVE;
    audit->work_conserving = audit->idle_worst == 0;
    audit->pasta_judged = audit->pasta_columns > 0;
    audit->pasta_worst = fmin(1, audit->pasta_worst * fmax(1, audit->pasta_columns));
    audit->pasta = audit->pasta_worst >= PASTA_LEVEL;
    write_lines(audit);
}

bool audit_holds(const struct audit *audit)
{
    return audit->conservation && audit->little && audit->utilization && audit->work_conserving &&
           audit->pasta;
}
