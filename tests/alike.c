#include "alike.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../sim/result/audit.h"

static bool near(double a, double b, double scale)
{
    return (isnan(a) && isnan(b)) || fabs(a - b) <= 1e-9 * scale;
}

static bool same_histogram(const struct histogram *a, const struct histogram *b)
{
    size_t n[2];
    unsigned char *p = histogram_pack(a, &n[0]), *q = histogram_pack(b, &n[1]);
    bool same = n[0] == n[1] && memcmp(p, q, n[0]) == 0;
    free(p);
    free(q);
    return same;
}

/* Sums are added in the same order with one consumer only. */
static const char *cell_difference(const struct cell *a, const struct cell *b, bool one)
{
    if (a->offered != b->offered)
        return "offered";
    if (a->completed != b->completed)
        return "completed";
    if (memcmp(a->lost, b->lost, sizeof a->lost) != 0)
        return "lost";
    if (!same_histogram(&a->wait, &b->wait))
        return "histogram of waits";
    if (!same_histogram(&a->latency, &b->latency))
        return "histogram of latencies";
    if (a->latency_min != b->latency_min || a->latency_max != b->latency_max)
        return "extremes";
    if (a->size_sum != b->size_sum || a->size_square != b->size_square ||
        a->size_max != b->size_max)
        return "sums of sizes";
    if (one && (a->wait_sum != b->wait_sum || a->latency_sum != b->latency_sum))
        return "sums of times";
    if (!near(a->wait_sum, b->wait_sum, a->latency_sum) ||
        !near(a->latency_sum, b->latency_sum, a->latency_sum))
        return "sums of times, by more than rounding";
    return NULL;
}

/* Lanes take what lies beyond the flow's time away from sums of whole waits, which can be far
 * larger than what is left where the work of days waits. */
static double scale_of(const struct flow *lanes)
{
    return lanes->sojourn_sum + lanes->time + 1e9 * 16 * lanes->rounding;
}

/* Of places of a network, besides: in order of time on both sides, or by other sums. */
static bool same_at_place(const struct flow *a, const struct flow *b)
{
    double scale = scale_of(b);
    return a->arrival_gaps == b->arrival_gaps && a->arrival_gap_square == b->arrival_gap_square &&
           a->departure_gaps == b->departure_gaps &&
           a->departure_gap_square == b->departure_gap_square &&
           near(a->alive_area, b->alive_area, scale) &&
           near(a->available_area, b->available_area, a->available_area) && b->held_area == 0 &&
           b->delayed_area == 0 && b->shared_area == 0;
}

static bool same_flow(const struct flow *a, const struct flow *b)
{
    double scale = scale_of(b);
    return same_at_place(a, b) && a->time == b->time && a->arrived == b->arrived &&
           a->completed == b->completed && a->lost == b->lost && a->inside == b->inside &&
           a->waiting == b->waiting && near(a->queue_area, b->queue_area, scale) &&
           near(a->busy_area, b->busy_area, scale) && near(a->sojourn_sum, b->sojourn_sum, scale) &&
           near(a->service_sum, b->service_sum, scale) && b->paused_area == 0 && b->idle_area == 0;
}

/* At a place of a network: who stops when nothing measured is left may have done all that happens
 * at that very moment (chain.h), or only what comes before in the calendar; that takes no time. */
static bool same_end(const struct flow *a, const struct flow *b)
{
    double scale = scale_of(b);
    if (a->completed == b->completed && a->arrived == b->arrived && a->waiting == b->waiting)
        return same_flow(a, b);
    return a->time == b->time && a->completed <= b->completed && a->arrived <= b->arrived &&
           near(a->queue_area, b->queue_area, scale) && near(a->busy_area, b->busy_area, scale) &&
           near(a->sojourn_sum, b->sojourn_sum, scale) &&
           near(a->service_sum, b->service_sum, scale);
}

static bool audited(const struct trial *trial)
{
    struct audit audit;
    audit_begin(&audit);
    audit_trial(&audit, trial);
    audit_finish(&audit);
    return audit_holds(&audit);
}

static const char *window_difference(const struct window *a, const struct window *b)
{
    if (!same_flow(&a->open, &b->open))
        return "flow at the beginning";
    if (!same_flow(&a->close, &b->close))
        return "flow at the close";
    /* A third of a few tasks may be so short that what its ends round to is all there is. */
    enum { FEW = 12 };
    double scale = 3 * scale_of(&b->close) / (a->close.time - a->open.time);
    bool many = b->close.arrived - b->open.arrived >= FEW;
    if (many && (!near(a->backlog_first, b->backlog_first, scale) ||
                 !near(a->backlog_last, b->backlog_last, scale)))
        return "backlog of the thirds";
    return a->available == b->available ? NULL : "consumer time";
}

const char *trial_difference(const struct trial *a, const struct trial *b, bool one)
{
    if (a->column != b->column || a->replication != b->replication || a->batches != b->batches ||
        trial_cells(a) != trial_cells(b))
        return "which trial it is";
    if (a->warmup_tasks != b->warmup_tasks || a->warmup_time != b->warmup_time)
        return "warm-up";
    if (a->notes != b->notes)
        return "notes";
    for (size_t i = 0; i < trial_cells(a); i++) {
        const char *why = cell_difference(&a->cells[i], &b->cells[i], one);
        if (why)
            return why;
    }
    for (uint32_t i = 0; i < a->columns * a->places; i++) {
        const char *why = window_difference(&a->windows[i], &b->windows[i]);
        if (why)
            return why;
    }
    if (a->ends ? !same_end(&a->end, &b->end) : !same_flow(&a->end, &b->end))
        return "flow at the end";
    for (uint32_t place = 0; a->ends && place < a->places; place++)
        if (!same_end(&a->ends[place], &b->ends[place]))
            return "flow of a place at the end";
    if (a->simulated != b->simulated || a->outstanding != b->outstanding)
        return "tasks simulated or outstanding";
    if (audited(a) && !audited(b))
        return "audit";
    return NULL;
}
