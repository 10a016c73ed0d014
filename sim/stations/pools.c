/* Visits, requests and groups by number. What is free is linked through `request`, `label` or
 * `parent`. */
#include <stdlib.h>
#include <string.h>

#include "asks.h"

enum { FIRST_ROOM = 256 };

static void more_visits(struct net *net)
{
    net->visit_room = net->visit_room ? 2 * net->visit_room : FIRST_ROOM;
    net->visit = xrealloc(net->visit, net->visit_room * sizeof *net->visit);
    if (net->offered)
        net->offered = xrealloc(net->offered, net->visit_room * sizeof *net->offered);
    if (net->agains) {
        struct again *again = net->agains->visit =
            xrealloc(net->agains->visit, net->visit_room * sizeof *again);
        memset(again + net->visits, 0, (net->visit_room - net->visits) * sizeof *again);
    }
    if (net->reservation)
        net->reservation = xrealloc(net->reservation, net->visit_room * sizeof *net->reservation);
    if (net->doors) {
        struct ticket *ticket = net->doors->ticket =
            xrealloc(net->doors->ticket, net->visit_room * sizeof *ticket);
        memset(ticket + net->visits, 0, (net->visit_room - net->visits) * sizeof *ticket);
    }
    if (net->bytes_of) {
        net->bytes = xrealloc(net->bytes, net->visit_room * sizeof *net->bytes);
        net->agenda.bytes = net->bytes;
    }
    if (net->network->prefill) {
        net->tokens.prefill =
            xrealloc(net->tokens.prefill, net->visit_room * sizeof *net->tokens.prefill);
        net->agenda.prefill = net->tokens.prefill;
    }
    if (net->withdraws || net->watched)
        net->birth = xrealloc(net->birth, net->visit_room * sizeof *net->birth);
    if (net->asking)
        net->asking->part =
            xrealloc(net->asking->part, net->visit_room * sizeof *net->asking->part);
    if (net->trace)
        net->agenda.admitted =
            xrealloc(net->agenda.admitted, net->visit_room * sizeof *net->agenda.admitted);
    if (net->trace)
        net->traced = xrealloc(net->traced, net->visit_room * sizeof *net->traced);
}

uint32_t visit_further(struct net *net)
{
    if (net->visits == net->visit_room)
        more_visits(net);
    net->visit[net->visits].stays = 0;
    return net->visits++;
}

uint32_t visit_new(struct net *net, uint32_t request)
{
    uint32_t i = visit_number(net);
    struct visit *v = &net->visit[i];
    *v = (struct visit){.request = request,
                        .stays = v->stays,
                        .group = NOBODY,
                        .caller = NOBODY,
                        .consumer = NO_CONSUMER,
                        .state = VISIT_DELAYED};
    net_waits_for_nothing(net, i);
    if (net->bytes_of)
        net_give_bytes(net, i);
    if (net->birth)
        net->birth[i] = net->born++;
    if (net->asking)
        part_link(net, i);
    net->request[request].alive++;
    return i;
}

static void more_requests(struct net *net)
{
    net->request_room = net->request_room ? 2 * net->request_room : FIRST_ROOM;
    net->request = xrealloc(net->request, net->request_room * sizeof *net->request);
    if (net->asking)
        net->asking->attempt =
            xrealloc(net->asking->attempt, net->request_room * sizeof *net->asking->attempt);
    if (net->repeats > 0)
        net->turns =
            xrealloc(net->turns, (size_t)net->request_room * net->repeats * sizeof *net->turns);
}

uint32_t request_further(struct net *net)
{
    if (net->requests == net->request_room)
        more_requests(net);
    if (net->asking)
        net->asking->attempt[net->requests].key = 0;
    return net->requests++;
}

void attempt_none(struct net *net, uint32_t request)
{
    struct attempt *x = &net->asking->attempt[request];
    *x = (struct attempt){.ask = NOBODY,
                          .of = NOBODY,
                          .key = x->key,
                          .turns = request,
                          .next = NOBODY,
                          .before = NOBODY,
                          .visits = NOBODY,
                          .asks = NOBODY,
                          .work = NOBODY};
}

uint32_t request_for(struct net *net, uint32_t of)
{
    uint32_t i = net->free_request;
    if (i != NOBODY)
        net->free_request = net->request[i].label;
    else
        i = request_further(net);
    if (net->repeats > 0)
        memset(net->turns + (size_t)i * net->repeats, 0, net->repeats * sizeof *net->turns);
    attempt_none(net, i);
    const struct request *whole = &net->request[of];
    net->request[i] = (struct request){.arrival = net->now,
                                       .number = whole->number,
                                       .label = whole->label,
                                       .streams = whole->streams,
                                       .sizes = whole->sizes,
                                       .order = whole->order,
                                       .class = whole->class,
                                       .inlet = whole->inlet,
                                       .reply = NAN};
    return i;
}

void request_free(struct net *net, uint32_t request)
{
    net->request[request].label = net->free_request;
    net->free_request = request;
}

