/*
 * The staff of a station: consumers that come and go (scenario/staff.h has what a stage says of
 * them), for stations of SHAPE_STATION_STAFF. All others have as many as they have, and nothing of
 * this.
 *
 * A consumer is a *hand*: off, starting, idle, busy, broken (DOWN) or on vacation (AWAY). There are
 * `there` of them: those that are not off and not broken; consumers_mean and the utilization are of
 * these. e->consumers is the most that there can be, e->idle those that are idle, e->serving those
 * that are busy.
 *
 * Rules where networks.md leaves room:
 *   - At time 0 the `count` consumers are there, and idle; consumer 0 is the first to be taken. Of
 *     several that are idle the one goes first that fell idle last; or (wakes: longest-idle) first,
 *     as java.util.concurrent.LinkedBlockingQueue wakes threads.
 *   - when-full: the buffer refuses a task and there are fewer than `max`: a consumer is added and
 *     runs that task, before those that wait. It is the task's from the moment on that it starts:
 *     with start_delay it is held by it (busy) until it begins, and the task's patience is over.
 *     Where there is no consumer at all and the buffer takes a task, one is started that takes from
 *     the buffer (ThreadPoolExecutor.execute of JDK 8 and later: addWorker(null, false)).
 *   - when-busy: a task finds nobody idle: without start_delay a consumer is added that runs it.
 *     With start_delay one is started if otherwise more would wait (this task too, also if it is
 *     turned away) than are starting; when it is there, it takes the next as any other.
 *   - keep_alive: the clock of a consumer begins when it falls idle while there are more than
 *     `count`; when it is over and there still are, it goes, else it stays (getTask of the same).
 *   - schedule: when there are to be fewer, those that are idle go, the one that would be taken
 *     last first, and of the others whoever is let go, until there are as few; when there are to
 *     be more they are there at once.
 *   - setup: at time 0 all are off. While a task waits (in the buffer, or outside it) for whom none
 *     is set up, one more that is off begins to be; when there are more of these than tasks that
 *     wait, the one that began last is off again.
 *   - vacation: at time 0 all are away. Who is away comes back when its time is over and not
 *     before.
 *   - failures: each consumer has its own course of times, from time 0 on; while it is at a task,
 *     or always. One that has served its task and is held by it fails when it is let go. The task
 *     of one that fails (resume, restart) goes to the head of the buffer, also of a full one,
 *     before those that have failed earlier; it has begun, so its patience is over, and
 *     drop-oldest does not take it. If somebody else is idle, that one takes it at once. Lost, it
 *     counts as an error.
 *   - Universal Scalability Law (Gunther, Guerrilla Capacity Planning, 2007, eq. 4.31): while n
 *     consumers are busy, each works at the n-th part of n / (1 + contention (n - 1) + coherency n
 *     (n - 1)), those under way too: what each has been given since nobody was busy is one number
 *     for all (events_share.h), and a service is over when that has grown by its work.
 *
 * Invariants between calls: nobody is idle beside a task that could be served; hands[i].state is
 * HAND_BUSY if and only if services[i].label has SERVICE_BUSY; the idle ones are a list, in the
 * order in which they fell idle; leaf i of the calendar is the completion of a busy consumer (of
 * paced ones: only of the one that is first), else what comes next of it.
 */
#ifndef STAFF_EVENTS_H
#define STAFF_EVENTS_H

#include <assert.h>

#include "../base/rng.h"
#include "../engine/engine.h"
#include "../scenario/staff.h"
#include "station.h"

struct events;

#define NO_HAND UINT32_MAX

enum hand_state { HAND_OFF, HAND_STARTING, HAND_IDLE, HAND_BUSY, HAND_DOWN, HAND_AWAY };

struct hand {
    double arrival;         /* of its task */
    uint32_t before, after; /* in the list of the idle; NO_HAND */
    uint8_t state;          /* enum hand_state */
    bool done;              /* has served its task, and is not let go yet */
    bool breaks;            /* fails when it is let go */
    double whole;           /* work of its task in all */
    double life;            /* that it has left, while it serves; of failures `serving` */
    uint64_t failures;      /* so many */
};

