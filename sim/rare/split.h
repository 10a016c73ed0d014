/*
 * Rare events by splitting: RESTART, in steady state.
 *
 * One long main path. Levels cut what a task finds at the door (the tasks inside, or the wait) into
 * regions. Where a path comes up to level i from below, factor - 1 retrials branch off it there
 * (walk.h), each with draws of its own, and end where they fall below that level again; the path
 * itself goes on. So in region i there are prod factor paths for each one that there would be, and
 * a task that is met there counts with weight 1 / prod factor. A path that comes up to several
 * levels at once branches at each.
 *
 *   Villen-Altamirano and Villen-Altamirano 1991, "RESTART: a method for accelerating rare event
 *   simulations", ITC-13; 1994, "RESTART: a straightforward method for fast simulation of rare
 *   events", WSC 1994. Garvels 2000, The Splitting Method in Rare Event Simulation, Twente, ch. 2
 *   and 3; Glasserman, Heidelberger, Shahabuddin and Zajic 1999, "Multilevel splitting for
 *   estimating rare event probabilities", Operations Research 47.
 *
 * Exactly unbiased for every task, whatever the levels: a path carries the number of its task, all
 * paths end with the last one, and of those that share a state at a branching each is as good as
 * the others. So the expected weight of the tasks met is their number on the main path, and the
 * weights of those that find x or more, over it, estimate the share of tasks that do. Levels decide
 * what it costs alone: the cost is even where the factor of a level is one over the share of those
 * in the region below that come up to it (Villen-Altamirano 1994, section 4).
 *
 * Levels come from pilot runs (after adaptive multilevel splitting: Garvels 2000, 3.5; Cerou and
 * Guyader 2007, Stochastic Analysis and Applications 25): each pilot splits at the levels known so
 * far and sees further up; levels are where a third of those below arrive, or the next whole
 * number; their factors make up for the rounding of those before.
 */
#ifndef SPLIT_H
#define SPLIT_H

#include <stdatomic.h>

#include "walk.h"

enum { SPLIT_LEVELS = 96 };

enum split_by { SPLIT_INSIDE, SPLIT_WAIT };

struct split_levels {
    size_t n;
    double at[SPLIT_LEVELS];         /* rising: region i + 1 is where at[i] or more is found */
    uint32_t factor[SPLIT_LEVELS];   /* at least 2 */
    double weight[SPLIT_LEVELS + 1]; /* of a task met in region i */
    double share[SPLIT_LEVELS];      /* of tasks that find at[i] or more: the pilot's guess */
};

struct split {
    const struct walk_stage *stage;
    enum split_by by;
    uint64_t warm_up, tasks; /* of the main path: left out, and measured */
    struct split_levels levels;
    double cost;          /* steps of all paths for each task of the main path: the pilot's */
    bool stalled;         /* the pilots did not get to the top */
    uint64_t spent;       /* steps of all pilots */
    uint64_t pilots_most; /* and those that they may take; 0: as many as they do */
};

/* What tasks found, by slot: the number inside (0 to all places taken), or the wait as in a
 * histogram's flat array (histogram.h). */
struct split_tally {
    size_t slots;
    double *weight, *sum; /* of the tasks, and of their waits; sum NULL for the number inside */
    uint32_t *seen;       /* tasks met, unweighted */
    double offered;       /* weight of all tasks */
    double counted;       /* of those in the slots: all, or (waits) those that are not lost */
    uint64_t steps;       /* tasks simulated, on all paths, the warm-up's too */
};

void split_tally_init(struct split_tally *tally, const struct split *split);
void split_tally_free(struct split_tally *tally);

/* One replication, added to the tally. It stops early, with `false`, where `stop` is set, and after
 * `most` steps. */
bool split_run(const struct split *split, uint64_t seed, uint32_t replication, uint64_t most,
               const atomic_bool *stop, struct split_tally *tally);

/* Chooses the levels, by pilots of main paths of `tasks` tasks, until a share of less than `rarest`
 * finds as much as the highest (0: up to a full buffer). `tally` is left with the last pilot. False
 * if stopped. */
bool split_pilot(struct split *split, uint64_t seed, uint64_t tasks, double rarest,
                 const atomic_bool *stop, struct split_tally *tally);

/* The smallest value that counts in a slot. */
double split_slot_low(enum split_by by, size_t slot);

#endif
