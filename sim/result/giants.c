#include "giants.h"

#include <gsl/gsl_cdf.h>

#include "../engine/stability.h"
#include "../scenario/discipline.h"
#include "../scenario/process.h"
#include "interval.h"

enum { STEPS = 128, HALVINGS = 45 };

/* Laws that end, or fall, so soon have no giants: P(S > LIGHT E[S]) below what a double tells. */
#define LIGHT     40
#define LIGHT_FOR 1e-15

static const struct arrival_process *process_of(const struct scenario *s)
{
    return (const struct arrival_process *)s->arrivals.process;
}

/* P(S > x) and E[S; S > x] of all classes, x in seconds of service. */
static double above(const struct scenario *s, double x)
{
    double sum = 0;
    for (int i = 0; i < scenario_classes(s); i++)
        if (scenario_share(s, i) > 0)
            sum += scenario_share(s, i) * law_above(scenario_size(s, i), x * s->stage.speed);
    return sum;
}

static double mean_above(const struct scenario *s, double x)
{
    double sum = 0;
    for (int i = 0; i < scenario_classes(s); i++)
        if (scenario_share(s, i) > 0) {
            const struct law *law = scenario_size(s, i);
            sum +=
                scenario_share(s, i) * law_model(law)->mean_above(law->params, x * s->stage.speed);
        }
    return sum / s->stage.speed;
}

/* E[(S - x)+]. */
static double excess(const struct scenario *s, double x)
{
    return fmax(0, mean_above(s, x) - x * above(s, x));
}

/* E[S^2; S <= x], by parts: the trapezoidal rule in the logarithm, from where nothing is left. */
static double square_below(const struct scenario *s, double x)
{
    const double span = 12; /* e^-24 of x^2 lies below */
    double sum = 0, step = span / STEPS;
    for (int i = 0; i <= STEPS; i++) {
        double u = x * exp(-step * i);
        sum += 2 * u * u * above(s, u) * (i == 0 || i == STEPS ? 0.5 : 1);
    }
    return fmax(0, sum * step - x * x * above(s, x));
}

/* Where a falling function of x is `to`: between 1e-9 and 1e15 of the scale, by halving. */
typedef double falling(const struct giants *g, double x);

static double where(const struct giants *g, falling *f, double to)
{
    double low = log(1e-9 * g->first), high = log(1e15 * g->first);
    for (int i = 0; i < HALVINGS; i++) {
        double middle = (low + high) / 2;
        if (f(g, exp(middle)) > to)
            low = middle;
        else
            high = middle;
    }
    return exp(low);
}

static double size_above(const struct giants *g, double x)
{
    return above(g->column, x);
}

/* P(k of the sizes that are in service have x or more left): M/G/infinity. */
static double blocked(const struct giants *g, double x)
{
    double mean = g->rate * excess(g->column, x);
    return g->spare == 1 ? -expm1(-mean) : gsl_cdf_gamma_P(mean, g->spare, 1);
}

/* How long such a time lasts: the least of k excesses. */
static double spell(const struct giants *g, double x)
{
    double p = above(g->column, x);
    return p > 0 ? excess(g->column, x) / p / g->spare : 0;
}

/* How many of them there are in the run. */
static double spells(const struct giants *g, double x)
{
    double lasts = spell(g, x);
    return lasts > 0 ? g->tasks / g->rate * blocked(g, x) / lasts : 0;
}

static double made_late(const struct giants *g, double q)
{
    return blocked(g, q) * g->spare / g->relief;
}

static bool light(const struct scenario *s)
{
    double mean = scenario_mean_size(s);
    for (int i = 0; i < scenario_classes(s); i++)
        if (scenario_share(s, i) > 0 && law_above(scenario_size(s, i), LIGHT * mean) > LIGHT_FOR)
            return false;
    return true;
}

