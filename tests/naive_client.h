/*
 * Clients in the naive simulator: what whoever asks does about not being answered (networks.md,
 * concept 5), written from there and from the rules at the head of sim/stations/ask.h, with lists
 * that are searched from end to end.
 *
 * An attempt is a request of its own (struct request: `of` is what it is made for), so that what
 * becomes of it is told from what becomes of others. An ask is what its attempts are made for: one
 * request of a source, or one call of a visit. A desk is a place where somebody asks: what all asks
 * there share.
 *
 *   naive_client.c   asks begin, and make attempts
 *   naive_answers.c  what becomes of those
 *   naive_desk.c     budgets, breakers, back-offs: what has been there, by its time
 *   naive_ledger.c   attempts are taken out; work, and whom it was for
 */
#ifndef NAIVE_CLIENT_H
#define NAIVE_CLIENT_H

#include "../sim/scenario/client.h"
#include "naive_world.h"

/* Things that happened at a desk, in their order. */
struct moment {
    double at;
    bool failed;
};
struct moments {
    struct moment *items;
    size_t n, room;
};

enum naive_breaker { CLOSED, OPEN, HALF_OPEN };

struct desk {
    const struct client_spec *client; /* NULL: nobody does but wait */
    uint32_t stage, which, called;    /* of a call; a source has NETWORK_EXIT */
    const char *path;                 /* of the draws of its back-offs */
    struct moments firsts, retries, ended;
    enum naive_breaker state;
    double until;       /* OPEN */
    uint64_t turns;     /* of its states */
    uint32_t probes;    /* HALF_OPEN: let through */
    uint32_t under_way; /* asks with attempts that are sent and waited for */
    struct list line;   /* asks that wait for their turn */
};

struct ask {
    uint32_t of, desk;
    uint32_t caller, serial, entry, left; /* NONE: a source; left: so often more after this */
    uint32_t machine, machines;
    double meant, way, carried, pause; /* pause: the last back-off; NAN: none yet */
    uint32_t made, tries, in_try;
    struct list waits; /* attempts that it waits for, the latest last */
    bool over, slot;
    double deadline, back, hedge;
    uint64_t deadline_mark, back_mark, hedge_mark;
};

/* Beside a request. */
struct attempt {
    uint32_t ask; /* NONE: it is the request that arrived */
    enum { USEFUL, AWAITED, IN_VAIN } worth;
    bool sent, ended, over, cancelled;
    uint32_t tag, turns; /* number of its first turn; the request whose turns it goes on with */
    uint32_t told;       /* the loss that its client hears of; NONE */
    uint64_t breaker;    /* whose state it was sent in */
    double timeout;
    uint64_t mark;
    uint32_t made; /* of the request that arrived: attempts */
};

/* Busy seconds of one visit. */
struct work {
    uint32_t request;
    double seconds;
    bool lost;
};

struct clients {
    struct desk *desks; /* by inlet, then by call */
    uint32_t n_desks;
    struct ask *asks;
    uint32_t n_asks, asks_room;
    struct attempt *attempts;
    uint32_t n_attempts;
    struct work *works;
    size_t n_works, works_room;
    struct {
        uint32_t request;
        double cancelled, denied;
    } * undone;
    size_t n_undone, undone_room;
};

static inline struct desk *desk_of(struct world *w, const struct ask *a)
{
    return &w->clients->desks[a->desk];
}

static inline struct ask *ask_at(struct world *w, uint32_t ask)
{
    return &w->clients->asks[ask];
}

static inline double given(double value, double otherwise)
{
    return value > 0 ? value : otherwise;
}

/* naive_client.c: of a request; an ask tries, makes one more attempt in a try, of which it may have
 * so many; one is sent. */
struct attempt *naive_attempt(struct world *w, uint32_t request);
void naive_try(struct world *w, uint32_t ask);
void naive_make(struct world *w, uint32_t ask);
double naive_hedges(const struct client_spec *client);
void naive_send_attempt(struct world *w, uint32_t attempt);

/* naive_answers.c: one that is waited for has failed. */
void naive_failed(struct world *w, uint32_t attempt, enum outcome outcome, enum loss why);

/* naive_desk.c */
void naive_desk_first(struct desk *d, double now);
bool naive_desk_grants(struct desk *d, double now); /* a retry */
bool naive_desk_lets(struct desk *d, double now, uint64_t *breaker);
void naive_desk_ended(struct desk *d, double now, uint64_t breaker, bool failed);
void naive_desk_unasked(struct desk *d, uint64_t breaker); /* it says nothing */
double naive_desk_pause(struct world *w, const struct desk *d, const struct request *of,
                        uint32_t retry, double last, uint32_t turn);
uint32_t naive_desk_hash(const char *name);
uint32_t naive_desk_turn(struct world *w, uint32_t desk, const struct ask *ask, uint32_t attempt);

#endif
