/* Visits that leave their stage, and visits that are over. */
#include <math.h>

#include "../events/events.h"
#include "asks.h"

struct stay net_stay(const struct net *net, uint32_t visit, double wait)
{
    const struct visit *v = &net->visit[visit];
    const struct network_stage *s = &net->stages[v->stage];
    bool delays = net->offered && s->delay && !s->copies; /* those arrive after it, one by one */
    bool delayed = v->state == VISIT_DELAYED || v->state == VISIT_AT_DOOR;
    struct ticket ticket = {0};
    if (s->door)
        ticket = net->doors->ticket[visit];
    if (!s->door_delays)
        ticket.held = ticket.waited = 0;
    ticket.limited = ticket.limited && s->door->limit && !delayed;
    const struct again *again = s->retry ? &net->agains->visit[visit] : NULL;
    const struct again *before = again && again->tries > 0 ? again : NULL;
    return (struct stay){.request = v->request,
                         .stage = v->stage,
                         .station = v->station,
                         .consumer = v->consumer,
                         .offered = before          ? before->offered
                                    : delays        ? net->offered[visit]
                                    : ticket.waited ? ticket.came
                                                    : v->arrival,
                         .arrival = v->arrival,
                         .wait = wait + ticket.held + (before ? before->waited : 0),
                         .tries = again ? again->tries + 1 : 0,
                         .way = v->way,
                         .kept = v->state == VISIT_CALLING || v->state == VISIT_BLOCKED,
                         .delayed = delayed,
                         .ticket = ticket,
                         .bytes = net->bytes ? net->bytes[visit] : 0,
                         .size = net->asking ? ledger_wants(net, visit) : 0,
                         .spent = net->asking ? ledger_spent(net, visit) : 0,
                         .traced = net->trace ? net->traced[visit] : (struct traced){0}};
}

void net_tell(const struct net *net, const struct stay *stay, uint32_t outcome)
{
    const struct request *r = &net->request[stay->request];
    struct visit_record record = {.inlet = r->inlet,
                                  .request = r->order,
                                  .stage = stay->stage,
                                  .turn = stay->traced.turn,
                                  .station = stay->station,
                                  .class = r->class,
                                  .outcome = outcome,
                                  .arrival = stay->arrival,
                                  .admitted =
                                      isnan(stay->traced.start) ? NAN : stay->traced.admitted,
                                  .start = stay->traced.start,
                                  .done = stay->traced.done,
                                  .left = net->now,
                                  .work = stay->traced.size,
                                  .wait = stay->way};
    net->trace->visit(net->trace->to, &record);
}

/* It is gone: its station knows, and whoever wants a trace. */
static void let_go(struct net *net, const struct stay *stay, bool lost, enum loss why)
{
    if (net->trace)
        net_tell(net, stay,
                 !lost                   ? TRACE_COMPLETED
                 : why == LOSS_WITHDRAWN ? TRACE_WITHDRAWN
                                         : TRACE_LOST + why);
    if (stay->ticket.limited)
        door_left(net, stay, lost, why);
    if (stay->delayed)
        return;
    struct events *e = net->station[stay->station];
    if (net->state[stay->stage].posts)
        post_let_go(net, stay, lost);
    else if (!e) {
        crowd_leave(&net->crowd[stay->station], stay->arrival, net->now, stay->kept, lost);
        if (net->holding &&
            !(lost && (why == LOSS_OUTAGE || why == LOSS_THROTTLED || why == LOSS_LIMITED)))
            holding_take(&net->holding[stay->station], stay->bytes);
    } else if (stay->consumer != NO_CONSUMER)
        station_let_go(e, net->now, stay->consumer, stay->arrival, lost);
    net_touched(net, stay->station, stay->stage);
}

void net_fail(struct net *net, const struct stay *stay, enum loss why)
{
    if (net->asking)
        ledger_fail(net, stay);
    let_go(net, stay, true, why);
}

void net_leave(struct net *net, const struct stay *stay, bool lost, enum loss why)
{
    struct recorder *recorder = net->recorder;
    uint32_t label = label_at(recorder, net->request[stay->request].label, stay->stage);
    double latency = net->now - stay->offered;
    const bool comes = !(stay->delayed && net->stages[stay->stage].copies);
    if (net->asking && comes)
        ledger_leave(net, stay, lost, why);
    if (!comes) {
        /* It has not arrived: its copies would have. */
    } else if (lost) {
        recorder_visit_lose(recorder, label, why, stay->wait, latency);
    } else {
        gaps_add(&net->state[stay->stage].tally.departures, net->now);
        recorder_visit_complete(recorder, label, stay->wait, latency);
        recorder_settle(recorder, label, stay->stage, latency);
    }
    if (stay->tries > 0)
        recorder_attempts(recorder, label, stay->tries);
    let_go(net, stay, lost, why);
}

/* What ends is no member of anything any more. */
static void over(struct net *net, uint32_t visit)
{
    const struct visit *v = &net->visit[visit];
    uint32_t request = v->request, group = v->group;
    double way = v->way, size = v->size;
    uint32_t whole = net_whole(net, request);
    again_forget(net, visit);
    if (!net->request[whole].held)
        net->request[request].way = net->request[whole].way = way;
    visit_free(net, visit);
    if (group != NOBODY)
        net_member_ended(net, group, request, way, size);
    request_left(net, request);
}

void net_know(struct net *net, uint32_t visit, enum loss why)
{
    const struct visit *v = &net->visit[visit];
    uint32_t request = v->request;
    struct attempt *x = net->asking ? &net->asking->attempt[request] : NULL;
    const bool copy = v->call == COPY;
    const bool asked = copy ? net->group[v->group].call == ASKED : v->call == ASKED;
    const bool own = v->caller == NOBODY && !copy && v->call != ASIDE;
    if (x && (asked || (own && !x->why)))
        x->why = (uint8_t)(1 + why);
    for (; request != NOBODY; request = x ? net->asking->attempt[request].of : NOBODY)
        if (!net->request[request].lost)
            net->request[request].lost = (uint8_t)(1 + why);
}

void net_lose(struct net *net, uint32_t visit, enum loss why, double wait)
{
    if (again_takes(net, visit, why, wait))
        return;
    const uint32_t from = net->visit[visit].stage;
    uint32_t letter = NOBODY;
    if (again_is_dead(net, visit, why)) {
        letter = again_letter(net, visit);
        why = LOSS_DEAD_LETTER;
    }
    struct visit *v = &net->visit[visit];
    net_know(net, visit, why);
    if (net->asking && v->state == VISIT_CALLING)
        asks_give_up(net, visit);
    if (v->caller != NOBODY || v->call == COPY)
        net_put_answer(net, visit, true);
    net_give_up_place(net, visit);
    struct stay stay = net_stay(net, visit, wait);
    net_leave(net, &stay, true, why);
    over(net, visit);
    if (letter != NOBODY)
        net_offer(net, letter, net->stages[from].letter, from, false);
}

void net_end(struct net *net, uint32_t visit, bool exits)
{
    const bool aside = net->visit[visit].call == ASIDE;
    uint32_t request = net->visit[visit].request, of;
    for (; exits && request != NOBODY; request = of) {
        of = net->asking ? net->asking->attempt[request].of : NOBODY;
        net->request[request].exited |= !aside || of == NOBODY; /* it is no answer to an attempt */
    }
    over(net, visit);
}
