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

#define FAST              static inline __attribute__((always_inline))
#define RARELY(condition) __builtin_expect(!!(condition), 0)

/*
 * `quick`, a constant where these are called: of stages of one post whose visits are drawn their
 * sizes, come once (stage_state: quick_in), and go on when they are served (quick_out); there is
 * nothing else to ask for then.
 */

/* A server begins a visit. */
FAST void fast_begin(struct net *net, struct posted *all, struct server *s, uint32_t server,
                     uint32_t visit, double size, double speed, double now)
{
    const double service = speed == 1 ? size : size / speed;
    s->start = now;
    s->service = service;
    s->visit = visit;
    all->begun += now;
    diary_put(&net->diary, &s->leaf,
              event_make(now + service, EVENT_COMPLETION, net->agenda.sequence++, server));
}

/* A post takes a visit that has arrived there now. */
FAST void fast_take(struct net *net, uint32_t visit, double size, struct posted *all,
                    uint32_t station, double now)
{
    struct post *p = &net->post[station];
    posted_pass(all, now);
    all->seen += all->waiting + all->serving;
    all->arrived++;
    if (p->idle != NO_SERVER) {
        const uint32_t server = p->idle;
        struct server *s = &net->server[server];
        p->idle = s->visit;
        p->serving++;
        all->serving++;
        all->arrivals_begun += now;
        fast_begin(net, all, s, server, visit, size, p->speed, now);
        return;
    }
    if (p->waiting++ == 0)
        p->head = visit;
    else
        net->visit[p->tail].consumer = visit;
    p->tail = visit;
    all->waiting++;
    all->arrivals += now;
}

/* A server whose visit has gone takes the next; `all` is as of now. */
FAST void fast_let_go(struct net *net, struct posted *all, uint32_t server, double arrival,
                      double now)
{
    struct server *s = &net->server[server];
    struct post *p = &net->post[s->post];
    all->sojourn_sum += now - arrival;
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
    fast_begin(net, all, s, server, next, v->size, p->speed, now);
}

/* The same of a server that has kept it, if it has. */
FAST void fast_release(struct net *net, struct posted *all, uint32_t server, double arrival,
                       bool kept, double now)
{
    posted_pass(all, now);
    if (kept) {
        const struct server *s = &net->server[server];
        all->kept--;
        all->work_kept -= s->service;
        all->kept_begun -= s->start;
    }
    fast_let_go(net, all, server, arrival, now);
}

FAST void fast_keep(struct net *net, struct posted *all, uint32_t server)
{
    struct server *s = &net->server[server];
    posted_pass(all, net->now);
    all->kept++;
    all->work_kept += s->service;
    all->kept_begun += s->start;
    if (s->leaf != NO_LEAF)
        diary_clear(&net->diary, &s->leaf);
}

/* A delay station takes a visit. Nothing to do at a plain stage, which is to be done before
 * everything else, does not ask for a timer. */
FAST void fast_enter(struct net *net, uint32_t visit, uint32_t station, double size, bool plain)
{
    struct crowd *c = &net->crowd[station];
    crowd_enter(c, net->now);
    double work = c->speed == 1 ? size : size / c->speed;
    if (RARELY(c->pace != 1)) {
        fate_enter_crowd(net, visit, station, work);
        return;
    }
    if (work == 0 && plain && net->at_once == NOBODY) {
        const event e = event_make(net->now, EVENT_COMPLETION, net->agenda.sequence, 0);
        if (e < diary_top(&net->diary)) { /* it is the next */
            net->agenda.sequence++;
            net->at_once = visit;
            return;
        }
    }
    net_set(net, CLOCK_CROWDS, net->now + work, EVENT_COMPLETION, visit, 0);
}

FAST void fast_balance(struct net *net, const struct stage_state *at, uint32_t stage,
                       uint32_t station)
{
    if (!at->balanced)
        return;
    const struct post *p = &net->post[station];
    balance_set(&net->balance[stage], station - at->first_station,
                at->posts ? p->waiting + p->serving : (uint32_t)net->crowd[station].inside);
}

/* A visit comes to a stage that takes it. */
FAST void fast_come(struct net *net, uint32_t visit, struct visit *v, const struct request *r,
                    uint32_t stage, uint32_t from, bool quick)
{
    struct stage_state *at = &net->state[stage];
    const double now = net->now;
    const uint32_t turn = quick ? 0 : net_next_turn(net, v->request, stage);
    uint32_t station = at->first_station;
    if (!quick && at->replicas > 1)
        station += net_replica(net, v, stage, from, turn);
    const double size = !quick && at->carried
                            ? v->size
                            : draws_get(&at->drawn[r->sizes + DRAW_SIZE], r->number, turn);
    net_stays(net, visit, v, stage, station, turn, size, now);
    gaps_add(&at->tally.arrivals, now);
    recorder_visit(net->recorder, label_on(r->label, at->place), size);
    if (quick || at->posts)
        fast_take(net, visit, size, &at->posted, station, now);
    else
        fast_enter(net, visit, station, size, at->plain);
    if (!quick)
        fast_balance(net, at, stage, station);
}

FAST void fast_come_in(struct net *net, uint32_t visit, struct visit *v, const struct request *r,
                       uint32_t stage, uint32_t from)
{
    if (net->state[stage].quick_in)
        fast_come(net, visit, v, r, stage, from, true);
    else
        fast_come(net, visit, v, r, stage, from, false);
}