static void tell(const struct net *net, const struct request *r, bool lost)
{
    const struct attempt *x = net->asking ? &net->asking->attempt[r - net->request] : NULL;
    struct request_record record = {.inlet = r->inlet,
                                    .request = r->order,
                                    .class = r->class,
                                    .outcome = lost ? TRACE_LOST + r->lost - 1u : TRACE_COMPLETED,
                                    .arrival = r->arrival,
                                    .reply = r->reply,
                                    .end = net->now,
                                    .wait = r->way,
                                    .attempts = x ? x->made : 0};
    if (x)
        record.ledger = x->ledger;
    net->trace->request(net->trace->to, &record);
}

/* The client, whom somebody asks for, has its answer now, or (lost) will have none; its way waited
 * `way`. */
void request_answer(struct net *net, struct request *r, double way, bool lost, enum loss why)
{
    double latency = net->now - r->arrival;
    net_pass(net);
    net->unanswered--;
    net->arrivals_unanswered -= r->arrival;
    net->answer_sum += latency;
    if (lost)
        net->refused++;
    else
        net->answered++;
    uint32_t label = label_at(net->recorder, r->label, net->client);
    if (lost)
        recorder_visit_lose(net->recorder, label, why, way, latency);
    else
        recorder_visit_complete(net->recorder, label, way, latency);
}

/* Its client had given up. */
static bool was_given_up(const struct net *net, uint32_t request)
{
    return net->asking && net->asking->attempt[request].given_up;
}

/* A closed client begins to think, unless it has (ask_ends.c). */
static void client_returns(struct net *net, uint32_t request)
{
    const struct request *r = &net->request[request];
    if (net->sources[r->inlet].clients && !(net->asking && net->network->inlets[r->inlet].client))
        net_thinks(net, r->inlet, r->client);
}

/* It is over: what is said of it. */
static void request_tell(struct net *net, uint32_t request)
{
    struct request *r = &net->request[request];
    bool lost = r->lost && !r->exited;
    double latency = net->now - r->arrival;
    net_pass(net);
    net->requests_alive--;
    net->arrivals -= r->arrival;
    net->sojourn_sum += latency;
    if (net->client != NOBODY && !r->answered) /* until the end: that is the answer */
        request_answer(net, r, r->way, lost, lost ? (enum loss)(r->lost - 1) : 0);
    uint32_t label = label_at(net->recorder, r->label, net->all);
    if (lost) {
        net->lost++;
        recorder_lose(net->recorder, label, (enum loss)(r->lost - 1));
    } else {
        net->completed++;
        recorder_complete(net->recorder, label, r->way, latency);
        recorder_settle(net->recorder, label, net->all, latency);
        if (was_given_up(net, request)) {
            recorder_late(net->recorder, label);
            net->late++;
        }
    }
    if (net->trace)
        tell(net, r, lost);
}

void request_joined(struct net *net, uint32_t request)
{
    struct request *r = &net->request[request];
    net->recorder->behind += r->label != UNMEASURED;
    r->told = true;
    request_tell(net, request);
}

void request_over(struct net *net, uint32_t request)
{
    struct request *r = &net->request[request];
    if (net->asking && net->asking->attempt[request].of != NOBODY) {
        attempt_over(net, request);
        return;
    }
    if (__builtin_expect(r->told, 0))
        net->recorder->behind -= r->label != UNMEASURED;
    else
        request_tell(net, request);
    if (net->asking)
        net->asking->attempt[request].key++;
    client_returns(net, request);
    request_free(net, request);
}

uint32_t group_new(struct net *net, uint32_t parent, uint32_t request)
{
    uint32_t i = net->free_group;
    if (i != NOBODY) {
        net->free_group = net->group[i].parent;
    } else {
        if (net->groups == net->group_room) {
            net->group_room = net->group_room ? 2 * net->group_room : FIRST_ROOM;
            net->group = xrealloc(net->group, net->group_room * sizeof *net->group);
        }
        i = net->groups++;
        net->group[i].list = NULL;
        net->group[i].stays = 0;
        net->group[i].room = 0;
    }
    struct group *g = &net->group[i];
    struct member *list = g->list;
    uint32_t room = g->room, stays = g->stays + 1;
    *g = (struct group){.parent = parent,
                        .stays = stays,
                        .parent_stays = parent == NOBODY ? 0 : net->group[parent].stays,
                        .request = request,
                        .stage = NETWORK_EXIT,
                        .caller = NOBODY,
                        .held = NOBODY,
                        .list = list,
                        .room = room};
    if (request != IN_BATCH)
        net->request[request].alive++;
    return i;
}

void group_free(struct net *net, uint32_t group)
{
    net->group[group].parent = net->free_group;
    net->group[group].request = NOBODY;
    net->free_group = group;
}

void pools_free(struct net *net)
{
    for (uint32_t i = 0; i < net->groups; i++)
        free(net->group[i].list);
    free(net->group);
    free(net->request);
    free(net->turns);
    free(net->visit);
    free(net->offered);
    tokens_end(net);
    free(net->birth);
    free(net->reservation);
    free(net->traced);
    free(net->agenda.admitted);
}
