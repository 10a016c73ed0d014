/*
 * Random networks, for tests: a scenario text that is right by construction, made from a seed; and
 * smaller and smaller ones that still do what a large one did.
 *
 * A plan is a plain value: copied with `=`, changed, printed as YAML. Times are whole or half
 * seconds in half of the plans, so that everything ties with everything, and exponential in the
 * others. Left out is what the rules do not say yet: random_network.c, settle and share_consumers.
 */
#ifndef RANDOM_NETWORK_H
#define RANDOM_NETWORK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { PLAN_STAGES = 12, PLAN_LEGS = 4, PLAN_STEPS = 3, PLAN_SOURCES = 3, PLAN_CLASSES = 3 };
enum { PLAN_EXIT = -1, PLAN_NOBODY = -2, PLAN_ZERO = -3, PLAN_HASH = 5 };

struct plan_law {
    enum { LAW_NONE, LAW_FIXED, LAW_EXPONENTIAL, LAW_CARRIED } kind;
    double mean;
};

struct plan_leg {
    int stage;    /* or PLAN_EXIT */
    double share; /* of 100 */
    int class;    /* of rules; PLAN_NOBODY: all */
};

/* to: NAME or shares; rules; all. */
struct plan_route {
    enum { TO_SHARES, TO_RULES, TO_ALL } way;
    int n;
    struct plan_leg leg[PLAN_LEGS];
};

/* What whoever asks does (random_network_client.c); 0: that is not said. */
struct plan_client {
    bool there;
    double timeout, deadline, hedge, pause, floor;
    int cancel, attempts, backoff, budget, hedges, breaker, limit, on; /* on: 1 << outcome */
};

struct plan_call {
    int stage, count;
    double share; /* of 100 */
    bool ignore;
    struct plan_client client;
};
struct plan_step {
    int n, any; /* any 0: all */
    struct plan_call of[3];
};

struct plan_outage {
    struct plan_law every, length; /* every LAW_NONE: once, at its mean */
    int effect;                    /* pause, reject, slow (half the speed) */
    bool each;
};

enum { PLAN_OUTAGES = 2 };

/* What stands before a stage (random_network_door.c). */
struct plan_door {
    int max_bytes;                   /* 0: any number */
    int max_paused, high, low, drop; /* max_paused -1, high 0: none; drop: 1 codel, 2 red */
    bool ignores, late;              /* the marks: for some tasks; told half a second later */
    double rate;                     /* of the throttle; 0: none */
    int burst, per, limit, order;    /* order: 1 earliest-deadline, 2 adaptive-lifo, 3 weighted */
    bool delays;
};

/* More of its consumers (random_staff.c). */
struct plan_staff {
    int max; /* 0: always as many */
    bool when_busy, longest;
    struct plan_law start_delay, keep_alive;
    double error_rate, contention, coherency; /* of 100 */
    struct plan_law setup, vacation, life, repair;
    int shifts[3], failed; /* consumers; enum staff_failed */
    bool scheduled, serving;
    int batch, at_least; /* 0: not said */
    double window, base, each;
};

struct plan_stage {
    bool there;
    const char *name;
    int context;   /* stages of the same one may hand on to each other */
    int consumers; /* 0: unlimited; PLAN_ZERO: none */
    struct plan_staff staff;
    double speed;
    int discipline, policy;
    int capacity; /* -1: unbounded */
    double resume_delay;
    struct plan_law size, by_class, timeout, delay; /* by_class: of the first class */
    bool reply, before;
    int join; /* 0: none, -1: all, else k */
    int cancel;
    int replicas, unlike, balancer, choices; /* unlike: of them, at half the speed */
    int pool, machines;                      /* PLAN_NOBODY: its own */
    int priority;
    int outages;
    struct plan_outage outage[PLAN_OUTAGES];
    struct plan_law crash, restart; /* crash LAW_NONE: never; restart LAW_NONE: for good */
    double health_check, memory;    /* memory 0: any; in bytes */
    int keeps, full_for;            /* nothing, durable, all; full_for 0: as long as it likes */
    bool durable;
    struct plan_client again; /* its retry */
    int letter;               /* PLAN_NOBODY: none */
    struct plan_door door;
    struct plan_route to;
    int steps;
    struct plan_step step[PLAN_STEPS];
};

struct plan_source {
    const char *name;
    enum { ARRIVE_POISSON, ARRIVE_REGULAR, ARRIVE_BATCH, ARRIVE_CLOSED } process;
    double rate;
    int clients, class;
    double burst_at, burst_for, burst_factor; /* burst_for 0: none */
    int initial;
    struct plan_route to;
    struct plan_client client;
};

struct plan {
    uint64_t state, staff_state; /* of the numbers it is made of */
    bool ties, zipf;
    int keys; /* 0: none */
    int n, sources, classes;
    int requests;
    struct plan_law size, timeout, bytes, prefill;
    struct plan_stage stage[PLAN_STAGES];
    struct plan_source source[PLAN_SOURCES];
};

struct plan plan_random(uint64_t seed);

/* What befalls its stages: drawn, printed, and made less. */
void plan_trouble(struct plan *p, uint64_t seed);
void plan_print_trouble(FILE *out, const struct plan_stage *s);
bool plan_simplify_trouble(struct plan_stage *s, int k);
void plan_print_law(FILE *out, const char *key, struct plan_law law);

/* Of its numbers: one below n; whether `percent` of 100 have come true. */
int plan_below(struct plan *p, int n);
bool plan_chance(struct plan *p, int percent);

/* random_network_door.c: doors for the stages of a plan; their keys, each with ", " before it, of
 * `buffer` (they may stand there without a capacity) and, a line each, of the stage; fewer of them.
 */
void plan_doors(struct plan *p, uint64_t seed);
void plan_keys(struct plan *p, uint64_t seed);
void plan_print_tasks(FILE *out, const struct plan *p);
void plan_print_door(FILE *out, const struct plan_door *door);
void plan_print_buffer(FILE *out, const struct plan_door *door);
bool plan_simplify_door(struct plan_door *door, int k);
/* random_staff.c: what is said of consumers is drawn, printed behind the other keys, and made
 * simpler by change number k (false: there are no more). */
void plan_staffing(struct plan *plan);
void plan_print_staff(FILE *out, const struct plan_staff *staff);
bool plan_simplify_staff(struct plan_stage *stage, int k);

/* random_network_client.c: clients of sources and calls are drawn, printed, and made less. */
void plan_clients(struct plan *p, uint64_t seed);
void plan_print_client(FILE *out, const struct plan_client *client, const char *between);
bool plan_simplify_clients(struct plan *p, int k);

/* The same of stages: what is there of visits that fail. */
void plan_print_again(FILE *out, const struct plan *p, const struct plan_stage *s);
bool plan_simplify_again(struct plan_stage *s, int k);

/* The scenario, as text; to be freed. */
char *plan_text(const struct plan *plan);

/* The smallest plan found, by dropping one thing after another, for which `fails` says so still. */
struct plan plan_shrink(struct plan plan, bool (*fails)(const struct plan *plan, void *context),
                        void *context);

#endif
