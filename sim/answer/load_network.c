#include "load_network.h"

#include <stdlib.h>

#include "../base/err.h"
#include "../network/facts.h"
#include "../scenario/process.h"
#include "../scenario/stages.h"
#include "../theory/network_load.h"

bool load_network_loses(const struct scenario *s)
{
    struct network_facts *facts = network_facts_of(s);
    bool loses = facts->loses[facts->network->n_stages];
    network_facts_free(facts);
    return loses;
}

double load_network_by_theory(const struct scenario *s)
{
    struct network *network = network_of(s);
    struct traffic *traffic = traffic_of(network, NULL);
    struct network_load load;
    bool known = network_load_of(network, traffic, &load);
    traffic_free(traffic);
    network_free(network);
    return known ? load.value : NAN;
}

const char *load_network_refuses(const struct scenario *s)
{
    struct network *network = network_of(s);
    struct traffic *t = traffic_of(network, NULL);
    const char *why = NULL;
    if (t->closed)
        why = "no formula here knows the saturation of a closed network such as this, and its "
              "backlog has a limit whatever it does";
    else if (t->bottleneck == NETWORK_EXIT)
        why =
            "the rate of the traffic, or the work of the stages, is not known beforehand: how far "
            "it is from what they can do cannot be said";
    traffic_free(t);
    network_free(network);
    return why;
}

double load_network_slower(const struct scenario *s)
{
    struct network *network = network_of(s);
    struct traffic *t = traffic_of(network, NULL);
    double most = t->bottleneck == NETWORK_EXIT ? 0 : t->stage[t->bottleneck].utilization;
    traffic_free(t);
    network_free(network);
    return most > 0 ? LOAD_OFFERED / most : 1;
}

static void slow(struct scenario *s, const char *path, double factor)
{
    struct param_ref ref;
    if (param_find(s, path, (struct place){0}, &ref, NULL) && isfinite(param_get(s, &ref)))
        param_put(s, &ref, param_get(s, &ref) / factor);
}

void load_network_slow_down(struct scenario *s, double factor)
{
    if (s->stages_count == 0)
        s->stage.speed /= factor;
    for (size_t i = 0; i < (size_t)s->stages_count; i++) {
        const char *name = stage_core(s, i)->name;
        slow(s, internf("stages.%s.consumers.speed", name), factor);
        for (size_t k = 0; k < (size_t)stage_kinds(s, i)->n; k++)
            slow(s, internf("stages.%s.replicas.%zu.consumers.speed", name, k), factor);
    }
    spec_settle(s);
}

/* Of one stage, over all replications or one (`only`): visits that were completed, and seconds. */
static void add_window(const struct result *result, uint32_t stage, uint32_t replication,
                       double *completed, double *seconds)
{
    const struct window *w = result_place_window(result, 0, stage, replication);
    if (!w)
        return;
    *completed += (double)(w->close.completed - w->open.completed);
    *seconds += w->close.time - w->open.time;
}

void load_network_seen(const struct result *result, const struct scenario *at, double factor,
                       struct came_and_could *each, uint32_t replications)
{
    struct network *network = network_of(at);
    struct traffic *t = traffic_of(network, NULL);
    uint32_t bottleneck = 0;
    double most = -1;
    for (uint32_t j = 0; j < network->n_stages; j++) {
        double completed = 0, seconds = 0;
        for (uint32_t r = 0; r < replications; r++)
            add_window(result, j, r, &completed, &seconds);
        double load = t->stage[j].rate * seconds / (factor * completed);
        if (t->stage[j].rate > 0 && isfinite(t->stage[j].consumers) && load > most) {
            most = load;
            bottleneck = j;
        }
    }
    for (uint32_t r = 0; r < replications; r++) {
        double completed = 0, seconds = 0;
        add_window(result, bottleneck, r, &completed, &seconds);
        each[r] = (struct came_and_could){t->stage[bottleneck].rate * seconds, factor * completed};
    }
    traffic_free(t);
    network_free(network);
}
