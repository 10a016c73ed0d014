/*
 * The loops of lanes_kernel.h for vectors of WIDTH doubles, in functions with the attribute TARGET.
 * No include guard: lanes_kernel.c includes it once for each width.
 */
#include "lanes_vector.h"

TARGET static void NAME(spread_one)(const double *x, size_t n, double (*out)[LANES])
{
    for (size_t i = 0; i < n; i++)
        for (int part = 0; part < PARTS; part++)
            AT(out[i]) = x[i] - (VEC){0};
}

TARGET static void NAME(spread_each)(const double *const x[LANES], size_t n, double (*out)[LANES])
{
    const double *const rows[LANES] = {x[0], x[1], x[2], x[3], x[4], x[5], x[6], x[7]};
    size_t i = 0;
    for (; i + WIDTH <= n; i += WIDTH)
        for (int part = 0; part < PARTS; part++)
            NAME(turn)(&rows[part * WIDTH], i, &out[i][part * WIDTH]);
    for (; i < n; i++)
        for (int lane = 0; lane < LANES; lane++)
            out[i][lane] = rows[lane][i];
}

TARGET static void NAME(accumulate_one)(const double *unit, const double factor[LANES], size_t n,
                                        double time[LANES], double (*arrival)[LANES])
{
    for (int part = 0; part < PARTS; part++) {
        VEC now = AT(time), by = AT(factor);
        for (size_t i = 0; i < n; i++)
            AT(arrival[i]) = now += by * unit[i];
        AT(time) = now;
    }
}

TARGET static void NAME(accumulate)(const double factor[LANES], size_t n, double time[LANES],
                                    double (*arrival)[LANES])
{
    for (int part = 0; part < PARTS; part++) {
        VEC now = AT(time), by = AT(factor);
        for (size_t i = 0; i < n; i++)
            AT(arrival[i]) = now += by * AT(arrival[i]);
        AT(time) = now;
    }
}

TARGET static void NAME(divide)(double (*size)[LANES], const double speed[LANES], size_t n,
                                double (*service)[LANES], double sum[LANES])
{
    for (int part = 0; part < PARTS; part++) {
        VEC total = AT(sum);
        for (size_t i = 0; i < n; i++) {
            VEC x = AT(size[i]) / AT(speed);
            AT(service[i]) = x;
            total += x;
        }
        AT(sum) = total;
    }
}

/* Sums of the lanes of a part. */
struct NAME(sums) {
    VEC wait, latency, latency_min, latency_max, wait_min, size, size_square, size_max, idle,
        virtual_area, last;
};

INLINE struct NAME(sums) NAME(read)(struct lanes_sums *sums, int part)
{
    return (struct NAME(sums)){AT(sums->wait),         AT(sums->latency),  AT(sums->latency_min),
                               AT(sums->latency_max),  AT(sums->wait_min), AT(sums->size),
                               AT(sums->size_square),  AT(sums->size_max), AT(sums->idle),
                               AT(sums->virtual_area), AT(sums->last)};
}

INLINE void NAME(write)(const struct NAME(sums) * s, struct lanes_sums *sums, int part)
{
    AT(sums->wait) = s->wait;
    AT(sums->latency) = s->latency;
    AT(sums->latency_min) = s->latency_min;
    AT(sums->latency_max) = s->latency_max;
    AT(sums->wait_min) = s->wait_min;
    AT(sums->size) = s->size;
    AT(sums->size_square) = s->size_square;
    AT(sums->size_max) = s->size_max;
    AT(sums->idle) = s->idle;
    AT(sums->virtual_area) = s->virtual_area;
    AT(sums->last) = s->last;
}

/* Adds a task that found the first consumer free from `ready` on. */
INLINE void NAME(add)(struct NAME(sums) * s, VEC arrival, VEC ready, VEC start, VEC wait,
                      VEC latency, VEC size, bool one)
{
    s->wait = PLUS(s->wait, wait);
    s->latency = PLUS(s->latency, latency);
    s->latency_min = MIN(latency, s->latency_min);
    s->latency_max = MAX(latency, s->latency_max);
    s->wait_min = NAME(positive)(wait, s->wait_min);
    s->size = PLUS(s->size, size);
    s->size_square = PLUS(s->size_square, size * size);
    s->size_max = MAX(size, s->size_max);
    s->idle = PLUS(s->idle, MINUS(start, ready));
    /* From `ready` as seen at the last arrival it fell by one a second, to this wait or to zero.
     * A single consumer is never free before the last arrival. */
    VEC began = MINUS(one ? ready : MAX(ready, s->last), s->last);
    s->virtual_area += (began - wait) * (began + wait);
    s->last = arrival;
}

/* Puts the completion into its place among the times at which consumers fall free, from the second
 * on: the first is taken by this task. */
