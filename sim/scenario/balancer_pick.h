/*
 * Picks that are made so often that whoever runs the network has them inline, with its own uniforms
 * (balancer.h: the rules; balancer_pick, which is the same for all).
 */
#ifndef BALANCER_PICK_H
#define BALANCER_PICK_H

#include "balancer.h"

#define BALANCER_INLINE static inline __attribute__((always_inline))

/* floor(u m), of m things alike. */
BALANCER_INLINE uint32_t balancer_of(double u, uint32_t m)
{
    const uint32_t k = (uint32_t)(u * m);
    return k < m ? k : m - 1;
}

/* With a tree of keys: of those with the least key. */
BALANCER_INLINE uint32_t balancer_least(const struct balancer *b, const struct balancer_view *view,
                                        double (*uniform)(const void *host, uint32_t sub),
                                        const void *host)
{
    const uint32_t alike = least_count(view->tree);
    const bool first = alike == 1 || (b->in_order && least_key(view->tree) == 0);
    return least_index(view->tree, first ? 0 : balancer_of(uniform(host, 0), alike));
}

/* With keys, and two of three replicas or more drawn: balancer_draw, and the better of them. */
BALANCER_INLINE uint32_t balancer_of_two(const struct balancer *b, const struct balancer_view *view,
                                         double (*uniform)(const void *host, uint32_t sub),
                                         const void *host)
{
    const uint32_t last = view->n - 1;
    const uint32_t one = balancer_of(uniform(host, 0), last);
    uint32_t other = balancer_of(uniform(host, 1), view->n);
    other = other == one ? last : other;
    const uint32_t low = one < other ? one : other, high = one < other ? other : one;
    const uint32_t key_low = b->key(view->requests[low], view->consumers[low]);
    const uint32_t key_high = b->key(view->requests[high], view->consumers[high]);
    if (key_low != key_high)
        return key_low < key_high ? low : high;
    return (b->in_order && key_low == 0) || balancer_of(uniform(host, 2), 2) == 0 ? low : high;
}

#endif
