/* Outages of stages and replicas (fate.h). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../events/events.h"
#include "../scenario/distribution.h"
#include "step.h"

/* ---- the pace of a station ---- */

/* Everything that is under way at a delay station goes on at another pace. */
void fate_crowd_pace(struct net *net, uint32_t station, double pace)
{
    struct crowd *c = &net->crowd[station];
    struct standing *still = &net->fate->standing[station];
    struct timers *t = &net->clock_of[CLOCK_CROWDS];
    const event low = ((event)1 << 64) - 1;
    if (c->pace > 0) { /* out of the timers, with what is left at the own pace */
        size_t kept = 0, n = t->n;
        struct timer *all = t->heap;
        *t = (struct timers){0};
        for (size_t i = 0; i < n; i++) {
            struct timer timer = all[i];
            if (net->visit[timer.number].station == station) {
                double left = (event_time(timer.at) - net->now) * c->pace;
                timer.at = (event)time_bits(fmax(left, 0)) << 64 | (timer.at & low);
                all[kept++] = timer;
            } else {
                timers_put(t, timer);
            }
        }
        free(still->items);
        *still = (struct standing){all, kept, n};
    }
    c->pace = pace;
    for (size_t i = 0; i < still->n && pace > 0; i++) {
        struct timer timer = still->items[i];
        double done = net->now + event_time(timer.at) / pace;
        timer.at = (event)time_bits(done) << 64 | (timer.at & low);
        timers_put(t, timer);
    }
    if (pace > 0)
        still->n = 0;
    net_put_clock(net, CLOCK_CROWDS);
}

void fate_enter_crowd(struct net *net, uint32_t visit, uint32_t station, double work)
{
    double pace = net->crowd[station].pace;
    struct standing *still = &net->fate->standing[station];
    if (pace > 0) {
        net_set(net, CLOCK_CROWDS, net->now + work / pace, EVENT_COMPLETION, visit, 0);
        return;
    }
    if (still->n == still->room) {
        still->room = still->room ? 2 * still->room : 16;
        still->items = xrealloc(still->items, still->room * sizeof *still->items);
    }
    still->items[still->n++] =
        (struct timer){event_make(work, EVENT_COMPLETION, net->agenda.sequence++, 0), visit, 0};
}

void fate_leave_crowd(struct net *net, uint32_t station, uint32_t visit)
{
    struct standing *still = &net->fate->standing[station];
    size_t i = 0;
    while (still->items[i].number != visit)
        i++;
    still->items[i] = still->items[--still->n];
}

void fate_clear_crowd(struct net *net, uint32_t station)
{
    fate_crowd_pace(net, station, 0);
    net->fate->standing[station].n = 0;
}

double fate_crowd_work(const struct net *net, uint32_t station)
{
    const struct standing *still = &net->fate->standing[station];
    double work = 0;
    for (size_t i = 0; i < still->n; i++)
        work += event_time(still->items[i].at);
    return work;
}

double fate_crowd_left(const struct net *net, uint32_t station, uint32_t visit)
{
    const struct crowd *c = &net->crowd[station];
    const bool stands = c->pace == 0;
    const struct standing *still = stands ? &net->fate->standing[station] : NULL;
    const struct timers *t = &net->clock_of[CLOCK_CROWDS];
    const struct timer *all = stands ? still->items : t->heap;
    const size_t n = stands ? still->n : t->n;
    for (size_t i = 0; i < n; i++)
        if (all[i].number == visit)
            return (event_time(all[i].at) - (stands ? 0 : net->now)) * (stands ? 1 : c->pace) *
                   c->speed;
    return NAN;
}

/* What outages make of a replica: the pace; whether what comes is refused. */
static double pace_of(const struct fate *f, uint32_t stage, uint32_t replica, bool *rejects)
{
    double pace = 1;
    *rejects = false;
    for (uint32_t i = f->first[stage]; i < f->first[stage + 1]; i++) {
        const struct outage *o = &f->outages[i];
        if (!o->on || (o->replica != NOBODY && o->replica != replica))
            continue;
        if (o->spec->effect == OUTAGE_SLOW)
            pace *= o->spec->speed;
        else if (o->spec->effect == OUTAGE_REJECT)
            *rejects = true;
        else
            pace = 0;
    }
    return pace;
}

