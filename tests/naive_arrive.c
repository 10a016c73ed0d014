/* Where requests go first. */
#include <math.h>

#include "naive_world.h"

/* A request arrives, perhaps as one of a batch, and goes where its source says. */
void naive_arrive(struct world *w, uint32_t request, uint32_t batch)
{
    if (naive_asks(w, w->requests[request].inlet))
        naive_ask(w, request);
    else
        naive_go_in(w, request, batch, 0);
}

void naive_go_in(struct world *w, uint32_t request, uint32_t batch, double way)
{
    const struct request *r = &w->requests[request];
    const struct network *n = w->network;
    const struct inlet *inlet = &n->inlets[r->inlet];
    const struct route *to = &inlet->to;
    uint32_t legs = to->way == WAY_COPIES ? to->n : 1, group = batch;
    w->requests[request].alive++;
    if (to->way == WAY_COPIES) {
        group = naive_group(w, request, batch, legs);
        w->groups[group].join_of = inlet->join_of;
    }
    double u = 0;
    if (to->way == WAY_ONE) {
        struct stream stream =
            stream_of(w->seed, w->replication,
                      network_stream_path(n, NETWORK_EXIT, r->inlet, NETWORK_ANY, "to"));
        uint32_t turn;
        naive_turns(w, request, &turn);
        stream = stream_turn(&stream, turn);
        u = stream_uniform(&stream, 0, r->draw);
    }
    bool went = false;
    for (uint32_t i = 0; i < to->n; i++) {
        const struct leg *leg = &n->legs[to->first + i];
        bool fits = leg->class == NETWORK_ANY || leg->class == w->requests[request].class;
        if (to->way == WAY_RULES ? !fits : to->way == WAY_ONE && u >= leg->until)
            continue;
        went = leg->stage != NETWORK_EXIT;
        if (went) {
            uint32_t visit = naive_visit(w, request, leg->stage);
            w->visits[visit].group = group;
            w->visits[visit].way = way;
            w->visits[visit].born = w->births++;
            naive_offer_new(w, visit);
        } else {
            naive_leaves(w, request, false);
            if (to->way == WAY_COPIES)
                naive_tell_group(w, group, request, NETWORK_EXIT, NAN, way);
        }
        if (to->way != WAY_COPIES)
            break;
    }
    if (to->way != WAY_COPIES && !went) { /* it goes nowhere */
        naive_leaves(w, request, false);
        naive_tell_group(w, batch, request, NETWORK_EXIT, NAN, way);
    }
    naive_left(w, request, way);
}
