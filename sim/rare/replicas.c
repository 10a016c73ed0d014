#include "replicas.h"

#include "../result/crew.h"
#include "split_tail.h"

struct turns {
    const struct replicas *all;
    struct tail *tail;
    size_t first;
    atomic_bool short_of; /* a turn was stopped, or had more to do than it may */
};

static bool stopped(const struct replicas *all)
{
    return all->stop && atomic_load(all->stop);
}

static double by_splitting(struct turns *turns, size_t index)
{
    const struct replicas *all = turns->all;
    uint64_t most = all->most ? all->most : UINT64_MAX;
    struct split_tally tally;
    split_tally_init(&tally, all->split);
    if (split_run(all->split, all->seed, (uint32_t)index, most, all->stop, &tally))
        split_fill(all->split, &tally, all->latency, turns->tail, index);
    else
        atomic_store(&turns->short_of, true);
    turns->tail->steps[index] = (double)tally.steps;
    double mass = tally.offered / (double)all->split->tasks;
    split_tally_free(&tally);
    return mass;
}

static void turn(void *context, size_t i)
{
    struct turns *turns = context;
    const struct replicas *all = turns->all;
    size_t index = turns->first + i;
    double mass = 1;
    if (stopped(all)) {
        atomic_store(&turns->short_of, true);
        return;
    }
    if (all->pk)
        pk_run(all->pk, all->seed, (uint32_t)index, all->sums, turns->tail, index);
    else
        mass = by_splitting(turns, index);
    if (all->mass)
        all->mass[index] = mass;
}

bool replicas_run(const struct replicas *replicas, size_t first, size_t n, struct tail *tail)
{
    struct turns turns = {.all = replicas, .tail = tail, .first = first};
    crew_each(replicas->jobs, n, turn, &turns);
    return !atomic_load(&turns.short_of);
}
