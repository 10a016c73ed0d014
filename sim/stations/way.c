/* Offers, and what follows when a visit has been served. */
#include <assert.h>
#include <math.h>

#include "../events/events.h"
#include "asks.h"
#include "fast.h"

uint32_t net_requests(const struct net *net, uint32_t station)
{
    const struct events *e = net->station[station];
    const struct post *p = &net->post[station];
    return e                                          ? (uint32_t)station_requests(e)
           : net->state[net->stage_of[station]].posts ? p->waiting + p->serving
                                                      : (uint32_t)net->crowd[station].inside;
}

void net_touched(struct net *net, uint32_t station, uint32_t stage)
{
    struct events *e = net->station[station];
    if (e)
        net_put(net, station, station_next(e));
    if (e && e->staff != e)
        net_put(net, e->staff->number, station_next(e->staff));
    struct balance *b = &net->balance[stage];
    if (b->model)
        balance_set(b, station - net->stages[stage].first_station, net_requests(net, station));
    if (net->fate)
        fate_touched(net, station);
}

/* A visit has come to its stage, if it has not been counted there before. */
void net_counts_here(struct net *net, uint32_t visit, uint32_t stage)
{
    const struct network_stage *s = &net->stages[stage];
    if ((!s->delay || s->copies) && !door_counted(net, visit, stage) &&
        !again_tries(net, visit, stage))
        net_counts(net, visit);
}

/* A visit comes to a station: from another that holds it until then (`handed`), or from elsewhere.
 * Blocked, it keeps what it is where it is. */
enum offered net_come(struct net *net, uint32_t visit, uint32_t stage, uint32_t station,
                      uint32_t turn, double size, bool handed)
{
    struct events *e = net->station[station];
    enum offered offered = OFFER_INSIDE;
    if (net->fate && fate_refuses(net, visit, stage, station, turn, size))
        return OFFER_LOST;
    if (net->trace)
        net->agenda.admitted[visit] = net->now;
    if (e) {
        const struct request *r = &net->request[net->visit[visit].request];
        double patience = net_patience(net, r, stage, turn);
        if (net->network->prefill && net->tokens.place[stage] != NOBODY)
            net->tokens.prefill[visit] = net_draw(net, DRAW_PREFILL, r, stage, turn);
        if (net->doors && net->doors->passing == visit)
            patience -= net->doors->ticket[visit].held;
        offered = station_offer(e, net->now, visit, r->class, size, patience, handed);
    }
    if (offered == OFFER_OUTSIDE) {
        struct visit *v = &net->visit[visit]; /* its size is that of where it is */
        v->turn = turn;
        v->state = VISIT_BLOCKED;
        v->caller_key = station;
    } else {
        door_passed(net, visit, stage);
        net_stays(net, visit, &net->visit[visit], stage, station, turn, size, net->now);
        net_counts_here(net, visit, stage);
    }
    if (net->state[stage].posts)
        post_come(net, visit, stage, station);
    else if (!e) {
        if (net->holding)
            holding_add(&net->holding[station], net->bytes[visit]);
        fast_enter(net, visit, station, size, false);
    }
    net_touched(net, station, stage);
    return offered;
}

void net_begin_at(struct net *net, uint32_t visit)
{
    struct visit *v = &net->visit[visit];
    uint32_t stage = v->stage, turn = v->turn;
    const struct network_stage *s = &net->stages[stage];
    if (s->copies) {
        net_broadcast(net, visit, stage, false);
        return;
    }
    struct tally *t = &net->state[stage].tally;
    net_pass_delays(t, net->now);
    t->delayed--;
    t->delay_offers -= net->offered[visit];
    t->delay_sum += net->now - net->offered[visit];
    t->again += again_tries(net, visit, stage);
    uint32_t replica = v->due ? v->station - s->first_station : NOBODY;
    v->due = 0;
    if (s->guard) {
        net_enter(net, visit, stage, NETWORK_EXIT, replica, turn, v->size, false);
    } else {
        if (replica == NOBODY)
            replica = net_replica(net, v, stage, NETWORK_EXIT, turn);
        net_come(net, visit, stage, s->first_station + replica, turn, v->size, false);
    }
    net_suspect(net, visit); /* who has called it, if anybody */
}