double fate_pace(const struct net *net, uint32_t stage, uint32_t replica)
{
    bool rejects;
    return pace_of(net->fate, stage, replica, &rejects);
}

/* A replica of a stage, and of those that its consumers serve, too. */
static void set_pace(struct net *net, uint32_t stage, uint32_t replica)
{
    bool rejects;
    double pace = pace_of(net->fate, stage, replica, &rejects);
    for (uint32_t i = 0; i < net->network->n_stages; i++) {
        if (net->stages[i].pool != stage)
            continue;
        uint32_t station = net->stages[i].first_station + replica;
        if (fate_is_down(net, station))
            continue; /* it has the pace when it is up again */
        struct events *e = net->station[station];
        if (e && e->staff == e)
            station_pace(e, net->now, pace);
        else if (!e && net->crowd[station].pace != pace)
            fate_crowd_pace(net, station, pace);
        net_touched(net, station, i);
    }
}

/* ---- when ---- */

double fate_draw(const struct law *law, const struct stream *stream, uint64_t n)
{
    double x;
    law_model(law)->fill(law->params, stream, n, 1, &x);
    return x;
}

/* Whether anything at a station waits for its consumers to go on. */
static bool stands(const struct net *net, uint32_t station)
{
    const struct events *e = net->station[station];
    if (!e)
        return net->crowd[station].pace == 0 && net->fate->standing[station].n > 0;
    if (e->shape == SHAPE_STATION_SHARE)
        return e->speed == 0 && e->room->n > 0;
    if (!e->staff->standing)
        return false;
    if (e->staff->away > 0 && e->waiting > 0)
        return true;
    for (uint64_t i = 0; i < e->consumers; i++)
        if (e->stands[i] != CALENDAR_NEVER)
            return true;
    return false;
}

static bool is_down_for_good(const struct net *net, uint32_t station)
{
    const uint32_t machine = net->fate->machine_of[station];
    return machine != NOBODY && net->fate->machines[machine].down &&
           !net->stages[net->fate->machines[machine].stage].trouble->crash.restart.model;
}

/* Whether anything else happens from now on, or would if no outage were: else outages are all that
 * would go on, for ever. */
bool fate_goes_on(struct net *net)
{
    const uint32_t clocks = net->marks ? net->marks->clocks : net->network->n_inlets;
    for (uint32_t i = 0; i < clocks; i++)
        if (net->next_arrival[i] < INFINITY)
            return true;
    if (net->agenda.head < net->agenda.tail)
        return true;
    net_put(net, net->network->n_stations + CLOCK_OUTAGES, CALENDAR_NEVER);
    net_put(net, net->network->n_stations + CLOCK_CRASHES, CALENDAR_NEVER);
    bool any = event_time(diary_top(&net->diary)) < INFINITY;
    net_put_clock(net, CLOCK_OUTAGES);
    net_put_clock(net, CLOCK_CRASHES);
    for (uint32_t i = 0; i < net->network->n_stations && !any; i++)
        any = stands(net, i) && !is_down_for_good(net, i);
    return any;
}

static void set_next(struct net *net, uint32_t number)
{
    struct outage *o = &net->fate->outages[number];
    double time = o->spec->at;
    if (isnan(time))
        time = net->now + fate_draw(&o->spec->every, &o->every, o->n);
    net_set(net, CLOCK_OUTAGES, time, EVENT_RESUMPTION, number, 0);
}

void fate_outage(struct net *net, struct timer timer)
{
    struct outage *o = &net->fate->outages[timer.number];
    const uint32_t replicas = net->stages[o->stage].replicas;
    o->on = !o->on;
    if (!o->on)
        o->spent += net->now - o->since;
    o->since = net->now;
    if (o->on) {
        double end = net->now + fate_draw(&o->spec->length, &o->length, o->n++);
        net_set(net, CLOCK_OUTAGES, end, EVENT_RESUMPTION, timer.number, 0);
    }
    for (uint32_t r = 0; r < replicas && o->spec->effect != OUTAGE_REJECT; r++)
        if (o->replica == NOBODY || o->replica == r)
            set_pace(net, o->stage, r);
    if (!o->on && isnan(o->spec->at) && fate_goes_on(net))
        set_next(net, timer.number);
}

