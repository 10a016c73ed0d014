/*
 * Laws that `fit` has to know again: what tests and the survey draw their samples from.
 */
#ifndef FAMILIES_H
#define FAMILIES_H

#include "../sim/fit/laws.h"

struct family_case {
    const char *name, *yaml; /* the scenario's tasks.size */
};
extern const struct family_case family_cases[];
extern const int n_family_cases;

/* The law of a case. */
struct law family_law(const struct family_case *c);

/* n draws of it, as the replication of that number has them. */
void family_draw(const struct law *law, uint32_t replication, size_t n, struct sample *out);

#endif
