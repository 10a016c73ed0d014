/*
 * What the naive simulator asks of those of its files that know of visits that fail and come again,
 * and of clients (naive_client.h). The end of naive_world.h.
 */
#ifndef NAIVE_ASKS_H
#define NAIVE_ASKS_H

#include "naive_network.h"

struct world;
struct visit;
struct item;

/* naive_again.c: a visit comes to a stage; whether one that is lost comes again; it waits for that,
 * or becomes a letter. */
void naive_again_begin(struct world *w);
void naive_again_end(struct world *w);
void naive_again_comes(struct world *w, uint32_t stage);
bool naive_again_takes(struct world *w, const struct visit *v, enum loss why);
void naive_again_waits(struct world *w, uint32_t visit);
uint32_t naive_letter(struct world *w, uint32_t visit, enum loss why);

/* naive_client.c, naive_ledger.c: a request that arrives is asked for, if somebody does; a call. */
void naive_clients_begin(struct world *w);
void naive_clients_end(struct world *w);
uint32_t naive_whole(const struct world *w, uint32_t request);
bool naive_asks(const struct world *w, uint32_t inlet);
void naive_ask(struct world *w, uint32_t request);
bool naive_ask_call(struct world *w, uint32_t visit, uint32_t entry, double way);
void naive_send(struct world *w, const struct item *item);
void naive_replied(struct world *w, const struct item *item);
bool naive_client_hears(struct world *w, uint32_t request, double way);
void naive_client_told(struct world *w, const struct visit *v, enum loss loss);
void naive_give_up(struct world *w, uint32_t visit);
void naive_attempt_gone(struct world *w, uint32_t attempt);
uint32_t *naive_turns(struct world *w, uint32_t request, uint32_t *first);
void naive_cancel(struct world *w, uint32_t attempt);
bool naive_is_cancelled(struct world *w, uint32_t request);

/* What leaves (a time is up), or comes back (a back-off is over, a hedge is made), first; and then
 * does. */
bool naive_client_next(struct world *w, bool leaves, double *time, uint64_t *mark, uint32_t *ask);
void naive_client_leaves(struct world *w, uint32_t ask, uint64_t mark);
void naive_client_again(struct world *w, uint32_t ask, uint64_t mark);

/* A visit has left; of a request that is over: how often it was made, and where the work went. */
void naive_book(struct world *w, const struct visit *v, bool lost, enum loss why);
uint32_t naive_ledger(struct world *w, uint32_t request, struct ledger *ledger);

#endif
