/*
 * What befalls a stage (a part of struct stage_spec, stages.h): outages, and crashes of its
 * replicas.
 *
 * An outage begins at a time of the clock, which counts from 0, before the warm-up, or by chance,
 * again and again: `every` is drawn from the end of one (from 0 for the first) to the start of the
 * next, and `length` when it begins. It is of the stage, all replicas at once, or (`each`) of every
 * replica by itself; where the clock says when, and the length is a law, each has a length of its
 * own then. What it does:
 *   pause   consumers stand still: services under way go on where they were when it is over, and
 *           none begins before
 *   slow    they work at `speed` of what they do else, services under way as well
 *   reject  what is offered to the stage is lost (LOSS_OUTAGE); what is inside goes on
 * Where several are at once, a pause comes before all that is slow, and speeds multiply.
 *
 * A replica is a machine, together with those of the stages that are put on it (`replicas: NAME`,
 * `consumers: NAME`). It falls over when it holds more than `memory`, looked at when all that
 * follows from an event has happened; when its buffer has been full for `full_for` since it last
 * became so (a task that is taken ends that, though another one takes its place); by chance
 * (`every`: from when it came up), and is up again `restart` later, or never; what it holds is lost
 * (LOSS_CRASHED), and so is what is sent to it while it is down. Balancers leave it out
 * `health_check` later, until it is up again.
 */
#ifndef TROUBLE_H
#define TROUBLE_H

#include "scenario.h"

enum { MAX_OUTAGES = 32 };

enum outage_effect { OUTAGE_PAUSE, OUTAGE_REJECT, OUTAGE_SLOW };

struct outage_spec {
    double at;         /* NAN: `every` */
    struct law every;  /* model NULL: `at` */
    struct law length; /* key `for` */
    double effect;     /* enum outage_effect; NAN: pause */
    double speed;      /* of OUTAGE_SLOW: of the consumers' own */
    double each;       /* flag; NAN: no */
};

enum crash_keeps { KEEPS_NOTHING, KEEPS_DURABLE, KEEPS_ALL };

struct crash_spec {
    double memory;             /* bytes; NAN: without end */
    double full_for;           /* NAN: it may be full for ever */
    struct law every, restart; /* model NULL: not by chance; for good */
    double keeps;              /* enum crash_keeps; NAN: nothing */
};

struct trouble_spec {
    struct crash_spec crash;
    double health_check; /* NAN: 0 */
    double outages_count;
    struct outage_spec outages[MAX_OUTAGES];
};

/* Whether machines fall over. */
bool crash_is_given(const struct crash_spec *crash);

/* Whether nothing ever befalls it. */
bool trouble_is_none(const struct trouble_spec *trouble);

/* Whether tasks are lost for it. */
bool trouble_loses(const struct trouble_spec *trouble);

/* Whether something befalls some stage once, at a time of the clock, or more comes then (burst.h):
 * what is measured then is no state of rest. Whether anything befalls any stage; whether there are
 * bursts, or tasks at time 0. */
bool scenario_has_moment(const struct scenario *s);
bool scenario_bursts(const struct scenario *s);
bool scenario_has_trouble(const struct scenario *s);

/* The rows of an element of `outages`, and of structs crash_spec and trouble_spec. */
extern const struct param outage_rows[], crash_rows[], health_rows[];

#endif
