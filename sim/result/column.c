#include "column.h"

#include <stdlib.h>

#include "../base/err.h"
#include "../engine/relaxation.h"
#include "../scenario/discipline.h"
#include "../scenario/process.h"
#include "controls.h"
#include "sensitivity.h"
#include "timescale.h"

/* Of a network: a wait has a variance where sizes have a third moment, whoever waits for whom. */
static bool mean_exists_in(const struct network_facts *facts)
{
    return facts->tail > 3;
}

bool interval_mean_exists(const struct scenario *column)
{
    struct network_facts *facts = network_facts_of(column);
    bool exists = facts && mean_exists_in(facts);
    network_facts_free(facts);
    if (facts)
        return exists;
    double tail = scenario_tail(column);
    double needs = 2;
    if (!stability_loses(column) && !process_is_closed(column)) {
        const struct discipline *discipline = stage_discipline(&column->stage);
        double utilization = scenario_utilization(column), c = column->stage.consumers;
        double spare = discipline->by_arrival && utilization < 1 ? c - floor(utilization * c) : 1;
        needs = fmax(needs, discipline->passes_large ? 2 : 1 + 2 / spare);
    }
    return tail > needs;
}

static double cycles_met(const struct column *c, const struct result *result,
                         const struct timescale *slowest)
{
    bool time = sweep_is_time(&result->scenario);
    if (time && slowest->by_clock) /* a slice is of its own time of day, and claims nothing more */
        return INFINITY;
    /* A slice of time has seen no more of chance than what happened in it. */
    bool whole = c->drifts && !time;
    double seconds = whole ? (double)c->present * result->scenario.run.duration : c->duration;
    if (slowest->by_clock)
        return seconds / slowest->seconds * (1 + 1e-9); /* rounding only */
    double tasks = whole ? seconds * scenario_likely_rate(&c->scenario) : c->requests;
    return tasks / slowest->tasks;
}

static bool slowest_of(const struct column *c, struct timescale *slowest)
{
    *slowest = c->known->slowest;
    if (c->facts)
        return c->known->slow;
    return !scenario_replays(&c->scenario) && timescale_find(&c->scenario, slowest);
}

static void judge_cycles(struct column *c, const struct result *result)
{
    struct timescale slowest;
    c->cycles = c->spells = INFINITY;
    if (!slowest_of(c, &slowest))
        return;
    c->cycles = cycles_met(c, result, &slowest);
    c->spells = c->cycles;
    if (slowest.by_clock) /* every period meets all of it, and chance as often as it is forgotten */
        c->spells = c->requests /
                    fmax(slowest.of_chance, fmin(slowest.tasks, relaxation_longest(&c->scenario)));
    if (c->cycles < slowest.cycles)
        c->notes |= NOTE_FEW_CYCLES;
}

/* Whether the traffic was what it was to be. Arrivals that ended early are told of by their own
 * notes. */
static void judge_controls(struct column *c, const struct result *result, uint32_t index)
{
    struct control controls[KNOWN_MEANS];
    if (c->notes & (NOTE_BACKLOG | NOTE_TRACE_ENDED))
        return;
    controls_measure(result, index, &c->scenario, &c->giants, controls);
    c->off = controls_off(controls);
    if (c->off < 0)
        return;
    c->off_by = controls[c->off].own / controls[c->off].known - 1;
    c->notes |= NOTE_UNREPRESENTATIVE;
}

/* Of a stage, or of the slowest of all, in requests. */
static double network_relaxation(const struct column *c)
{
    uint32_t stages = c->facts->network->n_stages;
    return c->facts->relaxation[c->place < stages ? c->place : stages];
}

/* Theory is of the backlog that every task waits for. Where most pass it, tasks are less alike (as
 * measured: 98 to 100 % of intervals would hold; docs/statistics.md). */
static double backlog_relaxation(const struct column *c)
{
    if (c->facts)
        return network_relaxation(c) * share_of(c->arrived, c->requests);
    return stage_discipline(&c->scenario.stage)->passes_large ? NAN : c->relaxation;
}

/* What is foreseen of consumers that are shared: tasks are as alike as half of the backlog says (a
 * quarter of it, of exponential sizes, to all of it, of Pareto ones, as measured). Of other orders
 * in which most pass it nothing is known. */
#define SHARED_ALIKE 0.5
static double foreseen_relaxation(const struct column *c)
{
    const struct discipline *discipline = stage_discipline(&c->scenario.stage);
    return discipline->shares ? SHARED_ALIKE * c->relaxation : backlog_relaxation(c);
}

static void foresee(struct column *c, const struct result *result)
{
    size_t groups = result->batches > 1 ? FEWEST_BATCHES : c->present; /* batches may be merged */
    foreseen_of(&c->scenario, c->arrived, groups, foreseen_relaxation(c), &c->foreseen);
}

static enum verdict_stable judge_stable(const struct result *result, uint32_t index,
                                        const struct column *c)
{
    if (sweep_is_time(&result->scenario)) /* nothing is said to be at rest */
        return STABLE_UNKNOWN;
    return c->facts ? place_stable(result, index, c)
                    : stability_judge(&c->scenario, c->windows, c->present, c->notes);
}

