#include "roster.h"

#include <assert.h>
#include <stdlib.h>

#include "../base/err.h"

/* What trials under way may hold together, in bytes, and what a cell of theirs comes to: two
 * histograms of some sixteen octaves. A run keeps its promise of 200 MB (run.h) that way on many
 * cores too; what comes out does not depend on the number of workers. */
enum { LEAST_CUT = 4 };
enum { TRIALS_MOST = 128 << 20, CELL_BYTES = 2 * 16 * HIST_SUB * 8 };

/* How long a task takes with so many consumers, as measured, roughly: 1.3 times as long with 16 as
 * with one, 1.6 with 64, 2.2 with 256, 3 with 1024. */
static double slowness(double consumers)
{
    return 1 + 0.08 * sqrt(consumers);
}

/* Costly trials first; else in order. */
static int by_effort(const void *a, const void *b)
{
    const struct roster_item *x = a, *y = b;
    if (x->effort != y->effort)
        return x->effort < y->effort ? 1 : -1;
    if (x->id.replication != y->id.replication)
        return x->id.replication < y->id.replication ? -1 : 1;
    return x->id.column < y->id.column ? -1 : x->id.column > y->id.column;
}

static int groups_by_effort(const void *a, const void *b)
{
    const struct roster_group *x = a, *y = b;
    if (x->effort != y->effort)
        return x->effort < y->effort ? 1 : -1;
    return x->first < y->first ? -1 : x->first > y->first;
}

/* Replication by replication: what trials of several scenarios have in common. */
static int by_replication(const void *a, const void *b)
{
    const struct roster_item *x = a, *y = b;
    if (x->id.replication != y->id.replication)
        return x->id.replication < y->id.replication ? -1 : 1;
    if (x->id.column != y->id.column)
        return x->id.column < y->id.column ? -1 : 1;
    return x->part < y->part ? -1 : x->part > y->part;
}

static uint32_t first_of(const struct run_part *part, uint32_t column)
{
    return part->have ? part->have[column] : 0;
}

static uint32_t end_of(const struct run_part *part, uint32_t column)
{
    return part->want ? part->want[column] : (uint32_t)part->s->run.replications;
}

static size_t trials_of(const struct run_part *part)
{
    size_t n = 0;
    uint32_t columns = sweep_drifts(part->s) ? 1 : sweep_columns(part->s);
    for (uint32_t column = 0; column < columns; column++)
        n += end_of(part, column) - first_of(part, column);
    return n;
}

static void list_trials(struct roster *roster, size_t number, const struct run_part *part)
{
    const struct scenario *s = part->s;
    uint32_t columns = sweep_drifts(s) ? 1 : sweep_columns(s);
    struct scenario *at = xmalloc(sizeof *at);
    for (uint32_t column = 0; column < columns; column++) {
        sweep_scenario(s, column, at);
        double cost = trial_cost(s, column), effort = cost * slowness(at->stage.consumers);
        for (uint32_t r = first_of(part, column); r < end_of(part, column); r++) {
            roster->items[roster->n_items++] =
                (struct roster_item){number, {s, column, r}, cost, effort, false};
            roster->cost += cost;
        }
    }
    free(at);
}

/* Parts whose trials are put into groups together. */
struct bundle {
    size_t first, n; /* parts */
    size_t begin;    /* its first item */
    size_t trials, most, groups;
    double effort;
};

/* Whether part b may be in a bundle with part a. */
static bool bundled(const struct run_part *a, const struct run_part *b)
{
    size_t most = a->engine->group;
    return a->engine == b->engine && most > 1 && trials_of(a) < most && trials_of(b) < most &&
           trial_alike(a->s, b->s);
}

/* With `fit` trials in a group at most. */
static size_t make_bundles(const struct run_part *parts, size_t n, size_t fit,
                           struct bundle *bundles)
{
    size_t made = 0;
    for (size_t i = 0; i < n; i++) {
        size_t most = parts[i].engine->group < fit ? parts[i].engine->group : fit;
        if (made == 0 || !bundled(&parts[bundles[made - 1].first], &parts[i]))
            bundles[made++] = (struct bundle){.first = i, .most = most};
        bundles[made - 1].n++;
        bundles[made - 1].trials += trials_of(&parts[i]);
    }
    return made;
}

