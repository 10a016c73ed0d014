/* What stands before a stage: throttle, limit, buffer.drop, marks. Written from networks.md, the
 * limits and CoDel from what is published of them. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../sim/scenario/stages.h"
#include "naive_world.h"

static const struct door_spec *door_of(const struct world *w, uint32_t stage)
{
    return w->network->stages[stage].door;
}

/* ---- throttle ---- */

size_t naive_buckets(const struct network *n)
{
    double keys = n->scenario->key.of;
    return 1 + n->n_inlets + n->n_classes + (keys > 0 ? (size_t)keys : 0);
}

static struct bucket *bucket_of(struct world *w, const struct visit *v)
{
    const struct door_spec *door = door_of(w, v->stage);
    const struct request *r = &w->requests[v->request];
    uint32_t which = door->per == PER_KEY ? 1 + w->network->n_inlets + w->network->n_classes +
                                                naive_key(w, v->request)
                     : door->per == PER_SOURCE ? 1 + r->inlet
                     : door->per == PER_CLASS  ? 1 + w->network->n_inlets + r->class
                                               : 0;
    uint32_t each = (uint32_t)naive_buckets(w->network);
    return &w->buckets[v->stage * each + which];
}

static double token_time(const struct bucket *b)
{
    return fmax(b->since, b->at + fmax(0, 1 - b->tokens) / b->rate);
}

static void refuse(struct world *w, uint32_t visit, enum loss loss)
{
    naive_be_there(w, visit);
    naive_taken(w, visit);
    naive_lost_later(w, visit, loss);
}

static void wait_for_token(struct world *w, uint32_t visit, struct bucket *b)
{
    struct visit *v = &w->visits[visit];
    const struct network_stage *stage = stage_of(w, v);
    const struct request *r = &w->requests[v->request];
    naive_taken(w, visit);
    v->spot = SPOT_DOOR;
    v->arrival = w->now;
    v->way_before = v->way;
    v->size = naive_work(w, v); /* which it has, should it end here */
    if (b->line.n == 0) {
        b->since = w->now;
        b->mark = w->marks++;
    }
    naive_list_add(&b->line, visit);
    v->mark = w->marks++;
    if (stage->timeout && stage->timeout[r->class])
        v->deadline = w->now + naive_law(w, stage->timeout[r->class], v, DRAW_TIMEOUT);
}

void naive_door_leave(struct world *w, uint32_t visit)
{
    struct bucket *b = bucket_of(w, &w->visits[visit]);
    naive_list_take(&b->line, naive_list_find(&b->line, visit));
}

double naive_door_next(struct world *w, size_t *bucket, uint64_t *mark)
{
    double first = INFINITY;
    for (size_t i = 0; i < w->n_buckets; i++) {
        const struct bucket *b = &w->buckets[i];
        double time = b->line.n > 0 ? token_time(b) : INFINITY;
        if (time < first || (time == first && time < INFINITY && b->mark < *mark)) {
            first = time;
            *bucket = i;
            *mark = b->mark;
        }
    }
    return first;
}

/* ---- limit ---- */

static double log_of(double limit)
{
    return fmax(1, floor(log10(floor(limit) + 0.5)));
}

static double clamp(double x, double low, double high)
{
    return fmax(low, fmin(high, x));
}

/* Parameters in the order of their rows. */
static void learn(struct world *w, uint32_t stage, double time, double inside, bool lost)
{
    const struct door_spec *door = door_of(w, stage);
    const double *p = door->limit_params;
    struct naive_limit *l = &w->limits[stage];
    const char *name = door->limit->name;
    if (strcmp(name, "aimd") == 0) {
        if (lost || time > p[4])
            l->limit = floor(l->limit * p[3]);
        else if (2 * inside >= l->limit)
            l->limit += 1;
        l->limit = clamp(l->limit, p[1], p[2]);
    } else if (strcmp(name, "gradient") == 0) {
        if (l->samples < 10) {
            l->samples++;
            l->sum += time;
            l->average = l->sum / l->samples;
        } else {
            double factor = 2 / (p[5] + 1);
            l->average = l->average * (1 - factor) + time * factor;
        }
        double average = l->average;
        if (average > 2 * time)
            l->average *= 0.95;
        if (inside < l->limit / 2)
            return;
        double gradient = time > 0 ? clamp(p[6] * average / time, 0.5, 1) : 1;
        double next = l->limit * gradient + p[4];
        l->limit = clamp(l->limit * (1 - p[3]) + next * p[3], p[1], p[2]);
    } else if (strcmp(name, "vegas") == 0) {
        if (time <= 0)
            return;
        if (l->drawn == 0)
            l->jitter = 0.5 + 0.5 * stream_uniform(&l->stream, 0, l->drawn++);
        l->samples++;
        if (l->jitter * p[5] * l->limit <= l->samples) {
            l->jitter = 0.5 + 0.5 * stream_uniform(&l->stream, 0, l->drawn++);
            l->samples = 0;
            l->shortest = time;
            return;
        }
        if (l->shortest == 0 || time < l->shortest) {
            l->shortest = time;
            return;
        }
        double step = log_of(l->limit), queue = ceil(l->limit * (1 - l->shortest / time));
        double alpha = isnan(p[2]) ? 3 * step : p[2], beta = isnan(p[3]) ? 6 * step : p[3];
        double next = l->limit;
        if (lost)
            next -= step;
        else if (inside * 2 < l->limit)
            return;
        else if (queue <= step)
            next += beta;
        else if (queue < alpha)
            next += step;
        else if (queue > beta)
            next -= step;
        else
            return;
        l->limit = (1 - p[4]) * l->limit + p[4] * clamp(next, 1, p[1]);
    }
}

