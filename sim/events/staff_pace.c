/* Consumers whose pace depends on how many are busy (staff.h). */
#include <math.h>

#include "events.h"
#include "staff.h"
#include "station.h"

static bool sooner(const struct paced *a, const struct paced *b)
{
    return a->key < b->key || (a->key == b->key && a->order < b->order);
}

static void put(struct staff *f, uint32_t at, struct paced p)
{
    f->pace[at] = p;
    f->place[p.hand] = at;
}

static void up(struct staff *f, uint32_t at)
{
    const struct paced moved = f->pace[at];
    for (; at > 0 && sooner(&moved, &f->pace[(at - 1) / 2]); at = (at - 1) / 2)
        put(f, at, f->pace[(at - 1) / 2]);
    put(f, at, moved);
}

static void down(struct staff *f, uint32_t at)
{
    const struct paced moved = f->pace[at];
    for (uint32_t child; (child = 2 * at + 1) < f->n_pace; at = child) {
        child += child + 1 < f->n_pace && sooner(&f->pace[child + 1], &f->pace[child]);
        if (!sooner(&f->pace[child], &moved))
            break;
        put(f, at, f->pace[child]);
    }
    put(f, at, moved);
}

static void take_out(struct events *e, uint32_t hand)
{
    struct staff *f = e->hands;
    const uint32_t at = f->place[hand];
    const struct paced last = f->pace[--f->n_pace];
    f->moved = true;
    if (f->first == hand) {
        f->first = NO_HAND;
        calendar_clear(&e->calendar, hand);
    }
    if (at == f->n_pace)
        return;
    put(f, at, last);
    down(f, at);
    up(f, f->place[last.hand]);
}

static double rate(const struct events *e)
{
    const struct staff_spec *spec = e->hands->spec;
    double contention = isnan(spec->contention) ? 0 : spec->contention;
    double coherency = isnan(spec->coherency) ? 0 : spec->coherency;
    return e->speed / staff_slowdown(contention, coherency, (double)e->serving);
}

void pace_give(struct events *e)
{
    struct staff *f = e->hands;
    if (e->clock > f->since && f->n_pace > 0)
        f->given += (e->clock - f->since) * rate(e);
    f->since = e->clock;
    f->moved = true;
}

void pace_begin(struct events *e, uint32_t hand, double work)
{
    struct staff *f = e->hands;
    put(f, f->n_pace++, (struct paced){f->given + work, e->agenda->sequence++, hand});
    up(f, f->n_pace - 1);
}

double pace_stop(struct events *e, uint32_t hand)
{
    struct staff *f = e->hands;
    double left = f->pace[f->place[hand]].key - f->given;
    take_out(e, hand);
    return left > 0 ? left : 0;
}

void pace_done(struct events *e, uint32_t hand)
{
    struct staff *f = e->hands;
    f->given = f->pace[f->place[hand]].key; /* to the bit, for those that tie with it */
    take_out(e, hand);
}

double pace_left(const struct events *e, uint32_t hand, double now)
{
    const struct staff *f = e->hands;
    double left = f->pace[f->place[hand]].key - f->given - (now - f->since) * rate(e);
    return left > 0 ? left : 0;
}

void pace_schedule(struct events *e)
{
    struct staff *f = e->hands;
    if (!f->moved)
        return;
    f->moved = false;
    if (f->first != NO_HAND)
        calendar_clear(&e->calendar, f->first);
    f->first = NO_HAND;
    if (f->n_pace == 0) {
        f->given = 0;
        return;
    }
    f->first = f->pace[0].hand;
    double left = f->pace[0].key - f->given;
    double done = f->since + (left > 0 ? left : 0) / rate(e);
    calendar_set(&e->calendar, event_make(done, EVENT_COMPLETION, e->agenda->sequence++, f->first));
}
