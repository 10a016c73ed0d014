/*
 * The loops of lanes_kernel.h for vectors of WIDTH doubles, in functions with the attribute TARGET.
 * No include guard: lanes_kernel.c includes it once for each width.
 */
#include "lanes_vector.h"

TARGET static void NAME(spread_one)(const double *x, int lanes, size_t n, double (*out)[LANES])
{
    for (int part = 0; part * WIDTH < lanes; part++)
        for (size_t i = 0; i < n; i++)
            AT(out[i]) = x[i] - (VEC){0};
}

TARGET static void NAME(spread_each)(const double *const x[LANES], int lanes, size_t n,
                                     double (*out)[LANES])
{
    size_t i = 0;
    for (; i + WIDTH <= n; i += WIDTH)
        for (int part = 0; part * WIDTH < lanes; part++)
            NAME(turn)(&x[part * WIDTH], i, &out[i][part * WIDTH]);
    for (; i < n; i++)
        for (int lane = 0; lane < lanes; lane++)
            out[i][lane] = x[lane][i];
}

TARGET static void NAME(accumulate)(const double factor[LANES], int lanes, size_t n,
                                    double time[LANES], double (*arrival)[LANES])
{
    for (int part = 0; part * WIDTH < lanes; part++) {
        VEC now = AT(time), by = AT(factor);
        for (size_t i = 0; i < n; i++)
            AT(arrival[i]) = now += by * AT(arrival[i]);
        AT(time) = now;
    }
}

TARGET static void NAME(divide)(double (*size)[LANES], const double speed[LANES], int lanes,
                                size_t n, double (*service)[LANES])
{
    for (int part = 0; part * WIDTH < lanes; part++)
        for (size_t i = 0; i < n; i++)
            AT(service[i]) = AT(size[i]) / AT(speed);
}

/* Sums of the lanes of a part. */
struct NAME(sums) {
    VEC wait, latency, latency_min, latency_max, wait_min, size, size_square, size_max, service,
        idle, virtual_area, seen, gone, last;
};

INLINE struct NAME(sums) NAME(read)(struct lanes_sums *sums, int part)
{
    return (struct NAME(sums)){
        .wait = AT(sums->wait),
        .latency = AT(sums->latency),
        .latency_min = AT(sums->latency_min),
        .latency_max = AT(sums->latency_max),
        .wait_min = AT(sums->wait_min),
        .size = AT(sums->size),
        .size_square = AT(sums->size_square),
        .size_max = AT(sums->size_max),
        .service = AT(sums->service),
        .idle = AT(sums->idle),
        .virtual_area = AT(sums->virtual_area),
        .seen = AT(sums->seen),
        .gone = AT(sums->gone),
        .last = AT(sums->last),
    };
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
    AT(sums->service) = s->service;
    AT(sums->idle) = s->idle;
    AT(sums->virtual_area) = s->virtual_area;
    AT(sums->seen) = s->seen;
    AT(sums->gone) = s->gone;
    AT(sums->last) = s->last;
}

/* Adds a task that came in. */
INLINE void NAME(add_times)(struct NAME(sums) * s, VEC wait, VEC latency)
{
    s->wait = PLUS(s->wait, wait);
    s->latency = PLUS(s->latency, latency);
    s->latency_min = MIN(latency, s->latency_min);
    s->latency_max = MAX_BITS(latency, s->latency_max);
    s->wait_min = NAME(positive)(wait, s->wait_min);
}

/* The same, of tasks some of which are lost. */
INLINE void NAME(add_those_in)(struct NAME(sums) * s, VEC wait, VEC latency, VEC service, MASK lost)
{
    const VEC zero = {0}, never = __builtin_inf() - zero;
    s->seen += wait;
    s->wait += OR_ELSE(wait, lost, zero);
    s->latency += OR_ELSE(latency, lost, zero);
    s->service += OR_ELSE(service, lost, zero);
    s->latency_min = MIN(OR_ELSE(latency, lost, never), s->latency_min);
    s->latency_max = MAX(OR_ELSE(latency, lost, zero), s->latency_max);
    s->wait_min = NAME(positive)(OR_ELSE(wait, lost, zero), s->wait_min);
}

