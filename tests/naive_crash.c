/* Machines that fall over, and come back: what is on them, who is told. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../sim/scenario/distribution.h"
#include "../sim/scenario/trouble.h"
#include "naive_world.h"

static const struct trouble_spec *trouble_of(const struct world *w, const struct machine *m)
{
    return w->network->stages[m->stage].trouble;
}

static void set(struct world *w, struct machine *m, int what, double time)
{
    m->times[what] = time;
    m->marks[what] = w->marks++;
}

static double draw(struct world *w, const struct machine *m, const struct law *law, const char *key,
                   uint64_t n)
{
    const char *name = w->network->stages[m->stage].name;
    struct stream stream =
        stream_of(w->seed, w->replication, internf("stages.%s.%u.crash.%s", name, m->replica, key));
    double x;
    law_model(law)->fill(law->params, &stream, n, 1, &x);
    return x;
}

static void live(struct world *w, struct machine *m)
{
    const struct law *every = &trouble_of(w, m)->crash.every;
    if (every->model)
        set(w, m, MACHINE_FALLS, w->now + draw(w, m, every, "every", m->lives++));
}

void naive_crash_begin(struct world *w)
{
    const struct network *n = w->network;
    for (uint32_t i = 0; i < n->n_stages; i++)
        for (uint32_t r = 0; r < n->stages[i].replicas; r++) {
            if (!n->stages[i].trouble || !crash_is_given(&n->stages[i].trouble->crash))
                continue;
            w->machines = xrealloc(w->machines, (w->n_machines + 1) * sizeof *w->machines);
            w->machines[w->n_machines++] =
                (struct machine){.stage = i, .replica = r, .times = {INFINITY, INFINITY, INFINITY}};
        }
    for (size_t i = 0; i < w->n_machines; i++)
        live(w, &w->machines[i]);
}

/* The machine of a station: that of its pool's stage. */
static bool is_on(const struct world *w, const struct machine *m, const struct station *x)
{
    const struct network_stage *pool = &w->network->stages[w->network->stages[x->stage].pool];
    return pool->machines == m->stage && x->replica == m->replica;
}

const struct machine *naive_crash_machine(const struct world *w, const struct station *x)
{
    for (size_t i = 0; i < w->n_machines; i++)
        if (is_on(w, &w->machines[i], x))
            return &w->machines[i];
    return NULL;
}

/* Whether what is at a station is there when its machine comes up again. */
static bool keeps(const struct world *w, const struct machine *m, const struct station *x)
{
    double what = trouble_of(w, m)->crash.keeps;
    return what == KEEPS_ALL ||
           (what == KEEPS_DURABLE && w->network->stages[x->stage].stage->durable == 1);
}

/* Whether the machine has a visit that it loses. */
static bool holds(struct world *w, const struct machine *m, const struct visit *v)
{
    bool there = (v->spot == SPOT_LINE && v->from == NONE) || v->spot == SPOT_BUFFER ||
                 v->spot == SPOT_SERVICE || v->spot == SPOT_PROMISE || v->spot == SPOT_CALLS ||
                 v->spot == SPOT_DONE;
    return there && is_on(w, m, station_of(w, v)) && !keeps(w, m, station_of(w, v));
}

static bool is_first(const struct world *w, const struct visit *a, const struct visit *b)
{
    const struct request *x = &w->requests[a->request], *y = &w->requests[b->request];
    if (x->inlet != y->inlet)
        return x->inlet < y->inlet;
    if (x->number != y->number)
        return x->number < y->number;
    return a->stage != b->stage ? a->stage < b->stage : a->turn < b->turn;
}

/* What it has handed on, and is taken by nobody, comes nowhere. */
static void call_back(struct world *w, uint32_t visit)
{
    const uint32_t group_of = w->visits[visit].group;
    for (size_t i = 0; i < w->alive.n; i++) {
        uint32_t next = w->alive.items[i];
        struct visit *n = &w->visits[next];
        if (n->from != visit || n->spot != SPOT_LINE || n->promised)
            continue;
        bool copy = n->group != group_of;
        struct station *x = station_of(w, n);
        uint32_t group = n->group, request = n->request;
        double way = n->way, size = n->carried;
        naive_station_leave_line(w, next);
        n->from = NONE;
        naive_station_let_in(w, x);
        if (copy)
            w->visits[visit].group = NONE; /* its copies are members for it */
        if (copy)
            naive_tell_group(w, group, request, NETWORK_EXIT, size, way);
        naive_end(w, next);
        i--;
    }
}

static void lose(struct world *w, uint32_t visit)
{
    struct visit *v = &w->visits[visit];
    uint32_t station = v->station;
    if (v->spot == SPOT_DONE && v->pending == 0) { /* it has just been taken */
        naive_release(w, visit);
        return;
    }
    if (v->spot == SPOT_LINE)
        naive_station_leave_line(w, visit);
    else if (v->spot == SPOT_BUFFER)
        naive_station_leave_buffer(w, visit);
    else if (v->spot == SPOT_SERVICE || v->spot == SPOT_PROMISE) {
        struct station *owner = owner_of(w, &w->stations[station]);
        if (v->spot == SPOT_SERVICE)
            v->rest = naive_station_left(w, owner, v);
        naive_station_drop(w, owner, visit);
        v->start = NAN; /* it is not told of what does not end */
    }
    call_back(w, visit);
    naive_lose(w, visit, LOSS_CRASHED);
}

