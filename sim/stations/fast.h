/*
 * The common case, in one piece: visits of stages that only serve.
 *
 * A stage takes what comes at once if its stations are posts (post.h) or delay stations (crowd.h),
 * and nothing else happens to what comes: no delay, no copies. (Of a join: what is no member of a
 * group, and what the join starts.) It is plain if its stations are of these kinds, and what is
 * done there makes no call, or one, always, of a stage that takes it at once; and goes on, or
 * copies of it do, to such stages. What would follow by way of the agenda (way.c, calls.c, ends.c)
 * then follows at once, in the same order and with the same numbers: the agenda is empty when an
 * event comes, and an answer is the last that follows from one, but for what follows from that.
 */
#ifndef FAST_H
#define FAST_H

#include "../events/events.h"
#include "step.h"

#define FAST static inline __attribute__((always_inline))

/* A server begins a visit. */
FAST void fast_begin(struct net *net, struct posted *all, struct server *s, uint32_t server,
                     uint32_t visit, double size, double speed)
{
    const double now = net->now;
    const double service = speed == 1 ? size : size / speed;
    s->start = now;
    s->service = service;
    s->visit = visit;
    all->begun += now;
    diary_put(&net->diary, &s->leaf,
              event_make(now + service, EVENT_COMPLETION, net->agenda.sequence++, server));
}

/* A post takes a visit whose fields are those of its stay there. */
FAST void fast_take(struct net *net, uint32_t visit, struct visit *v, struct posted *all,
                    uint32_t station)
{
    struct post *p = &net->post[station];
    posted_pass(all, net->now);
    all->seen += all->waiting + all->serving;
    all->arrived++;
    if (p->idle != NO_SERVER) {
        const uint32_t server = p->idle;
        struct server *s = &net->server[server];
        p->idle = s->visit;
        p->serving++;
        all->serving++;
        all->arrivals_begun += v->arrival;
        fast_begin(net, all, s, server, visit, v->size, p->speed);
        return;
    }
    if (p->waiting++ == 0)
        p->head = visit;
    else
        net->visit[p->tail].consumer = visit;
    p->tail = visit;
    all->waiting++;
    all->arrivals += v->arrival;
}

/* A server whose visit has gone takes the next; `all` is as of now. */
FAST void fast_let_go(struct net *net, struct posted *all, uint32_t server, double arrival,
                      bool lost)
{
    struct server *s = &net->server[server];
    struct post *p = &net->post[s->post];
    all->completed += !lost;
    all->lost += lost;
    all->sojourn_sum += net->now - arrival;
    all->service_sum += s->service;
    all->begun -= s->start;
    all->arrivals_begun -= arrival;
    if (p->waiting == 0) {
        s->visit = p->idle;
        p->idle = server;
        p->serving--;
        all->serving--;
        if (s->leaf != NO_LEAF)
            diary_clear(&net->diary, &s->leaf);
        return;
    }
    const uint32_t next = p->head;
    const struct visit *v = &net->visit[next];
    p->head = v->consumer;
    p->waiting--;
    all->waiting--;
    all->arrivals -= v->arrival;
    all->arrivals_begun += v->arrival;
    fast_begin(net, all, s, server, next, v->size, p->speed);
}

/* The same of a server that has kept it, if it has. */
FAST void fast_release(struct net *net, struct posted *all, uint32_t server, double arrival,
                       bool kept, bool lost)
{
    posted_pass(all, net->now);
    if (kept) {
        const struct server *s = &net->server[server];
        all->kept--;
        all->work_kept -= s->service;
        all->kept_begun -= s->start;
    }
    fast_let_go(net, all, server, arrival, lost);
}

FAST void fast_keep(struct net *net, struct posted *all, uint32_t server)
{
    struct server *s = &net->server[server];
    posted_pass(all, net->now);
    all->kept++;
    all->work_kept += s->service;
    all->kept_begun += s->start;
    diary_clear(&net->diary, &s->leaf);
}

/* A delay station takes a visit. */
FAST void fast_enter(struct net *net, uint32_t visit, uint32_t station, double size)
{
    struct crowd *c = &net->crowd[station];
    crowd_enter(c, net->now);
    double work = c->speed == 1 ? size : size / c->speed;
    if (__builtin_expect(c->pace != 1, 0)) {
        fate_enter_crowd(net, visit, station, work);
        return;
    }
    net_set(net, CLOCK_CROWDS, net->now + work, EVENT_COMPLETION, visit, 0);
}

FAST void fast_balance(struct net *net, const struct stage_state *at, uint32_t stage,
                       uint32_t station)
{
    if (__builtin_expect(!at->balanced, 1))
        return;
    const struct post *p = &net->post[station];
    balance_set(&net->balance[stage], station - at->first_station,
                at->posts ? p->waiting + p->serving : (uint32_t)net->crowd[station].inside);
}

