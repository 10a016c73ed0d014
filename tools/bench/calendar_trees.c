/*
 * Trees of winners (tournament trees; Knuth, The Art of Computer Programming, volume 3, section
 * 5.4.1): every event has a leaf of its own, its index, and every node holds the first of its
 * children. Only the path above a changed leaf is played again, its places known beforehand: no
 * comparison decides where the next one is, so nothing waits for memory or mispredicts.
 */
#include <stdlib.h>

#include "calendars.h"

/* Two children to a node: the engine's. */
struct tree2 {
    struct calendar calendar;
};

static void tree2_init(struct tree2 *q, uint64_t size)
{
    calendar_init(&q->calendar, size);
}

static void tree2_free(struct tree2 *q)
{
    calendar_free(&q->calendar);
}

static inline void tree2_push(struct tree2 *q, event e)
{
    calendar_set(&q->calendar, e);
}

static inline event tree2_top(const struct tree2 *q)
{
    return calendar_top(&q->calendar);
}

static inline void tree2_replace(struct tree2 *q, event e)
{
    calendar_set(&q->calendar, e);
}

HOLD(tree2)

/* Four children to a node, one cache line: level by level, the leaves first. */
struct tree4 {
    event *level[13]; /* groups of four; the root is level[levels - 1][0] */
    int levels;
    void *memory;
};

static void tree4_init(struct tree4 *q, uint64_t size)
{
    uint64_t nodes = 4, total = 0, n;
    for (n = (size + 3) / 4 * 4; n > 4; n = (n / 4 + 3) / 4 * 4)
        nodes += n;
    event *at = q->memory = bench_lines((nodes + 4) * sizeof(event));
    for (uint64_t i = 0; i < nodes + 4; i++)
        at[i] = CALENDAR_NEVER;
    q->levels = 0;
    for (n = (size + 3) / 4 * 4; n > 4; n = (n / 4 + 3) / 4 * 4) {
        q->level[q->levels++] = at + total;
        total += n;
    }
    q->level[q->levels++] = at + total;
    q->level[q->levels++] = at + total + 4;
}

static void tree4_free(struct tree4 *q)
{
    free(q->memory);
}

/* The three that did not change are compared first: only one comparison a level waits for the
 * level below. */
static inline void tree4_push(struct tree4 *q, event e)
{
    uint64_t i = event_index(e);
    int level = 0;
    for (; level < q->levels - 1; level++) {
        event *four = &q->level[level][i & ~(uint64_t)3];
        event a = four[(i & 3) ^ 1], b = four[(i & 3) ^ 2], c = four[(i & 3) ^ 3];
        four[i & 3] = e;
        e = event_first(event_first(a, event_first(b, c)), e);
        i /= 4;
    }
    q->level[level][0] = e;
}

static inline event tree4_top(const struct tree4 *q)
{
    return q->level[q->levels - 1][0];
}

static inline void tree4_replace(struct tree4 *q, event e)
{
    tree4_push(q, e);
}

HOLD(tree4)

const struct contestant contest_trees[] = {
    {"winners, 2-ary", tree2_hold, UINT64_MAX},
    {"winners, 4-ary", tree4_hold, UINT64_MAX},
    {0},
};
