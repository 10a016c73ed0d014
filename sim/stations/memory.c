/* Memory that tasks take: drawn once for each request, and held wherever its visits are. */
#include <math.h>
#include <stdlib.h>

#include "net.h"

void net_open_memory(struct net *net)
{
    const struct network *n = net->network;
    if (!n->bytes)
        return;
    net->bytes_of = xcalloc(n->n_inlets, sizeof *net->bytes_of);
    for (uint32_t i = 0; i < n->n_inlets; i++)
        net->bytes_of[i] = (struct drawn){
            .law = n->bytes,
            .stream =
                stream_of(net->seed, net->replication,
                          network_stream_path(n, NETWORK_EXIT, i, NETWORK_ANY, "tasks.bytes"))};
    net->holding = xcalloc(n->n_stations + n->n_stages + 1, sizeof *net->holding);
    struct holding *stages = net->holding + n->n_stations, *all = stages + n->n_stages;
    for (uint32_t i = 0; i < n->n_stages; i++) {
        stages[i].up = all;
        for (uint32_t r = 0; r < n->stages[i].replicas; r++)
            net->holding[n->stages[i].first_station + r].up = &stages[i];
    }
}

void net_adopt_memory(struct net *net)
{
    for (uint32_t i = 0; i < net->network->n_inlets && net->bytes_of; i++) {
        net->bytes_of[i].law = net->network->bytes;
        for (int k = 0; k < DRAWS_KEPT; k++)
            net->bytes_of[i].block[k] = 0;
    }
}

void net_free_memory(struct net *net)
{
    for (uint32_t i = 0; i < net->network->n_inlets && net->bytes_of; i++)
        free(net->bytes_of[i].value);
    free(net->bytes_of);
    free(net->holding);
    free(net->bytes);
}

void net_give_bytes(struct net *net, uint32_t visit)
{
    const struct request *r = &net->request[net->visit[visit].request];
    net->bytes[visit] = round(draws_get(&net->bytes_of[r->inlet], r->number, 0));
}

void net_opens(void *state)
{
    struct net *net = state;
    const struct network *n = net->network;
    for (uint32_t i = 0; i < n->n_stations + n->n_stages + 1 && net->holding; i++)
        holding_begin(&net->holding[i]);
}

void net_cuts(void *state)
{
    struct net *net = state;
    const struct network *n = net->network;
    for (uint32_t i = 0; i < n->n_stations + n->n_stages + 1 && net->holding; i++)
        net->holding[i].peak = net->holding[i].now;
}

double net_bytes_peak(const struct net *net, uint32_t place)
{
    return net->holding && place <= net->all ? net->holding[net->network->n_stations + place].peak
                                             : NAN;
}

double net_bytes_most(const struct net *net, uint32_t place)
{
    return net->holding && place <= net->all ? net->holding[net->network->n_stations + place].most
                                             : NAN;
}
