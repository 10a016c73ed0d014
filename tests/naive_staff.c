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
    const struct staff_spec *s = said(w, x);
    return x->owner == x->number && s &&
           (s->max > 0 || s->setup.model || s->vacation.model || s->shifts > 0 ||
            s->time_to_failure.model);
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

/* What a task counts for among those that share its consumer (several: each as much). */
double naive_weight(const struct world *w, const struct station *owner, const struct visit *v)
{
    const struct scenario *s = w->network->scenario;
    const uint32_t class = w->requests[v->request].class;
    bool given = class < (uint32_t)s->classes_count && s->classes[class].weight > 0;
    return naive_station_shares(w, owner) && given ? s->classes[class].weight : 1;
}

static double weights(const struct world *w, const struct station *owner)
{
    double sum = 0;
    for (size_t i = 0; i < owner->service.n; i++)
        sum += naive_weight(w, owner, &w->visits[owner->service.items[i]]);
    return sum;
}

/* Then: the work that each is given in a second; of one that is shared, for a weight of 1. */
double naive_rate(const struct world *w, const struct station *owner)
{
    double n = (double)owner->service.n, each = owner->speed * owner->pace;
    each /= naive_slowdown(w, owner, n);
    bool shares = naive_station_shares(w, owner), few = n <= owner->consumers || !shares;
    if (shares && owner->consumers == 1)
        return n == 0 ? each : each / weights(w, owner);
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
    const struct staff_spec *s = said(w, x);
    x->most = fmax(value(s->max), x->consumers);
    for (size_t k = 0; k < (size_t)s->shifts; k++)
        x->most = fmax(x->most, s->shift[k].count);
    const size_t room = (size_t)x->most + 1;
    x->idlers = xcalloc(room, sizeof *x->idlers);
    x->away = xcalloc(room, sizeof *x->away);
    x->broken = xcalloc(room, sizeof *x->broken);
    x->lives = xcalloc(room, sizeof *x->lives);
    x->shift = INFINITY;
    if (s->setup.model)
        x->consumers = 0;
    if (s->shifts > 0)
        x->consumers = s->shift[0].count;
    x->there = x->consumers;
    for (uint32_t i = (uint32_t)x->consumers; i-- > 0 && !s->vacation.model;) {
        bool longest = s->wakes == WAKES_LONGEST;
        uint32_t hand = longest ? (uint32_t)x->consumers - 1 - i : i;
        x->idlers[x->n_idlers++] = (struct idler){INFINITY, 0, hand};
    }
    for (uint32_t i = 0; i < (uint32_t)x->consumers && s->vacation.model; i++)
        naive_staff_idle(w, x);
    x->n_lives = s->time_to_failure.model ? (size_t)x->consumers : 0;
    for (uint32_t i = 0; i < x->n_lives; i++)
        naive_staff_live(w, x, i, false);
    if (s->shifts > 0 && (s->shifts > 1 || s->repeat == 1)) {
        x->shift = s->shift[0].until;
        x->shift_mark = w->marks++;
    }
}

/* One of the idle is taken. */
void naive_staff_take(struct world *w, struct station *x)
{
    x->hand = x->idlers[said(w, x)->wakes == WAKES_LONGEST ? 0 : x->n_idlers - 1].hand;
    if (said(w, x)->wakes == WAKES_LONGEST)
        memmove(x->idlers, x->idlers + 1, (x->n_idlers - 1) * sizeof *x->idlers);
    x->n_idlers--;
}

void naive_staff_idle(struct world *w, struct station *x)
{
    const struct staff_spec *s = said(w, x);
    struct idler idle = {INFINITY, 0, x->hand};
    if (s->vacation.model) {
        idle.mark = w->marks++;
        idle.time = w->now + drawn(w, x, &s->vacation, "vacation", &x->drawn_away);
        x->away[x->n_away++] = idle;
        return;
    }
    if (s->setup.model && !s->keep_alive.model) {
        x->there--;
        return;
    }
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
    free(x->away);
    free(x->broken);
    free(x->lives);
}

/* As many are set up as wait. */
void naive_staff_set_up(struct world *w, struct station *x)
{
    const struct staff_spec *s = said(w, x);
    if (!s || !s->setup.model)
        return;
    const double waiting = naive_station_waiting(w, x) + (double)x->line.n;
    while ((double)x->n_starts < waiting && x->there < x->most) {
        double delay = drawn(w, x, &s->setup, "setup", &x->drawn_setups);
        x->starts = xrealloc(x->starts, (x->n_starts + 1) * sizeof *x->starts);
        x->starts[x->n_starts++] = (struct start){w->now + delay, w->marks++, NONE};
        x->there++;
    }
    for (; (double)x->n_starts > waiting; x->n_starts--)
        x->there--;
}

/* One comes back from vacation. */
void naive_staff_back(struct world *w, struct station *x, size_t i)
{
    memmove(x->away + i, x->away + i + 1, (--x->n_away - i) * sizeof *x->away);
    naive_station_take_next(w, x);
    naive_station_let_in(w, x);
}

