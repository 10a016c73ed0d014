/*
 * What timeline.png draws: lines over time, made of the windows of all replications
 * (sim/result/windows.h).
 *
 * A point is made of `group` windows in a row of every replication: so many that there are no more
 * points than a picture can tell apart. Of all their values it has the median and, where there is
 * more than one, those that a tenth of them do not reach and do not exceed (of fewer than five: the
 * least and the largest); of extremes (`most`) the largest. Where less than half of them have the
 * figure (nothing completed) there is no point.
 */
#ifndef TIMELINE_LINES_H
#define TIMELINE_LINES_H

#include "../sim/result/windows.h"

enum { TIMELINE_STAGES = 6, TIMELINE_LINES = TIMELINE_STAGES };

struct timeline_line {
    const char *name;
    uint32_t colour;
    bool most;                /* drawn as points */
    double *mid, *low, *high; /* by point; owned */
};

enum timeline_panel_kind {
    PANEL_LATENCY,
    PANEL_TRAFFIC,
    PANEL_WAITING,
    PANEL_TAKEN,     /* utilization */
    PANEL_CONSUMERS, /* where their number moves */
    PANEL_BYTES,     /* where tasks have any */
    TIMELINE_PANELS
};

struct timeline_panel {
    bool drawn;
    const char *name, *more; /* of the axis of y; what is left out, or NULL */
    enum unit unit;
    bool log;
    double from, to; /* of the axis of y */
    struct timeline_line line[TIMELINE_LINES];
    size_t n;
};

/* A place in whose windows something was wrong. */
struct timeline_trouble {
    const char *name;
    double *share[TROUBLES]; /* by point: of its windows; owned */
};

struct timeline_view {
    const struct result *result;
    size_t n, group;       /* points; windows of each */
    uint32_t replications; /* that there are */
    double width, length;  /* of a window; from 0 to where half of the replications end */
    double longest;        /* where the last of them ends */
    double warm_up;        /* mean over the replications */
    double *x;             /* by point: its middle, from 0 to 1; owned */
    double *wrong;         /* by point: share of windows in which anything was wrong; owned */
    uint32_t seen;         /* the place whose latency is drawn */
    uint32_t stage[TIMELINE_STAGES]; /* places that have lines of their own */
    size_t stages;
    struct timeline_panel panel[TIMELINE_PANELS];
    struct timeline_trouble trouble[TIMELINE_STAGES];
    size_t troubles;
};

/* Of a result with windows; at most so many points. */
void timeline_view_make(const struct result *result, size_t most, struct timeline_view *out);
void timeline_view_free(struct timeline_view *view);

/* The colour of stage i of those that have lines. */
extern const uint32_t timeline_stage_colour[TIMELINE_STAGES];

/* The picture in a sentence; how it is to be read. Interned. */
const char *timeline_sentence(const struct timeline_view *view);
const char *timeline_remarks(const struct timeline_view *view);

#endif
