/*
 * The waiting room: tasks waiting in a buffer, and the containers that disciplines are built from.
 *
 * A discipline decides only which waiting task goes next. Tasks live in slots; a discipline's
 * `push` and `pop` see slots through the room. All waiting tasks are also linked in order of
 * arrival, so that the oldest (drop-oldest) or any (impatience.h) can be removed in whatever
 * order the discipline keeps. A ring holds tasks that go strictly in order of arrival: the buffer
 * of a first-come-first-served stage, and the tasks paused outside a full buffer.
 *
 * Where tasks in service can be interrupted they keep their slots, so that they find their place in
 * the order of arrival again.
 *
 * Containers: a heap by the discipline's key (slots.h); else, for its push and remove, an unordered
 * set, and lines in order of arrival. Only what the discipline needs is kept.
 *
 * Invariants: of a set, `order` holds the slots of all waiting tasks (0 .. n - 1), and place[slot]
 * is the slot's index in it; a heap or the lines hold all waiting tasks likewise. Tasks enter a
 * room in order of arrival. Memory grows by half or doubling, and a task costs 48 bytes in a room,
 * 60 where there is a key, 32 in a ring. All is inline: a call that hands a task over costs as much
 * as what it does.
 */
#ifndef WAITING_H
#define WAITING_H

#include <assert.h>

#include "../base/rng.h"
#include "../scenario/discipline.h"
#include "slots.h"

_Static_assert(MAX_CLASSES <= 1 << CLASS_BITS, "a class must fit into the tag of a task");

struct ring {
    struct task *tasks; /* a power of two of them */
    uint64_t head, tail, mask;
};

void ring_init(struct ring *ring);
void ring_free(struct ring *ring);
void ring_grow(struct ring *ring);

static inline uint64_t ring_count(const struct ring *ring)
{
    return ring->tail - ring->head;
}

static inline void ring_push(struct ring *ring, struct task task)
{
    if (__builtin_expect(ring->tail - ring->head > ring->mask, 0)) {
        struct ring larger = *ring; /* so that a caller's copy may live in registers */
        ring_grow(&larger);
        *ring = larger;
    }
    ring->tasks[ring->tail++ & ring->mask] = task;
}

static inline struct task ring_pop(struct ring *ring)
{
    return ring->tasks[ring->head++ & ring->mask];
}

enum { ROOM_UNIFORMS = 64 };

/* Slots; of a line in which nobody waits they mean nothing. */
struct line {
    uint32_t first, last;
};

struct waiting_room {
    struct slot *slots;
    struct slot_heap heap;         /* of those that wait, of a discipline with a key */
    uint32_t *order, *place;       /* of a set: slots by index, indices by slot */
    struct line line[MAX_CLASSES]; /* of lines: the first is line[0] */
    uint32_t lines;                /* bit i: somebody waits in line[i] */
    uint32_t level[MAX_CLASSES];   /* the line of a class by its priority */
    double weight[MAX_CLASSES];    /* of a class, whose line is its own then */
    uint32_t n, used, capacity;
    uint32_t oldest, newest, free; /* slots; NO_SLOT: none */
    uint32_t number;               /* of the next task, as in its tag */
    const struct discipline *discipline;
    double params[DISCIPLINE_BYTES / sizeof(double)]; /* its own */
    double deadline;      /* of the task that comes in, where tasks lose patience; INFINITY */
    struct stream stream; /* "consumers.discipline", one draw a pick */
    double uniforms[ROOM_UNIFORMS]; /* drawn by the block */
    uint64_t picks;                 /* uniforms used */
};

#define ROOM_INLINE static inline __attribute__((always_inline))

void room_init(struct waiting_room *room, const struct scenario *s, uint64_t seed,
               uint32_t replication);
void room_init_at(struct waiting_room *room, const struct scenario *s, const struct stage *stage,
                  const struct stream *picks);
void room_init_for(struct waiting_room *room, const struct discipline *discipline);
void room_free(struct waiting_room *room);
void room_grow(struct waiting_room *room);

ROOM_INLINE uint32_t slot_take(struct waiting_room *room)
{
    uint32_t slot = room->free;
    if (slot != (uint32_t)NO_SLOT) {
        room->free = room->slots[slot].newer;
        return slot;
    }
    if (__builtin_expect(room->used == room->capacity, 0)) {
        struct waiting_room larger = *room; /* so that a caller's copy may live in registers */
        room_grow(&larger);
        *room = larger;
    }
    return room->used++;
}

/* Gives a task a slot, and its number in order of arrival. It is not waiting yet. */
ROOM_INLINE uint32_t slot_give(struct waiting_room *room, struct task task)
{
    uint32_t slot = slot_take(room);
    task.tag = task_class(&task) | room->number;
    room->number += CLASS_MASK + 1;
    room->slots[slot].task = task;
    return slot;
}

ROOM_INLINE void slot_give_back(struct waiting_room *room, uint32_t slot)
{
    room->slots[slot].newer = room->free;
    room->free = slot;
}

