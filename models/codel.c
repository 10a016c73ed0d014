/*
 * CoDel: who has waited for longer than `target` without a break of `interval` is dropped when his
 * turn comes, and others the more often the longer this lasts (Nichols, Jacobson, McGregor and
 * Iyengar, "Controlled delay active queue management", RFC 8289, 2018, sections 4 and 5; the
 * control law: next drop at interval / sqrt(count) after the last). A task counts as a packet of
 * the largest size: where no more than one is left waiting, nobody is dropped.
 *
 * The loop of the RFC's dequeue() is cut at its calls of dodequeue(), each of which is one task
 * here: `since` says where it goes on.
 */
#include <math.h>

#include "../sim/scenario/drop.h"

struct codel {
    double target, interval;
};
_Static_assert(sizeof(struct codel) <= DROP_BYTES, "fits the block");

enum { NOTHING, THE_FIRST, ANOTHER };

static const struct param rows[] = {{.name = "target",
                                     .kind = PARAM_DURATION,
                                     .offset = offsetof(struct codel, target),
                                     .high = 1e12,
                                     .preset = "5ms",
                                     .help = "a wait that is all right"},
                                    {.name = "interval",
                                     .kind = PARAM_DURATION,
                                     .offset = offsetof(struct codel, interval),
                                     .high = 1e12,
                                     .preset = "100ms",
                                     .help = "when waits have been above target for so long the "
                                             "first task is dropped",
                                     .flags = PARAM_OPEN_LOW},
                                    {0}};

/* dodequeue(): whether it is all right to drop. */
static bool is_late(const struct codel *p, struct drop_state *s, double now, double wait,
                    uint64_t left)
{
    if (wait < p->target || left <= 1) {
        s->first_above = 0;
        return false;
    }
    if (s->first_above == 0) {
        s->first_above = now + p->interval;
        return false;
    }
    return now >= s->first_above;
}

static double control_law(const struct codel *p, double time, uint64_t count)
{
    return time + p->interval / sqrt((double)count);
}

static void enter(const struct codel *p, struct drop_state *s, double now)
{
    uint64_t delta = s->count - s->last;
    s->dropping = true;
    s->count = delta > 1 && now - s->next < 16 * p->interval ? delta : 1;
    s->next = control_law(p, now, s->count);
    s->last = s->count;
}

static bool at_turn(const void *params, struct drop_state *s, double now, double wait,
                    uint64_t left)
{
    const struct codel *p = params;
    const bool late = is_late(p, s, now, wait, left);
    const int since = s->since;
    s->since = NOTHING;
    if (since == THE_FIRST) /* the one behind the first is served */
        return false;
    if (!s->dropping) {
        if (!late)
            return false;
        enter(p, s, now);
        s->since = THE_FIRST;
        return true;
    }
    s->dropping = late;
    if (since == ANOTHER && late)
        s->next = control_law(p, s->next, s->count);
    if (!s->dropping || now < s->next)
        return false;
    s->count++;
    s->since = ANOTHER;
    return true;
}

static void emptied(struct drop_state *s)
{
    s->first_above = 0;
    s->dropping = false;
    s->since = NOTHING;
}

const struct drop_rule drop_codel = {
    .model = {.name = "codel",
              .help = "by how long tasks have waited when their turn comes (RFC 8289)",
              .rows = rows},
    .at_turn = at_turn,
    .emptied = emptied,
};
