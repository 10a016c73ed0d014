/* Requests arrive. */
#include "fast.h"

/* Takes the next task of a source: what it was. */
static struct arrival take(struct net *net, uint32_t inlet, uint32_t *client, uint64_t *number)
{
    struct source *source = &net->sources[inlet];
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

void net_arrive(struct net *net, uint32_t inlet)
{
    const struct inlet *in = &net->network->inlets[inlet];
    uint32_t client;
    uint64_t number;
    struct arrival a = take(net, inlet, &client, &number);
    net->next_arrival[inlet] = source_peek(&net->sources[inlet]).time;
    net->soonest = NOBODY;
    uint32_t class = in->class == NETWORK_ANY ? a.class : in->class;
    uint32_t request = request_new(net, inlet, class, number);
    struct request *r = &net->request[request];
    r->client = client;
    r->order = net->taken[inlet]++;
    recorder_arrive(net->recorder, label_at(net->recorder, r->label, net->all), a.size);
    if (net->client != NOBODY)
        recorder_visit(net->recorder, label_at(net->recorder, r->label, net->client), 0);
    uint32_t visit = visit_new(net, request);
    net->visit[visit].size = a.size;
    if (in->to.way == WAY_COPIES) {
        net_copies(net, visit, &in->to, NETWORK_EXIT, NETWORK_EXIT);
        net_replaced(net, visit);
        return;
    }
    double u = net_by_chance(net, &in->to) ? draws_inlet(net->draws, inlet, number) : 0;
    uint32_t next = net_leg(net, &in->to, r, u);
    if (next == NETWORK_EXIT)
        net_end(net, visit, true);
    else
        net_offer(net, visit, next, NETWORK_EXIT, false);
}
