/*
 * What befalls a stage (a part of struct stage_spec, stages.h): outages.
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

struct trouble_spec {
    double outages_count;
    struct outage_spec outages[MAX_OUTAGES];
};

/* Whether nothing ever befalls it. */
bool trouble_is_none(const struct trouble_spec *trouble);

/* Whether tasks are lost for it. */
bool trouble_loses(const struct trouble_spec *trouble);

/* Whether something befalls some stage once, at a time of the clock: what is measured then is no
 * state of rest. Whether anything befalls any. */
bool scenario_has_moment(const struct scenario *s);
bool scenario_has_trouble(const struct scenario *s);

/* The rows of an element of `outages`. */
extern const struct param outage_rows[];

#endif
