/* What the consumers of a staff do with tasks (staff.h). */
#include <math.h>

#include "../base/err.h"
#include "staff_rules.h"

static struct returned first_time(struct task task)
{
    return (struct returned){task, NAN, task.size};
}

bool staff_pop(struct events *e, struct returned *next)
{
    struct staff *f = e->hands;
    struct task task;
    if (f->n_front == 0) {
        bool any = take_waiting(e, &task, STAFFED);
        if (any)
            *next = first_time(task);
        return any;
    }
    *next = f->front[--f->n_front];
    e->waiting--;
    e->arrivals -= next->task.arrival;
    return true;
}

/* To the head of the buffer. */
static void put_back(struct events *e, struct returned r)
{
    struct staff *f = e->hands;
    if (f->n_front == f->front_room) {
        f->front_room = f->front_room ? 2 * f->front_room : 4;
        f->front = xrealloc(f->front, f->front_room * sizeof *f->front);
    }
    f->front[f->n_front++] = r;
    e->waiting++;
    e->arrivals += r.task.arrival;
}

/* Its consumer has it from now on. */
static void take(struct events *e, const struct returned *r, uint32_t hand, uint32_t label)
{
    const struct task *task = &r->task;
    struct staff *f = e->hands;
    struct hand *h = &f->hands[hand];
    double now = e->clock, service = e->speed == 1 ? task->size : task->size / e->speed;
    if (f->is_paced)
        pace_give(e);
    e->services[hand] =
        (struct service){now, isnan(r->wait) ? now - task->arrival : r->wait, service,
                         label | e->number << SERVICE_STATION, task->client};
    h->state = HAND_BUSY;
    h->arrival = task->arrival;
    h->done = false;
    h->whole = r->whole;
    e->serving++;
    f->inside++;
    f->arrivals += task->arrival;
}

static void work(struct events *e, uint32_t hand)
{
    const struct service *s = &e->services[hand];
    staff_live(e, hand, true);
    if (e->hands->is_paced) {
        pace_begin(e, hand, s->service * e->speed);
        return;
    }
    calendar_set(&e->calendar,
                 event_make(e->clock + s->service, EVENT_COMPLETION, e->agenda->sequence++, hand));
}

void staff_begin(struct events *e, struct returned r, uint32_t hand)
{
    take(e, &r, hand, SERVICE_BUSY);
    work(e, hand);
}

void staff_start_held(struct events *e, uint32_t hand)
{
    struct service *s = &e->services[hand];
    if (e->hands->is_paced)
        pace_give(e);
    s->wait += e->clock - s->start;
    s->start = e->clock;
    s->label &= ~(uint32_t)(SERVICE_KEPT | SERVICE_ASKS);
    e->kept--;
    calendar_clear(&e->calendar, hand);
    work(e, hand);
}

/* ---- coming ---- */

void staff_enter(struct events *e, struct waiter w)
{
    if (e->idle > 0)
        staff_begin(e, first_time(w.task), staff_take_idle(e));
    else
        buffer_push(e, w, STAFFED);
}

void staff_call_in(struct events *e)
{
    while (outside_count(e, STAFFED) > 0 && (e->idle > 0 || e->waiting < e->capacity)) {
        struct waiter w = outside_pop(e, STAFFED);
        come_in(e, &w, STAFFED);
        staff_enter(e, w);
    }
}

/* Whether a consumer is added that runs the task itself, which finds none idle. */
static bool grows(const struct events *e, bool place)
{
    const struct staff *f = e->hands;
    if (f->n_off == 0 || !(f->spec->max > 0))
        return false;
    if (f->spec->grow == GROW_WHEN_BUSY)
        return !f->draws[STAFF_START].law;
    return !place;
}

static void grow(struct events *e, const struct task *task)
{
    struct staff *f = e->hands;
    const struct returned r = first_time(*task);
    uint32_t hand = staff_add(e);
    if (!f->draws[STAFF_START].law) {
        staff_begin(e, r, hand);
        return;
    }
    take(e, &r, hand, SERVICE_BUSY | SERVICE_KEPT | SERVICE_ASKS);
    e->kept++;
    calendar_set(&e->calendar, event_make(e->clock + staff_draw(f, STAFF_START), EVENT_RESUMPTION,
                                          e->agenda->sequence++, hand));
}

