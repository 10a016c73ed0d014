/* One column of `rare` (rare.h): pilots, replications, looks. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../base/err.h"
#include "../engine/relaxation.h"
#include "../result/stats.h"
#include "pk.h"
#include "rare.h"
#include "replicas.h"
#include "split_tail.h"

enum {
    RELAXATION_GUESS = 500, /* tasks, where nobody knows */
    LENGTH_LEAST = 20000,   /* tasks of a replication */
    PILOT_LENGTH = 5,       /* relaxation times */
    PILOT_LEAST = 10000,
    SUMS = 4000, /* of a replication by Pollaczek-Khinchine */
    MOST_REPLICATIONS = REPLICATIONS_MOST
};

struct work {
    const struct rare_question *q;
    struct rare_column *column;
    struct walk_stage stage;
    struct split split;
    struct pk *pk; /* or NULL */
    double relaxation;
    double *mass; /* of each replication */
};

static uint64_t seed_of(const struct work *w)
{
    return (uint64_t)w->q->s->seed;
}

/* ---- replications ---- */

static double steps_of(const struct tail *tail)
{
    double steps = 0;
    for (size_t i = 0; i < tail->replications; i++)
        steps += tail->steps[i];
    return steps;
}

/* Replications up to `want`; false if stopped: the tail then has those that it had. */
static bool run_to(struct work *w, size_t want)
{
    struct tail *tail = &w->column->tail;
    size_t have = tail->replications;
    bool whole = true;
    tail_extend(tail, want);
    w->mass = xrealloc(w->mass, want * sizeof *w->mass);
    const struct replicas replicas = {.split = &w->split,
                                      .pk = w->pk,
                                      .latency = w->q->measure == RARE_LATENCY,
                                      .sums = w->column->tasks,
                                      .seed = seed_of(w),
                                      .jobs = w->q->jobs,
                                      .stop = w->q->stop,
                                      .mass = w->mass};
    for (size_t at = have; at < want && whole; at += RARE_REPLICATIONS) {
        size_t n = want - at < RARE_REPLICATIONS ? want - at : RARE_REPLICATIONS;
        whole = replicas_run(&replicas, at, n, tail);
        if (w->q->progress)
            w->q->progress(w->q->context, w->column->value, steps_of(tail));
    }
    if (!whole)
        tail->replications = have;
    return whole;
}

/* ---- figures ---- */

static struct tail_figure figure(const struct work *w, size_t i, double risk)
{
    const struct tail *tail = &w->column->tail;
    return w->q->measure == RARE_LOSS ? tail_at(tail, tail->n - 1, risk)
                                      : tail_quantile(tail, rare_q[i], risk);
}

/* To within what a figure is known. */
static double known_to(const struct tail_figure *f)
{
    if (f->high == f->low) /* a wait of 0 */
        return 0;
    return f->low > 0 ? fmax(f->value / f->low, f->high / f->value) - 1 : NAN;
}

/* What the worst figure is known to at the `look`-th look; NAN: one is not known at all. */
static double look(const struct work *w, unsigned number)
{
    double risk = (1 - w->q->confidence) / number / (number + 1), worst = 0;
    for (size_t i = 0; i < w->column->n; i++) {
        struct tail_figure f = figure(w, i, risk);
        double known = known_to(&f);
        worst = isnan(known) || isnan(worst) ? NAN : fmax(worst, known);
    }
    return worst;
}

static void state_figures(struct work *w)
{
    struct rare_column *column = w->column;
    double risk = 1 - w->q->confidence;
    size_t n = column->tail.replications;
    column->mass = 0;
    for (size_t i = 0; i < n; i++)
        column->mass += w->mass[i] / (double)n;
    for (size_t i = 0; i < column->n; i++)
        column->figure[i] = figure(w, i, risk);
    const struct tail_figure *rarest = &column->figure[column->n - 1];
    double q = w->q->measure == RARE_LOSS ? rarest->value : rare_q[column->n - 1];
    double error = rarest->half / stats_t(risk, n - 1);
    column->plain = (1 - q) / q / (error * error);
}

