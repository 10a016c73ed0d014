#include "keys.h"

#include <math.h>
#include <stdlib.h>

#include "../base/err.h"
#include "../scenario/balancer.h"
#include "network.h"

/* What falls to each replica of the stages that go by keys. */
static void add_shares(struct network *n, uint32_t stage)
{
    struct network_stage *s = &n->stages[stage];
    if (!s->balancer || !s->balancer->by_key)
        return;
    s->key_share = xcalloc(s->replicas, sizeof *s->key_share);
    for (uint32_t k = 0; k < n->keys.n; k++) {
        const double *until = n->keys.until;
        double share = until ? until[k] - (k > 0 ? until[k - 1] : 0) : 1.0 / n->keys.n;
        s->key_share[balancer_hash(k, 0, s->replicas)] += share;
    }
}

void network_add_keys(struct network *n)
{
    const struct key_spec *spec = &n->scenario->key;
    struct network_keys *keys = &n->keys;
    keys->n = spec->of > 0 ? (uint32_t)spec->of : 0;
    if (keys->n > 0 && spec->law == KEYS_ZIPF) {
        const double exponent = spec->exponent > 0 ? spec->exponent : 1;
        double sum = 0;
        keys->until = xmalloc(keys->n * sizeof *keys->until);
        for (uint32_t k = 0; k < keys->n; k++)
            keys->until[k] = sum += pow(k + 1.0, -exponent);
        for (uint32_t k = 0; k < keys->n; k++)
            keys->until[k] /= sum;
    }
    for (uint32_t stage = 0; stage < n->n_stages; stage++)
        add_shares(n, stage);
}

void network_free_keys(struct network *n)
{
    for (uint32_t stage = 0; stage < n->n_stages; stage++)
        free(n->stages[stage].key_share);
    free(n->keys.until);
}

uint32_t network_key(const struct network *n, double uniform)
{
    const struct network_keys *keys = &n->keys;
    if (!keys->until)
        return (uint32_t)(uniform * keys->n);
    uint32_t low = 0, high = keys->n - 1;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (uniform < keys->until[middle])
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

double network_key_share(const struct network *n, uint32_t stage, uint32_t replica)
{
    return n->stages[stage].key_share[replica];
}