/* A task found nobody idle, beside so many that wait, and is not run by a consumer of its own. */
static void ask_for_more(struct events *e, uint64_t waiting)
{
    struct staff *f = e->hands;
    if (f->n_off == 0 || !(f->spec->max > 0))
        return;
    bool busy = f->spec->grow == GROW_WHEN_BUSY;
    if (busy ? f->starting > waiting : f->there > 0 || e->waiting == 0)
        return;
    uint32_t hand = staff_add(e);
    if (f->draws[STAFF_START].law)
        staff_start(e, hand);
    else
        staff_free_hand(e, hand);
}

enum offered staff_offer(struct events *e, double now, struct waiter w, double patience,
                         bool handed)
{
    move_to(e, now, STAFFED, false);
    const uint64_t outside = outside_count(e, STAFFED), waiting = e->waiting + outside;
    const uint64_t lost = e->lost, arrived = e->arrived;
    const bool idle = e->idle > 0, place = e->waiting < e->capacity;
    const bool added = outside == 0 && !idle && grows(e, place);
    const bool stays = outside > 0 || (!idle && !added && !place);
    if (stays && is_crowded(e, STAFFED)) {
        turn_away(e, w.task, STAFFED);
        ask_for_more(e, waiting);
        keep_watch(e, STAFFED);
        return OFFER_LOST;
    }
    if (handed && stays && e->policy->verdict == VERDICT_PAUSE) {
        block(e, w, patience, STAFFED);
        ask_for_more(e, waiting);
        keep_watch(e, STAFFED);
        return e->arrived == arrived ? OFFER_OUTSIDE : OFFER_INSIDE;
    }
    e->arrived++;
    e->seen += inside_count(e, STAFFED);
    if (outside > 0)
        stay_outside(e, w, STAFFED);
    else if (added)
        grow(e, &w.task);
    else if (idle || place)
        staff_enter(e, w);
    else
        arrive_full(e, w, STAFFED);
    if (!idle && !added)
        ask_for_more(e, waiting);
    keep_watch(e, STAFFED);
    return e->lost > lost ? OFFER_LOST : OFFER_INSIDE;
}

/* ---- going ---- */

/* Its consumer stops working at it. */
static double stop(struct events *e, uint32_t hand)
{
    const struct service *s = &e->services[hand];
    double left = (event_time(calendar_get(&e->calendar, hand)) - e->clock) * e->speed;
    e->service_sum += e->clock - s->start;
    staff_rest(e, hand);
    if (e->hands->is_paced) {
        pace_give(e);
        return pace_stop(e, hand);
    }
    calendar_clear(&e->calendar, hand);
    return left;
}

/* Its task is with it no more. */
static void part(struct events *e, uint32_t hand)
{
    struct staff *f = e->hands;
    if (f->is_paced)
        pace_give(e);
    e->serving--;
    f->inside--;
    f->arrivals -= f->hands[hand].arrival;
    e->services[hand].label = 0;
}

void staff_served(struct events *e, uint32_t hand)
{
    const struct service *s = &e->services[hand];
    if (e->hands->is_paced) {
        pace_give(e);
        pace_done(e, hand);
    } else {
        calendar_clear(&e->calendar, hand);
    }
    e->service_sum += e->clock - s->start;
    staff_rest(e, hand);
    e->hands->hands[hand].done = true;
    agenda_served(e->agenda, e->number, s->client, hand, s->wait);
}

void staff_release(struct events *e, double now, uint32_t hand, double arrival, bool lost)
{
    move_to(e, now, STAFFED, false);
    const uint32_t label = e->services[hand].label;
    if (!e->hands->hands[hand].done)
        stop(e, hand);
    e->kept -= (label & SERVICE_KEPT) != 0;
    e->completed += !lost;
    e->lost += lost;
    e->sojourn_sum += now - arrival;
    part(e, hand);
    staff_free_hand(e, hand);
    staff_call_in(e);
    keep_watch(e, STAFFED);
}

