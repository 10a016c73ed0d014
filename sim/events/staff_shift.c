/* Consumers by the clock, and consumers that are set up for whoever waits (staff.h). */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "staff_rules.h"

/* ---- schedule ---- */

uint32_t staff_wanted(const struct events *e)
{
    const struct staff *f = e->hands;
    return (uint32_t)f->spec->shift[f->piece].count;
}

bool staff_too_many(const struct events *e)
{
    const struct staff *f = e->hands;
    return f->spec->shifts > 0 && f->there > staff_wanted(e);
}

void staff_shift_first(struct events *e)
{
    const struct staff *f = e->hands;
    const struct staff_spec *s = f->spec;
    const uint32_t leaf = (uint32_t)e->consumers + STAFF_LEAF_SHIFT;
    if (f->piece + 1 == (uint32_t)s->shifts && s->repeat != 1)
        calendar_clear(&e->calendar, leaf);
    else
        calendar_set(&e->calendar, event_make(f->cycle + s->shift[f->piece].until, EVENT_RESUMPTION,
                                              e->agenda->sequence++, leaf));
}

void staff_shift(struct events *e)
{
    struct staff *f = e->hands;
    const uint32_t pieces = (uint32_t)f->spec->shifts;
    if (++f->piece == pieces) {
        f->piece = 0;
        f->cycle += f->spec->shift[pieces - 1].until;
    }
    staff_shift_first(e);
    while (e->idle > 0 && staff_too_many(e)) {
        uint32_t last = f->oldest_first ? f->last_idle : f->first_idle;
        staff_unlink_idle(e, last);
        staff_go(e, last);
    }
    while (f->there < staff_wanted(e))
        staff_free_hand(e, staff_add(e));
}

/* ---- setup ---- */

void staff_is_set_up(struct events *e, uint32_t hand)
{
    struct staff *f = e->hands;
    uint32_t i = 0;
    while (f->started[i] != hand)
        i++;
    memmove(f->started + i, f->started + i + 1, (--f->n_started - i) * sizeof *f->started);
}

void staff_set_up(struct events *e)
{
    struct staff *f = e->hands;
    uint64_t waiting = e->waiting + outside_count(e, STAFFED);
    while (f->starting < waiting && f->n_off > 0) {
        uint32_t hand = staff_add(e);
        f->started[f->n_started++] = hand;
        staff_start(e, hand);
    }
    while (f->starting > waiting) {
        f->starting--;
        staff_go(e, f->started[--f->n_started]);
    }
}
