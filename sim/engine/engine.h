/*
 * The role of an engine: advances a scenario through simulated time.
 *
 * There are two: `events` (a calendar of events, anything at all) and `lanes` (trials side by side,
 * from arrival to arrival; lanes.c), each with a form of its own for networks (sim/stations,
 * sim/chains). Where both can run a scenario they agree to the last count, because they share:
 *   - the tasks (source.h; of an open system), and absolute times in double;
 *   - wait = start - arrival, service = size / speed, latency = wait + service,
 *     completion = start + service (where nothing interrupts a service or shares a consumer: see
 *     below);
 *   - the tie rule: at equal times completions come first (by the order in which they were
 *     scheduled), then resumptions of paused tasks, then the leaving of tasks whose patience is
 *     over, then arrivals.
 *
 * The rules of a stage (c identical consumers behind one buffer), where a scenario leaves room for
 * doubt:
 *   - An arriving task starts at once if a consumer is idle, else waits if a place is free, else
 *     the policy says what becomes of it. A capacity of 0 means that there are no places: a task
 *     that finds every consumer busy is lost, or (pause) waits outside.
 *   - drop-oldest throws away the waiting task that arrived first; without places, the arriving
 *     one.
 *   - pause: tasks outside wait in order of arrival, and no arriving task overtakes them: while
 *     anybody is outside it joins the end. When a place (without places: a consumer) is free, it
 *     is held for the first task outside not yet called, which takes it resume_delay later; there
 *     can be as many resumptions under way as there are places. A consumer that finds the buffer
 *     empty meanwhile idles: that is the price of retracting back-pressure. A task that comes in
 *     while a consumer idles starts at once and leaves its place free again. With a resume_delay of
 *     0 all this happens within the event that made the place free, so that with fifo every task's
 *     times are those of an unbounded buffer.
 *   - patience (tasks.timeout): a task whose service has not begun leaves when it has waited for
 *     as long, and is lost (timed-out). What begins exactly then is served; a task with a patience
 *     of 0 is served at once or not at all. Of equal deadlines that in the buffer comes first, then
 *     that of the task that arrived first. Tasks outside a full buffer wait, and lose patience,
 *     from their arrival on like those in it. One that leaves the buffer makes its place free for
 *     the next outside. Where one outside leaves that was called, the call is the next one's; where
 *     nobody is left outside for a call, the last call lapses, and its place is free again. What
 *     has begun, be it interrupted or shared, loses no patience.
 *   - Of a closed system (clients.h): whoever's task leaves, completed or lost, begins to think at
 *     that moment, and comes back as an arrival like any other, in the order of the tie rule.
 *   - adopt changes speed and resume_delay for services and resumptions that begin from then on;
 *     those under way keep the times they were given (of an interrupted service what is left is at
 *     the speed then).
 *   - Where the discipline interrupts (discipline.h: before), an arriving task that finds every
 *     consumer busy first needs a place as any other does, and the policy decides where none is
 *     free. Once in, it interrupts the last of the tasks in service if it goes before that, which
 *     takes the place; so nothing is ever interrupted without places. An interrupted task waits
 *     (in queue_area, and it can be dropped as the oldest) and goes on where it was, as often as
 *     need be. wait is the time from arrival to the first start, latency = completion - arrival;
 *     what lies between them holds the service, size / speed, and all interruptions. A service
 *     that begins at `start` is done at start + left / speed; interrupted at `now`, (done - now)
 *     * speed is left.
 *   - Where the consumers are shared (discipline.h: shares), each of n tasks inside is served at
 *     speed * min(1, c / n), and completes when it has been given its size: what every task has
 *     been given is integrated from event to event, and counts from 0 again when nobody is inside.
 *     Nobody waits, idle and busy consumers are as if min(n, c) served one task each, and the
 *     tasks beyond that are in shared_area. The buffer has no waiting places then, but those that
 *     there would be bound the number inside: at most c + capacity (limited processor sharing).
 *     drop-oldest throws away the task that arrived first of all inside; pause keeps tasks outside,
 *     whose wait is the time there. Tasks that are given their size together leave in order of
 *     arrival. A speed that moves (adopt) is in force at once.
 *   - idle_area counts idle consumers only beside a task in the buffer: tasks outside it do not
 *     oblige a consumer to work.
 *
 * An engine never prints and never allocates in its inner loop but to let a backlog grow.
 */
#ifndef ENGINE_H
#define ENGINE_H

#include "recorder.h"
#include "source.h"

/* What may be wrong with a place: the words of `state` in windows.csv (timeline.h). Of several
 * replicas any of them. */
