/*
 * The role of buffer.drop: tasks dropped before the buffer is full.
 *
 * A rule is one file in models/ and one line in models/list.h. It decides at the door, or when a
 * task's turn has come; either may be NULL. Times in seconds.
 */
#ifndef DROP_H
#define DROP_H

#include <stdint.h>

#include "scenario.h"

/* Of one buffer; zero to begin with. */
struct drop_state {
    double first_above, next;
    uint64_t count, last;
    bool dropping;
    unsigned char since; /* the model's own: what this turn has dropped before */
};

struct drop_rule {
    struct model model;

    /* The probability that a task which finds so many waiting is dropped. */
    double (*at_door)(const void *params, double waiting);

    /* Whether the task whose turn has come is dropped, and the next one's comes at once: it has
     * waited `wait`, and `left` wait yet. Of each turn, the consumer that ends it serves the task
     * that is not dropped. */
    bool (*at_turn)(const void *params, struct drop_state *state, double now, double wait,
                    uint64_t left);
    void (*emptied)(struct drop_state *state); /* a consumer has found nobody waiting */

    /* Rules across its own rows: what is wrong, as a sentence part behind the path; NULL: nothing.
     */
    const char *(*check)(const void *params);
};

extern const struct family drop_family;

#endif
