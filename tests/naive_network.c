#include "naive_network.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../sim/scenario/distribution.h"
#include "../sim/scenario/process.h"
#include "naive_world.h"

/* Sources. */

static const struct arrival_process *process_of(const struct inlet *inlet)
{
    return (const struct arrival_process *)(const void *)inlet->arrivals->process;
}

static const char *inlet_path(const struct world *w, uint32_t inlet, const char *what)
{
    return network_stream_path(w->network, NETWORK_EXIT, inlet, NETWORK_ANY, what);
}

static void think(struct world *w, uint32_t inlet, size_t client)
{
    struct inlet_state *x = &w->inlets[inlet];
    const struct law *law = process_of(&w->network->inlets[inlet])->think(x->view);
    struct stream stream =
        stream_of(w->seed, w->replication, inlet_path(w, inlet, "arrivals.think_time"));
    double time;
    law_model(law)->fill(law->params, &stream, (uint64_t)client << 40 | x->visits[client]++, 1,
                         &time);
    x->thoughts[client] = w->now + time;
}

void naive_over(struct world *w, uint32_t request)
{
    const struct request *r = &w->requests[request];
    if (r->client != NONE)
        think(w, r->inlet, r->client);
}

static void open_inlet(struct world *w, uint32_t number)
{
    const struct inlet *inlet = &w->network->inlets[number];
    const struct arrival_process *process = process_of(inlet);
    const struct scenario *s = w->network->scenario;
    struct inlet_state *x = &w->inlets[number];
    x->batch = NONE;
    x->view = xcalloc(1, sizeof *x->view);
    x->view->params = inlet->arrivals->params;
    x->view->rate =
        inlet->arrivals == &s->arrivals ? scenario_event_rate(s) : inlet->arrivals->rate;
    x->view->seed = w->seed;
    x->view->replication = w->replication;
    x->view->stream = stream_of(w->seed, w->replication, inlet_path(w, number, "arrivals"));
    x->view->scenario = s;
    x->view->source = strcmp(inlet->name, "main") == 0 ? NULL : inlet->name;
    if (process->clients) {
        x->clients = (size_t)process->clients(x->view);
        x->thoughts = xcalloc(x->clients, sizeof *x->thoughts);
        x->visits = xcalloc(x->clients, sizeof *x->visits);
        for (size_t i = 0; i < x->clients; i++)
            think(w, number, i);
        return;
    }
    x->state = xcalloc(1, sizeof *x->state);
    x->times = xcalloc(BLOCK, sizeof *x->times);
    if (process->begin)
        process->begin(x->view, x->state);
}

/* When the next of an open source arrives. */
static double next_arrival(struct world *w, uint32_t number)
{
    struct inlet_state *x = &w->inlets[number];
    if (!x->times)
        return INFINITY;
    if (x->at == x->n) {
        struct arrival_block block;
        x->n = process_of(&w->network->inlets[number])->fill(x->view, x->state, BLOCK, &block);
        x->at = 0;
        memcpy(x->times, block.time, x->n * sizeof *x->times);
    }
    return x->n > 0 ? x->times[x->at] : INFINITY;
}

/* The client who is the first to have thought; of several the one with the smallest number. */
static double next_thought(const struct world *w, uint32_t number, size_t *client)
{
    const struct inlet_state *x = &w->inlets[number];
    double first = INFINITY;
    for (size_t i = 0; i < x->clients; i++)
        if (x->thoughts[i] < first)
            first = x->thoughts[ *client = i];
    return first;
}

static uint32_t class_of(struct world *w, uint32_t inlet, uint64_t draw)
{
    const struct scenario *s = w->network->scenario;
    if (w->network->inlets[inlet].class != NETWORK_ANY)
        return w->network->inlets[inlet].class;
    uint32_t classes = s->classes_count > 1 ? (uint32_t)s->classes_count : 1, class = 0;
    if (classes == 1)
        return 0;
    struct stream stream =
        stream_of(w->seed, w->replication, inlet_path(w, inlet, "tasks.classes"));
    double u = stream_uniform(&stream, 0, draw), edge = 0;
    for (uint32_t c = 0; c < classes - 1; c++)
        class += u >= (edge += scenario_share(s, (int)c));
    return class;
}

