#include "slots.h"

#include <stdlib.h>
#include <string.h>

#include "../base/err.h"

enum { CACHE_LINE = 64, CHILDREN = 4 };

void heap_reserve(struct slot_heap *heap, uint32_t capacity)
{
    heap->place = xrealloc(heap->place, capacity * sizeof *heap->place);
    size_t entries = (size_t)capacity + CHILDREN;
    size_t ahead = (1 + FRONT + 1) * sizeof *heap->entry; /* front, and entry[0] */
    ahead = (ahead + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE;
    void *memory = xmalloc(ahead + entries * sizeof *heap->entry + CACHE_LINE);
    uintptr_t line = ((uintptr_t)memory + CACHE_LINE - 1) & ~(uintptr_t)(CACHE_LINE - 1);
    struct heap_entry *front = (struct heap_entry *)line;
    struct heap_entry *entry = (struct heap_entry *)(line + ahead) - 1;
    uint32_t in_front = heap_in_front(heap);
    if (in_front > 0)
        memcpy(front, heap->front, (1 + in_front) * sizeof *front);
    front[0] = (struct heap_entry){.key = INFINITY};
    if (heap->n > 0)
        memcpy(entry, heap->entry, heap->n * sizeof *entry);
    for (size_t i = heap->n; i < entries; i++)
        entry[i] = (struct heap_entry){.key = INFINITY};
    free(heap->memory);
    heap->memory = memory;
    heap->front = front;
    heap->first = front + in_front;
    heap->entry = entry;
}

double heap_sum(const struct slot_heap *heap)
{
    double sum = 0;
    for (uint32_t i = 1; i <= heap_in_front(heap); i++)
        sum += heap->front[i].key;
    for (uint32_t i = 0; i < heap->n; i++)
        sum += heap->entry[i].key;
    return sum;
}

double heap_key(const struct slot_heap *heap, uint32_t slot)
{
    for (uint32_t i = 1; i <= heap_in_front(heap); i++)
        if (heap->front[i].slot == slot)
            return heap->front[i].key;
    for (uint32_t i = 0; i < heap->n; i++)
        if (heap->entry[i].slot == slot)
            return heap->entry[i].key;
    return NAN;
}

void heap_free(struct slot_heap *heap)
{
    free(heap->memory);
    free(heap->place);
    *heap = (struct slot_heap){0};
}

static void put(const struct slot_heap *heap, uint32_t at, struct heap_entry e)
{
    heap->entry[at] = e;
    heap->place[e.slot] = at;
}

/* Puts `e` where it belongs on the way from the gap `at` to the top. */
static void rise(const struct slot_heap *heap, const struct slot *slots, uint32_t at,
                 struct heap_entry e)
{
    while (at > 0) {
        uint32_t parent = (at - 1) / CHILDREN;
        if (!heap_before(slots, e, heap->entry[parent]))
            break;
        put(heap, at, heap->entry[parent]);
        at = parent;
    }
    put(heap, at, e);
}

/* The one of the four children from `child` on that goes first, of which one is in the heap. Which
 * it is cannot be predicted, so there is no branch but for equal keys. */
static uint32_t first_child(const struct slot_heap *heap, const struct slot *slots, uint32_t child)
{
    const struct heap_entry *c = &heap->entry[child];
    double k0 = c[0].key, k1 = c[1].key, k2 = c[2].key, k3 = c[3].key;
    double k01 = k1 < k0 ? k1 : k0, k23 = k3 < k2 ? k3 : k2, k = k23 < k01 ? k23 : k01;
    uint32_t a = k1 < k0, b = 2 + (k3 < k2), first = k23 < k01 ? b : a;
    if (__builtin_expect((k0 == k) + (k1 == k) + (k2 == k) + (k3 == k) != 1, 0))
        for (uint32_t i = 0; i < CHILDREN; i++)
            if (c[i].key == k && heap_before(slots, c[i], c[first]))
                first = i;
    return child + first;
}

/* Takes the entry `at` out: the gap sinks to a leaf; the last one goes there and rises to where it
 * belongs. */
static void take_out(struct slot_heap *heap, const struct slot *slots, uint32_t at)
{
    uint32_t last = --heap->n, child;
    struct heap_entry end = heap->entry[last];
    for (; (child = CHILDREN * at + 1) < last; at = child) {
        child = first_child(heap, slots, child);
        put(heap, at, heap->entry[child]);
    }
    heap->entry[last].key = INFINITY;
    if (at != last)
        rise(heap, slots, at, end);
}

void heap_add(const struct slot_heap *heap, const struct slot *slots, struct heap_entry e)
{
    rise(heap, slots, heap->n, e);
}

void heap_spill(struct slot_heap *heap, const struct slot *slots)
{
    enum { LATER = FRONT / 2 };
    for (uint32_t i = 1; i <= LATER; i++)
        rise(heap, slots, heap->n++, heap->front[i]);
    memmove(heap->front + 1, heap->front + 1 + LATER, (FRONT - LATER) * sizeof *heap->front);
    heap->first = heap->front + FRONT - LATER;
}

void heap_refill(struct slot_heap *heap, const struct slot *slots)
{
    uint32_t n = heap->n < FRONT / 2 ? heap->n : FRONT / 2;
    heap->first = heap->front + n;
    for (uint32_t i = n; i > 0; i--) {
        heap->front[i] = heap->entry[0];
        heap->place[heap->entry[0].slot] = IN_FRONT;
        take_out(heap, slots, 0);
    }
}

double heap_cut(struct slot_heap *heap, const struct slot *slots, uint32_t slot)
{
    uint32_t at = heap->place[slot];
    if (at != IN_FRONT) {
        double key = heap->entry[at].key;
        take_out(heap, slots, at);
        return key;
    }
    struct heap_entry *gap = heap->first;
    while (gap->slot != slot)
        gap--;
    double key = gap->key;
    memmove(gap, gap + 1, (size_t)(heap->first - gap) * sizeof *gap);
    heap->first--; /* it was not the first: the front does not run empty */
    return key;
}