/* A visit comes to a stage that takes it. */
FAST void fast_come(struct net *net, uint32_t visit, struct visit *v, const struct request *r,
                    uint32_t stage, uint32_t from)
{
    struct stage_state *at = &net->state[stage];
    const uint32_t turn = net_next_turn(net, v->request, stage);
    uint32_t station = at->first_station;
    if (at->replicas > 1)
        station += net_replica(net, v, stage, from, turn);
    const double size = at->carried ? v->size : net_draw(net, DRAW_SIZE, r, stage, turn);
    net_stays(net, visit, stage, station, turn, size);
    gaps_add(&at->tally.arrivals, net->now);
    recorder_visit(net->recorder, label_at(net->recorder, r->label, stage), size);
    if (at->posts)
        fast_take(net, visit, v, &at->posted, station);
    else
        fast_enter(net, visit, station, size);
    fast_balance(net, at, stage, station);
}

/* A further visit of a request, to a stage that takes it; `station`: where it comes from. */
FAST uint32_t fast_visit(struct net *net, uint32_t request, struct request *r)
{
    const uint32_t i = visit_number(net);
    struct visit *v = &net->visit[i];
    v->request = request;
    v->group = v->caller = NOBODY;
    v->call = 0;
    r->alive++;
    return i;
}

/* A visit is over. */
FAST void fast_over(struct net *net, uint32_t visit, struct visit *v, struct request *r)
{
    const uint32_t request = v->request, group = v->group;
    const double way = v->way, size = v->size;
    r->way = way;
    visit_free(net, visit);
    if (group != NOBODY) {
        struct group *g = &net->group[group];
        if (g->state == GROUP_OPEN && g->members > 1 &&
            (g->stage == NETWORK_EXIT || net->state[g->stage].join == JOIN_ALL)) {
            g->way = way;
            g->size = size;
            g->members--;
            g->come++;
        } else {
            net_member_ended(net, group, way, size);
        }
    }
    if (--r->alive == 0)
        request_over(net, request);
}

/* Copies of a visit that is done go on, to stages that take them. */
static inline void fast_copies(struct net *net, uint32_t visit, struct request *r, uint32_t stage)
{
    const struct route *to = &net->stages[stage].to;
    const struct leg *legs = net->network->legs + to->first;
    const struct visit v = net->visit[visit];
    const uint32_t group = group_new(net, v.group, v.request);
    net->group[group].members = to->n;
    net->group[group].stage = net->network->join_of[stage];
    for (uint32_t i = 0; i < to->n; i++) {
        const uint32_t copied = fast_visit(net, v.request, r);
        struct visit *c = &net->visit[copied];
        c->group = group;
        c->way = v.way;
        c->size = v.size;
        c->station = v.station;
        fast_come(net, copied, c, r, legs[i].stage, stage);
    }
}

/* Where a visit that is done at a plain stage goes (copies: BY_ROUTE), and whether it ends there as
 * the member of a group. False: to a stage with rules of its own. */
FAST bool fast_next(struct net *net, const struct visit *v, const struct request *r, uint32_t *next,
                    bool *joins)
{
    const struct stage_state *at = &net->state[v->stage];
    *next = at->next;
    *joins = false;
    if (at->next == BY_ROUTE) {
        if (at->copies)
            return true;
        *next = net_next_stage(net, &net->stages[v->stage].to, r, v->stage, v->turn);
    }
    if (*next == NETWORK_EXIT)
        return true;
    const struct stage_state *to = &net->state[*next];
    *joins = to->join != 0 && v->group != NOBODY;
    return to->takes || *joins;
}

FAST void fast_tell(struct net *net, const struct visit *v, uint32_t visit)
{
    net->traced[visit].done = net->now;
    const struct stay stay = {
        .request = v->request,
        .stage = v->stage,
        .station = v->station,
        .arrival = v->arrival,
        .way = v->way,
        .traced = net->traced[visit],
    };
    net_tell(net, &stay, TRACE_COMPLETED);
}