/* Adds a task that found the first consumer free from `ready` on, and so begins at `start`, if it
 * comes in. */
INLINE void NAME(add)(struct NAME(sums) * s, VEC arrival, VEC ready, VEC start, VEC size, bool one)
{
    VEC wait = start - arrival;
    s->size = PLUS(s->size, size);
    s->size_square = PLUS(s->size_square, size * size);
    s->size_max = MAX_BITS(size, s->size_max);
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
        done = MAX_BITS(done, other);
    }
    AT(free[consumers - 1]) = done;
}

/* Serves tasks AT_ONCE at a time, so that each free time is read and written once for all of them:
 * they go through the consumers in line, the second behind the first. Leaves when the first
 * consumer was free for each. */
enum { NAME(AT_ONCE) = 4 };
#define AT_ONCE NAME(AT_ONCE)

INLINE void NAME(serve_in_line)(struct lanes_work *work, double (*service)[LANES], size_t i,
                                int part, VEC *first)
{
    double(*free)[LANES] = work->free;
    VEC head[AT_ONCE], done[AT_ONCE];
    for (int k = 0; k < AT_ONCE; k++)
        head[k] = AT(free[k]);
    for (int k = 0; k < AT_ONCE; k++) {
        VEC arrival = AT(work->chunk.arrival[i + (size_t)k]);
        first[k] = head[0];
        done[k] = MAX(head[0], arrival) + AT(service[i + (size_t)k]);
        done[k] = NAME(insert)(head, 1, AT_ONCE - k, done[k]);
    }
    for (int c = AT_ONCE; c < work->consumers + AT_ONCE; c++) {
        VEC other = __builtin_inf() - (VEC){0};
        if (c < work->consumers)
            other = AT(free[c]);
        for (int k = 0; k < AT_ONCE; k++) {
            VEC earlier = MIN(done[k], other);
            done[k] = MAX_BITS(done[k], other);
            other = earlier;
        }
        AT(free[c - AT_ONCE]) = other;
    }
}

INLINE void NAME(serve_many)(struct lanes_work *work, size_t n, int part, VEC *first)
{
    double(*service)[LANES] = work->scaled ? work->chunk.service : work->chunk.size;
    size_t i = 0;
    for (; i + AT_ONCE <= n; i += AT_ONCE)
        NAME(serve_in_line)(work, service, i, part, first + i);
    for (; i < n; i++) {
        first[i] = AT(work->free[0]);
        VEC done = MAX(first[i], AT(work->chunk.arrival[i])) + AT(service[i]);
        NAME(insert_rows)(work->free, work->consumers, part, done);
    }
}

enum { NAME(SLOTS) = 2 * WIDTH };
#define SLOTS NAME(SLOTS)

INLINE void NAME(count)(uint32_t *counts, const uint32_t *at)
{
    for (int i = 0; i < SLOTS; i++)
        counts[at[i]]++;
}

/* Where the tasks of a part come from. */
struct NAME(tasks) {
    struct lanes_chunk *chunk;
    const double *unit, *size; /* as in lanes_rows */
    VEC now, by;
    bool scaled;
};
struct NAME(task) {
    VEC arrival, size, service;
};

INLINE struct NAME(tasks) NAME(tasks_of)(struct lanes_work *work, int part)
{
    struct NAME(tasks) t = {&work->chunk, work->rows.unit, work->rows.size, {0}, {0}, work->scaled};
    if (t.unit) {
        t.now = AT(work->rows.time);
        t.by = AT(work->rows.factor);
    }
    return t;
}

INLINE struct NAME(task) NAME(task)(struct NAME(tasks) * t, size_t i, int part)
{
    struct NAME(task) task;
    if (t->unit)
        task.arrival = t->now += t->by * t->unit[i];
    else
        task.arrival = AT(t->chunk->arrival[i]);
    if (t->size)
        task.size = t->size[i] - (VEC){0};
    else
        task.size = AT(t->chunk->size[i]);
    task.service = task.size;
    if (t->scaled)
        task.service = AT(t->chunk->service[i]);
    return task;
}

/* The bounded buffers of a part. */
struct NAME(buffers) {
    struct lanes_places *places;
    BITS next, end, handoff;
    VEC limit;
};

