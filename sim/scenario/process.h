/*
 * The role of an arrival process: when tasks arrive.
 *
 * A process writes arrival times of successive tasks in blocks. Its state is a plain value: copied
 * with `=`, it can be restored and advanced again with other parameters (that is how a drifting
 * rate is followed). Times are absolute, from 0, never decreasing.
 *
 * A closed process has no times of its own, for they depend on when tasks leave: it says how many
 * clients there are and how they think, and the source keeps them (sim/engine/clients.h).
 */
#ifndef PROCESS_H
#define PROCESS_H

#include "distribution.h"

enum { PROCESS_STATE = 64 };

struct burst_spec;

/* What a process may look at. */
struct process_view {
    const void *params; /* the process's own block */
    double rate;        /* events per second (scenario_event_rate), NAN: none given */
    uint64_t seed;      /* for its own streams: stream_of(seed, replication, path) */
    uint32_t replication;
    struct stream stream;            /* "arrivals" */
    const struct scenario *scenario; /* for the names of classes (a trace); may be NULL otherwise */
    const struct burst_spec *burst;  /* NULL: there is none */
    const char *source;              /* of a network; NULL: the one that is called main */
};

/* The path of a stream of the arrivals, "arrivals.phase": of a source of another name than main
 * "sources.NAME.arrivals.phase". */
static inline const char *process_path(const char *source, const char *path)
{
    return source ? internf("sources.%s.%s", source, path) : path;
}

static inline struct stream process_stream(const struct process_view *view, const char *path)
{
    return stream_of(view->seed, view->replication, process_path(view->source, path));
}

/* What a process that replays a log brings of it; the rest is drawn (process.brings). */
enum process_brings {
    BRINGS_SIZES = 1,   /* of the tasks, with their classes: no size is drawn */
    BRINGS_CLASSES = 2, /* of the tasks */
    BRINGS_ORDER = 4    /* the very arrivals: in every replication the same ones, to their end */
};

/* A block of tasks; size and class are written by processes that bring them. */
enum { BLOCK = 256 };
struct arrival_block {
    double time[BLOCK];
    double size[BLOCK];
    uint16_t class[BLOCK];
};

struct process_state {
    uint64_t next; /* number of the next task, from 0 */
    double time;   /* arrival time of the last one */
    double words[PROCESS_STATE];
};

/* A state of a rate that changes at random: the rate, and the mean of the exponential time that it
 * lasts. */
enum { MODULATION_STATES = 64 };
struct modulation {
    size_t n;
    double rate[MODULATION_STATES], stay[MODULATION_STATES];
};

/* What the arrivals do again and again, of all that they do the slowest: a state that comes back, a
 * timetable that begins anew. Not what the laws of their gaps and batches do by themselves. */
struct cycle {
    double seconds;    /* from one beginning to the next, on average */
    double relaxation; /* seconds in which it falls to 1/e what the state now says of later ones */
    const char *what; /* a sentence part without its end: "the state of 100 /s returns", interned */
};

struct arrival_process {
    struct model model;

    /* State before the first task (zeroed before the call). NULL: zeroed will do. */
    void (*begin)(const struct process_view *view, struct process_state *state);

    /* Times of the next n tasks (n <= BLOCK); returns how many there are: fewer only at the end of
     * what there is (a trace). */
    size_t (*fill)(const struct process_view *view, struct process_state *state, size_t n,
                   struct arrival_block *out);

    /* Closed: the number of clients (at least 1), and the law of the time that each thinks before
     * its next task. fill is NULL then. NULL: an open process. */
    double (*clients)(const struct process_view *view);
    const struct law *(*think)(const struct process_view *view);

    /* Where gap k is factor(view) times a number that (stream, k) alone determine: those numbers,
     * of tasks first .. first + n - 1, so that they can be drawn once for several rates. fill then
     * does the same arithmetic: time += factor * unit. NULL: it is not so. */
    void (*units)(const struct process_view *view, uint64_t first, size_t n, double *out);
    double (*factor)(const struct process_view *view);