/* The group of the batch that a request is of; NONE: it is of none, or that is joined nowhere. */
static uint32_t batch_of(struct world *w, uint32_t inlet, uint32_t request)
{
    const struct inlet *in = &w->network->inlets[inlet];
    struct inlet_state *x = &w->inlets[inlet];
    if (in->batch_join_of == NETWORK_EXIT)
        return NONE;
    if (x->batch == NONE) {
        x->batch = naive_group(w, request, NONE, 0);
        w->groups[x->batch].batch = true;
        w->groups[x->batch].join_of = in->batch_join_of;
    }
    uint32_t batch = x->batch;
    w->groups[batch].n++;
    w->groups[batch].open = next_arrival(w, inlet) == w->now;
    if (!w->groups[batch].open)
        x->batch = NONE; /* that was the last */
    return batch;
}

static void arrive(struct world *w, uint32_t inlet, uint32_t client)
{
    struct inlet_state *x = &w->inlets[inlet];
    struct request r = {
        .inlet = inlet, .client = client, .arrival = w->now, .reply = NAN, .loss = NONE};
    r.number = (uint32_t)x->number;
    r.draw = client == NONE ? x->number : (uint64_t)client << 40 | (x->visits[client] - 1);
    x->number++;
    if (client == NONE)
        x->at++;
    else
        x->thoughts[client] = INFINITY;
    r.class = class_of(w, inlet, r.draw);
    r.turns = xcalloc(w->network->n_stages, sizeof *r.turns);
    if (w->n_requests == w->requests_room) {
        w->requests_room = 2 * w->requests_room + 64;
        w->requests = xrealloc(w->requests, w->requests_room * sizeof *w->requests);
    }
    w->requests[w->n_requests] = r;
    w->story.arrived++;
    uint32_t request = w->n_requests++;
    naive_arrive(w, request, batch_of(w, inlet, request));
}

/* Events. */

#define MACHINE (NONE - MACHINE_TURNS - 1) /* in place of a station: what happens to a machine */
enum kind {
    KIND_DONE,
    KIND_RESUME,
    KIND_START, /* at one moment with the last and the next, as they were put in */
    KIND_EXPIRE,
    KIND_AWAY,
    KIND_REPAIR,
    KIND_SHIFT,
    KIND_FAIL,
    KIND_LEAVE,
    KIND_BACK,
    KIND_ARRIVAL
};

struct happening {
    double time;
    enum kind kind;
    uint64_t mark;
    uint32_t subject; /* visit, station (NONE: an outage; MACHINE ...) or inlet */
    size_t which;     /* call or outage, client */
};

/* Kinds that come as they were put in. */
static enum kind order_of(enum kind kind)
{
    return kind > KIND_RESUME && kind <= KIND_FAIL ? KIND_RESUME : kind;
}

static void earlier(struct happening *best, struct happening other)
{
    enum kind a = order_of(other.kind), b = order_of(best->kind);
    if (other.time < best->time ||
        (other.time == best->time && (a < b || (a == b && other.mark < best->mark))))
        *best = other;
}

