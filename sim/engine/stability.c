#include "stability.h"

#include <gsl/gsl_cdf.h>

#include "../network/facts.h"
#include "../scenario/discipline.h"
#include "../scenario/policy.h"
#include "../scenario/process.h"
#include "../scenario/sweep.h"
#include "../scenario/trouble.h"
#include "periods.h"

double flow_mean_inside(const struct flow *from, const struct flow *to)
{
    double time = to->time - from->time;
    if (!(time > FLOW_TELLS * to->time))
        return NAN;
    return (flow_inside_area(to) - flow_inside_area(from)) / time;
}

bool stability_turns_away(const struct scenario *column)
{
    if (scenario_is_network(column))
        return false; /* some stages may */
    const struct policy *policy = (const struct policy *)column->stage.when_full;
    return isfinite(column->stage.capacity) && policy->verdict != VERDICT_PAUSE;
}

static enum verdict_stable stage_theory(const struct network_facts *facts, uint32_t stage)
{
    static const enum verdict_stable by_traffic[] = {[TRAFFIC_UNSTABLE] = STABLE_NO,
                                                     [TRAFFIC_STABLE] = STABLE_YES,
                                                     [TRAFFIC_UNKNOWN] = STABLE_UNKNOWN};
    const bool closed = facts->closed && !facts->network->asks; /* attempts have no such limit */
    if (closed || traffic_loses(facts->network, stage))
        return STABLE_YES;
    return by_traffic[facts->traffic->stage[stage].stable];
}

/* Whether there is no end to the tasks whose service can have begun: they lose no patience. */
static bool begins_all(const struct scenario *column)
{
    const struct discipline *d = stage_discipline(&column->stage);
    return isinf(column->stage.capacity) && (d->shares || d->before);
}

/* Whether every task leaves in the end if it is not served. */
static bool gives_up(const struct scenario *column)
{
    bool in_order = stage_discipline(&column->stage)->by_arrival;
    if (begins_all(column))
        return false;
    for (int i = 0; i < scenario_classes(column); i++) {
        const struct law *law = scenario_timeout(column, i);
        if (law && scenario_share(column, i) > 0 && !in_order && isinf(law_mean(law)))
            return false;
    }
    return scenario_all_impatient(column);
}

bool stability_loses(const struct scenario *column)
{
    if (scenario_is_network(column))
        return false;
    return stability_turns_away(column) || gives_up(column);
}

/* Of a network: of all of it. */
static bool network_can_lose(const struct scenario *column)
{
    struct network_facts *facts = network_facts_of(column);
    bool loses = facts->loses[facts->network->n_stages];
    network_facts_free(facts);
    return loses;
}

static enum verdict_stable network_theory(const struct scenario *column)
{
    struct network_facts *facts = network_facts_of(column);
    enum verdict_stable worst = STABLE_YES;
    for (uint32_t i = 0; i < facts->network->n_stages && worst != STABLE_NO; i++) {
        enum verdict_stable own = stage_theory(facts, i);
        worst = own == STABLE_YES ? worst : own;
    }
    network_facts_free(facts);
    return worst;
}

bool stability_can_lose(const struct scenario *column)
{
    if (scenario_is_network(column))
        return network_can_lose(column);
    return stability_turns_away(column) || scenario_impatient(column);
}

bool stability_conserves_work(const struct scenario *column)
{
    if (scenario_is_network(column))
        return false; /* who is blocked does not work */
    return !isfinite(column->stage.capacity) || stability_turns_away(column) ||
           !(column->stage.resume_delay > 0);
}

enum verdict_stable stability_theory(const struct scenario *column)
{
    if (scenario_is_network(column))
        return network_theory(column);
    if (stability_loses(column) || process_is_closed(column))
        return STABLE_YES;
    bool shared = begins_all(column) && stage_discipline(&column->stage)->shares;
    bool leave = scenario_impatient(column) && !shared;
    if (!leave && isinf(scenario_mean_size(column)))
        return STABLE_NO;
    double utilization = scenario_utilization(column);
    if ((leave ? scenario_patient_utilization(column) : utilization) >= 1)
        return STABLE_NO;
    if (utilization < 1 && process_recurs(column) && stability_conserves_work(column))
        return STABLE_YES;
    return STABLE_UNKNOWN;
}

