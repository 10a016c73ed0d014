#include "door.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../events/events.h"
#include "../scenario/drop.h"
#include "step.h"

#define NEARLY (1 - 1e-9) /* of a token */

static const struct limiter *limiter_of(const struct door *door)
{
    return (const struct limiter *)door->spec->limit;
}

static double burst_of(const struct door *door)
{
    return door->spec->burst > 0 ? door->spec->burst : 1;
}

static uint32_t buckets_of(const struct network *n, const struct door_spec *spec)
{
    return !(spec->rate > 0)         ? 0
           : spec->per == PER_KEY    ? n->keys.n
           : spec->per == PER_SOURCE ? n->n_inlets
           : spec->per == PER_CLASS  ? n->n_classes
                                     : 1;
}

static void add_buckets(struct net *net, uint32_t stage)
{
    struct doors *d = net->doors;
    struct door *door = &d->door[stage];
    uint32_t n = buckets_of(net->network, door->spec);
    door->first = d->buckets;
    d->bucket = xrealloc(d->bucket, (d->buckets + n + 1) * sizeof *d->bucket);
    for (uint32_t i = 0; i < n; i++)
        d->bucket[d->buckets++] = (struct bucket){
            .tokens = burst_of(door), .head = NOBODY, .tail = NOBODY, .stage = stage};
}

void doors_begin(struct net *net)
{
    const struct network *n = net->network;
    bool any = false;
    for (uint32_t i = 0; i < n->n_stages; i++)
        any |= n->stages[i].door != NULL;
    if (!any)
        return;
    net->doors = xcalloc(1, sizeof *net->doors);
    net->doors->door = xcalloc(n->n_stages, sizeof *net->doors->door);
    net->doors->ticket = xmalloc(sizeof *net->doors->ticket);
    net->doors->passing = NOBODY;
    for (uint32_t i = 0; i < n->n_stages; i++) {
        struct door *door = &net->doors->door[i];
        door->spec = n->stages[i].door;
        if (!door->spec)
            continue;
        add_buckets(net, i);
        if (!door->spec->limit)
            continue;
        const char *name = n->stages[i].name;
        door->limit.stream =
            stream_of(net->seed, net->replication,
                      strcmp(name, "main") == 0 ? "limit" : internf("stages.%s.limit", name));
        door->limit.limit = limiter_of(door)->begin(door->spec->limit_params);
    }
}

void doors_end(struct net *net)
{
    if (!net->doors)
        return;
    free(net->doors->door);
    free(net->doors->bucket);
    free(net->doors->ticket);
    free(net->doors);
}

/* ---- tokens ---- */

static void fill(const struct door *door, struct bucket *b, double now)
{
    b->tokens = fmin(burst_of(door), b->tokens + door->spec->rate * (now - b->at));
    b->at = now;
}

static void set_token(struct net *net, uint32_t bucket)
{
    const struct bucket *b = &net->doors->bucket[bucket];
    const struct door *door = &net->doors->door[b->stage];
    double time = b->at + fmax(0, 1 - b->tokens) / door->spec->rate;
    net_set(net, CLOCK_TOKENS, fmax(time, net->now), EVENT_BACK, bucket, 0);
}

/* The parameters of `network` are in force; tokens have come at the old rate until now. */
void doors_adopt(struct net *net)
{
    struct doors *d = net->doors;
    for (uint32_t i = 0; d && i < d->buckets; i++)
        fill(&d->door[d->bucket[i].stage], &d->bucket[i], net->now);
    for (uint32_t i = 0; d && i < net->network->n_stages; i++)
        d->door[i].spec = net->stages[i].door;
    for (uint32_t i = 0; d && i < d->buckets; i++)
        if (d->bucket[i].n > 0) {
            net_cancel(net, CLOCK_TOKENS, i);
            set_token(net, i);
        }
}

static uint32_t bucket_for(const struct net *net, uint32_t stage, const struct request *r)
{
    const struct door *door = &net->doors->door[stage];
    return door->first + (door->spec->per == PER_KEY      ? net_key(net, r)
                          : door->spec->per == PER_SOURCE ? r->inlet
                          : door->spec->per == PER_CLASS  ? r->class
                                                          : 0);
}

static void pass_time(struct door *door, double now)
{
    door->area += (double)door->waiting * (now - door->clock);
    door->clock = now;
}