/* A stage takes a visit, and keeps it from its buffer for a time. */
static void delay(struct net *net, uint32_t visit, uint32_t stage, uint32_t from, uint32_t turn,
                  double size)
{
    struct visit *v = &net->visit[visit];
    struct tally *t = &net->state[stage].tally;
    const struct network_stage *s = &net->stages[stage];
    v->due = from != NETWORK_EXIT && net->stages[from].machines == s->machines;
    v->station = s->first_station + (v->due ? v->station - net->stages[from].first_station : 0);
    double end = net->now + net_draw(net, DRAW_DELAY, &net->request[v->request], stage, turn);
    v->stage = (uint16_t)stage;
    v->turn = turn;
    v->size = size;
    v->state = VISIT_DELAYED;
    v->consumer = NO_CONSUMER;
    net->offered[visit] = net->now;
    if (!s->copies) { /* those arrive one by one */
        net_pass_delays(t, net->now);
        t->delayed++;
        t->delay_offers += net->now;
        net_counts(net, visit);
    }
    if (net->trace)
        net->traced[visit] = (struct traced){NAN, NAN, turn, size, NAN};
    net_set(net, CLOCK_DELAYS, end, EVENT_BACK, visit, 0);
}

/* An offer to a stage that is no join of the visit's. */
static enum offered offer(struct net *net, uint32_t visit, uint32_t stage, uint32_t from,
                          bool handed)
{
    struct visit *v = &net->visit[visit];
    const struct network_stage *s = &net->stages[stage];
    if (s->copies && s->delay) {
        delay(net, visit, stage, from, net_turn(net, v->request, stage), v->size);
        return OFFER_INSIDE;
    }
    if (s->copies)
        return net_broadcast(net, visit, stage, handed);
    if (s->retry)
        again_comes(net, stage);
    uint32_t turn = net_next_turn(net, v->request, stage);
    double size = net_size(net, v, stage, turn);
    if (s->delay) {
        delay(net, visit, stage, from, turn, size);
        return OFFER_INSIDE;
    }
    if (s->guard)
        return net_enter(net, visit, stage, from, NOBODY, turn, size, handed);
    uint32_t replica = net_replica(net, v, stage, from, turn);
    return net_come(net, visit, stage, s->first_station + replica, turn, size, handed);
}

enum offered net_offer(struct net *net, uint32_t visit, uint32_t stage, uint32_t from, bool handed)
{
    if (net->state[stage].join && net_joins(net, visit, stage))
        return OFFER_INSIDE;
    if (net->state[stage].takes) {
        struct visit *v = &net->visit[visit];
        fast_come_in(net, visit, v, &net->request[v->request], stage, from);
        return OFFER_INSIDE;
    }
    if (net->reservation && net->reservation[visit].station != NOBODY) {
        net_take_place(net, visit, stage);
        return OFFER_INSIDE;
    }
    return offer(net, visit, stage, from, handed);
}

void net_offer_joined(struct net *net, uint32_t visit, uint32_t stage)
{
    struct visit *v = &net->visit[visit];
    if (net->state[stage].takes)
        fast_come_in(net, visit, v, &net->request[v->request], stage, NETWORK_EXIT);
    else
        offer(net, visit, stage, NETWORK_EXIT, false);
}

bool net_offer_copy(struct net *net, uint32_t visit, uint32_t stage, uint32_t replica, bool handed)
{
    struct visit *v = &net->visit[visit];
    uint32_t turn = net_next_turn(net, v->request, stage);
    double size = net_size(net, v, stage, turn);
    return net_enter(net, visit, stage, NETWORK_EXIT, replica, turn, size, handed) == OFFER_OUTSIDE;
}

void net_reply(struct net *net, uint32_t visit)
{
    const struct visit *v = &net->visit[visit];
    if (net->asking && attempt_replies(net, v->request, v->way))
        return;
    struct request *r = &net->request[net_whole(net, v->request)];
    if (r->answered)
        return;
    r->answered = true;
    r->reply = net->now;
    request_answer(net, r, v->way, false, 0);
}

