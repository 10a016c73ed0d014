/*
 * Arrays for few pending events.
 *
 * `sorted`: in order, the next one last; the place of a new one is counted by comparing with all
 * of the times, and those before it move by one. `scan`: each event in a place of its own, and the
 * least time looked for among all of them, two to a vector.
 */
#include <emmintrin.h>
#include <math.h>
#include <stdlib.h>

#include "calendars.h"

enum { MOST = 64 };

struct sorted {
    event at[MOST]; /* decreasing */
    uint64_t n;
};

static void sorted_init(struct sorted *q, uint64_t size)
{
    (void)size;
    q->n = 0;
    for (uint64_t i = 0; i < MOST; i++)
        q->at[i] = CALENDAR_NEVER;
}

static void sorted_free(struct sorted *q)
{
    (void)q;
}

static inline void sorted_push(struct sorted *q, event e)
{
    uint64_t i = q->n++;
    for (; i > 0 && q->at[i - 1] < e; i--)
        q->at[i] = q->at[i - 1];
    q->at[i] = e;
}

static inline event sorted_top(const struct sorted *q)
{
    return q->at[q->n - 1];
}

/* Without a branch on what comes first: every place takes the larger of its event and the new one,
 * and hands on the smaller. */
static inline void sorted_replace(struct sorted *q, event e)
{
    for (uint64_t i = 0; i + 1 < q->n; i++) {
        event old = q->at[i];
        q->at[i] = old > e ? old : e;
        e = old > e ? e : old;
    }
    q->at[q->n - 1] = e;
}

HOLD(sorted)

struct scan {
    double time[MOST] __attribute__((aligned(64)));
    uint64_t what[MOST];
    event top;
    uint64_t n; /* a multiple of eight */
};

static void scan_init(struct scan *q, uint64_t size)
{
    q->n = (size + 7) / 8 * 8;
    q->top = CALENDAR_NEVER;
    for (uint64_t i = 0; i < MOST; i++) {
        q->time[i] = INFINITY;
        q->what[i] = UINT64_MAX;
    }
}

static void scan_free(struct scan *q)
{
    (void)q;
}

static inline event scan_top(const struct scan *q)
{
    return q->top;
}

static inline void scan_push(struct scan *q, event e)
{
    q->time[event_index(e)] = event_time(e);
    q->what[event_index(e)] = (uint64_t)e;
    __m128d least = _mm_set1_pd(INFINITY), other = least;
    for (uint64_t i = 0; i < q->n; i += 4) {
        least = _mm_min_pd(least, _mm_load_pd(&q->time[i]));
        other = _mm_min_pd(other, _mm_load_pd(&q->time[i + 2]));
    }
    least = _mm_min_pd(least, other);
    least = _mm_min_pd(least, _mm_shuffle_pd(least, least, 1));
    uint64_t mask = 0;
    for (uint64_t i = 0; i < q->n; i += 2)
        mask |= (uint64_t)_mm_movemask_pd(_mm_cmpeq_pd(least, _mm_load_pd(&q->time[i]))) << i;
    uint64_t what = q->what[__builtin_ctzll(mask)];
    while (__builtin_expect((mask &= mask - 1) != 0, 0)) {
        uint64_t tie = q->what[__builtin_ctzll(mask)];
        what = tie < what ? tie : what;
    }
    q->top = (event)time_bits(_mm_cvtsd_f64(least)) << 64 | what;
}

static inline void scan_replace(struct scan *q, event e)
{
    scan_push(q, e);
}

HOLD(scan)

const struct contestant contest_arrays[] = {
    {"sorted array", sorted_hold, MOST},
    {"scanned array", scan_hold, MOST},
    {0},
};