/* A visit is recorded: it has left. */
void naive_door_left(struct world *w, const struct visit *v, uint32_t outcome)
{
    if (!v->limited)
        return;
    w->limits[v->stage].inside--;
    if (outcome != TRACE_WITHDRAWN && outcome != TRACE_LOST + LOSS_CANCELLED)
        learn(w, v->stage, w->now - v->since_limit, v->inside_limit, outcome != TRACE_COMPLETED);
}

/* ---- through ---- */

static bool is_early(struct world *w, const struct visit *v)
{
    const struct stage *stage = stage_of(w, v)->stage;
    const struct station *x = station_of(w, v);
    if (!stage->drop || strcmp(stage->drop->name, "red") != 0)
        return false;
    double from = stage->drop_params[0], to = stage->drop_params[1], most = stage->drop_params[2];
    double waiting = naive_waiting(w, x);
    double p = waiting >= to ? 1 : waiting > from ? most * (waiting - from) / (to - from) : 0;
    return p > 0 && naive_uniform(w, v, DRAW_DROP, 0) < p;
}

static void go_on(struct world *w, uint32_t visit)
{
    struct visit *v = &w->visits[visit];
    const struct door_spec *door = door_of(w, v->stage);
    if (door && door->limit) {
        struct naive_limit *l = &w->limits[v->stage];
        if (l->inside + 1 > floor(l->limit)) {
            refuse(w, visit, LOSS_LIMITED);
            return;
        }
        l->inside++;
        v->limited = true;
        v->since_limit = w->now;
        v->inside_limit = l->inside;
    }
    if (!v->placed)
        v->station = naive_balance_pick(w, v);
    if (is_early(w, v))
        refuse(w, visit, LOSS_EARLY);
    else
        naive_station_enter(w, visit);
}

/* A visit comes to its stage; `placed`: its station is known. */
void naive_door_enter(struct world *w, uint32_t visit, bool placed)
{
    struct visit *v = &w->visits[visit];
    const struct network_stage *stage = stage_of(w, v);
    const struct door_spec *door = door_of(w, v->stage);
    v->placed = placed;
    if (stage->guard && !placed && v->machines == stage->machines) {
        v->placed = true;
        v->station = stage->first_station + v->machine;
    }
    if (!door || !(door->rate > 0)) {
        go_on(w, visit);
        return;
    }
    struct bucket *b = bucket_of(w, v);
    double burst = door->burst > 0 ? door->burst : 1;
    if (b->rate == 0)
        *b = (struct bucket){.rate = door->rate, .tokens = burst};
    b->tokens = fmin(burst, b->tokens + door->rate * (w->now - b->at));
    b->at = w->now;
    if (b->line.n == 0 && b->tokens >= 1 - 1e-9) {
        b->tokens = fmax(0, b->tokens - 1);
        go_on(w, visit);
    } else if (door->when_empty == EMPTY_DELAYS) {
        wait_for_token(w, visit, b);
    } else {
        refuse(w, visit, LOSS_THROTTLED);
    }
}

/* The first in line has its token. */
void naive_door_token(struct world *w, size_t bucket)
{
    struct bucket *b = &w->buckets[bucket];
    uint32_t visit = naive_list_take(&b->line, 0);
    struct visit *v = &w->visits[visit];
    b->tokens = 0;
    b->at = b->since = w->now;
    b->mark = w->marks++;
    v->held = w->now - v->arrival;
    v->way += v->held;
    v->deadline = INFINITY;
    v->spot = SPOT_NOWHERE;
    go_on(w, visit);
}

/* ---- CoDel: dequeue() of RFC 8289, section 5 ---- */