/* The consumer waits with its task. */
static void keep(struct net *net, const struct stay *stay)
{
    struct events *e = net->station[stay->station];
    if (net->state[stay->stage].posts) {
        post_keep(net, stay->stage, stay->consumer);
        return;
    }
    if (e) {
        station_hold(e, net->now, stay->consumer);
        net_touched(net, stay->station, stay->stage);
        return;
    }
    crowd_keep(&net->crowd[stay->station], net->now);
}

/* Copies of a visit go on; the consumer is kept until all of them have been taken. */
static void hand_on_copies(struct net *net, uint32_t visit, const struct stay *stay)
{
    const struct network_stage *s = &net->stages[stay->stage];
    uint32_t blocked =
        net_copies(net, visit, &s->to, net->network->join_of[stay->stage], stay->stage);
    if (blocked == 0) {
        net_leave(net, stay, false, 0);
        net_replaced(net, visit);
        return;
    }
    net_block(net, visit, blocked);
    if (!stay->kept)
        keep(net, stay);
    net_suspect(net, visit);
}

void net_done(struct net *net, uint32_t visit, double wait)
{
    struct visit *v = &net->visit[visit];
    const struct network_stage *s = &net->stages[v->stage];
    if (net->trace)
        net->traced[visit].done = net->now;
    if (s->replies)
        net_reply(net, visit);
    bool called = v->caller != NOBODY || v->call == COPY;
    if (called) {
        net_put_answer(net, visit, false);
        v->call = ASIDE;
    }
    struct stay stay = net_stay(net, visit, wait);
    const bool further = !net_is_cancelled(net, v->request);
    if (!further)
        net_give_up_place(net, visit);
    if (s->to.way == WAY_COPIES && further) {
        hand_on_copies(net, visit, &stay);
        return;
    }
    const struct request *r = &net->request[v->request];
    uint32_t next = further ? net_next_stage(net, &s->to, r, v->stage, v->turn) : NETWORK_EXIT;
    bool shared = net->station[stay.station] && stay.consumer == NO_CONSUMER;
    if (next == NETWORK_EXIT) {
        net_leave(net, &stay, false, 0);
        net_end(net, visit, !called && further);
        return;
    }
    struct request *alive = &net->request[stay.request];
    alive->alive++; /* it may end there, at a join; not before it has left here */
    const uint32_t tries = again_forget(net, visit); /* at the next it is at its first */
    if (net_offer(net, visit, next, stay.stage, !shared) == OFFER_OUTSIDE) {
        again_recall(net, visit, tries);
        if (!stay.kept)
            keep(net, &stay);
        net_suspect(net, visit);
    } else {
        net_leave(net, &stay, false, 0);
    }
    request_left(net, stay.request);
}

double net_wait(const struct net *net, uint32_t visit)
{
    const struct visit *v = &net->visit[visit];
    const struct events *e = net->station[v->station];
    if (net->state[v->stage].posts && v->consumer != NO_CONSUMER)
        return net->server[v->consumer].start - v->arrival;
    return e && v->consumer != NO_CONSUMER ? station_wait(e, v->consumer) : 0;
}

/* Whether its service ends in an error (consumers.error_rate). */
static bool fails(struct net *net, const struct visit *v)
{
    const struct staff_spec *staff = net->stages[v->stage].staff;
    const struct request *r = &net->request[v->request];
    return staff->error_rate > 0 &&
           net_draw(net, DRAW_ERROR, r, v->stage, v->turn) < staff->error_rate;
}