static struct happening next_happening(struct world *w, bool outages)
{
    struct happening best = {.time = INFINITY, .kind = KIND_ARRIVAL, .mark = UINT64_MAX};
    for (uint32_t i = 0; i < w->network->n_stations; i++) {
        struct station *x = &w->stations[i];
        struct happening done = {.kind = KIND_DONE};
        done.time = naive_station_next_done(w, x, &done.subject, &done.mark);
        earlier(&best, done);
        for (size_t k = 0; k < x->n_calls; k++)
            earlier(&best,
                    (struct happening){x->calls[k].time, KIND_RESUME, x->calls[k].mark, i, k});
        for (size_t k = 0; k < x->n_starts; k++)
            earlier(&best,
                    (struct happening){x->starts[k].time, KIND_START, x->starts[k].mark, i, k});
        for (size_t k = 0; k < x->n_idlers; k++)
            earlier(&best,
                    (struct happening){x->idlers[k].time, KIND_EXPIRE, x->idlers[k].mark, i, k});
        for (size_t k = 0; k < x->n_away; k++)
            earlier(&best, (struct happening){x->away[k].time, KIND_AWAY, x->away[k].mark, i, k});
        for (size_t k = 0; k < x->n_broken; k++)
            earlier(&best,
                    (struct happening){x->broken[k].time, KIND_REPAIR, x->broken[k].mark, i, k});
        for (size_t k = 0; k < x->n_lives; k++)
            earlier(&best,
                    (struct happening){x->lives[k].fails, KIND_FAIL, x->lives[k].mark, i, k});
        if (naive_staffed(w, x))
            earlier(&best, (struct happening){x->shift, KIND_SHIFT, x->shift_mark, i, 0});
    }
    for (size_t i = 0; i < w->n_machines && outages; i++)
        for (int k = 0; k < MACHINE_TURNS; k++)
            earlier(&best, (struct happening){w->machines[i].times[k], KIND_RESUME,
                                              w->machines[i].marks[k], MACHINE + (uint32_t)k, i});
    for (size_t i = 0; i < w->n_machines; i++)
        earlier(&best, (struct happening){naive_crash_full(w, &w->machines[i]), KIND_RESUME, 0,
                                          MACHINE + MACHINE_FULL, i});
    for (size_t i = 0; i < w->n_outages && outages; i++)
        earlier(&best,
                (struct happening){w->outages[i].time, KIND_RESUME, w->outages[i].mark, NONE, i});
    for (size_t i = 0; i < w->alive.n; i++) {
        uint32_t visit = w->alive.items[i];
        const struct visit *v = &w->visits[visit];
        if (v->spot == SPOT_DELAY)
            earlier(&best, (struct happening){v->back, KIND_BACK, v->mark, visit, 0});
        else if (v->spot == SPOT_LINE || v->spot == SPOT_BUFFER)
            earlier(&best, (struct happening){v->deadline, KIND_LEAVE, v->mark, visit, 0});
    }
    for (uint32_t i = 0; i < w->network->n_inlets; i++) {
        size_t client = NONE;
        double thought = next_thought(w, i, &client);
        earlier(&best,
                (struct happening){fmin(thought, next_arrival(w, i)), KIND_ARRIVAL, i, i, client});
    }
    return best;
}

double naive_next_other(struct world *w)
{
    return next_happening(w, false).time;
}

static void time_out(struct world *w, uint32_t visit)
{
    uint32_t station = w->visits[visit].station;
    if (w->visits[visit].spot == SPOT_LINE)
        naive_station_leave_line(w, visit);
    else
        naive_station_leave_buffer(w, visit);
    naive_lost_later(w, visit, LOSS_TIMED_OUT);
    naive_station_let_in(w, &w->stations[station]);
}

static void happen(struct world *w, const struct happening *h)
{
    switch (h->kind) {
    case KIND_DONE:
        naive_station_complete(w, h->subject);
        break;
    case KIND_RESUME:
        if (h->subject == NONE)
            naive_trouble_turn(w, h->which);
        else if (h->subject >= MACHINE)
            naive_crash_turn(w, h->which, (int)(h->subject - MACHINE));
        else
            naive_station_resume(w, &w->stations[h->subject], h->which);
        break;
    case KIND_START:
        naive_staff_started(w, &w->stations[h->subject], h->which);
        break;
    case KIND_EXPIRE:
        naive_staff_expire(w, &w->stations[h->subject], h->which);
        break;
    case KIND_AWAY:
        naive_staff_back(w, &w->stations[h->subject], h->which);
        break;
    case KIND_REPAIR:
        naive_staff_repaired(w, &w->stations[h->subject], h->which);
        break;
    case KIND_SHIFT:
        naive_staff_shift(w, &w->stations[h->subject]);
        break;
    case KIND_FAIL:
        naive_staff_fail(w, &w->stations[h->subject], (uint32_t)h->which);
        naive_station_let_in(w, &w->stations[h->subject]);
        break;
    case KIND_LEAVE:
        time_out(w, h->subject);
        break;
    case KIND_BACK:
        naive_offer_on(w, h->subject);
        break;
    case KIND_ARRIVAL:
        arrive(w, h->subject, (uint32_t)h->which);
        break;
    }
}

/* All that follows from an event at its moment. */
static void work_off(struct world *w)
{
    for (w->agenda_at = 0; w->agenda_at < w->agenda_n; w->agenda_at++) {
        struct item item = w->agenda[w->agenda_at];
        switch (item.chore) {
        case CHORE_ANSWER:
            naive_answer(w, &item);
            break;
        case CHORE_TAKEN:
            if (w->visits[item.subject].spot == SPOT_DONE)
                naive_release(w, item.subject);
            break;
        case CHORE_LOST:
            naive_lose(w, item.subject, item.loss);
            break;
        case CHORE_JOIN:
            naive_join(w, item.subject);
            break;
        case CHORE_BEGUN:
            if (w->visits[item.subject].spot == SPOT_PROMISE && naive_promise(w, item.subject))
                naive_station_start(w, item.subject);
            break;
        case CHORE_RESERVED:
            if (w->visits[item.subject].spot == SPOT_PROMISE)
                naive_station_start(w, item.subject);
            break;
        }
    }
    w->agenda_n = 0;
}

