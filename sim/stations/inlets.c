#include "inlets.h"

#include <stdlib.h>
#include <string.h>

#include "../base/err.h"
#include "../scenario/stages.h"

static bool anybody_carries(const struct network *n)
{
    for (uint32_t i = 0; i < n->n_stages; i++)
        if (n->stages[i].carried)
            return true;
    return false;
}

/* What a source draws of: nothing that stages do. */
static void inlet_scenario(const struct network *network, uint32_t i, struct scenario *as)
{
    const struct inlet *in = &network->inlets[i];
    source_alone(network->scenario, i, as);
    as->timeout.model = NULL;
    for (int c = 0; c < MAX_CLASSES; c++)
        as->classes[c].timeout.model = NULL;
    if (in->class != NETWORK_ANY) {
        const struct law *size = scenario_size(as, (int)in->class);
        if (size != &as->size)
            as->size = *size;
        as->classes_count = 0;
    }
}

struct source *inlets_open(const struct network *network, uint64_t seed, uint32_t replication)
{
    struct scenario *as = xmalloc(sizeof *as);
    struct source *sources = xcalloc(network->n_inlets, sizeof *sources);
    for (uint32_t i = 0; i < network->n_inlets; i++) {
        const struct inlet *in = &network->inlets[i];
        inlet_scenario(network, i, as);
        bool main = strcmp(in->name, "main") == 0;
        source_begin_as(&sources[i], as, seed, replication, main ? NULL : in->name);
        sources[i].sizeless = !anybody_carries(network);
    }
    free(as);
    return sources;
}

void inlets_close(struct source *sources, const struct network *network)
{
    for (uint32_t i = 0; i < network->n_inlets; i++)
        source_end(&sources[i]);
    free(sources);
}

void inlets_adopt(struct source *sources, const struct network *network, double now)
{
    struct scenario *as = xmalloc(sizeof *as);
    for (uint32_t i = 0; i < network->n_inlets; i++) {
        inlet_scenario(network, i, as);
        source_adopt_all(&sources[i], as, now);
    }
    free(as);
}
