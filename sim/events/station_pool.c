/*
 * Stations that share consumers: whose task goes next. By priority of the stations where the
 * discipline is by priority of classes (and then by class), else by the discipline over all tasks
 * that wait, as if they were in one buffer: by its key, by arrival, the last one first, or each as
 * likely as the others. First and last come are by coming into the buffers. Where it is by weight,
 * by a draw among the stations of which a task waits (none where it is one), in the order in which
 * they share, from the stream of the owner; then as in that one's buffer alone, from its own.
 */
#include <stdlib.h>

#include "../base/err.h"
#include "events.h"
#include "station.h"

static struct crew *crew_of(struct events *e)
{
    if (!e->crew)
        e->crew = xcalloc(1, sizeof *e->crew);
    return e->crew;
}

static void add(struct crew *crew, struct events *member)
{
    if (crew->n == crew->room) {
        crew->room = crew->room ? 2 * crew->room : 4;
        crew->members = xrealloc(crew->members, crew->room * sizeof(struct events *));
    }
    crew->members[crew->n++] = member;
}

void station_share(struct events *e, struct events *member)
{
    struct crew *crew = crew_of(e);
    if (crew->n == 0)
        add(crew, e);
    add(crew, member);
    member->staff = e;
}

void crew_free(struct crew *crew)
{
    if (crew)
        free(crew->members);
    free(crew);
}

/* What one of the buffers would have go next. */
struct candidate {
    struct events *from;
    double rank, key;
    const struct task *task;
};

static struct candidate candidate_of(struct events *e)
{
    const struct discipline *d = e->room->discipline;
    uint32_t slot = room_pick(e->room);
    const struct task *task = &e->room->slots[slot].task;
    return (struct candidate){e, d->by_class ? e->rank : 0,
                              d->key        ? heap_first(&e->room->heap).key
                              : d->by_class ? e->room->level[task_class(task)]
                                            : 0,
                              task};
}

/* Into its buffer: who has waited outside a full one came later than it arrived. */
static bool came_earlier(const struct task *a, const struct task *b)
{
    return (int32_t)((a->tag & ~(uint32_t)CLASS_MASK) - (b->tag & ~(uint32_t)CLASS_MASK)) < 0;
}

static bool earlier(const struct task *a, const struct task *b)
{
    return a->arrival != b->arrival ? a->arrival < b->arrival : came_earlier(a, b);
}

static bool goes_first(const struct candidate *a, const struct candidate *b)
{
    const struct discipline *d = a->from->room->discipline;
    if (a->rank != b->rank)
        return a->rank < b->rank;
    if (a->key != b->key)
        return a->key < b->key;
    bool last_first = !d->key && !d->by_class && !d->by_arrival;
    if (last_first || d->by_arrival)
        return came_earlier(a->task, b->task) != last_first;
    return earlier(a->task, b->task);
}

/* Any task of all: the buffer that it is in, each as likely as it is long. */
static struct events *any(const struct crew *crew)
{
    uint64_t all = 0;
    for (uint32_t i = 0; i < crew->n; i++)
        all += crew->members[i]->waiting;
    if (all == 0)
        return NULL;
    uint64_t at = (uint64_t)(room_uniform(crew->members[0]->room) * (double)all);
    uint32_t i = 0;
    for (; at >= crew->members[i]->waiting; i++)
        at -= crew->members[i]->waiting;
    return crew->members[i];
}

/* By the weights of the stations. */
static struct events *drawn(const struct crew *crew)
{
    struct events *last = NULL;
    uint32_t some = 0;
    double all = 0;
    for (uint32_t i = 0; i < crew->n; i++)
        if (crew->members[i]->waiting > 0) {
            last = crew->members[i];
            all += last->weight;
            some++;
        }
    if (some <= 1)
        return last;
    double u = room_uniform(crew->members[0]->room) * all;
    for (uint32_t i = 0; i < crew->n; i++) {
        struct events *e = crew->members[i];
        if (e->waiting == 0)
            continue;
        if (u < e->weight)
            return e;
        u -= e->weight;
    }
    return last;
}

struct events *crew_next(const struct crew *crew)
{
    if (crew->members[0]->room->discipline->by_chance)
        return any(crew);
    if (crew->members[0]->room->discipline->by_weight)
        return drawn(crew);
    struct candidate best = {0};
    for (uint32_t i = 0; i < crew->n; i++) {
        if (crew->members[i]->waiting == 0)
            continue;
        struct candidate c = candidate_of(crew->members[i]);
        if (!best.from || goes_first(&c, &best))
            best = c;
    }
    return best.from;
}
