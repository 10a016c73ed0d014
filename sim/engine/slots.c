#include "slots.h"

#include <stdlib.h>
#include <string.h>

#include "../base/err.h"

enum { CACHE_LINE = 64, CHILDREN = 4 };

void heap_reserve(struct slot_heap *heap, uint32_t capacity)
{
    heap->place = xrealloc(heap->place, capacity * sizeof *heap->place);
    size_t ahead = CACHE_LINE - sizeof *heap->entry; /* entry[1] behind the first line */
    size_t entries = (size_t)capacity + CHILDREN;
    void *memory = xmalloc(entries * sizeof *heap->entry + ahead + CACHE_LINE);
    uintptr_t line = ((uintptr_t)memory + CACHE_LINE - 1) & ~(uintptr_t)(CACHE_LINE - 1);
    struct heap_entry *entry = (struct heap_entry *)(line + ahead);
    if (heap->n > 0)
        memcpy(entry, heap->entry, heap->n * sizeof *entry);
    for (size_t i = heap->n; i < entries; i++)
        entry[i] = (struct heap_entry){.key = INFINITY};
    free(heap->memory);
    heap->memory = memory;
    heap->entry = entry;
}

void heap_free(struct slot_heap *heap)
{
    free(heap->memory);
    free(heap->place);
    *heap = (struct slot_heap){0};
}
