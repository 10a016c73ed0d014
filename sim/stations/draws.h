/*
 * What stages draw: sizes, patience, delays, routes, by the numbers of requests.
 *
 * Every draw is a function of (seed, replication, path of what draws, source, request, turn): the
 * value of request k is element k of a stream, and of its n-th visit (turn n) that of the n-th
 * variation (stream_turn). Most visits are first ones, and those of neighbouring requests come
 * close together: so the first turn is drawn by the block of DRAWS_BLOCK, some of which are kept;
 * further turns one by one, and first ones too where few values of a block are ever asked for (a
 * stage that few requests come to). How they are drawn changes no value.
 */
#ifndef DRAWS_H
#define DRAWS_H

#include "../network/network.h"
#include "../scenario/distribution.h"

enum { DRAWS_BLOCK = 64, DRAWS_KEPT = 4 };

/* One stream of one source at one stage. `law` NULL: uniforms. */
struct drawn {
    const struct law *law;
    struct stream stream;
    uint64_t block[DRAWS_KEPT]; /* 1 + number of the block; 0: none */
    uint32_t sub;               /* of uniforms */
    uint32_t fills, hits;       /* blocks drawn, and values found in them */
    double *value; /* [DRAWS_KEPT][DRAWS_BLOCK]; owned; NULL until something is drawn */
};

/* DRAW_SECOND, DRAW_THIRD: the uniforms of sub 1 and 2 of the balancer, for two choices. */
enum draw_what {
    DRAW_SIZE,
    DRAW_TIMEOUT,
    DRAW_DELAY,
    DRAW_TO,
    DRAW_CALLS,
    DRAW_DROP,
    DRAW_PREFILL,
    DRAW_BALANCER,
    DRAW_SECOND,
    DRAW_THIRD,
    DRAW_ERROR,
    DRAWS
};

struct draws {
    const struct network *network;
    uint64_t seed;
    uint32_t replication;
    struct drawn *drawn; /* [((inlet * stages + stage) * classes + class) * DRAWS + what]; what does
                            not go by class is at class 0 */
    uint32_t n;
};

struct draws *draws_new(const struct network *network, uint64_t seed, uint32_t replication);
void draws_free(struct draws *draws);

/* The laws of `network`, the same otherwise, are in force from now on. */
void draws_adopt(struct draws *draws, const struct network *network);

double draws_fill(struct drawn *d, uint64_t number);
double draws_again(const struct drawn *d, uint64_t number, uint32_t turn);

/* From the streams of the first source at a stage to those of another. */
static inline uint32_t draws_of_inlet(const struct draws *draws, uint32_t inlet)
{
    const struct network *n = draws->network;
    return inlet * n->n_stages * n->n_classes * DRAWS;
}

static inline struct drawn *draws_at(struct draws *draws, enum draw_what what, uint32_t inlet,
                                     uint32_t stage, uint32_t class)
{
    const struct network *n = draws->network;
    return &draws->drawn[((inlet * n->n_stages + stage) * n->n_classes + class) * DRAWS + what];
}

static inline double draws_get(struct drawn *d, uint64_t number, uint32_t turn)
{
    if (__builtin_expect(turn > 0, 0))
        return draws_again(d, number, turn);
    uint64_t block = number / DRAWS_BLOCK + 1, at = block % DRAWS_KEPT;
    if (__builtin_expect(d->block[at] != block, 0))
        return draws_fill(d, number);
    d->hits++;
    return d->value[at * DRAWS_BLOCK + number % DRAWS_BLOCK];
}

/* Where a request of a source goes first; the turn is that of the attempt. */
double draws_inlet(const struct draws *draws, uint32_t inlet, uint64_t number, uint32_t turn);

/* A uniform of another `sub` of the stream. */
double draws_sub(const struct drawn *d, uint32_t sub, uint64_t number, uint32_t turn);

#endif
