#include "events_share.h"

#include <stdlib.h>

#include "../base/err.h"
#include "events_share_step.h"

struct sharing *sharing_new(void)
{
    struct sharing *s = xcalloc(1, sizeof *s);
    s->next = CALENDAR_NEVER;
    return s;
}

void sharing_free(struct sharing *s)
{
    if (s)
        free(s->waits);
    free(s);
}

void sharing_reserve(struct sharing *s, uint32_t slots)
{
    s->slots = slots;
    s->waits = xrealloc(s->waits, slots * sizeof *s->waits);
}

void share_adopt(struct events *e, double speed)
{
    if (speed == e->speed)
        return;
    share_give(e, e->now);
    e->speed = speed;
    share_schedule(e, e->shape);
}

void share_flow(const struct events *e, struct flow *out)
{
    const struct sharing *s = e->sharing;
    double used = s->used + (e->now - s->since) * s->share, n = e->room->n;
    out->shared_area = out->queue_area;
    out->queue_area = 0;
    out->waiting -= e->waiting;
    out->service_sum += n * used - s->used_by_inside;
}
