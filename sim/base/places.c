#include "places.h"

#include <stdlib.h>
#include <string.h>

void places_add(struct places *places, const char *path, struct place at)
{
    places_add_text(places, path, at, NULL);
}

void places_add_text(struct places *places, const char *path, struct place at, const char *text)
{
    if (places->n == places->capacity) {
        places->capacity = places->capacity ? 2 * places->capacity : 32;
        places->items = xrealloc(places->items, places->capacity * sizeof *places->items);
    }
    places->items[places->n++] = (struct placed){intern(path), at, text ? intern(text) : NULL};
}

static const struct placed *find(const struct places *places, const char *path, size_t length)
{
    for (size_t i = places->n; i-- > 0;)
        if (strlen(places->items[i].path) == length &&
            memcmp(places->items[i].path, path, length) == 0)
            return &places->items[i];
    return NULL;
}

const char *places_text(const struct places *places, const char *path)
{
    const struct placed *found = places ? find(places, path, strlen(path)) : NULL;
    return found ? found->text : NULL;
}

bool places_given(const struct places *places, const char *path)
{
    return places && find(places, path, strlen(path));
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

void places_spoil(struct places *places, const char *path, bool unknown)
{
    places->spoilt = xrealloc(places->spoilt, (places->spoilt_n + 1) * sizeof *places->spoilt);
    places->spoilt[places->spoilt_n++] = (struct spoilt){intern(path), unknown};
}

bool places_any_spoilt(const struct places *places)
{
    return places && places->spoilt_n > 0;
}

/* Whether `path` is the group of that length, or in it. */
static bool is_in(const char *path, const char *group, size_t length)
{
    return length == 0 ||
           (strncmp(path, group, length) == 0 && (path[length] == '.' || path[length] == '\0'));
}

void places_forget_inside(struct places *places, const char *path)
{
    size_t kept = 0, length = strlen(path);
    for (size_t i = 0; i < places->n; i++)
        if (!is_in(places->items[i].path, path, length) || places->items[i].path[length] == '\0')
            places->items[kept++] = places->items[i];
    places->n = kept;
}

bool places_spoilt(const struct places *places, const char *path)
{
    for (size_t i = 0; places && i < places->spoilt_n; i++) {
        const char *spoilt = places->spoilt[i].path;
        if (is_in(path, spoilt, strlen(spoilt)) || is_in(spoilt, path, strlen(path)))
            return true;
    }
    return false;
}

bool places_unsure(const struct places *places, const char *path)
{
    if (places_spoilt(places, path))
        return true;
    for (size_t i = 0; places && i < places->spoilt_n; i++) {
        const char *spoilt = places->spoilt[i].path, *dot = strrchr(spoilt, '.');
        size_t group = dot ? (size_t)(dot - spoilt) : 0;
        if (!places->spoilt[i].unknown || !is_in(path, spoilt, group))
            continue;
        /* The key beside the unknown one by which `path` is reached. */
        size_t start = dot ? group + 1 : 0;
        if (strlen(path) <= start || !find(places, path, start + strcspn(path + start, ".")))
            return true;
    }
    return false;
}

void places_free(struct places *places)
{
    free(places->items);
    free(places->spoilt);
    *places = (struct places){0};
}
