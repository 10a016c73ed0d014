#include "glance.h"

#include <math.h>
#include <stdlib.h>

#include "../base/err.h"
#include "../engine/relaxation.h"
#include "../result/crew.h"
#include "pk_figures.h"
#include "replicas.h"
#include "split_tail.h"

const char *const glance_methods[] = {"simulated", "conditional Monte Carlo", "splitting", NULL};

enum {
    WARM_UP = 10, /* relaxation times, and tasks, that a replication leaves out */
    WARM_UP_TASKS = 1000,
    PILOT = 5, /* relaxation times, and tasks, of a pilot's main path, */
    PILOT_TASKS = 10000,
    PILOT_MEETS = 10, /* cycles of the input, where these take no more */
    PILOT_PART = 100, /* than one in so many tasks */
    LENGTH = 20,      /* relaxation times, and tasks, of a replication at least */
    LENGTH_TASKS = 1000,
    PILOTS = 10,    /* as many as there usually are, */
    PILOT_COST = 8, /* with so many steps for each task of the main path */
    AT_MOST = 10,   /* times as many steps as it was to have may a replication take */
    SHARE = 2       /* of its tasks, one in so many may be the pilots' */
};

struct sight {
    const struct glance *glance;
    struct walk_stage stage;
    struct split split;
    struct tail tail;
    double relaxation;
    bool bound; /* the levels end before the buffer is full */
    struct glance_seen *out;
};

static uint64_t seed_of(const struct glance *glance)
{
    return (uint64_t)glance->column->seed;
}

/* The share of tasks that are beyond the quantile, or lost. */
static double share_of(const struct glance *glance)
{
    return glance->measure == RARE_LOSS ? glance->limit : 1 - glance->p;
}

double glance_tasks_needed(const struct glance *glance)
{
    double share = fmin(TIMESCALE_SHARE, GLANCE_UNMET * share_of(glance));
    return timescale_tasks_of(glance->column, LOOK_CYCLES, share);
}

/* Whether no size is one that returns seldom and matters; of Poisson arrivals. */
static bool ordinary(const struct glance *glance)
{
    return !(glance_tasks_needed(glance) > 0);
}

bool glance_is_rare(const struct glance *glance)
{
    if (glance->measure == RARE_LOSS)
        return glance->limit > 0 && glance->limit <= GLANCE_LOSS;
    return glance->p > GLANCE_QUANTILE;
}

enum glance_method glance_method_for(const struct glance *glance)
{
    const char *key;
    bool rare = glance_is_rare(glance),
         known = glance->measure != RARE_LOSS && pk_knows(glance->column);
    if (known && (!rare || !ordinary(glance)))
        return GLANCE_CONDITIONAL;
    if (!rare || rare_refuses(glance->column, glance->measure, &key))
        return known ? GLANCE_CONDITIONAL : GLANCE_PLAINLY;
    return isfinite(relaxation_tasks(glance->column)) ? GLANCE_SPLITTING : GLANCE_PLAINLY;
}

/* Relaxation times are of the queue; where there is none, of the tasks in service. */
static double forgotten(const struct scenario *column)
{
    return relaxation_tasks(column) + scenario_utilization(column) * column->stage.consumers;
}

/* Of a pilot's main path: what it has not met of the input it builds levels in vain for. */
static double pilot_length(const struct glance *glance, double relaxation)
{
    double meets = glance_tasks_needed(glance) * PILOT_MEETS / LOOK_CYCLES;
    return ceil(PILOT * relaxation) + fmax(PILOT_TASKS, fmin(meets, glance->most / PILOT_PART));
}

static double warm_up(double relaxation)
{
    return ceil(WARM_UP * relaxation) + WARM_UP_TASKS;
}

