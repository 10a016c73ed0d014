/* Consumers that come and go: who is there, idle, starting; the life of one (staff.h). */
#include "staff.h"

#include <math.h>
#include <stdlib.h>

#include "../base/err.h"
#include "../scenario/distribution.h"
#include "staff_rules.h"

double staff_most(const struct staff_spec *spec, double count)
{
    double most = spec && spec->max > count ? spec->max : count;
    if (spec && spec->shifts > 0)
        most = 1;
    for (size_t k = 0; spec && k < (size_t)spec->shifts; k++)
        most = fmax(most, spec->shift[k].count);
    return most;
}

/* ---- draws ---- */

static void open_stream(struct staff *f, const struct staff_plan *plan, enum staff_draw what,
                        const struct law *law, const char *name)
{
    if (law->model)
        f->draws[what] = (struct staff_stream){
            .law = law,
            .stream = stream_of(plan->seed, plan->replication, internf("%s.%s", plan->path, name))};
}

double staff_draw(struct staff *f, enum staff_draw what)
{
    struct staff_stream *d = &f->draws[what];
    const uint64_t at = d->n++ % STAFF_BLOCK;
    if (at == 0)
        law_model(d->law)->fill(d->law->params, &d->stream, d->n - 1, STAFF_BLOCK, d->block);
    return d->block[at];
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

void staff_unlink_idle(struct events *e, uint32_t hand)
{
    struct staff *f = e->hands;
    const struct hand *h = &f->hands[hand];
    *(h->before == NO_HAND ? &f->first_idle : &f->hands[h->before].after) = h->after;
    *(h->after == NO_HAND ? &f->last_idle : &f->hands[h->after].before) = h->before;
    e->idle--;
}

uint32_t staff_take_idle(struct events *e)
{
    struct staff *f = e->hands;
    uint32_t hand = f->oldest_first ? f->first_idle : f->last_idle;
    staff_unlink_idle(e, hand);
    calendar_clear(&e->calendar, hand);
    return hand;
}

/* ---- the life of one ---- */

void staff_timer(struct events *e, uint32_t hand, double after)
{
    calendar_set(&e->calendar,
                 event_make(e->clock + after, EVENT_RESUMPTION, e->agenda->sequence++, hand));
}

void staff_go(struct events *e, uint32_t hand)
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
    if (f->draws[STAFF_VACATION].law) {
        f->hands[hand].state = HAND_AWAY;
        staff_timer(e, hand, staff_draw(f, STAFF_VACATION));
        return;
    }
    if (f->draws[STAFF_SETUP].law && !f->draws[STAFF_KEEP_ALIVE].law) {
        staff_go(e, hand);
        return;
    }
    f->hands[hand].state = HAND_IDLE;
    link_idle(f, hand);
    e->idle++;
    if (f->draws[STAFF_KEEP_ALIVE].law && f->there > f->core)
        staff_timer(e, hand, staff_draw(f, STAFF_KEEP_ALIVE));
    else
        calendar_clear(&e->calendar, hand);
}

void staff_free_hand(struct events *e, uint32_t hand)
{
    struct returned next;
    if (e->hands->hands[hand].breaks)
        staff_break(e, hand);
    else if (staff_too_many(e))
        staff_go(e, hand);
    else if (staff_pop(e, &next))
        staff_begin(e, next, hand);
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
    staff_timer(e, hand, staff_draw(f, f->draws[STAFF_SETUP].law ? STAFF_SETUP : STAFF_START));
}

static void started(struct events *e, uint32_t hand)
{
    struct staff *f = e->hands;
    if (e->services[hand].label & SERVICE_ASKS) { /* for a task that it holds */
        staff_start_held(e, hand);
        return;
    }
    f->starting--;
    if (f->draws[STAFF_SETUP].law)
        staff_is_set_up(e, hand);
    calendar_clear(&e->calendar, hand);
    staff_free_hand(e, hand);
}

void staff_ring(struct events *e, uint32_t leaf)
{
    struct staff *f = e->hands;
    if (leaf >= e->consumers) {
        if (leaf == e->consumers + STAFF_LEAF_SHIFT)
            staff_shift(e);
        else
            staff_fail(e, leaf - (uint32_t)e->consumers - STAFF_LEAF_LIVES);
        staff_call_in(e);
        return;
    }
    switch ((enum hand_state)f->hands[leaf].state) {
    case HAND_IDLE: /* for as long as it is kept */
        if (f->there <= f->core) {
            calendar_clear(&e->calendar, leaf);
            break;
        }
        staff_unlink_idle(e, leaf);
        staff_go(e, leaf);
        break;
    case HAND_STARTING:
    case HAND_BUSY:
        started(e, leaf);
        break;
    case HAND_DOWN: /* repaired */
        f->there++;
        staff_live(e, leaf, false);
        calendar_clear(&e->calendar, leaf);
        staff_free_hand(e, leaf);
        break;
    case HAND_AWAY:
        calendar_clear(&e->calendar, leaf);
        staff_free_hand(e, leaf);
        break;
    case HAND_OFF:
        break;
    }
    staff_call_in(e);
}

void staff_settle(struct events *e)
{
    struct staff *f = e->hands;
    if (f->draws[STAFF_SETUP].law)
        staff_set_up(e);
    if (f->is_paced)
        pace_schedule(e);
}

/* ---- beginning and end ---- */

uint64_t staff_leaves(const struct staff_plan *plan, uint64_t consumers)
{
    return consumers + STAFF_LEAF_LIVES + (plan->spec->time_to_failure.model ? consumers : 0);
}

struct staff *staff_new(struct events *e, const struct staff_plan *plan, double count)
{
    const struct staff_spec *spec = plan->spec;
    uint32_t most = (uint32_t)e->consumers;
    if (spec->shifts > 0)
        count = spec->shift[0].count;
    if (spec->setup.model)
        count = 0;
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
    for (uint32_t i = 0; i < f->core && !spec->vacation.model; i++) {
        uint32_t hand = f->oldest_first ? i : f->core - 1 - i;
        f->hands[hand].state = HAND_IDLE;
        link_idle(f, hand);
    }
    e->idle = spec->vacation.model ? 0 : f->core;
    open_stream(f, plan, STAFF_START, &spec->start_delay, "start_delay");
    open_stream(f, plan, STAFF_KEEP_ALIVE, &spec->keep_alive, "keep_alive");
    open_stream(f, plan, STAFF_SETUP, &spec->setup, "setup");
    open_stream(f, plan, STAFF_VACATION, &spec->vacation, "vacation");
    open_stream(f, plan, STAFF_LIFE, &spec->time_to_failure, "time_to_failure");
    open_stream(f, plan, STAFF_REPAIR, &spec->repair_time, "repair_time");
    f->started = spec->setup.model ? xcalloc(most, sizeof *f->started) : NULL;
    for (uint32_t i = 0; i < f->core && spec->vacation.model; i++)
        fall_idle(e, i);
    for (uint32_t i = 0; i < f->core && spec->time_to_failure.model; i++)
        staff_live(e, i, false);
    if (spec->shifts > 0)
        staff_shift_first(e);
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
    free(f->front);
    free(f->started);
    free(f->pace);
    free(f->place);
    free(f);
}
