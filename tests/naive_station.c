/* One station: the rules of sim/engine/engine.h, for visits. Stations that share consumers have
 * their buffers for themselves; who waits in any of them is in one list, their owner's, and the
 * order of entering decides where arrival does in a single stage. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "naive_world.h"

static double idle(struct world *w, const struct station *x)
{
    const struct station *owner = owner_of(w, x);
    bool unlimited = isinf(owner->consumers) || naive_station_shares(w, owner);
    if (owner->pace == 0 && !unlimited)
        return 0; /* nobody begins anything */
    if (naive_staffed(w, owner))
        return (double)owner->n_idlers;
    if (naive_batched(w, owner))
        return naive_batch_idle(w, owner);
    return fmax(0, owner->consumers - (double)owner->service.n);
}

bool naive_station_is_idle(struct world *w, const struct station *x)
{
    return idle(w, x) > 0;
}

/* Those in the buffer of this very station; of shared consumers, those beyond them. */
double naive_station_waiting(struct world *w, const struct station *x)
{
    const struct station *owner = owner_of(w, x);
    if (naive_station_shares(w, x))
        return fmax(0, (double)owner->service.n - owner->consumers);
    double n = 0;
    for (size_t i = 0; i < owner->waiting.n; i++)
        n += w->visits[owner->waiting.items[i]].station == x->number;
    return n;
}

double naive_waiting(struct world *w, const struct station *x)
{
    double n = naive_station_waiting(w, x);
    for (size_t i = 0; i < x->line.n; i++)
        n += w->visits[x->line.items[i]].there;
    return n;
}

static double room_of(struct world *w, struct station *x)
{
    return idle(w, x) + x->capacity - naive_station_waiting(w, x) - x->reserved;
}

/* Whether it may come in, behind `called` others outside that will: there is a place, and it is
 * small enough for the buffer, or need not wait there. */
bool naive_station_fits(struct world *w, struct station *x, const struct visit *v, size_t called)
{
    const struct station *owner = owner_of(w, x);
    double bytes = v->bytes;
    if (naive_batched(w, x))
        return naive_batch_fits(w, x, v);
    if (room_of(w, x) <= (double)called)
        return false;
    for (size_t i = 0; i < owner->waiting.n; i++)
        if (w->visits[owner->waiting.items[i]].station == x->number)
            bytes += w->visits[owner->waiting.items[i]].bytes;
    for (size_t i = 0; i < called; i++)
        bytes += w->visits[x->line.items[i]].bytes;
    return bytes <= x->max_bytes || idle(w, x) > (double)called;
}

/* For one more, who need not wait outside behind others. */
bool naive_station_has_room(struct world *w, struct station *x)
{
    return x->line.n == 0 && room_of(w, x) > 0;
}

/* What each has been given up to now. */
void naive_station_give(struct world *w, struct station *owner)
{
    double given = (w->now - owner->since) * naive_rate(w, owner);
    owner->given = owner->service.n == 0 ? 0 : owner->given + given;
    owner->since = w->now;
    owner->mark = w->marks++;
}

/* Of its work, as of now. */
double naive_station_left(struct world *w, const struct station *owner, const struct visit *v)
{
    double since = w->now - owner->since;
    if (naive_slows(w, owner))
        return (v->done - owner->given - since * naive_rate(w, owner)) * naive_weight(w, owner, v);
    return (owner->pace == 0 ? v->still : (v->done - w->now) * owner->pace) * owner->speed;
}

/* Its work begins, or goes on. */
void naive_station_start(struct world *w, uint32_t visit)
{
    struct visit *v = &w->visits[visit];
    struct station *owner = owner_of(w, station_of(w, v));
    naive_station_give(w, owner);
    if (isnan(v->start)) {
        v->start = w->now;
        v->way += w->now - v->arrival;
    }
    v->spot = SPOT_SERVICE;
    v->since = w->now;
    naive_staff_live(w, owner, v->hand, true);
    v->mark = w->marks++;
    v->still = v->rest / owner->speed;
    v->done = naive_slows(w, owner) ? v->rest / naive_weight(w, owner, v) + owner->given
              : owner->pace == 0    ? INFINITY
                                    : w->now + v->rest / (owner->speed * owner->pace);
}

