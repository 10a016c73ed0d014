#include "estimate.h"

#include <stdlib.h>

#include "../base/err.h"
#include "../scenario/process.h"
#include "column.h"
#include "stats.h"

static const struct estimate unknown = {NAN, NAN, NAN};

static bool grows(enum figure_kind kind)
{
    return kind <= FIGURE_IN_SYSTEM_MEAN;
}

struct estimate estimate_of_growth(enum figure_kind kind)
{
    if (grows(kind))
        return (struct estimate){INFINITY, INFINITY, INFINITY};
    if (kind == FIGURE_WAIT_PROBABILITY || kind == FIGURE_UTILIZATION)
        return (struct estimate){1, 1, 1};
    return kind == FIGURE_LOSS_FRACTION ? (struct estimate){0, 0, 0} : unknown;
}

static double latency_sum(const struct cell *cell)
{
    return cell->latency_sum;
}

/* What a figure over time is the ratio of, in one window. */
static void parts_of(enum figure_kind kind, const struct window *window, double *a, double *b)
{
    const struct flow *open = &window->open, *close = &window->close;
    double busy = close->busy_area - open->busy_area;
    bool share = kind == FIGURE_UTILIZATION;
    *b = share ? window->available : close->time - open->time;
    *a = share                           ? busy
         : kind == FIGURE_QUEUE_MEAN     ? window_waiting(window)
         : kind == FIGURE_IN_SYSTEM_MEAN ? window_inside(window)
         : kind == FIGURE_ARRIVAL_RATE   ? (double)(close->arrived - open->arrived)
                                         : (double)(close->completed - open->completed);
}

/* A figure over time, from the windows; `least` is a relative error that it has at least. */
static struct estimate over_time(enum figure_kind kind, const struct column *c, double risk,
                                 double least)
{
    double *a = xmalloc(2 * (c->present + 1) * sizeof *a), *b = a + c->present;
    for (size_t i = 0; i < c->present; i++)
        parts_of(kind, &c->windows[i], &a[i], &b[i]);
    struct ratio ratio = stats_ratio(a, b, c->present);
    free(a);
    if (isnan(ratio.error))
        return (struct estimate){ratio.value, NAN, NAN};
    double half = stats_t(risk, c->present - 1) * fmax(ratio.error, least * ratio.value);
    if (kind != FIGURE_QUEUE_MEAN && kind != FIGURE_IN_SYSTEM_MEAN)
        return (struct estimate){ratio.value, ratio.value - half, ratio.value + half};
    double relative = half > 0 ? half / ratio.value : 0;
    if (!(relative < 0.5)) /* interval_mean draws the same line */
        return (struct estimate){ratio.value, NAN, NAN};
    return (struct estimate){ratio.value, ratio.value / (1 + relative),
                             ratio.value / (1 - relative)};
}

/* The cells with the waits in the place of the latencies, for what only knows those. */
static void measured_waits(struct measured *m, const struct result *result, uint32_t column,
                           uint32_t place, uint32_t class)
{
    const struct grid *grid = result->grid;
    measured_gather(m, result, column, place, class);
    size_t n = 0;
    for (uint32_t group = 0; group < grid->column[column].groups; group++) {
        if (!grid_replica(grid, column, result->batches > 1 ? 0 : group)->present)
            continue;
        struct cell own, *cell = &m->cells[n++];
        cell_init(&own);
        grid_get(grid, (struct grid_at){column, group, place, class}, &own, &own.wait);
        histogram_free(&cell->latency);
        cell->packed_latency = (struct packed){0}; /* it was borrowed, if it was there */
        cell->latency = own.wait;
        own.wait = (struct histogram){0};
        cell->latency_sum = cell->wait_sum;
        cell->latency_min = 0;
        cell_free(&own);
    }
    histogram_free(&m->all.latency);
    m->all.latency = m->all.wait;
    m->all.wait = (struct histogram){0};
    m->all.latency_sum = m->all.wait_sum;
    m->all.latency_min = 0;
}

/* What an estimate from cells is made of. */
struct basis {
    const struct column *c;
    const struct measured *m;
    struct groups groups;
    double dependence, unfinished;
    bool waits; /* the cells hold waits in the place of latencies */
};

