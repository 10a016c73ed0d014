/*
 * A timeline: a trial by the clock (run.windows), for windows.csv and timeline.png.
 *
 * Window k covers [k w, (k+1) w) of simulated time, from time 0 on, before the warm-up; the last
 * one ends, perhaps short of its width, where the measured stretch does (tasks that are followed
 * after that are in no window). What happens in a window counts there, whenever it began: arrivals,
 * completions and losses by their moments, waits and latencies of the tasks that completed in it.
 * So in every place and class, up to the end of any window, arrivals = completions + losses + tasks
 * inside; and the counts of all windows together are those of the run up to there.
 *
 * A quantile is that of all tasks which completed in that window, from their whole histogram, up to
 * the largest of them: it describes the window, however few they were, and no more. NAN where none
 * did. Means are over the window's time.
 *
 * Nothing of it is counted while tasks move: all is the difference between two moments, of cells
 * (cell.h) and of flows (engine.h). To that end tasks that nobody measures get a label, too: that
 * of cells behind all others (recorder.h: `spare`). So columns.csv has the same bytes with windows
 * as without.
 *
 * Times in seconds.
 */
#ifndef TIMELINE_H
#define TIMELINE_H

#include "engine.h"

/* What tasks of a class, or of all, did at a place in a window. */
struct window_tasks {
    uint64_t arrivals, completions, losses;
    double wait_p50, wait_p99, latency_p50, latency_p99, latency_max;
};

/* What a place was like in a window; NAN where it has nothing of the kind. */
struct window_place {
    double queue_mean, queue_max; /* tasks waiting, in the buffer or, paused, outside it */
    double in_service_mean;       /* tasks that a consumer serves or keeps, or that share them */
    double consumers;             /* that there were, on average; NAN: no end of them */
    double utilization;           /* of them; busy time over available time */
    double retries;               /* a count */
    double goodput;               /* answered in time, per second */
    double bytes;                 /* most held at once */
    unsigned state;               /* bit i: enum trouble, at some time in it */
};

struct timeline {
    double width;
    double end;                 /* of the last window */
    uint32_t n;                 /* windows */
    uint32_t places, rows;      /* classes and, where there are several, all of them (result.h) */
    bool cut;                   /* it has as many windows as it may, and the run went on */
    struct window_place *place; /* [window * places + place] */
    struct window_tasks *tasks; /* [(window * places + place) * rows + class] */
};

void timeline_free(struct timeline *t);
struct timeline *timeline_copy(const struct timeline *t);
size_t timeline_size(const struct timeline *t); /* bytes; of NULL 0 */

/* Whether the last window is shorter than the others. */
bool timeline_ends_short(const struct timeline *t);

/* Seconds that a window lasts. */
double timeline_length(const struct timeline *t, uint32_t window);

/* A timeline being made. Its cells are those of the recorder, spare ones included. */
struct timeline_clerk;

/* Shape of what is cut: slots of places x classes cells; `whole` is the place that is all.
 * `client`: the place that is that, or `places`. */
struct timeline_shape {
    double width;
    uint32_t slots, places, classes, whole, client;
    double most; /* windows: timeline->cut says that there would be more */
};
struct timeline_clerk *timeline_begin(const struct timeline_shape *shape);

/* When the window under way ends; INFINITY: when there are no more. */
double timeline_next(const struct timeline_clerk *clerk);

/* The window under way ends at `time`: with the flows of all places and the most that waited there,
 * since the last time. */
void timeline_cut(struct timeline_clerk *clerk, double time, struct cell *cells,
                  const struct flow *flows, const uint64_t *most);

/* Gives the timeline, and the cells the extremes back that it has taken out of them. */
struct timeline *timeline_end(struct timeline_clerk *clerk, struct cell *cells);

/* Words of enum trouble. */
extern const char *const trouble_names[TROUBLES];

#endif
