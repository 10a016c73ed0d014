/* Consumers that serve several tasks at once (batch.h). */
#include "batch.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../base/err.h"
#include "station_rules.h"

#define BATCHED SHAPE_STATION_BATCH

/* ---- seats ---- */

static uint32_t hand_of(const struct events *e, uint32_t seat)
{
    return seat / e->batches->max;
}

uint32_t *batch_members(const struct events *e, uint32_t hand)
{
    return e->batches->members + (size_t)hand * e->batches->max;
}

/* A task gets a seat. */
void batch_take_seat(struct events *e, uint32_t hand, const struct task *task, double service)
{
    struct batches *b = e->batches;
    struct batch_hand *h = &b->hands[hand];
    const uint32_t vacant = b->max - h->n - 1;
    const uint32_t seat = b->vacant[(size_t)hand * b->max + vacant];
    e->services[seat] = (struct service){e->clock, e->clock - task->arrival, service,
                                         SERVICE_BUSY | e->number << SERVICE_STATION, task->client};
    b->seats[seat] = (struct batch_seat){
        .arrival = task->arrival, .in = !b->steps, .left = fmax(1, ceil(task->size)), .token = -1};
    batch_members(e, hand)[h->n++] = seat;
    h->undone++;
    b->inside++;
    b->arrivals += task->arrival;
}

static void leave_seat(struct events *e, uint32_t seat)
{
    struct batches *b = e->batches;
    const uint32_t hand = hand_of(e, seat);
    struct batch_hand *h = &b->hands[hand];
    uint32_t *members = batch_members(e, hand), at = 0;
    while (members[at] != seat)
        at++;
    memmove(members + at, members + at + 1, (--h->n - at) * sizeof *members);
    b->vacant[(size_t)hand * b->max + (b->max - h->n - 1)] = seat;
    h->undone -= !b->seats[seat].done;
    b->inside--;
    b->arrivals -= b->seats[seat].arrival;
    e->services[seat].label = 0;
}

/* Whether a hand keeps tasks that have all been served. */
void batch_hold(struct events *e, uint32_t hand)
{
    struct batch_hand *h = &e->batches->hands[hand];
    const bool held = h->n > 0 && h->undone == 0;
    e->kept += (uint64_t)held - (uint64_t)h->held;
    h->held = held;
}

/* ---- a hand at work ---- */

void batch_work(struct events *e, uint32_t hand, double time)
{
    struct batch_hand *h = &e->batches->hands[hand];
    h->start = e->clock;
    h->sharing = h->undone;
    h->works = true;
    calendar_set(&e->calendar,
                 event_make(e->clock + time, EVENT_COMPLETION, e->agenda->sequence++, hand));
}

/* What it has done is its tasks'. */
void batch_rest(struct events *e, uint32_t hand)
{
    struct batches *b = e->batches;
    struct batch_hand *h = &b->hands[hand];
    const double time = e->clock - h->start;
    for (uint32_t i = 0; i < h->n; i++) {
        struct batch_seat *seat = &b->seats[batch_members(e, hand)[i]];
        seat->spent += seat->in && !seat->done ? time / h->sharing : 0;
    }
    e->service_sum += time;
    h->works = false;
    calendar_clear(&e->calendar, hand);
}

/* Nobody is in its seats any more. */
static void fall_idle(struct events *e, uint32_t hand)
{
    e->serving--;
    e->idlers[e->idle++] = hand;
}

static double waited_for(const struct events *e)
{
    const struct waiting_room *room = e->room;
    return room->n > 0 ? room->slots[room->oldest].task.arrival + e->batches->wait : INFINITY;
}

/* Hands that are idle begin, while there is enough for them. */
static void begin(struct events *e)
{
    const struct batches *b = e->batches;
    struct task task;
    if (b->steps) {
        step_begin(e);
        return;
    }
    while (e->idle > 0 && (e->waiting >= b->enough || waited_for(e) <= e->clock)) {
        const uint32_t hand = e->idlers[e->idle - 1];
        double service = 0;
        uint32_t n = 0;
        for (; n < b->max && take_waiting(e, &task, BATCHED); n++) {
            if (n == 0)
                service = e->speed == 1 ? task.size : task.size / e->speed;
            batch_take_seat(e, hand, &task, service);
        }
        if (n == 0)
            return;
        e->idle--;
        e->serving++;
        batch_work(e, hand, service);
    }
}

/* ---- coming ---- */

/* Whether a task that comes is taken at once. */
static bool takes(const struct events *e)
{
    const struct batches *b = e->batches;
    return b->steps ? b->inside < e->consumers * b->max
                    : e->idle > 0 && e->waiting + 1 >= b->enough;
}