static void wait_for_token(struct net *net, uint32_t visit, uint32_t bucket)
{
    struct bucket *b = &net->doors->bucket[bucket];
    struct door *door = &net->doors->door[b->stage];
    struct visit *v = &net->visit[visit];
    v->state = VISIT_AT_DOOR;
    v->consumer = NOBODY;
    if (b->n++ == 0) {
        b->head = visit;
        set_token(net, bucket);
    } else {
        net->visit[b->tail].consumer = visit;
    }
    b->tail = visit;
    pass_time(door, net->now);
    door->waiting++;
    door->came += net->now;
    double patience = net_patience(net, &net->request[v->request], b->stage, v->turn);
    if (patience < INFINITY)
        net_set(net, CLOCK_DOORS, net->now + patience, EVENT_TIMEOUT, visit, visit_key(v));
}

/* It waits no more. */
static void leave_line(struct net *net, uint32_t visit)
{
    struct visit *v = &net->visit[visit];
    uint32_t bucket = bucket_for(net, v->stage, &net->request[v->request]);
    struct bucket *b = &net->doors->bucket[bucket];
    struct door *door = &net->doors->door[v->stage];
    uint32_t before = NOBODY;
    for (uint32_t i = b->head; i != visit; i = net->visit[i].consumer)
        before = i;
    *(before == NOBODY ? &b->head : &net->visit[before].consumer) = v->consumer;
    b->tail = b->tail == visit ? before : b->tail;
    v->consumer = NO_CONSUMER;
    if (--b->n == 0)
        net_cancel(net, CLOCK_TOKENS, bucket);
    pass_time(door, net->now);
    door->waiting--;
    door->came -= v->arrival;
    door->waited += net->now - v->arrival;
}

double door_withdraw(struct net *net, uint32_t visit)
{
    leave_line(net, visit);
    net->state[net->visit[visit].stage].tally.withdrawn++; /* has come, and is lost */
    return net->now - net->visit[visit].arrival;
}

/* Its patience is over. */
void door_timeout(struct net *net, struct timer timer)
{
    struct visit *v = &net->visit[timer.number];
    if (v->state != VISIT_AT_DOOR || visit_key(v) != timer.key)
        return;
    double wait = door_withdraw(net, timer.number);
    v->way += wait;
    net_lose(net, timer.number, LOSS_TIMED_OUT, wait);
}

/* ---- through ---- */

/* A visit has come to a station, or as far as it comes: if it has not waited here, it says so. */
void door_passed(struct net *net, uint32_t visit, uint32_t stage)
{
    if (net->doors && net->stages[stage].door_delays && net->doors->passing != visit)
        net->doors->ticket[visit].held = net->doors->ticket[visit].waited = 0;
}

bool door_counted(const struct net *net, uint32_t visit, uint32_t stage)
{
    return net->doors && net->stages[stage].door_delays && net->doors->ticket[visit].waited;
}

/* It comes to the stage, and no further. */
static enum offered refuse(struct net *net, uint32_t visit, uint32_t stage, uint32_t station,
                           uint32_t turn, double size, enum loss why)
{
    struct events *e = net->station[station];
    if (net->doors && why != LOSS_EARLY)
        net->doors->ticket[visit].limited = false;
    door_passed(net, visit, stage);
    net_stays(net, visit, &net->visit[visit], stage, station, turn, size, net->now);
    net_counts_here(net, visit, stage);
    if (e) {
        station_refuse(e, net->now, visit, why);
    } else { /* where everybody who comes has a consumer */
        crowd_enter(&net->crowd[station], net->now);
        crowd_serve(&net->crowd[station], net->now, net->now);
        agenda_lost(&net->agenda, station, visit, why);
    }
    net_touched(net, station, stage);
    return OFFER_LOST;
}

static bool drops(struct net *net, uint32_t visit, uint32_t stage, uint32_t station, uint32_t turn)
{
    const struct drop_rule *rule = (const struct drop_rule *)net->stages[stage].stage->drop;
    const struct events *e = net->station[station];
    if (!rule || !rule->at_door || !e)
        return false;
    double waiting = (double)station_waiting(e);
    double p = rule->at_door(net->stages[stage].stage->drop_params, waiting);
    return p > 0 &&
           net_draw(net, DRAW_DROP, &net->request[net->visit[visit].request], stage, turn) < p;
}

/* Behind the throttle. `replica` NOBODY: as the balancer says. */
static enum offered go_on(struct net *net, uint32_t visit, uint32_t stage, uint32_t from,
                          uint32_t replica, uint32_t turn, double size, bool handed)
{
    const struct network_stage *s = &net->stages[stage];
    struct door *door = net->doors ? &net->doors->door[stage] : NULL;
    if (door && door->spec && door->spec->limit) {
        if (door->inside + 1 > floor(door->limit.limit))
            return refuse(net, visit, stage, s->first_station + (replica == NOBODY ? 0 : replica),
                          turn, size, LOSS_LIMITED);
        struct ticket *t = &net->doors->ticket[visit];
        door->inside++;
        t->limited = true;
        t->since = net->now;
        t->inside = door->inside;
    }
    if (replica == NOBODY)
        replica = net_replica(net, &net->visit[visit], stage, from, turn);
    uint32_t station = s->first_station + replica;
    if (drops(net, visit, stage, station, turn))
        return refuse(net, visit, stage, station, turn, size, LOSS_EARLY);
    return net_come(net, visit, stage, station, turn, size, handed);
}