INLINE struct NAME(buffers) NAME(buffers_of)(struct lanes_places *places, int part)
{
    return (struct NAME(buffers)){
        .places = places,
        .next = *(BITS *)&places->next[part * WIDTH],
        .end = *(BITS *)&places->end[part * WIDTH],
        .handoff = *(BITS *)&places->handoff[part * WIDTH],
        .limit = AT(places->limit),
    };
}

/* Lets tasks in that find a place, and says which are lost. */
INLINE MASK NAME(let_in)(struct NAME(buffers) * b, VEC arrival, VEC first, VEC start)
{
    VEC oldest = NAME(oldest)(b->places, b->next);
    VEC full = MAX(oldest, (VEC)((BITS)first & b->handoff));
    MASK lost = LATER(MIN(full, b->limit), arrival);
    b->next = NAME(begin)(b->places, b->next, b->end, start, oldest, lost);
    return lost;
}

/* Whether tasks may be lost, and how: a constant. The last goes for both ways. */
enum { NAME(NOBODY_LOST), NAME(TURNED_AWAY), NAME(IMPATIENT) };
#define NOBODY_LOST NAME(NOBODY_LOST)
#define TURNED_AWAY NAME(TURNED_AWAY)
#define IMPATIENT   NAME(IMPATIENT)

/* The consumers of a part: the first `kept`, a constant, in registers; 0: none are. Then, with
 * unbounded buffers, all tasks have been served beforehand. */
struct NAME(consumers) {
    double (*free)[LANES];
    VEC ready[LANES_KEPT], firsts[LANES_CHUNK];
    int n;
};

INLINE VEC NAME(first_free)(const struct NAME(consumers) * c, size_t i, int part, int kept,
                            int losses)
{
    if (kept)
        return c->ready[0];
    if (losses != NOBODY_LOST)
        return AT(c->free[0]);
    return c->firsts[i];
}

INLINE void NAME(take)(struct NAME(consumers) * c, VEC done, int part, int kept, int losses)
{
    if (kept)
        c->ready[kept - 1] = NAME(insert)(c->ready, 1, kept, done);
    else if (losses != NOBODY_LOST)
        NAME(insert_rows)(c->free, c->n, part, done);
}

/* A part's lanes, n tasks. */
INLINE void NAME(serve_part)(struct lanes_work *work, size_t n, bool starts, int part, int kept,
                             int losses)
{
    const bool lose = losses != NOBODY_LOST;
    LANES_ALIGNED uint32_t slot[LANES_CHUNK][SLOTS];
    uint32_t *counts = &work->counts[0][0];
    struct NAME(sums) s = NAME(read)(&work->sums, part);
    struct NAME(tasks) tasks = NAME(tasks_of)(work, part);
    struct NAME(buffers) buffers = NAME(buffers_of)(&work->places, part);
    struct NAME(consumers) c;
    c.free = work->free;
    c.n = work->consumers;
    for (int k = 0; k < kept; k++)
        c.ready[k] = AT(c.free[k]);
    if (!kept && !lose)
        NAME(serve_many)(work, n, part, c.firsts);
    for (size_t i = 0; i < n; i++) {
        struct NAME(task) task = NAME(task)(&tasks, i, part);
        VEC first = NAME(first_free)(&c, i, part, kept, losses), none = LANES_LOST - (VEC){0};
        VEC start = MAX(first, task.arrival), done = start + task.service;
        VEC wait = start - task.arrival, latency = wait + task.service;
        MASK lost = NO_MASK;
        if (losses == TURNED_AWAY || (losses == IMPATIENT && work->bounded))
            lost = NAME(let_in)(&buffers, task.arrival, first, start);
        if (losses == IMPATIENT) {
            VEC deadline = task.arrival + AT(work->chunk.patience[i]);
            MASK leaves = LATER(start, deadline);
            s.gone += OR_ELSE((VEC){0}, leaves, deadline - task.arrival);
            lost = EITHER(lost, leaves);
            none = -deadline;
        }
        if (lose)
            done = OR_ELSE(done, lost, first);
        NAME(take)(&c, done, part, kept, losses);
        NAME(add)(&s, task.arrival, first, start, task.size, kept == 1);
        if (lose)
            NAME(add_those_in)(&s, wait, latency, task.service, lost);
        else
            NAME(add_times)(&s, wait, latency);
        if (!lose && tasks.scaled)
            s.service += task.service;
        if (starts) {
            AT(work->chunk.start[i]) = lose ? OR_ELSE(start, lost, none) : start;
            AT(work->chunk.arrival[i]) = task.arrival;
            AT(work->chunk.size[i]) = task.size;
        }
        NAME(counters)(wait, latency, lose, lost, part, slot[i]);
        if (i >= COUNT_BEHIND)
            NAME(count)(counts, slot[i - COUNT_BEHIND]);
    }
    for (size_t i = n < COUNT_BEHIND ? 0 : n - COUNT_BEHIND; i < n; i++)
        NAME(count)(counts, slot[i]);
    for (int k = 0; k < kept; k++)
        AT(c.free[k]) = c.ready[k];
    if (lose)
        *(BITS *)&work->places.next[part * WIDTH] = buffers.next;
    if (tasks.unit)
        AT(work->rows.time) = tasks.now;
    NAME(write)(&s, &work->sums, part);
}

