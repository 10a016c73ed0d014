/*
 * Tasks in slots, and a queue of slots by a number of each, smallest first: what waiting rooms
 * (waiting.h) and deadlines (impatience.h) are built from.
 *
 * The first few are a sorted row, the front; the others are a heap, from which the front is filled
 * up when it has run empty. Most queues are short: taking the first off a sorted row is nothing,
 * and putting one in is a loop of moves with one branch that cannot be predicted (the last), where
 * a heap has one on the way up and another on the way down.
 *
 * The heap has its keys beside its slots and four children a node (d-heaps: Johnson 1975, "Priority
 * queues with update and finding minimum spanning trees", Inf. Proc. Lett. 4; that four are best
 * where memory is slow, and aligned to cache lines: LaMarca and Ladner 1996, "The influence of
 * caches on the performance of heaps", ACM J. Exp. Algorithmics 1): a comparison follows no pointer
 * to a task, and the children of a node are one line of the cache. A million tasks are ten levels.
 *
 * Invariants: who goes before whom is by key, and of equal keys by order of arrival (slot_earlier),
 * so that the order is strict. front[1] .. first[0] are the front, the last of which goes first,
 * and all of the heap goes after front[1]; the front is empty only if the heap is. front[0] has the
 * key INFINITY. entry[i] goes no later than its children entry[4 i + 1 .. 4 i + 4]; place[slot] is
 * the index of the slot's entry while it is in the heap, and IN_FRONT while it is in front; what
 * follows entry[n - 1] has the key INFINITY, for four at least. Keys are finite. A task costs 20
 * bytes.
 */
#ifndef SLOTS_H
#define SLOTS_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

enum { CLASS_BITS = 4, CLASS_MASK = (1 << CLASS_BITS) - 1 };

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

enum { NO_SLOT = -1 };

struct slot {
    struct task task;
    uint32_t older, newer; /* in order of arrival; `newer` links the free slots too */
};

/* Whether slot a's task arrived before slot b's. */
static inline bool slot_earlier(const struct slot *slots, uint32_t a, uint32_t b)
{
    const struct task *x = &slots[a].task, *y = &slots[b].task;
    if (x->arrival != y->arrival)
        return x->arrival < y->arrival;
    return (int32_t)((x->tag & ~(uint32_t)CLASS_MASK) - (y->tag & ~(uint32_t)CLASS_MASK)) < 0;
}

struct heap_entry {
    double key;
    uint32_t slot;
};

/* Of the front: as many as a loop of moves is faster than the heap for. */
enum { FRONT = 32 };
#define IN_FRONT (UINT32_MAX - 1)

struct slot_heap {
    struct heap_entry *front; /* FRONT of them, behind one */
    struct heap_entry *first; /* the one that goes first; front: there is none */
    struct heap_entry *entry; /* so that entry[1] begins a line of the cache */
    uint32_t *place;          /* by slot */
    uint32_t n;               /* in the heap */
    void *memory;
};

static inline uint32_t heap_in_front(const struct slot_heap *heap)
{
    return (uint32_t)(heap->first - heap->front);
}

/* All keys added up. */
double heap_sum(const struct slot_heap *heap);

/* The key of a slot, looked for among all; NAN: it is not there. */
double heap_key(const struct slot_heap *heap, uint32_t slot);

/* Memory for slots below `capacity`; what is in the heap stays. */
void heap_reserve(struct slot_heap *heap, uint32_t capacity);
void heap_free(struct slot_heap *heap);

/* Parts of what follows that a short queue does not come to: puts `e` into the heap at the end;
 * moves the later half of a full front to the heap; fills an empty front; takes a slot from the
 * middle, and returns its key. */
void heap_add(const struct slot_heap *heap, const struct slot *slots, struct heap_entry e);
void heap_spill(struct slot_heap *heap, const struct slot *slots);
void heap_refill(struct slot_heap *heap, const struct slot *slots);
double heap_cut(struct slot_heap *heap, const struct slot *slots, uint32_t slot);

#define HEAP_INLINE static inline __attribute__((always_inline))

HEAP_INLINE bool heap_before(const struct slot *slots, struct heap_entry a, struct heap_entry b)
{
    return a.key < b.key ||
           (__builtin_expect(a.key == b.key, 0) && slot_earlier(slots, a.slot, b.slot));
}

HEAP_INLINE void heap_push(struct slot_heap *heap, const struct slot *slots, double key,
                           uint32_t slot)
{
    struct heap_entry e = {key, slot};
    const bool full = heap->first == heap->front + FRONT;
    if (__builtin_expect(full || heap->n > 0, 0)) {
        if (full && heap_before(slots, e, heap->front[1])) {
            struct slot_heap spilt = *heap; /* so that a caller's copy may live in registers */
            heap_spill(&spilt, slots);
            *heap = spilt;
        }
        if (!heap_before(slots, e, heap->front[1])) {
            heap_add(heap, slots, e);
            heap->n++;
            return;
        }
    }
    struct heap_entry *at = ++heap->first;
    /* Number by number, as they are read again: a pair that is stored in two parts and soon read as
     * one has to wait until it is in the cache. */
    for (; heap_before(slots, at[-1], e); at--) {
        at->key = at[-1].key;
        at->slot = at[-1].slot;
    }
    at->key = key;
    at->slot = slot;
    heap->place[slot] = IN_FRONT;
}

/* The entry that goes first; there is one. */
HEAP_INLINE struct heap_entry heap_first(const struct slot_heap *heap)
{
    return *heap->first;
}

/* Takes the one that goes first out. */
HEAP_INLINE void heap_pop(struct slot_heap *heap, const struct slot *slots)
{
    if (__builtin_expect(--heap->first == heap->front && heap->n > 0, 0)) {
        struct slot_heap filled = *heap;
        heap_refill(&filled, slots);
        *heap = filled;
    }
}

/* Takes the slot, which is there, out, and returns its key. */
HEAP_INLINE double heap_remove(struct slot_heap *heap, const struct slot *slots, uint32_t slot)
{
    struct heap_entry first = heap_first(heap);
    if (slot == first.slot) {
        heap_pop(heap, slots);
        return first.key;
    }
    struct slot_heap rest = *heap;
    double key = heap_cut(&rest, slots, slot);
    *heap = rest;
    return key;
}

HEAP_INLINE uint32_t heap_count(const struct slot_heap *heap)
{
    return heap_in_front(heap) + heap->n;
}

#endif
