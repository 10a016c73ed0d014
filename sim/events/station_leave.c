/* Visits that leave a station before their time, and places that are reserved for visits to come.
 */
#include <math.h>

#include "station.h"
#include "station_rules.h"

/* The slot of a visit in a room; NO_SLOT: it is not there. */
static uint32_t slot_of(const struct waiting_room *room, uint32_t visit)
{
    uint32_t slot = room->oldest;
    while (slot != (uint32_t)NO_SLOT && room->slots[slot].task.client != visit)
        slot = room->slots[slot].newer;
    return slot;
}

/* Takes a visit out of the line outside. */
INLINE bool leave_outside(struct events *e, uint32_t visit, struct task *task, enum shape shape)
{
    if (outside_count(e, shape) == 0)
        return false;
    struct impatience *i = impatience_of(e, shape);
    if (i) {
        uint32_t slot = slot_of(&i->line, visit);
        if (slot == (uint32_t)NO_SLOT)
            return false;
        deadlines_remove(&i->outside, slot);
        *task = slot_leave(&i->line, slot);
    } else {
        struct ring *r = &e->outside;
        uint64_t at = r->head;
        while (at < r->tail && r->tasks[at & r->mask].client != visit)
            at++;
        if (at == r->tail)
            return false;
        *task = r->tasks[at & r->mask];
        if (at - r->head < r->tail - at) { /* whoever gives up has mostly waited longest */
            for (; at > r->head; at--)
                r->tasks[at & r->mask] = r->tasks[(at - 1) & r->mask];
            r->head++;
        } else {
            for (r->tail--; at < r->tail; at++)
                r->tasks[at & r->mask] = r->tasks[(at + 1) & r->mask];
        }
    }
    if (ring_count(&e->resumptions) > outside_count(e, shape)) {
        e->resumptions.tail--;
        if (ring_count(&e->resumptions) == 0)
            schedule_resumption(e, shape);
    }
    return true;
}

/* Takes a visit that waits or is served out, of the shapes with a room of all that are inside. How
 * long it has waited; NAN: it is not there. */
INLINE double leave_inside(struct events *e, uint32_t visit, enum shape shape)
{
    uint32_t slot = slot_of(e->room, visit);
    if (slot == (uint32_t)NO_SLOT)
        return is_staffed(shape) ? staff_withdraw_returned(e, visit) : NAN;
    left_inside(e, visit, shape);
    if (is_shared(shape)) {
        double wait = e->sharing.waits[slot];
        share_withdraw(e, slot, shape);
        return wait;
    }
    if (is_preemptive(shape) && preempt_serves(e, slot))
        return preempt_withdraw(e, slot);
    struct task task = is_preemptive(shape) ? preempt_leave(e, slot) : buffer_leave(e, slot, shape);
    if (!is_preemptive(shape)) {
        count_buffered(e, &task, -1, shape);
        e->waiting--;
        e->arrivals -= task.arrival;
    }
    e->sojourn_sum += e->clock - task.arrival;
    e->lost++;
    return e->clock - task.arrival;
}

/* The same of one that waits outside. */
INLINE double withdraw_outside(struct events *e, uint32_t visit, enum shape shape)
{
    struct task task;
    if (!leave_outside(e, visit, &task, shape))
        return NAN;
    if (task.label & TASK_BLOCKED) {
        e->blocked--;
        return 0;
    }
    e->arrivals -= task.arrival;
    e->sojourn_sum += e->clock - task.arrival;
    e->lost++;
    return e->clock - task.arrival;
}

/* Whether a consumer is at a visit. */
static bool serves(const struct events *e, uint32_t consumer, uint32_t visit)
{
    const struct service *s = &e->staff->services[consumer];
    bool busy = (s->label & (SERVICE_BUSY | SERVICE_KEPT)) == SERVICE_BUSY;
    return (busy || (is_staffed(e->shape) && s->label & SERVICE_ASKS)) && s->client == visit;
}

INLINE double withdraw(struct events *e, double now, uint32_t visit, enum shape shape)
{
    move_to(e, now, shape, false);
    double wait = withdraw_outside(e, visit, shape);
    if (isnan(wait) && e->room)
        wait = leave_inside(e, visit, shape);
    if (!isnan(wait) && outside_count(e, shape) > 0)
        call_in(e, shape);
    keep_watch(e, shape);
    if (isnan(wait) && is_batched(shape))
        return batch_withdraw(e, now, visit);
    for (uint32_t i = 0; isnan(wait) && !e->preemption && i < e->staff->consumers; i++)
        if (serves(e, i, visit)) {
            wait = e->staff->services[i].wait;
            if (is_staffed(shape))
                staff_withdraw(e, now, visit);
            else
                release(e, now, i, true, shape);
        }
    return wait;
}

bool station_serves(const struct events *e, uint32_t visit)
{
    if (is_batched(e->shape))
        return batch_serves(e, visit);
    if (e->preemption || is_shared(e->shape)) {
        uint32_t slot = slot_of(e->room, visit);
        return slot != (uint32_t)NO_SLOT && (!e->preemption || preempt_serves(e, slot));
    }
    for (uint32_t i = 0; i < e->staff->consumers; i++)
        if (serves(e, i, visit))
            return true;
    return false;
}

