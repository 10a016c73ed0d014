#include "widths.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../sim/base/err.h"

/* FNV-1a (Fowler, Noll and Vo 1991). */
static uint32_t place_of(const char *text)
{
    uint32_t hash = 2166136261u;
    for (const char *c = text; *c; c++)
        hash = (hash ^ (unsigned char)*c) * 16777619u;
    return hash % WIDTHS;
}

bool widths_find(const struct widths *widths, const char *text, double size, bool bold,
                 double *width)
{
    const struct known_width *known = &widths->known[place_of(text)];
    if (!known->text || known->size != size || known->bold != bold ||
        strcmp(known->text, text) != 0)
        return false;
    *width = known->width;
    return true;
}

void widths_keep(struct widths *widths, const char *text, double size, bool bold, double width)
{
    struct known_width *known = &widths->known[place_of(text)];
    size_t bytes = strlen(text) + 1;
    free(known->text);
    *known = (struct known_width){memcpy(xmalloc(bytes), text, bytes), size, width, bold};
}

void widths_free(struct widths *widths)
{
    for (int i = 0; i < WIDTHS; i++)
        free(widths->known[i].text);
    *widths = (struct widths){0};
}