double glance_least(const struct glance *glance)
{
    enum glance_method method = glance_method_for(glance);
    if (method != GLANCE_SPLITTING)
        return 0;
    const double relaxation = forgotten(glance->column);
    struct glance short_one = *glance;
    short_one.most = 0;
    /* As much in each of the regions, whose shares fall to a third. */
    double cost = 1 + log(GLANCE_BEYOND / share_of(glance)) / log(3);
    double pilots = PILOTS * PILOT_COST * pilot_length(&short_one, relaxation);
    double paths =
        GLANCE_REPLICATIONS * (warm_up(relaxation) + cost * (LENGTH * relaxation + LENGTH_TASKS));
    return fmax(SHARE * pilots, pilots + paths);
}

/* ---- splitting ---- */

static double steps_of(const struct tail *tail)
{
    double steps = 0;
    for (size_t i = 0; i < tail->replications; i++)
        steps += tail->steps[i];
    return steps;
}

/* The number inside that is looked at: the first that the last pilot saw few enough tasks find, or
 * a full buffer. */
static void point_of_loss(struct sight *sight, const struct split_tally *tally)
{
    size_t full = tally->slots - 1, at = full;
    double above = tally->weight[full], rarest = sight->glance->limit / GLANCE_BEYOND;
    while (at > 1 && above + tally->weight[at - 1] < rarest * tally->counted)
        above += tally->weight[--at];
    sight->bound = at < full;
    sight->tail.n = 1;
    sight->tail.x[0] = (double)at;
}

/* Levels and points; false where there is nothing to go on with. */
static bool prepare(struct sight *sight)
{
    const struct glance *glance = sight->glance;
    struct glance_seen *out = sight->out;
    struct split_tally tally = {0};
    double rarest = share_of(glance) / GLANCE_BEYOND;
    sight->relaxation = forgotten(glance->column);
    sight->split = (struct split){.stage = &sight->stage,
                                  .by = glance->measure == RARE_LOSS ? SPLIT_INSIDE : SPLIT_WAIT,
                                  .warm_up = (uint64_t)pilot_length(glance, sight->relaxation),
                                  .pilots_most = (uint64_t)(glance->most / SHARE)};
    bool whole = split_pilot(&sight->split, seed_of(glance), sight->split.warm_up, rarest,
                             glance->stop, &tally);
    out->spent = (double)sight->split.spent;
    out->stopped = !whole;
    if (whole && !sight->split.stalled) {
        if (glance->measure == RARE_LOSS)
            point_of_loss(sight, &tally);
        else
            split_points(&sight->split, &tally, glance->measure == RARE_LATENCY, rarest,
                         (const double[]){1 - glance->p}, 1, &sight->tail);
    }
    split_tally_free(&tally);
    if (whole && sight->split.stalled) {
        bool poor = sight->split.spent >= sight->split.pilots_most;
        out->needs = poor ? 4 * glance->most : NAN;
        out->method = poor ? GLANCE_SPLITTING : GLANCE_PLAINLY;
    }
    return whole && !sight->split.stalled;
}

/* How long the main paths are, within what is left; false: too short to tell anything. */
static bool choose_length(struct sight *sight)
{
    struct glance_seen *out = sight->out;
    struct split *split = &sight->split;
    double cost = fmax(split->cost, 1), before = warm_up(sight->relaxation);
    double room = ((sight->glance->most - out->spent) / GLANCE_REPLICATIONS - before) / cost;
    double least = LENGTH * sight->relaxation + LENGTH_TASKS;
    split->warm_up = (uint64_t)before;
    split->tasks = (uint64_t)fmax(room, 0);
    out->needs = 1.2 * (out->spent + GLANCE_REPLICATIONS * (before + least * cost));
    return room >= least;
}

