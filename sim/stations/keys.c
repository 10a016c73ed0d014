/* Where the key of a request (tasks.key) is asked for. */
#include <stdlib.h>

#include "../network/keys.h"
#include "../scenario/balancer.h"
#include "net.h"

void net_open_keys(struct net *net)
{
    const struct network *n = net->network;
    if (n->keys.n == 0)
        return;
    net->key_of = xcalloc(n->n_inlets, sizeof *net->key_of);
    for (uint32_t i = 0; i < n->n_inlets; i++)
        net->key_of[i] = (struct drawn){
            .stream = stream_of(net->seed, net->replication,
                                network_stream_path(n, NETWORK_EXIT, i, NETWORK_ANY, "tasks.key"))};
}

void net_free_keys(struct net *net)
{
    for (uint32_t i = 0; i < net->network->n_inlets && net->key_of; i++)
        free(net->key_of[i].value);
    free(net->key_of);
}

uint32_t net_key(const struct net *net, const struct request *r)
{
    return network_key(net->network, draws_get(&net->key_of[r->inlet], r->number, 0));
}

uint32_t net_hashed(const struct net *net, const struct request *r, uint32_t stage)
{
    const struct network_stage *s = &net->stages[stage];
    const uint32_t key = net_key(net, r);
    const bool some = net->fate && net->fate->out[stage] > 0 && net->fate->out[stage] < s->replicas;
    uint32_t replica = balancer_hash(key, 0, s->replicas);
    for (uint32_t probe = 1; some && fate_is_out(net, s->first_station + replica); probe++)
        replica = probe < HASH_PROBES ? balancer_hash(key, probe, s->replicas)
                                      : (replica + 1) % s->replicas;
    return replica;
}
