/* Sources: when the next task comes, what it is, and to which stages it can come. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../sim/scenario/distribution.h"
#include "../sim/scenario/process.h"
#include "../sim/scenario/stages.h"
#include "naive_world.h"

static const struct arrival_process *process_of(const struct inlet *inlet)
{
    return (const struct arrival_process *)(const void *)inlet->arrivals->process;
}

static const char *inlet_path(const struct world *w, uint32_t inlet, const char *what)
{
    return network_stream_path(w->network, NETWORK_EXIT, inlet, NETWORK_ANY, what);
}

static void think(struct world *w, uint32_t inlet, size_t client)
{
    struct inlet_state *x = &w->inlets[inlet];
    const struct law *law = process_of(&w->network->inlets[inlet])->think(x->view);
    struct stream stream =
        stream_of(w->seed, w->replication, inlet_path(w, inlet, "arrivals.think_time"));
    double time;
    law_model(law)->fill(law->params, &stream, (uint64_t)client << 40 | x->visits[client]++, 1,
                         &time);
    x->thoughts[client] = naive_source_time(w, inlet) + time;
}

void naive_over(struct world *w, uint32_t request)
{
    const struct request *r = &w->requests[request];
    if (r->client != NONE && !naive_asks(w, r->inlet))
        naive_think(w, request);
}

void naive_think(struct world *w, uint32_t request)
{
    think(w, w->requests[request].inlet, w->requests[request].client);
}

void naive_source_open(struct world *w, uint32_t number)
{
    const struct inlet *inlet = &w->network->inlets[number % w->network->n_inlets];
    const struct arrival_process *process = process_of(inlet);
    const struct scenario *s = w->network->scenario;
    struct inlet_state *x = &w->inlets[number];
    const bool second = number >= w->network->n_inlets;
    x->batch = NONE;
    x->view = xcalloc(1, sizeof *x->view);
    x->view->params = inlet->arrivals->params;
    x->view->rate =
        inlet->arrivals == &s->arrivals ? scenario_event_rate(s) : inlet->arrivals->rate;
    x->view->seed = w->seed;
    x->view->replication = w->replication;
    x->view->stream = stream_of(w->seed, w->replication,
                                inlet_path(w, number % w->network->n_inlets, "arrivals"));
    x->view->scenario = s;
    const struct burst_spec *burst = scenario_burst(s, number % w->network->n_inlets);
    x->view->burst = burst_is_given(burst) ? burst : NULL;
    x->initial = burst->initial > 0 ? (uint64_t)burst->initial : 0;
    x->view->source = strcmp(inlet->name, "main") == 0 ? NULL : inlet->name;
    if (process->clients && second)
        return;
    if (process->clients) {
        x->clients = (size_t)process->clients(x->view);
        x->thoughts = xcalloc(x->clients, sizeof *x->thoughts);
        x->visits = xcalloc(x->clients, sizeof *x->visits);
        for (size_t i = 0; i < x->clients; i++)
            think(w, number, i);
        return;
    }
    x->state = xcalloc(1, sizeof *x->state);
    x->times = xcalloc(BLOCK, sizeof *x->times);
    if (process->begin)
        process->begin(x->view, x->state);
}

/* When the next of an open source arrives, by the clock of the source. */
static double next_time(struct world *w, uint32_t number)
{
    struct inlet_state *x = &w->inlets[number];
    const struct inlet *inlet = &w->network->inlets[number % w->network->n_inlets];
    if (!x->times)
        return INFINITY;
    if (x->at == x->n && x->initial > 0) {
        x->at = x->n = 0;
        while (x->n < BLOCK && x->initial > 0) {
            x->times[x->n++] = 0;
            x->initial--;
        }
    } else if (x->at == x->n) {
        struct arrival_block block;
        const bool warps = x->view->burst && !process_of(inlet)->bursts;
        x->n = process_of(inlet)->fill(x->view, x->state, BLOCK, &block);
        x->at = 0;
        for (size_t i = 0; i < x->n; i++) /* what it does, test_burst.c knows */
            x->times[i] = warps ? burst_time(x->view->burst, block.time[i]) : block.time[i];
    }
    return x->n > 0 ? x->times[x->at] : INFINITY;
}

double naive_source_next(struct world *w, uint32_t number)
{
    struct inlet_state *x = &w->inlets[number];
    const uint32_t stage = naive_ignored(w, number % w->network->n_inlets);
    if (stage == NONE && number >= w->network->n_inlets)
        return INFINITY;
    double time = next_time(w, number);
    while (time < INFINITY && stage != NONE && !naive_goes_by(w, number, x->number)) {
        x->number++;
        x->at++;
        time = next_time(w, number);
    }
    return x->stops > 0 ? INFINITY : fmax(w->now, time + x->lag);
}

