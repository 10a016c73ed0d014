/*
 * Heaps: of whole events (the engine's, once), and with times and the rest in arrays of their own.
 */
#include <emmintrin.h>
#include <math.h>
#include <stdlib.h>

#include "calendars.h"

/* An implicit heap of 128-bit events with four children to a node (Johnson 1975; LaMarca and
 * Ladner, "The influence of caches on the performance of heaps", 1996: children share a cache
 * line). Taking the top out moves a gap down to a leaf and lets the new event rise from there
 * (Wegener's bottom-up heapsort, 1993), for it is nearly always a late one. */
struct heap4 {
    event *at; /* at[1] begins a line; behind the last one CALENDAR_NEVER, to the whole group */
    uint64_t n;
    void *memory;
};

static void heap4_init(struct heap4 *q, uint64_t size)
{
    enum { LINE = 4 };
    q->n = 0;
    q->memory = bench_lines((size + 2 * LINE) * sizeof *q->at);
    q->at = (event *)q->memory + LINE - 1;
    for (uint64_t i = 0; i < size + LINE; i++)
        q->at[i] = CALENDAR_NEVER;
}

static void heap4_free(struct heap4 *q)
{
    free(q->memory);
}

/* 1 if a comes before b, else 0, without a branch: both are below 2^127. */
static inline uint64_t before(event a, event b)
{
    return (uint64_t)((a - b) >> 127);
}

static inline void heap4_rise(struct heap4 *q, uint64_t at, event e)
{
    while (at > 0) {
        uint64_t parent = (at - 1) / 4;
        if (q->at[parent] <= e)
            break;
        q->at[at] = q->at[parent];
        at = parent;
    }
    q->at[at] = e;
}

static inline void heap4_push(struct heap4 *q, event e)
{
    heap4_rise(q, q->n++, e);
}

static inline event heap4_top(const struct heap4 *q)
{
    return q->at[0];
}

static inline void heap4_replace(struct heap4 *q, event e)
{
    uint64_t at = 0, child;
    for (; (child = 4 * at + 1) < q->n; at = child) {
        const event *four = &q->at[child];
        uint64_t a = before(four[1], four[0]), b = 2 + before(four[3], four[2]);
        child += a ^ ((a ^ b) & -before(four[b], four[a]));
        q->at[at] = q->at[child];
    }
    heap4_rise(q, at, e);
}

HOLD(heap4)

/* Times (all that most comparisons need) in one array, what else an event is in another. The
 * groups of children begin at a cache line: of `ARITY` = 8, in the one of times. */
struct split {
    double *time; /* time[1] begins a line */
    uint64_t *what;
    uint64_t n;
    void *times, *whats;
};

static void split_init(struct split *q, uint64_t size)
{
    enum { LINE = 8 };
    q->n = 0;
    q->times = bench_lines((size + 3 * LINE) * sizeof *q->time);
    q->whats = bench_lines((size + 3 * LINE) * sizeof *q->what);
    q->time = (double *)q->times + LINE - 1;
    q->what = (uint64_t *)q->whats + LINE - 1;
    for (uint64_t i = 0; i < size + LINE; i++) {
        q->time[i] = INFINITY;
        q->what[i] = UINT64_MAX;
    }
}

static void split_free(struct split *q)
{
    free(q->times);
    free(q->whats);
}

static inline event split_top(const struct split *q)
{
    return (event)time_bits(q->time[0]) << 64 | q->what[0];
}

static inline int split_before(const struct split *q, uint64_t a, uint64_t b)
{
    return q->time[a] < q->time[b] || (q->time[a] == q->time[b] && q->what[a] < q->what[b]);
}

static inline void split_rise(struct split *q, uint64_t at, event e, unsigned arity)
{
    double time = event_time(e);
    uint64_t what = (uint64_t)e;
    while (at > 0) {
        uint64_t up = (at - 1) / arity;
        if (q->time[up] < time || (q->time[up] == time && q->what[up] < what))
            break;
        q->time[at] = q->time[up];
        q->what[at] = q->what[up];
        at = up;
    }
    q->time[at] = time;
    q->what[at] = what;
}

/* The first of the eight from `child` on: the least time by vectors of two, ties one by one. */
static inline uint64_t split_least8(const struct split *q, uint64_t child)
{
    const double *t = &q->time[child];
    __m128d a = _mm_load_pd(t), b = _mm_load_pd(t + 2), c = _mm_load_pd(t + 4);
    __m128d d = _mm_load_pd(t + 6), least = _mm_min_pd(_mm_min_pd(a, b), _mm_min_pd(c, d));
    least = _mm_min_pd(least, _mm_shuffle_pd(least, least, 1));
    unsigned mask = (unsigned)_mm_movemask_pd(_mm_cmpeq_pd(a, least)) |
                    (unsigned)_mm_movemask_pd(_mm_cmpeq_pd(b, least)) << 2 |
                    (unsigned)_mm_movemask_pd(_mm_cmpeq_pd(c, least)) << 4 |
                    (unsigned)_mm_movemask_pd(_mm_cmpeq_pd(d, least)) << 6;
    uint64_t best = child + (unsigned)__builtin_ctz(mask);
    while (__builtin_expect((mask &= mask - 1) != 0, 0)) {
        uint64_t other = child + (unsigned)__builtin_ctz(mask);
        best = q->what[other] < q->what[best] ? other : best;
    }
    return best;
}

static inline uint64_t split_least4(const struct split *q, uint64_t child)
{
    uint64_t a = child + (uint64_t)split_before(q, child + 1, child);
    uint64_t b = child + 2 + (uint64_t)split_before(q, child + 3, child + 2);
    return split_before(q, b, a) ? b : a;
}

static inline void split_sink(struct split *q, event e, unsigned arity)
{
    uint64_t at = 0, child;
    for (; (child = arity * at + 1) < q->n; at = child) {
        child = arity == 8 ? split_least8(q, child) : split_least4(q, child);
        q->time[at] = q->time[child];
        q->what[at] = q->what[child];
    }
    split_rise(q, at, e, arity);
}

#define SPLIT(name, arity)                                                                         \
    struct name {                                                                                  \
        struct split split;                                                                        \
    };                                                                                             \
    static void name##_init(struct name *q, uint64_t size)                                         \
    {                                                                                              \
        split_init(&q->split, size);                                                               \
    }                                                                                              \
    static void name##_free(struct name *q)                                                        \
    {                                                                                              \
        split_free(&q->split);                                                                     \
    }                                                                                              \
    static inline void name##_push(struct name *q, event e)                                        \
    {                                                                                              \
        split_rise(&q->split, q->split.n++, e, arity);                                             \
    }                                                                                              \
    static inline event name##_top(const struct name *q)                                           \
    {                                                                                              \
        return split_top(&q->split);                                                               \
    }                                                                                              \
    static inline void name##_replace(struct name *q, event e)                                     \
    {                                                                                              \
        split_sink(&q->split, e, arity);                                                           \
    }                                                                                              \
    HOLD(name)

SPLIT(split4, 4)
SPLIT(split8, 8)

const struct contestant contest_heaps[] = {
    {"heap, 4-ary", heap4_hold, UINT64_MAX},
    {"split heap, 4-ary", split4_hold, UINT64_MAX},
    {"split heap, 8-ary", split8_hold, UINT64_MAX},
    {0},
};