/* A further visit of a request, to a stage that takes it. */
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
            net_member_ended(net, group, request, way, size);
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
        fast_come_in(net, copied, c, r, legs[i].stage, stage);
    }
}

/* Where a visit that is done at a plain stage goes (copies: BY_ROUTE), and whether it ends there as
 * the member of a group. False: to a stage with rules of its own. */
FAST bool fast_next(struct net *net, const struct stage_state *at, const struct visit *v,
                    const struct request *r, uint32_t *next, bool *joins)
{
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

/* For a trace; not inline: tests ask for it. */
void fast_tell(struct net *net, uint32_t visit);

/* A visit is done at a plain stage and goes on (fast_next). Whether its caller is told (answer). */
FAST bool fast_done(struct net *net, uint32_t visit, struct visit *v, struct stage_state *at,
                    struct request *r, uint32_t next, bool joins, double wait, bool kept,
                    struct agenda_item *answer, bool quick)
{
    const uint32_t stage = v->stage, station = v->station, consumer = v->consumer;
    struct recorder *recorder = net->recorder;
    const double now = net->now, arrival = v->arrival;
    if (!quick && RARELY(at->replies))
        net_reply(net, visit);
    const bool called = v->caller != NOBODY;
    if (called) {
        *answer = (struct agenda_item){AGENDA_ANSWER, v->call, v->caller, v->caller_key, v->way};
        v->caller = NOBODY;
    }
    gaps_add(&at->tally.departures, now);
    const uint32_t label = label_on(r->label, at->place);
    recorder_visit_complete(recorder, label, wait, now - arrival);
    recorder_settle(recorder, label, stage, now - arrival);
    if (RARELY(net->trace != NULL))
        fast_tell(net, visit);
    if (!quick && next == BY_ROUTE) {
        fast_copies(net, visit, r, stage);
        v = &net->visit[visit];
    } else if (next != NETWORK_EXIT && !joins) {
        fast_come_in(net, visit, v, r, next, stage);
    }
    if (quick || at->posts) {
        at->posted.completed++;
        fast_release(net, &at->posted, consumer, arrival, kept, now);
    } else {
        crowd_leave(&net->crowd[station], arrival, now, kept, false);
    }
    if (!quick)
        fast_balance(net, at, stage, station);
    if (!quick && next == BY_ROUTE) {
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
    return called;
}

/* A visit makes the only call of its stage; its consumer waits for the answer. */
FAST void fast_call(struct net *net, uint32_t visit, struct visit *v, struct stage_state *at,
                    struct request *r)
{
    const uint32_t stage = v->stage, consumer = v->consumer, station = v->station;
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
    c->station = station;
    fast_come_in(net, called, c, r, at->only_call, stage);
    if (at->posts)
        fast_keep(net, &at->posted, consumer);
    else
        crowd_keep(&net->crowd[station], net->now);
}

/* A caller has its answer and goes on, and so may the one that has called it. */
static inline void fast_answers(struct net *net, struct agenda_item answer)
{
    bool called = true;
    while (called) {
        const uint32_t visit = answer.visit;
        struct visit *v = &net->visit[visit];
        if (visit_key(v) != answer.consumer || v->state != VISIT_CALLING)
            return;
        struct request *r = &net->request[v->request];
        struct stage_state *at = &net->state[v->stage];
        uint32_t next;
        bool joins;
        if (!at->plain || v->call == COPY || call_left(answer.station) > 0 ||
            !fast_next(net, at, v, r, &next, &joins)) {
            net_answer(net, &answer);
            return;
        }
        v->way = answer.wait;
        const double wait = at->posts ? net->server[v->consumer].start - v->arrival : 0;
        called = fast_done(net, visit, v, at, r, next, joins, wait, true, &answer, false);
    }
}

/* A consumer has served a visit that waited so long; false, and nothing has happened: it is for the
 * agenda. */
FAST bool fast_served(struct net *net, uint32_t visit, struct visit *v, struct stage_state *at,
                      uint32_t consumer, double wait, bool quick)
{
    struct request *r = &net->request[v->request];
    uint32_t next = 0;
    bool joins = false, calls = !quick && at->only_call != NOBODY;
    if (v->call == COPY || (!calls && !fast_next(net, at, v, r, &next, &joins)))
        return false;
    v->consumer = consumer;
    v->way += wait;
    if (RARELY(net->trace != NULL)) {
        net->traced[visit].start = v->arrival + wait;
        net->traced[visit].admitted = v->arrival;
    }
    if (calls) {
        fast_call(net, visit, v, at, r);
        return true;
    }
    struct agenda_item answer;
    if (fast_done(net, visit, v, at, r, next, joins, wait, false, &answer, quick))
        fast_answers(net, answer);
    return true;
}

/* A server's completion; false: it is for the agenda. */
FAST bool fast_event(struct net *net, uint32_t server)
{
    struct server *s = &net->server[server];
    const uint32_t visit = s->visit;
    struct visit *v = &net->visit[visit];
    struct stage_state *at = &net->state[s->stage];
    const double wait = s->start - v->arrival;
    diary_open(&net->diary, &s->leaf);
    const bool done = at->quick_out
                          ? fast_served(net, visit, v, at, server, wait, true)
                          : at->plain && fast_served(net, visit, v, at, server, wait, false);
    if (done)
        diary_close(&net->diary);
    else
        diary_unopen(&net->diary, &s->leaf);
    return done;
}

#endif
