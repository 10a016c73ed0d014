/* Room for visits between stages. */
#include <stdlib.h>
#include <string.h>

#include "../base/err.h"
#include "chain.h"

enum { LEAST = 2 * CHAIN_CHUNK };

/* Moves n elements from `from` on to the beginning of an array of `room`. */
static void *settle(void *array, size_t size, size_t from, size_t n, size_t room, bool grows)
{
    char *bytes = array;
    if (n > 0 && from > 0)
        memmove(bytes, bytes + from * size, n * size);
    return grows ? xrealloc(array, room * size) : array;
}

void link_reserve(struct link *link, size_t n)
{
    if (link->tail + n <= link->room)
        return;
    const size_t from = link->head, held = link->tail - from;
    const bool grows = held + n > link->room / 2; /* else they are moved once in as many */
    while (link->room < LEAST || (grows && link->room < 2 * (held + n)))
        link->room = link->room < LEAST ? LEAST : 2 * link->room;
    const size_t room = link->room;
    link->time = settle(link->time, sizeof *link->time, from, held, room, grows);
    link->born = settle(link->born, sizeof *link->born, from, held, room, grows);
    link->way = settle(link->way, sizeof *link->way, from, held, room, grows);
    link->work = settle(link->work, sizeof *link->work, from, held, room, grows);
    link->label = settle(link->label, sizeof *link->label, from, held, room, grows);
    if (link->kind)
        link->kind = settle(link->kind, sizeof *link->kind, from, held, room, grows);
    if (link->number)
        link->number = settle(link->number, sizeof *link->number, from, held, room, grows);
    link->head = 0;
    link->tail = held;
}

void link_free(struct link *link)
{
    free(link->time);
    free(link->born);
    free(link->way);
    free(link->work);
    free(link->label);
    free(link->kind);
    free(link->number);
}