/* Growth of the backlog, per replication, as a share of the tasks that arrived between the middles
 * of the first and the last third (two thirds of the window's). */
static double growth(const struct window *w)
{
    double arrived = (double)(w->close.arrived - w->open.arrived) * 2 / 3;
    return arrived > 0 ? (w->backlog_last - w->backlog_first) / arrived : NAN;
}

/* What fills in one part of a period and drains in another does not grow: thirds that are not whole
 * periods say nothing. */
static bool thirds_compare(const struct scenario *column, const struct window *windows, size_t n)
{
    bool whole = true;
    for (size_t i = 0; i < n && !isnan(process_period(column)) && whole; i++)
        whole = periods_in_thirds(column, windows[i].close.time - windows[i].open.time);
    return whole;
}

static enum verdict_stable by_growth(const struct window *windows, size_t n)
{
    double sum = 0, squares = 0;
    for (size_t i = 0; i < n; i++)
        sum += growth(&windows[i]);
    double mean = sum / (double)n;
    if (!isfinite(mean))
        return STABLE_UNKNOWN;
    if (n < 2)
        return mean > 10 * STABILITY_GROWTH ? STABLE_NO : STABLE_UNKNOWN;
    for (size_t i = 0; i < n; i++)
        squares += (growth(&windows[i]) - mean) * (growth(&windows[i]) - mean);
    double freedom = (double)(n - 1);
    double half = gsl_cdf_tdist_Pinv(0.999, freedom) * sqrt(squares / freedom / (double)n);
    if (mean - half > 0 && mean > STABILITY_GROWTH)
        return STABLE_NO;
    return mean + half < STABILITY_GROWTH ? STABLE_YES : STABLE_UNKNOWN;
}

static enum verdict_stable by_measurement(const struct scenario *column,
                                          const struct window *windows, size_t n, unsigned notes)
{
    if (notes & NOTE_BACKLOG)
        return STABLE_NO;
    return thirds_compare(column, windows, n) ? by_growth(windows, n) : STABLE_UNKNOWN;
}

static bool nothing_came(const struct window *windows, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (windows[i].close.arrived > windows[i].open.arrived ||
            windows[i].backlog_first != windows[i].backlog_last)
            return false;
    return true;
}

/* What was measured at a stage. Thirds of what repeats a timetable need not be whole periods. */
static enum verdict_stable stage_measured(const struct network_facts *facts,
                                          const struct window *windows, size_t n, bool full)
{
    if (full)
        return STABLE_NO;
    if (n == 0 || facts->periodic)
        return STABLE_UNKNOWN;
    return nothing_came(windows, n) ? STABLE_YES : by_growth(windows, n);
}

enum verdict_stable stability_of_stage(const struct scenario *column,
                                       const struct network_facts *facts, uint32_t stage,
                                       const struct window *windows, size_t n, bool full)
{
    enum verdict_stable theory = stage_theory(facts, stage);
    enum verdict_stable measured = stage_measured(facts, windows, n, full);
    if (traffic_loses(facts->network, stage) || facts->traffic->stage[stage].bounded)
        return STABLE_YES;
    if (facts->closed)
        return full ? STABLE_UNKNOWN : STABLE_YES;
    if (theory == STABLE_UNKNOWN)
        return scenario_has_moment(column) ? STABLE_UNKNOWN : measured;
    bool moves = sweep_drifts(column) || scenario_has_moment(column);
    bool contradicted = full || (!moves && measured == STABLE_NO);
    return theory == STABLE_YES && contradicted ? STABLE_UNKNOWN : theory;
}

enum verdict_stable stability_judge(const struct scenario *column, const struct window *windows,
                                    size_t n, unsigned notes)
{
    enum verdict_stable theory = stability_theory(column);
    if (theory == STABLE_NO || stability_loses(column))
        return theory;
    enum verdict_stable measured =
        n > 0 ? by_measurement(column, windows, n, notes) : STABLE_UNKNOWN;
    if (theory == STABLE_UNKNOWN)
        return measured;
    bool drifts = sweep_drifts(column) || process_is_closed(column) || scenario_has_moment(column);
    bool contradicted = (notes & NOTE_BACKLOG) || (!drifts && measured == STABLE_NO);
    return contradicted ? STABLE_UNKNOWN : STABLE_YES;
}
