#include "naive_network.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../sim/scenario/distribution.h"
#include "../sim/scenario/stages.h"
#include "naive_world.h"

#define MACHINE (NONE - MACHINE_TURNS - 1) /* in place of a station: what happens to a machine */
#define SIGNALS (MACHINE - 1)              /* and signals */
enum kind {
    KIND_DONE,
    KIND_RESUME,
    KIND_START, /* at one moment with the last and the next, as they were put in */
    KIND_EXPIRE,
    KIND_AWAY,
    KIND_REPAIR,
    KIND_SHIFT,
    KIND_FAIL,
    KIND_WINDOW,
    KIND_STEP,
    KIND_LEAVE,
    KIND_GIVE_UP, /* together with the last; so are the next two */
    KIND_BACK,
    KIND_AGAIN,
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
    return kind > KIND_RESUME && kind <= KIND_STEP ? KIND_RESUME
           : kind == KIND_GIVE_UP                  ? KIND_LEAVE
           : kind == KIND_AGAIN                    ? KIND_BACK
                                                   : kind;
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
        for (uint32_t k = 0; x->iterations && k < (uint32_t)x->consumers; k++)
            earlier(&best, (struct happening){x->iterations[k].between, KIND_STEP,
                                              x->iterations[k].mark, i, k});
        if (naive_batched(w, x))
            earlier(&best, (struct happening){x->window, KIND_WINDOW, x->window_mark, i, 0});
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
        else if (v->spot == SPOT_LINE || v->spot == SPOT_BUFFER || v->spot == SPOT_DOOR)
            earlier(&best, (struct happening){v->deadline, KIND_LEAVE, v->mark, visit, 0});
    }
    struct happening asks[2] = {{.kind = KIND_GIVE_UP}, {.kind = KIND_AGAIN}};
    for (int i = 0; i < 2; i++)
        if (naive_client_next(w, i == 0, &asks[i].time, &asks[i].mark, &asks[i].subject))
            earlier(&best, asks[i]);
    struct happening token = {.kind = KIND_BACK, .subject = NONE};
    token.time = naive_door_next(w, &token.which, &token.mark);
    earlier(&best, token);
    for (size_t i = 0; i < w->n_signals; i++)
        earlier(&best, (struct happening){w->signals[i].time, KIND_RESUME, w->signals[i].mark,
                                          SIGNALS, i});
    for (uint32_t k = 0; k < 2 * w->network->n_inlets; k++) { /* of a source by number */
        size_t client = NONE;
        double thought = naive_source_thought(w, k, &client),
               time = fmin(thought, naive_source_next(w, k));
        uint64_t order = k % w->network->n_inlets;
        earlier(&best, (struct happening){time, KIND_ARRIVAL, order << 40 | w->inlets[k].number, k,
                                          client});
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
    if (w->visits[visit].spot == SPOT_DOOR) {
        naive_door_leave(w, visit);
        naive_lost_later(w, visit, LOSS_TIMED_OUT);
        return;
    }
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
        if (h->subject == SIGNALS) {
            struct signal signal = w->signals[h->which];
            w->signals[h->which] = w->signals[--w->n_signals];
            naive_tell(w, signal.stage, signal.stop);
            break;
        }
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
    case KIND_WINDOW:
        naive_batch_waited(w, &w->stations[h->subject]);
        break;
    case KIND_STEP:
        naive_step_next(w, &w->stations[h->subject], (uint32_t)h->which);
        break;
    case KIND_LEAVE:
        time_out(w, h->subject);
        break;
    case KIND_GIVE_UP:
        naive_client_leaves(w, h->subject, h->mark);
        break;
    case KIND_BACK:
        if (h->subject == NONE)
            naive_door_token(w, h->which);
        else
            naive_offer_on(w, h->subject);
        break;
    case KIND_AGAIN:
        naive_client_again(w, h->subject, h->mark);
        break;
    case KIND_ARRIVAL:
        naive_source_arrive(w, h->subject, (uint32_t)h->which);
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
        case CHORE_REPLY:
            naive_replied(w, &item);
            break;
        case CHORE_SEND:
            naive_send(w, &item);
            break;
        case CHORE_CANCEL:
            naive_cancel(w, item.subject);
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
            x->window = INFINITY;
            if (naive_stepped(w, x))
                x->iterations = xcalloc((size_t)x->consumers, sizeof *x->iterations);
            for (size_t k = 0; x->iterations && k < (size_t)x->consumers; k++)
                x->iterations[k].between = INFINITY;
            if (naive_staffed(w, x))
                naive_staff_begin(w, x);
            bool alone = stage->replicas == 1 && strcmp(stage->name, "main") == 0;
            x->picks = stream_of(w->seed, w->replication,
                                 alone ? "consumers.discipline"
                                       : internf("stages.%s.%u.discipline", stage->name, r));
        }
    size_t streams = (size_t)n->n_stages * n->n_inlets * n->n_classes * DRAWS;
    w->streams = xcalloc(streams, sizeof *w->streams);
    w->arrived = xcalloc(n->n_inlets, sizeof *w->arrived);
    w->n_buckets = n->n_stages * naive_buckets(n);
    w->buckets = xcalloc(w->n_buckets, sizeof *w->buckets);
    w->limits = xcalloc(n->n_stages, sizeof *w->limits);
    for (uint32_t i = 0; i < n->n_stages; i++)
        if (n->stages[i].door && n->stages[i].door->limit) {
            const char *name = n->stages[i].name;
            const double *p = n->stages[i].door->limit_params;
            const char *algorithm = n->stages[i].door->limit->name;
            w->limits[i].stream =
                stream_of(w->seed, w->replication,
                          strcmp(name, "main") == 0 ? "limit" : internf("stages.%s.limit", name));
            w->limits[i].limit = strcmp(algorithm, "fixed") == 0   ? p[0]
                                 : strcmp(algorithm, "vegas") == 0 ? fmin(p[0], p[1])
                                                                   : fmin(fmax(p[0], p[1]), p[2]);
        }
    w->inlets = xcalloc(2 * (size_t)n->n_inlets, sizeof *w->inlets);
    for (uint32_t i = 0; i < 2 * n->n_inlets; i++)
        naive_source_open(w, i);
    naive_again_begin(w);
    naive_clients_begin(w);
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
        free(w->stations[i].iterations);
        naive_staff_end(&w->stations[i]);
    }
    for (size_t i = 0; i < w->n_buckets; i++)
        free(w->buckets[i].line.items);
    free(w->buckets);
    free(w->limits);
    free(w->signals);
    free(w->arrived);
    for (uint32_t i = 0; i < 2 * n->n_inlets; i++) {
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
    naive_clients_end(w);
    naive_again_end(w);
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
        do {
            do
                work_off(&w);
            while (naive_crash_look(&w) || w.agenda_n > 0);
            naive_look_at_marks(&w);
        } while (w.agenda_n > 0);
        if (!network_gives_up(network) &&
            (w.story.deadlock = naive_deadlock(&w))) /* else they give up */
            break;
    }
    w.story.end = w.now;
    end_world(&w);
    return w.story;
}
