/*
 * What networks add to a scenario: stages that hand on and call, and several sources.
 *
 * A scenario is copied with `=`, often, and a network may have hundreds of stages: these lie in
 * blocks that are never changed once they are made, equal blocks being one (as with interned
 * texts), and a scenario holds pointers to them. A block is a part of a stage: small numbers, which
 * are swept, apart from long lists. Whoever changes a value gets a part of its own first, and
 * spec_settle makes it immutable again; so a sweep of n columns makes n small blocks.
 *
 * The rows address all of it by offset, as the rest of a scenario: the space from
 * SPEC_STAGES on is that of the stages, sizeof(struct stage_spec) bytes each, and from SPEC_SOURCES
 * on that of the sources. Nothing lies there: field_at and field (rows.h) find the block.
 *
 * Read through the functions below. The lists of a part are there up to their count, no further.
 */
#ifndef STAGES_H
#define STAGES_H

#include "again.h"
#include "burst.h"
#include "scenario.h"
#include "staff.h"
#include "trouble.h"

enum {
    MAX_LEGS = 512,         /* of `to` */
    MAX_STEPS = 32,         /* of `calls`, one after the other */
    MAX_BRANCHES = 64,      /* of one step, side by side */
    MAX_KINDS = 64,         /* of unlike replicas */
    CALLS_MOST = 1000000,   /* of one entry, one after the other */
    REPLICAS_MOST = 1000000 /* of all stages together, too */
};

/* Of `to`: exactly one of these stands for something, or none. */
struct leg_spec {
    const char *stage; /* or "exit" */
    const char *class; /* of a rule; NULL: any */
    double share;      /* of `shares` */
};
struct to_spec {
    const char *stage;            /* to: NAME */
    double shares, rules, copies; /* how many legs, of which form */
    struct leg_spec legs[MAX_LEGS];
};

struct call_spec {
    const char *stage;
    double share, count; /* NAN: always; once */
    double on_failure;   /* enum call_failure; NAN: fail */
    struct client_spec client;
};
enum call_failure { FAILURE_FAILS, FAILURE_IGNORED };

/* One call, or several side by side. */
struct step_spec {
    struct call_spec call;
    double any; /* goes on at so many answers; NAN: at all of them */
    double branches;
    struct call_spec of[MAX_BRANCHES];
};
struct calls_spec {
    double n;
    struct step_spec steps[MAX_STEPS];
};

struct class_law {
    const char *class;
    struct law law;
};
struct sizes_spec {
    double n;
    struct class_law laws[MAX_CLASSES];
};

/* Replicas that are alike; NAN: as the stage has it. */
struct kind_spec {
    double count, consumers, speed;
};
struct kinds_spec {
    double n;
    struct kind_spec kinds[MAX_KINDS];
};

enum stage_blocks { BLOCKS_AFTER_SERVICE, BLOCKS_BEFORE_SERVICE };
enum stage_cancel { CANCEL_QUEUED, CANCEL_RUNNING };

/* What a task has to pass before it comes to the stage, replicas together. */
struct door_spec {
    double rate, burst;        /* of the throttle; NAN: there is none; 1 */
    double per, when_empty;    /* enum throttle_per, throttle_empty; NAN: one bucket; reject */
    const struct model *limit; /* a struct limiter; NULL: there is none */
    double limit_params[LIMITER_BYTES / sizeof(double)];
};
enum throttle_per { PER_KEY, PER_SOURCE, PER_CLASS };
enum throttle_empty { EMPTY_REJECTS, EMPTY_DELAYS };

struct stage_core {
    const char *name;
    struct stage stage;           /* of each replica */
    struct law size;              /* model NULL: the classes' or tasks.size */
    double carried;               /* 0: size: carried; else NAN */
    struct law timeout;           /* model NULL: the classes' or tasks.timeout */
    struct law delay;             /* model NULL: none */
    double reply;                 /* flag; NAN: no */
    double join;                  /* INFINITY: all; NAN: none */
    double cancel;                /* enum stage_cancel; NAN: never */
    double priority, weight;      /* NAN: 0; 1 */
    double replicas;              /* NAN: 1, or as `kinds` or `machines` have it */
    const char *machines;         /* replicas: NAME */
    const struct model *balancer; /* a struct balancer */
    double choices;               /* NAN: all */
    struct door_spec door;
};