/* The client who is the first to have thought; of several the one with the smallest number. */
double naive_source_thought(const struct world *w, uint32_t number, size_t *client)
{
    const struct inlet_state *x = &w->inlets[number];
    double first = INFINITY;
    for (size_t i = 0; i < x->clients; i++)
        if (x->thoughts[i] < first)
            first = x->thoughts[ *client = i];
    return x->stops > 0 ? INFINITY : fmax(w->now, first + x->lag);
}

static uint32_t class_of(struct world *w, uint32_t inlet, uint64_t draw)
{
    const struct scenario *s = w->network->scenario;
    if (w->network->inlets[inlet].class != NETWORK_ANY)
        return w->network->inlets[inlet].class;
    uint32_t classes = s->classes_count > 1 ? (uint32_t)s->classes_count : 1, class = 0;
    if (classes == 1)
        return 0;
    struct stream stream =
        stream_of(w->seed, w->replication, inlet_path(w, inlet, "tasks.classes"));
    double u = stream_uniform(&stream, 0, draw), edge = 0;
    for (uint32_t c = 0; c < classes - 1; c++)
        class += u >= (edge += scenario_share(s, (int)c));
    return class;
}

/* The group of the batch that a request is of; NONE: it is of none, or that is joined nowhere. */
static uint32_t batch_of(struct world *w, uint32_t clock, uint32_t request)
{
    const struct inlet *in = &w->network->inlets[clock % w->network->n_inlets];
    struct inlet_state *x = &w->inlets[clock];
    if (in->batch_join_of == NETWORK_EXIT)
        return NONE;
    if (x->batch == NONE) {
        x->batch = naive_group(w, request, NONE, 0);
        w->groups[x->batch].batch = true;
        w->groups[x->batch].join_of = in->batch_join_of;
    }
    uint32_t batch = x->batch;
    w->groups[batch].n++;
    w->groups[batch].open = naive_source_next(w, clock) == w->now;
    if (!w->groups[batch].open)
        x->batch = NONE; /* that was the last */
    return batch;
}

void naive_source_arrive(struct world *w, uint32_t clock, uint32_t client)
{
    struct inlet_state *x = &w->inlets[clock];
    const uint32_t inlet = clock % w->network->n_inlets;
    struct request r = {.inlet = inlet,
                        .client = client,
                        .of = NONE,
                        .arrival = w->now,
                        .reply = NAN,
                        .loss = NONE};
    r.number = (uint32_t)w->arrived[inlet]++;
    r.draw = client == NONE ? x->number : (uint64_t)client << 40 | (x->visits[client] - 1);
    x->number++;
    if (client == NONE)
        x->at++;
    else
        x->thoughts[client] = INFINITY;
    r.class = class_of(w, inlet, r.draw);
    r.turns = xcalloc(w->network->n_stages, sizeof *r.turns);
    w->story.arrived++;
    uint32_t request = naive_request(w, r);
    naive_arrive(w, request, batch_of(w, inlet, request));
}

static bool leads_on(const struct network *n, uint32_t from, uint32_t to, bool *seen)
{
    const struct network_stage *s = &n->stages[from];
    bool found = from == to;
    if (seen[from])
        return false;
    seen[from] = true;
    for (uint32_t i = 0; i < s->to.n && !found; i++)
        if (n->legs[s->to.first + i].stage != NETWORK_EXIT)
            found = leads_on(n, n->legs[s->to.first + i].stage, to, seen);
    for (uint32_t k = 0; k < s->steps; k++)
        for (uint32_t i = 0; i < n->steps[s->first_step + k].n && !found; i++)
            found = leads_on(n, n->calls[n->steps[s->first_step + k].first + i].stage, to, seen);
    return found;
}

bool naive_leads(const struct world *w, uint32_t inlet, uint32_t stage)
{
    const struct network *n = w->network;
    const struct route *to = &n->inlets[inlet].to;
    bool *seen = xcalloc(n->n_stages, sizeof *seen), found = false;
    for (uint32_t i = 0; i < to->n && !found; i++)
        if (n->legs[to->first + i].stage != NETWORK_EXIT)
            found = leads_on(n, n->legs[to->first + i].stage, stage, seen);
    free(seen);
    return found;
}