#define SERVE_AS(name, kept, losses)                                                               \
    TARGET static void NAME(JOIN(name, kept))(struct lanes_work * work, size_t n, bool starts,     \
                                              int part)                                            \
    {                                                                                              \
        NAME(serve_part)(work, n, starts, part, kept, losses);                                     \
    }
#define SERVE(kept)                                                                                \
    SERVE_AS(serve, kept, NOBODY_LOST)                                                             \
    SERVE_AS(bounded, kept, TURNED_AWAY)                                                           \
    SERVE_AS(impatient, kept, IMPATIENT)
SERVE(0)
SERVE(1)
SERVE(2)
SERVE(3)
SERVE(4)
SERVE(8)
SERVE(12)

/* What serves so many consumers. */
#define SERVED_BY(which)                                                                           \
    {                                                                                              \
        NAME(which##_0), NAME(which##_1), NAME(which##_2), NAME(which##_3), NAME(which##_4),       \
            NAME(which##_8), NAME(which##_8), NAME(which##_8), NAME(which##_8), NAME(which##_12),  \
            NAME(which##_12), NAME(which##_12), NAME(which##_12)                                   \
    }

TARGET static void NAME(serve)(struct lanes_work *work, size_t n, bool starts)
{
    typedef void serve_function(struct lanes_work *, size_t, bool, int);
    static serve_function *const serve[3][LANES_KEPT + 1] = {SERVED_BY(serve), SERVED_BY(bounded),
                                                             SERVED_BY(impatient)};
    int losses = work->impatient ? IMPATIENT : work->bounded ? TURNED_AWAY : NOBODY_LOST;
    int consumers = work->consumers <= LANES_KEPT ? work->consumers : 0;
    for (int part = 0; part * WIDTH < work->lanes; part++)
        serve[losses][consumers](work, n, starts, part);
    if (losses == NOBODY_LOST && !work->scaled)
        memcpy(work->sums.service, work->sums.size, sizeof work->sums.service);
    if (losses == NOBODY_LOST)
        memcpy(work->sums.seen, work->sums.wait, sizeof work->sums.seen);
}

static const struct lanes_kernel NAME(kernel) = {
    .name = KERNEL,
    .width = WIDTH,
    .spread_one = NAME(spread_one),
    .spread_each = NAME(spread_each),
    .accumulate = NAME(accumulate),
    .divide = NAME(divide),
    .serve = NAME(serve),
};

#undef JOIN_
#undef JOIN
#undef NAME
#undef VEC
#undef INLINE
#undef AT
#undef MAX
#undef MAX_BITS
#undef PLUS
#undef MINUS
#undef MIN
#undef SELECT
#undef BUCKET_SHIFT
#undef BUCKET_MOVE
#undef SLOTS
#undef AT_ONCE
#undef SERVE
#undef SERVE_AS
#undef NOBODY_LOST
#undef TURNED_AWAY
#undef IMPATIENT
#undef EITHER
#undef SERVED_BY
#undef BITS
#undef MASK
#undef NO_MASK
#undef LATER
#undef OR_ELSE
#undef WIDTH
#undef VARIANT
#undef HALVES
#undef TARGET
#undef KERNEL
