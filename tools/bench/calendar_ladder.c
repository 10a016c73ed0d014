/*
 * The ladder queue (Tang, Goh and Thng, "Ladder queue: an O(1) priority queue structure for
 * large-scale discrete event simulation", ACM TOMACS 15, 2005): late events unsorted in `top`;
 * those of the nearer future in buckets, a bucket that is too full cut into buckets again (a rung
 * below); only the few next ones sorted, in `bottom`.
 *
 * Which bucket a time belongs to is a monotone function of it, and equal times meet in one bucket,
 * so that rounding cannot change the order.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../../sim/base/err.h"
#include "calendars.h"

enum { RUNGS = 8, FULL = 50 }; /* as in the paper */

#define NOBODY UINT32_MAX

struct node {
    event e;
    uint32_t next;
};

struct bucket {
    uint32_t first, n;
};

struct rung {
    double start, width;
    uint64_t at, n, room; /* the next bucket that can hold anything; buckets */
    struct bucket *bucket;
};

struct ladder {
    struct node *nodes;
    uint32_t free;
    struct bucket top;
    double top_start, top_min, top_max; /* events later than top_start are in the top */
    struct rung rung[RUNGS];
    int rungs;
    event *bottom; /* decreasing */
    uint64_t n, size;
};

static void ladder_init(struct ladder *q, uint64_t size)
{
    memset(q, 0, sizeof *q);
    q->size = size + 1;
    q->nodes = bench_lines(q->size * sizeof *q->nodes);
    q->bottom = bench_lines(q->size * sizeof *q->bottom);
    for (uint64_t i = 0; i < q->size; i++)
        q->nodes[i].next = i + 1 < q->size ? (uint32_t)i + 1 : NOBODY;
    q->top = (struct bucket){NOBODY, 0};
    q->top_start = -1;
    q->top_min = INFINITY;
}

static void ladder_free(struct ladder *q)
{
    for (int i = 0; i < RUNGS; i++)
        free(q->rung[i].bucket);
    free(q->nodes);
    free(q->bottom);
}

static inline void bucket_put(struct ladder *q, struct bucket *bucket, uint32_t node)
{
    q->nodes[node].next = bucket->first;
    bucket->first = node;
    bucket->n++;
}

static inline uint64_t rung_index(const struct rung *r, double time)
{
    double i = (time - r->start) / r->width;
    return i <= 0 ? 0 : i >= (double)(r->n - 1) ? r->n - 1 : (uint64_t)i;
}

/* A rung below the others, with a bucket for each of n events. */
static struct rung *rung_add(struct ladder *q, double start, double width, uint64_t n)
{
    struct rung *r = &q->rung[q->rungs++];
    if (r->room < n + 1) {
        r->room = 2 * n + FULL;
        r->bucket = xrealloc(r->bucket, r->room * sizeof *r->bucket);
    }
    r->start = start;
    r->width = width;
    r->at = 0;
    r->n = n + 1;
    for (uint64_t i = 0; i < r->n; i++)
        r->bucket[i] = (struct bucket){NOBODY, 0};
    return r;
}

static void rung_spread(struct ladder *q, struct rung *r, struct bucket bucket)
{
    for (uint32_t node = bucket.first, next; node != NOBODY; node = next) {
        next = q->nodes[node].next;
        bucket_put(q, &r->bucket[rung_index(r, event_time(q->nodes[node].e))], node);
    }
}

static inline void bottom_insert(struct ladder *q, event e)
{
    uint64_t i = q->n++;
    for (; i > 0 && q->bottom[i - 1] < e; i--)
        q->bottom[i] = q->bottom[i - 1];
    q->bottom[i] = e;
}

static int later_first(const void *a, const void *b)
{
    event x = *(const event *)a, y = *(const event *)b;
    return (x < y) - (x > y);
}

static void bottom_take(struct ladder *q, struct bucket bucket)
{
    for (uint32_t node = bucket.first, next; node != NOBODY; node = next) {
        next = q->nodes[node].next;
        if (bucket.n <= FULL)
            bottom_insert(q, q->nodes[node].e);
        else
            q->bottom[q->n++] = q->nodes[node].e;
        q->nodes[node].next = q->free;
        q->free = node;
    }
    if (bucket.n > FULL)
        qsort(q->bottom, q->n, sizeof *q->bottom, later_first);
}

/* Fills the empty bottom. */
static void ladder_refill(struct ladder *q)
{
    while (q->n == 0) {
        if (q->rungs == 0) {
            double width = (q->top_max - q->top_min) / q->top.n;
            struct rung *r = rung_add(q, q->top_min, width > 0 ? width : 1, q->top.n);
            rung_spread(q, r, q->top);
            q->top = (struct bucket){NOBODY, 0};
            q->top_start = q->top_max;
            q->top_min = INFINITY;
            q->top_max = 0;
        }
        struct rung *r = &q->rung[q->rungs - 1];
        while (r->at < r->n && r->bucket[r->at].n == 0)
            r->at++;
        if (r->at == r->n) {
            q->rungs--;
            continue;
        }
        double start = r->start + (double)r->at * r->width;
        struct bucket bucket = r->bucket[r->at++];
        if (bucket.n > FULL && q->rungs < RUNGS && r->width > 1e-9 * start)
            rung_spread(q, rung_add(q, start, r->width / bucket.n, bucket.n), bucket);
        else
            bottom_take(q, bucket);
    }
}

static inline void ladder_push(struct ladder *q, event e)
{
    double time = event_time(e);
    struct bucket *bucket = NULL;
    if (time > q->top_start) {
        bucket = &q->top;
        q->top_min = time < q->top_min ? time : q->top_min;
        q->top_max = time > q->top_max ? time : q->top_max;
    }
    for (int i = 0; i < q->rungs && !bucket; i++) {
        uint64_t index = rung_index(&q->rung[i], time);
        if (index >= q->rung[i].at)
            bucket = &q->rung[i].bucket[index];
    }
    if (!bucket) {
        bottom_insert(q, e);
        return;
    }
    uint32_t node = q->free;
    q->free = q->nodes[node].next;
    q->nodes[node].e = e;
    bucket_put(q, bucket, node);
}

static inline event ladder_top(struct ladder *q)
{
    if (q->n == 0)
        ladder_refill(q);
    return q->bottom[q->n - 1];
}

static inline void ladder_replace(struct ladder *q, event e)
{
    q->n--;
    ladder_push(q, e);
}

HOLD(ladder)

const struct contestant contest_ladder[] = {
    {"ladder queue", ladder_hold, UINT64_MAX},
    {0},
};