/* It gets a consumer. */
void naive_station_begin(struct world *w, uint32_t visit)
{
    struct visit *v = &w->visits[visit];
    struct station *owner = owner_of(w, station_of(w, v));
    bool first = !v->begun;
    v->begun = true;
    v->deadline = INFINITY;
    naive_station_give(w, owner);
    v->hand = owner->hand;
    v->returned = 0;
    naive_list_add(&owner->service, visit);
    if (first && stage_of(w, v)->blocks_before) {
        v->spot = SPOT_PROMISE;
        naive_push(w, (struct item){.chore = CHORE_BEGUN, .subject = visit});
        return;
    }
    naive_station_start(w, visit);
}

/* Takes it out of service, item i. */
uint32_t naive_station_end_service(struct world *w, struct station *owner, size_t i)
{
    naive_station_give(w, owner);
    uint32_t visit = naive_list_take(&owner->service, i);
    struct visit *v = &w->visits[visit];
    v->rest = naive_station_left(w, owner, v);
    return visit;
}

/* Item of the one at work that is interrupted first; service.n: nobody is at work. */
static size_t last_in_service(const struct world *w, const struct station *owner)
{
    size_t last = owner->service.n;
    for (size_t i = 0; i < owner->service.n; i++) {
        uint32_t visit = owner->service.items[i];
        if (w->visits[visit].spot == SPOT_SERVICE &&
            (last == owner->service.n ||
             naive_goes_first(w, owner, owner->service.items[last], visit, true)))
            last = i;
    }
    return last;
}

/* Its consumer has failed. */
void naive_station_interrupt(struct world *w, struct station *owner, uint32_t visit)
{
    naive_station_end_service(w, owner, naive_list_find(&owner->service, visit));
    naive_staff_rest(w, &w->visits[visit]);
    if (naive_slows(w, owner))
        w->visits[visit].rest = w->visits[visit].done - owner->given;
}

static void wait_in_buffer(struct world *w, struct station *owner, uint32_t visit)
{
    w->visits[visit].spot = SPOT_BUFFER;
    naive_list_add(&owner->waiting, visit);
}

/* A place is free, and the consumers are busy. */
static void take_place(struct world *w, uint32_t visit)
{
    struct visit *v = &w->visits[visit];
    struct station *owner = owner_of(w, station_of(w, v));
    if (naive_station_shares(w, owner)) {
        naive_station_begin(w, visit);
        return;
    }
    v->done = w->now + v->size / (owner->speed * owner->pace);
    bool stops = naive_interrupts(w, owner) && owner->pace > 0;
    size_t last = stops ? last_in_service(w, owner) : owner->service.n;
    if (last == owner->service.n ||
        !naive_goes_first(w, owner, visit, owner->service.items[last], true)) {
        wait_in_buffer(w, owner, visit);
        return;
    }
    wait_in_buffer(w, owner, naive_station_end_service(w, owner, last));
    naive_station_begin(w, visit);
}

/* How much work it is at its stage. */
double naive_work(struct world *w, const struct visit *v)
{
    const struct network_stage *stage = stage_of(w, v);
    const struct request *r = &w->requests[v->request];
    return !stage->carried     ? naive_law(w, stage->size[r->class], v, DRAW_SIZE)
           : isnan(v->carried) ? naive_brought(w, r)
                               : v->carried;
}

/* It is there: what it is from now on. */
void naive_be_there(struct world *w, uint32_t visit)
{
    struct visit *v = &w->visits[visit];
    const struct network_stage *stage = stage_of(w, v);
    const struct request *r = &w->requests[v->request];
    if (v->there)
        return;
    v->there = true;
    v->arrival = w->now;
    v->way_before = v->way;
    v->size = naive_work(w, v);
    v->rest = v->size;
    v->mark = w->marks++;
    if (stage->timeout && stage->timeout[r->class])
        v->deadline = w->now + (naive_law(w, stage->timeout[r->class], v, DRAW_TIMEOUT) - v->held);
}

