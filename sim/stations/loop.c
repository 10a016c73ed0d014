/* The next event, again and again. */
#include <float.h>
#include <math.h>

#include "../events/events.h"
#include "fast.h"

/* Events after which whoever runs it looks up: some hundredths of a second. */
enum { MANY = 1 << 18 };

/* The inlet of the next arrival; of several at the same time the first. */
static uint32_t soonest(struct net *net)
{
    if (net->soonest != NOBODY)
        return net->soonest;
    uint32_t first = 0;
    for (uint32_t i = 1; i < net->network->n_inlets; i++)
        first = net->next_arrival[i] < net->next_arrival[first] ? i : first;
    return net->soonest = first;
}

/* A task at a delay station has been served. */
static void crowd_event(struct net *net, struct timer timer)
{
    const struct visit *v = &net->visit[timer.number];
    crowd_serve(&net->crowd[v->station], v->arrival, net->now);
    if (!fast_served(net, timer.number, 0, 0))
        agenda_served(&net->agenda, v->station, timer.number, 0, 0);
}

static void delay_event(struct net *net, struct timer timer)
{
    net_begin_at(net, timer.number);
}

static void (*const rings[CLOCKS])(struct net *net, struct timer timer) = {
    [CLOCK_CROWDS] = crowd_event,
    [CLOCK_DELAYS] = delay_event,
    [CLOCK_OUTAGES] = fate_outage,
};

static void ring(struct net *net, enum net_clock clock)
{
    struct timer timer = timers_pop(&net->clock_of[clock]);
    net_put_clock(net, clock);
    rings[clock](net, timer);
}

static void happen(struct net *net, event next)
{
    uint32_t leaf = (uint32_t)event_index(next), index = leaf - net->servers;
    const uint32_t stations = net->network->n_stations;
    net->now = event_time(next);
    if (leaf < net->servers) {
        if (!fast_event(net, leaf))
            post_event(net, leaf);
    } else if (index < stations) {
        struct events *e = net->station[index];
        station_event(e);
        /* As it was, it is of a consumer that has served, and is let go or kept by what follows. */
        if ((station_next(e) ^ next) >> EVENT_INDEX_BITS)
            net_touched(net, index, net->stage_of[index]);
    } else {
        ring(net, (enum net_clock)(index - stations));
    }
    net_settle(net);
    if (index < stations && leaf >= net->servers && event_kind(next) == EVENT_RESUMPTION)
        net_suspect_at(net, index);
}

enum engine_stop net_run(struct net *net, const struct engine_limits *limits)
{
    const double until = fmin(limits->until_time, DBL_MAX);
    const bool watched = net->recorder->watch != NULL;
    for (uint64_t events = 0; events < MANY; events++) {
        const event next = diary_top(&net->diary);
        uint32_t inlet = soonest(net);
        const double arrival = net->next_arrival[inlet];
        if (event_bits(next) <= time_bits(arrival)) { /* arrivals come last */
            if (!(event_time(next) <= until))
                return net->requests_alive == 0 && arrival == INFINITY ? STOP_ENDED : STOP_TIME;
            if (watched)
                net_watch(net, event_time(next));
            happen(net, next);
        } else {
            if (!(arrival <= until))
                return arrival == INFINITY && next == CALENDAR_NEVER ? STOP_ENDED : STOP_TIME;
            if (watched)
                net_watch(net, arrival);
            net->now = arrival;
            net_arrive(net, inlet);
            net_settle(net);
            if (net->arrived == limits->until_tasks)
                return STOP_TASKS;
            if (net->requests_alive > net->max_backlog || net->visits_alive > 2 * net->max_backlog)
                return STOP_BACKLOG;
        }
        if (net->watched && watched_deadlock(net))
            return STOP_DEADLOCK;
        if (limits->until_drained && (int64_t)net->recorder->outstanding <= 0)
            return STOP_DRAINED;
    }
    return STOP_PAUSE;
}
