/*
 * The clients of a closed system: who thinks, and for how long; part of the source (source.h).
 *
 * A client is thinking, inside (its task is in the system) or away (a drift has taken it out). Its
 * n-th visit has its time of thought, and then its task's class and size, as draw number
 * client_draw(client, n) of their streams ("arrivals.think_time", "tasks.classes", "tasks.size").
 * So a client's n-th thought and task are the same whatever the consumers, buffers or policies are,
 * and however many clients there are beside it: comparisons are on common random numbers, although
 * the tasks come in another order. At time 0 all begin to think.
 *
 * Thoughts and tasks are drawn for several visits of a client at once, `ahead` of them from each
 * whose number is a multiple of that: drawing is done by the block, and one number costs nearly as
 * much as thirty-two. What is drawn ahead holds for the laws in force, so none is once they may
 * have changed (a drift), and less where there are so many clients that it would cost too much
 * memory.
 *
 * Who thinks is kept in a calendar, under the client's number: the soonest to have finished brings
 * the next task; of several at the same time, the one with the smallest number. Memory grows with
 * the number of clients and nothing else: 40 to 73 bytes for each, and 16 for each visit ahead (32
 * with classes or patience).
 */
#ifndef CLIENTS_H
#define CLIENTS_H

#include <assert.h>

#include "../scenario/process.h"
#include "calendar.h"

enum client_where { CLIENT_AWAY, CLIENT_THINKING, CLIENT_INSIDE };

struct clients {
    struct calendar thinking;
    uint64_t *visits;     /* by client: visits that have begun */
    unsigned char *where; /* enum client_where */
    uint64_t n;           /* in the system: numbers 0 .. n - 1, and those inside that are to go */
    uint64_t room;        /* that there is memory for */
    uint64_t ahead;       /* visits drawn at once, a power of two; 1: none ahead */
    double *thoughts;     /* `ahead` for each client; NULL: none ahead */
    struct stream stream; /* "arrivals.think_time" */
    struct law think;
};

enum { VISIT_BITS = 40, AHEAD_MOST = 32, AHEAD_BYTES = 128 << 20 };

/* No client has this number. */
#define CLIENTS_NOBODY ((uint64_t)1 << EVENT_INDEX_BITS)

static inline uint64_t client_draw(uint64_t client, uint64_t visit)
{
    return client << VISIT_BITS | visit;
}

/* The place of a client's present visit among those that are drawn at once. */
static inline uint64_t clients_ahead(const struct clients *clients, uint64_t visit)
{
    return visit & (clients->ahead - 1);
}

/* Nobody yet; memory for n, who draw ahead so many bytes a visit. */
void clients_init(struct clients *clients, uint64_t n, uint64_t visit_bytes,
                  const struct stream *thoughts);
void clients_free(struct clients *clients);

/* Nothing is drawn ahead from now on. */
void clients_stay(struct clients *clients);

/* From `now` on there are n clients who think by this law: those who come begin to think, those who
 * are too many are gone at once if they think, else when their task has left. Thoughts under way
 * stay as they are. */
void clients_adopt(struct clients *clients, uint64_t n, const struct law *think, double now);

/* The soonest thought to end; CALENDAR_NEVER: nobody thinks. Its index is the client. */
static inline event clients_next(const struct clients *clients)
{
    return calendar_top(&clients->thinking);
}

/* Number of the draws of the visit that a client's next task belongs to. */
static inline uint64_t clients_draw(const struct clients *clients, uint64_t client)
{
    return client_draw(client, clients->visits[client] - 1);
}

/* The time of a visit's thought where it is not drawn yet: the first of those drawn at once. */
double clients_thought(struct clients *clients, uint64_t client, uint64_t visit);

/* A client begins to think. */
static inline void clients_think(struct clients *clients, uint64_t client, double now)
{
    uint64_t visit = clients->visits[client]++, at = clients_ahead(clients, visit);
    double time = __builtin_expect(at == 0, 0) ? clients_thought(clients, client, visit)
                                               : clients->thoughts[client * clients->ahead + at];
    clients->where[client] = CLIENT_THINKING;
    calendar_add(&clients->thinking, event_make(now + time, 0, 0, client));
}

/* The task of a client enters the system, and leaves it. */
static inline void clients_send(struct clients *clients, uint64_t client)
{
    assert(clients->where[client] == CLIENT_THINKING);
    clients->where[client] = CLIENT_INSIDE;
    calendar_clear(&clients->thinking, client);
}

static inline void clients_return(struct clients *clients, uint64_t client, double now)
{
    assert(clients->where[client] == CLIENT_INSIDE);
    if (__builtin_expect(client < clients->n, 1))
        clients_think(clients, client, now);
    else
        clients->where[client] = CLIENT_AWAY;
}

#endif