/* Whether one that is free fails now, or is one too many by the clock. */
bool naive_staff_leaves(struct world *w, struct station *x)
{
    const struct staff_spec *s = said(w, x);
    if (x->n_lives > 0 && x->lives[x->hand].breaks) {
        x->lives[x->hand].breaks = false;
        naive_staff_fail(w, x, x->hand);
        return true;
    }
    if (s->shifts == 0 || x->there <= s->shift[x->piece].count)
        return false;
    x->there--;
    return true;
}

void naive_staff_shift(struct world *w, struct station *x)
{
    const struct staff_spec *s = said(w, x);
    const size_t pieces = (size_t)s->shifts;
    if (++x->piece == pieces) {
        x->piece = 0;
        x->cycle += s->shift[pieces - 1].until;
    }
    bool last = x->piece + 1 == pieces && s->repeat != 1;
    x->shift = last ? INFINITY : x->cycle + s->shift[x->piece].until;
    x->shift_mark = w->marks++;
    for (; x->n_idlers > 0 && x->there > s->shift[x->piece].count; x->there--)
        x->n_idlers--;
    while (x->there < s->shift[x->piece].count) {
        x->there++;
        naive_station_take_next(w, x);
    }
    naive_station_let_in(w, x);
}

static double drawn_of(struct world *w, struct station *x, const struct law *law, const char *what,
                       uint32_t hand, uint64_t n)
{
    const struct network_stage *stage = &w->network->stages[x->stage];
    bool alone = stage->replicas == 1 && strcmp(stage->name, "main") == 0;
    struct stream stream =
        stream_of(w->seed, w->replication,
                  alone ? internf("consumers.%s", what)
                        : internf("stages.%s.%u.consumers.%s", stage->name, x->replica, what));
    stream = stream_turn(&stream, hand);
    double t;
    law_model(law)->fill(law->params, &stream, n, 1, &t);
    return t;
}

/* It is as good as new; or begins to serve. */
void naive_staff_live(struct world *w, struct station *x, uint32_t hand, bool serves)
{
    if (x->n_lives == 0 || (serves && said(w, x)->fails != FAILS_SERVING))
        return;
    struct life *life = &x->lives[hand];
    if (!serves) {
        life->left = drawn_of(w, x, &said(w, x)->time_to_failure, "time_to_failure", hand, life->n);
        life->fails = INFINITY;
    }
    if (serves || said(w, x)->fails != FAILS_SERVING) {
        life->fails = w->now + life->left;
        life->mark = w->marks++;
    }
}

/* It has stopped serving. */
void naive_staff_rest(struct world *w, const struct visit *v)
{
    struct station *x = owner_of(w, station_of(w, v));
    if (x->n_lives == 0 || said(w, x)->fails != FAILS_SERVING ||
        x->lives[v->hand].fails == INFINITY)
        return;
    x->lives[v->hand].left -= w->now - v->since;
    x->lives[v->hand].fails = INFINITY;
}

/* What becomes of the task of one that fails at work. */
static void put_back(struct world *w, struct station *x, uint32_t visit)
{
    const enum staff_failed how =
        isnan(said(w, x)->failed) ? FAILED_RESUMES : (enum staff_failed)said(w, x)->failed;
    naive_station_interrupt(w, x, visit);
    struct visit *v = &w->visits[visit];
    if (how == FAILED_IS_LOST) {
        naive_lost_later(w, visit, LOSS_ERROR);
        return;
    }
    if (how == FAILED_RESTARTS)
        v->rest = v->size;
    v->spot = SPOT_BUFFER;
    v->returned = ++x->returns;
    naive_list_add_first(&x->waiting, visit);
}

void naive_staff_fail(struct world *w, struct station *x, uint32_t hand)
{
    struct life *life = &x->lives[hand];
    life->fails = INFINITY;
    for (size_t i = 0; i < x->service.n; i++) {
        const struct visit *v = &w->visits[x->service.items[i]];
        if (v->hand != hand)
            continue;
        if (v->spot != SPOT_SERVICE) { /* when it is let go */
            life->breaks = true;
            return;
        }
        put_back(w, x, x->service.items[i]);
        break;
    }
    for (size_t i = 0; i < x->n_idlers; i++)
        if (x->idlers[i].hand == hand) {
            memmove(x->idlers + i, x->idlers + i + 1, (--x->n_idlers - i) * sizeof *x->idlers);
            break;
        }
    x->there--;
    double repair = drawn_of(w, x, &said(w, x)->repair_time, "repair_time", hand, life->n++);
    x->broken[x->n_broken++] = (struct idler){w->now + repair, w->marks++, hand};
    while (x->n_idlers > 0 && x->waiting.n > 0) {
        naive_staff_take(w, x);
        naive_station_take_next(w, x);
    }
}

void naive_staff_repaired(struct world *w, struct station *x, size_t i)
{
    x->hand = x->broken[i].hand;
    memmove(x->broken + i, x->broken + i + 1, (--x->n_broken - i) * sizeof *x->broken);
    x->there++;
    naive_staff_live(w, x, x->hand, false);
    naive_station_take_next(w, x);
    naive_station_let_in(w, x);
}

/* Whether its service ends in an error. */
bool naive_fails(struct world *w, const struct visit *v)
{
    const struct staff_spec *s = stage_of(w, v)->staff;
    return s && s->error_rate > 0 && naive_uniform(w, v, DRAW_ERROR, 0) < s->error_rate;
}
