/*
 * The step of a task, for the lanes of one vector of WIDTH doubles: served, measured and counted
 * (lanes_kernel.h). No include guard: part of lanes_width.h, on top of lanes_vector.h.
 */
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

#include "lanes_many.h"

enum { NAME(SLOTS) = 2 * WIDTH };
#define SLOTS NAME(SLOTS)

INLINE void NAME(count)(uint32_t *counts, const uint32_t *at)
{
    for (int i = 0; i < SLOTS; i++)
        counts[at[i]]++;
}

/* Slots of the tasks before the first: counters that nobody reads, each in a row of its own. */
INLINE void NAME(count_nothing)(uint32_t (*slot)[SLOTS])
{
    for (int i = 0; i < COUNT_BEHIND; i++)
        for (int k = 0; k < SLOTS; k++)
            slot[i][k] = (uint32_t)(k * COUNT_STRIDE + SLOT_NOBODY);
}

/* Where tasks come from, a constant, so that the loop does not ask with every task: arrivals and
 * sizes from rows; arrivals only; none; any of these, with speeds and starts. */
enum { NAME(ROWS), NAME(UNITS), NAME(CHUNK), NAME(ANY), NAME(SOURCES) };
#define SOURCES NAME(SOURCES)

INLINE int NAME(source_of)(const struct lanes_work *work, bool starts)
{
    if (starts || work->scaled || (work->rows.size && !work->rows.unit))
        return NAME(ANY);
    return !work->rows.unit ? NAME(CHUNK) : work->rows.size ? NAME(ROWS) : NAME(UNITS);
}

/* The tasks of a part. */
struct NAME(tasks) {
    struct lanes_chunk *chunk;
    struct lanes_rows rows;
    VEC now, by;
    bool units, sizes; /* from rows */
    bool scaled;
};
struct NAME(task) {
    VEC arrival, size, service;
};

INLINE struct NAME(tasks) NAME(tasks_of)(struct lanes_work *work, int part, int source)
{
    const bool any = source == NAME(ANY);
    struct NAME(tasks) t = {.chunk = &work->chunk, .rows = work->rows};
    t.units = any ? t.rows.unit != NULL : source != NAME(CHUNK);
    t.sizes = any ? t.rows.size != NULL : source == NAME(ROWS);
    t.scaled = any && work->scaled;
    if (t.units) {
        t.now = AT(t.rows.time);
        t.by = AT(t.rows.factor);
    }
    return t;
}

INLINE struct NAME(task) NAME(task)(struct NAME(tasks) * t, size_t i, int part)
{
    struct NAME(task) task;
    if (t->units)
        task.arrival = t->now += t->by * t->rows.unit[i];
    else
        task.arrival = AT(t->chunk->arrival[i]);
    if (t->sizes)
        task.size = t->rows.size[i] - (VEC){0};
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
                             int losses, int source)
{
    const bool lose = losses != NOBODY_LOST;
    starts = starts && source == NAME(ANY);
    LANES_ALIGNED uint32_t slot[COUNT_BEHIND + LANES_CHUNK][SLOTS];
    uint32_t *counts = &work->counts[0][0];
    struct NAME(sums) s = NAME(read)(&work->sums, part);
    struct NAME(tasks) tasks = NAME(tasks_of)(work, part, source);
    struct NAME(buffers) buffers = NAME(buffers_of)(&work->places, part);
    struct NAME(consumers) c;
    c.free = work->free;
    c.n = work->consumers;
    for (int k = 0; k < kept; k++)
        c.ready[k] = AT(c.free[k]);
    if (!kept && !lose)
        NAME(serve_many)(work, n, part, c.firsts);
    NAME(count_nothing)(slot);
    for (size_t i = 0; i < n; i++) {
        NAME(count)(counts, slot[i]);
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
        NAME(counters)(wait, latency, lose, lost, part, slot[COUNT_BEHIND + i]);
    }
    for (size_t i = n; i < n + COUNT_BEHIND; i++)
        NAME(count)(counts, slot[i]);
    for (int k = 0; k < kept; k++)
        AT(c.free[k]) = c.ready[k];
    if (lose)
        *(BITS *)&work->places.next[part * WIDTH] = buffers.next;
    if (tasks.units)
        AT(work->rows.time) = tasks.now;
    NAME(write)(&s, &work->sums, part);
}
