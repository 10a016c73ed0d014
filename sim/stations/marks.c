#include "marks.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../events/events.h"
#include "inlets.h"
#include "step.h"

static const struct stage *stage_at(const struct net *net, uint32_t stage)
{
    return net->stages[stage].stage;
}

/* ---- who stops whom ---- */

static void reach_from(const struct network *n, bool *reach, uint32_t stage)
{
    const struct network_stage *s = &n->stages[stage];
    if (reach[stage])
        return;
    reach[stage] = true;
    for (uint32_t i = s->to.first; i < s->to.first + s->to.n; i++)
        if (n->legs[i].stage != NETWORK_EXIT)
            reach_from(n, reach, n->legs[i].stage);
    for (uint32_t k = s->first_step; k < s->first_step + s->steps; k++)
        for (uint32_t i = n->steps[k].first; i < n->steps[k].first + n->steps[k].n; i++)
            reach_from(n, reach, n->calls[i].stage);
}

static void find_reach(const struct network *n, struct marks *m)
{
    m->reach = xcalloc((size_t)n->n_inlets * n->n_stages, sizeof *m->reach);
    for (uint32_t i = 0; i < n->n_inlets; i++) {
        const struct route *to = &n->inlets[i].to;
        for (uint32_t k = to->first; k < to->first + to->n; k++)
            if (n->legs[k].stage != NETWORK_EXIT)
                reach_from(n, m->reach + (size_t)i * n->n_stages, n->legs[k].stage);
    }
}

static void find_ignored(struct net *net, struct marks *m)
{
    const struct network *n = net->network;
    m->ignored = xmalloc(n->n_inlets * sizeof *m->ignored);
    m->ignores = xcalloc(n->n_inlets, sizeof *m->ignores);
    for (uint32_t i = 0; i < n->n_inlets; i++) {
        m->ignored[i] = NOBODY;
        for (uint32_t j = 0; j < n->n_stages && m->ignored[i] == NOBODY; j++)
            if (m->reach[(size_t)i * n->n_stages + j] && stage_at(net, j)->high_water > 0 &&
                stage_at(net, j)->ignore > 0)
                m->ignored[i] = j;
        if (m->ignored[i] == NOBODY)
            continue;
        m->clocks = 2 * n->n_inlets;
        m->ignores[i].stream =
            stream_of(net->seed, net->replication,
                      network_stream_path(n, m->ignored[i], i, NETWORK_ANY, "ignore"));
    }
}

void marks_begin(struct net *net)
{
    const struct network *n = net->network;
    uint32_t stations = 0;
    for (uint32_t j = 0; j < n->n_stages; j++)
        if (stage_at(net, j)->high_water > 0)
            stations += n->stages[j].replicas;
    if (stations == 0)
        return;
    struct marks *m = net->marks = xcalloc(1, sizeof *m);
    m->mark = xcalloc(stations, sizeof *m->mark);
    m->pauses = xcalloc(n->n_stages, sizeof *m->pauses);
    m->clocks = n->n_inlets;
    for (uint32_t j = 0; j < n->n_stages; j++)
        for (uint32_t r = 0; r < n->stages[j].replicas && stage_at(net, j)->high_water > 0; r++)
            m->mark[m->n++] = (struct mark){.station = n->stages[j].first_station + r, .stage = j};
    find_reach(n, m);
    find_ignored(net, m);
    m->clock = xcalloc(m->clocks, sizeof *m->clock);
}

void marks_end(struct net *net)
{
    struct marks *m = net->marks;
    if (!m)
        return;
    for (uint32_t i = 0; i < net->network->n_inlets; i++)
        free(m->ignores[i].value);
    if (m->second)
        inlets_close(m->second, net->network);
    free(m->mark);
    free(m->pauses);
    free(m->reach);
    free(m->ignored);
    free(m->ignores);
    free(m->clock);
    free(m);
}

/* ---- clocks ---- */

struct source *marks_source(const struct net *net, uint32_t clock)
{
    const uint32_t inlets = net->network->n_inlets;
    return clock < inlets ? &net->sources[clock] : &net->marks->second[clock - inlets];
}