/* It comes in where there is room. */
void naive_station_come_in(struct world *w, uint32_t visit)
{
    naive_be_there(w, visit);
    naive_taken(w, visit);
    struct visit *v = &w->visits[visit];
    v->order = w->orders++;
    station_of(w, v)->filled = w->now;
    struct station *owner = owner_of(w, station_of(w, v));
    if (naive_batched(w, owner)) {
        wait_in_buffer(w, owner, visit);
        naive_batch_begin(w, owner);
    } else if (idle(w, station_of(w, v)) > 0) {
        if (naive_staffed(w, owner))
            naive_staff_take(w, owner);
        naive_station_begin(w, visit);
    } else
        take_place(w, visit);
}

/* The first of the line comes in; or, if it is yet to be served where it is, has a place. */
static void first_in(struct world *w, struct station *x)
{
    uint32_t visit = naive_list_take(&x->line, 0);
    struct visit *v = &w->visits[visit];
    if (v->promised) {
        v->spot = SPOT_RESERVED;
        x->reserved++;
        naive_push(w, (struct item){.chore = CHORE_RESERVED, .subject = v->from});
    } else {
        naive_station_come_in(w, visit);
    }
}

/* Every free place that nobody has been called to calls one. */
void naive_station_let_in(struct world *w, struct station *x)
{
    const struct machine *m = naive_crash_machine(w, x);
    while (naive_batched(w, x) && x->line.n > 0 &&
           naive_batch_fits(w, x, &w->visits[x->line.items[0]]))
        first_in(w, x);
    while (!naive_batched(w, x) && (!m || !m->down)) {
        double places = x->capacity == 0 ? idle(w, x) : x->capacity - naive_station_waiting(w, x);
        places = fmin(places, room_of(w, x));
        if (places <= (double)x->n_calls || x->line.n <= x->n_calls)
            break;
        if (!naive_station_fits(w, x, &w->visits[x->line.items[x->n_calls]], x->n_calls))
            break;
        if (x->resume_delay == 0) {
            first_in(w, x);
            continue;
        }
        if (x->n_calls == x->calls_room) {
            x->calls_room = 2 * x->calls_room + 4;
            x->calls = xrealloc(x->calls, x->calls_room * sizeof *x->calls);
        }
        x->calls[x->n_calls++] = (struct resumption){w->now + x->resume_delay, w->marks++};
    }
    naive_staff_set_up(w, x);
    if (naive_batched(w, x))
        naive_batch_watch(w, x);
}

void naive_station_resume(struct world *w, struct station *x, size_t call)
{
    memmove(&x->calls[call], &x->calls[call + 1], (--x->n_calls - call) * sizeof *x->calls);
    first_in(w, x);
    naive_station_let_in(w, x);
}

void naive_station_wait_outside(struct world *w, uint32_t visit)
{
    struct visit *v = &w->visits[visit];
    struct station *x = station_of(w, v);
    if (v->from == NONE)
        naive_be_there(w, visit);
    v = &w->visits[visit];
    v->spot = SPOT_LINE;
    naive_list_add(&x->line, visit);
    naive_station_let_in(w, x);
}

/* A consumer that is free takes the next, or idles. */
void naive_station_take_next(struct world *w, struct station *owner)
{
    if (naive_staffed(w, owner) && naive_staff_leaves(w, owner))
        return;
    uint32_t next = naive_dequeue(w, owner);
    if (next != NONE)
        naive_station_begin(w, next);
    else if (naive_staffed(w, owner))
        naive_staff_idle(w, owner);
}

/* Its consumer takes the next, or idles; those outside are let in. (From shared consumers it went
 * when it had its size.) */