void giants_of(const struct scenario *column, double tasks, struct giants *g)
{
    double c = column->stage.consumers, utilization = scenario_utilization(column);
    const struct discipline *discipline = stage_discipline(&column->stage);
    *g = (struct giants){.none = true, .column = column, .tasks = tasks};
    if (scenario_brings_sizes(column))
        return;
    g->light = light(column);
    if (g->light || process_is_closed(column) || discipline->passes_large ||
        !isfinite(utilization) || !(tasks > GIANTS_MET))
        return;
    g->none = false;
    g->rate = scenario_task_rate(column);
    g->relief = c * (1 - utilization);
    g->spare = 1;
    if (utilization < 1 && discipline->by_arrival)
        g->spare = fmax(1, c - floor(utilization * c / GIANTS_FULL));
    g->first = scenario_mean_size(column) / column->stage.speed;
    g->second = scenario_second_size(column) / column->stage.speed / column->stage.speed;
    g->met = where(g, size_above, GIANTS_MET / tasks);
    g->below = square_below(column, g->met);
}

/* ca2 + cs2, of the sizes up to x. */
static double variation(const struct giants *g)
{
    const struct process_view view = {.params = g->column->arrivals.params,
                                      .rate = scenario_event_rate(g->column)};
    const struct arrival_process *process = process_of(g->column);
    double arrivals = process->dispersion ? process->dispersion(&view) : 1;
    double first = g->first - mean_above(g->column, g->met);
    return fmax(0, (isnan(arrivals) ? 1 : arrivals) + g->below / (first * first) - 1);
}

/* P(wait > x) of the diffusion limit: the wait of those that wait is exponential (Kingman 1962),
 * and of so many tasks does one wait (Sakasegawa 1977). */
static double waits_longer(const struct giants *g, double x)
{
    double c = g->column->stage.consumers, utilization = scenario_utilization(g->column);
    double mean = g->first * variation(g) / (2 * g->relief);
    return pow(utilization, sqrt(2 * (c + 1)) - 1) * exp(-x / mean);
}

/* The quantile at p of the latency, from the laws. */
static double quantile(const struct giants *g, double p)
{
    double q = where(g, size_above, 1 - p);
    if (!(g->relief > 0))
        return q;
    double mean = g->first * variation(g) / (2 * g->relief), waits = waits_longer(g, 0);
    if (waits > 1 - p)
        q = fmax(q, mean * log(waits / (1 - p)));
    return fmax(q, where(g, made_late, 1 - p));
}

/* How many tasks can be late, or lost, behind one time of blocking: as many as there is room for,
 * or have patience. */
static double room(const struct scenario *s)
{
    double patience = 0, room = INFINITY;
    if (stability_turns_away(s))
        room = s->stage.capacity;
    for (int i = 0; i < scenario_classes(s) && scenario_all_impatient(s); i++)
        patience += scenario_share(s, i) * law_mean(scenario_timeout(s, i));
    if (scenario_all_impatient(s))
        room = fmin(room, scenario_task_rate(s) * patience);
    return room + s->stage.consumers;
}

/* Variance that single giants above x add for each task, before p^2. */
static double of_one(const struct giants *g, double q)
{
    double from = fmax(g->met, q), each = g->rate / g->relief;
    double square = g->second - (from > g->met ? square_below(g->column, from) : g->below);
    double beyond = square - 2 * q * mean_above(g->column, from) + q * q * above(g->column, from);
    return each * each * fmax(0, beyond);
}

/* And of k at a time: spells whose length is about exponential. */
static double of_several(const struct giants *g, double q)
{
    double tail = scenario_tail(g->column);
    if (tail + (g->spare - 1) * (tail - 1) <= 2)
        return INFINITY;
    double from = fmax(q, where(g, spells, GIANTS_MET));
    double tasks = g->rate * g->spare / g->relief * spell(g, from);
    return spells(g, from) / g->tasks * 2 * tasks * tasks;
}