INLINE VEC NAME(insert)(VEC *free, int from, int consumers, VEC done)
{
    for (int c = from; c < consumers; c++) {
        VEC other = free[c];
        free[c - 1] = MIN(done, other);
        done = MAX(done, other);
    }
    return done;
}

INLINE void NAME(insert_rows)(double (*free)[LANES], int consumers, int part, VEC done)
{
    for (int c = 1; c < consumers; c++) {
        VEC other = AT(free[c]);
        AT(free[c - 1]) = MIN(done, other);
        done = MAX(done, other);
    }
    AT(free[consumers - 1]) = done;
}

enum { NAME(SLOTS) = 2 * WIDTH };
#define SLOTS NAME(SLOTS)

INLINE void NAME(count)(uint32_t *counts, const uint32_t *at)
{
    for (int i = 0; i < SLOTS; i++)
        counts[at[i]]++;
}

/* A part's lanes, n tasks. The first `kept` consumers, a constant, are kept in registers; 0: none
 * are, and there are work->consumers. */
INLINE void NAME(serve_part)(struct lanes_work *work, size_t n, bool starts, int part, int kept)
{
    struct lanes_chunk *chunk = &work->chunk;
    double(*service)[LANES] = work->scaled ? chunk->service : chunk->size;
    double(*free)[LANES] = work->free;
    uint32_t *counts = &work->counts[0][0];
    LANES_ALIGNED uint32_t slot[LANES_CHUNK][SLOTS];
    struct NAME(sums) s = NAME(read)(&work->sums, part);
    VEC ready[LANES_KEPT];
    for (int c = 0; c < kept; c++)
        ready[c] = AT(free[c]);
    for (size_t i = 0; i < n; i++) {
        VEC arrival = AT(chunk->arrival[i]), size = AT(chunk->size[i]);
        VEC served = AT(service[i]), first = kept ? ready[0] : AT(free[0]);
        VEC start = MAX(first, arrival), wait = start - arrival, latency = wait + served;
        if (kept)
            ready[kept - 1] = NAME(insert)(ready, 1, kept, start + served);
        else
            NAME(insert_rows)(free, work->consumers, part, start + served);
        if (starts)
            AT(chunk->start[i]) = start;
        NAME(add)(&s, arrival, first, start, wait, latency, size, kept == 1);
        NAME(counters)(wait, latency, part, slot[i]);
        if (i >= 2)
            NAME(count)(counts, slot[i - 2]);
    }
    for (size_t i = n < 2 ? 0 : n - 2; i < n; i++)
        NAME(count)(counts, slot[i]);
    for (int c = 0; c < kept; c++)
        AT(free[c]) = ready[c];
    NAME(write)(&s, &work->sums, part);
}

#define SERVE(kept)                                                                                \
    TARGET static void NAME(JOIN(serve, kept))(struct lanes_work * work, size_t n, bool starts,    \
                                               int part)                                           \
    {                                                                                              \
        NAME(serve_part)(work, n, starts, part, kept);                                             \
    }
SERVE(0)
SERVE(1)
SERVE(2)
SERVE(3)
SERVE(4)
SERVE(6)
SERVE(8)
SERVE(12)
SERVE(16)

TARGET static void NAME(serve)(struct lanes_work *work, size_t n, bool starts)
{
    static void (*const serve[LANES_KEPT + 1])(struct lanes_work *, size_t, bool, int) = {
        NAME(serve_0),  NAME(serve_1),  NAME(serve_2),  NAME(serve_3),  NAME(serve_4),
        NAME(serve_6),  NAME(serve_6),  NAME(serve_8),  NAME(serve_8),  NAME(serve_12),
        NAME(serve_12), NAME(serve_12), NAME(serve_12), NAME(serve_16), NAME(serve_16),
        NAME(serve_16), NAME(serve_16)};
    int consumers = work->consumers;
    for (int part = 0; part * WIDTH < work->lanes; part++)
        serve[consumers <= LANES_KEPT ? consumers : 0](work, n, starts, part);
    if (!work->scaled)
        memcpy(work->sums.service, work->sums.size, sizeof work->sums.service);
}

static const struct lanes_kernel NAME(kernel) = {
    .name = KERNEL,
    .width = WIDTH,
    .spread_one = NAME(spread_one),
    .spread_each = NAME(spread_each),
    .accumulate_one = NAME(accumulate_one),
    .accumulate = NAME(accumulate),
    .divide = NAME(divide),
    .serve = NAME(serve),
};

#undef JOIN_
#undef JOIN
#undef NAME
#undef VEC
#undef INLINE
#undef PARTS
#undef AT
#undef MAX
#undef PLUS
#undef MINUS
#undef MIN
#undef SELECT
#undef BUCKET_SHIFT
#undef BUCKET_MOVE
#undef SLOTS
#undef SERVE
#undef WIDTH
#undef TARGET
#undef KERNEL
