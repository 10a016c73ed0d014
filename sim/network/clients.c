/* What clients may do, of all that ask. */
#include "../scenario/client.h"
#include "network.h"

static bool cancels(const struct client_spec *c)
{
    return c && (c->cancel == CLIENT_QUEUED || c->cancel == CLIENT_RUNNING);
}

bool network_cancels(const struct network *n)
{
    bool any = false;
    for (uint32_t i = 0; i < n->n_inlets; i++)
        any |= cancels(n->inlets[i].client);
    for (uint32_t i = 0; i < n->n_calls; i++)
        any |= cancels(n->calls[i].client);
    return any;
}

bool network_gives_up(const struct network *n)
{
    bool any = network_cancels(n);
    for (uint32_t i = 0; i < n->n_calls; i++)
        any |= n->calls[i].client != NULL;
    return any;
}
