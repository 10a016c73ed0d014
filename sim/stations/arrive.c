/* Requests arrive. */
#include <string.h>

#include "asks.h"
#include "fast.h"

/* Takes the next task of a source: what it was. */
static struct arrival take(struct net *net, uint32_t clock, uint32_t *client, uint64_t *number)
{
    struct source *source = net->marks ? marks_source(net, clock) : &net->sources[clock];
    struct arrival a = source_peek(source);
    if (source->clients) {
        *number = clients_draw(source->clients, source->client);
        *client = source_send(source);
    } else {
        *number = source->first + source->at;
        *client = 0;
        source_step(source);
    }
    return a;
}

void net_thinks(struct net *net, uint32_t inlet, uint32_t client)
{
    struct source *source = &net->sources[inlet];
    source_return(source, client, net->marks ? marks_time(net, inlet) : net->now);
    if (net->marks)
        marks_next(net, inlet);
    else
        net->next_arrival[inlet] = source_peek(source).time;
    net->soonest = NOBODY;
}

static uint32_t begin(struct net *net, uint32_t inlet, uint32_t class, uint64_t number)
{
    uint32_t i = net->free_request;
    if (i != NOBODY)
        net->free_request = net->request[i].label;
    else
        i = request_further(net);
    const double now = net->now;
    const uint32_t streams = draws_of_inlet(net->draws, inlet);
    net->request[i] = (struct request){.arrival = now,
                                       .number = number,
                                       .label = recorder_request(net->recorder, class),
                                       .streams = streams,
                                       .sizes = streams + class * DRAWS,
                                       .order = net->taken[inlet]++,
                                       .class = (uint16_t) class,
                                       .inlet = (uint16_t)inlet,
                                       .reply = NAN};
    if (net->repeats > 0)
        memset(net->turns + (size_t)i * net->repeats, 0, net->repeats * sizeof *net->turns);
    if (RARELY(net->asking != NULL))
        attempt_none(net, i);
    net_pass(net);
    net->arrived++;
    net->seen += net->requests_alive;
    net->requests_alive++;
    net->arrivals += now;
    if (net->client != NOBODY) {
        net->unanswered++;
        net->arrivals_unanswered += now;
    }
    return i;
}

/* A visit that goes to a stage with rules of its own, or to none, or copies of it do. */
static void offer(struct net *net, uint32_t visit, const struct inlet *in, uint32_t next)
{
    if (in->to.way == WAY_COPIES) {
        net_copies(net, visit, &in->to, in->join_of, NETWORK_EXIT);
        net_replaced(net, visit);
    } else if (next == NETWORK_EXIT) {
        net_end(net, visit, true);
    } else {
        net_offer(net, visit, next, NETWORK_EXIT, false);
    }
}

void net_arrive(struct net *net, uint32_t clock)
{
    const uint32_t inlet = net->marks ? clock % net->network->n_inlets : clock;
    const struct inlet *in = &net->network->inlets[inlet];
    uint32_t client;
    uint64_t number;
    const struct arrival a = take(net, clock, &client, &number);
    if (net->marks)
        marks_next(net, clock);
    else
        net->next_arrival[clock] = source_peek(&net->sources[clock]).time;
    net->soonest = NOBODY;
    uint32_t class = in->class == NETWORK_ANY ? a.class : in->class;
    const uint32_t request = begin(net, inlet, class, number);
    struct request *r = &net->request[request];
    r->client = client;
    recorder_arrive(net->recorder, label_at(net->recorder, r->label, net->all), a.size);
    if (net->client != NOBODY)
        recorder_visit(net->recorder, label_at(net->recorder, r->label, net->client), 0);
    if (RARELY(net->asking && in->client)) {
        net_ask(net,
                &(struct asked){.desk = inlet, .of = request, .caller = NOBODY, .size = a.size});
        return;
    }
    double u = net_by_chance(net, &in->to) ? draws_inlet(net->draws, inlet, number, 0) : 0;
    const uint32_t next = in->to.way == WAY_COPIES ? NETWORK_EXIT : net_leg(net, &in->to, r, u);
    if (next == NETWORK_EXIT || !net->state[next].takes) {
        const uint32_t visit = visit_new(net, request);
        net->visit[visit].size = a.size;
        if (in->batch_join_of != NETWORK_EXIT)
            net_batched(net, inlet, visit);
        offer(net, visit, in, next);
        return;
    }
    const uint32_t visit = fast_visit(net, request, r);
    struct visit *v = &net->visit[visit];
    v->way = 0;
    v->size = a.size;
    v->station = 0;
    fast_come_in(net, visit, v, r, next, NETWORK_EXIT);
}

void net_go_in(struct net *net, uint32_t visit, uint32_t inlet)
{
    const struct inlet *in = &net->network->inlets[inlet];
    const struct route *to = &in->to;
    const uint32_t request = net->visit[visit].request;
    const struct request *r = &net->request[request];
    const uint32_t turn = net->asking->attempt[request].tag;
    double u = net_by_chance(net, to) ? draws_inlet(net->draws, inlet, r->number, turn) : 0;
    offer(net, visit, in, to->way == WAY_COPIES ? NETWORK_EXIT : net_leg(net, to, r, u));
}
