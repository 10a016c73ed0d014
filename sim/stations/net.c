/* The engine's beginning and end. */
#include "asks.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../events/events.h"
#include "../scenario/distribution.h"
#include "inlets.h"

_Thread_local struct network_trace *networks_trace;

static const char *net_refuses(const struct scenario *s)
{
    if (!scenario_is_network(s))
        return "it runs networks";
    if (s->run.max_backlog > 2e9)
        return "it can hold at most 2000000000 requests at once (run.max_backlog)";
    return NULL;
}

static bool is_impatient(const struct net *net, uint32_t stage)
{
    const struct law **timeout = net->stages[stage].timeout;
    for (uint32_t class = 0; timeout && class < net->network->n_classes; class ++)
        if (timeout[class])
            return true;
    return false;
}

static bool is_pooled(const struct network *n, uint32_t stage)
{
    for (uint32_t i = 0; i < n->n_stages; i++)
        if (i != stage && (n->stages[i].pool == stage || n->stages[stage].pool == i))
            return true;
    return false;
}

/* Whether the stations of a stage are posts. */
static bool posts(const struct net *net, uint32_t stage)
{
    const struct network *n = net->network;
    const struct network_stage *s = &net->stages[stage];
    double servers = 0;
    for (uint32_t r = 0; r < s->replicas; r++)
        servers += network_station(n, stage, r).consumers;
    const double most = 1 << (EVENT_INDEX_BITS - 1);
    return stage_discipline(s->stage)->by_arrival && !stage_is_bounded(s->stage) && !s->guard &&
           !is_impatient(net, stage) && !net->withdraws && !is_pooled(n, stage) &&
           !s->blocks_before && !network_has_trouble(n, stage) && !s->staff && !n->bytes &&
           servers + net->servers + n->n_stations < most;
}

static void new_post(struct net *net, uint32_t stage, uint32_t station, struct station_kind kind)
{
    struct post *p = &net->post[station];
    struct posted *posted = &net->state[stage].posted;
    *p = (struct post){.idle = NO_SERVER, .first = net->servers, .speed = kind.speed};
    posted->consumers += (uint32_t)kind.consumers;
    for (uint32_t c = 0; c < (uint32_t)kind.consumers; c++) {
        net->server[net->servers] =
            (struct server){.visit = p->idle, .post = station, .stage = stage, .leaf = NO_LEAF};
        p->idle = net->servers++;
    }
}

/* Whether its consumers come and go, or change their pace (events/staff.h). */
static bool changes(const struct network_stage *s)
{
    const struct staff_spec *staff = s->staff;
    return staff &&
           (staff->max > 0 || staff->contention > 0 || staff->coherency > 0 || staff->shifts > 0 ||
            staff->setup.model || staff->vacation.model || staff->time_to_failure.model);
}

static void new_station(struct net *net, uint32_t stage, uint32_t replica)
{
    const struct network_stage *s = &net->stages[stage];
    struct station_kind kind = network_station(net->network, s->pool, replica);
    uint32_t number = s->first_station + replica;
    net->stage_of[number] = stage;
    if (net->state[stage].posts) {
        new_post(net, stage, number, kind);
        return;
    }
    if (isinf(kind.consumers)) {
        net->crowd[number] = (struct crowd){.speed = kind.speed, .pace = 1};
        return;
    }
    bool main = strcmp(s->name, "main") == 0 && s->replicas == 1;
    const char *path =
        main ? "consumers.discipline" : internf("stages.%s.%u.discipline", s->name, replica);
    struct stage as = *s->stage;
    const struct stage *owner = net->stages[s->pool].stage; /* whose consumers they are */
    as.discipline = owner->discipline;
    memcpy(as.discipline_params, owner->discipline_params, sizeof as.discipline_params);
    struct station_plan plan = {.scenario = net->scenario,
                                .stage = &as,
                                .consumers = s->pool == stage ? kind.consumers : 0,
                                .speed = kind.speed,
                                .impatient = is_impatient(net, stage),
                                .named = net->withdraws,
                                .asks = s->blocks_before,
                                .pooled = is_pooled(net->network, stage),
                                .rank = s->priority,
                                .weight = s->weight,
                                .number = number,
                                .agenda = &net->agenda,
                                .drop = (const struct drop_rule *)s->stage->drop,
                                .holding = net->holding ? &net->holding[number] : NULL,
                                .picks = stream_of(net->seed, net->replication, path)};
    struct staff_plan staff = {s->staff, net->seed, net->replication,
                               main ? "consumers"
                                    : internf("stages.%s.%u.consumers", s->name, replica)};
    plan.staff = changes(s) ? &staff : NULL;
    plan.batch = s->staff && s->staff->batch_max > 0 ? s->staff : NULL;
    net->station[number] = station_new(&plan);
}