static uint32_t take_one(struct world *w, struct station *x, bool *ok)
{
    const double *p = w->network->stages[x->stage].stage->drop_params; /* target, interval */
    *ok = false;
    if (x->waiting.n == 0) {
        x->first_above = 0;
        return NONE;
    }
    uint32_t visit = naive_waiting_take(w, x, naive_next_waiting(w, x));
    if (w->now - w->visits[visit].arrival < p[0] || x->waiting.n <= 1)
        x->first_above = 0;
    else if (x->first_above == 0)
        x->first_above = w->now + p[1];
    else
        *ok = w->now >= x->first_above;
    return visit;
}

/* The next of those that wait; NONE. */
uint32_t naive_dequeue(struct world *w, struct station *x)
{
    const struct stage *stage = w->network->stages[x->stage].stage;
    const double interval = stage->drop_params[1];
    bool ok;
    if (!stage->drop || strcmp(stage->drop->name, "codel") != 0)
        return x->waiting.n > 0 ? naive_waiting_take(w, x, naive_next_waiting(w, x)) : NONE;
    for (size_t i = 0; i < x->waiting.n; i++) /* what was taken before is not looked at again */
        if (w->visits[x->waiting.items[i]].returned)
            return naive_waiting_take(w, x, naive_next_waiting(w, x));
    uint32_t visit = take_one(w, x, &ok);
    if (x->dropping) {
        if (!ok)
            x->dropping = false;
        while (w->now >= x->drop_next && x->dropping) {
            naive_lost_later(w, visit, LOSS_EARLY);
            x->count++;
            visit = take_one(w, x, &ok);
            if (!ok)
                x->dropping = false;
            else
                x->drop_next = x->drop_next + interval / sqrt(fmax(1, x->count));
        }
    } else if (ok) {
        naive_lost_later(w, visit, LOSS_EARLY);
        visit = take_one(w, x, &ok);
        x->dropping = true;
        double delta = x->count - x->last_count;
        x->count = delta > 1 && w->now - x->drop_next < 16 * interval ? delta : 1;
        x->drop_next = w->now + interval / sqrt(fmax(1, x->count));
        x->last_count = x->count;
    }
    return visit;
}

/* ---- marks ---- */

double naive_source_time(const struct world *w, uint32_t clock)
{
    const struct inlet_state *x = &w->inlets[clock];
    return (x->stops > 0 ? x->stopped_at : w->now) - x->lag;
}

uint32_t naive_ignored(const struct world *w, uint32_t inlet)
{
    for (uint32_t i = 0; i < w->network->n_stages; i++)
        if (w->network->stages[i].stage->ignore > 0 && naive_leads(w, inlet, i))
            return i;
    return NONE;
}

/* Whether a task of a source goes by this clock: the second is of those that ignore. */
bool naive_goes_by(struct world *w, uint32_t clock, uint64_t number)
{
    const uint32_t inlets = w->network->n_inlets, inlet = clock % inlets;
    uint32_t stage = naive_ignored(w, inlet);
    if (stage == NONE)
        return clock == inlet;
    struct stream stream =
        stream_of(w->seed, w->replication,
                  network_stream_path(w->network, stage, inlet, NETWORK_ANY, "ignore"));
    bool ignores = stream_uniform(&stream, 0, number) < w->network->stages[stage].stage->ignore;
    return ignores == (clock >= inlets);
}

void naive_tell(struct world *w, uint32_t stage, bool stop)
{
    const uint32_t inlets = w->network->n_inlets;
    for (uint32_t k = 0; k < 2 * inlets; k++) {
        const uint32_t inlet = k < inlets ? k : k - inlets;
        struct inlet_state *x = &w->inlets[k];
        if (!naive_leads(w, inlet, stage) || (k >= inlets && naive_ignored(w, inlet) == stage))
            continue;
        if (stop && x->stops++ == 0)
            x->stopped_at = w->now;
        if (!stop && --x->stops == 0)
            x->lag += w->now - x->stopped_at;
    }
}

/* When all that follows from an event has happened. */
void naive_look_at_marks(struct world *w)
{
    for (uint32_t i = 0; i < w->network->n_stations; i++) {
        struct station *x = &w->stations[i];
        const struct stage *stage = w->network->stages[x->stage].stage;
        double waiting = stage->high_water > 0 ? naive_waiting(w, x) : 0;
        if (!(stage->high_water > 0) ||
            (x->told ? waiting > stage->low_water : waiting < stage->high_water))
            continue;
        x->told = !x->told;
        if (!(stage->signal_delay > 0)) {
            naive_tell(w, x->stage, x->told);
            continue;
        }
        w->signals = xrealloc(w->signals, (w->n_signals + 1) * sizeof *w->signals);
        w->signals[w->n_signals++] =
            (struct signal){w->now + stage->signal_delay, w->marks++, x->stage, x->told};
    }
}
