/*
 * The tables of rows that stages and sources share with a scenario of a single one.
 */
#ifndef STAGE_ROWS_H
#define STAGE_ROWS_H

#include "stages.h"

/* Of a struct scenario, and of a struct stage_spec: these may be named after another in place of
 * keys. */
extern const struct param consumers_rows[], stage_consumers_rows[];

/* Of a struct stage. */
extern const struct param buffer_rows[];

/* door_rows.c: of a struct door_spec. */
extern const struct param throttle_rows[], limit_rows[];

/* Of a struct arrivals. */
extern const struct param arrivals_rows[];

/* Of a struct to_spec, and a struct step_spec. */
extern const struct param to_rows[], step_rows[];

/* Of a struct stage_spec, and a struct source_spec. */
extern const struct param replicas_rows[], balancer_rows[], stage_rows[], source_rows[];

/* Rows of a struct stage_spec that stand in two tables: of a stage, and of the short form, in
 * which the struct is at `at`. */
#define TROUBLE_ROWS(at)                                                                           \
    OUTAGES_ROW(at),                                                                               \
        {.name = "crash",                                                                          \
         .kind = PARAM_GROUP,                                                                      \
         .offset = (at) + offsetof(struct stage_spec, trouble.crash),                              \
         .help = "when replicas fall over, and what is left of them",                              \
         .rows = crash_rows},                                                                      \
    {                                                                                              \
        .name = "health_check", .kind = PARAM_GROUP,                                               \
        .offset = (at) + offsetof(struct stage_spec, trouble),                                     \
        .help = "how balancers find out that a replica is down", .rows = health_rows               \
    }

#define OUTAGES_ROW(at)                                                                            \
    {                                                                                              \
        .name = "outages", .kind = PARAM_LIST,                                                     \
        .offset = (at) + offsetof(struct stage_spec, trouble.outages),                             \
        .help = "times at which the stage pauses, rejects or slows down", .rows = outage_rows,     \
        .stride = sizeof(struct outage_spec), .capacity = MAX_OUTAGES,                             \
        .count = (at) + offsetof(struct stage_spec, trouble.outages_count)                         \
    }

#endif
