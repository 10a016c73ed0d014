#include "places.h"

#include <stdlib.h>
#include <string.h>

void places_add(struct places *places, const char *path, struct place at)
{
    if (places->n == places->capacity) {
        places->capacity = places->capacity ? 2 * places->capacity : 32;
        places->items = xrealloc(places->items, places->capacity * sizeof *places->items);
    }
    places->items[places->n++] = (struct placed){intern(path), at};
}

static const struct placed *find(const struct places *places, const char *path, size_t length)
{
    for (size_t i = places->n; i-- > 0;)
        if (strlen(places->items[i].path) == length &&
            memcmp(places->items[i].path, path, length) == 0)
            return &places->items[i];
    return NULL;
}

struct place places_find(const struct places *places, const char *path)
{
    size_t length = places ? strlen(path) : 0;
    while (places) {
        const struct placed *found = find(places, path, length);
        if (found)
            return found->at;
        if (length == 0)
            break;
        while (length > 0 && path[--length] != '.')
            ;
    }
    return (struct place){0};
}

void places_free(struct places *places)
{
    free(places->items);
    *places = (struct places){0};
}
