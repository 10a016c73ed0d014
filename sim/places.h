/* Which path was set from which place, so that a rule across rows can point at the line. The last
 * setting of a path wins. Zeroed is valid and empty. */
#ifndef PLACES_H
#define PLACES_H

#include "err.h"

struct places {
    struct placed {
        const char *path; /* interned */
        struct place at;
    } * items;
    size_t n, capacity;
};

void places_add(struct places *places, const char *path, struct place at);

/* The place of `path`, or of the longest path above it that has one, or nowhere. */
struct place places_find(const struct places *places, const char *path);
void places_free(struct places *places);

#endif