static struct estimate mean(const struct basis *basis)
{
    const struct cell *all = &basis->m->all;
    double completed = (double)all->completed, value = share_of(all->latency_sum, completed);
    double least = column_least_error(basis->c, basis->dependence, completed);
    if (!basis->waits)
        least *= all->wait_sum / all->latency_sum;
    double effective = share_of(all->size_sum * all->size_sum, all->size_square);
    if (!column_bears_mean(basis->c, basis->waits, basis->groups.widen) ||
        !column_has_work(basis->c, effective) || basis->unfinished > UNFINISHED_MEAN)
        return (struct estimate){value, NAN, NAN};
    struct slope slope = column_slope_of_mean(basis->c, basis->waits, value, basis->dependence);
    double half = interval_mean(&basis->groups, latency_sum, least, &slope);
    return (struct estimate){value, value - half, value + half};
}

static struct estimate quantile(const struct basis *basis, double p)
{
    const struct cell *all = &basis->m->all;
    if ((double)all->completed < stats_quantile_needs(p))
        return unknown;
    struct estimate e = {histogram_quantile(&all->latency, p, all->latency_min, all->latency_max),
                         NAN, NAN};
    struct slope slope = column_slope_of_quantile(basis->c, basis->waits, p, basis->dependence);
    if (basis->unfinished <= UNFINISHED_QUANTILE * (1 - p) &&
        giants_bear_quantile(&basis->c->giants, p) &&
        column_foresees_quantile(basis->c, basis->m, &basis->groups, basis->dependence, p))
        interval_quantile(&basis->groups, all, basis->dependence, column_sheds(basis->c), p,
                          e.value, &slope, &e.low, &e.high);
    return e;
}

static struct estimate loss(const struct basis *basis)
{
    const struct cell *all = &basis->m->all;
    struct estimate e = {share_of((double)cell_lost(all), (double)all->offered), 0, 0};
    if (!column_can_lose(basis->c))
        return e;
    e.low = e.high = NAN;
    struct slope slope = column_slope_of_loss(basis->c, e.value, basis->dependence);
    if (giants_bear_loss(&basis->c->giants, e.value))
        interval_loss(&basis->groups, basis->dependence,
                      column_cycle(basis->c, (double)all->offered), &slope, &e.low, &e.high);
    return e;
}

static struct estimate waiting(const struct basis *basis)
{
    const struct cell *all = &basis->m->all;
    double completed = (double)all->completed;
    struct estimate e = {share_of(completed - (double)all->latency.zero, completed), NAN, NAN};
    interval_waiting(&basis->groups, basis->dependence,
                     column_cycle(basis->c, (double)all->offered), &e.low, &e.high);
    return e;
}

/* Completed tasks of one class per second, from the cells of the replications. */
static struct estimate goodput(const struct basis *basis, double risk)
{
    size_t n = basis->groups.n;
    if (basis->groups.batches || n != basis->c->present)
        return unknown;
    double *a = xmalloc(2 * (n + 1) * sizeof *a), *b = a + n;
    for (size_t i = 0; i < n; i++) {
        a[i] = (double)basis->m->cells[i].completed;
        b[i] = basis->c->windows[i].close.time - basis->c->windows[i].open.time;
    }
    struct ratio ratio = stats_ratio(a, b, n);
    free(a);
    double half = n < 2 ? NAN : stats_t(risk, n - 1) * ratio.error;
    return (struct estimate){ratio.value, ratio.value - half, ratio.value + half};
}

static struct estimate from_cells(const struct result *result, const struct column *c,
                                  uint32_t column, const struct figure_wanted *wanted, double risk)
{
    bool waits = wanted->kind == FIGURE_WAIT_QUANTILE || wanted->kind == FIGURE_WAIT_MEAN ||
                 wanted->kind == FIGURE_WAIT_PROBABILITY;
    struct measured m;
    measured_gather(&m, result, column, c->place, wanted->class);
    struct groups groups = measured_groups(&m, result, c, risk);
    struct basis basis = {.c = c, .dependence = measured_dependence(&m, &groups, c)};
    if (waits) { /* the dependence stays that of the latencies, as in a row */
        measured_free(&m);
        measured_waits(&m, result, column, c->place, wanted->class);
    }
    basis.m = &m;
    basis.waits = waits;
    basis.groups = measured_groups(&m, result, c, risk);
    basis.unfinished = share_of((double)cell_unfinished(&m.all), (double)m.all.offered);
    struct estimate e = unknown;
    if (wanted->kind == FIGURE_LATENCY_QUANTILE || wanted->kind == FIGURE_WAIT_QUANTILE)
        e = quantile(&basis, wanted->p);
    else if (wanted->kind == FIGURE_LATENCY_MEAN || wanted->kind == FIGURE_WAIT_MEAN)
        e = mean(&basis);
    else if (wanted->kind == FIGURE_LOSS_FRACTION)
        e = loss(&basis);
    else if (wanted->kind == FIGURE_WAIT_PROBABILITY)
        e = waiting(&basis);
    else if (wanted->kind == FIGURE_GOODPUT)
        e = goodput(&basis, risk);
    measured_free(&m);
    return e;
}

