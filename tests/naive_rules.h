/*
 * The naive simulator of networks: what its files do with the world (naive_world.h), file by file.
 */
#ifndef NAIVE_RULES_H
#define NAIVE_RULES_H

#include "naive_world.h"

/* naive_world.c */
enum draw {
    DRAW_SIZE,
    DRAW_TIMEOUT,
    DRAW_DELAY,
    DRAW_TO,
    DRAW_CALLS,
    DRAW_BALANCER,
    DRAW_ERROR,
    DRAW_DROP,
    DRAW_PREFILL,
    DRAWS
};
struct stream naive_stream(struct world *w, uint32_t stage, const struct request *request,
                           enum draw what, uint32_t turn);
double naive_law(struct world *w, const struct law *law, const struct visit *v, enum draw what);
double naive_brought(struct world *w, const struct request *request); /* tasks.size */
double naive_bytes(struct world *w, const struct request *request);   /* tasks.bytes */
uint32_t naive_key(struct world *w, uint32_t request);                /* tasks.key */
double naive_uniform(struct world *w, const struct visit *v, enum draw what, uint32_t sub);
uint32_t naive_request(struct world *w, struct request request);
uint32_t naive_visit(struct world *w, uint32_t request, uint32_t stage);
uint32_t naive_group(struct world *w, uint32_t request, uint32_t parent, uint32_t n);
void naive_push(struct world *w, struct item item);
void naive_record(struct world *w, const struct visit *v, uint32_t outcome);
void naive_record_request(struct world *w, const struct request *r, double wait);
void naive_list_add(struct list *list, uint32_t item);
void naive_list_add_first(struct list *list, uint32_t item);
uint32_t naive_list_take(struct list *list, size_t i);     /* the others keep their order */
uint32_t naive_list_take_gap(struct list *list, size_t i); /* the last fills the gap */
size_t naive_list_find(const struct list *list, uint32_t item);

static inline const struct network_stage *stage_of(const struct world *w, const struct visit *v)
{
    return &w->network->stages[v->stage];
}

static inline struct station *station_of(struct world *w, const struct visit *v)
{
    return &w->stations[v->station];
}

static inline struct station *owner_of(struct world *w, const struct station *x)
{
    return &w->stations[x->owner];
}

/* naive_order.c: whether a visit goes before another (both wait); or, both in service, is
 * interrupted after it. The item of who goes next of those that wait. */
bool naive_station_shares(const struct world *w, const struct station *x);
bool naive_interrupts(const struct world *w, const struct station *x);
bool naive_goes_first(const struct world *w, const struct station *owner, uint32_t i, uint32_t j,
                      bool served);
size_t naive_next_waiting(struct world *w, struct station *owner);
uint32_t naive_waiting_take(struct world *w, struct station *owner, size_t i); /* out of there */

/* naive_enter.c */
void naive_station_enter(struct world *w, uint32_t visit);

/* naive_station.c */
double naive_station_waiting(struct world *w, const struct station *x);
bool naive_station_has_room(struct world *w, struct station *x);
bool naive_station_fits(struct world *w, struct station *x, const struct visit *v, size_t called);
void naive_station_begin(struct world *w, uint32_t visit);
void naive_station_come_in(struct world *w, uint32_t visit);
void naive_station_wait_outside(struct world *w, uint32_t visit);
uint32_t naive_station_end_service(struct world *w, struct station *owner, size_t i);
void naive_station_release(struct world *w, uint32_t visit);
void naive_station_let_in(struct world *w, struct station *x);
void naive_station_resume(struct world *w, struct station *x, size_t call);
void naive_station_leave_line(struct world *w, uint32_t visit);
void naive_station_leave_buffer(struct world *w, uint32_t visit);
void naive_station_drop(struct world *w, struct station *owner, uint32_t visit); /* from service */
void naive_station_start(struct world *w, uint32_t visit);
double naive_station_left(struct world *w, const struct station *owner, const struct visit *v);
void naive_station_complete(struct world *w, uint32_t visit);
double naive_station_next_done(struct world *w, struct station *x, uint32_t *visit, uint64_t *mark);

/* Its consumers work at another pace from now on. */
void naive_station_pace(struct world *w, struct station *x, double pace);

/* naive_trouble.c: an outage begins, or is over; whether one has what comes refused. */
void naive_trouble_begin(struct world *w);
void naive_trouble_turn(struct world *w, size_t outage);
void naive_station_give(struct world *w, struct station *owner);
void naive_station_take_next(struct world *w, struct station *owner);

bool naive_trouble_refuses(const struct world *w, const struct station *x, enum loss *why);
double naive_trouble_pace(const struct world *w, const struct station *x);