/* A visit is done at a plain stage and goes on (fast_next). What its caller is told. */
FAST struct agenda_item fast_done(struct net *net, uint32_t visit, struct request *r, uint32_t next,
                                  bool joins, double wait, bool kept)
{
    struct visit *v = &net->visit[visit];
    const uint32_t stage = v->stage, station = v->station, consumer = v->consumer;
    struct stage_state *at = &net->state[stage];
    struct recorder *recorder = net->recorder;
    const double now = net->now, arrival = v->arrival;
    const uint32_t label = label_at(recorder, r->label, stage);
    if (__builtin_expect(at->replies, 0))
        net_reply(net, visit);
    struct agenda_item answer = {.kind = AGENDA_NOTHING};
    const bool called = v->caller != NOBODY;
    if (called) {
        answer = (struct agenda_item){AGENDA_ANSWER, v->call, v->caller, v->caller_key, v->way};
        v->caller = NOBODY;
    }
    gaps_add(&at->tally.departures, now);
    recorder_visit_complete(recorder, label, wait, now - arrival);
    recorder_settle(recorder, label, stage, now - arrival);
    if (__builtin_expect(net->trace != NULL, 0))
        fast_tell(net, v, visit);
    if (next == BY_ROUTE) {
        fast_copies(net, visit, r, stage);
        v = &net->visit[visit];
    } else if (next != NETWORK_EXIT && !joins) {
        fast_come(net, visit, v, r, next, stage);
    }
    if (at->posts)
        fast_release(net, &at->posted, consumer, arrival, kept, false);
    else
        crowd_leave(&net->crowd[station], arrival, now, kept, false);
    fast_balance(net, at, stage, station);
    if (next == BY_ROUTE) {
        visit_free(net, visit);
        r->alive--; /* its copies are */
    } else if (joins) {
        struct group *g = &net->group[v->group];
        if (g->state == GROUP_OPEN)
            g->stage = next;
        fast_over(net, visit, v, r);
    } else if (next == NETWORK_EXIT) {
        r->exited |= !called;
        fast_over(net, visit, v, r);
    }
    return answer;
}

/* A visit makes the only call of its stage; its consumer waits for the answer. */
FAST void fast_call(struct net *net, uint32_t visit, struct request *r)
{
    struct visit *v = &net->visit[visit];
    const uint32_t stage = v->stage;
    struct stage_state *at = &net->state[stage];
    v->state = VISIT_CALLING;
    v->step = v->open = v->due = 1;
    const uint32_t called = fast_visit(net, v->request, r);
    struct visit *c = &net->visit[called];
    v = &net->visit[visit];
    c->caller = visit;
    c->caller_key = visit_key(v);
    c->call = at->call;
    c->way = v->way;
    c->size = v->size;
    c->station = v->station;
    const uint32_t consumer = v->consumer, station = v->station;
    fast_come(net, called, c, r, at->only_call, stage);
    if (at->posts)
        fast_keep(net, &at->posted, consumer);
    else
        crowd_keep(&net->crowd[station], net->now);
}

/* A caller has its answer and goes on, and so may the one that has called it. */
static inline void fast_answers(struct net *net, struct agenda_item answer)
{
    while (answer.kind == AGENDA_ANSWER) {
        const uint32_t visit = answer.visit;
        struct visit *v = &net->visit[visit];
        if (visit_key(v) != answer.consumer || v->state != VISIT_CALLING)
            return;
        struct request *r = &net->request[v->request];
        const struct stage_state *at = &net->state[v->stage];
        uint32_t next;
        bool joins;
        if (!at->plain || v->call == COPY || call_left(answer.station) > 0 ||
            !fast_next(net, v, r, &next, &joins)) {
            net_answer(net, &answer);
            return;
        }
        v->way = answer.wait;
        const double wait = at->posts ? net->server[v->consumer].start - v->arrival : 0;
        answer = fast_done(net, visit, r, next, joins, wait, true);
    }
}

/* A consumer has served a visit that waited so long; false, and nothing has happened: it is for the
 * agenda. */
FAST bool fast_served(struct net *net, uint32_t visit, uint32_t consumer, double wait)
{
    struct visit *v = &net->visit[visit];
    const struct stage_state *at = &net->state[v->stage];
    struct request *r = &net->request[v->request];
    uint32_t next = 0;
    bool joins = false, calls = at->only_call != NOBODY;
    if (!at->plain || v->call == COPY || (!calls && !fast_next(net, v, r, &next, &joins)))
        return false;
    v->consumer = consumer;
    v->way += wait;
    if (__builtin_expect(net->trace != NULL, 0))
        net->traced[visit].start = v->arrival + wait;
    if (calls) {
        fast_call(net, visit, r);
        return true;
    }
    const struct agenda_item answer = fast_done(net, visit, r, next, joins, wait, false);
    if (__builtin_expect(answer.kind == AGENDA_ANSWER, 0))
        fast_answers(net, answer);
    return true;
}

/* A server's completion. */
FAST bool fast_event(struct net *net, uint32_t server)
{
    const struct server *s = &net->server[server];
    return fast_served(net, s->visit, server, s->start - net->visit[s->visit].arrival);
}

#endif
