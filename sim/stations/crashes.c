/* Machines that fall over, and come back (fate.h). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../events/events.h"
#include "../scenario/distribution.h"
#include "step.h"

/* What rings for a machine: timers of CLOCK_CRASHES are of number machine * CRASH_RINGS + this. */
enum { CRASH_DRAWN, CRASH_RESTART, CRASH_NOTICED, CRASH_FULL, CRASH_RINGS };

static const struct crash_spec *spec_of(const struct net *net, const struct machine *m)
{
    return &net->stages[m->stage].trouble->crash;
}

/* ---- which are left out ---- */

/* A machine is left out by balancers, or no more. */
static void leave_out(struct net *net, uint32_t machine, bool out)
{
    struct fate *f = net->fate;
    struct machine *m = &f->machines[machine];
    if (m->out == out)
        return;
    m->out = out;
    for (uint32_t i = 0; i < net->network->n_stages; i++)
        if (network_machines(net->network, i) == m->stage)
            f->out[i] += out ? 1 : -1U;
}

bool fate_is_out(const struct net *net, uint32_t station)
{
    uint32_t machine = net->fate->machine_of[station];
    return machine != NOBODY && net->fate->machines[machine].out;
}

bool fate_is_down(const struct net *net, uint32_t station)
{
    uint32_t machine = net->fate->machine_of[station];
    return machine != NOBODY && net->fate->machines[machine].down;
}

/* ---- it falls over ---- */

static void each_station(struct net *net, uint32_t machine,
                         void (*what)(struct net *net, uint32_t station))
{
    const struct machine *m = &net->fate->machines[machine];
    for (uint32_t i = 0; i < net->network->n_stages; i++)
        if (network_machines(net->network, i) == m->stage)
            what(net, net->stages[i].first_station + m->replica);
}

static void stop(struct net *net, uint32_t station)
{
    struct events *e = net->station[station];
    bool kept = fate_keeps(net, net->stage_of[station]);
    if (e)
        station_crash(e, net->now, kept);
    else
        fate_clear_crowd(net, station);
    if (e && kept)
        fate_put_all_back(net, e);
    net_touched(net, station, net->stage_of[station]);
}

static void set_ring(struct net *net, uint32_t machine, double time, uint32_t what)
{
    net_set(net, CLOCK_CRASHES, time, EVENT_RESUMPTION, machine * CRASH_RINGS + what,
            net->fate->machines[machine].life);
}

static void pass(struct net *net, struct machine *m)
{
    m->down_area += m->down ? net->now - m->clock : 0;
    m->clock = net->now;
}

static void fall(struct net *net, uint32_t machine)
{
    struct machine *m = &net->fate->machines[machine];
    const struct trouble_spec *t = net->stages[m->stage].trouble;
    pass(net, m);
    net_cancel(net, CLOCK_CRASHES, machine * CRASH_RINGS + CRASH_DRAWN);
    net_cancel(net, CLOCK_CRASHES, machine * CRASH_RINGS + CRASH_FULL);
    m->down = true;
    m->full = false;
    m->life++;
    m->crashes++;
    fate_book_all(net, machine);
    each_station(net, machine, stop);
    fate_lose_all(net, machine);
    if (t->health_check > 0)
        set_ring(net, machine, net->now + t->health_check, CRASH_NOTICED);
    else
        leave_out(net, machine, true);
    if (t->crash.restart.model)
        set_ring(net, machine, net->now + fate_draw(&t->crash.restart, &m->restart, m->crashes - 1),
                 CRASH_RESTART);
}

/* ---- for what it holds ---- */

/* Whether a task that comes would find no place in the buffer of a machine's own stage. */
static const struct events *buffer_of(const struct net *net, const struct machine *m)
{
    return net->station[net->stages[m->stage].first_station + m->replica];
}

static bool is_full(const struct events *e)
{
    return e->staff->idle == 0 && e->filled >= 0 &&
           (e->waiting >= e->capacity || station_is_full(e));
}

void fate_touched(struct net *net, uint32_t station)
{
    struct fate *f = net->fate;
    const uint32_t machine = f->machine_of[station];
    if (machine == NOBODY || f->machines[machine].down)
        return;
    struct machine *m = &f->machines[machine];
    const struct crash_spec *crash = spec_of(net, m);
    if (crash->memory > 0 && !m->looked_at) {
        m->looked_at = true;
        f->look[f->n_look++] = machine;
    }
    if (crash->full_for > 0 && !m->full && net->stage_of[station] == m->stage &&
        is_full(buffer_of(net, m))) {
        m->full = true;
        set_ring(net, machine, buffer_of(net, m)->filled + crash->full_for, CRASH_FULL);
    }
}

/* It has been full since then, or has not been all the time. */
static void look_whether_full(struct net *net, uint32_t machine)
{
    struct machine *m = &net->fate->machines[machine];
    const struct events *e = buffer_of(net, m);
    double end = e->filled + spec_of(net, m)->full_for;
    m->full = false;
    if (!is_full(e))
        return;
    if (end <= net->now) {
        fall(net, machine);
        return;
    }
    m->full = true;
    set_ring(net, machine, end, CRASH_FULL);
}

static double held_by(const struct net *net, const struct machine *m)
{
    double held = 0;
    for (uint32_t i = 0; i < net->network->n_stages; i++)
        if (network_machines(net->network, i) == m->stage && net->stages[i].stage->durable != 1)
            held += net->holding[net->stages[i].first_station + m->replica].now;
    return held;
}

