/* A station that falls over, and comes back (station.h: station_crash, station_restart). */
#include <math.h>

#include "station.h"
#include "station_rules.h"

/* Whoever waits outside and is held by no other station is lost; calls lapse. */
INLINE void clear_outside(struct events *e, enum shape shape)
{
    struct impatience *i = impatience_of(e, shape);
    if (outside_count(e, shape) == 0)
        return;
    if (i) {
        for (uint32_t slot = i->line.oldest, next; slot != (uint32_t)NO_SLOT; slot = next) {
            next = i->line.slots[slot].newer;
            if (i->line.slots[slot].task.label & TASK_BLOCKED)
                continue;
            deadlines_remove(&i->outside, slot);
            struct task task = slot_leave(&i->line, slot);
            e->arrivals -= task.arrival;
            e->sojourn_sum += e->clock - task.arrival;
            e->lost++;
        }
        return;
    }
    struct ring *r = &e->outside;
    uint64_t kept = r->head;
    for (uint64_t at = r->head; at < r->tail; at++) {
        const struct task task = r->tasks[at & r->mask];
        if (task.label & TASK_BLOCKED) {
            r->tasks[kept++ & r->mask] = task;
            continue;
        }
        e->arrivals -= task.arrival;
        e->sojourn_sum += e->clock - task.arrival;
        e->lost++;
    }
    r->tail = kept;
}

/* Everything in the buffer is lost, and all that is in service and not kept. */
INLINE void clear_inside(struct events *e, enum shape shape)
{
    while (is_shared(shape) && e->room->n > 0) {
        left_inside(e, e->room->slots[e->room->oldest].task.client, shape);
        share_withdraw(e, e->room->oldest, shape);
    }
    while (!is_shared(shape) && e->waiting > 0) {
        struct task task = buffer_pop_oldest(e, shape);
        left_inside(e, task.client, shape);
        e->sojourn_sum += e->clock - task.arrival;
        e->lost++;
    }
    if (is_preemptive(shape))
        preempt_clear(e);
    for (uint32_t i = 0; !is_preemptive(shape) && !is_shared(shape) && i < e->staff->consumers;
         i++) {
        uint32_t label = e->staff->services[i].label;
        if ((label & (SERVICE_BUSY | SERVICE_KEPT)) == SERVICE_BUSY &&
            label >> SERVICE_STATION == e->number)
            release(e, e->clock, i, true, shape);
    }
}

bool station_is_full(const struct events *e)
{
    return e->max_bytes < INFINITY &&
           (e->buffered >= e->max_bytes || outside_count(e, e->shape) > 0);
}

INLINE void crash(struct events *e, double now, bool keeps, enum shape shape)
{
    move_to(e, now, shape, false);
    e->down = true;
    if (ring_count(&e->resumptions) > 0) {
        e->resumptions.tail = e->resumptions.head;
        schedule_resumption(e, shape);
    }
    if (!keeps) {
        clear_outside(e, shape);
        clear_inside(e, shape);
    }
    keep_watch(e, shape);
}

void station_crash(struct events *e, double now, bool keeps)
{
    if (e->staff == e)
        station_pace(e, now, 0);
#define CRASH(shape)                                                                               \
    case shape:                                                                                    \
        crash(e, now, keeps, shape);                                                               \
        return;
    switch ((unsigned)e->shape) {
        STATIONS(CRASH)
    }
}

/* The number of a task that goes before all that wait for the same consumers. */
static uint32_t number_before(const struct events *e)
{
    const struct crew *crew = e->staff->crew;
    uint32_t first = crew ? crew->number + CLASS_MASK + 1 : e->room->number;
    for (uint32_t i = 0; i < (crew ? crew->n : 1); i++) {
        const struct waiting_room *room = crew ? crew->members[i]->room : e->room;
        uint32_t tag = room->oldest == (uint32_t)NO_SLOT
                           ? first
                           : room->slots[room->oldest].task.tag & ~(uint32_t)CLASS_MASK;
        first = (int32_t)(tag - first) < 0 ? tag : first;
    }
    return first - (CLASS_MASK + 1);
}

static void room_push_first(struct events *e, struct task task)
{
    struct waiting_room *room = e->room;
    uint32_t slot = slot_take(room);
    task.tag = task_class(&task) | number_before(e);
    room->slots[slot].task = task;
    room->slots[slot].older = (uint32_t)NO_SLOT;
    room->slots[slot].newer = room->oldest;
    if (room->oldest != (uint32_t)NO_SLOT)
        room->slots[room->oldest].older = slot;
    else
        room->newest = slot;
    room->oldest = slot;
    room->deadline = INFINITY; /* its patience was over when it was taken */
    room_wait(room, slot);
}

static void ring_push_first(struct ring *ring, struct task task)
{
    ring_push(ring, task); /* so that there is room */
    ring->tail--;
    ring->tasks[--ring->head & ring->mask] = task;
}

INLINE void put_back(struct events *e, uint32_t consumer, struct task task, enum shape shape)
{
    struct service *s = &e->staff->services[consumer];
    bool held = (s->label & SERVICE_KEPT) != 0;
    e->kept -= held;
    e->serving--;
    e->service_sum += held ? s->service : e->clock - s->start;
    take_next(e, consumer, shape); /* it stands still */
    if (in_ring(shape)) {
        ring_push_first(&e->ring, task);
    } else {
        room_push_first(e, task);
        if (e->impatience)
            deadlines_add(&e->impatience->inside, e->room->oldest, INFINITY);
    }
    e->waiting++;
    e->arrivals += task.arrival;
    count_buffered(e, &task, 1, shape);
}

void station_put_back(struct events *e, double now, uint32_t consumer, uint32_t class, double size,
                      double arrival)
{
    const struct task task = {.arrival = arrival,
                              .size = size,
                              .tag = class,
                              .client = e->staff->services[consumer].client};
    station_pass(e, now);
    if (e->shape == SHAPE_STATION_RING)
        put_back(e, consumer, task, SHAPE_STATION_RING);
    else
        put_back(e, consumer, task, SHAPE_STATION);
}

INLINE void restart(struct events *e, double now, enum shape shape)
{
    move_to(e, now, shape, false);
    e->filled = now; /* if it is full, it is from now on */
    if (outside_count(e, shape) > 0)
        call_in(e, shape);
    keep_watch(e, shape);
}

void station_restart(struct events *e, double now, double pace)
{
    for (uint32_t i = 0; e->crew && i < e->crew->n; i++)
        e->crew->members[i]->down = false;
    e->down = false;
    if (pace > 0)
        station_pace(e, now, pace);
#define RESTART(shape)                                                                             \
    case shape:                                                                                    \
        restart(e, now, shape);                                                                    \
        return;
    switch ((unsigned)e->shape) {
        STATIONS(RESTART)
    }
}
