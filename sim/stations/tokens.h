/*
 * Tokens of visits that are served step by step (events/batch.h), which have rows of their own: one
 * is counted when it comes, with the time since the last, or since its visit arrived.
 */
#ifndef TOKENS_H
#define TOKENS_H

#include <stdint.h>

struct net;
struct flow;
struct agenda_item;

/* Tokens that have come, and how long they took together. */
struct token_tally {
    uint64_t n;
    double sum;
};

struct tokens {
    uint32_t *place;               /* by stage: of first tokens (scenario_tokens); NOBODY: none */
    struct token_tally (*come)[2]; /* by stage: first ones, further ones */
    double *prefill;               /* by visit; NULL: there is none */
};

void tokens_begin(struct net *net);
void tokens_end(struct net *net);

/* tokens.c: one has come (AGENDA_TOKEN); what has flowed at the places of tokens. */
void net_token(struct net *net, const struct agenda_item *item);
void net_token_flow(const struct net *net, uint32_t place, struct flow *out);

#endif
