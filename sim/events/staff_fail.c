/* Consumers that fail and are repaired (staff.h). */
#include <math.h>
#include <string.h>

#include "../base/err.h"
#include "../scenario/distribution.h"
#include "staff_rules.h"

/* Draw number n of one consumer. */
static double draw_of(const struct staff *f, enum staff_draw what, uint32_t hand, uint64_t n)
{
    const struct staff_stream *d = &f->draws[what];
    const struct stream stream = stream_turn(&d->stream, hand);
    double x;
    law_model(d->law)->fill(d->law->params, &stream, n, 1, &x);
    return x;
}

static bool only_serving(const struct staff *f)
{
    return f->spec->fails == FAILS_SERVING;
}

static uint32_t leaf_of(const struct events *e, uint32_t hand)
{
    return (uint32_t)e->consumers + STAFF_LEAF_LIVES + hand;
}

void staff_live(struct events *e, uint32_t hand, bool serves)
{
    struct staff *f = e->hands;
    struct hand *h = &f->hands[hand];
    if (!f->draws[STAFF_LIFE].law || (serves && !only_serving(f)))
        return;
    if (!serves)
        h->life = draw_of(f, STAFF_LIFE, hand, h->failures);
    if (serves || !only_serving(f))
        staff_timer(e, leaf_of(e, hand), h->life);
}

void staff_rest(struct events *e, uint32_t hand)
{
    struct staff *f = e->hands;
    if (!f->draws[STAFF_LIFE].law || !only_serving(f))
        return;
    f->hands[hand].life -= e->clock - e->services[hand].start;
    calendar_clear(&e->calendar, leaf_of(e, hand));
}

void staff_break(struct events *e, uint32_t hand)
{
    struct staff *f = e->hands;
    struct hand *h = &f->hands[hand];
    h->breaks = false;
    h->state = HAND_DOWN;
    f->there--;
    staff_timer(e, hand, draw_of(f, STAFF_REPAIR, hand, h->failures++));
}

void staff_fail(struct events *e, uint32_t hand)
{
    struct hand *h = &e->hands->hands[hand];
    calendar_clear(&e->calendar, leaf_of(e, hand));
    if (h->state == HAND_BUSY && e->services[hand].label & SERVICE_KEPT) {
        h->breaks = true;
        return;
    }
    if (h->state == HAND_IDLE)
        staff_unlink_idle(e, hand);
    else
        staff_interrupt(e, hand);
    staff_break(e, hand);
    struct returned next;
    while (e->idle > 0 && staff_pop(e, &next))
        staff_begin(e, next, staff_take_idle(e));
}

double staff_withdraw_returned(struct events *e, uint32_t visit)
{
    struct staff *f = e->hands;
    uint32_t i = 0;
    while (i < f->n_front && f->front[i].task.client != visit)
        i++;
    if (i == f->n_front)
        return NAN;
    const double arrival = f->front[i].task.arrival;
    memmove(f->front + i, f->front + i + 1, (--f->n_front - i) * sizeof *f->front);
    e->waiting--;
    e->arrivals -= arrival;
    e->sojourn_sum += e->clock - arrival;
    e->lost++;
    return e->clock - arrival;
}