/* The noise at p where giants add so much variance for each task, before p^2; `part`: of the tasks
 * above the quantile, those whose waits depend on each other. */
static double noise_of(const struct giants *g, double p, double added, double part)
{
    double late = room(g->column);
    added = fmin(added, GIANTS_MET / g->tasks * late * late);
    double utilization = fmin(scenario_utilization(g->column), 0.999), idle = 1 - utilization;
    double dependence = utilization * variation(g) / (idle * idle);
    dependence = fmax(1, fmin(dependence, late * late / (M_PI * M_PI * variation(g))));
    double common = interval_dependence_at(p, dependence) - 1;
    return p * added / ((1 - p) * (1 + common * part * part));
}

double giants_noise(const struct giants *g, double p)
{
    if (g->none)
        return 0;
    if (g->spare == 1 && isinf(g->second) && isinf(room(g->column)))
        return INFINITY;
    double added = INFINITY, part = 1;
    if (g->relief > 0) {
        double q = quantile(g, p);
        added = g->spare > 1 ? of_several(g, q) : of_one(g, q);
        bool unmet = isinf(g->second) || g->second - g->below > GIANTS_WAITS * g->second;
        if (g->spare > 1 && unmet)
            part = fmin(1, waits_longer(g, q) / (1 - p));
    }
    return noise_of(g, p, added, part);
}

/* Wherever the quantile is, one giant at a time adds no more than the second moment above x: that
 * is known, and looking for the quantile takes a thousand times as long. */
static bool surely_bears(const struct giants *g, double p)
{
    if (g->none || g->spare > 1 || !(g->relief > 0))
        return g->none;
    double each = g->rate / g->relief, beyond = g->second - g->below;
    return noise_of(g, p, each * each * fmax(0, beyond), 1) <= GIANTS_NOISE;
}

bool giants_bear_quantile(const struct giants *g, double p)
{
    return surely_bears(g, p) || giants_noise(g, p) <= GIANTS_NOISE;
}

bool giants_bear_mean(const struct giants *g)
{
    double bears = g->spare > 1 ? GIANTS_SPARED : GIANTS_MOMENT;
    return g->none || g->second - g->below <= bears * g->second;
}

bool giants_leave_load(const struct giants *g)
{
    return g->light || (!g->none && g->second - g->below <= GIANTS_LOAD * g->second);
}

/* How long it takes until tasks are lost, once all consumers are blocked. */
static double filling(const struct giants *g, double lost)
{
    const struct scenario *s = g->column;
    double time = isfinite(s->stage.capacity) ? s->stage.capacity / (g->rate * lost) : INFINITY;
    for (int i = 0; i < scenario_classes(s); i++) {
        const struct law *patience = scenario_timeout(s, i);
        if (patience && scenario_share(s, i) > 0)
            time = fmin(time, law_mean(patience));
    }
    return time;
}

bool giants_bear_loss(const struct giants *g, double loss)
{
    if (g->none)
        return true;
    /* What arrives while k consumers are blocked, and the others cannot do. */
    double c = g->column->stage.consumers, utilization = scenario_utilization(g->column);
    double lost = fmax(1e-3, 1 - (c - g->spare) / (utilization * c)), from = filling(g, lost);
    if (!isfinite(from) || blocked(g, from) * lost <= GIANTS_OF_LOSS * loss)
        return true;
    double tail = scenario_tail(g->column);
    return tail + (g->spare - 1) * (tail - 1) > 2 && spells(g, from) >= GIANTS_SPELLS;
}

double giants_wanted(const struct scenario *column, double p)
{
    struct giants g;
    for (double tasks = 1e4; tasks < 1e12; tasks *= 1.25) {
        giants_of(column, tasks, &g);
        if (giants_bear_quantile(&g, p))
            return tasks;
        if (isinf(giants_noise(&g, p)))
            break;
    }
    return INFINITY;
}
