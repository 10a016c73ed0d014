#include "clients.h"

#include <stdlib.h>

#include "../base/err.h"
#include "../scenario/distribution.h"

_Static_assert(CLIENTS_MOST < 1 << EVENT_INDEX_BITS, "a client is an index of a calendar");

static void reserve(struct clients *clients, uint64_t n);

void clients_init(struct clients *clients, uint64_t n, uint64_t visit_bytes,
                  const struct stream *thoughts)
{
    *clients = (struct clients){.stream = *thoughts, .ahead = AHEAD_MOST};
    calendar_init(&clients->thinking, 1);
    reserve(clients, n);
    while (clients->ahead > 1 && clients->ahead * n * visit_bytes > AHEAD_BYTES)
        clients->ahead /= 2;
    if (clients->ahead > 1)
        clients->thoughts = xmalloc(clients->ahead * n * sizeof *clients->thoughts);
}

void clients_stay(struct clients *clients)
{
    free(clients->thoughts);
    clients->thoughts = NULL;
    clients->ahead = 1;
}

void clients_free(struct clients *clients)
{
    calendar_free(&clients->thinking);
    free(clients->thoughts);
    free(clients->visits);
    free(clients->where);
}

double clients_thought(struct clients *clients, uint64_t client, uint64_t visit)
{
    double time, *drawn = clients->ahead > 1 ? clients->thoughts + client * clients->ahead : &time;
    law_model(&clients->think)
        ->fill(clients->think.params, &clients->stream, client_draw(client, visit), clients->ahead,
               drawn);
    return drawn[0];
}

/* Memory for n; twice as much as before at least, so that a drift need not come here often. */
static void reserve(struct clients *clients, uint64_t n)
{
    if (n <= clients->room)
        return;
    uint64_t room = n > 2 * clients->room ? n : 2 * clients->room;
    room = room < CLIENTS_MOST ? room : CLIENTS_MOST;
    clients->visits = xrealloc(clients->visits, room * sizeof *clients->visits);
    clients->where = xrealloc(clients->where, room * sizeof *clients->where);
    struct calendar larger;
    calendar_init(&larger, room);
    for (uint64_t i = 0; i < clients->room; i++) {
        event e = calendar_get(&clients->thinking, i);
        if (e != CALENDAR_NEVER)
            calendar_set(&larger, e);
    }
    for (uint64_t i = clients->room; i < room; i++) {
        clients->visits[i] = 0;
        clients->where[i] = CLIENT_AWAY;
    }
    calendar_free(&clients->thinking);
    clients->thinking = larger;
    clients->room = room;
}

void clients_adopt(struct clients *clients, uint64_t n, const struct law *law, double now)
{
    uint64_t before = clients->n;
    reserve(clients, n);
    clients->think = *law;
    clients->n = n;
    for (uint64_t i = n; i < before; i++)
        if (clients->where[i] == CLIENT_THINKING) {
            clients->where[i] = CLIENT_AWAY;
            calendar_clear(&clients->thinking, i);
        }
    for (uint64_t i = before; i < n; i++)
        if (clients->where[i] == CLIENT_AWAY)
            clients_think(clients, i, now);
}
