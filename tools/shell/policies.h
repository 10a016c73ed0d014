/*
 * Policies that a tournament is between: words for settings of one stage.
 *
 * A list "unbounded,reject+buffer.capacity=20,codel": policies between commas, each one or several
 * parts with + between them; a part is PATH=VALUE of the scenario, or a word:
 *   unbounded                     buffer.capacity
 *   a policy of a full buffer     buffer.when_full (reject, drop-newest, drop-oldest, pause); where
 *                                 the buffer is unbounded, it gets POLICY_PLACES places a consumer
 *   a discipline                  consumers.discipline
 *   codel, red                    buffer.drop.algorithm
 *   aimd, gradient, vegas         limit.algorithm
 * NAME: before a policy is what it is called; else it is called as it is written.
 * Commas and + inside braces or brackets are part of a value.
 */
#ifndef POLICIES_H
#define POLICIES_H

#include "options.h"

enum { POLICIES_MOST = 16, POLICY_PLACES = 10 };

struct policies {
    size_t n;
    const char *name[POLICIES_MOST];
    struct scenario *scenario[POLICIES_MOST]; /* owned; checked */
    struct scenario *unbounded; /* the same tasks with nothing but an unbounded buffer; owned */
};

/* Without a list: those of a full buffer, last in first out, and none. `stage`: whose, of a
 * network; NULL: the first. False with errors, each at its policy. */
bool policies_make(const struct scenario *s, const char *list, const char *stage,
                   struct places *places, struct policies *out, struct errors *errors);
void policies_free(struct policies *policies);

#endif