static void new_stations(struct net *net)
{
    const struct network *n = net->network;
    net->station = xcalloc(n->n_stations, sizeof(struct events *));
    net->crowd = xcalloc(n->n_stations, sizeof *net->crowd);
    net->stage_of = xcalloc(n->n_stations, sizeof *net->stage_of);
    net->balance = xcalloc(n->n_stages, sizeof *net->balance);
    net->post = xcalloc(n->n_stations, sizeof *net->post);
    for (uint32_t i = 0; i < n->n_stages; i++) {
        net->state[i].posts = posts(net, i);
        for (uint32_t r = 0; r < net->stages[i].replicas && net->state[i].posts; r++)
            net->servers += (uint32_t)network_station(n, i, r).consumers;
    }
    net->server = xcalloc(net->servers + 1, sizeof *net->server);
    net->servers = 0;
    uint32_t most = 1;
    for (uint32_t i = 0; i < n->n_stages; i++) {
        const struct network_stage *s = &net->stages[i];
        for (uint32_t r = 0; r < s->replicas; r++)
            new_station(net, i, r);
        balance_init(&net->balance[i], s->replicas > 1 ? s->balancer : NULL, s->replicas,
                     s->choices);
        for (uint32_t r = 0; r < s->replicas && net->balance[i].model; r++) {
            double consumers = network_station(n, s->pool, r).consumers;
            net->balance[i].consumers[r] =
                isinf(consumers) ? UINT32_MAX : (uint32_t)fmax(1, consumers);
        }
        most = s->replicas > most ? s->replicas : most;
    }
    for (uint32_t i = 0; i < n->n_stages; i++)
        for (uint32_t r = 0; r < net->stages[i].replicas && net->stages[i].pool != i; r++) {
            struct events *staff = net->station[net->stages[net->stages[i].pool].first_station + r];
            if (staff) /* else there is no end of consumers, for any of them */
                station_share(staff, net->station[net->stages[i].first_station + r]);
        }
    net->copies = xcalloc(most, sizeof *net->copies);
    diary_init(&net->diary);
    net->leaf = xmalloc((n->n_stations + CLOCKS) * sizeof *net->leaf);
    for (uint32_t i = 0; i < n->n_stations + CLOCKS; i++)
        net->leaf[i] = NO_LEAF;
}

static void find_repeats(struct net *net)
{
    const struct network *n = net->network;
    bool delays = false, reserves = false;
    for (uint32_t i = 0; i < n->n_stages; i++) {
        const struct network_stage *s = &net->stages[i];
        net->state[i].repeat = s->repeats || s->copies ? net->repeats++ : NOBODY;
        net->withdraws |= s->withdraw != WITHDRAW_NEVER;
        delays |= s->delay || s->retry;
        reserves |= s->blocks_before;
    }
    for (uint32_t i = 0; i < n->n_inlets; i++)
        net->batches |= n->inlets[i].batch_join_of != NETWORK_EXIT;
    if (reserves)
        net->reservation = xmalloc(sizeof *net->reservation);
    if (delays)
        net->offered = xmalloc(sizeof *net->offered);
}

/* Clocks of all sources: of each one, and perhaps a second (marks.h). */
static uint32_t clocks_of(const struct net *net)
{
    return net->marks ? net->marks->clocks : net->network->n_inlets;
}

static void look_ahead(struct net *net)
{
    for (uint32_t k = 0; k < clocks_of(net); k++)
        if (net->marks)
            marks_next(net, k);
        else
            net->next_arrival[k] = source_peek(&net->sources[k]).time;
}

static void open_inlets(struct net *net)
{
    const struct network *n = net->network;
    net->sources = inlets_open(n, net->seed, net->replication);
    if (clocks_of(net) > n->n_inlets)
        net->marks->second = inlets_open(n, net->seed, net->replication);
    net->next_arrival = xcalloc(clocks_of(net), sizeof *net->next_arrival);
    net->taken = xcalloc(n->n_inlets, sizeof *net->taken);
    net->batch = xmalloc(n->n_inlets * sizeof *net->batch);
    memset(net->batch, UINT8_MAX, n->n_inlets * sizeof *net->batch); /* NOBODY */
    look_ahead(net);
}