bool fate_look(struct net *net)
{
    struct fate *f = net->fate;
    while (f->n_look > 0) {
        uint32_t first = 0; /* in their order */
        for (uint32_t i = 1; i < f->n_look; i++)
            first = f->look[i] < f->look[first] ? i : first;
        uint32_t machine = f->look[first];
        struct machine *m = &f->machines[machine];
        f->look[first] = f->look[--f->n_look];
        m->looked_at = false;
        if (!m->down && held_by(net, m) > spec_of(net, m)->memory) {
            fall(net, machine);
            return true; /* what follows comes first */
        }
    }
    return false;
}

/* ---- it comes back ---- */

static void start(struct net *net, uint32_t station)
{
    struct events *e = net->station[station];
    uint32_t stage = net->stage_of[station], pool = net->stages[stage].pool;
    double pace = fate_pace(net, pool, station - net->stages[stage].first_station);
    if (e)
        station_restart(e, net->now, e->staff == e ? pace : 0);
    else
        fate_crowd_pace(net, station, pace);
    net_touched(net, station, stage);
}

static void live(struct net *net, uint32_t machine)
{
    struct machine *m = &net->fate->machines[machine];
    const struct crash_spec *crash = spec_of(net, m);
    if (crash->every.model)
        set_ring(net, machine, net->now + fate_draw(&crash->every, &m->every, m->lives++),
                 CRASH_DRAWN);
}

static void come_back(struct net *net, uint32_t machine)
{
    struct machine *m = &net->fate->machines[machine];
    pass(net, m);
    net_cancel(net, CLOCK_CRASHES, machine * CRASH_RINGS + CRASH_NOTICED);
    m->down = false;
    m->life++;
    leave_out(net, machine, false);
    each_station(net, machine, start);
    if (fate_goes_on(net))
        live(net, machine);
}

void fate_crash(struct net *net, struct timer timer)
{
    uint32_t machine = timer.number / CRASH_RINGS;
    if (net->fate->machines[machine].life != timer.key)
        return; /* of a life that is over */
    switch (timer.number % CRASH_RINGS) {
    case CRASH_DRAWN:
        fall(net, machine);
        break;
    case CRASH_RESTART:
        come_back(net, machine);
        break;
    case CRASH_NOTICED:
        leave_out(net, machine, true);
        break;
    default:
        look_whether_full(net, machine);
        break;
    }
}

/* ---- what is told of it ---- */

void fate_flow(const struct net *net, uint32_t place, struct flow *out)
{
    const struct fate *f = net->fate;
    const bool all = place == net->all;
    out->up_area = out->up = out->crashes = NAN;
    if (!f || f->n_machines == 0 || (!all && !network_is_mortal(net->network, place)))
        return;
    const uint32_t stage = all ? NOBODY : network_machines(net->network, place);
    out->crashes = 0;
    out->up_area = out->up = all ? NAN : 0;
    for (uint32_t i = 0; i < f->n_machines; i++) {
        const struct machine *m = &f->machines[i];
        if (!all && m->stage != stage)
            continue;
        double down = m->down_area + (m->down ? net->now - m->clock : 0);
        out->crashes += (double)m->crashes;
        out->up_area += net->now - down;
        out->trouble[TROUBLE_CRASHED] += down;
        out->up += m->down ? 0 : 1;
    }
}

/* ---- beginning ---- */

static void add_machine(struct net *net, uint32_t stage, uint32_t replica)
{
    struct fate *f = net->fate;
    const char *path = internf("stages.%s.%u.crash", net->stages[stage].name, replica);
    if ((f->n_machines & (f->n_machines - 1)) == 0)
        f->machines = xrealloc(f->machines, (f->n_machines ? 2 * (size_t)f->n_machines : 1) *
                                                sizeof *f->machines);
    f->machines[f->n_machines++] = (struct machine){
        .stage = stage,
        .replica = replica,
        .every = stream_of(net->seed, net->replication, internf("%s.every", path)),
        .restart = stream_of(net->seed, net->replication, internf("%s.restart", path)),
    };
}

void fate_begin_machines(struct net *net)
{
    const struct network *n = net->network;
    struct fate *f = net->fate;
    f->machine_of = xcalloc(n->n_stations, sizeof *f->machine_of);
    f->out = xcalloc(n->n_stages, sizeof *f->out);
    uint32_t *first = xcalloc(n->n_stages, sizeof *first);
    for (uint32_t i = 0; i < n->n_stages; i++) {
        const struct trouble_spec *t = n->stages[i].trouble;
        first[i] = t && crash_is_given(&t->crash) ? f->n_machines : NOBODY;
        for (uint32_t r = 0; first[i] != NOBODY && r < n->stages[i].replicas; r++)
            add_machine(net, i, r);
    }
    for (uint32_t i = 0; i < n->n_stages; i++)
        for (uint32_t r = 0; r < n->stages[i].replicas; r++) {
            uint32_t machine = first[network_machines(n, i)];
            f->machine_of[n->stages[i].first_station + r] =
                machine == NOBODY ? NOBODY : machine + r;
        }
    for (uint32_t m = 0; m < f->n_machines; m++)
        live(net, m);
    uint32_t most = 1;
    for (uint32_t i = 0; i < n->n_stages; i++)
        most = n->stages[i].replicas > most ? n->stages[i].replicas : most;
    f->look = xcalloc(f->n_machines + (size_t)1, sizeof *f->look);
    f->among = xmalloc((size_t)3 * most * sizeof *f->among);
    free(first);
}