/* Whether a network ran for long enough, in requests, for what it has at this place. */
static void judge_length(struct column *c)
{
    double relaxation = network_relaxation(c);
    double measured = share_of(c->requests, (double)c->present);
    if (c->drifts || c->stable == STABLE_NO)
        return;
    if (measured < RELAXATION_WANTED * relaxation)
        c->notes |= NOTE_SHORT_RUN;
    c->hopeless = fmax(measured, c->warmup_tasks) < RELAXATION_NEEDED * relaxation;
}

struct column_known *column_known_of(const struct result *result, uint32_t index)
{
    struct column_known *known = xcalloc(1, sizeof *known);
    sweep_scenario(&result->scenario, index, &known->scenario);
    if (result->places > 1)
        known->facts = network_facts_of(&known->scenario);
    if (known->facts)
        known->slow = timescale_of_network(known->facts, &known->slowest);
    return known;
}

void column_known_free(struct column_known *known)
{
    if (!known)
        return;
    network_facts_free(known->facts);
    free(known);
}

void column_gather(struct column *c, const struct result *result, uint32_t index, uint32_t place,
                   const struct column_known *known)
{
    const struct grid *grid = result->grid;
    c->scenario = known->scenario;
    c->place = place;
    c->known = known;
    c->facts = known->facts;
    const uint32_t replications = grid->column[index].replications;
    c->windows = xmalloc(replications * sizeof *c->windows);
    c->time_low = c->time_high = NAN;
    c->off = -1;
    c->load = NULL;
    for (uint32_t r = 0; r < replications; r++) {
        const struct replica *replica = grid_replica(grid, index, r);
        if (!replica->present)
            continue;
        const struct window *window = replica_window(replica, place);
        c->windows[c->present++] = *window;
        c->arrived += (double)(window->close.arrived - window->open.arrived);
        c->requests += (double)(replica->window.close.arrived - replica->window.open.arrived);
        c->duration += window->close.time - window->open.time;
        c->warmup_tasks += (double)replica->warmup_tasks;
        c->unsettled += (replica->notes & NOTE_WARMUP_UNSETTLED) != 0;
        c->notes |= replica->notes;
    }
    c->warmup_tasks = share_of(c->warmup_tasks, (double)c->present);
    c->drifts = sweep_drifts(&result->scenario);
    if (c->drifts) {
        double slice = result->scenario.run.duration / result->columns;
        c->time_low = slice * index;
        c->time_high = slice * (index + 1);
    }
    c->stable = judge_stable(result, index, c);
    c->giants = (struct giants){.none = true};
    c->foreseen = (struct foreseen){.known = false};
    if (c->facts) {
        c->relaxation = NAN;
        judge_cycles(c, result);
        judge_length(c);
        return;
    }
    c->relaxation = relaxation_tasks(&c->scenario);
    if (isinf(c->relaxation) || sweep_is_time(&result->scenario))
        c->relaxation = NAN;
    judge_cycles(c, result);
    if (c->drifts)
        return;
    giants_of(&c->scenario, c->arrived, &c->giants);
    foresee(c, result);
    double measured = share_of(c->arrived, (double)c->present);
    if (measured < RELAXATION_WANTED * c->relaxation)
        c->notes |= NOTE_SHORT_RUN;
    judge_controls(c, result, index);
    if (sensitivity_known(&c->scenario) && giants_leave_load(&c->giants))
        c->load = controls_load(result, index, &c->scenario);
    c->hopeless = fmax(measured, c->warmup_tasks) < RELAXATION_NEEDED * c->relaxation;
}

void column_free(struct column *c)
{
    free(c->load);
    free(c->windows);
}

void measured_gather(struct measured *m, const struct result *result, uint32_t index,
                     uint32_t place, uint32_t class)
{
    const struct grid *grid = result->grid;
    const uint32_t groups = grid->column[index].groups;
    cell_init(&m->all);
    m->cells = xmalloc(groups * sizeof *m->cells);
    m->n = 0;
    for (uint32_t group = 0; group < groups; group++) {
        uint32_t replication = result->batches > 1 ? 0 : group;
        if (!grid_replica(grid, index, replication)->present)
            continue;
        struct cell *cell = &m->cells[m->n];
        cell_init(cell);
        const struct grid_at at = {index, group, place, class};
        if (result->batches > 1 && class < grid->classes)
            grid_borrow(grid, at, cell, &m->all.wait);
        else
            grid_get(grid, at, cell, &m->all.wait);
        cell_merge(&m->all, &m->cells[m->n++]);
    }
}

void measured_free(struct measured *m)
{
    for (size_t i = 0; i < m->n; i++)
        cell_free(&m->cells[i]);
    free(m->cells);
    cell_free(&m->all);
}

struct groups measured_groups(const struct measured *m, const struct result *result,
                              const struct column *c, double risk)
{
    /* Of few cycles at random the spread is skewed, and more often too small than too large: with
     * 20 of a storm intervals would hold in 92 %. */
    const double few = 5;
    bool random = !c->drifts && c->cycles > 0 && isnan(process_period(&c->scenario));
    double widen = random ? sqrt(1 + few / c->cycles) : 1;
    return (struct groups){m->cells, m->n, result->batches > 1, risk, c->load, widen};
}

