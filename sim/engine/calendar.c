#include "calendar.h"

#include <assert.h>
#include <stdlib.h>

#include "../base/err.h"

enum { CACHE_LINE = 64 };

void calendar_init(struct calendar *calendar, uint64_t indices)
{
    assert(indices <= (uint64_t)1 << EVENT_INDEX_BITS);
    uint64_t leaves = 1;
    while (leaves < indices)
        leaves *= 2;
    calendar->leaves = leaves;
    calendar->memory = xmalloc(2 * leaves * sizeof(event) + CACHE_LINE);
    uintptr_t line = ((uintptr_t)calendar->memory + CACHE_LINE - 1) & ~(uintptr_t)(CACHE_LINE - 1);
    calendar->node = (event *)line;
    for (uint64_t i = 0; i < 2 * leaves; i++)
        calendar->node[i] = CALENDAR_NEVER;
}

void calendar_free(struct calendar *calendar)
{
    free(calendar->memory);
    *calendar = (struct calendar){0};
}
