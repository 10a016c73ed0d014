/*
 * Traffic equations of a network: how often each stage is visited, what that asks of its
 * consumers, whether it keeps up, and which stage is the bottleneck.
 *
 * Visits: the number of visits of stage j by a request solves, for each source and class,
 *
 *   v_j = e_j + sum_i v_i (p_ij + k_ij)
 *
 * with e_j the visits that the source makes at once, p_ij the mean number of tasks that a visit of
 * i hands on to j (a share; 1 to each of several copies), and k_ij the mean number of calls that it
 * makes of j (Jackson, "Networks of waiting lines", Oper. Res. 5, 1957; calls: Franks et al.,
 * "Enhanced modeling and solution of layered queueing networks", IEEE Trans. Softw. Eng. 35, 2009,
 * sec. 3). Members of a group that come to its join are absorbed there; each group starts one task
 * there. `balancer: all` makes each offer as many visits as there are copies.
 *
 * Nothing lost is taken off: behind a stage that loses, or that tasks leave out of impatience, the
 * rates are the most that can come (`at_most`). Nor is what `cancel` takes back. Of clients that do
 * more than wait (`asks`), and where visits that fail come again (`again`), it is the traffic of
 * first attempts, and nothing is said of stability.
 *
 * Load: a visit holds a consumer for its own work and until its calls are answered. The answer
 * takes the mean response of what is called, where that is known: of a delay station, or as a
 * `responses` says. Elsewhere, and where a consumer is held until the next stage has room, only a
 * lower bound of it is known (holding_known is false): its work, of calls side by side the longest
 * one's.
 *
 * Utilization: load over consumers of all replicas; where these are unlike, or a balancer compares
 * d of n of them drawn at random, the greatest over k >= d of the load that comes to the k weakest
 * alone over what these can do: lambda C(k,d)/C(n,d) / sum of mu (Foss and Chernova, "On the
 * stability of a partially accessible multi-station queue with state-dependent routing", Queueing
 * Systems 29, 1998; Bramson 2011). At 1 or above the stage does not keep up.
 *
 * Bounds: to a stage that is only called, by consumers of which there are so many, no more can come
 * than these, and to one that is handed its tasks by others and pauses no more than it has places
 * for. Its backlog has a limit under any load: where it has too much to do, what grows is the
 * backlog of the stage before it (`fullness`), and where there are several of these, that of one of
 * them (`unsure`). Those that go on without an answer (`any`, a call of several that may fail) and
 * delay stations, unless bounded themselves, set no limit.
 *
 * Stability: a stage that cannot do all that comes hands on only what it does, so that those behind
 * may keep up all the same: throughputs x_j = min(sum of what comes, capacity) (Goodman and Massey,
 * "The non-ergodic Jackson network", J. Appl. Prob. 21, 1984). A utilization below 1 everywhere is
 * enough where no task comes back, neither to a stage nor to consumers that it has had (Loynes 1962
 * stage by stage), and where the tasks of a stage are all alike or taken in order of arrival with
 * equal means, or shared (Bramson, "Convergence to equilibria for fluid models of FIFO queueing
 * networks", Queueing Systems 22, 1996). Elsewhere it is not (Rybko and Stolyar 1992), and nothing
 * is said.
 */
#ifndef TRAFFIC_H
#define TRAFFIC_H

#include "network.h"

enum traffic_verdict { TRAFFIC_UNSTABLE, TRAFFIC_STABLE, TRAFFIC_UNKNOWN };

struct stage_traffic {
    double rate;        /* visits per second, all classes; NAN: unknown (closed sources, traces) */
    double comes;       /* the same, less what stages before it cannot hand on */
    double done;        /* of these, what it can do */
    double work;        /* mean seconds of a visit's own work, at the speed of the consumers */
    double called;      /* mean seconds from there until all calls are answered */
    double holding;     /* of a consumer by a visit: work + called */
    double load;        /* rate * holding: consumers that it keeps busy */
    double consumers;   /* of all replicas, of its pool; INFINITY: a delay station */
    double utilization; /* of the pool, by all its stages; 0 of a delay station */
    double fullness;    /* the same, or that of what it alone waits for, if that is more */
    enum traffic_verdict stable;
    bool at_most;       /* the rate is the most that can come */
    bool holding_known; /* else `called` and what follows from it are lower bounds */
    bool bounded;       /* its backlog cannot grow: those before it hold back what comes */
    bool unsure;        /* what backs up is here, or at others that come to the same consumers */
    bool less;          /* behind such ones: less may come than is known */
    bool blocked;       /* its consumers may be held until the next stage has room */
};

struct traffic {
    const struct network *network;
    double *visits;   /* a request's, [(inlet * classes + class) * stages + stage] */
    double *by_class; /* visits per second, [class * stages + stage] */
    double *size;     /* mean work of a visit, seconds at speed 1, [class * stages + stage];
                         INFINITY; NAN where nobody comes, or carried from a join */
    struct stage_traffic *stage;
    double *requests;    /* of each inlet, per second; NAN: unknown */
    uint32_t bottleneck; /* the stage of the greatest utilization, the first of equals;
                            NETWORK_EXIT where there is none: all are delay stations, or unknown */
    bool closed;         /* some source waits for answers */
    bool enough;         /* utilizations below 1 are enough for all stages to keep up */
    bool feeds_forward;  /* no task comes back to consumers that it has had */
};

/* Mean response (wait and holding) of a visit of a stage whose rate and holding are filled in; NAN:
 * not known. Asked of stages that are called, those first that the others call. */
struct responses {
    double (*mean)(const struct traffic *traffic, uint32_t stage, void *context);
    void *context;
};

/* `responses` NULL: only delay stations are known. Owned by the caller; the network must live as
 * long. */
struct traffic *traffic_of(const struct network *network, const struct responses *responses);
void traffic_free(struct traffic *traffic);

/* Tasks per second of a source; NAN where unknown beforehand. */
double traffic_inlet_rate(const struct network *network, uint32_t inlet);

/* The share of a class among the tasks of a source. */
double traffic_inlet_share(const struct network *network, uint32_t inlet, uint32_t class);

/* Adds to out[stage], times weight, the mean number of tasks that `route` hands on to each stage
 * (of a class; those that a join absorbs not counted), or of calls that a visit of `from` makes. */
void traffic_hand_on(const struct network *network, const struct route *route, uint32_t class,
                     double weight, double *out);
void traffic_call(const struct network *network, uint32_t from, double weight, double *out);

/* Whether what does not fit into this stage is lost; whether it is kept waiting where it comes
 * from. */
bool traffic_loses(const struct network *network, uint32_t stage);
bool traffic_pauses(const struct network *network, uint32_t stage);

#endif
