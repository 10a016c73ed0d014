/* Consumers that come and go: who is there, idle, starting; the life of one (staff.h). */
#include "staff.h"

#include <math.h>
#include <stdlib.h>

#include "../base/err.h"
#include "../scenario/distribution.h"
#include "staff_rules.h"

double staff_most(const struct staff_spec *spec, double count)
{
    return spec && spec->max > count ? spec->max : count;
}

/* ---- draws ---- */

static void open_stream(struct staff *f, const struct staff_plan *plan, enum staff_draw what,
                        const struct law *law, const char *name)
{
    if (law->model)
        f->draws[what] = (struct staff_stream){
            law, stream_of(plan->seed, plan->replication, internf("%s.%s", plan->path, name)), 0};
}

double staff_draw(struct staff *f, enum staff_draw what)
{
    struct staff_stream *d = &f->draws[what];
    double x;
    law_model(d->law)->fill(d->law->params, &d->stream, d->n++, 1, &x);
    return x;
}

/* ---- the list of the idle ---- */

static void link_idle(struct staff *f, uint32_t hand)
{
    struct hand *h = &f->hands[hand];
    h->before = f->last_idle;
    h->after = NO_HAND;
    *(f->last_idle == NO_HAND ? &f->first_idle : &f->hands[f->last_idle].after) = hand;
    f->last_idle = hand;
}

static void unlink_idle(struct staff *f, uint32_t hand)
{
    const struct hand *h = &f->hands[hand];
    *(h->before == NO_HAND ? &f->first_idle : &f->hands[h->before].after) = h->after;
    *(h->after == NO_HAND ? &f->last_idle : &f->hands[h->after].before) = h->before;
}

uint32_t staff_take_idle(struct events *e)
{
    struct staff *f = e->hands;
    uint32_t hand = f->oldest_first ? f->first_idle : f->last_idle;
    unlink_idle(f, hand);
    e->idle--;
    calendar_clear(&e->calendar, hand);
    return hand;
}

/* ---- the life of one ---- */

static void set_timer(struct events *e, uint32_t hand, double after)
{
    calendar_set(&e->calendar,
                 event_make(e->clock + after, EVENT_RESUMPTION, e->agenda->sequence++, hand));
}

static void go(struct events *e, uint32_t hand)
{
    struct staff *f = e->hands;
    f->hands[hand].state = HAND_OFF;
    f->off[f->n_off++] = hand;
    f->there--;
    calendar_clear(&e->calendar, hand);
}

static void fall_idle(struct events *e, uint32_t hand)
{
    struct staff *f = e->hands;
    f->hands[hand].state = HAND_IDLE;
    link_idle(f, hand);
    e->idle++;
    if (f->draws[STAFF_KEEP_ALIVE].law && f->there > f->core)
        set_timer(e, hand, staff_draw(f, STAFF_KEEP_ALIVE));
    else
        calendar_clear(&e->calendar, hand);
}

void staff_free_hand(struct events *e, uint32_t hand)
{
    if (e->waiting > 0)
        staff_begin(e, staff_pop(e), hand);
    else
        fall_idle(e, hand);
}

uint32_t staff_add(struct events *e)
{
    struct staff *f = e->hands;
    f->there++;
    return f->off[--f->n_off];
}

void staff_start(struct events *e, uint32_t hand)
{
    struct staff *f = e->hands;
    f->hands[hand].state = HAND_STARTING;
    f->starting++;
    set_timer(e, hand, staff_draw(f, STAFF_START));
}

static void started(struct events *e, uint32_t hand)
{
    struct staff *f = e->hands;
    if (e->services[hand].label & SERVICE_ASKS) { /* for a task that it holds */
        staff_start_held(e, hand);
        return;
    }
    f->starting--;
    calendar_clear(&e->calendar, hand);
    staff_free_hand(e, hand);
}

void staff_ring(struct events *e, uint32_t leaf)
{
    struct staff *f = e->hands;
    switch ((enum hand_state)f->hands[leaf].state) {
    case HAND_IDLE: /* for as long as it is kept */
        if (f->there <= f->core) {
            calendar_clear(&e->calendar, leaf);
            break;
        }
        unlink_idle(f, leaf);
        e->idle--;
        go(e, leaf);
        break;
    case HAND_STARTING:
    case HAND_BUSY:
        started(e, leaf);
        break;
    case HAND_OFF:
        break;
    }
    staff_call_in(e);
}

void staff_settle(struct events *e)
{
    struct staff *f = e->hands;
    if (f->is_paced)
        pace_schedule(e);
}

/* ---- beginning and end ---- */

struct staff *staff_new(struct events *e, const struct staff_plan *plan, double count)
{
    const struct staff_spec *spec = plan->spec;
    uint32_t most = (uint32_t)e->consumers;
    struct staff *f = xcalloc(1, sizeof *f);
    *f = (struct staff){.spec = spec,
                        .core = (uint32_t)count,
                        .there = (uint32_t)count,
                        .first_idle = NO_HAND,
                        .last_idle = NO_HAND,
                        .first = NO_HAND};
    e->hands = f;
    f->oldest_first = spec->wakes == WAKES_LONGEST;
    f->hands = xcalloc(most, sizeof *f->hands);
    f->off = xcalloc(most, sizeof *f->off);
    for (uint32_t i = most; i > f->core; i--)
        f->off[f->n_off++] = i - 1;
    for (uint32_t i = 0; i < f->core; i++) {
        uint32_t hand = f->oldest_first ? i : f->core - 1 - i;
        f->hands[hand].state = HAND_IDLE;
        link_idle(f, hand);
    }
    e->idle = f->core;
    open_stream(f, plan, STAFF_START, &spec->start_delay, "start_delay");
    open_stream(f, plan, STAFF_KEEP_ALIVE, &spec->keep_alive, "keep_alive");
    f->is_paced = spec->contention > 0 || spec->coherency > 0;
    if (f->is_paced) {
        f->pace = xcalloc(most, sizeof *f->pace);
        f->place = xcalloc(most, sizeof *f->place);
    }
    return f;
}

void staff_free(struct staff *f)
{
    if (!f)
        return;
    free(f->hands);
    free(f->off);
    free(f->pace);
    free(f->place);
    free(f);
}
