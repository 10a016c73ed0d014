#include "post.h"

#include <float.h>
#include <math.h>

#include "fast.h"

void post_come(struct net *net, uint32_t visit, uint32_t stage, uint32_t station)
{
    fast_take(net, visit, net->visit[visit].size, &net->state[stage].posted, station, net->now);
}

void post_keep(struct net *net, uint32_t stage, uint32_t server)
{
    fast_keep(net, &net->state[stage].posted, server);
}

void post_let_go(struct net *net, const struct stay *stay, bool lost)
{
    struct posted *all = &net->state[stay->stage].posted;
    all->completed += !lost;
    all->lost += lost;
    fast_release(net, all, stay->consumer, stay->arrival, stay->kept, net->now);
}

void post_event(struct net *net, uint32_t server)
{
    const struct server *s = &net->server[server];
    const struct visit *v = &net->visit[s->visit];
    const struct agenda_item item = {AGENDA_SERVED, s->post, s->visit, server,
                                     s->start - v->arrival};
    net_went_through(net, &item); /* at once: the agenda is empty */
}

double post_work(const struct net *net, uint32_t station)
{
    const struct post *p = &net->post[station];
    const uint32_t stage = net->stage_of[station];
    const struct station_kind kind =
        network_station(net->network, stage, station - net->stages[stage].first_station);
    const uint32_t end = p->first + (uint32_t)kind.consumers;
    uint32_t visit = p->head;
    double work = 0;
    for (uint32_t i = 0; i < p->waiting; i++, visit = net->visit[visit].consumer)
        work += net->visit[visit].size;
    for (uint32_t i = p->first; i < end; i++) {
        event done = diary_get(&net->diary, net->server[i].leaf);
        if (done != CALENDAR_NEVER && event_time(done) > net->now)
            work += (event_time(done) - net->now) * kind.speed;
    }
    return work;
}

void posts_flow(const struct net *net, uint32_t stage, struct flow *out)
{
    struct posted copy = net->state[stage].posted, *p = &copy;
    const double now = net->now;
    posted_pass(p, now);
    *out = (struct flow){
        .time = now,
        .queue_area = p->queue_area,
        .busy_area = p->busy_area,
        .held_area = p->held_area,
        .available = p->consumers,
        .available_area = p->consumers * now,
        .sojourn_sum =
            p->sojourn_sum + (p->waiting + p->serving) * now - p->arrivals - p->arrivals_begun,
        .service_sum = p->service_sum + p->work_kept + (p->serving - p->kept) * now -
                       (p->begun - p->kept_begun),
        .seen_sum = p->seen,
        .rounding = (double)p->arrived * (p->waiting + p->serving + 1) * now * DBL_EPSILON,
        .arrived = p->arrived,
        .completed = p->completed,
        .lost = p->lost,
        .inside = (uint64_t)(p->waiting + p->serving),
        .waiting = (uint64_t)p->waiting,
    };
}
