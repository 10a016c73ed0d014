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
    room->order = xrealloc(room->order, capacity * sizeof *room->order);
    room->place = xrealloc(room->place, capacity * sizeof *room->place);
}

void room_init(struct waiting_room *room, const struct scenario *s, uint64_t seed,
               uint32_t replication)
{
    *room = (struct waiting_room){.oldest = no_slot, .newest = no_slot, .free = no_slot};
    room->discipline = stage_discipline(&s->stage);
    room->stream = stream_of(seed, replication, "consumers.discipline");
    for (int i = 0; i < (int)s->classes_count; i++)
        room->priority[i] = s->classes[i].priority;
    room_reserve(room, FIRST_CAPACITY);
}

void room_free(struct waiting_room *room)
{
    free(room->slots);
    free(room->order);
    free(room->place);
    *room = (struct waiting_room){0};
}

static uint32_t slot_take(struct waiting_room *room)
{
    uint32_t slot = room->free;
    if (slot != no_slot) {
        room->free = room->slots[slot].newer;
        return slot;
    }
    if (room->used == room->capacity)
        room_reserve(room, room->capacity + room->capacity / 2);
    return room->used++;
}

void room_push(struct waiting_room *room, struct task task)
{
    uint32_t slot = slot_take(room);
    task.tag = task_class(&task) | room->number;
    room->number += CLASS_MASK + 1;
    room->slots[slot] = (struct slot){task, .older = room->newest, .newer = no_slot};
    if (room->newest != no_slot)
        room->slots[room->newest].newer = slot;
    else
        room->oldest = slot;
    room->newest = slot;
    if (room->discipline->push)
        room->discipline->push(room, slot);
    room->n++;
}

static struct task slot_leave(struct waiting_room *room, uint32_t slot)
{
    if (room->discipline->remove)
        room->discipline->remove(room, slot);
    struct slot *s = &room->slots[slot];
    if (s->older != no_slot)
        room->slots[s->older].newer = s->newer;
    else
        room->oldest = s->newer;
    if (s->newer != no_slot)
        room->slots[s->newer].older = s->older;
    else
        room->newest = s->older;
    s->newer = room->free;
    room->free = slot;
    room->n--;
    return s->task;
}

struct task room_pop(struct waiting_room *room)
{
    assert(room->n > 0);
    return slot_leave(room, room->discipline->pick(room));
}

struct task room_pop_oldest(struct waiting_room *room)
{
    assert(room->n > 0);
    return slot_leave(room, room->oldest);
}

void room_set_push(struct waiting_room *room, uint32_t slot)
{
    room_put(room, room->n, slot);
}

void room_set_remove(struct waiting_room *room, uint32_t slot)
{
    room_put(room, room->place[slot], room->order[room->n - 1]);
}

static void sift_up(struct waiting_room *room, uint32_t at, uint32_t slot, room_order *before)
{
    for (; at > 0 && before(room, slot, room->order[(at - 1) / 2]); at = (at - 1) / 2)
        room_put(room, at, room->order[(at - 1) / 2]);
    room_put(room, at, slot);
}

void room_heap_push(struct waiting_room *room, uint32_t slot, room_order *before)
{
    sift_up(room, room->n, slot, before);
}

void room_heap_remove(struct waiting_room *room, uint32_t slot, room_order *before)
{
    /* The gap sinks to a leaf; the last one goes there and rises to where it belongs. */
    uint32_t last = room->n - 1, at = room->place[slot], child;
    for (; (child = 2 * at + 1) < last; at = child) {
        if (child + 1 < last && before(room, room->order[child + 1], room->order[child]))
            child++;
        room_put(room, at, room->order[child]);
    }
    if (at != last)
        sift_up(room, at, room->order[last], before);
}
