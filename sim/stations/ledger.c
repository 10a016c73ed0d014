/* Work, and whom it was for. */
#include <math.h>

#include "../events/events.h"
#include "asks.h"

/* The innermost attempt on the way to the request that arrived that is not useful; else that
 * request. */
static uint32_t judge_of(const struct net *net, uint32_t request)
{
    const struct attempt *attempt = net->asking->attempt;
    while (attempt[request].worth == WORTH_IT && attempt[request].of != NOBODY)
        request = attempt[request].of;
    return request;
}

static struct ledger *book_of(struct net *net, uint32_t request)
{
    return &net->asking->attempt[net_whole(net, request)].ledger;
}

static void waste(struct net *net, uint32_t request, uint32_t stage, double seconds)
{
    net->state[stage].tally.wasted += seconds;
    book_of(net, request)->wasted += seconds;
}

static void keep(struct net *net, uint32_t t, uint32_t stage, double seconds)
{
    struct askers *as = net->asking;
    uint32_t i = as->free_work;
    if (i != NOBODY) {
        as->free_work = as->work[i].next;
    } else {
        if (as->works == as->work_room) {
            as->work_room = as->work_room ? 2 * as->work_room : 256;
            as->work = xrealloc(as->work, as->work_room * sizeof *as->work);
        }
        i = as->works++;
    }
    as->work[i] = (struct work){seconds, stage, as->attempt[t].work};
    as->attempt[t].work = i;
}

static void book(struct net *net, uint32_t request, uint32_t stage, double seconds)
{
    const uint32_t judge = judge_of(net, request);
    switch ((enum worth)net->asking->attempt[judge].worth) {
    case WORTH_IT:
        book_of(net, request)->useful += seconds;
        break;
    case AWAITED:
        keep(net, judge, stage, seconds);
        break;
    case WASTED:
        waste(net, request, stage, seconds);
        break;
    }
}

void ledger_close(struct net *net, uint32_t t)
{
    struct askers *as = net->asking;
    uint32_t i = as->attempt[t].work;
    if (as->attempt[t].worth == AWAITED)
        return;
    as->attempt[t].work = NOBODY;
    while (i != NOBODY) {
        const struct work w = as->work[i];
        as->work[i].next = as->free_work;
        as->free_work = i;
        book(net, t, w.stage, w.seconds);
        i = w.next;
    }
}

double ledger_wants(const struct net *net, uint32_t visit)
{
    const struct visit *v = &net->visit[visit];
    const struct network_stage *s = &net->stages[v->stage];
    const uint32_t replica = v->station - s->first_station;
    double work = v->size;
    if (net->tokens.place[v->stage] != NOBODY) /* alone, but for its prefill */
        work = fmax(1, ceil(work)) * staff_iteration(s->staff, 1);
    return work / network_station(net->network, s->pool, replica).speed;
}

/* Who serves several at once: each has its part of the service, and what is held is nobody's. */
static bool is_batched_at(const struct net *net, const struct visit *v)
{
    const struct events *e = net->station[v->station];
    return e && is_batched(e->shape);
}

void ledger_served(struct net *net, uint32_t visit, double left)
{
    const struct visit *v = &net->visit[visit];
    const double wants = ledger_wants(net, visit);
    struct part *p = &net->asking->part[visit];
    p->served = net->now;
    p->stay = 1u + v->stays;
    p->work = is_batched_at(net, v) ? batch_spent(net->station[v->station], net->now, visit)
              : left > 0            ? wants * (1 - left / v->size)
                                    : wants;
}

double ledger_spent(const struct net *net, uint32_t visit)
{
    const struct part *p = &net->asking->part[visit];
    const struct visit *v = &net->visit[visit];
    const bool stays = v->state != VISIT_DELAYED && v->state != VISIT_AT_DOOR;
    const bool served = stays && p->stay == 1u + v->stays;
    return !served ? 0 : is_batched_at(net, v) ? p->work : p->work + net->now - p->served;
}

void ledger_fail(struct net *net, const struct stay *stay)
{
    if (stay->spent > 0)
        waste(net, stay->request, stay->stage, stay->spent);
}

void ledger_leave(struct net *net, const struct stay *stay, bool lost, enum loss why)
{
    const double left = stay->size - stay->spent;
    if (lost && why == LOSS_CANCELLED && left > 0)
        book_of(net, stay->request)->cancelled += left;
    else if (lost && why != LOSS_FAILED && why != LOSS_WITHDRAWN && left > 0)
        book_of(net, stay->request)->denied += left;
    if (lost) {
        if (stay->spent > 0)
            waste(net, stay->request, stay->stage, stay->spent);
        return;
    }
    const uint32_t judge = judge_of(net, stay->request);
    if (net->asking->attempt[judge].worth == WASTED) {
        net->state[stay->stage].tally.late++;
        recorder_late(net->recorder,
                      label_at(net->recorder, net->request[stay->request].label, stay->stage));
    }
    if (stay->spent > 0)
        book(net, stay->request, stay->stage, stay->spent);
}