static void begin_world(struct world *w)
{
    const struct network *n = w->network;
    w->stations = xcalloc(n->n_stations, sizeof *w->stations);
    for (uint32_t i = 0; i < n->n_stages; i++)
        for (uint32_t r = 0; r < n->stages[i].replicas; r++) {
            const struct network_stage *stage = &n->stages[i];
            const struct network_stage *pool = &n->stages[stage->pool];
            struct station_kind kind = network_station(n, stage->pool, r);
            struct station *x = &w->stations[stage->first_station + r];
            x->number = stage->first_station + r;
            x->stage = i;
            x->replica = r;
            x->owner = pool->first_station + r;
            x->consumers = kind.consumers;
            x->speed = kind.speed;
            x->pace = 1;
            x->capacity = stage->stage->capacity;
            x->max_bytes = isnan(stage->stage->max_bytes) ? INFINITY : stage->stage->max_bytes;
            x->resume_delay = stage->stage->resume_delay;
            if (naive_staffed(w, x))
                naive_staff_begin(w, x);
            bool alone = pool->replicas == 1 && strcmp(pool->name, "main") == 0;
            x->picks = stream_of(w->seed, w->replication,
                                 alone ? "consumers.discipline"
                                       : internf("stages.%s.%u.discipline", pool->name, r));
        }
    size_t streams = (size_t)n->n_stages * n->n_inlets * n->n_classes * DRAWS;
    w->streams = xcalloc(streams, sizeof *w->streams);
    w->inlets = xcalloc(n->n_inlets, sizeof *w->inlets);
    for (uint32_t i = 0; i < n->n_inlets; i++)
        open_inlet(w, i);
    naive_trouble_begin(w);
    naive_crash_begin(w);
}

static void end_world(struct world *w)
{
    const struct network *n = w->network;
    for (uint32_t i = 0; i < n->n_stations; i++) {
        free(w->stations[i].line.items);
        free(w->stations[i].waiting.items);
        free(w->stations[i].service.items);
        free(w->stations[i].calls);
        naive_staff_end(&w->stations[i]);
    }
    for (uint32_t i = 0; i < n->n_inlets; i++) {
        free(w->inlets[i].view);
        free(w->inlets[i].state);
        free(w->inlets[i].times);
        free(w->inlets[i].thoughts);
        free(w->inlets[i].visits);
    }
    for (uint32_t i = 0; i < w->n_visits; i++)
        free(w->visits[i].left);
    for (uint32_t i = 0; i < w->n_requests; i++)
        free(w->requests[i].turns);
    for (uint32_t i = 0; i < w->n_groups; i++)
        free(w->groups[i].held.items);
    size_t streams = (size_t)n->n_stages * n->n_inlets * n->n_classes * DRAWS;
    for (size_t i = 0; i < streams; i++)
        free(w->streams[i]);
    free(w->streams);
    free(w->stations);
    free(w->inlets);
    free(w->visits);
    free(w->groups);
    free(w->requests);
    free(w->alive.items);
    free(w->agenda);
    free(w->outages);
    free(w->machines);
}

struct story naive_network(const struct network *network, uint64_t seed, uint32_t replication,
                           uint64_t requests)
{
    const uint64_t middle = (uint64_t)1 << 40;
    struct world w = {.network = network,
                      .seed = seed,
                      .replication = replication,
                      .orders = middle,
                      .fronts = middle - 1};
    begin_world(&w);
    while (w.story.arrived < requests) {
        struct happening next = next_happening(&w, true);
        if (!(next.time < INFINITY))
            break;
        w.now = next.time;
        happen(&w, &next);
        do
            work_off(&w);
        while (naive_crash_look(&w) || w.agenda_n > 0);
        if ((w.story.deadlock = naive_deadlock(&w)))
            break;
    }
    w.story.end = w.now;
    end_world(&w);
    return w.story;
}
