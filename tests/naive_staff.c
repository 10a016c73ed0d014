/* Consumers that come and go, and whose pace changes: more rules of one station, for those whose
 * stage says so (networks.md, "More keys"). The idle ones are a list in the order in which they
 * fell idle. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "naive_world.h"

static const struct staff_spec *said(const struct world *w, const struct station *x)
{
    return w->network->stages[x->stage].staff;
}

static double value(double x)
{
    return isnan(x) ? 0 : x;
}

static bool may_grow(const struct world *w, const struct station *x)
{
    return said(w, x) && said(w, x)->max > 0 && x->there < said(w, x)->max;
}

/* Whether they are more than a number: idle ones are counted one by one. */
bool naive_staffed(const struct world *w, const struct station *x)
{
    return x->owner == x->number && said(w, x) && said(w, x)->max > 0;
}

double naive_slowdown(const struct world *w, const struct station *x, double n)
{
    const struct staff_spec *s = said(w, x);
    if (!s || n <= 1)
        return 1;
    return 1 + value(s->contention) * (n - 1) + value(s->coherency) * n * (n - 1);
}

bool naive_paced(const struct world *w, const struct station *x)
{
    const struct staff_spec *s = said(w, x);
    return s && (s->contention > 0 || s->coherency > 0);
}

/* Whether how fast each is served depends on how many others there are. */
bool naive_slows(const struct world *w, const struct station *owner)
{
    return naive_station_shares(w, owner) || naive_paced(w, owner);
}

/* Then: the work that each is given in a second. */
double naive_rate(const struct world *w, const struct station *owner)
{
    double n = (double)owner->service.n, each = owner->speed * owner->pace;
    each /= naive_slowdown(w, owner, n);
    bool few = n <= owner->consumers || !naive_station_shares(w, owner);
    return few ? each : each * owner->consumers / n;
}

static double drawn(struct world *w, struct station *x, const struct law *law, const char *what,
                    uint64_t *n)
{
    const struct network_stage *stage = &w->network->stages[x->stage];
    bool alone = stage->replicas == 1 && strcmp(stage->name, "main") == 0;
    struct stream stream =
        stream_of(w->seed, w->replication,
                  alone ? internf("consumers.%s", what)
                        : internf("stages.%s.%u.consumers.%s", stage->name, x->replica, what));
    double t;
    law_model(law)->fill(law->params, &stream, (*n)++, 1, &t);
    return t;
}

static void add_timer(struct world *w, struct station *x, uint32_t visit)
{
    x->starts = xrealloc(x->starts, (x->n_starts + 1) * sizeof *x->starts);
    double delay = drawn(w, x, &said(w, x)->start_delay, "start_delay", &x->drawn_starts);
    x->starts[x->n_starts++] = (struct start){w->now + delay, w->marks++, visit};
}

void naive_staff_begin(struct world *w, struct station *x)
{
    x->there = x->consumers;
    x->idlers =
        xcalloc((size_t)(fmax(value(said(w, x)->max), x->consumers) + 1), sizeof *x->idlers);
    for (; x->n_idlers < (size_t)x->consumers; x->n_idlers++)
        x->idlers[x->n_idlers] = (struct resumption){INFINITY, 0};
}

/* One of the idle is taken. */
void naive_staff_take(struct world *w, struct station *x)
{
    if (said(w, x)->wakes == WAKES_LONGEST)
        memmove(x->idlers, x->idlers + 1, (x->n_idlers - 1) * sizeof *x->idlers);
    x->n_idlers--;
}

void naive_staff_idle(struct world *w, struct station *x)
{
    const struct staff_spec *s = said(w, x);
    struct resumption idle = {INFINITY, 0};
    if (s->keep_alive.model && x->there > x->consumers) {
        idle.mark = w->marks++;
        idle.time = w->now + drawn(w, x, &s->keep_alive, "keep_alive", &x->drawn_idles);
    }
    x->idlers[x->n_idlers++] = idle;
}

/* It has been idle for so long. */
void naive_staff_expire(struct world *w, struct station *x, size_t i)
{
    if (x->there <= x->consumers) {
        x->idlers[i].time = INFINITY;
        return;
    }
    x->there--;
    memmove(x->idlers + i, x->idlers + i + 1, (--x->n_idlers - i) * sizeof *x->idlers);
    naive_station_let_in(w, x);
}

/* Whether the visit, which finds nobody idle, has a consumer of its own made, which it begins with
 * at once or when that has started. */
bool naive_staff_grows(struct world *w, struct station *x, bool place)
{
    if (!naive_staffed(w, x) || !may_grow(w, x))
        return false;
    bool delay = said(w, x)->start_delay.model;
    return said(w, x)->grow == GROW_WHEN_BUSY ? !delay : !place;
}

/* A consumer for the visit alone; true: it is to begin now. */
bool naive_staff_grow(struct world *w, struct station *x, uint32_t visit)
{
    x->there++;
    if (!said(w, x)->start_delay.model)
        return true;
    w->visits[visit].spot = SPOT_STARTING;
    w->visits[visit].deadline = INFINITY;
    naive_station_give(w, x);
    naive_list_add(&x->service, visit);
    add_timer(w, x, visit);
    return false;
}

/* A visit found nobody idle beside so many that waited: one more may be started for all. */
void naive_staff_ask(struct world *w, struct station *x, double waited)
{
    size_t starting = 0;
    if (!naive_staffed(w, x) || !may_grow(w, x))
        return;
    for (size_t i = 0; i < x->n_starts; i++)
        starting += x->starts[i].visit == NONE;
    bool busy = said(w, x)->grow == GROW_WHEN_BUSY;
    if (busy ? (double)starting > waited : x->there > 0 || x->waiting.n == 0)
        return;
    x->there++;
    if (said(w, x)->start_delay.model)
        add_timer(w, x, NONE);
    else
        naive_station_take_next(w, x);
}

/* One has started. */
void naive_staff_started(struct world *w, struct station *x, size_t i)
{
    uint32_t visit = x->starts[i].visit;
    memmove(x->starts + i, x->starts + i + 1, (--x->n_starts - i) * sizeof *x->starts);
    if (visit != NONE)
        naive_station_start(w, visit);
    else
        naive_station_take_next(w, x);
    naive_station_let_in(w, x);
}

/* A visit does not wait any more for the consumer that starts for it: that is for anybody. */
void naive_staff_leave(struct world *w, struct station *x, uint32_t visit)
{
    for (size_t i = 0; i < x->n_starts; i++)
        if (x->starts[i].visit == visit)
            x->starts[i].visit = NONE;
    naive_station_give(w, x);
    naive_list_take(&x->service, naive_list_find(&x->service, visit));
    naive_station_let_in(w, x);
}

void naive_staff_end(struct station *x)
{
    free(x->idlers);
    free(x->starts);
}

/* Whether its service ends in an error. */
bool naive_fails(struct world *w, const struct visit *v)
{
    const struct staff_spec *s = stage_of(w, v)->staff;
    return s && s->error_rate > 0 && naive_uniform(w, v, DRAW_ERROR, 0) < s->error_rate;
}