/* The token of the first in line is there. */
void door_token(struct net *net, struct timer timer)
{
    struct bucket *b = &net->doors->bucket[timer.number];
    uint32_t visit = b->head;
    struct visit *v = &net->visit[visit];
    const uint32_t stage = v->stage;
    leave_line(net, visit);
    b->tokens = 0;
    b->at = net->now;
    if (b->n > 0)
        set_token(net, timer.number);
    double held = net->now - v->arrival;
    net->doors->ticket[visit].held = held;
    net->doors->passing = visit;
    v->way += held;
    uint32_t replica = v->due ? v->station - net->stages[stage].first_station : NOBODY;
    v->due = 0;
    v->state = VISIT_DELAYED;
    go_on(net, visit, stage, NETWORK_EXIT, replica, v->turn, v->size, false);
    net->doors->passing = NOBODY;
    net_suspect(net, visit);
}

enum offered net_enter(struct net *net, uint32_t visit, uint32_t stage, uint32_t from,
                       uint32_t replica, uint32_t turn, double size, bool handed)
{
    const struct network_stage *s = &net->stages[stage];
    struct door *door = net->doors ? &net->doors->door[stage] : NULL;
    bool machine = from != NETWORK_EXIT && net->stages[from].machines == s->machines;
    if (machine && replica == NOBODY)
        replica = net->visit[visit].station - net->stages[from].first_station;
    if (!door || !door->spec || !(door->spec->rate > 0))
        return go_on(net, visit, stage, from, replica, turn, size, handed);
    struct visit *v = &net->visit[visit];
    uint32_t bucket = bucket_for(net, stage, &net->request[v->request]);
    struct bucket *b = &net->doors->bucket[bucket];
    fill(door, b, net->now);
    bool token = b->n == 0 && b->tokens >= NEARLY;
    if (token)
        b->tokens = fmax(0, b->tokens - 1);
    if (!s->door_delays)
        return token
                   ? go_on(net, visit, stage, from, replica, turn, size, handed)
                   : refuse(net, visit, stage, s->first_station + (replica == NOBODY ? 0 : replica),
                            turn, size, LOSS_THROTTLED);
    if (token)
        return go_on(net, visit, stage, from, replica, turn, size, handed);
    v->due = replica != NOBODY;
    v->station = s->first_station + (replica == NOBODY ? 0 : replica);
    v->stage = (uint16_t)stage;
    v->turn = turn;
    v->size = size;
    v->arrival = net->now;
    net->doors->ticket[visit] = (struct ticket){.came = net->now, .waited = true};
    if ((!s->delay || s->copies) && !again_tries(net, visit, stage))
        net_counts(net, visit);
    if (net->trace)
        net->traced[visit] = (struct traced){NAN, NAN, turn, size, NAN};
    wait_for_token(net, visit, bucket);
    return OFFER_INSIDE;
}

/* A visit that has passed the limit of its stage has left it. */
void door_left(struct net *net, const struct stay *stay, bool lost, enum loss why)
{
    struct door *door = &net->doors->door[stay->stage];
    door->inside--;
    const struct limit_sample sample = {net->now - stay->ticket.since, stay->ticket.inside, lost};
    bool ignored = lost && (why == LOSS_WITHDRAWN || why == LOSS_CANCELLED);
    if (!ignored && limiter_of(door)->sample)
        limiter_of(door)->sample(door->spec->limit_params, &door->limit, &sample);
}

uint64_t door_waiting(const struct net *net, uint32_t stage)
{
    return net->doors ? net->doors->door[stage].waiting : 0;
}

void door_flow(const struct net *net, uint32_t stage, struct flow *out)
{
    if (!net->doors || !net->doors->door[stage].spec)
        return;
    const struct door *door = &net->doors->door[stage];
    double waiting = (double)door->waiting;
    out->paused_area += door->area + waiting * (net->now - door->clock);
    out->sojourn_sum += door->waited + waiting * net->now - door->came;
    out->rounding += (double)(out->arrived + 1) * (waiting + 1) * net->now * DBL_EPSILON;
    out->arrived += door->waiting;
    out->inside += door->waiting;
    out->waiting += door->waiting;
}