/* The bundle with the most effort to a group of more than one trial; NULL: there is none. */
static struct bundle *costliest(struct bundle *bundles, size_t n)
{
    struct bundle *most = NULL;
    for (size_t i = 0; i < n; i++) {
        struct bundle *b = &bundles[i];
        if (b->trials > b->groups &&
            (!most || b->effort / (double)b->groups > most->effort / (double)most->groups))
            most = b;
    }
    return most;
}

/* Into how many groups the trials of each bundle are cut: as few as the engine and memory can take
 * them in; then that with the most effort to a group is cut into one more, until they make whole
 * rounds, and as long as it is more than a worker's share (but not below LEAST_CUT trials). */
static size_t cut(struct bundle *bundles, size_t n, unsigned workers)
{
    size_t all = 0;
    double effort = 0;
    for (size_t i = 0; i < n; i++) {
        bundles[i].groups = (bundles[i].trials + bundles[i].most - 1) / bundles[i].most;
        all += bundles[i].groups;
        effort += bundles[i].effort;
    }
    for (;; all++) {
        struct bundle *most = costliest(bundles, n);
        if (!most) /* all of them single trials */
            return all;
        bool large = most->effort / (double)most->groups > 1.01 * effort / workers &&
                     most->trials >= LEAST_CUT * (most->groups + 1);
        if (!large && all % workers == 0)
            return all;
        most->groups++;
    }
}

/* Trials that memory has room for at a time. */
static size_t room_for(const struct run_part *parts, size_t n)
{
    size_t cells = 1;
    for (size_t i = 0; i < n; i++) {
        const struct scenario *s = parts[i].s;
        size_t own = (size_t)trial_batches(s) * (size_t)scenario_classes(s) *
                     (sweep_drifts(s) ? sweep_columns(s) : 1);
        cells = own > cells ? own : cells;
    }
    return TRIALS_MOST / (cells * CELL_BYTES);
}

static void list_bundle(struct roster *roster, const struct run_part *parts, struct bundle *bundle)
{
    bundle->begin = roster->n_items;
    for (size_t i = bundle->first; i < bundle->first + bundle->n; i++)
        list_trials(roster, i, &parts[i]);
    struct roster_item *items = &roster->items[bundle->begin];
    qsort(items, bundle->trials, sizeof *items, bundle->n > 1 ? by_replication : by_effort);
    for (size_t i = 0; i < bundle->trials; i++)
        bundle->effort += items[i].effort;
}

static void group_bundle(struct roster *roster, const struct bundle *bundle)
{
    for (size_t k = 0; k < bundle->groups; k++) {
        size_t first = bundle->trials * k / bundle->groups;
        size_t end = bundle->trials * (k + 1) / bundle->groups;
        struct roster_group *group = &roster->groups[roster->n_groups++];
        *group = (struct roster_group){bundle->begin + first, end - first, 0};
        for (size_t t = 0; t < group->n; t++)
            group->effort += roster->items[group->first + t].effort;
    }
}

void roster_make(struct roster *roster, const struct run_part *parts, size_t n, unsigned workers)
{
    *roster = (struct roster){0};
    size_t trials = 0, room = room_for(parts, n);
    for (size_t i = 0; i < n; i++)
        trials += trials_of(&parts[i]);
    size_t most = room < 1 ? 1 : room < trials ? room : trials;
    roster->workers = workers < most ? workers : (unsigned)most;
    assert(roster->workers > 0);
    struct bundle *bundles = xmalloc(n * sizeof *bundles);
    size_t fit = room > roster->workers ? room / roster->workers : 1;
    size_t made = make_bundles(parts, n, fit, bundles);
    roster->items = xmalloc(trials * sizeof *roster->items);
    for (size_t i = 0; i < made; i++)
        list_bundle(roster, parts, &bundles[i]);
    roster->groups = xmalloc(cut(bundles, made, roster->workers) * sizeof *roster->groups);
    for (size_t i = 0; i < made; i++)
        group_bundle(roster, &bundles[i]);
    qsort(roster->groups, roster->n_groups, sizeof *roster->groups, groups_by_effort);
    free(bundles);
}

void roster_free(struct roster *roster)
{
    free(roster->items);
    free(roster->groups);
    *roster = (struct roster){0};
}