/* naive_crash.c: machines fall over, and come back. */
enum { MACHINE_FALLS, MACHINE_RESTARTS, MACHINE_NOTICED, MACHINE_TURNS };
enum { MACHINE_FULL = MACHINE_TURNS };
double naive_crash_full(struct world *w, const struct machine *m); /* when it has been for long */
bool naive_crash_look(struct world *w); /* whether one falls over for what it holds */
bool naive_station_is_idle(struct world *w, const struct station *x);
void naive_crash_begin(struct world *w);
void naive_crash_turn(struct world *w, size_t machine, int what);
const struct machine *naive_crash_machine(const struct world *w, const struct station *x);
bool naive_goes_on(struct world *w);

double naive_work(struct world *w, const struct visit *v);
void naive_be_there(struct world *w, uint32_t visit);
double naive_waiting(struct world *w, const struct station *x); /* and outside, having come */

/* naive_door.c; of one stage: buckets, for all, for each source, class and key. */
size_t naive_buckets(const struct network *n);
void naive_door_enter(struct world *w, uint32_t visit, bool placed);
void naive_door_leave(struct world *w, uint32_t visit);
double naive_door_next(struct world *w, size_t *bucket, uint64_t *mark);
void naive_door_token(struct world *w, size_t bucket);
void naive_door_left(struct world *w, const struct visit *v, uint32_t outcome);
uint32_t naive_dequeue(struct world *w, struct station *x);
double naive_source_time(const struct world *w, uint32_t clock);
uint32_t naive_ignored(const struct world *w, uint32_t inlet); /* a stage's marks; NONE */
bool naive_goes_by(struct world *w, uint32_t clock, uint64_t number);
void naive_tell(struct world *w, uint32_t stage, bool stop);
void naive_look_at_marks(struct world *w);

/* naive_source.c, by a clock of a source (inlet, or n_inlets + inlet: of the tasks that ignore
 * marks): when the next comes, the first client has thought; who comes. Whether tasks can come to a
 * stage.
 */
void naive_source_open(struct world *w, uint32_t number);
double naive_source_next(struct world *w, uint32_t number);
double naive_source_thought(const struct world *w, uint32_t number, size_t *client);
void naive_source_arrive(struct world *w, uint32_t clock, uint32_t client);
bool naive_leads(const struct world *w, uint32_t inlet, uint32_t stage);

/* naive_balance.c: the station for a visit; and several, for a visit that goes to each. */
uint32_t naive_balance_pick(struct world *w, const struct visit *v);
uint32_t naive_balance_copies(struct world *w, const struct visit *v, uint32_t *stations);

/* naive_group.c: who is told that a visit is over. A member has come to `stage`, or has ended
 * otherwise (NETWORK_EXIT). The place that is reserved for what comes after a visit is free. */
void naive_tell_caller(struct world *w, uint32_t visit, bool good);
void naive_tell_group(struct world *w, uint32_t group, uint32_t request, uint32_t stage,
                      double carried, double way);
void naive_hold(struct world *w, uint32_t group, uint32_t request, double way);
void naive_unpromise(struct world *w, uint32_t visit);
bool naive_can_go(const struct visit *v, bool running); /* taken out where it is */
void naive_take_out(struct world *w, uint32_t visit, enum loss why);

/* Its task starts, and those that are not needed are withdrawn. */
void naive_join(struct world *w, uint32_t group);

/* naive_flow.c */
void naive_make_alive(struct world *w, uint32_t visit);
void naive_end(struct world *w, uint32_t visit);
void naive_left(struct world *w, uint32_t request, double way);
void naive_tell_request(struct world *w, uint32_t request, double way);
void naive_lost_later(struct world *w, uint32_t visit, enum loss loss);
void naive_offer_new(struct world *w, uint32_t visit);
void naive_leaves(struct world *w, uint32_t request, bool aside);
uint32_t naive_after(struct world *w, uint32_t visit, uint32_t stage);
uint32_t naive_chosen(struct world *w, uint32_t visit, const struct route *route);
void naive_taken(struct world *w, uint32_t visit);
void naive_lose(struct world *w, uint32_t visit, enum loss loss);
void naive_loses(struct world *w, const struct visit *v, enum loss loss);
void naive_served(struct world *w, uint32_t visit);
void naive_answer(struct world *w, const struct item *item);

/* naive_offer.c */
void naive_offer(struct world *w, uint32_t visit);
void naive_offer_on(struct world *w, uint32_t visit);
void naive_release(struct world *w, uint32_t visit);
bool naive_promise(struct world *w, uint32_t visit);

/* naive_arrive.c */
void naive_arrive(struct world *w, uint32_t request, uint32_t batch);
void naive_go_in(struct world *w, uint32_t request, uint32_t batch, double way);

/* naive_network.c: its client, if it has one, thinks again. naive_deadlock.c: the stages that wait
 * for each other for ever; NULL: none. */
void naive_over(struct world *w, uint32_t request);
void naive_think(struct world *w, uint32_t request);
double naive_next_other(struct world *w); /* when anything but an outage happens */
const char *naive_deadlock(struct world *w);

#endif