static void *net_begin(const struct scenario *s, struct source *source, struct recorder *recorder,
                       uint64_t seed, uint32_t replication)
{
    (void)source;
    struct net *net = xcalloc(1, sizeof *net);
    net->scenario = xmalloc(sizeof *net->scenario);
    *net->scenario = *s;
    net->network = network_of(net->scenario);
    assert(net->network);
    net->stages = net->network->stages;
    net->recorder = recorder;
    net->seed = seed;
    net->replication = replication;
    net->max_backlog = (uint64_t)s->run.max_backlog;
    net->free_visit = net->free_request = net->free_group = net->soonest = net->holder = NOBODY;
    net->at_once = NOBODY;
    net->all = net->network->n_stages;
    net->client = net->network->replies ? net->all + 1 : NOBODY;
    tokens_begin(net);
    net->trace = networks_trace;
    agenda_init(&net->agenda);
    net->state = xcalloc(net->network->n_stages, sizeof *net->state);
    find_repeats(net);
    net_open_memory(net);
    net_open_keys(net);
    asking_open(net);
    new_stations(net);
    net->draws = draws_new(net->network, seed, replication);
    doors_begin(net);
    agains_begin(net);
    marks_begin(net);
    open_inlets(net);
    if (!network_gives_up(net->network)) /* who gives up, or is taken out, sets others free */
        net->watched = watched_new(net->network);
    fate_begin(net);
    net_prepare(net);
    for (uint32_t i = 0; i < net->network->n_stations; i++)
        if (net->station[i] && net->station[i]->hands) /* what is to come of its consumers */
            net_touched(net, i, net->stage_of[i]);
    return net;
}

static enum engine_stop net_advance(void *state, const struct engine_limits *limits)
{
    struct net *net = state;
    if (net->arrived >= limits->until_tasks)
        return STOP_TASKS;
    if (limits->until_drained && recorder_drained(net->recorder))
        return STOP_DRAINED;
    enum engine_stop stop = net_run(net, limits);
    if (stop == STOP_TIME)
        net->now = fmax(net->now, limits->until_time);
    return stop;
}

static void adopt_inlets(struct net *net)
{
    inlets_adopt(net->sources, net->network, net->now);
    look_ahead(net);
    net->soonest = NOBODY;
}

static void net_adopt(void *state, const struct scenario *s)
{
    struct net *net = state;
    struct scenario *old = net->scenario;
    struct network *before = net->network;
    net->scenario = xmalloc(sizeof *net->scenario);
    *net->scenario = *s;
    net->network = network_of(net->scenario);
    net->stages = net->network->stages;
    for (uint32_t i = 0; i < net->network->n_stages; i++)
        for (uint32_t r = 0; r < net->stages[i].replicas; r++) {
            uint32_t station = net->stages[i].first_station + r;
            struct station_kind kind = network_station(net->network, net->stages[i].pool, r);
            if (net->state[i].posts) {
                net->post[station].speed = kind.speed;
                continue;
            }
            if (!net->station[station]) {
                net->crowd[station].speed = kind.speed;
                continue;
            }
            station_adopt(net->station[station], net->now, kind.speed,
                          net->stages[i].stage->resume_delay);
            net_touched(net, station, i);
        }
    draws_adopt(net->draws, net->network);
    net_prepare(net);
    net_adopt_memory(net);
    asking_adopt(net);
    doors_adopt(net);
    agains_adopt(net);
    adopt_inlets(net);
    network_free(before);
    free(old);
}

static uint64_t net_arrived(const void *state)
{
    const struct net *net = state;
    return net->arrived;
}

static void net_deadlock(const void *state, struct deadlock *out)
{
    const struct net *net = state;
    *out = net->deadlock;
}

static void net_flow(const void *state, struct flow *out)
{
    net_flow_of(state, ((const struct net *)state)->all, out);
}

static void net_end_all(void *state)
{
    struct net *net = state;
    for (uint32_t i = 0; i < net->network->n_stations; i++)
        if (net->station[i])
            station_free(net->station[i]);
    for (uint32_t i = 0; i < net->network->n_stages; i++)
        balance_free(&net->balance[i]);
    fate_end(net);
    inlets_close(net->sources, net->network);
    draws_free(net->draws);
    diary_free(&net->diary);
    for (int clock = 0; clock < CLOCKS; clock++)
        timers_free(&net->clock_of[clock]);
    net_free_memory(net);
    net_free_keys(net);
    doors_end(net);
    agains_end(net);
    marks_end(net);
    pools_free(net); /* what the agenda points to, too */
    agenda_free(&net->agenda);
    watched_free(net->watched);
    asking_free(net->asking);
    free(net->station);
    free(net->crowd);
    free(net->stage_of);
    free(net->balance);
    free(net->next_arrival);
    free(net->taken);
    free(net->batch);
    free(net->post);
    free(net->server);
    free(net->leaf);
    free(net->state);
    free(net->copies);
    network_free(net->network);
    free(net->scenario);
    free(net);
}

const struct engine networks_engine = {
    .model = {.name = "events", .help = "a calendar of events, for networks: runs any of them"},
    .refuses = net_refuses,
    .group = 1,
    .begin = net_begin,
    .advance = net_advance,
    .adopt = net_adopt,
    .flow = net_flow,
    .end = net_end_all,
    .flow_of = net_flow_of,
    .opens = net_opens,
    .cuts = net_cuts,
    .arrived = net_arrived,
    .deadlock = net_deadlock,
};
