#include "diary.h"

#include <stdlib.h>

#include "../base/err.h"

enum { FIRST_LEAVES = 4 };

void diary_init(struct diary *diary)
{
    *diary = (struct diary){.hole = NO_LEAF};
    calendar_init(&diary->calendar, FIRST_LEAVES);
    diary->spare = xmalloc(FIRST_LEAVES * sizeof *diary->spare);
}

void diary_free(struct diary *diary)
{
    calendar_free(&diary->calendar);
    free(diary->spare);
    *diary = (struct diary){0};
}

/* A tree twice as wide, with the same events. */
static void grow(struct diary *diary)
{
    struct calendar old = diary->calendar;
    calendar_init(&diary->calendar, 2 * old.leaves);
    event *node = diary->calendar.node;
    for (uint64_t i = 0; i < old.leaves; i++)
        node[2 * old.leaves + i] = calendar_get(&old, i);
    for (uint64_t i = 2 * old.leaves - 1; i > 0; i--)
        node[i] = event_first(node[2 * i], node[2 * i + 1]);
    calendar_free(&old);
    diary->spare = xrealloc(diary->spare, diary->calendar.leaves * sizeof *diary->spare);
}

uint32_t diary_new_leaf(struct diary *diary)
{
    if (diary->given == diary->calendar.leaves)
        grow(diary);
    return diary->given++;
}