static void take(struct sight *sight, const struct tail_figure *f)
{
    struct glance_seen *out = sight->out;
    out->value = f->value;
    out->low = f->low;
    out->high = f->high;
    if (sight->bound) {
        out->value = NAN;
        out->low = isnan(f->high) ? NAN : 0;
    }
    out->needs = isnan(out->low) ? 4 * sight->glance->most : 0;
    if (out->tasks >= out->tasks_needed)
        return;
    /* The sizes that it has not met can only make it more. */
    bool seen = out->tasks >= timescale_tasks(sight->glance->column, LOOK_CYCLES);
    out->low = seen ? out->low : NAN;
    out->high = isnan(out->low) ? NAN : sight->glance->measure == RARE_LOSS ? 1 : INFINITY;
    out->needs = sight->glance->most * out->tasks_needed / out->tasks;
}

static void by_splitting(struct sight *sight)
{
    const struct glance *glance = sight->glance;
    walk_stage_of(glance->column, glance->measure == RARE_LOSS, &sight->stage);
    if (!prepare(sight) || !choose_length(sight))
        return;
    const struct replicas replicas = {.split = &sight->split,
                                      .latency = glance->measure == RARE_LATENCY,
                                      .seed = seed_of(glance),
                                      .most =
                                          (uint64_t)(AT_MOST * glance->most) / GLANCE_REPLICATIONS,
                                      .jobs = glance->jobs,
                                      .stop = glance->stop};
    tail_extend(&sight->tail, GLANCE_REPLICATIONS);
    bool whole = replicas_run(&replicas, 0, GLANCE_REPLICATIONS, &sight->tail);
    sight->out->spent += steps_of(&sight->tail);
    sight->out->stopped = glance->stop && atomic_load(glance->stop);
    if (!whole) { /* stopped, or so costly that the pilots were far off */
        sight->out->needs = 4 * glance->most;
        sight->out->costly = !sight->out->stopped;
        return;
    }
    sight->out->tasks = (double)GLANCE_REPLICATIONS * (double)sight->split.tasks;
    sight->out->tasks_needed = glance_tasks_needed(glance);
    struct tail_figure f = glance->measure == RARE_LOSS
                               ? tail_at(&sight->tail, 0, glance->risk)
                               : tail_quantile(&sight->tail, 1 - glance->p, glance->risk);
    take(sight, &f);
}

/* ---- conditional Monte Carlo ---- */

static void by_sums(struct sight *sight)
{
    enum { PILOT_SUMS = 1000, PILOT_SHARE = 8 };
    const struct glance *glance = sight->glance;
    struct pk *pk = xmalloc(sizeof *pk);
    uint64_t sums = (uint64_t)fmax(glance->most / GLANCE_REPLICATIONS, 1),
             pilot = sums / PILOT_SHARE > PILOT_SUMS ? sums / PILOT_SHARE : PILOT_SUMS;
    pk_init(pk, glance->column, glance->measure == RARE_LATENCY);
    pk_points_around(pk, seed_of(glance), pilot, 1 - glance->p, glance->limit, &sight->tail);
    const struct replicas replicas = {.pk = pk,
                                      .sums = sums,
                                      .seed = seed_of(glance),
                                      .jobs = glance->jobs,
                                      .stop = glance->stop};
    tail_extend(&sight->tail, GLANCE_REPLICATIONS);
    sight->out->stopped = !replicas_run(&replicas, 0, GLANCE_REPLICATIONS, &sight->tail);
    sight->out->tasks = sight->out->spent = (double)GLANCE_REPLICATIONS * (double)sums;
    if (!sight->out->stopped) {
        struct tail_figure f = tail_quantile(&sight->tail, 1 - glance->p, glance->risk);
        take(sight, &f);
    }
    free(pk);
}

void glance_at(const struct glance *glance, struct glance_seen *out)
{
    struct sight sight = {.glance = glance, .out = out};
    struct glance all = *glance;
    all.jobs = crew_size(glance->jobs);
    sight.glance = &all;
    *out = (struct glance_seen){
        .method = glance_method_for(glance), .value = NAN, .low = NAN, .high = NAN, .needs = NAN};
    if (out->method == GLANCE_SPLITTING)
        by_splitting(&sight);
    else if (out->method == GLANCE_CONDITIONAL)
        by_sums(&sight);
    tail_free(&sight.tail);
}
