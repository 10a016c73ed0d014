#include "calendar.h"

#include <stdlib.h>

#include "../base/err.h"

enum { CACHE_LINE = 64, FIRST_CAPACITY = 21 }; /* three levels: 1 + 4 + 16 */

/* Room for `capacity` events and the group of four that the last of them may be in. */
static void reserve(struct calendar *calendar, uint64_t capacity)
{
    uint64_t entries = capacity + 4;
    void *memory = xmalloc((entries + 3) * sizeof(event) + CACHE_LINE);
    uintptr_t line = ((uintptr_t)memory + CACHE_LINE - 1) & ~(uintptr_t)(CACHE_LINE - 1);
    event *at = (event *)line + 3;
    for (uint64_t i = 0; i < entries; i++)
        at[i] = i < calendar->n ? calendar->at[i] : CALENDAR_NEVER;
    free(calendar->memory);
    calendar->memory = memory;
    calendar->at = at;
    calendar->capacity = capacity;
}

void calendar_init(struct calendar *calendar)
{
    *calendar = (struct calendar){0};
    reserve(calendar, FIRST_CAPACITY);
}

void calendar_free(struct calendar *calendar)
{
    free(calendar->memory);
    *calendar = (struct calendar){0};
}

void calendar_grow(struct calendar *calendar)
{
    reserve(calendar, 4 * calendar->capacity + 1);
}
