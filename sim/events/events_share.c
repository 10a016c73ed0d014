#include "events_share.h"

#include <stdlib.h>

#include "../base/err.h"
#include "events_share_step.h"

/* At a speed that is new. */
static void tabulate(struct sharing *s, double consumers, double speed)
{
    for (int n = 0; n < PORTIONS; n++)
        s->table[n] = portion_of(n, consumers, speed);
}

void sharing_init(struct sharing *s, double consumers, double speed)
{
    *s = (struct sharing){.next = CALENDAR_NEVER, .table = xmalloc(PORTIONS * sizeof *s->table)};
    tabulate(s, consumers, speed);
}

void sharing_slow(struct events *e, const struct staff_spec *spec)
{
    struct sharing *s = &e->sharing;
    if (!spec)
        return;
    s->contention = spec->contention > 0 ? spec->contention : 0;
    s->coherency = spec->coherency > 0 ? spec->coherency : 0;
    if (s->contention > 0 || s->coherency > 0)
        s->alone = e->speed;
}

void sharing_weigh(struct events *e)
{
    for (int i = 0; i < MAX_CLASSES; i++)
        e->sharing.weighted |= e->room->weight[i] != 1;
}

void sharing_free(struct sharing *s)
{
    free(s->table);
    free(s->waits);
}

void sharing_reserve(struct sharing *s, uint32_t slots)
{
    s->slots = slots;
    s->waits = xrealloc(s->waits, slots * sizeof *s->waits);
}

void share_adopt(struct events *e, double speed)
{
    if (speed == (e->sharing.alone > 0 ? e->sharing.alone : e->speed))
        return;
    share_give(e, e->now);
    if (e->sharing.alone > 0)
        e->sharing.alone = speed;
    else
        e->speed = speed;
    tabulate(&e->sharing, (double)e->consumers, speed);
    share_schedule(e, e->shape);
}

void share_flow(const struct events *e, struct flow *out)
{
    const struct sharing *s = &e->sharing;
    double used = s->used + (e->now - s->since) * s->share;
    double n = s->weighted ? s->weight : e->room->n;
    out->shared_area = out->queue_area;
    out->queue_area = 0;
    out->waiting -= e->waiting;
    out->service_sum += n * used - s->used_by_inside;
}
