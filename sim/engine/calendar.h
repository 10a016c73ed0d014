/*
 * The calendar: what is going to happen, soonest first.
 *
 * An event is one 128-bit number: the bits of its time above those of what it is (times are never
 * negative, so their IEEE 754 bits are in order as integers). What it is: kind, then a sequence
 * number, then an index (of a consumer, say). So comparing two events is comparing two integers,
 * and events of the same time come in order of kind, then in the order in which they were put in.
 *
 * An implicit heap with four children to a node (Johnson 1975; LaMarca and Ladner, "The influence
 * of caches on the performance of heaps", 1996: the children of a node share a cache line). Taking
 * the top out moves a gap down to a leaf and lets the event that fills it rise from there
 * (Wegener's bottom-up heapsort, 1993): the new event is nearly always a late one.
 *
 * Invariants: at[0 .. n - 1] is a heap; behind it everything, up to the next whole group of four,
 * is CALENDAR_NEVER, which is later than any event, so the empty calendar has a top too.
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

/* Later than any event; and all events are below 2^127, so that the sign of a difference tells
 * which of two comes first. */
#define CALENDAR_NEVER (~(event)0 >> 1)

struct calendar {
    event *at; /* at[1] is on a cache line of its own with at[2 .. 4], and so on */
    uint64_t n, capacity;
    void *memory;
};

void calendar_init(struct calendar *calendar);
void calendar_free(struct calendar *calendar);
void calendar_grow(struct calendar *calendar);

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

/* 1 if a comes before b, else 0, without a branch: which one does cannot be predicted. */
static inline uint64_t event_before(event a, event b)
{
    return (uint64_t)((a - b) >> 127);
}

static inline event calendar_top(const struct calendar *calendar)
{
    return calendar->at[0];
}

static inline void calendar_rise(struct calendar *calendar, uint64_t at, event e)
{
    while (at > 0) {
        uint64_t parent = (at - 1) / 4;
        if (calendar->at[parent] <= e)
            break;
        calendar->at[at] = calendar->at[parent];
        at = parent;
    }
    calendar->at[at] = e;
}

static inline void calendar_push(struct calendar *calendar, event e)
{
    if (__builtin_expect(calendar->n == calendar->capacity, 0)) {
        struct calendar larger = *calendar; /* so that a caller's copy may live in registers */
        calendar_grow(&larger);
        *calendar = larger;
    }
    calendar_rise(calendar, calendar->n++, e);
}

/* Puts an event in the place of the top; returns the new top. */
static inline event calendar_replace(struct calendar *calendar, event e)
{
    uint64_t at = 0, child;
    if (calendar->n == 1)
        return calendar->at[0] = e;
    for (; (child = 4 * at + 1) < calendar->n; at = child) {
        const event *four = &calendar->at[child];
        uint64_t a = event_before(four[1], four[0]), b = 2 + event_before(four[3], four[2]);
        child += a ^ ((a ^ b) & -event_before(four[b], four[a]));
        calendar->at[at] = calendar->at[child];
    }
    calendar_rise(calendar, at, e);
    return calendar->at[0];
}

/* Takes the top out; returns the new one. */
static inline event calendar_pop(struct calendar *calendar)
{
    event last = calendar->at[--calendar->n];
    calendar->at[calendar->n] = CALENDAR_NEVER;
    return calendar->n > 0 ? calendar_replace(calendar, last) : CALENDAR_NEVER;
}

#endif
