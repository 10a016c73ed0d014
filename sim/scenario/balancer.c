#include "balancer_pick.h"

#include <assert.h>

static uint32_t one_of(const struct balancer_view *view, uint32_t sub, uint32_t m)
{
    return m == 1 ? 0 : balancer_of(view->uniform(view->host, sub), m);
}

uint32_t balancer_hash(uint32_t key, uint32_t probe, uint32_t n)
{
    uint64_t z = ((uint64_t)probe << 32 | key) + 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    z ^= z >> 31;
    return (uint32_t)((z >> 32) * n >> 32);
}

void balancer_draw(const struct balancer_view *view, uint32_t d, uint32_t *out)
{
    assert(d <= view->n && d <= CHOICES_MOST);
    for (uint32_t i = 0; i < d; i++) {
        uint32_t last = view->n - d + i;
        uint32_t drawn = (uint32_t)(view->uniform(view->host, i) * (last + 1.0)), at = i;
        drawn = drawn <= last ? drawn : last;
        for (uint32_t k = 0; k < i; k++)
            if (out[k] == drawn)
                drawn = last; /* which is above all others */
        for (; at > 0 && out[at - 1] > drawn; at--)
            out[at] = out[at - 1];
        out[at] = drawn;
    }
}

static double load(const struct balancer *b, const struct balancer_view *view, uint32_t replica)
{
    return b->by_work ? view->work(view->host, replica)
                      : b->key(view->requests[replica], view->consumers[replica]);
}

/* The best of n replicas: those listed, or (NULL) 0 to n - 1. */
static uint32_t best_of(const struct balancer *b, const struct balancer_view *view,
                        const uint32_t *listed, uint32_t n, uint32_t sub)
{
    double least = INFINITY;
    uint32_t alike = 0, best = 0, k = 0;
    for (uint32_t i = 0; i < n; i++) {
        double now = load(b, view, listed ? listed[i] : i);
        alike = now < least ? 1 : alike + (now == least);
        least = fmin(least, now);
    }
    uint32_t wanted = b->in_order && least == 0 ? 0 : one_of(view, sub, alike);
    for (uint32_t i = 0; i < n; i++)
        if (load(b, view, listed ? listed[i] : i) == least && k++ == wanted)
            best = listed ? listed[i] : i;
    return best;
}

uint32_t balancer_pick(const struct balancer *b, const struct balancer_view *view)
{
    uint32_t drawn[CHOICES_MOST], d = view->choices;
    assert(!b->copies && (b->pick || b->by_work || b->key));
    if (b->pick)
        return b->pick(view);
    if (d == 2 && d < view->n && !b->by_work)
        return balancer_of_two(b, view, view->uniform, view->host);
    if (d > 0 && d < view->n) {
        balancer_draw(view, d, drawn);
        return best_of(b, view, drawn, d, d);
    }
    if (b->by_work || !view->tree)
        return best_of(b, view, NULL, view->n, 0);
    return balancer_least(b, view, view->uniform, view->host);
}

uint32_t balancer_copies(const struct balancer_view *view, uint32_t *out)
{
    uint32_t d = view->choices;
    if (d > 0 && d < view->n) {
        balancer_draw(view, d, out);
        return d;
    }
    for (uint32_t i = 0; i < view->n; i++)
        out[i] = i;
    return view->n;
}
