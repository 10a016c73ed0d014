/* The next event, again and again. */
#include <float.h>
#include <math.h>

#include "../events/events.h"
#include "asks.h"
#include "fast.h"

/* Events after which whoever runs it looks up: some hundredths of a second. */
enum { MANY = 1 << 18 };

/* The inlet of the next arrival; of several at the same time the first. */
static void find_soonest(struct net *net)
{
    uint32_t first = 0;
    const uint32_t inlets = net->network->n_inlets,
                   clocks = net->marks ? net->marks->clocks : inlets;
    for (uint32_t i = 1; i < inlets; i++)
        first = net->next_arrival[i] < net->next_arrival[first] ? i : first;
    for (uint32_t i = inlets; i < clocks; i++)
        first = marks_before(net, i, first) ? i : first;
    net->soonest = first;
    net->soonest_time = net->next_arrival[first];
}

/* A task at a delay station has been served. */
static void leave_crowd(struct net *net, uint32_t visit)
{
    struct visit *v = &net->visit[visit];
    struct stage_state *at = &net->state[v->stage];
    crowd_serve(&net->crowd[v->station], v->arrival, net->now);
    if (!at->plain || !fast_served(net, visit, v, at, 0, 0, false))
        agenda_served(&net->agenda, v->station, visit, 0, 0);
}

static void crowd_event(struct net *net, struct timer timer)
{
    leave_crowd(net, timer.number);
}

static void delay_event(struct net *net, struct timer timer)
{
    net_begin_at(net, timer.number);
}

static void (*const rings[CLOCKS])(struct net *net, struct timer timer) = {
    [CLOCK_CROWDS] = crowd_event,       [CLOCK_DELAYS] = delay_event,
    [CLOCK_TOKENS] = door_token,        [CLOCK_DOORS] = door_timeout,
    [CLOCK_SIGNALS] = marks_signal,     [CLOCK_OUTAGES] = fate_outage,
    [CLOCK_CRASHES] = fate_crash,       [CLOCK_TIMEOUTS] = timeout_event,
    [CLOCK_DEADLINES] = deadline_event, [CLOCK_BACKOFFS] = backoff_event,
    [CLOCK_HEDGES] = hedge_event,
};

/* Whether a timer of a client is for nothing any more: one that is not need not ring. */
static bool is_stale(const struct net *net, enum net_clock clock, const struct timer *timer)
{
    if (clock == CLOCK_TIMEOUTS)
        return !attempt_waits(net, timer->number, timer->key);
    if (clock == CLOCK_DEADLINES)
        return net->asking->ask[timer->number].key != timer->key;
    return clock == CLOCK_HEDGES && net->asking->ask[timer->number].round != timer->key;
}

static void ring(struct net *net, enum net_clock clock)
{
    struct timers *all = &net->clock_of[clock];
    struct timer timer = timers_pop(all);
    const struct timer *next;
    while ((next = timers_first(all)) && is_stale(net, clock, next))
        timers_pop(all);
    net_put_clock(net, clock);
    rings[clock](net, timer);
}

/* What is no completion at a post. */
static void happen(struct net *net, event next)
{
    const uint32_t index = (uint32_t)event_index(next) - net->servers;
    const uint32_t stations = net->network->n_stations;
    if (index >= stations) {
        ring(net, (enum net_clock)(index - stations));
        return;
    }
    struct events *e = net->station[index];
    station_event(e);
    /* As it was, it is of a consumer that has served, and is let go or kept by what follows. */
    if ((station_next(e) ^ next) >> EVENT_INDEX_BITS)
        net_touched(net, index, net->stage_of[index]);
    if (event_kind(next) == EVENT_RESUMPTION) {
        net_settle(net);
        net_suspect_at(net, index);
    }
}

/* What follows from an event. */
static inline void settle(struct net *net)
{
    if (net->agenda.head < net->agenda.tail || net->fate)
        net_settle(net);
}

static void serve_at_once(struct net *net)
{
    const uint32_t visit = net->at_once;
    net->at_once = NOBODY;
    leave_crowd(net, visit);
    net_settle(net);
}

/* Nothing comes any more, nor when sources go on that stand still. */
static bool is_over(const struct net *net, double arrival)
{
    return arrival == INFINITY && net->requests_alive == 0 && !(net->marks && marks_stop(net));
}

enum engine_stop net_run(struct net *net, const struct engine_limits *limits)
{
    const double until = fmin(limits->until_time, DBL_MAX);
    const bool counted = net->recorder->watch != NULL, watched = net->watched != NULL;
    const bool drains = limits->until_drained;
    if (net->soonest == NOBODY)
        find_soonest(net);
    for (uint64_t events = 0; events < MANY; events++) {
        const event next = diary_top(&net->diary);
        const double time = event_time(next), arrival = net->soonest_time;
        if (RARELY(net->at_once != NOBODY)) {
            serve_at_once(net);
        } else if (event_bits(next) <= time_bits(arrival)) { /* arrivals come last */
            if (RARELY(arrival == INFINITY) && is_over(net, arrival))
                return STOP_ENDED; /* whatever clocks are yet to ring */
            if (!(time <= until))
                return is_over(net, arrival) ? STOP_ENDED : STOP_TIME;
            if (RARELY(counted))
                net_watch(net, time);
            net->now = time;
            const uint32_t server = (uint32_t)event_index(next);
            if (server >= net->servers)
                happen(net, next);
            else if (!fast_event(net, server))
                post_event(net, server);
            settle(net);
            if (RARELY(net->marks != NULL))
                marks_look(net);
        } else {
            if (!(arrival <= until))
                return arrival == INFINITY && next == CALENDAR_NEVER ? STOP_ENDED : STOP_TIME;
            if (RARELY(counted))
                net_watch(net, arrival);
            net->now = arrival;
            net_arrive(net, net->soonest);
            settle(net);
            if (RARELY(net->marks != NULL))
                marks_look(net);
            if (net->arrived == limits->until_tasks)
                return STOP_TASKS;
            if (net->requests_alive > net->max_backlog || net->visits_alive > 2 * net->max_backlog)
                return STOP_BACKLOG;
        }
        if (RARELY(watched) && watched_deadlock(net))
            return STOP_DEADLOCK;
        if (drains && recorder_drained(net->recorder))
            return STOP_DRAINED;
        if (net->soonest == NOBODY)
            find_soonest(net);
    }
    return STOP_PAUSE;
}