void net_went_through(struct net *net, const struct agenda_item *item)
{
    struct visit *v = &net->visit[item->visit];
    v->consumer = item->consumer;
    v->way += item->wait;
    if (net->trace) {
        struct traced *t = &net->traced[item->visit];
        t->start = v->arrival + item->wait;
        t->admitted = net->station[v->station] ? net->agenda.admitted[item->visit] : v->arrival;
    }
    if (net->asking)
        ledger_served(net, item->visit, 0);
    if (net->stages[v->stage].staff && fails(net, v)) {
        if (net->station[v->station] && v->consumer == NO_CONSUMER)
            station_failed(net->station[v->station]);
        net_lose(net, item->visit, LOSS_ERROR, item->wait);
        return;
    }
    if (net->stages[v->stage].steps == 0) {
        net_done(net, item->visit, item->wait);
        return;
    }
    const struct stay stay = net_stay(net, item->visit, item->wait);
    if (net_is_cancelled(net, v->request))
        net_lose(net, item->visit, LOSS_CANCELLED, item->wait);
    else if (net_call(net, item->visit)) {
        keep(net, &stay);
        net_suspect(net, item->visit);
    } else {
        net_done(net, item->visit, item->wait);
    }
}

/* A copy has come in: what it is a copy of leaves when all have. */
void net_copy_came_in(struct net *net, uint32_t original)
{
    struct visit *v = &net->visit[original];
    if (--v->caller > 0)
        return;
    v->caller = NOBODY;
    struct stay stay = net_stay(net, original, net_wait(net, original));
    net_leave(net, &stay, false, 0);
    net_replaced(net, original);
}

/* A visit that was blocked has come in: it leaves where it was. */
static void came_in(struct net *net, const struct agenda_item *item)
{
    struct visit *v = &net->visit[item->visit];
    bool copy = v->state == VISIT_COPY_BLOCKED;
    uint32_t original = v->caller;
    struct stay stay = {0};
    if (copy)
        v->caller = NOBODY;
    else
        stay = net_stay(net, item->visit, net_wait(net, item->visit));
    again_forget(net, item->visit);
    uint32_t stage = net->stage_of[item->station];
    door_passed(net, item->visit, stage);
    const double size = net_size(net, v, stage, v->turn);
    net_stays(net, item->visit, v, stage, item->station, v->turn, size, net->now);
    net_counts(net, item->visit);
    net_touched(net, item->station, stage);
    net_suspect_at(net, item->station); /* others may be outside yet */
    if (copy)
        net_copy_came_in(net, original);
    else
        net_leave(net, &stay, false, 0);
}

static void lost(struct net *net, const struct agenda_item *item)
{
    struct visit *v = &net->visit[item->visit];
    double wait = net->now - v->arrival;
    net_touched(net, v->station, v->stage);
    net_suspect_at(net, v->station);
    v->way += wait;
    if (net->asking && item->wait < v->size)
        ledger_served(net, item->visit, item->wait);
    net_lose(net, item->visit, (enum loss)item->consumer, wait);
}

void net_follow(struct net *net, const struct agenda_item *item)
{
    switch (item->kind) {
    case AGENDA_SERVED:
        net_went_through(net, item);
        break;
    case AGENDA_CAME_IN:
        came_in(net, item);
        break;
    case AGENDA_LOST:
        lost(net, item);
        break;
    case AGENDA_BEGUN:
        net_begun(net, item);
        break;
    case AGENDA_RESERVED:
        net_reserved(net, item);
        break;
    case AGENDA_FIRST_TOKEN:
    case AGENDA_TOKEN:
        net_token(net, item);
        break;
    case AGENDA_NOTHING:
        break;
    case AGENDA_MOVED:
        net_touched(net, item->station, net->stage_of[item->station]);
        break;
    case AGENDA_JOIN:
        net_start_group(net, item->visit);
        break;
    case AGENDA_SEND:
        ask_may_send(net, item->visit, item->consumer);
        break;
    case AGENDA_CANCEL:
        attempt_cancel(net, item->visit, item->consumer);
        break;
    default:
        net_answer(net, item);
        break;
    }
}

void fast_tell(struct net *net, uint32_t visit)
{
    const struct visit *v = &net->visit[visit];
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

void net_settle(struct net *net)
{
    struct agenda *a = &net->agenda;
    do {
        while (a->head < a->tail) {
            const struct agenda_item item = a->items[a->head++ & a->mask];
            net_follow(net, &item);
        }
    } while (net->fate && fate_look(net));
}
