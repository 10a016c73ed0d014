/* What visits at stages that go step by step have had up to now: rows of their own (network.h). */
#include <assert.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "net.h"

void tokens_begin(struct net *net)
{
    const uint32_t stages = net->network->n_stages;
    net->tokens.place = xcalloc(stages, sizeof *net->tokens.place);
    net->tokens.come = xcalloc(stages, sizeof *net->tokens.come);
    for (uint32_t i = 0; i < stages; i++)
        net->tokens.place[i] = (uint32_t)scenario_tokens(net->scenario, (int)i);
}

void tokens_end(struct net *net)
{
    free(net->tokens.place);
    free(net->tokens.come);
    free(net->tokens.prefill);
}

/* The first of a visit, or a further one: counted as something that comes and goes. */
void net_token(struct net *net, const struct agenda_item *item)
{
    const struct visit *v = &net->visit[item->visit];
    const bool first = item->kind == AGENDA_FIRST_TOKEN;
    const double time = first ? net->now - v->arrival : item->wait;
    const uint32_t place = net->tokens.place[v->stage] + !first;
    struct token_tally *t = &net->tokens.come[v->stage][!first];
    const uint32_t label = label_at(net->recorder, net->request[v->request].label, place);
    t->n++;
    t->sum += time;
    recorder_visit(net->recorder, label, 0);
    recorder_visit_complete(net->recorder, label, first ? item->wait : 0, time);
    recorder_settle(net->recorder, label, place, time);
}

/* Tokens are nowhere: what they took is all that there is to say of them. */
void net_token_flow(const struct net *net, uint32_t place, struct flow *out)
{
    const struct token_tally *t = NULL;
    const uint32_t *first = net->tokens.place;
    for (uint32_t i = 0; i < net->network->n_stages; i++)
        if (first[i] != NOBODY && (place == first[i] || place == first[i] + 1))
            t = &net->tokens.come[i][place - first[i]];
    assert(t);
    *out = (struct flow){.time = net->now,
                         .up_area = NAN,
                         .crashes = NAN,
                         .alive_area = t->sum,
                         .sojourn_sum = t->sum,
                         .rounding = (double)t->n * net->now * DBL_EPSILON,
                         .arrived = t->n,
                         .completed = t->n};
}