void staff_interrupt(struct events *e, uint32_t hand)
{
    const struct hand *h = &e->hands->hands[hand];
    const struct service s = e->services[hand];
    struct returned r = {{.arrival = h->arrival, .client = s.client}, s.wait, h->whole};
    const double left = stop(e, hand);
    part(e, hand);
    if (e->hands->spec->failed == FAILED_IS_LOST) {
        e->lost++;
        e->sojourn_sum += e->clock - r.task.arrival;
        agenda_dropped(e->agenda, e->number, s.client, LOSS_ERROR, left);
        return;
    }
    r.task.size = e->hands->spec->failed == FAILED_RESTARTS ? r.whole : left;
    put_back(e, r);
}

/* A task does not wait any more for the consumer that starts for it: that is for any. */
static void part_early(struct events *e, uint32_t hand)
{
    struct staff *f = e->hands;
    e->kept--;
    e->lost++;
    e->sojourn_sum += e->clock - f->hands[hand].arrival;
    part(e, hand);
    f->hands[hand].state = HAND_STARTING;
    f->starting++;
    keep_watch(e, STAFFED);
}

bool staff_withdraw(struct events *e, double now, uint32_t visit)
{
    for (uint32_t i = 0; i < e->consumers; i++) {
        const struct service *s = &e->services[i];
        if (s->label & SERVICE_ASKS && s->client == visit) {
            part_early(e, i);
            return true;
        }
        if ((s->label & (SERVICE_BUSY | SERVICE_KEPT)) == SERVICE_BUSY && s->client == visit) {
            staff_release(e, now, i, e->hands->hands[i].arrival, true);
            return true;
        }
    }
    return false;
}

void staff_adopt(struct events *e, double now, double speed)
{
    move_to(e, now, STAFFED, false);
    if (e->hands->is_paced)
        pace_give(e);
    e->speed = speed;
    staff_settle(e);
}

/* ---- what is there ---- */

void staff_flow(const struct events *e, struct flow *out)
{
    const struct staff *f = e->hands;
    out->sojourn_sum += (double)f->inside * e->now - f->arrivals;
    out->rounding += (double)e->arrived * (double)(f->inside + 1) * e->now * 0x1p-52;
    for (uint32_t i = 0; i < e->consumers; i++)
        if ((e->services[i].label & (SERVICE_BUSY | SERVICE_KEPT)) == SERVICE_BUSY &&
            !f->hands[i].done)
            out->service_sum += e->now - e->services[i].start;
    out->available = f->there;
    out->available_area = out->consumers_area = f->area;
}

static double left_of(const struct events *e, uint32_t hand, double now)
{
    const struct service *s = &e->services[hand];
    double done = event_time(calendar_get(&e->calendar, hand));
    if (s->label & SERVICE_ASKS)
        return s->service * e->speed;
    if (e->hands->is_paced)
        return pace_left(e, hand, now);
    return done > now ? (done - now) * e->speed : 0;
}

double staff_left(const struct events *e, double now, uint32_t visit)
{
    const struct staff *f = e->hands;
    for (uint32_t i = 0; i < f->n_front; i++)
        if (f->front[i].task.client == visit)
            return f->front[i].task.size;
    for (uint32_t i = 0; i < e->consumers; i++)
        if (e->services[i].label & SERVICE_BUSY && !f->hands[i].done &&
            e->services[i].client == visit)
            return left_of(e, i, now);
    return NAN;
}

double staff_work(const struct events *e, double now)
{
    const struct staff *f = e->hands;
    const struct waiting_room *room = e->room;
    double work = 0;
    for (uint32_t slot = room->oldest; slot != (uint32_t)NO_SLOT; slot = room->slots[slot].newer)
        work += room->slots[slot].task.size;
    for (uint32_t i = 0; i < f->n_front; i++)
        work += f->front[i].task.size;
    for (uint32_t i = 0; i < e->consumers; i++) {
        const struct service *s = &e->services[i];
        if (s->label & SERVICE_BUSY && !f->hands[i].done)
            work += left_of(e, i, now);
    }
    return work;
}
