/*
 * What the files of this room ask of those that know of clients (ask.h has the rules). All of it,
 * but asking_open, is of networks in which somebody asks: net->asking is there.
 */
#ifndef ASKS_H
#define ASKS_H

#include "net.h"

/* desks.c, ask.c: an ask begins; it is made again; it may be sent now (AGENDA_SEND). */
void asking_open(struct net *net);
void asking_adopt(struct net *net);
void asking_free(struct askers *asking);

/* What windows ask of a place, which is known else: of the client what its sources' attempts come
 * to, of a stage those that its calls make, of `all` both. */
void asking_flow(const struct net *net, uint32_t place, struct flow *out);
struct asked {
    uint32_t desk, of, caller, caller_key, call, station; /* caller NOBODY: a source */
    double size, way;
};
void net_ask(struct net *net, const struct asked *asked);
void ask_back_off(struct net *net, uint32_t ask);
void ask_may_send(struct net *net, uint32_t ask, uint32_t round);
void ask_leave_line(struct net *net, uint32_t ask);
void ask_let_slot_go(struct net *net, uint32_t ask);
void ask_free(struct net *net, uint32_t ask);
void backoff_event(struct net *net, struct timer timer);
void hedge_event(struct net *net, struct timer timer);

/* ask_ends.c: an attempt that is waited for has failed, or is answered. Nothing of one is left; an
 * answer to a call; a visit with `reply` is done (false: its client only waits). All asks of a
 * visit are given up. */
void ask_failed(struct net *net, uint32_t attempt, enum outcome outcome, enum loss why);
void ask_answered(struct net *net, uint32_t attempt, double way);
void attempt_over(struct net *net, uint32_t attempt);
void ask_answer(struct net *net, const struct agenda_item *item);
bool attempt_replies(struct net *net, uint32_t request, double way);
void asks_give_up(struct net *net, uint32_t caller);
void timeout_event(struct net *net, struct timer timer);
void deadline_event(struct net *net, struct timer timer);

/* cancel.c: an attempt that nobody waits for is taken out; its visits are known (pools.c). */
void attempt_cancel(struct net *net, uint32_t attempt, uint32_t key);
void part_link(struct net *net, uint32_t visit);

/* ledger.c: a visit has left its stage; the verdict of an attempt is known; a visit has been
 * served, but for what is left of its work. The service that a visit wants, and the consumer time
 * that it has had, of one that has been served. */
void ledger_leave(struct net *net, const struct stay *stay, bool lost, enum loss why);
void ledger_fail(struct net *net, const struct stay *stay); /* an attempt at a stage (again.h) */
void ledger_close(struct net *net, uint32_t attempt);
void ledger_served(struct net *net, uint32_t visit, double left);
double ledger_wants(const struct net *net, uint32_t visit);
double ledger_spent(const struct net *net, uint32_t visit);

/* Whether an attempt, as it was then, is still waited for. */
static inline bool attempt_waits(const struct net *net, uint32_t attempt, uint32_t key)
{
    const struct attempt *x = &net->asking->attempt[attempt];
    return x->key == key && x->worth == AWAITED;
}

/* The request that arrived, of which this is an attempt, or that itself. */
static inline uint32_t net_whole(const struct net *net, uint32_t request)
{
    if (!net->asking)
        return request;
    while (net->asking->attempt[request].of != NOBODY)
        request = net->asking->attempt[request].of;
    return request;
}

/* Whether nobody waits for it, and it goes no further than to the end of its service. */
static inline bool net_is_cancelled(const struct net *net, uint32_t request)
{
    return net->asking && net->asking->attempt[request].cancelled;
}

#endif