void naive_station_release(struct world *w, uint32_t visit)
{
    struct station *owner = owner_of(w, station_of(w, &w->visits[visit]));
    size_t at = naive_list_find(&owner->service, visit);
    if (at == owner->service.n)
        return;
    naive_station_give(w, owner);
    naive_staff_rest(w, &w->visits[visit]);
    owner->hand = w->visits[visit].hand;
    naive_list_take(&owner->service, at);
    if (naive_stepped(w, owner))
        naive_step_left(w, owner, owner->hand);
    else if (naive_batched(w, owner))
        naive_batch_begin(w, owner);
    else if (naive_staffed(w, owner) || idle(w, owner) > 0)
        naive_station_take_next(w, owner);
    for (uint32_t i = 0; i < w->network->n_stations; i++)
        if (w->stations[i].owner == owner->number)
            naive_station_let_in(w, &w->stations[i]);
}

/* Those who wait take what is idle; then what goes before something in service interrupts it. */
static void take_waiting(struct world *w, struct station *owner)
{
    while (owner->waiting.n > 0 && idle(w, owner) > 0) {
        uint32_t next = naive_dequeue(w, owner);
        if (next != NONE)
            naive_station_begin(w, next);
    }
    while (owner->waiting.n > 0 && naive_interrupts(w, owner)) {
        size_t next = naive_next_waiting(w, owner), last = last_in_service(w, owner);
        uint32_t visit = owner->waiting.items[next];
        struct visit *v = &w->visits[visit];
        v->done = w->now + v->rest / (owner->speed * owner->pace);
        if (last == owner->service.n ||
            !naive_goes_first(w, owner, visit, owner->service.items[last], true))
            return;
        naive_waiting_take(w, owner, next);
        wait_in_buffer(w, owner, naive_station_end_service(w, owner, last));
        naive_station_begin(w, visit);
    }
}

void naive_station_pace(struct world *w, struct station *x, double pace)
{
    bool stood = x->pace == 0;
    naive_station_give(w, x);
    for (size_t i = 0; i < x->service.n && !naive_station_shares(w, x); i++) {
        struct visit *v = &w->visits[x->service.items[i]];
        if (v->spot != SPOT_SERVICE)
            continue;
        v->still = stood ? v->still : (v->done - w->now) * x->pace;
        v->done = pace == 0 ? INFINITY : w->now + v->still / pace;
    }
    x->pace = pace;
    if (pace == 0 && x->capacity == 0)
        x->filled = w->now;
    if (!stood || pace == 0 || naive_station_shares(w, x))
        return;
    take_waiting(w, x);
    for (uint32_t i = 0; i < w->network->n_stations; i++)
        if (w->stations[i].owner == x->number)
            naive_station_let_in(w, &w->stations[i]);
}

void naive_station_complete(struct world *w, uint32_t visit)
{
    struct station *owner = owner_of(w, station_of(w, &w->visits[visit]));
    if (naive_batched(w, owner)) {
        naive_batch_complete(w, owner, w->visits[visit].hand);
        return;
    }
    naive_station_give(w, owner);
    naive_staff_rest(w, &w->visits[visit]);
    if (naive_slows(w, owner))
        owner->given = w->visits[visit].done;
    if (naive_station_shares(w, owner))
        naive_station_release(w, visit);
    naive_served(w, visit);
}

void naive_station_drop(struct world *w, struct station *owner, uint32_t visit)
{
    naive_station_give(w, owner);
    naive_list_take(&owner->service, naive_list_find(&owner->service, visit));
}

/* When somebody is done here, who, and since when that is known; INFINITY: nobody. */
double naive_station_next_done(struct world *w, struct station *x, uint32_t *visit, uint64_t *mark)
{
    bool shares = naive_station_shares(w, x), slow = naive_slows(w, x);
    double first = INFINITY, time = INFINITY;
    uint64_t order = 0;
    for (size_t i = 0; i < x->service.n; i++) {
        const struct visit *v = &w->visits[x->service.items[i]];
        uint64_t other = shares ? v->order : v->mark;
        if (v->spot != SPOT_SERVICE || v->done > first || (v->done == first && other > order))
            continue;
        first = v->done, order = other;
        *visit = x->service.items[i];
        *mark = slow ? x->mark : v->mark;
        double left = fmax(0, v->done - x->given), each = naive_rate(w, x);
        time = slow && each == 0 ? INFINITY : slow ? x->since + left / each : v->done;
    }
    return time;
}
