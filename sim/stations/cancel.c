/* Attempts that nobody waits for are taken out. */
#include <stdlib.h>

#include "asks.h"

void part_link(struct net *net, uint32_t visit)
{
    struct askers *as = net->asking;
    struct part *p = &as->part[visit];
    const uint32_t request = net->visit[visit].request;
    *p = (struct part){.work = 0, .before = NOBODY};
    if (!as->cancels)
        return;
    p->next = as->attempt[request].visits;
    if (p->next != NOBODY)
        as->part[p->next].before = visit;
    as->attempt[request].visits = visit;
}

void part_unlink(struct net *net, uint32_t visit)
{
    struct askers *as = net->asking;
    const struct part *p = &as->part[visit];
    if (!as->cancels)
        return;
    if (p->next != NOBODY)
        as->part[p->next].before = p->before;
    if (p->before != NOBODY)
        as->part[p->before].next = p->next;
    else
        as->attempt[net->visit[visit].request].visits = p->next;
}

void attempt_cancel(struct net *net, uint32_t t, uint32_t key)
{
    struct askers *as = net->asking;
    struct attempt *x = &as->attempt[t];
    if (x->key != key)
        return;
    const bool running = as->desk[x->desk].cancel == WITHDRAW_RUNNING;
    size_t n = 0;
    x->cancelled = true;
    for (uint32_t v = x->visits; v != NOBODY; v = as->part[v].next)
        n++;
    struct member *doomed = xcalloc(n + 1, sizeof *doomed);
    n = 0;
    for (uint32_t v = x->visits; v != NOBODY; v = as->part[v].next)
        doomed[n++] = (struct member){net->birth[v], v};
    qsort(doomed, n, sizeof *doomed, members_by_birth);
    for (size_t i = 0; i < n; i++)
        if (net->visit[doomed[i].visit].state != VISIT_FREE &&
            net->birth[doomed[i].visit] == doomed[i].born)
            net_take_out(net, doomed[i].visit, running, LOSS_CANCELLED);
    free(doomed);
}