double station_withdraw(struct events *e, double now, uint32_t visit)
{
#define WITHDRAW(shape)                                                                            \
    case shape:                                                                                    \
        return withdraw(e, now, visit, shape);
    switch ((unsigned)e->shape) {
        STATIONS(WITHDRAW)
    }
    return NAN;
}

static double left_of_services(const struct events *e, double now, uint32_t visit)
{
    const struct events *staff = e->staff;
    for (uint32_t i = 0; i < staff->consumers; i++) {
        const struct service *s = &staff->services[i];
        if ((s->label & (SERVICE_BUSY | SERVICE_KEPT)) != SERVICE_BUSY || s->client != visit)
            continue;
        if (s->label & SERVICE_ASKS)
            return s->service * e->speed;
        return events_left(staff, i, now) * e->speed;
    }
    return NAN;
}

double station_left(const struct events *e, double now, uint32_t visit)
{
    uint32_t slot = e->room ? slot_of(e->room, visit) : (uint32_t)NO_SLOT;
    if (slot != (uint32_t)NO_SLOT && is_shared(e->shape))
        return (heap_key(&e->room->heap, slot) - e->sharing.given -
                (now - e->sharing.since) * e->sharing.share * e->speed) *
               share_weight(e, &e->room->slots[slot].task, SHAPE_STATION_SHARE);
    if (slot != (uint32_t)NO_SLOT && is_preemptive(e->shape) && preempt_serves(e, slot))
        return preempt_left(e, slot, now);
    if (slot != (uint32_t)NO_SLOT)
        return e->room->slots[slot].task.size;
    if (is_staffed(e->shape))
        return staff_left(e, now, visit);
    if (is_batched(e->shape))
        return batch_left(e, now, visit);
    return e->preemption ? NAN : left_of_services(e, now, visit);
}

INLINE bool reserve(struct events *e, double now, uint32_t visit, enum shape shape)
{
    move_to(e, now, shape, false);
    if (outside_count(e, shape) == 0 && places_left(e) > 0) {
        e->reserved++;
        return true;
    }
    struct waiter w = {{.label = TASK_RESERVES, .client = visit}, INFINITY};
    uint64_t reserved = e->reserved;
    block(e, w, INFINITY, shape);
    keep_watch(e, shape);
    return e->reserved > reserved;
}

INLINE void come_reserved(struct events *e, double now, struct waiter w, enum shape shape)
{
    move_to(e, now, shape, false);
    e->reserved--;
    e->arrived++;
    e->seen += inside_count(e, shape);
    if (staff_of(e, shape)->idle > 0)
        serve_idle(e, w, shape);
    else
        buffer_push(e, w, shape);
    keep_watch(e, shape);
}

INLINE void give_up(struct events *e, double now, enum shape shape)
{
    move_to(e, now, shape, false);
    e->reserved--;
    if (outside_count(e, shape) > 0)
        call_in(e, shape);
    keep_watch(e, shape);
}

void station_give_up(struct events *e, double now)
{
#define GIVE_UP(shape)                                                                             \
    case shape:                                                                                    \
        give_up(e, now, shape);                                                                    \
        return;
    switch ((unsigned)e->shape) {
        STATIONS(GIVE_UP)
    }
}

bool station_reserve(struct events *e, double now, uint32_t visit)
{
#define RESERVE(shape)                                                                             \
    case shape:                                                                                    \
        return reserve(e, now, visit, shape);
    switch ((unsigned)e->shape) {
        STATIONS(RESERVE)
    }
    return false;
}

void station_come(struct events *e, double now, uint32_t visit, uint32_t class, double size,
                  double patience)
{
    struct waiter w = {
        {.arrival = now, .size = size, .tag = class, .client = visit, .label = deadline_order(e)},
        now + patience};
#define COME(shape)                                                                                \
    case shape:                                                                                    \
        come_reserved(e, now, w, shape);                                                           \
        return;
    switch ((unsigned)e->shape) {
        STATIONS(COME)
    }
}

void station_refuse(struct events *e, double now, uint32_t visit, enum loss why)
{
    station_pass(e, now);
    e->arrived++;
    e->seen += inside_count(e, e->shape);
    e->lost++;
    agenda_lost(e->agenda, e->number, visit, why);
}

void station_start(struct events *e, double now, uint32_t consumer)
{
    station_pass(e, now);
    struct service *s = &e->staff->services[consumer];
    s->wait += now - s->start;
    s->start = now;
    e->kept -= (s->label & SERVICE_KEPT) != 0;
    s->label &= ~(uint32_t)(SERVICE_KEPT | SERVICE_ASKS);
    event done = event_make(now + s->service, EVENT_COMPLETION, e->agenda->sequence++, consumer);
    if (e->staff->standing)
        station_stand(e->staff, now, consumer, done);
    else
        calendar_set(&e->staff->calendar, done);
}
