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
 * Invariants: `order` holds the slots of all waiting tasks (0 .. n - 1) unless the discipline needs
 * none; place[slot] is the slot's index in it. Tasks enter a room in order of arrival. Memory grows
 * by half or doubling, and a task costs 48 bytes in a room, 32 in a ring. All is inline: a call
 * that hands a task over costs as much as what it does.
 */
#ifndef WAITING_H
#define WAITING_H

#include <assert.h>

#include "../base/rng.h"
#include "../scenario/discipline.h"

enum { CLASS_BITS = 4, CLASS_MASK = (1 << CLASS_BITS) - 1 };
_Static_assert(MAX_CLASSES <= 1 << CLASS_BITS, "a class must fit into the tag of a task");

struct task {
    double arrival;
    double size;
    uint32_t label;  /* recorder.h */
    uint32_t tag;    /* class; above it the room's: order among tasks that arrived together */
    uint32_t client; /* whose it is, in a closed system; elsewhere it is not looked at */
};

static inline uint32_t task_class(const struct task *task)
{
    return task->tag & CLASS_MASK;
}

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

enum { NO_SLOT = -1, ROOM_UNIFORMS = 64 };

struct waiting_room {
    struct slot {
        struct task task;
        uint32_t older, newer; /* in order of arrival; `newer` links the free slots too */
    } * slots;
    uint32_t *order, *place; /* by index; by slot */
    uint32_t n, used, capacity;
    uint32_t oldest, newest, free; /* slots; NO_SLOT: none */
    uint32_t number;               /* of the next task, as in its tag */
    const struct discipline *discipline;
    double priority[MAX_CLASSES];   /* 0 = first */
    struct stream stream;           /* "consumers.discipline", one draw a pick */
    double uniforms[ROOM_UNIFORMS]; /* drawn by the block */
    uint64_t picks;                 /* uniforms used */
};

void room_init(struct waiting_room *room, const struct scenario *s, uint64_t seed,
               uint32_t replication);
void room_init_for(struct waiting_room *room, const struct discipline *discipline);
void room_free(struct waiting_room *room);
void room_grow(struct waiting_room *room);

static inline uint32_t slot_take(struct waiting_room *room)
{
    uint32_t slot = room->free;
    if (slot != (uint32_t)NO_SLOT) {
        room->free = room->slots[slot].newer;
        return slot;
    }
    if (room->used == room->capacity)
        room_grow(room);
    return room->used++;
}

/* Gives a task a slot, last in order of arrival. It is not waiting yet. */
static inline uint32_t room_enter(struct waiting_room *room, struct task task)
{
    uint32_t slot = slot_take(room);
    task.tag = task_class(&task) | room->number;
    room->number += CLASS_MASK + 1;
    room->slots[slot] = (struct slot){task, .older = room->newest, .newer = (uint32_t)NO_SLOT};
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
    if (room->discipline->push)
        room->discipline->push(room, slot);
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
    if (room->discipline->remove)
        room->discipline->remove(room, slot);
    room->n--;
}

/* Gives up the slot of a task that does not wait. */
static inline struct task room_leave(struct waiting_room *room, uint32_t slot)
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
    s->newer = room->free;
    room->free = slot;
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

/* Whether slot a's task arrived before slot b's. */
static inline bool room_earlier(const struct waiting_room *room, uint32_t a, uint32_t b)
{
    const struct task *x = &room->slots[a].task, *y = &room->slots[b].task;
    if (x->arrival != y->arrival)
        return x->arrival < y->arrival;
    return (int32_t)((x->tag & ~(uint32_t)CLASS_MASK) - (y->tag & ~(uint32_t)CLASS_MASK)) < 0;
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

/* A binary heap (Williams 1964) by `before`, a strict total order; its first is order[0]. Inlined
 * with the order: a call for every comparison costs more than the comparison. */
#define ROOM_INLINE static inline __attribute__((always_inline))

typedef bool room_order(const struct waiting_room *room, uint32_t a, uint32_t b);

ROOM_INLINE void room_sift_up(struct waiting_room *room, uint32_t at, uint32_t slot,
                              room_order *before)
{
    for (; at > 0 && before(room, slot, room->order[(at - 1) / 2]); at = (at - 1) / 2)
        room_put(room, at, room->order[(at - 1) / 2]);
    room_put(room, at, slot);
}

ROOM_INLINE void room_heap_push(struct waiting_room *room, uint32_t slot, room_order *before)
{
    room_sift_up(room, room->n, slot, before);
}

ROOM_INLINE void room_heap_remove(struct waiting_room *room, uint32_t slot, room_order *before)
{
    /* The gap sinks to a leaf; the last one goes there and rises to where it belongs. */
    uint32_t last = room->n - 1, at = room->place[slot], child;
    for (; (child = 2 * at + 1) < last; at = child) {
        if (child + 1 < last && before(room, room->order[child + 1], room->order[child]))
            child++;
        room_put(room, at, room->order[child]);
    }
    if (at != last)
        room_sift_up(room, at, room->order[last], before);
}

#endif
