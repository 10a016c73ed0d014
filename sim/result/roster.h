/*
 * The roster of a run: all trials of one or several scenarios, in the groups that workers take.
 *
 * A group holds trials of one scenario, neighbouring columns of one replication where it can be
 * (they have most in common, and an engine that runs trials side by side draws that once); where
 * scenarios next to each other have too few trials to fill a group, and may share one, they do, and
 * what they have in common is again replication by replication. Groups
 * are as large as the engine likes and as even as can be, and as many as make whole rounds of all
 * workers, so that none is left with nothing to do while the last is at work; costly ones come
 * first.
 */
#ifndef ROSTER_H
#define ROSTER_H

#include "run.h"

/* One trial to be done. */
struct roster_item {
    size_t part; /* scenario */
    struct trial_id id;
    double cost;   /* trial_cost */
    double effort; /* the same in like units of time, roughly; work is put in order by it */
    bool done;     /* by the run that this one resumes */
};

struct roster_group {
    size_t first, n; /* items; of one engine */
    double effort;
};

struct roster {
    struct roster_item *items;
    struct roster_group *groups;
    size_t n_items, n_groups;
    unsigned workers;
    double cost; /* of all */
};

/* For at most so many workers; fewer where there are not as many trials, or too little memory for
 * what they would have under way. */
void roster_make(struct roster *roster, const struct run_part *parts, size_t n, unsigned workers);
void roster_free(struct roster *roster);

#endif
