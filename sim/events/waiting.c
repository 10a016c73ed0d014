#include "waiting.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_CAPACITY = 64 };

static const uint32_t no_slot = (uint32_t)NO_SLOT;

void ring_init(struct ring *ring)
{
    ring->tasks = xmalloc(FIRST_CAPACITY * sizeof *ring->tasks);
    ring->head = ring->tail = 0;
    ring->mask = FIRST_CAPACITY - 1;
}

void ring_free(struct ring *ring)
{
    free(ring->tasks);
    *ring = (struct ring){0};
}

void ring_grow(struct ring *ring)
{
    uint64_t old = ring->mask + 1, n = ring_count(ring), first = ring->head & ring->mask;
    ring->tasks = xrealloc(ring->tasks, 2 * old * sizeof *ring->tasks);
    /* what had wrapped around goes behind what had not */
    uint64_t wrapped = first + n > old ? first + n - old : 0;
    memcpy(ring->tasks + old, ring->tasks, wrapped * sizeof *ring->tasks);
    ring->head = first;
    ring->tail = first + n;
    ring->mask = 2 * old - 1;
}

static void room_reserve(struct waiting_room *room, uint32_t capacity)
{
    room->capacity = capacity;
    room->slots = xrealloc(room->slots, capacity * sizeof *room->slots);
    if (room->discipline->key) {
        heap_reserve(&room->heap, capacity);
        return;
    }
    room->order = xrealloc(room->order, capacity * sizeof *room->order);
    room->place = xrealloc(room->place, capacity * sizeof *room->place);
}

void room_init_for(struct waiting_room *room, const struct discipline *discipline)
{
    *room = (struct waiting_room){.oldest = no_slot,
                                  .newest = no_slot,
                                  .free = no_slot,
                                  .discipline = discipline,
                                  .deadline = INFINITY};
    room_reserve(room, FIRST_CAPACITY);
}

void room_init(struct waiting_room *room, const struct scenario *s, uint64_t seed,
               uint32_t replication)
{
    struct stream picks = stream_of(seed, replication, "consumers.discipline");
    room_init_at(room, s, &s->stage, &picks);
}

void room_init_at(struct waiting_room *room, const struct scenario *s, const struct stage *stage,
                  const struct stream *picks)
{
    room_init_for(room, stage_discipline(stage));
    memcpy(room->params, stage->discipline_params, sizeof room->params);
    room->stream = *picks;
    int classes = (int)s->classes_count;
    for (int i = 0; i < MAX_CLASSES; i++)
        room->weight[i] = i < classes && s->classes[i].weight > 0 ? s->classes[i].weight : 1;
    for (int i = 0; i < classes; i++) /* classes of the same priority are one line */
        for (int j = 0; j < classes; j++) {
            bool counted = false;
            for (int k = 0; k < j; k++)
                counted |= s->classes[k].priority == s->classes[j].priority;
            room->level[i] += !counted && s->classes[j].priority < s->classes[i].priority;
        }
}

void room_free(struct waiting_room *room)
{
    free(room->slots);
    heap_free(&room->heap);
    free(room->order);
    free(room->place);
    *room = (struct waiting_room){0};
}

void room_grow(struct waiting_room *room)
{
    room_reserve(room, room->capacity + room->capacity / 2);
}