/* Rounds until the figures are known, or the tasks used up; false if stopped. */
static bool rounds(struct work *w)
{
    struct rare_column *column = w->column;
    double pilots = column->spent;
    size_t want = RARE_REPLICATIONS;
    for (unsigned number = 1;; number++) {
        if (!run_to(w, want))
            return false;
        double spent = steps_of(&column->tail), asked = w->q->relative;
        column->spent = pilots + spent;
        column->precision = look(w, number);
        state_figures(w);
        column->state = PRECISION_REACHED;
        if (column->precision <= asked)
            return true;
        double now = log1p(column->precision) / log1p(asked);
        column->needed = pilots + 1.2 * spent * now * now;
        double fit = floor((w->q->max_tasks - pilots) / (spent / (double)want));
        double more = fmin(fmin(fit, MOST_REPLICATIONS), 2.0 * (double)want);
        column->state = fit < MOST_REPLICATIONS ? PRECISION_ENDED : PRECISION_CRAMPED;
        if (!(more > (double)want))
            return true;
        want = (size_t)more;
    }
}

/* ---- before ---- */

static bool prepare_conditional(struct work *w)
{
    struct rare_column *column = w->column;
    w->pk = xmalloc(sizeof *w->pk);
    pk_init(w->pk, w->stage.s, w->q->measure == RARE_LATENCY);
    pk_points(w->pk, seed_of(w), RARE_SHOWN, &column->tail);
    column->conditional = true;
    column->tasks = SUMS;
    return true;
}

/* How long replications are, so that the fewest fit; false where they would be too short. */
static bool choose_length(struct work *w)
{
    struct rare_column *column = w->column;
    double each = (w->q->max_tasks - column->spent) / RARE_REPLICATIONS;
    double length = fmax(RARE_LENGTH * w->relaxation, LENGTH_LEAST);
    double least = fmin(RELAXATION_WANTED * w->relaxation, length);
    double room = (each - (double)w->split.warm_up) / fmax(w->split.cost, 1);
    w->split.tasks = (uint64_t)ceil(fmin(length, fmax(room, least)));
    column->warm_up = w->split.warm_up;
    column->tasks = w->split.tasks;
    column->needed = column->spent +
                     RARE_REPLICATIONS * (1.2 * least * w->split.cost + (double)w->split.warm_up);
    return room >= least;
}

static bool prepare_splitting(struct work *w)
{
    struct rare_column *column = w->column;
    struct split_tally tally = {0};
    double known = relaxation_tasks(w->stage.s);
    w->relaxation = known < 1e9 ? known : RELAXATION_GUESS;
    w->split.stage = &w->stage;
    w->split.by = w->q->measure == RARE_LOSS ? SPLIT_INSIDE : SPLIT_WAIT;
    w->split.warm_up = (uint64_t)ceil(RARE_WARM_UP * w->relaxation) + LENGTH_LEAST / 10;
    uint64_t pilot = (uint64_t)ceil(fmax(PILOT_LENGTH * w->relaxation, PILOT_LEAST));
    bool loss = w->q->measure == RARE_LOSS;
    double rarest = loss ? 0 : RARE_SHOWN * 10;
    bool whole = split_pilot(&w->split, seed_of(w), pilot, rarest, w->q->stop, &tally);
    if (whole) {
        column->spent = (double)w->split.spent;
        column->levels = w->split.levels;
        split_points(&w->split, &tally, w->q->measure == RARE_LATENCY, RARE_SHOWN, rare_q,
                     loss ? 0 : RARE_FIGURES, &column->tail);
    }
    split_tally_free(&tally);
    return whole;
}

/* Whether there is something to run. */
static bool worth_running(struct work *w)
{
    if (w->pk)
        return true;
    if (w->q->measure == RARE_LOSS && w->split.stalled) {
        w->column->state = PRECISION_NEVER;
        return false;
    }
    w->column->state = PRECISION_ENDED;
    return choose_length(w);
}

bool rare_column_find(const struct rare_question *question, const struct scenario *at,
                      struct rare_column *column)
{
    struct work *w = xcalloc(1, sizeof *w);
    w->q = question;
    w->column = column;
    walk_stage_of(at, question->measure == RARE_LOSS, &w->stage);
    column->precision = column->needed = column->plain = column->mass = NAN;
    bool heavy = w->stage.size->heavy && w->stage.size->heavy(scenario_size(at, 0)->params);
    bool whole = heavy ? prepare_conditional(w) : prepare_splitting(w);
    if (whole && worth_running(w)) {
        column->n = question->measure == RARE_LOSS ? 1 : RARE_FIGURES;
        whole = rounds(w);
    }
    if (column->tail.replications == 0)
        column->n = 0;
    if (!whole)
        column->state = PRECISION_NONE;
    free(w->pk);
    free(w->mass);
    free(w);
    return whole;
}