/* What is in service or waits for answers there begins anew some time: the last one first goes to
 * the front. */
static void put_back(struct world *w, struct station *x)
{
    struct station *owner = owner_of(w, x);
    for (;;) {
        uint32_t last = NONE;
        for (size_t i = 0; i < owner->service.n; i++) {
            uint32_t visit = owner->service.items[i];
            const struct visit *v = &w->visits[visit];
            bool at = v->spot == SPOT_SERVICE || v->spot == SPOT_CALLS;
            if (at && v->station == x->number && (last == NONE || is_first(w, &w->visits[last], v)))
                last = visit;
        }
        if (last == NONE)
            return;
        struct visit *v = &w->visits[last];
        naive_station_drop(w, owner, last);
        naive_give_up(w, last);
        free(v->left);
        v->left = NULL;
        v->spot = SPOT_BUFFER;
        v->way -= v->start - v->arrival; /* what answers have added stays */
        v->start = NAN;
        v->rest = v->size;
        v->deadline = INFINITY;
        v->step = 0;
        v->spent = 0;
        v->served = INFINITY;
        v->order = w->fronts--;
        naive_list_add(&owner->waiting, last);
    }
}

static void fall(struct world *w, struct machine *m)
{
    const struct trouble_spec *t = trouble_of(w, m);
    m->down = true;
    for (uint32_t i = 0; i < w->network->n_stations; i++) {
        struct station *x = &w->stations[i];
        if (!is_on(w, m, x))
            continue;
        x->n_calls = 0;
        if (x->owner == i && x->pace != 0)
            naive_station_pace(w, x, 0);
        if (keeps(w, m, x))
            put_back(w, x);
    }
    struct list victims = {0};
    for (size_t i = 0; i < w->alive.n; i++)
        if (holds(w, m, &w->visits[w->alive.items[i]]))
            naive_list_add(&victims, w->alive.items[i]);
    while (victims.n > 0) {
        size_t first = 0;
        for (size_t i = 1; i < victims.n; i++)
            if (is_first(w, &w->visits[victims.items[i]], &w->visits[victims.items[first]]))
                first = i;
        uint32_t visit = naive_list_take(&victims, first);
        if (holds(w, m, &w->visits[visit]))
            lose(w, visit);
    }
    free(victims.items);
    m->times[MACHINE_FALLS] = INFINITY;
    if (t->health_check > 0)
        set(w, m, MACHINE_NOTICED, w->now + t->health_check);
    else
        m->out = true;
    if (t->crash.restart.model)
        set(w, m, MACHINE_RESTARTS, w->now + draw(w, m, &t->crash.restart, "restart", m->crashes));
    m->crashes++;
}

static void come_back(struct world *w, struct machine *m)
{
    m->down = m->out = false;
    m->times[MACHINE_NOTICED] = m->times[MACHINE_RESTARTS] = INFINITY;
    for (uint32_t i = 0; i < w->network->n_stations; i++) {
        struct station *x = &w->stations[i];
        if (!is_on(w, m, x))
            continue;
        const struct network_stage *pool = &w->network->stages[w->network->stages[x->stage].pool];
        double pace = naive_trouble_pace(w, &w->stations[pool->first_station + x->replica]);
        if (x->owner == i && pace != x->pace)
            naive_station_pace(w, x, pace);
        x->filled = w->now;
        naive_station_let_in(w, x);
    }
    if (naive_goes_on(w))
        live(w, m);
}

/* Its own stage's buffer. */
static struct station *buffer_of(struct world *w, const struct machine *m)
{
    return &w->stations[w->network->stages[m->stage].first_station + m->replica];
}

double naive_crash_full(struct world *w, const struct machine *m)
{
    struct station *x = buffer_of(w, m);
    double most = trouble_of(w, m)->crash.full_for;
    bool full = naive_station_waiting(w, x) >= x->capacity && !naive_station_is_idle(w, x);
    return most > 0 && !m->down && full ? fmax(w->now, x->filled + most) : INFINITY;
}

static double held_by(struct world *w, const struct machine *m)
{
    double bytes = 0;
    for (size_t i = 0; i < w->alive.n; i++) {
        const struct visit *v = &w->visits[w->alive.items[i]];
        bool there = v->spot == SPOT_BUFFER || v->spot == SPOT_SERVICE || v->spot == SPOT_PROMISE ||
                     v->spot == SPOT_CALLS || v->spot == SPOT_DONE;
        if (there && is_on(w, m, station_of(w, v)) && stage_of(w, v)->stage->durable != 1)
            bytes += v->bytes;
    }
    return bytes;
}

bool naive_crash_look(struct world *w)
{
    for (size_t i = 0; i < w->n_machines; i++) {
        struct machine *m = &w->machines[i];
        double memory = trouble_of(w, m)->crash.memory;
        if (memory > 0 && !m->down && held_by(w, m) > memory) {
            fall(w, m);
            return true;
        }
    }
    return false;
}

void naive_crash_turn(struct world *w, size_t machine, int what)
{
    struct machine *m = &w->machines[machine];
    if (what == MACHINE_FULL) { /* which has no time of its own */
        fall(w, m);
        return;
    }
    m->times[what] = INFINITY;
    if (what == MACHINE_FALLS)
        fall(w, m);
    else if (what == MACHINE_RESTARTS)
        come_back(w, m);
    else
        m->out = true;
}
