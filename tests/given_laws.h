/*
 * Laws that the tests of distributions are asked of: at least one of every distribution that is
 * listed, with parameters at the ends of what is allowed, and the bits of its draws.
 */
#ifndef GIVEN_LAWS_H
#define GIVEN_LAWS_H

#include "../sim/base/rng.h"
#include "../sim/scenario/distribution.h"

enum { GIVEN_LAWS = 42 };

/* `hash` pins the bits of 4096 draws: every compiler, vector width and processor must give the
 * same. */
struct given_law {
    const char *law, *parameters;
    uint64_t hash;
};
extern const struct given_law given_laws[GIVEN_LAWS];

extern struct law given_law[GIVEN_LAWS]; /* of given_laws, once they are made */
extern struct stream given_law_stream;   /* the same for all */

/* A group's set-up; setting_tear_down ends it. */
int given_laws_make(void **state);

/* Draws first .. first + n - 1 of law i. */
void given_law_draw(int i, uint64_t first, size_t n, double *out);

#endif
