/*
 * The role of a limit of a stage: how many tasks may be inside it at once.
 *
 * A limit is one file in models/ and one line in models/list.h. It sees how long tasks take, and
 * whether they are lost, and says how many there may be: from the floor of `limit` on, the next is
 * turned away. Times in seconds.
 */
#ifndef LIMITER_H
#define LIMITER_H

#include "../base/rng.h"
#include "scenario.h"

struct limit_state {
    double limit;
    double x[4];          /* the model's own; 0 to begin with */
    struct stream stream; /* uniforms that the model may ask for */
    uint64_t drawn;       /* how many it has */
};

/* A task that has left. */
struct limit_sample {
    double time;   /* that it was inside */
    double inside; /* when it came in, itself among them */
    bool lost;
};

struct limiter {
    struct model model;
    double (*begin)(const void *params); /* the limit to begin with */
    void (*sample)(const void *params, struct limit_state *state,
                   const struct limit_sample *sample); /* NULL: it stays */

    /* Rules across its own rows: what is wrong, as a sentence part behind the path; NULL: nothing.
     * The function may be NULL. */
    const char *(*check)(const void *params);
};

extern const struct family limiter_family;

#endif
