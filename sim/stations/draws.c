#include "draws.h"

#include <stdlib.h>
#include <string.h>

#include "../base/err.h"

/* A block is worth it if so many of its values are asked for again. */
enum { TRIED = 16, FEWEST = 8, MANY = 1 << 16 };

static const char *const names[DRAWS] = {
    [DRAW_SIZE] = "size",       [DRAW_TIMEOUT] = "timeout", [DRAW_DELAY] = "delay",
    [DRAW_TO] = "to",           [DRAW_CALLS] = "calls",     [DRAW_BALANCER] = "balancer",
    [DRAW_SECOND] = "balancer", [DRAW_THIRD] = "balancer",  [DRAW_ERROR] = "error",
    [DRAW_DROP] = "drop",       [DRAW_PREFILL] = "prefill"};

static const struct law *law_of(const struct network_stage *stage, enum draw_what what,
                                uint32_t class)
{
    switch (what) {
    case DRAW_SIZE:
        return stage->size ? stage->size[class] : NULL;
    case DRAW_TIMEOUT:
        return stage->timeout ? stage->timeout[class] : NULL;
    case DRAW_DELAY:
        return stage->delay;
    case DRAW_TO:
    case DRAW_CALLS:
    case DRAW_BALANCER:
    case DRAW_SECOND:
    case DRAW_THIRD:
    case DRAW_ERROR:
    case DRAW_DROP:
    case DRAW_PREFILL: /* of all stages */
    case DRAWS:
        break;
    }
    return NULL;
}

static bool by_class(enum draw_what what)
{
    return what == DRAW_SIZE || what == DRAW_TIMEOUT;
}

static void find_streams(struct draws *draws)
{
    const struct network *n = draws->network;
    for (uint32_t inlet = 0; inlet < n->n_inlets; inlet++)
        for (uint32_t stage = 0; stage < n->n_stages; stage++)
            for (uint32_t class = 0; class < n->n_classes; class ++)
                for (int what = 0; what < DRAWS; what++) {
                    if (class > 0 && !by_class((enum draw_what)what))
                        continue;
                    struct drawn *d = draws_at(draws, (enum draw_what)what, inlet, stage, class);
                    if (what > DRAW_BALANCER && what <= DRAW_THIRD) {
                        d->sub = (uint32_t)(what - DRAW_BALANCER);
                        d->stream = d[-1].stream;
                        continue;
                    }
                    d->stream = stream_of(draws->seed, draws->replication,
                                          network_stream_path(n, stage, inlet, class, names[what]));
                }
}

void draws_adopt(struct draws *draws, const struct network *network)
{
    draws->network = network;
    for (uint32_t inlet = 0; inlet < network->n_inlets; inlet++)
        for (uint32_t stage = 0; stage < network->n_stages; stage++)
            for (uint32_t class = 0; class < network->n_classes; class ++)
                for (int what = 0; what < DRAWS; what++) {
                    struct drawn *d = draws_at(draws, (enum draw_what)what, inlet, stage, class);
                    d->law = what == DRAW_PREFILL
                                 ? network->prefill
                                 : law_of(&network->stages[stage], (enum draw_what)what, class);
                    memset(d->block, 0, sizeof d->block);
                }
}

struct draws *draws_new(const struct network *network, uint64_t seed, uint32_t replication)
{
    struct draws *draws = xcalloc(1, sizeof *draws);
    *draws = (struct draws){.network = network, .seed = seed, .replication = replication};
    draws->n = network->n_inlets * network->n_stages * network->n_classes * DRAWS;
    draws->drawn = xcalloc(draws->n, sizeof *draws->drawn);
    find_streams(draws);
    draws_adopt(draws, network);
    return draws;
}

void draws_free(struct draws *draws)
{
    for (uint32_t i = 0; i < draws->n; i++)
        free(draws->drawn[i].value);
    free(draws->drawn);
    free(draws);
}

static void draw(const struct drawn *d, const struct stream *stream, uint64_t first, size_t n,
                 double *out)
{
    if (d->law)
        law_model(d->law)->fill(d->law->params, stream, first, n, out);
    else
        stream_uniforms(stream, d->sub, first, n, out);
}

double draws_fill(struct drawn *d, uint64_t number)
{
    uint64_t block = number / DRAWS_BLOCK + 1, at = block % DRAWS_KEPT;
    if (d->fills >= TRIED && d->hits < d->fills * FEWEST) {
        double x;
        draw(d, &d->stream, number, 1, &x);
        return x;
    }
    if (d->fills++ == MANY) { /* what it is like now counts */
        d->fills = 1;
        d->hits /= MANY;
    }
    if (!d->value)
        d->value = xmalloc(DRAWS_KEPT * DRAWS_BLOCK * sizeof *d->value);
    draw(d, &d->stream, (block - 1) * DRAWS_BLOCK, DRAWS_BLOCK, d->value + at * DRAWS_BLOCK);
    d->block[at] = block;
    return d->value[at * DRAWS_BLOCK + number % DRAWS_BLOCK];
}

double draws_again(const struct drawn *d, uint64_t number, uint32_t turn)
{
    const struct stream stream = stream_turn(&d->stream, turn);
    double x;
    draw(d, &stream, number, 1, &x);
    return x;
}

double draws_inlet(const struct draws *draws, uint32_t inlet, uint64_t number, uint32_t turn)
{
    const struct stream of =
        stream_of(draws->seed, draws->replication,
                  network_stream_path(draws->network, NETWORK_EXIT, inlet, NETWORK_ANY, "to"));
    const struct stream stream = stream_turn(&of, turn);
    return stream_uniform(&stream, 0, number);
}

double draws_sub(const struct drawn *d, uint32_t sub, uint64_t number, uint32_t turn)
{
    const struct stream stream = stream_turn(&d->stream, turn);
    return stream_uniform(&stream, sub, number);
}
