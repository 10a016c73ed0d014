/* The pace of a station's consumers (station.h: station_pace): services under way are done sooner
 * or later, and while consumers stand still nobody begins anything. */
#include <math.h>
#include <stdlib.h>

#include "../base/err.h"
#include "station.h"
#include "station_rules.h"

/* Whether a consumer of its own is at work: it has a task, and neither keeps it nor waits to begin.
 */
static bool works(const struct events *e, uint64_t consumer)
{
    if (e->preemption)
        return preempt_works(e, consumer);
    return (e->services[consumer].label & (SERVICE_BUSY | SERVICE_KEPT | SERVICE_ASKS)) ==
           SERVICE_BUSY;
}

static void stand_still(struct events *e)
{
    for (uint64_t i = 0; i < e->consumers; i++) {
        e->stands[i] = works(e, i) ? calendar_get(&e->calendar, i) : CALENDAR_NEVER;
        calendar_clear(&e->calendar, i);
    }
    e->stood = e->clock;
    e->standing = true;
    if (e->capacity == 0)
        e->filled = e->clock; /* there is no place from now on */
    e->away = e->idle;
    e->idle = 0;
}

/* A service under way goes on at another pace: one that ties with others keeps its place. */
static void repace(struct events *e, uint64_t consumer, event was, double since, double slower)
{
    double done = e->clock + (event_time(was) - since) * slower;
    event low = was & (((event)1 << 64) - 1);
    if (e->preemption)
        preempt_repace(e, consumer, done, 1 / slower);
    else
        e->services[consumer].service = done - e->services[consumer].start;
    calendar_set(&e->calendar, (event)time_bits(done) << 64 | low);
}

/* Those at work do what is left, so many times as slow as before. */
static void go_on(struct events *e, double slower)
{
    for (uint64_t i = 0; i < e->consumers; i++) {
        event was = e->standing ? e->stands[i] : calendar_get(&e->calendar, i);
        if (!e->preemption && e->services[i].label & SERVICE_ASKS)
            e->services[i].service *= slower;
        else if (works(e, i))
            repace(e, i, was, e->standing ? e->stood : e->clock, slower);
    }
}

/* The same of consumers that several stations have. */
static void take_all_of_crew(struct events *staff)
{
    const enum shape shape = SHAPE_STATION;
    for (uint32_t i = 0; i < staff->crew->n; i++)
        move_to(staff->crew->members[i], staff->clock, shape, false);
    struct events *next;
    while (staff->idle > 0 && (next = crew_next(staff->crew))) {
        uint32_t consumer = staff->idlers[--staff->idle];
        calendar_set(&staff->calendar, serve(next, buffer_pop(next, shape), consumer, shape));
    }
    for (uint32_t i = 0; i < staff->crew->n; i++) {
        struct events *e = staff->crew->members[i];
        if (outside_count(e, shape) > 0)
            call_in(e, shape);
        keep_watch(e, shape);
    }
}

/* All that were away take the tasks that wait, and those outside come in. */
INLINE void take_all(struct events *e, enum shape shape)
{
    e->standing = false;
    e->idle = e->away;
    e->away = 0;
    if (is_preemptive(shape))
        preempt_go_on(e);
    if (e->crew) {
        take_all_of_crew(e);
        return;
    }
    while (!is_preemptive(shape) && e->idle > 0 && e->waiting > 0)
        take_next(e, e->idlers[--e->idle], shape);
    if (outside_count(e, shape) > 0)
        call_in(e, shape);
    keep_watch(e, shape);
}

/* The speed of all that its consumers serve. */
static void set_speed(struct events *e, double turned)
{
    for (uint32_t i = 0; e->crew && i < e->crew->n; i++) {
        e->crew->members[i]->turned = turned;
        e->crew->members[i]->speed = e->crew->members[i]->own_speed * turned;
    }
    e->turned = turned;
    e->speed = e->own_speed * turned;
}

INLINE void pace_of(struct events *e, double pace, enum shape shape)
{
    if (is_shared(shape)) {
        e->now = e->clock;
        e->turned = pace;
        share_adopt(e, e->own_speed * pace);
        return;
    }
    if (!e->stands)
        e->stands = xcalloc(e->consumers + 1, sizeof *e->stands);
    if (pace == 0) {
        if (!e->standing)
            stand_still(e);
        return;
    }
    bool stood = e->standing;
    go_on(e, e->turned / pace);
    set_speed(e, pace);
    if (stood)
        take_all(e, shape);
}

void station_pace(struct events *e, double now, double pace)
{
#define PACE(shape)                                                                                \
    case shape:                                                                                    \
        move_to(e, now, shape, false);                                                             \
        pace_of(e, pace, shape);                                                                   \
        return;
    switch ((unsigned)e->shape) {
        STATIONS(PACE)
    }
}
