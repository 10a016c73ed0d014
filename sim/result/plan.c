#include "plan.h"

#include <assert.h>
#include <stdlib.h>

#include "../base/err.h"

/* What trials under way may hold together, in bytes, and what a cell of theirs comes to: two
 * histograms of some sixteen octaves. A run keeps its promise of 200 MB (run.h) that way on many
 * cores too; what comes out does not depend on the number of workers. */
enum { TRIALS_MOST = 128 << 20, CELL_BYTES = 2 * 16 * HIST_SUB * 8 };

/* How much longer a task takes with so many consumers than with one; as measured, roughly. */
static double slowness(double consumers)
{
    return 1 + fmin(consumers, 64) / 20;
}

/* Costly trials first; else in order. */
static int by_effort(const void *a, const void *b)
{
    const struct plan_item *x = a, *y = b;
    if (x->effort != y->effort)
        return x->effort < y->effort ? 1 : -1;
    if (x->id.replication != y->id.replication)
        return x->id.replication < y->id.replication ? -1 : 1;
    return x->id.column < y->id.column ? -1 : x->id.column > y->id.column;
}

static int groups_by_effort(const void *a, const void *b)
{
    const struct plan_group *x = a, *y = b;
    if (x->effort != y->effort)
        return x->effort < y->effort ? 1 : -1;
    return x->first < y->first ? -1 : x->first > y->first;
}

static size_t trials_of(const struct scenario *s)
{
    return (size_t)(sweep_drifts(s) ? 1 : sweep_columns(s)) * (size_t)s->run.replications;
}

static void list_trials(struct plan *plan, const struct scenario *s)
{
    struct plan_item *items = &plan->items[plan->n_items];
    size_t n = 0;
    uint32_t columns = sweep_drifts(s) ? 1 : sweep_columns(s);
    struct scenario *at = xmalloc(sizeof *at);
    for (uint32_t column = 0; column < columns; column++) {
        sweep_scenario(s, column, at);
        double cost = trial_cost(s, column), effort = cost * slowness(at->stage.consumers);
        for (uint32_t r = 0; r < (uint32_t)s->run.replications; r++) {
            items[n++] = (struct plan_item){{column, r}, cost, effort, false};
            plan->cost += cost;
        }
    }
    free(at);
    qsort(items, n, sizeof *items, by_effort);
    plan->n_items += n;
}

/* Into how many groups the trials of each part are cut: as few as the engine, and memory for `room`
 * of them, can take them in; then the part with the largest groups is cut into one more, until they
 * make whole rounds. */
static size_t cut(const struct run_part *parts, size_t n, unsigned workers, size_t room,
                  size_t *groups)
{
    assert(workers > 0);
    size_t all = 0, fit = room > workers ? room / workers : 1;
    for (size_t i = 0; i < n; i++) {
        size_t most = parts[i].engine->group < fit ? parts[i].engine->group : fit;
        groups[i] = (trials_of(parts[i].s) + most - 1) / most;
        all += groups[i];
    }
    for (; all % workers > 0; all++) {
        size_t largest = n;
        double most = 1;
        for (size_t i = 0; i < n; i++) {
            double size = (double)trials_of(parts[i].s) / (double)groups[i];
            if (size > most) {
                most = size;
                largest = i;
            }
        }
        if (largest == n) /* all of them single trials */
            break;
        groups[largest]++;
    }
    return all;
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

void plan_make(struct plan *plan, const struct run_part *parts, size_t n, unsigned workers)
{
    *plan = (struct plan){0};
    size_t trials = 0, room = room_for(parts, n), *groups = xmalloc(n * sizeof *groups);
    for (size_t i = 0; i < n; i++)
        trials += trials_of(parts[i].s);
    size_t most = room < 1 ? 1 : room < trials ? room : trials;
    plan->workers = workers < most ? workers : (unsigned)most;
    size_t all = cut(parts, n, plan->workers, room, groups);
    plan->items = xmalloc(trials * sizeof *plan->items);
    plan->groups = xmalloc(all * sizeof *plan->groups);
    for (size_t i = 0; i < n; i++) {
        size_t begin = plan->n_items;
        list_trials(plan, parts[i].s);
        size_t of_part = plan->n_items - begin;
        for (size_t k = 0; k < groups[i]; k++) {
            size_t first = of_part * k / groups[i], end = of_part * (k + 1) / groups[i];
            struct plan_group *group = &plan->groups[plan->n_groups++];
            *group = (struct plan_group){i, begin + first, end - first, 0};
            for (size_t t = 0; t < group->n; t++)
                group->effort += plan->items[group->first + t].effort;
        }
    }
    qsort(plan->groups, plan->n_groups, sizeof *plan->groups, groups_by_effort);
    free(groups);
}

void plan_free(struct plan *plan)
{
    free(plan->items);
    free(plan->groups);
    *plan = (struct plan){0};
}
