#include "foreseen.h"

#include <gsl/gsl_cdf.h>

#include "../engine/stability.h"
#include "../scenario/process.h"
#include "interval.h"
#include "stats.h"

enum { HALVINGS = 24 };

/* A part of the states of a modulated rate: their tasks in a cycle, the time they last, and the
 * mean wait in them. */
struct part {
    double tasks, seconds, wait;
};

static double square(double x)
{
    return x * x;
}

/* Tasks a second that all consumers can do. */
static double capacity_of(const struct scenario *s)
{
    return s->stage.consumers * s->stage.speed / scenario_mean_size(s);
}

/* The longest wait that room and patience leave. */
static double longest_wait(const struct scenario *s)
{
    double patience = 0;
    for (int i = 0; i < scenario_classes(s) && scenario_all_impatient(s); i++)
        if (scenario_share(s, i) > 0)
            patience += scenario_share(s, i) * law_mean(scenario_timeout(s, i));
    double room = stability_turns_away(s) ? s->stage.capacity / capacity_of(s) : INFINITY;
    return scenario_all_impatient(s) ? fmin(room, patience) : room;
}

/* The mean wait at a rate that goes on (Kingman 1962; Sakasegawa 1977). */
static double wait_at(const struct scenario *s, double rate)
{
    double load = rate / capacity_of(s), mean = scenario_mean_size(s), c = s->stage.consumers;
    double longest = longest_wait(s);
    if (load >= 1)
        return longest;
    double variation = scenario_second_size(s) / (mean * mean);
    double wait = pow(load, sqrt(2 * (c + 1)) - 1) * variation / 2 / (capacity_of(s) * (1 - load));
    return fmin(wait, longest);
}

/* A storm without a bound, and the calm around it: f, the mean wait of its tasks, and the relative
 * variance of the mean. */
static double see_storms(const struct scenario *s, const struct part *storm,
                         const struct part *calm, struct foreseen *f)
{
    double rate = storm->tasks / storm->seconds, most = capacity_of(s);
    double quiet = calm->tasks / calm->seconds, grows = rate - most, goes = most - quiet;
    double tasks = storm->tasks + calm->tasks;
    double meets = storm->tasks + quiet * grows * storm->seconds / goes;
    double area = grows * square(storm->seconds) * (1 + grows / goes);
    f->storms = true;
    f->share = goes > 0 ? fmin(1, meets / tasks) : 1;
    if (!(goes > 0))
        return INFINITY;
    double weight = area / (area + tasks * calm->wait);
    f->of_mean = square(weight) * (5 - 4 * f->share + square(f->share) + square(1 - f->share));
    return area / tasks + calm->wait;
}

static double waits_at(const struct scenario *s, double load)
{
    return pow(fmin(1, load), sqrt(2 * (s->stage.consumers + 1)) - 1);
}

/* What the states of a modulated rate do; the mean wait. */
static double see_states(const struct scenario *s, const struct modulation *states,
                         struct foreseen *f)
{
    double most = capacity_of(s), tasks = 0, seconds = 0, wait = 0;
    struct part storm = {0}, calm = {0};
    for (size_t i = 0; i < states->n; i++) {
        tasks += states->rate[i] * states->stay[i];
        seconds += states->stay[i];
    }
    for (size_t i = 0; i < states->n; i++) {
        bool over = states->rate[i] > most;
        double own = wait_at(s, states->rate[i]), n = states->rate[i] * states->stay[i];
        struct part *part = over ? &storm : &calm;
        part->tasks += n;
        part->seconds += states->stay[i];
        part->wait += over ? 0 : n / tasks * own;
        wait += n / tasks * own;
        if (states->rate[i] > tasks / seconds)
            f->share += n / tasks;
    }
    f->cycles = f->tasks / tasks;
    if (storm.seconds > 0 && isinf(longest_wait(s)))
        return see_storms(s, &storm, &calm, f);
    for (size_t i = 0; i < states->n && wait > 0; i++) {
        double part = states->rate[i] * states->stay[i] / tasks;
        f->of_mean += 2 * square(part * (wait_at(s, states->rate[i]) / wait - 1));
    }
    return wait;
}

