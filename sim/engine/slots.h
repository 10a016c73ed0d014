/*
 * Tasks in slots, and a heap of slots by a number of each: what waiting rooms (waiting.h) and
 * deadlines (impatience.h) are built from.
 *
 * The heap has its keys beside its slots and four children a node (d-heaps: Johnson 1975, "Priority
 * queues with update and finding minimum spanning trees", Inf. Proc. Lett. 4; that four are best
 * where memory is slow, and aligned to cache lines: LaMarca and Ladner 1996, "The influence of
 * caches on the performance of heaps", ACM J. Exp. Algorithmics 1): a comparison follows no pointer
 * to a task, and the children of a node are one line of the cache. A million tasks are ten levels.
 *
 * Invariants: entry[i] goes no later than its children entry[4 i + 1 .. 4 i + 4], by key, smallest
 * first, and of equal keys by order of arrival (slot_earlier), so that the order is strict;
 * place[slot] is the index of the slot's entry while it is in the heap; what follows entry[n - 1]
 * has the key INFINITY, for four at least. Keys are finite. A task costs 20 bytes.
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

struct slot_heap {
    struct heap_entry *entry; /* so that entry[1] begins a line of the cache */
    uint32_t *place;          /* by slot */
    uint32_t n;
    void *memory;
};

/* Memory for slots below `capacity`; what is in the heap stays. */
void heap_reserve(struct slot_heap *heap, uint32_t capacity);
void heap_free(struct slot_heap *heap);

#define HEAP_INLINE static inline __attribute__((always_inline))

HEAP_INLINE bool heap_before(const struct slot *slots, struct heap_entry a, struct heap_entry b)
{
    return a.key < b.key || (a.key == b.key && slot_earlier(slots, a.slot, b.slot));
}

HEAP_INLINE void heap_put(struct slot_heap *heap, uint32_t at, struct heap_entry e)
{
    heap->entry[at] = e;
    heap->place[e.slot] = at;
}

/* Puts `e` where it belongs on the way from the gap `at` to the top. */
HEAP_INLINE void heap_rise(struct slot_heap *heap, const struct slot *slots, uint32_t at,
                           struct heap_entry e)
{
    while (at > 0) {
        uint32_t parent = (at - 1) / 4;
        if (!heap_before(slots, e, heap->entry[parent]))
            break;
        heap_put(heap, at, heap->entry[parent]);
        at = parent;
    }
    heap_put(heap, at, e);
}

HEAP_INLINE void heap_push(struct slot_heap *heap, const struct slot *slots, double key,
                           uint32_t slot)
{
    heap_rise(heap, slots, heap->n++, (struct heap_entry){key, slot});
}

/* The one of the four children from `child` on that goes first, of which one is in the heap. Which
 * it is cannot be predicted, so there is no branch but for equal keys. */
HEAP_INLINE uint32_t heap_first_child(const struct slot_heap *heap, const struct slot *slots,
                                      uint32_t child)
{
    const struct heap_entry *c = &heap->entry[child];
    double k0 = c[0].key, k1 = c[1].key, k2 = c[2].key, k3 = c[3].key;
    double k01 = k1 < k0 ? k1 : k0, k23 = k3 < k2 ? k3 : k2, k = k23 < k01 ? k23 : k01;
    uint32_t a = k1 < k0, b = 2 + (k3 < k2), first = k23 < k01 ? b : a;
    if (__builtin_expect((k0 == k) + (k1 == k) + (k2 == k) + (k3 == k) != 1, 0))
        for (uint32_t i = 0; i < 4; i++)
            if (c[i].key == k && heap_before(slots, c[i], c[first]))
                first = i;
    return child + first;
}

/* Takes the slot, which is in the heap, out. */
HEAP_INLINE void heap_remove(struct slot_heap *heap, const struct slot *slots, uint32_t slot)
{
    /* The gap sinks to a leaf; the last one goes there and rises to where it belongs. */
    uint32_t last = --heap->n, at = heap->place[slot], child;
    struct heap_entry end = heap->entry[last];
    for (; (child = 4 * at + 1) < last; at = child) {
        child = heap_first_child(heap, slots, child);
        heap_put(heap, at, heap->entry[child]);
    }
    heap->entry[last].key = INFINITY;
    if (at != last)
        heap_rise(heap, slots, at, end);
}

static inline uint32_t heap_first(const struct slot_heap *heap)
{
    return heap->entry[0].slot;
}

#endif