enum trouble {
    TROUBLE_OUTAGE,  /* an outage is under way */
    TROUBLE_CRASHED, /* a replica has crashed and is not back */
    TROUBLE_OPEN,    /* a circuit breaker lets nothing through, or only its probes */
    TROUBLES
};

/* Figures of a place that only some scenarios have: bits of flow.has. */
enum { FLOW_RETRIES = 1, FLOW_GOOD = 2 };

/* What has flowed since time 0, as of `time`: the integrals and sums that the audit and the
 * columns are made of. A window is the difference of two flows. To the two sums of times, tasks
 * inside (waiting, paused or in service at `time`) contribute what they have spent so far. Times in
 * seconds, areas in task-seconds. */
struct flow {
    double time;
    double queue_area;  /* integral of tasks waiting in the buffer, dt */
    double paused_area; /* integral of tasks waiting outside a full buffer (pause), dt */
    double busy_area;   /* integral of busy consumers, dt */
    double shared_area; /* integral of tasks inside beyond the consumers that they share, dt */
    double idle_area; /* integral of time with a waiting task beside an idle consumer: must be 0 */
    double sojourn_sum; /* over tasks that left: departure - arrival; plus ages of tasks inside */
    double service_sum; /* over completed tasks: service; plus ages of services in progress, and
                           what those had that were interrupted */
    double seen_sum;    /* over arrivals: what each found just before (events: the tasks in the
                           system; lanes: the wait until a consumer is free) */
    double seen_area;   /* integral of the same, dt */
    /* Of places of a network (engine->flow_of); of one stage in the short form 0: */
    double held_area;    /* integral of consumers held by calls or blocked, dt; in busy_area too */
    double delayed_area; /* integral of tasks that the stage keeps from its buffer (`delay`), dt */
    double alive_area;   /* of `all`: integral of requests alive, dt; of `client`: of those without
                            an answer; of stages: 0 */
    double
        available_area; /* integral of consumers there are, dt; 0 where there is no end of them */
    double available;   /* consumers that there are at `time` */
    double consumers_area; /* the same integral, of stages whose consumers come and go; else 0 */
    double up_area, up; /* integral of replicas that have not fallen over, dt; how many at `time`;
                           NAN: none ever does */
    double crashes;     /* of them; of `all`: of all machines; NAN: likewise */
    double arrival_gaps, arrival_gap_square; /* over arrivals: the time since the last one (since 0
                                                of the first), and its square */
    double departure_gaps, departure_gap_square; /* likewise over completed tasks */
    double wasted_area; /* of busy_area what was for nobody, as far as it is known: see below */
    double rounding;    /* most that the clock's rounding can have done to any of these sums: half a
                           unit in the last place of its latest time, at both ends of a service */
    unsigned has;       /* FLOW_...: which of these are counted here; else they are 0 */
    uint64_t retries;   /* attempts that began and were not the first */
    uint64_t good;      /* answered in time */
    double bytes_peak;  /* as bytes_most, but since the last time that engine->cuts was called */
    double trouble[TROUBLES];          /* integral of the time in which it was so, dt */
    uint64_t arrived, completed, lost; /* tasks */
    double pauses;     /* how often its marks (buffer.high_water) have told sources to stop; NAN of
                          one stage in the short form */
    double bytes_most; /* of the tasks inside (not outside a full buffer), at once, since the
                          window that is open began (engine->opens); NAN: tasks have none */
    uint64_t inside;   /* tasks in the system: arrived = completed + lost + inside */
    uint64_t waiting;  /* of them waiting or paused */
    uint64_t late;     /* of those completed: when nobody waited for them any more (of `client`: of
                          those lost: which were completed all the same) */
};

/* Integral of tasks inside, dt: of a stage those that wait, are delayed or are with a consumer; of
 * a whole network, where a request may be in many places or in none, it is counted by itself. */
static inline double flow_inside_area(const struct flow *f)
{
    if (f->alive_area > 0)
        return f->alive_area;
    return f->queue_area + f->paused_area + f->busy_area + f->shared_area + f->delayed_area;
}

enum engine_stop {
    STOP_TIME,    /* reached `until_time` (all events up to and at it are done): the flow's time;
                     else that is the time of the last event */
    STOP_TASKS,   /* processed arrival number `until_tasks` */
    STOP_DRAINED, /* no measured task is left inside (only if asked for) */
    STOP_ENDED,   /* the source has ended and the system is empty */
    STOP_BACKLOG, /* an arrival made it more than run.max_backlog tasks inside (of a network:
                     visits at one stage, or requests alive) */
    STOP_PAUSE,   /* none of this: many events have come and no limit; to be gone on with, unless
                     it is time to give up */
    STOP_DEADLOCK /* consumers wait for each other for ever (`deadlock`) */
};

