#include "offered.h"

#include "../scenario/sweep.h"
#include "facts.h"

struct offered offered_of(const struct scenario *s)
{
    struct offered offered = {NAN, NETWORK_EXIT, false, INFINITY};
    struct network_facts *facts = network_facts_of(s);
    if (!facts) {
        offered.utilization = scenario_utilization(s);
        offered.tail = scenario_tail(s);
        return offered;
    }
    const struct traffic *traffic = facts->traffic;
    offered.stage = traffic->bottleneck;
    offered.tail = facts->tail;
    for (uint32_t i = 0; i < facts->network->n_stages; i++)
        offered.at_least |= !traffic->stage[i].holding_known || traffic->stage[i].blocked;
    if (offered.stage != NETWORK_EXIT)
        offered.utilization = traffic->stage[offered.stage].utilization;
    network_facts_free(facts);
    return offered;
}

static double known_utilization(const struct scenario *s)
{
    const struct offered offered = offered_of(s);
    return offered.at_least ? NAN : offered.utilization;
}

double offered_cliff(const struct scenario *s)
{
    return scenario_is_network(s) ? sweep_crossing(s, known_utilization) : sweep_cliff(s);
}