/* Of a network whose stages are not all visited by every request, one that does not keep up need
 * not be what the median waits for. */
static bool all_grow(const struct column *c, const struct result *result, enum figure_kind kind)
{
    bool quantile = kind == FIGURE_LATENCY_QUANTILE || kind == FIGURE_WAIT_QUANTILE;
    return !c->facts || c->place < result->whole || !quantile;
}

static struct estimate column_estimate(const struct result *result, const struct column *c,
                                       uint32_t column, const struct figure_wanted *wanted,
                                       double risk)
{
    enum figure_kind kind = wanted->kind;
    bool all = wanted->class + 1 == result_row_classes(result);
    bool number = kind == FIGURE_QUEUE_MEAN || kind == FIGURE_IN_SYSTEM_MEAN;
    bool flow = number || kind == FIGURE_UTILIZATION || kind == FIGURE_THROUGHPUT ||
                kind == FIGURE_ARRIVAL_RATE || (kind == FIGURE_GOODPUT && all);
    if (!c->drifts && c->stable == STABLE_NO) {
        struct estimate known = estimate_of_growth(kind);
        bool theory = !c->facts && stability_theory(&c->scenario) == STABLE_NO;
        if (!isnan(known.value) && (theory || (grows(kind) && all_grow(c, result, kind))))
            return known;
        return flow ? over_time(kind, c, risk, 0) : unknown;
    }
    if ((number && !column_bears_mean(c, kind == FIGURE_QUEUE_MEAN, 1)) ||
        !column_honest(result, c))
        return unknown;
    if (!flow)
        return from_cells(result, c, column, wanted, risk);
    /* The number waiting is the rate times the mean wait: it can be known no better. */
    double dependence = isnan(c->relaxation) ? NAN : c->relaxation / 2;
    return over_time(kind, c, risk, number ? column_least_error(c, dependence, c->arrived) : 0);
}

/* Then the length of a run is part of the question, as in a drift: what happens in it is all there
 * is to know, and replications are independent answers. */
static bool moves_with_time(const struct column *c)
{
    return c->facts ? !c->facts->recurs : !process_recurs(&c->scenario);
}

/* A column about which one asks several times; the last place is kept. */
struct estimator {
    const struct result *result;
    uint32_t column;
    struct column_known *known;
    struct column *at; /* NULL: nobody has asked yet */
};

struct estimator *estimator_begin(const struct result *result, uint32_t column)
{
    struct estimator *e = xcalloc(1, sizeof *e);
    *e = (struct estimator){result, column, column_known_of(result, column), NULL};
    return e;
}

static void leave(struct estimator *e)
{
    if (e->at)
        column_free(e->at);
    free(e->at);
    e->at = NULL;
}

void estimator_end(struct estimator *e)
{
    leave(e);
    column_known_free(e->known);
    free(e);
}

static struct estimate estimate(struct estimator *e, const struct figure_wanted *wanted,
                                double risk, bool look)
{
    uint32_t place = wanted->place ? wanted->place - 1 : e->result->whole;
    if (!e->at || e->at->place != place) {
        leave(e);
        e->at = xcalloc(1, sizeof *e->at);
        column_gather(e->at, e->result, e->column, place, e->known);
        e->at->drifts = e->at->drifts || moves_with_time(e->at);
    }
    e->at->look = look;
    return column_estimate(e->result, e->at, e->column, wanted, risk);
}

struct estimate estimator_of(struct estimator *e, const struct figure_wanted *wanted, double risk)
{
    return estimate(e, wanted, risk, false);
}

static struct estimate once(const struct result *result, uint32_t column,
                            const struct figure_wanted *wanted, double risk, bool look)
{
    struct estimator *e = estimator_begin(result, column);
    struct estimate found = estimate(e, wanted, risk, look);
    estimator_end(e);
    return found;
}

struct estimate estimate_of(const struct result *result, uint32_t column,
                            const struct figure_wanted *wanted, double risk)
{
    return once(result, column, wanted, risk, false);
}

struct estimate estimate_look(const struct result *result, uint32_t column,
                              const struct figure_wanted *wanted, double risk)
{
    return once(result, column, wanted, risk, true);
}