/* A cycle of stages that wait for each other: places, in order, and what each waits for at the
 * next; the first of them where there are more. */
enum { DEADLOCK_NAMED = 8 };
enum wait_kind { WAITS_FOR_PLACE, WAITS_FOR_ANSWER, WAITS_FOR_CONSUMER };
struct deadlock {
    uint32_t n; /* stages in the cycle; 0: there is none */
    uint32_t place[DEADLOCK_NAMED];
    uint8_t waits[DEADLOCK_NAMED]; /* enum wait_kind */
};

struct engine_limits {
    double until_time;    /* INFINITY: no limit */
    uint64_t until_tasks; /* arrivals since time 0; UINT64_MAX: no limit */
    bool until_drained;   /* stop as soon as recorder->outstanding is 0 */
};

struct trial_group;

struct engine {
    struct model model;

    /* Why this engine cannot run `s`, as a sentence, or NULL if it can. */
    const char *(*refuses)(const struct scenario *s);

    /* Runs up to `group` trials (trial.h) side by side, in place of all that follows. Those that it
     * cannot run to the end stay NULL: the events engine then runs them. NULL, 1: one by one. */
    void (*run_group)(const struct trial_group *group);
    unsigned group;

    void *(*begin)(const struct scenario *s, struct source *source, struct recorder *recorder,
                   uint64_t seed, uint32_t replication);

    /* Goes on until the first limit is met. A stop is not an event: advancing in pieces gives the
     * same bytes. With until_drained, recorder->slot UNMEASURED and no series, an engine may leave
     * out arrivals that cannot touch the measured tasks (by arrival, and nothing that is inside is
     * ever thrown away); from then on it takes no arrivals any more. */
    enum engine_stop (*advance)(void *state, const struct engine_limits *limits);

    /* New parameters from now on (drift); the caller adopts them in the source as well. */
    void (*adopt)(void *state, const struct scenario *s);

    void (*flow)(const void *state, struct flow *out);
    void (*end)(void *state);

    /* Of an engine of networks; NULL elsewhere. It draws the arrivals itself: of the source that
     * `begin` gets nothing is set but `scenario`, the parameters in force.
     *
     * The flow of a place (trial.h), as of the same time for all of them. Of a stage: its visits,
     * replicas together; those with a consumer are in busy_area from when their work begins until
     * they leave it (taken by the next stage, their calls answered), held_area is the part of that
     * in which no work is done, or it is blocked before its service (`blocks: before-service`: from
     * when the consumer has taken it, which ends its time in queue_area, though not its wait).
     * service_sum is work only: busy_area = service_sum + held_area. Visits outside a full buffer
     * (sources, calls: `pause`) are in paused_area of the stage that they are offered to; blocked
     * ones are still at the stage before. `arrived`, sojourn_sum and latency begin when a visit is
     * offered (one that is handed on and blocked: when it is taken), `delay` and all. A stage that
     * shares the consumers of another has its own visits in busy_area and the pool's consumers in
     * available_area. Of a stage without limit on consumers available_area is 0.
     * Of `all`: arrived, completed, lost, inside, sojourn_sum, alive_area of requests; queue_area,
     * paused_area, shared_area, delayed_area, idle_area, service_sum and waiting added up over the
     * stages; busy_area, held_area and available_area over those whose consumers have a limit (each
     * pool once). Of `client`: arrived, completed (answered), lost, inside, sojourn_sum and
     * alive_area of requests, up to the answer. wasted_area grows when the verdict of an attempt is
     * known (stations/ask.h). */
    void (*flow_of)(const void *state, uint32_t place, struct flow *out);

    /* A window is opened now: what is known as a largest value is that from now on. */
    void (*opens)(void *state);

    /* The same of the windows of a timeline (timeline.h): one ends now, and another begins. */
    void (*cuts)(void *state);

    /* Requests that have arrived since time 0: what until_tasks counts. */
    uint64_t (*arrived)(const void *state);

    /* After STOP_DEADLOCK: the cycle. */
    void (*deadlock)(const void *state, struct deadlock *out);
};

extern const struct engine events_engine, lanes_engine;

/* Of networks, where there is more than one stage, or more than a stage is: the events engine, and
 * lanes of stages in a row. */
extern const struct engine networks_engine, chains_engine;

/* The two that a user can ask for by name, for this scenario. */
const struct engine *engine_by_events(const struct scenario *s);
const struct engine *engine_by_lanes(const struct scenario *s);

/* The engine that a user who leaves the choice gets: lanes where it fits. */
const struct engine *engine_for(const struct scenario *s);

#endif