    /* Long-run tasks per second, NAN where unknown. */
    double (*task_rate)(const struct process_view *view);

    /* Asymptotic index of dispersion of the number of tasks: its variance over its mean in a long
     * time (Cox and Lewis 1966, section 4.2); 1 for a Poisson process. NULL: not known. */
    double (*dispersion)(const struct process_view *view);

    /* The slowest cycle; false, or NULL: there is none. And, where that is not a matter of chance,
     * its length in seconds, NAN where it does not repeat; NULL: there is none. A run then begins
     * with a period. */
    bool (*cycle)(const struct process_view *view, struct cycle *out);
    double (*period)(const struct process_view *view);

    /* The rate, in tasks per second, of the Poisson arrivals that go on for ever after all that
     * moves with time; NAN, or NULL: there is none. */
    double (*lasting)(const struct process_view *view);

    /* The law of what comes together at a time, in tasks. NULL: they come one by one. */
    const struct law *(*batch)(const struct process_view *view);

    /* The law of the gaps where they are independent. NULL: they are not, or poisson says it. */
    void (*gaps)(const struct process_view *view, struct law *out);

    /* Of a process that replays a log, which run.tasks left at its default means all of: the number
     * of its tasks, and what of them it brings (bits of enum process_brings). NULL: it replays
     * none. */
    double (*length)(const struct scenario *s);
    unsigned (*brings)(const struct scenario *s);

    /* Takes away what is drawn of the arrivals, so that they are the log's (BRINGS_ORDER): they
     * have the long run's rate and sizes. NULL: nothing is. */
    void (*as_recorded)(void *params);

    /* A sentence part on what the process found out about its parameters, interned; NULL: nothing
     * to be said. May be NULL itself. */
    const char *(*remark)(const struct scenario *s);
    /* The states that the rate of a Poisson process goes through in a cycle. NULL: it does not. */
    void (*modulation)(const struct process_view *view, struct modulation *out);

    /* The shortest time, of those that come again and again, for which its rate stays as it is: the
     * clock must tell it apart to the end of a run. NULL: there is none. */
    double (*shortest)(const struct process_view *view);

    /* Rules across its rows. NULL: none. */
    bool (*check)(const struct scenario *s, const void *params, const struct places *places,
                  struct errors *errors);

    /* Rules that need all else to be in order. NULL: none. */
    bool (*check_whole)(const struct scenario *s, const struct places *places,
                        struct errors *errors);

    bool poisson;       /* arrivals see time averages (the audit checks it) */
    bool batches;       /* tasks come together, in Poisson batches */
    bool needs_rate;    /* `rate` or one of its stand-ins must be given */
    bool optional_rate; /* `rate` may be given (renewal: scales) */
    bool stationary;    /* the rate does not move with time */
    bool bursts;        /* its rate heeds view->burst; else its clock is made to (burst.h) */
};

extern const struct family process_family;

enum { CLIENTS_MOST = 4000000 };

/*
 * Of the arrivals of a scenario: of its one source, or of all of them together, where networks have
 * several.
 */

/* The shortest time for which the rate of any stays as it is (arrival_process); INFINITY: there is
 * none. */
double process_shortest(const struct scenario *s);

/* Whether the traffic waits for the answers; clients and mean time of thought, where it does. (Of
 * several sources: whether all of it does.) */
bool process_is_closed(const struct scenario *s);
double process_clients(const struct scenario *s);
double process_think(const struct scenario *s);

/* Whether no rate moves with time. */
bool process_is_stationary(const struct scenario *s);

/* Length of the timetable that arrivals go through again and again, in seconds; NAN: none, or
 * several sources have different ones. */
double process_period(const struct scenario *s);

/* The rate that goes on for ever when all that moves with time is over; NAN: there is none. */
double process_lasting(const struct scenario *s);

/* Whether arrivals have a long run that they keep to: they do not move with time, or in whole
 * periods only. */
bool process_recurs(const struct scenario *s);

/* What all of them bring of logs (bits of enum process_brings). */
unsigned process_brings(const struct scenario *s);

#endif