/* The same, and links it as the last of the room: for who asks for the oldest or the newest. */
ROOM_INLINE uint32_t room_enter(struct waiting_room *room, struct task task)
{
    uint32_t slot = slot_give(room, task);
    room->slots[slot].older = room->newest;
    room->slots[slot].newer = (uint32_t)NO_SLOT;
    if (room->newest != (uint32_t)NO_SLOT)
        room->slots[room->newest].newer = slot;
    else
        room->oldest = slot;
    room->newest = slot;
    return slot;
}

/* Its task begins to wait, or to wait again. */
static inline void room_wait(struct waiting_room *room, uint32_t slot)
{
    const struct discipline *d = room->discipline;
    if (d->key)
        heap_push(&room->heap, room->slots, d->key(room, slot), slot);
    else if (d->push)
        d->push(room, slot);
    room->n++;
}

/* Returns the task's slot. */
static inline uint32_t room_push(struct waiting_room *room, struct task task)
{
    uint32_t slot = room_enter(room, task);
    room_wait(room, slot);
    return slot;
}

/* Its task no longer waits, but keeps the slot. */
static inline void room_serve(struct waiting_room *room, uint32_t slot)
{
    if (room->discipline->key)
        heap_remove(&room->heap, room->slots, slot);
    else if (room->discipline->remove)
        room->discipline->remove(room, slot);
    room->n--;
}

/* The slot whose task goes next; somebody waits. */
static inline uint32_t room_pick(struct waiting_room *room)
{
    return room->discipline->key ? heap_first(&room->heap).slot : room->discipline->pick(room);
}

/* Gives up the slot of a task that does not wait. */
ROOM_INLINE struct task room_leave(struct waiting_room *room, uint32_t slot)
{
    struct slot *s = &room->slots[slot];
    if (s->older != (uint32_t)NO_SLOT)
        room->slots[s->older].newer = s->newer;
    else
        room->oldest = s->newer;
    if (s->newer != (uint32_t)NO_SLOT)
        room->slots[s->newer].older = s->older;
    else
        room->newest = s->older;
    slot_give_back(room, slot);
    return s->task;
}

static inline struct task slot_leave(struct waiting_room *room, uint32_t slot)
{
    room_serve(room, slot);
    return room_leave(room, slot);
}

/* The next number of the room's stream. */
static inline double room_uniform(struct waiting_room *room)
{
    uint64_t i = room->picks++;
    if (i % ROOM_UNIFORMS == 0)
        stream_uniforms(&room->stream, 0, i, ROOM_UNIFORMS, room->uniforms);
    return room->uniforms[i % ROOM_UNIFORMS];
}

/* Containers. An unordered set: the last one fills the gap of one taken out. */
static inline void room_put(struct waiting_room *room, uint32_t index, uint32_t slot)
{
    room->order[index] = slot;
    room->place[slot] = index;
}

static inline void room_set_push(struct waiting_room *room, uint32_t slot)
{
    room_put(room, room->n, slot);
}

static inline void room_set_remove(struct waiting_room *room, uint32_t slot)
{
    room_put(room, room->place[slot], room->order[room->n - 1]);
}

/* Lines: in each, tasks go in order of arrival; order[] is the next in line of a slot, place[] the
 * one before it. Who comes in is the last of his line, or, interrupted, among the first. */
static inline void room_line_push(struct waiting_room *room, uint32_t at, uint32_t slot)
{
    struct line *line = &room->line[at];
    uint32_t after = (uint32_t)NO_SLOT, before = (uint32_t)NO_SLOT; /* its neighbours */
    if (!(room->lines >> at & 1)) {
        room->lines |= (uint32_t)1 << at;
    } else if (slot_earlier(room->slots, slot, line->first)) {
        after = line->first;
    } else {
        for (before = line->last; slot_earlier(room->slots, slot, before);)
            before = room->place[before];
        after = before == line->last ? (uint32_t)NO_SLOT : room->order[before];
    }
    room->order[slot] = after;
    room->place[slot] = before;
    *(before == (uint32_t)NO_SLOT ? &line->first : &room->order[before]) = slot;
    *(after == (uint32_t)NO_SLOT ? &line->last : &room->place[after]) = slot;
}

static inline void room_line_remove(struct waiting_room *room, uint32_t at, uint32_t slot)
{
    struct line *line = &room->line[at];
    uint32_t after = room->order[slot], before = room->place[slot];
    *(before == (uint32_t)NO_SLOT ? &line->first : &room->order[before]) = after;
    *(after == (uint32_t)NO_SLOT ? &line->last : &room->place[after]) = before;
    if (line->first == (uint32_t)NO_SLOT)
        room->lines &= ~((uint32_t)1 << at);
}

/* The first line in which somebody waits. */
static inline const struct line *room_first_line(const struct waiting_room *room)
{
    return &room->line[__builtin_ctz(room->lines)];
}

#endif
