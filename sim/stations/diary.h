/*
 * A diary: a calendar (engine/calendar.h) whose leaves are given to what has an event and taken
 * back when it has none, so that the tree is as high as the most events at one time ask for, and
 * not as all that might ever have one.
 *
 * Whoever has events keeps the number of its leaf; NO_LEAF: it has none now. What an event is of
 * is its index, as it was. Which leaf it is on has no effect on the order of events.
 */
#ifndef DIARY_H
#define DIARY_H

#include "../engine/calendar.h"

#define NO_LEAF UINT32_MAX

struct diary {
    struct calendar calendar;
    uint32_t *spare;        /* room for all leaves: those taken back, the last one first */
    uint32_t hole;          /* a leaf whose event has happened, and is there yet; NO_LEAF */
    uint32_t spares, given; /* given: leaves that somebody has or had, 0 .. given - 1 */
};

void diary_init(struct diary *diary);
void diary_free(struct diary *diary);
uint32_t diary_new_leaf(struct diary *diary); /* one that nobody has had */

static inline event diary_top(const struct diary *diary)
{
    return calendar_top(&diary->calendar);
}

/* The event on a leaf; CALENDAR_NEVER: there is no leaf. */
static inline event diary_get(const struct diary *diary, uint32_t leaf)
{
    return leaf == NO_LEAF ? CALENDAR_NEVER : calendar_get(&diary->calendar, leaf);
}

/* The event, which is one, in place of that on the leaf, if any. */
static inline void diary_put(struct diary *diary, uint32_t *leaf, event e)
{
    if (*leaf == NO_LEAF) {
        *leaf = diary->hole != NO_LEAF ? diary->hole
                : diary->spares > 0    ? diary->spare[--diary->spares]
                                       : diary_new_leaf(diary);
        diary->hole = NO_LEAF;
    }
    calendar_play(&diary->calendar, *leaf, e);
}

/* The next event happens: whoever has the next one takes its leaf, without being played twice; and
 * nobody has: it is taken out. Until then the next event is not known (diary_top). */
static inline void diary_open(struct diary *diary, uint32_t *leaf)
{
    diary->hole = *leaf;
    *leaf = NO_LEAF;
}

/* It does not happen yet. */
static inline void diary_unopen(struct diary *diary, uint32_t *leaf)
{
    *leaf = diary->hole;
    diary->hole = NO_LEAF;
}

static inline void diary_close(struct diary *diary)
{
    if (diary->hole == NO_LEAF)
        return;
    calendar_clear(&diary->calendar, diary->hole);
    diary->spare[diary->spares++] = diary->hole;
    diary->hole = NO_LEAF;
}

/* Takes the event on the leaf out; there is one. */
static inline void diary_clear(struct diary *diary, uint32_t *leaf)
{
    calendar_clear(&diary->calendar, *leaf);
    diary->spare[diary->spares++] = *leaf;
    *leaf = NO_LEAF;
}

/* The event on the leaf is this one now; CALENDAR_NEVER: there is none. */
static inline void diary_set(struct diary *diary, uint32_t *leaf, event e)
{
    if (diary_get(diary, *leaf) == e)
        return;
    if (e == CALENDAR_NEVER)
        diary_clear(diary, leaf);
    else
        diary_put(diary, leaf, e);
}

#endif
