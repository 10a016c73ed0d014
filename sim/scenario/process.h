/*
 * The role of an arrival process: when tasks arrive.
 *
 * A process writes arrival times of successive tasks in blocks. Its state is a plain value: copied
 * with `=`, it can be restored and advanced again with other parameters (that is how a drifting
 * rate is followed). Times are absolute, from 0, never decreasing.
 */
#ifndef PROCESS_H
#define PROCESS_H

#include "distribution.h"

enum { PROCESS_STATE = 64 };

/* What a process may look at. */
struct process_view {
    const void *params; /* the process's own block */
    double rate;        /* events per second (scenario_event_rate), NAN: none given */
    uint64_t seed;      /* for its own streams: stream_of(seed, replication, path) */
    uint32_t replication;
    struct stream stream;            /* "arrivals" */
    const struct scenario *scenario; /* for the names of classes (a trace); may be NULL otherwise */
};

/* A block of tasks; size and class are written by processes that bring their own (a trace). */
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

struct arrival_process {
    struct model model;

    /* State before the first task (zeroed before the call). NULL: zeroed will do. */
    void (*begin)(const struct process_view *view, struct process_state *state);

    /* Times of the next n tasks (n <= BLOCK); returns how many there are: fewer only at the end of
     * what there is (a trace). */
    size_t (*fill)(const struct process_view *view, struct process_state *state, size_t n,
                   struct arrival_block *out);

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

    /* The law of the gaps where they are independent. NULL: they are not, or poisson says it. */
    void (*gaps)(const struct process_view *view, struct law *out);

    /* The states that the rate of a Poisson process goes through in a cycle. NULL: it does not. */
    void (*modulation)(const struct process_view *view, struct modulation *out);

    /* Rules across its rows. NULL: none. */
    bool (*check)(const struct scenario *s, const void *params, const struct places *places,
                  struct errors *errors);

    bool poisson;       /* arrivals see time averages (the audit checks it) */
    bool batches;       /* tasks come together, in Poisson batches */
    bool brings_sizes;  /* writes size (and class): tasks.size must not be given */
    bool needs_rate;    /* `rate` or one of its stand-ins must be given */
    bool optional_rate; /* `rate` may be given (renewal: scales) */
    bool stationary;    /* the rate does not move with time */
};

extern const struct family process_family;

#endif
