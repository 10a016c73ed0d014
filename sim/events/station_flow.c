/* What is at a station, and what has flowed through it. */
#include <float.h>

#include "events_rules.h"
#include "station.h"

uint64_t station_requests(const struct events *e)
{
    uint64_t busy = is_batched(e->shape) ? e->batches->inside
                    : is_preemptive(e->shape) || is_shared(e->shape)
                        ? e->consumers - e->idle - e->away
                        : e->serving;
    return busy + e->waiting + e->reserved;
}

uint64_t station_waiting(const struct events *e)
{
    return e->waiting + outside_count(e, e->shape) - e->blocked;
}

/* Adds the tasks that consumers are at, or keep. */
static void flow_of_services(const struct events *e, struct flow *out)
{
    const struct events *staff = e->staff;
    for (uint64_t i = 0; i < staff->consumers; i++) {
        const struct service *s = &staff->services[i];
        if (!(s->label & SERVICE_BUSY) || s->label >> SERVICE_STATION != e->number)
            continue;
        if (is_preemptive(e->shape)) {
            out->sojourn_sum += e->now - s->start;
        } else {
            out->sojourn_sum += s->wait + (e->now - s->start);
            out->service_sum += s->label & SERVICE_ASKS   ? 0
                                : s->label & SERVICE_KEPT ? s->service
                                                          : e->now - s->start;
        }
    }
}

/* Of a copy that has gone on to now: looking is no event, and changes no rounding. */
void station_flow(const struct events *station, double now, struct flow *out)
{
    struct events copy = *station, *e = &copy;
    struct staff hands;
    if (e->hands) {
        hands = *e->hands;
        e->hands = &hands;
    }
    struct batches batches;
    if (e->batches) {
        batches = *e->batches;
        e->batches = &batches;
    }
    station_pass(e, now);
    e->now = now;
    uint64_t inside = inside_count(e, e->shape);
    bool own = e->preemption || is_shared(e->shape);
    *out = (struct flow){
        .time = now,
        .queue_area = e->queue_area,
        .paused_area = e->outside_area,
        .busy_area = e->busy_area,
        .idle_area = e->idle_area,
        .held_area = e->held_area,
        .sojourn_sum = e->sojourn_sum,
        .service_sum = e->service_sum,
        .seen_sum = (double)e->seen,
        .rounding = (double)(own ? e->agenda->sequence : e->arrived) * now * DBL_EPSILON,
        .arrived = e->arrived,
        .completed = e->completed,
        .lost = e->lost,
        .inside = inside,
        .waiting = station_waiting(e),
    };
    out->seen_area = flow_inside_area(out);
    uint64_t aged = is_shared(e->shape) ? inside : out->waiting;
    if (aged > 0) {
        out->sojourn_sum += (double)aged * now - e->arrivals;
        out->rounding += (double)e->arrived * (double)aged * now * DBL_EPSILON;
    }
    if (e->shape == SHAPE_STATION_PREEMPT)
        preempt_flow(e, out);
    if (is_shared(e->shape))
        share_flow(e, out);
    else if (is_staffed(e->shape))
        staff_flow(e, out);
    else if (is_batched(e->shape))
        batch_flow(e, out);
    else
        flow_of_services(e, out);
}

double station_wait(const struct events *e, uint32_t consumer)
{
    return e->staff->services[consumer].wait;
}

double station_work(const struct events *e, double now)
{
    const struct waiting_room *room = e->room;
    double work = 0;
    if (is_staffed(e->shape))
        return staff_work(e, now);
    if (is_batched(e->shape))
        return batch_backlog(e, now);
    if (is_shared(e->shape)) {
        double given = e->sharing.given + (now - e->sharing.since) * e->sharing.share * e->speed;
        for (uint32_t slot = e->sharing.weighted ? room->oldest : (uint32_t)NO_SLOT;
             slot != (uint32_t)NO_SLOT; slot = room->slots[slot].newer)
            work += (heap_key(&room->heap, slot) - given) *
                    room->weight[task_class(&room->slots[slot].task)];
        return e->sharing.weighted ? work : heap_sum(&room->heap) - (double)room->n * given;
    }
    for (uint64_t i = e->ring.head; in_ring(e->shape) && i < e->ring.tail; i++)
        work += e->ring.tasks[i & e->ring.mask].size;
    for (uint32_t slot = room ? room->oldest : (uint32_t)NO_SLOT; slot != (uint32_t)NO_SLOT;
         slot = room->slots[slot].newer)
        if (!is_preemptive(e->shape) || !preempt_serves(e, slot))
            work += room->slots[slot].task.size;
    for (uint64_t i = 0; i < e->staff->consumers; i++) {
        const struct service *s = &e->staff->services[i];
        event done = calendar_get(&e->staff->calendar, i);
        if (e->staff->crew && s->label >> SERVICE_STATION != e->number)
            continue;                /* of another station */
        if (s->label & SERVICE_ASKS) /* which has not begun */
            work += s->service * e->speed;
        else if (e->staff->standing && e->staff->stands[i] != CALENDAR_NEVER)
            work += (event_time(e->staff->stands[i]) - e->staff->stood) * e->speed;
        else if (done != CALENDAR_NEVER && event_time(done) > now)
            work += (event_time(done) - now) * e->speed;
    }
    return work;
}