double fate_outage_time(const struct net *net, uint32_t stage)
{
    const struct fate *f = net->fate;
    double time = 0;
    for (uint32_t i = f ? f->first[stage] : 0; f && i < f->first[stage + 1]; i++) {
        const struct outage *o = &f->outages[i];
        time += o->spent + (o->on ? net->now - o->since : 0);
    }
    return time;
}

bool fate_refuses(struct net *net, uint32_t visit, uint32_t stage, uint32_t station, uint32_t turn,
                  double size)
{
    bool rejects;
    pace_of(net->fate, stage, station - net->stages[stage].first_station, &rejects);
    const enum loss why = fate_is_down(net, station) ? LOSS_CRASHED : LOSS_OUTAGE;
    if (!rejects && why == LOSS_OUTAGE)
        return false;
    struct events *e = net->station[station];
    door_passed(net, visit, stage);
    net_stays(net, visit, &net->visit[visit], stage, station, turn, size, net->now);
    net_counts_here(net, visit, stage);
    if (e) {
        station_refuse(e, net->now, visit, why);
    } else { /* where everybody who comes has a consumer */
        crowd_enter(&net->crowd[station], net->now);
        crowd_serve(&net->crowd[station], net->now, net->now);
        for (struct holding *h = net->holding && why == LOSS_CRASHED ? &net->holding[station]
                                                                     : NULL;
             h; h = h->up)
            h->now += net->bytes[visit]; /* which are taken off with it */
        agenda_lost(&net->agenda, station, visit, why);
    }
    net_touched(net, station, stage);
    return true;
}

/* ---- beginning and end ---- */

static void add_outage(struct net *net, uint32_t stage, uint32_t k, uint32_t replica)
{
    struct fate *f = net->fate;
    const struct network_stage *s = &net->stages[stage];
    const char *of = replica == NOBODY ? "" : internf("%u.", replica);
    const char *path = strcmp(s->name, "main") == 0 && replica == NOBODY
                           ? internf("outages.%u", k)
                           : internf("stages.%s.%soutages.%u", s->name, of, k);
    f->outages = xrealloc(f->outages, (f->n + (size_t)1) * sizeof *f->outages);
    f->outages[f->n++] = (struct outage){
        .spec = &s->trouble->outages[k],
        .stage = stage,
        .replica = replica,
        .every = stream_of(net->seed, net->replication, internf("%s.every", path)),
        .length = stream_of(net->seed, net->replication, internf("%s.for", path)),
    };
}

void fate_begin(struct net *net)
{
    const struct network *n = net->network;
    bool any = false;
    for (uint32_t i = 0; i < n->n_stages; i++)
        any |= net->stages[i].trouble != NULL;
    if (!any)
        return;
    struct fate *f = net->fate = xcalloc(1, sizeof *f);
    f->first = xcalloc(n->n_stages + (size_t)1, sizeof *f->first);
    f->standing = xcalloc(n->n_stations, sizeof *f->standing);
    for (uint32_t i = 0; i < n->n_stages; i++) {
        const struct network_stage *s = &net->stages[i];
        f->first[i] = f->n;
        for (uint32_t k = 0; s->trouble && k < (uint32_t)s->trouble->outages_count; k++) {
            bool each = s->trouble->outages[k].each == 1;
            for (uint32_t r = 0; r < (each ? s->replicas : 1); r++)
                add_outage(net, i, k, each ? r : NOBODY);
        }
    }
    f->first[n->n_stages] = f->n;
    for (uint32_t i = 0; i < f->n; i++)
        set_next(net, i);
    fate_begin_machines(net);
}

void fate_end(struct net *net)
{
    struct fate *f = net->fate;
    if (!f)
        return;
    for (uint32_t i = 0; i < net->network->n_stations; i++)
        free(f->standing[i].items);
    free(f->standing);
    free(f->outages);
    free(f->machines);
    free(f->machine_of);
    free(f->out);
    free(f->among);
    free(f->look);
    free(f->first);
    free(f);
}
