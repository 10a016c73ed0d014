#include "audit.h"

#include <gsl/gsl_cdf.h>
#include <inttypes.h>
#include <stdio.h>

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
    worst(&audit->utilization_worst, relative(f->busy_area, f->service_sum, f->rounding));
    worst(&audit->idle_worst, isnan(f->idle_area) ? INFINITY : f->idle_area);
}

/* The time of every state, against the integral over the same window. */
static void audit_queue(struct audit *audit, const struct trial *trial, uint32_t column)
{
    const struct queue_time *q = &trial->queues[column];
    const struct flow *open = &trial->windows[column].open, *close = &trial->windows[column].close;
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

static uint64_t audit_column(struct audit *audit, const struct trial *trial, uint32_t column)
{
    size_t per_column = (size_t)trial->batches * trial->classes;
    uint64_t offered = 0, unfinished = 0;
    for (size_t i = 0; i < per_column; i++) {
        const struct cell *cell = &trial->cells[column * per_column + i];
        uint64_t lost = cell_lost(cell);
        if (cell->completed + lost > cell->offered)
            worst(&audit->conservation_worst, (double)(cell->completed + lost - cell->offered));
        else
            unfinished += cell->offered - cell->completed - lost;
        worst(&audit->conservation_worst,
              apart(histogram_total(&cell->wait) + cell->packed_wait.total, cell->completed));
        worst(&audit->conservation_worst,
              apart(histogram_total(&cell->latency) + cell->packed_latency.total, cell->completed));
        offered += cell->offered;
        audit->completed += cell->completed;
        audit->lost += lost;
    }
    const struct window *w = &trial->windows[column];
    worst(&audit->conservation_worst, apart(offered, w->close.arrived - w->open.arrived));
    audit_flow(audit, &w->open);
    audit_flow(audit, &w->close);
    if (trial->queues)
        audit_queue(audit, trial, column);
    audit->offered += offered;
    return unfinished;
}

void audit_trial(struct audit *audit, const struct trial *trial)
{
    uint64_t unfinished = 0;
    for (uint32_t i = 0; i < trial->columns; i++)
        unfinished += audit_column(audit, trial, i);
    audit_flow(audit, &trial->end);
    worst(&audit->conservation_worst, apart(unfinished, trial->outstanding));
    if (unfinished > trial->end.inside)
        worst(&audit->conservation_worst, (double)(unfinished - trial->end.inside));
    audit->unfinished += unfinished;
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