struct stage_spec {
    struct stage_core core;
    struct to_spec to;
    struct calls_spec calls;
    struct sizes_spec sizes;
    struct kinds_spec kinds;
    struct trouble_spec trouble;
    struct staff_spec staff;
    struct again_spec again;
};

struct source_core {
    const char *name;
    const char *class; /* NULL: as the shares of tasks.classes have it */
};
struct source_spec {
    struct source_core core;
    struct arrivals arrivals;
    struct to_spec to; /* nothing: the first stage */
    struct client_spec client;
    struct burst_spec burst;
};

#define SPEC_STAGES  ((sizeof(struct scenario) + 63) / 64 * 64)
#define SPEC_SOURCES (SPEC_STAGES + (MAX_STAGES + 1) * sizeof(struct stage_spec))

/* What the short form has of the keys of a stage that only a network can have (`replicas`,
 * `balancer`) is of this one; its other parts say nothing. */
#define SPEC_MAIN MAX_STAGES

/* The same of the keys of a source (`client`, arrivals.trigger). */
#define SPEC_MAIN_SOURCE MAX_SOURCES

/* Parts of stage `i` (or SPEC_MAIN), and of source `i`. */
const struct stage_core *stage_core(const struct scenario *s, size_t i);
const struct to_spec *stage_to(const struct scenario *s, size_t i);
const struct calls_spec *stage_calls(const struct scenario *s, size_t i);
const struct sizes_spec *stage_sizes(const struct scenario *s, size_t i);
const struct kinds_spec *stage_kinds(const struct scenario *s, size_t i);
const struct trouble_spec *stage_trouble(const struct scenario *s, size_t i);
const struct again_spec *stage_again(const struct scenario *s, size_t i);
const struct source_core *source_core(const struct scenario *s, size_t i);
const struct to_spec *source_to(const struct scenario *s, size_t i);
struct arrivals source_arrivals(const struct scenario *s, size_t i);
const struct client_spec *source_client(const struct scenario *s, size_t i);
const struct burst_spec *source_burst(const struct scenario *s, size_t i);

/* Whoever asks at a source, or (where there are no `sources`, source 0) that of the top level;
 * NULL: nobody says anything. */
const struct client_spec *scenario_client(const struct scenario *s, size_t source);

/* What comes at a source besides what its process brings (of the top level as scenario_client). */
const struct burst_spec *scenario_burst(const struct scenario *s, size_t source);

/* The source as the only one of a scenario in the short form, whatever else there is: for those who
 * ask a process. (Where there are no `sources`, 0 is that of `arrivals`.) */
void source_alone(const struct scenario *s, size_t i, struct scenario *out);

/* Replicas of a stage (or SPEC_MAIN): its own, or those of the stage whose machines or consumers it
 * has. */
double stage_replicas(const struct scenario *s, size_t i);

/* Where the value at an offset is, to be read: in the scenario, or in a block. */
const void *field_at(const struct scenario *s, size_t offset);

/* The same, to be changed: what is in a block then has a copy of its own until spec_settle. */
void *field_own(struct scenario *s, size_t offset);

/* Zeroes n bytes; of stages and sources also whole ones, any number. */
void field_zero(struct scenario *s, size_t offset, size_t n);

/* What has a copy of its own becomes immutable again. A scenario must not be copied before. Between
 * spec_hold and spec_release that waits: for many changes in a row. */
void spec_settle(struct scenario *s);
void spec_hold(struct scenario *s);
void spec_release(struct scenario *s);

/* Makes the short form of a network of one stage and one source that are called main, where it says
 * nothing more; what was given under stages.main and sources.main then has places as that. */
struct places;
void stages_fold(struct scenario *s, struct places *places);

/* Stage by name, SIZE_MAX: none. */
size_t stage_find(const struct scenario *s, const char *name);

#endif