/* By how much half-widths from so many groups are larger than the foreseen error. */
static double unlucky(size_t groups)
{
    if (groups < 2)
        return NAN;
    double degrees = (double)(groups - 1);
    return stats_t(0.05, groups - 1) * sqrt(gsl_cdf_chisq_Qinv(FORESEEN_NONE, degrees) / degrees);
}

void foreseen_of(const struct scenario *column, double tasks, size_t groups, double relaxation,
                 struct foreseen *f)
{
    const struct arrival_process *process =
        (const struct arrival_process *)column->arrivals.process;
    *f = (struct foreseen){.tasks = tasks, .cycles = INFINITY};
    if (isnan(relaxation) || !isfinite(relaxation))
        return;
    f->known = true;
    f->unlucky = unlucky(groups);
    f->dependence = relaxation / 2;
    double service = scenario_mean_size(column) / column->stage.speed, wait;
    if (process->modulation) {
        struct modulation states;
        const struct process_view view = {.params = column->arrivals.params,
                                          .rate = scenario_event_rate(column)};
        process->modulation(&view, &states);
        wait = see_states(column, &states, f);
        f->waits = 1; /* in the busy states, which bring the variance */
        f->tail = INFINITY;
    } else {
        f->waits = waits_at(column, scenario_utilization(column));
        wait = wait_at(column, scenario_task_rate(column));
        f->tail = f->waits * service / wait;
        if (fabs(f->tail - 1) < 1e-6 || fabs(f->tail - 2) < 1e-6) /* other forms, same limits */
            f->tail += 1e-5;
    }
    f->wait = isinf(wait) ? 1 : wait / (wait + service);
}

bool foreseen_bears_mean(const struct foreseen *f, bool wait, double widen)
{
    if (!f->known)
        return true;
    double chance = 2 * f->dependence / (f->tasks * f->waits);
    double error = sqrt(chance + f->of_mean / f->cycles);
    return f->unlucky * widen * (wait ? error : f->wait * error) <= WIDEST_MEAN;
}

/* Relative variance of the share of tasks above the quantile at p that one cycle leaves. */
static double of_share(const struct foreseen *f, double p)
{
    double beyond = 1 - p, part = f->share;
    if (!f->storms)
        return 2 * square((1 - part) * fmin(1, part / beyond));
    if (part <= beyond)
        return 2 * square((1 - part) * part / beyond);
    double reach = beyond / part;
    return 2 / reach - 1 - 2 * part * (1 - log(reach)) + square(part) + square(1 - part);
}

/* P(latency > x), in services, which are taken as exponential. */
static double above(const struct foreseen *f, double x)
{
    double g = f->tail, longer = (exp(-g * x) - g * exp(-x)) / (1 - g); /* of those that wait */
    return (1 - f->waits) * exp(-x) + f->waits * longer;
}

/* The share of the variance of whether a task is above the quantile at p that is in its wait: of
 * P(latency > x | wait), over that of being above. */
static double in_wait(const struct foreseen *f, double p)
{
    double low = 0, high = 1, g = f->tail;
    while (above(f, high) > 1 - p && high < 1e9)
        high *= 2;
    for (int i = 0; i < HALVINGS; i++) {
        double middle = (low + high) / 2;
        *(above(f, middle) > 1 - p ? &low : &high) = middle;
    }
    double twice = g * (exp(-g * high) - exp(-2 * high)) / (2 - g) + exp(-g * high);
    double square_of = (1 - f->waits) * exp(-2 * high) + f->waits * twice;
    return fmin(1, fmax(0, (square_of - square(1 - p)) / (p * (1 - p))));
}

static bool bears(const struct foreseen *f, double p, double part, double widen, double dependence)
{
    double alike = interval_dependence_at(p, fmax(1, dependence * part));
    double worth = f->tasks * part * fmin(p, 1 - p) / alike;
    double variance = p / worth + of_share(f, p) / f->cycles;
    return worth >= EFFECTIVE_SIDE && f->unlucky * widen * sqrt(variance) < 2;
}

bool foreseen_bears_quantile(const struct foreseen *f, double p, double part, double widen)
{
    if (!f->known || bears(f, p, part, widen, f->dependence))
        return true;
    return isfinite(f->tail) && bears(f, p, part, widen, f->dependence * sqrt(in_wait(f, p)));
}