double marks_time(const struct net *net, uint32_t clock)
{
    const struct source_clock *c = &net->marks->clock[clock];
    return (c->stops > 0 ? c->stopped_at : net->now) - c->lag;
}

/* Whether the task that a clock has come to goes by it. */
static bool goes_by(const struct net *net, uint32_t clock, const struct source *source)
{
    const struct marks *m = net->marks;
    uint32_t inlet = clock % net->network->n_inlets, stage = m->ignored[inlet];
    if (stage == NOBODY || source->clients)
        return clock == inlet;
    bool ignores =
        draws_get(&m->ignores[inlet], source->first + source->at, 0) < stage_at(net, stage)->ignore;
    return ignores == (clock != inlet);
}

void marks_next(struct net *net, uint32_t clock)
{
    const struct marks *m = net->marks;
    const struct source_clock *c = &m->clock[clock];
    uint32_t inlet = clock % net->network->n_inlets, stage = m->ignored[inlet];
    struct source *source = marks_source(net, clock);
    bool nobody =
        stage == NOBODY ? clock != inlet : clock == inlet && stage_at(net, stage)->ignore == 1;
    double time = nobody ? INFINITY : source_peek(source).time;
    while (time < INFINITY && !goes_by(net, clock, source)) {
        source_step(source);
        time = source_peek(source).time;
    }
    /* rounding of the lag lets nothing come before now */
    net->next_arrival[clock] = c->stops > 0 ? INFINITY : fmax(net->now, time + c->lag);
    net->soonest = NOBODY;
}

bool marks_before(const struct net *net, uint32_t a, uint32_t b)
{
    const uint32_t inlets = net->network->n_inlets, x = a % inlets, y = b % inlets;
    if (net->next_arrival[a] != net->next_arrival[b])
        return net->next_arrival[a] < net->next_arrival[b];
    if (x != y)
        return x < y;
    const struct source *s = marks_source(net, a), *t = marks_source(net, b);
    return s->first + s->at < t->first + t->at;
}

/* ---- signals ---- */

static void stop(struct net *net, uint32_t clock)
{
    struct source_clock *c = &net->marks->clock[clock];
    if (c->stops++ == 0)
        c->stopped_at = net->now;
    marks_next(net, clock);
}

static void go_on(struct net *net, uint32_t clock)
{
    struct source_clock *c = &net->marks->clock[clock];
    if (--c->stops == 0)
        c->lag += net->now - c->stopped_at;
    marks_next(net, clock);
}

bool marks_stop(const struct net *net)
{
    bool any = false;
    for (uint32_t k = 0; k < net->marks->clocks; k++)
        any |= net->marks->clock[k].stops > 0;
    return any;
}

static void tell(struct net *net, uint32_t stage, bool stops)
{
    const struct marks *m = net->marks;
    const uint32_t inlets = net->network->n_inlets;
    for (uint32_t k = 0; k < m->clocks; k++) {
        uint32_t inlet = k % inlets;
        if (!m->reach[(size_t)inlet * net->network->n_stages + stage] ||
            (k >= inlets && m->ignored[inlet] == stage))
            continue;
        if (stops)
            stop(net, k);
        else
            go_on(net, k);
    }
}

void marks_signal(struct net *net, struct timer timer)
{
    tell(net, timer.number, timer.key != 0);
}

void marks_look(struct net *net)
{
    struct marks *m = net->marks;
    for (uint32_t i = 0; i < m->n; i++) {
        struct mark *mark = &m->mark[i];
        const struct stage *stage = stage_at(net, mark->stage);
        double waiting = (double)station_waiting(net->station[mark->station]);
        if (mark->stopped ? waiting > stage->low_water : waiting < stage->high_water)
            continue;
        mark->stopped = !mark->stopped;
        m->pauses[mark->stage] += mark->stopped;
        if (stage->signal_delay > 0)
            net_set(net, CLOCK_SIGNALS, net->now + stage->signal_delay, EVENT_RESUMPTION,
                    mark->stage, mark->stopped);
        else
            tell(net, mark->stage, mark->stopped);
    }
}