/* What a staff draws, each in the order in which it is needed. */
enum staff_draw {
    STAFF_START,
    STAFF_KEEP_ALIVE,
    STAFF_SETUP,
    STAFF_VACATION,
    STAFF_LIFE, /* these two of each consumer by itself */
    STAFF_REPAIR,
    STAFF_DRAWS
};
enum { STAFF_BLOCK = 32 };

/* A task that goes on, or begins. */
struct returned {
    struct task task; /* its size: what is left */
    double wait;      /* up to its first start; NAN: it is now */
    double whole;
};

/* Consumers that work at one changing pace: those at work, a heap by what they will have been given
 * then, and by the order in which they began. */
struct paced {
    double key;
    uint64_t order;
    uint32_t hand;
};

struct staff {
    const struct staff_spec *spec;
    struct hand *hands;
    uint32_t core, there, starting;
    uint32_t first_idle, last_idle;
    bool oldest_first;
    uint32_t *off, n_off;   /* a stack */
    uint64_t inside;        /* tasks with a consumer */
    double arrivals;        /* of those, added up */
    double area;            /* integral of `there`, dt */
    struct returned *front; /* tasks whose consumers failed: a stack at the head of the buffer */
    uint32_t n_front, front_room;
    uint32_t *started; /* those that are set up, in the order in which that began */
    uint32_t n_started;
    uint32_t piece; /* of the schedule */
    double cycle;   /* when its cycle began */
    struct staff_stream {
        const struct law *law; /* NULL: nothing is drawn */
        struct stream stream;
        uint64_t n;
        double block[STAFF_BLOCK]; /* of the n-th and those beside it: drawn together */
    } draws[STAFF_DRAWS];

    bool is_paced, moved; /* moved: the pace, or who is first, may be another */
    double given, since;
    struct paced *pace;
    uint32_t *place; /* by hand: in that heap */
    uint32_t n_pace, first;
};

/* What a station has of it. `path`: of its streams. */
struct staff_plan {
    const struct staff_spec *spec; /* NULL: consumers are as many as there are */
    uint64_t seed;
    uint32_t replication;
    const char *path;
};

struct waiter;

/* The most consumers that there can be, where `count` are given. */
double staff_most(const struct staff_spec *spec, double count);

struct staff *staff_new(struct events *e, const struct staff_plan *plan, double count);
void staff_free(struct staff *staff);

/* Station.h, for such stations. */
enum offered staff_offer(struct events *e, double now, struct waiter w, double patience,
                         bool handed);
void staff_release(struct events *e, double now, uint32_t consumer, double arrival, bool lost);
bool staff_withdraw(struct events *e, double now, uint32_t visit);
void staff_adopt(struct events *e, double now, double speed);
void staff_flow(const struct events *e, struct flow *out);
double staff_left(const struct events *e, double now, uint32_t visit);
double staff_work(const struct events *e, double now);

/* What the rules of all stations come to there (events_rules.h): a task comes in where there is a
 * place; who can come in from outside does; a consumer has served; the event of a leaf that is no
 * completion; time goes on. At the end of everything: what follows for the staff. */
void staff_enter(struct events *e, struct waiter w);
void staff_call_in(struct events *e);
void staff_served(struct events *e, uint32_t consumer);
void staff_ring(struct events *e, uint32_t leaf);
void staff_settle(struct events *e);
double staff_withdraw_returned(struct events *e, uint32_t visit);

/* Leaves of the calendar behind those of a station without a staff. */
enum { STAFF_LEAF_SHIFT = 2, STAFF_LEAF_LIVES = 3 };
uint64_t staff_leaves(const struct staff_plan *plan, uint64_t consumers);

/* staff_pace.c: a consumer begins work, stops before it is done (returns what is left of it); it is
 * done. The pace goes on to now. Puts the first into the calendar. */
void pace_begin(struct events *e, uint32_t hand, double work);
double pace_stop(struct events *e, uint32_t hand);
void pace_done(struct events *e, uint32_t hand);
void pace_give(struct events *e);
double pace_left(const struct events *e, uint32_t hand, double now);
void pace_schedule(struct events *e);

static inline void staff_pass(struct staff *f, double dt)
{
    assert(f); /* of SHAPE_STATION_STAFF */
    f->area += f->there * dt;
}

/* How much slower each of n is than one alone. */
static inline double staff_slowdown(double contention, double coherency, double n)
{
    return n > 1 ? 1 + contention * (n - 1) + coherency * n * (n - 1) : 1;
}

#endif
