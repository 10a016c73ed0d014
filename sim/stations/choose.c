/* Which replica of a stage a visit goes to. */
#include "../events/events.h"
#include "../scenario/balancer_pick.h"
#include "step.h"

/* Who asks a balancer. */
struct asking {
    struct net *net;
    const struct request *r;
    uint32_t stage, turn;
};

static double uniform_for(const void *host, uint32_t sub)
{
    const struct asking *a = host;
    const struct request *r = a->r;
    const enum draw_what what = (enum draw_what)(DRAW_BALANCER + sub);
    struct drawn *d = &a->net->state[a->stage].drawn[r->streams];
    return what > DRAW_THIRD ? draws_sub(&d[DRAW_BALANCER], sub, r->number, a->turn)
                             : draws_get(&d[what], r->number, a->turn);
}

/* What is left of the services at a delay station. */
static double crowd_work(const struct net *net, uint32_t station)
{
    double work = 0;
    const struct timers *t = &net->clock_of[CLOCK_CROWDS];
    for (size_t i = 0; i < t->n; i++)
        if (net->visit[t->heap[i].number].station == station)
            work += (event_time(t->heap[i].at) - net->now) * net->crowd[station].pace;
    if (net->crowd[station].pace == 0)
        work = fate_crowd_work(net, station);
    return work * net->crowd[station].speed;
}

static double work_at(const void *host, uint32_t replica)
{
    const struct asking *a = host;
    const struct net *net = a->net;
    const uint32_t station = net->stages[a->stage].first_station + replica;
    const struct events *e = net->station[station];
    return e                            ? station_work(e, net->now)
           : net->state[a->stage].posts ? post_work(net, station)
                                        : crowd_work(net, station);
}

/* The replica that a visit goes to: that of its machine, else as the balancer says. */
uint32_t net_replica(struct net *net, const struct visit *v, uint32_t stage, uint32_t from,
                     uint32_t turn)
{
    const struct network_stage *s = &net->stages[stage];
    if (s->replicas == 1)
        return 0;
    if (from != NETWORK_EXIT && net->stages[from].machines == s->machines)
        return v->station - net->stages[from].first_station;
    struct balance *b = &net->balance[stage];
    const struct asking asking = {net, &net->request[v->request], stage, turn};
    const struct balancer *model = b->model;
    struct balancer_view *view = &b->view;
    view->turns++;
    if (model->by_chance)
        return balancer_of(uniform_for(&asking, 0), view->n);
    if (view->tree)
        return balancer_least(model, view, uniform_for, &asking);
    if (model->key && view->choices == 2 && view->n > 2)
        return balancer_of_two(model, view, uniform_for, &asking);
    view->turns--;
    view->host = &asking;
    view->work = work_at;
    view->uniform = uniform_for;
    uint32_t replica = balancer_pick(model, view);
    view->turns++;
    return replica;
}

uint32_t net_copies_at(struct net *net, uint32_t visit, uint32_t stage)
{
    const struct visit *v = &net->visit[visit];
    struct balance *b = &net->balance[stage];
    struct asking asking = {net, &net->request[v->request], stage,
                            net_turn(net, v->request, stage)};
    b->view.host = &asking;
    b->view.uniform = uniform_for;
    uint32_t n = balancer_copies(&b->view, net->copies);
    b->view.turns++;
    return n;
}
