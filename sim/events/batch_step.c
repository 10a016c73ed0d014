/* Consumers that go from iteration to iteration (batch.h: step). */
#include <math.h>

#include "batch.h"
#include "station_rules.h"

#define BATCHED SHAPE_STATION_BATCH

/* The hand with the fewest tasks, of several the first; there is one with a vacant seat. */
static uint32_t least_taken(const struct events *e)
{
    const struct batches *b = e->batches;
    uint32_t least = 0;
    for (uint32_t i = 1; i < e->consumers; i++)
        least = b->hands[i].n < b->hands[least].n ? i : least;
    return least;
}

void step_go_on(struct events *e, uint32_t hand)
{
    struct batches *b = e->batches;
    const struct batch_hand *h = &b->hands[hand];
    double time = staff_iteration(b->spec, h->undone);
    if (h->works || h->between || h->undone == 0)
        return;
    for (uint32_t i = 0; i < h->n; i++) {
        const uint32_t seat = batch_members(e, hand)[i];
        struct batch_seat *s = &b->seats[seat];
        if (s->done)
            continue;
        s->in = true;
        if (s->token < 0 && e->agenda->prefill)
            time += e->agenda->prefill[e->services[seat].client];
    }
    batch_work(e, hand, time / e->speed);
    batch_hold(e, hand);
}

void step_begin(struct events *e)
{
    struct batches *b = e->batches;
    struct task task;
    while (e->waiting > 0 && b->inside < e->consumers * b->max && take_waiting(e, &task, BATCHED)) {
        const uint32_t hand = least_taken(e);
        const bool first = b->hands[hand].n == 0;
        e->idle -= first;
        e->serving += first;
        batch_take_seat(e, hand, &task, 0);
        batch_hold(e, hand);
        step_go_on(e, hand);
    }
}

/* A task has had an iteration. */
static void step_one(struct events *e, uint32_t seat)
{
    struct batch_seat *s = &e->batches->seats[seat];
    const struct service *service = &e->services[seat];
    const bool first = s->token < 0;
    agenda_put(e->agenda, (struct agenda_item){first ? AGENDA_FIRST_TOKEN : AGENDA_TOKEN, e->number,
                                               service->client, seat,
                                               first ? service->wait : e->clock - s->token});
    s->token = e->clock;
    s->in = false;
    if (--s->left > 0)
        return;
    s->done = true;
    e->batches->hands[seat / e->batches->max].undone--;
    agenda_served(e->agenda, e->number, service->client, seat, service->wait);
}

void step_served(struct events *e, uint32_t hand)
{
    struct batches *b = e->batches;
    struct batch_hand *h = &b->hands[hand];
    for (uint32_t i = 0; i < h->n; i++) {
        const uint32_t seat = batch_members(e, hand)[i];
        if (b->seats[seat].in && !b->seats[seat].done)
            step_one(e, seat);
    }
    batch_hold(e, hand);
    h->between = true;
    calendar_set(&e->calendar, event_make(e->clock, EVENT_RESUMPTION, e->agenda->sequence++, hand));
}