static const struct task *first_outside(const struct events *e)
{
    const struct impatience *i = impatience_of(e, BATCHED);
    return i ? &i->line.slots[i->line.oldest].task
             : &e->outside.tasks[e->outside.head & e->outside.mask];
}

void batch_call_in(struct events *e)
{
    while (outside_count(e, BATCHED) > 0) {
        if (!takes(e) && !has_place(e, first_outside(e), BATCHED))
            return;
        struct waiter w = outside_pop(e, BATCHED);
        come_in(e, &w, BATCHED);
        buffer_push(e, w, BATCHED);
        begin(e);
    }
}

enum offered batch_offer(struct events *e, double now, struct waiter w, double patience,
                         bool handed)
{
    move_to(e, now, BATCHED, false);
    const uint64_t lost = e->lost, arrived = e->arrived;
    const bool outside = outside_count(e, BATCHED) > 0;
    const bool place = takes(e) || has_place(e, &w.task, BATCHED);
    if (e->batches->memory < INFINITY &&
        e->holding->now + e->agenda->bytes[w.task.client] > e->batches->memory) {
        e->arrived++;
        e->seen += inside_count(e, BATCHED);
        lose(e, w.task, LOSS_REJECTED, BATCHED);
        return OFFER_LOST;
    }
    if ((outside || !place) && is_crowded(e, BATCHED)) {
        turn_away(e, w.task, BATCHED);
        keep_watch(e, BATCHED);
        return OFFER_LOST;
    }
    if (handed && (outside || !place) && e->policy->verdict == VERDICT_PAUSE) {
        block(e, w, patience, BATCHED);
        keep_watch(e, BATCHED);
        return e->arrived == arrived ? OFFER_OUTSIDE : OFFER_INSIDE;
    }
    e->arrived++;
    e->seen += inside_count(e, BATCHED);
    if (outside)
        stay_outside(e, w, BATCHED);
    else if (place)
        buffer_push(e, w, BATCHED);
    else
        arrive_full(e, w, BATCHED);
    begin(e);
    keep_watch(e, BATCHED);
    return e->lost > lost ? OFFER_LOST : OFFER_INSIDE;
}

void batch_ring(struct events *e, uint32_t leaf)
{
    if (leaf < e->consumers) {
        e->batches->hands[leaf].between = false;
        calendar_clear(&e->calendar, leaf);
        step_go_on(e, leaf);
        return;
    }
    assert(leaf == e->consumers + BATCH_LEAF_WAIT);
    calendar_clear(&e->calendar, leaf);
    e->batches->due = INFINITY;
    begin(e);
    batch_call_in(e);
}

void batch_settle(struct events *e)
{
    struct batches *b = e->batches;
    const uint64_t leaf = e->consumers + BATCH_LEAF_WAIT;
    const double due = e->idle > 0 ? waited_for(e) : INFINITY;
    if (due == b->due)
        return;
    b->due = due;
    if (due < INFINITY)
        calendar_set(&e->calendar, event_make(due, EVENT_RESUMPTION, e->agenda->sequence++, leaf));
    else
        calendar_clear(&e->calendar, leaf);
}

/* ---- going ---- */

void batch_served(struct events *e, uint32_t hand)
{
    struct batches *b = e->batches;
    struct batch_hand *h = &b->hands[hand];
    batch_rest(e, hand);
    if (b->steps) {
        step_served(e, hand);
        return;
    }
    for (uint32_t i = 0; i < h->n; i++) {
        const uint32_t seat = batch_members(e, hand)[i];
        const struct service *s = &e->services[seat];
        b->seats[seat].done = true;
        agenda_served(e->agenda, e->number, s->client, seat, s->wait);
    }
    h->undone = 0;
    batch_hold(e, hand);
}

/* Whether what a hand does is for this seat's task alone. */
static bool is_last_in(const struct events *e, uint32_t seat)
{
    const uint32_t hand = hand_of(e, seat);
    const struct batches *b = e->batches;
    bool last = b->seats[seat].in;
    for (uint32_t i = 0; i < b->hands[hand].n && last; i++) {
        const uint32_t other = batch_members(e, hand)[i];
        last = other == seat || !b->seats[other].in || b->seats[other].done;
    }
    return last;
}

void batch_release(struct events *e, double now, uint32_t seat, double arrival, bool lost)
{
    const uint32_t hand = hand_of(e, seat);
    struct batch_hand *h = &e->batches->hands[hand];
    move_to(e, now, BATCHED, false);
    left_inside(e, e->services[seat].client, BATCHED);
    e->completed += !lost;
    e->lost += lost;
    e->sojourn_sum += now - arrival;
    if (h->works && is_last_in(e, seat))
        batch_rest(e, hand);
    leave_seat(e, seat);
    batch_hold(e, hand);
    if (h->n == 0)
        fall_idle(e, hand);
    if (h->n == 0 || e->batches->steps)
        begin(e);
    if (e->batches->steps)
        step_go_on(e, hand);
    batch_call_in(e);
    keep_watch(e, BATCHED);
}

