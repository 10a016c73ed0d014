/*
 * The least of n keys that change one at a time, and how many have it: a tournament tree (Knuth,
 * The Art of Computer Programming 3, 2nd ed. 1998, section 5.4.1) in which each node also counts.
 * Setting a key and finding the k-th of the least, in the order of their indexes, take O(log n).
 *
 * Nodes are 1 (the root) to 2 size - 1, the leaves from `size` on, a power of two; leaves beyond n
 * have the key UINT32_MAX, which no other has.
 */
#ifndef LEAST_H
#define LEAST_H

#include <stdlib.h>

#include "err.h"

struct least {
    uint32_t n, size;
    struct least_node {
        uint32_t key, count;
    } * nodes;
};

/* Without a branch, like what follows: which is less cannot be predicted. */
static inline struct least_node least_of(struct least_node a, struct least_node b)
{
    const uint32_t of_a = a.count & -(uint32_t)(a.key <= b.key);
    const uint32_t of_b = b.count & -(uint32_t)(b.key <= a.key);
    return (struct least_node){a.key < b.key ? a.key : b.key, of_a + of_b};
}

/* All keys 0. */
static inline void least_init(struct least *l, uint32_t n)
{
    l->n = n;
    l->size = 1;
    while (l->size < n)
        l->size *= 2;
    l->nodes = xmalloc(2 * (size_t)l->size * sizeof *l->nodes);
    l->nodes[0] = (struct least_node){0, 0};
    for (uint32_t i = 0; i < l->size; i++)
        l->nodes[l->size + i] = (struct least_node){i < n ? 0 : UINT32_MAX, 1};
    for (uint32_t i = l->size - 1; i > 0; i--)
        l->nodes[i] = least_of(l->nodes[2 * i], l->nodes[2 * i + 1]);
}

static inline void least_free(struct least *l)
{
    free(l->nodes);
    l->nodes = NULL;
}

static inline void least_set(struct least *l, uint32_t index, uint32_t key)
{
    enum { AT_LEAST = 4 }; /* levels, so that small trees need not guess where it ends */
    uint32_t i = l->size + index;
    l->nodes[i].key = key;
    for (int level = 0; i > 1; level++) {
        i /= 2;
        struct least_node now = least_of(l->nodes[2 * i], l->nodes[2 * i + 1]);
        if (level >= AT_LEAST && now.key == l->nodes[i].key && now.count == l->nodes[i].count)
            return; /* nothing above changes */
        l->nodes[i] = now;
    }
}

/* The least key; how many have it; and the k-th of those, from 0. */
static inline uint32_t least_key(const struct least *l)
{
    return l->nodes[1].key;
}

static inline uint32_t least_count(const struct least *l)
{
    return l->nodes[1].count;
}

static inline uint32_t least_index(const struct least *l, uint32_t k)
{
    enum { AHEAD = 8 }; /* three levels: all that it may come to are in one line of the cache */
    uint32_t i = 1, key = l->nodes[1].key;
    while (i < l->size) {
        if (AHEAD * i < l->size)
            __builtin_prefetch(&l->nodes[(size_t)AHEAD * i]);
        i *= 2;
        const uint32_t left = l->nodes[i].count & -(uint32_t)(l->nodes[i].key == key);
        const uint32_t right = k >= left;
        k -= left & -right;
        i += right;
    }
    return i - l->size;
}

#endif