/* The share of a variance that is left, where that of the load explains a part. Theory is not
 * trusted to explain all. */
#define EXPLAINED_MOST 0.85
static double left(const struct column *c, double slope, double variance)
{
    double part = slope * slope * sensitivity_variation(&c->scenario) / variance;
    return isnan(part) ? 1 : 1 - fmin(EXPLAINED_MOST, part);
}

struct slope column_slope_of_mean(const struct column *c, bool wait, double mean, double dependence)
{
    if (!c->load)
        return no_slope;
    double of_wait = sensitivity_mean(&c->scenario, true);
    double relative = wait ? of_wait : sensitivity_mean(&c->scenario, false);
    return (struct slope){relative * mean, left(c, of_wait, 2 * dependence), 0};
}

struct slope column_slope_of_quantile(const struct column *c, bool wait, double p,
                                      double dependence)
{
    if (!c->load)
        return no_slope;
    struct quantile_slope slope = sensitivity_quantile(&c->scenario, wait, p);
    double variance = p * (1 - p) * interval_dependence_at(p, dependence);
    return (struct slope){slope.of_share, left(c, slope.of_share, variance), slope.of_logarithm};
}

struct slope column_slope_of_loss(const struct column *c, double loss, double dependence)
{
    if (!c->load || !(loss > 0))
        return no_slope;
    double slope = sensitivity_loss(&c->scenario) * loss;
    double variance = loss * (1 - loss) * fmax(1, sqrt(2 * dependence));
    return (struct slope){sensitivity_loss(&c->scenario), left(c, slope, variance), 0};
}

double column_cycle(const struct column *c, double offered)
{
    bool any = !c->drifts && isfinite(c->spells) && c->spells > 0;
    return any ? offered / c->spells : 0;
}

double measured_dependence(const struct measured *m, const struct groups *groups,
                           const struct column *c)
{
    double part = share_of((double)m->all.offered, c->arrived);
    return interval_dependence(groups, &m->all, backlog_relaxation(c) / 2 * part);
}

/* Whether replications, or batches of one, differ by chance and by nothing else. */
static bool inputs_honest(const struct column *c, bool batches)
{
    if (c->facts)
        return !c->facts->repeats && !(batches && !c->facts->stationary);
    const struct arrival_process *process =
        (const struct arrival_process *)c->scenario.arrivals.process;
    return !scenario_repeats(&c->scenario) && !(batches && !process->stationary);
}

bool column_honest(const struct result *result, const struct column *c)
{
    if (!inputs_honest(c, result->batches > 1))
        return false;
    if (c->notes & (NOTE_FEW_CYCLES | NOTE_UNREPRESENTATIVE))
        return false;
    return c->drifts || (c->stable != STABLE_NO && 2 * c->unsettled < c->present && !c->hopeless);
}

static bool mean_exists(const struct column *c)
{
    return c->facts ? mean_exists_in(c->facts) : interval_mean_exists(&c->scenario);
}

bool column_can_lose(const struct column *c)
{
    if (!c->facts)
        return stability_can_lose(&c->scenario);
    uint32_t stages = c->facts->network->n_stages;
    return c->facts->loses[c->place < stages ? c->place : stages];
}

bool column_has_work(const struct column *c, double effective_tasks)
{
    bool requests = c->facts && c->place >= c->facts->network->n_stages;
    return requests || effective_tasks >= EFFECTIVE_TASKS;
}

bool column_sheds(const struct column *c)
{
    return c->facts ? column_can_lose(c) : stability_loses(&c->scenario);
}

bool column_bears_mean(const struct column *c, bool wait, double widen)
{
    bool as_met = c->look && isinf(c->foreseen.cycles);
    return (c->drifts || c->stable == STABLE_YES) && mean_exists(c) &&
           giants_bear_mean(&c->giants) &&
           (as_met || foreseen_bears_mean(&c->foreseen, wait, widen));
}

bool column_foresees_quantile(const struct column *c, const struct measured *m,
                              const struct groups *groups, double dependence, double p)
{
    double part = share_of((double)m->all.offered, c->arrived);
    double worth =
        (double)m->all.completed * fmin(p, 1 - p) / interval_dependence_at(p, dependence);
    if (!c->foreseen.known && worth < EFFECTIVE_SIDE)
        return false;
    return foreseen_bears_quantile(&c->foreseen, p, part, groups->widen);
}

bool column_bears_quantile(struct column *c, int quantile)
{
    if (c->bears[quantile] == BORNE_UNKNOWN)
        c->bears[quantile] =
            giants_bear_quantile(&c->giants, quantile_p[quantile]) ? BORNE : BORNE_NOT;
    return c->bears[quantile] == BORNE;
}

double column_least_error(const struct column *c, double dependence, double n)
{
    bool known = !isnan(c->relaxation) && !stability_loses(&c->scenario);
    return known ? sqrt(1.5 * dependence / n) : 0;
}
