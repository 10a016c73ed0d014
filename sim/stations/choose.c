/* Which replica of a stage a visit goes to. */
#include "../events/events.h"
#include "../scenario/balancer_pick.h"
#include "step.h"

/* Who asks a balancer. */
struct asking {
    struct net *net;
    const struct request *r;
    uint32_t stage, turn;
    const uint32_t *among; /* the replicas that are not left out; NULL: all */
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
    const uint32_t station =
        net->stages[a->stage].first_station + (a->among ? a->among[replica] : replica);
    const struct events *e = net->station[station];
    return e                            ? station_work(e, net->now)
           : net->state[a->stage].posts ? post_work(net, station)
                                        : crowd_work(net, station);
}

/* What a balancer sees where some replicas are left out, and not all: the others. */
static struct balancer_view view_among(struct net *net, struct asking *asking)
{
    const struct network_stage *s = &net->stages[asking->stage];
    struct balancer_view view = net->balance[asking->stage].view;
    uint32_t n = 0, *among = net->fate->among, *requests = among + s->replicas;
    uint32_t *consumers = requests + s->replicas;
    for (uint32_t r = 0; r < s->replicas; r++) {
        if (fate_is_out(net, s->first_station + r))
            continue;
        among[n] = r;
        requests[n] = view.requests[r];
        consumers[n++] = view.consumers[r];
    }
    asking->among = among;
    view.n = n;
    view.requests = requests;
    view.consumers = consumers;
    view.tree = NULL;
    view.host = asking;
    return view;
}

static bool some_are_out(const struct net *net, uint32_t stage)
{
    return net->fate && net->fate->out[stage] > 0 &&
           net->fate->out[stage] < net->stages[stage].replicas;
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
    struct asking asking = {net, &net->request[v->request], stage, turn, NULL};
    const struct balancer *model = b->model;
    struct balancer_view *view = &b->view;
    if (__builtin_expect(model->by_key, 0)) {
        view->turns++;
        return net_hashed(net, asking.r, stage);
    }
    if (some_are_out(net, stage)) {
        struct balancer_view among = view_among(net, &asking);
        among.work = work_at;
        among.uniform = uniform_for;
        view->turns++;
        return asking.among[balancer_pick(model, &among)];
    }
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
    struct asking asking = {net, &net->request[v->request], stage, net_turn(net, v->request, stage),
                            NULL};
    b->view.host = &asking;
    b->view.uniform = uniform_for;
    bool some = some_are_out(net, stage);
    const struct balancer_view view = some ? view_among(net, &asking) : b->view;
    uint32_t n = balancer_copies(&view, net->copies);
    for (uint32_t i = 0; i < n && some; i++)
        net->copies[i] = asking.among[net->copies[i]];
    b->view.turns++;
    return n;
}