static uint32_t seat_of(const struct events *e, uint32_t visit)
{
    const struct batches *b = e->batches;
    for (uint32_t hand = 0; hand < e->consumers; hand++)
        for (uint32_t i = 0; i < b->hands[hand].n; i++)
            if (e->services[batch_members(e, hand)[i]].client == visit)
                return batch_members(e, hand)[i];
    return NO_CONSUMER;
}

bool batch_serves(const struct events *e, uint32_t visit)
{
    const uint32_t seat = seat_of(e, visit);
    return seat != NO_CONSUMER && !e->batches->seats[seat].done;
}

double batch_withdraw(struct events *e, double now, uint32_t visit)
{
    const uint32_t seat = seat_of(e, visit);
    if (seat == NO_CONSUMER || e->batches->seats[seat].done)
        return NAN;
    const double wait = e->services[seat].wait;
    batch_release(e, now, seat, e->batches->seats[seat].arrival, true);
    return wait;
}

/* ---- what is there ---- */

double batch_spent(const struct events *e, double now, uint32_t visit)
{
    const uint32_t seat = seat_of(e, visit);
    if (seat == NO_CONSUMER)
        return NAN;
    const struct batch_hand *h = &e->batches->hands[hand_of(e, seat)];
    const struct batch_seat *s = &e->batches->seats[seat];
    return s->spent + (h->works && s->in && !s->done ? (now - h->start) / h->sharing : 0);
}

static double left_of(const struct events *e, uint32_t hand, double now)
{
    const struct batches *b = e->batches;
    double left = 0;
    for (uint32_t i = 0; i < b->hands[hand].n && b->steps; i++)
        left += b->seats[batch_members(e, hand)[i]].left;
    if (b->steps || !b->hands[hand].works)
        return left;
    return fmax(0, event_time(calendar_get(&e->calendar, hand)) - now) * e->speed;
}

double batch_left(const struct events *e, double now, uint32_t visit)
{
    const uint32_t seat = seat_of(e, visit);
    return seat == NO_CONSUMER ? NAN : left_of(e, hand_of(e, seat), now);
}

double batch_backlog(const struct events *e, double now)
{
    const struct waiting_room *room = e->room;
    double work = 0;
    for (uint32_t slot = room->oldest; slot != (uint32_t)NO_SLOT; slot = room->slots[slot].newer)
        work += room->slots[slot].task.size;
    for (uint32_t hand = 0; hand < e->consumers; hand++)
        work += left_of(e, hand, now);
    return work;
}

void batch_flow(const struct events *e, struct flow *out)
{
    const struct batches *b = e->batches;
    out->shared_area = b->area;
    out->sojourn_sum += (double)b->inside * e->now - b->arrivals;
    out->rounding += (double)e->arrived * (double)(b->inside + 1) * e->now * DBL_EPSILON;
    for (uint32_t hand = 0; hand < e->consumers; hand++)
        out->service_sum += b->hands[hand].works ? e->now - b->hands[hand].start : 0;
}

/* ---- beginning and end ---- */

struct batches *batches_new(struct events *e, const struct staff_spec *spec)
{
    struct batches *b = xcalloc(1, sizeof *b);
    b->max = (uint32_t)spec->batch_max;
    b->steps = staff_steps(spec);
    b->spec = spec;
    b->memory = isnan(spec->step_memory)
                    ? INFINITY
                    : spec->step_memory * (isnan(spec->step_beyond) ? 0.8 : spec->step_beyond);
    b->wait = isnan(spec->batch_wait) ? INFINITY : spec->batch_wait;
    b->enough = !isnan(spec->batch_at_least) ? (uint32_t)spec->batch_at_least
                : isinf(b->wait)             ? 1
                                             : b->max;
    b->due = INFINITY;
    const size_t seats = e->consumers * b->max;
    b->hands = xcalloc(e->consumers, sizeof *b->hands);
    b->seats = xcalloc(seats, sizeof *b->seats);
    b->members = xcalloc(seats, sizeof *b->members);
    b->vacant = xcalloc(seats, sizeof *b->vacant);
    for (uint32_t hand = 0; hand < e->consumers; hand++)
        for (uint32_t k = 0; k < b->max; k++) /* the first is on top */
            b->vacant[(size_t)hand * b->max + k] = (hand + 1) * b->max - 1 - k;
    free(e->services);
    e->services = xcalloc(seats, sizeof *e->services);
    return b;
}

void batches_free(struct batches *b)
{
    if (!b)
        return;
    free(b->hands);
    free(b->seats);
    free(b->members);
    free(b->vacant);
    free(b);
}
