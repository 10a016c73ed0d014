/* The engine's beginning and end. */
#include "chain.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "../base/err.h"
#include "../stations/inlets.h"

static void open_stage(struct chain *chain, uint32_t i, uint32_t place)
{
    const struct network_stage *s = &chain->network->stages[place];
    struct chain_stage *st = &chain->stage[i];
    *st = (struct chain_stage){
        .place = place,
        .several = s->stage->consumers != 1,
        .consumers = s->stage->consumers,
        .speed = s->stage->speed,
        .carried = s->carried,
    };
    if (!st->several)
        return;
    st->room = (uint32_t)st->consumers;
    st->due = xcalloc(st->room, sizeof *st->due);
    st->served = xcalloc(st->room, sizeof *st->served);
    st->spare = xcalloc(st->room, sizeof *st->spare);
    for (uint32_t slot = 0; slot < st->room; slot++)
        st->spare[slot] = slot;
}

static void open_stages(struct chain *chain)
{
    const struct network *n = chain->network;
    uint32_t *order = xcalloc(n->n_stages, sizeof *order);
    bool found = chain_order(n, order);
    assert(found);
    (void)found;
    chain->stages = n->n_stages;
    chain->stage = xcalloc(chain->stages, sizeof *chain->stage);
    chain->link = xcalloc(chain->stages + 1, sizeof *chain->link);
    chain->inlets = n->n_inlets;
    chain->classes = n->n_classes;
    chain->kinds = chain->inlets * chain->classes > 1;
    chain->counted = chain->inlets == 1;
    for (uint32_t i = 0; i < chain->stages; i++) {
        open_stage(chain, i, order[i]);
        chain->counted = chain->counted && (i + 1 == chain->stages || !chain->stage[i].several);
    }
    free(order);
    for (uint32_t i = 0; i <= chain->stages; i++) {
        struct link *link = &chain->link[i];
        link->kind = chain->kinds ? xmalloc(sizeof *link->kind) : NULL;
        link->number = chain->counted ? NULL : xmalloc(sizeof *link->number);
    }
}

static void *chain_begin(const struct scenario *s, struct source *source, struct recorder *recorder,
                         uint64_t seed, uint32_t replication)
{
    (void)source;
    struct chain *chain = xcalloc(1, sizeof *chain);
    chain->scenario = xmalloc(sizeof *chain->scenario);
    *chain->scenario = *s;
    chain->network = network_of(chain->scenario);
    assert(chain->network);
    chain->recorder = recorder;
    chain->max_backlog = (uint64_t)s->run.max_backlog;
    open_stages(chain);
    chain->draws = draws_new(chain->network, seed, replication);
    chain->sources = inlets_open(chain->network, seed, replication);
    return chain;
}

static void chain_adopt(void *state, const struct scenario *s)
{
    struct chain *chain = state;
    struct scenario *old = chain->scenario;
    struct network *before = chain->network;
    chain->scenario = xmalloc(sizeof *chain->scenario);
    *chain->scenario = *s;
    chain->network = network_of(chain->scenario);
    for (uint32_t i = 0; i < chain->stages; i++)
        chain->stage[i].speed = chain->network->stages[chain->stage[i].place].stage->speed;
    draws_adopt(chain->draws, chain->network);
    inlets_adopt(chain->sources, chain->network, chain->now);
    network_free(before);
    free(old);
}

static void chain_flow(const void *state, struct flow *out)
{
    chain_flow_of(state, ((const struct chain *)state)->stages, out);
}

static uint64_t chain_arrived(const void *state)
{
    const struct chain *chain = state;
    return chain->arrived;
}

static void chain_end(void *state)
{
    struct chain *chain = state;
    for (uint32_t i = 0; i < chain->stages; i++) {
        counter_flush(&chain->stage[i].counter);
        counter_free(&chain->stage[i].counter);
        free(chain->stage[i].due);
        free(chain->stage[i].served);
        free(chain->stage[i].spare);
    }
    for (uint32_t i = 0; i <= chain->stages; i++)
        link_free(&chain->link[i]);
    counter_flush(&chain->exits);
    counter_free(&chain->exits);
    free(chain->stage);
    free(chain->link);
    inlets_close(chain->sources, chain->network);
    draws_free(chain->draws);
    network_free(chain->network);
    free(chain->scenario);
    free(chain);
}

const struct engine chains_engine = {
    .model = {.name = "lanes", .help = "stages in a row, one after the other; of networks"},
    .refuses = chain_refuses,
    .group = 1,
    .begin = chain_begin,
    .advance = chain_advance,
    .adopt = chain_adopt,
    .flow = chain_flow,
    .end = chain_end,
    .flow_of = chain_flow_of,
    .arrived = chain_arrived,
};
