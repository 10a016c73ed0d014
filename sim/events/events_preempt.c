#include "events_preempt.h"

#include <math.h>
#include <stdlib.h>

#include "events.h"
#include "station.h"

/* What a consumer is at. */
struct turn {
    double start, speed;
    uint32_t slot;
};

/* What the room does not keep of a task inside. */
struct progress {
    double wait;  /* to its first start; NAN: not yet */
    bool serving; /* it does not wait */
};

struct preemption {
    struct turn *turns;        /* by consumer */
    struct progress *progress; /* by slot */
    uint32_t slots;            /* of progress */
    uint64_t leaves;           /* a power of two */
    uint32_t *last; /* last[leaves + i]: consumer i while busy, else IDLE; last[i]: of the children
                       last[2 i] and last[2 i + 1] the one whose task goes last */
};

static const uint32_t IDLE = UINT32_MAX;

struct preemption *preemption_new(uint64_t consumers)
{
    struct preemption *p = xcalloc(1, sizeof *p);
    p->turns = xcalloc(consumers, sizeof *p->turns);
    for (p->leaves = 1; p->leaves < consumers;)
        p->leaves *= 2;
    p->last = xmalloc(2 * p->leaves * sizeof *p->last);
    for (uint64_t i = 0; i < 2 * p->leaves; i++)
        p->last[i] = IDLE;
    return p;
}

void preemption_free(struct preemption *p)
{
    if (!p)
        return;
    free(p->turns);
    free(p->progress);
    free(p->last);
    free(p);
}

/* A consumer has another task, or none: the path above its leaf is played again. */
static void play(struct events *e, uint64_t consumer, bool busy)
{
    struct preemption *p = e->preemption;
    uint64_t i = p->leaves + consumer;
    p->last[i] = busy ? (uint32_t)consumer : IDLE;
    for (; i > 1; i /= 2) {
        uint32_t a = p->last[i], b = p->last[i ^ 1];
        bool first =
            b == IDLE ||
            (a != IDLE && e->room->discipline->before(e->room, p->turns[b].slot, p->turns[a].slot));
        p->last[i / 2] = first ? a : b;
    }
}

/* When a task would be done if it were begun, or resumed, now. */
static double done_at(const struct events *e, const struct task *task)
{
    return e->clock + (e->speed == 1 ? task->size : task->size / e->speed);
}

static void begin(struct events *e, uint32_t slot, uint64_t consumer)
{
    struct preemption *p = e->preemption;
    struct task *task = &e->room->slots[slot].task;
    struct progress *progress = &p->progress[slot];
    if (isnan(progress->wait)) {
        progress->wait = e->clock - task->arrival;
        if (e->impatience)
            deadlines_remove(&e->impatience->inside, slot);
    }
    progress->serving = true;
    task->size = done_at(e, task);
    p->turns[consumer] = (struct turn){.start = e->clock, .speed = e->speed, .slot = slot};
    uint64_t sequence = e->agenda ? e->agenda->sequence++ : e->sequence++;
    calendar_set(&e->calendar, event_make(task->size, EVENT_COMPLETION, sequence, consumer));
    play(e, consumer, true);
}

static void wait_for_turn(struct events *e, uint32_t slot)
{
    e->preemption->progress[slot].serving = false;
    room_wait(e->room, slot);
    e->waiting++;
    e->arrivals += e->room->slots[slot].task.arrival;
}

static void interrupt(struct events *e, uint64_t consumer)
{
    const struct turn *turn = &e->preemption->turns[consumer];
    struct task *task = &e->room->slots[turn->slot].task;
    task->size = (task->size - e->clock) * turn->speed;
    e->service_sum += e->clock - turn->start;
    wait_for_turn(e, turn->slot);
}

static uint32_t enter(struct events *e, struct task task)
{
    struct preemption *p = e->preemption;
    uint32_t slot = room_enter(e->room, task);
    if (p->slots < e->room->capacity) {
        p->slots = e->room->capacity;
        p->progress = xrealloc(p->progress, p->slots * sizeof *p->progress);
    }
    p->progress[slot] = (struct progress){.wait = NAN};
    return slot;
}

/* Whether the task in a slot, if it were begun now, goes before one that is in service. */
static bool goes_before(struct events *e, uint32_t slot, uint32_t served)
{
    struct task *task = &e->room->slots[slot].task;
    const double size = task->size;
    task->size = done_at(e, task);
    bool first = e->room->discipline->before(e->room, slot, served);
    task->size = size;
    return first;
}

void preempt_enter(struct events *e, struct task task, double deadline)
{
    struct preemption *p = e->preemption;
    uint32_t slot = enter(e, task), last = p->last[1];
    if (e->impatience)
        deadlines_add(&e->impatience->inside, slot, deadline);
    if (e->idle > 0) {
        begin(e, slot, e->idlers[--e->idle]);
        return;
    }
    if (last == IDLE || e->standing) { /* what they have served keeps all of them */
        wait_for_turn(e, slot);
        return;
    }
    if (!goes_before(e, slot, p->turns[last].slot)) {
        wait_for_turn(e, slot);
        return;
    }
    interrupt(e, last);
    begin(e, slot, last);
}

static uint32_t next_slot(struct events *e)
{
    uint32_t slot = room_pick(e->room);
    room_serve(e->room, slot);
    e->waiting--;
    e->arrivals -= e->room->slots[slot].task.arrival;
    return slot;
}

