/*
 * The calendar: what is going to happen, soonest first.
 *
 * An event is one 128-bit number: the bits of its time above those of what it is (times are never
 * negative, so their IEEE 754 bits are in order as integers). What it is: kind, then a sequence
 * number, then an index (of a consumer, say). So comparing two events is comparing two integers,
 * and events of the same time come in order of kind, then in the order in which they were put in.
 *
 * A tree of winners (tournament tree; Knuth, The Art of Computer Programming, volume 3, section
 * 5.4.1): an event has a leaf of its own, by its index, and every node holds the first of its two
 * children. Putting an event in, changing it and taking it out are the same: the path above one
 * leaf is played again. Where that path lies is known before any comparison, and each of those is
 * a conditional move, so that there is nothing to mispredict and the loads do not wait for one
 * another: that is why it beats heaps and a ladder queue (docs/performance.md; `make bench`).
 *
 * Invariants: node[leaves + i] is the event of index i, or CALENDAR_NEVER, which is later than any
 * event; node[i] is the first of node[2 i] and node[2 i + 1]; node[1] is the next event.
 */
#ifndef CALENDAR_H
#define CALENDAR_H

#include <stdint.h>
#include <string.h>

__extension__ typedef unsigned __int128 event;

enum {
    EVENT_INDEX_BITS = 22,
    EVENT_SEQUENCE_BITS = 40,
    EVENT_KIND_BITS = 64 - EVENT_INDEX_BITS - EVENT_SEQUENCE_BITS
};

/* Later than any event. */
#define CALENDAR_NEVER (~(event)0 >> 1)

/* gcc makes conditional moves of a choice between two 128-bit numbers; clang wants to be told. */
#ifdef __clang__
#define EVENT_UNPREDICTABLE(condition) __builtin_unpredictable(condition)
#else
#define EVENT_UNPREDICTABLE(condition) (condition)
#endif

struct calendar {
    event *node;     /* siblings share a cache line */
    uint64_t leaves; /* a power of two: all paths are equally long */
    void *memory;
};

/* For events of the indices 0 .. indices - 1. */
void calendar_init(struct calendar *calendar, uint64_t indices);
void calendar_free(struct calendar *calendar);

/* Times as integers in the same order; time >= 0. */
static inline uint64_t time_bits(double time)
{
    uint64_t bits;
    memcpy(&bits, &time, sizeof bits);
    return bits;
}

static inline event event_make(double time, uint64_t kind, uint64_t sequence, uint64_t index)
{
    uint64_t what = (kind << EVENT_SEQUENCE_BITS | sequence) << EVENT_INDEX_BITS | index;
    return (event)time_bits(time) << 64 | what;
}

static inline uint64_t event_bits(event e)
{
    return (uint64_t)(e >> 64);
}

static inline double event_time(event e)
{
    uint64_t bits = event_bits(e);
    double time;
    memcpy(&time, &bits, sizeof time);
    return time;
}

static inline uint64_t event_kind(event e)
{
    return (uint64_t)e >> (EVENT_SEQUENCE_BITS + EVENT_INDEX_BITS);
}

static inline uint64_t event_index(event e)
{
    return (uint64_t)e & ((1u << EVENT_INDEX_BITS) - 1);
}

/* Without a branch: which one it is cannot be predicted. */
static inline event event_first(event a, event b)
{
    return EVENT_UNPREDICTABLE(a < b) ? a : b;
}

static inline event calendar_top(const struct calendar *calendar)
{
    return calendar->node[1];
}

/* The event of an index; CALENDAR_NEVER: none. */
static inline event calendar_get(const struct calendar *calendar, uint64_t index)
{
    return calendar->node[calendar->leaves + index];
}

static inline event calendar_play(struct calendar *calendar, uint64_t index, event e)
{
    /* By the byte: a sibling and a parent are then a bit and a shift away from an address. */
    enum { NODE = sizeof(event), SIBLING = NODE, ROOT = NODE };
    char *node = (char *)calendar->node;
    uint64_t at = (calendar->leaves + index) * NODE;
    *(event *)(node + at) = e;
    while (at > ROOT) {
        e = event_first(*(const event *)(node + (at ^ SIBLING)), e);
        at = at / 2 & -(uint64_t)NODE;
        *(event *)(node + at) = e;
    }
    return e;
}

/* Puts an event in, in place of the one of the same index, if any; returns the new top. */
static inline event calendar_set(struct calendar *calendar, event e)
{
    return calendar_play(calendar, event_index(e), e);
}

/* Puts an event in where there is none of its index; returns the new top. The way up ends where the
 * event loses, mostly near the leaf; not to mispredict that, three levels are played in any case.
 */
static inline event calendar_add(struct calendar *calendar, event e)
{
    enum { NODE = sizeof(event), SIBLING = NODE, ROOT = NODE, AT_LEAST = 3 };
    char *node = (char *)calendar->node;
    uint64_t at = (calendar->leaves + event_index(e)) * NODE;
    const event mine = e;
    *(event *)(node + at) = e;
    for (int level = 0; at > ROOT && (level < AT_LEAST || e == mine); level++) {
        e = event_first(*(const event *)(node + (at ^ SIBLING)), e);
        at = at / 2 & -(uint64_t)NODE;
        *(event *)(node + at) = e;
    }
    return calendar->node[1];
}

/* Takes the event of an index out; returns the new top. */
static inline event calendar_clear(struct calendar *calendar, uint64_t index)
{
    return calendar_play(calendar, index, CALENDAR_NEVER);
}

#endif