/* A consumer of a station is free. */
static void take_next(struct events *e, uint64_t consumer)
{
    if (e->standing) {
        e->stands[consumer] = CALENDAR_NEVER;
        e->idlers[e->away++] = (uint32_t)consumer;
    } else if (e->waiting > 0)
        begin(e, next_slot(e), consumer);
    else
        e->idlers[e->idle++] = (uint32_t)consumer;
}

bool preempt_works(const struct events *e, uint64_t consumer)
{
    return e->preemption->last[e->preemption->leaves + consumer] != IDLE;
}

void preempt_repace(struct events *e, uint64_t consumer, double done, double faster)
{
    struct turn *turn = &e->preemption->turns[consumer];
    e->room->slots[turn->slot].task.size = done;
    turn->speed *= faster;
}

void preempt_go_on(struct events *e)
{
    const struct preemption *p = e->preemption;
    while (e->waiting > 0 && e->idle > 0)
        begin(e, next_slot(e), e->idlers[--e->idle]);
    while (e->waiting > 0 && p->last[1] != IDLE) {
        uint32_t last = p->last[1];
        if (!goes_before(e, room_pick(e->room), p->turns[last].slot))
            return;
        uint32_t slot = next_slot(e);
        interrupt(e, last);
        begin(e, slot, last);
    }
}

/* The task of a consumer is done, and gives up its slot. */
static struct task leave(struct events *e, uint64_t consumer, double *wait)
{
    const struct turn *turn = &e->preemption->turns[consumer];
    *wait = e->preemption->progress[turn->slot].wait;
    e->service_sum += e->clock - turn->start;
    return room_leave(e->room, turn->slot);
}

/* `start` of the service that a consumer keeps is the arrival of its task. */
void preempt_served(struct events *e, uint64_t consumer)
{
    struct service *s = &e->services[consumer];
    struct task task = leave(e, consumer, &s->wait);
    s->start = task.arrival;
    s->service = 0;
    s->client = task.client;
    s->label = SERVICE_BUSY | e->number << SERVICE_STATION;
    calendar_clear(&e->calendar, consumer);
    play(e, consumer, false);
    agenda_served(e->agenda, e->number, task.client, (uint32_t)consumer, s->wait);
}

void preempt_release(struct events *e, uint64_t consumer, bool lost)
{
    struct service *s = &e->services[consumer];
    e->kept -= (s->label & SERVICE_KEPT) != 0;
    s->label = 0;
    e->completed += !lost;
    e->lost += lost;
    e->sojourn_sum += e->clock - s->start;
    take_next(e, consumer);
}

uint32_t preempt_complete(struct events *e, uint64_t consumer)
{
    double wait;
    struct task task = leave(e, consumer, &wait);
    double latency = e->clock - task.arrival;
    e->completed++;
    e->sojourn_sum += latency;
    recorder_start(e->recorder, task.label, latency);
    recorder_complete(e->recorder, task.label, wait, latency);
    if (e->waiting > 0) {
        begin(e, next_slot(e), consumer);
        return task.client;
    }
    calendar_clear(&e->calendar, consumer);
    play(e, consumer, false);
    e->idlers[e->idle++] = (uint32_t)consumer;
    return task.client;
}

bool preempt_serves(const struct events *e, uint32_t slot)
{
    return e->preemption->progress[slot].serving;
}

struct task preempt_pop_oldest(struct events *e)
{
    uint32_t slot = e->room->oldest;
    while (e->preemption->progress[slot].serving)
        slot = e->room->slots[slot].newer;
    return preempt_leave(e, slot);
}

struct task preempt_leave(struct events *e, uint32_t slot)
{
    if (e->impatience)
        deadlines_remove(&e->impatience->inside, slot);
    room_serve(e->room, slot);
    struct task task = room_leave(e->room, slot);
    e->waiting--;
    e->arrivals -= task.arrival;
    return task;
}

double preempt_withdraw(struct events *e, uint32_t slot)
{
    const struct preemption *p = e->preemption;
    for (uint64_t i = 0; i < e->consumers; i++) {
        if (p->last[p->leaves + i] == IDLE || p->turns[i].slot != slot)
            continue;
        double wait;
        struct task task = leave(e, i, &wait);
        e->sojourn_sum += e->clock - task.arrival;
        e->lost++;
        calendar_clear(&e->calendar, i);
        play(e, i, false);
        take_next(e, i);
        return wait;
    }
    return NAN;
}

void preempt_clear(struct events *e)
{
    for (uint64_t i = 0; i < e->consumers; i++) {
        if (!preempt_works(e, i))
            continue;
        double wait;
        struct task task = leave(e, i, &wait);
        if (e->holding)
            holding_take(e->holding, e->agenda->bytes[task.client]);
        e->sojourn_sum += e->clock - task.arrival;
        e->lost++;
        calendar_clear(&e->calendar, i);
        play(e, i, false);
        take_next(e, i);
    }
}

double preempt_left(const struct events *e, uint32_t slot, double now)
{
    const struct preemption *p = e->preemption;
    for (uint64_t i = 0; i < e->consumers; i++)
        if (p->last[p->leaves + i] != IDLE && p->turns[i].slot == slot)
            return events_left(e, i, now) * e->speed;
    return NAN;
}

void preempt_flow(const struct events *e, struct flow *out)
{
    const struct preemption *p = e->preemption;
    for (uint64_t i = 0; i < e->consumers; i++) {
        if (p->last[p->leaves + i] == IDLE)
            continue;
        out->sojourn_sum += e->now - e->room->slots[p->turns[i].slot].task.arrival;
        out->service_sum += e->now - p->turns[i].start;
    }
}
