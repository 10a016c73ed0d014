/*
 * A figure: all that a picture shows, as a plain value between the result and the drawing.
 *
 * Panels have the same axis of x and the same number of columns. Latencies in seconds; NAN: cannot
 * be given (a gap in a line, no mark). Where a picture is of waits, or of the number waiting, these
 * stand in the place of latencies everywhere. Texts are UTF-8, interned or constant.
 */
#ifndef FIGURE_H
#define FIGURE_H

#include "../sim/result/result.h"
#include "../sim/scenario/observed.h"
#include "axis.h"

enum { FIGURE_LINES = 3 }; /* quantiles drawn: p50, p99, p99.9 */
extern const char *const figure_line_names[FIGURE_LINES];

/* What a column's latencies are known to be from elsewhere, beside what was measured: in the order
 * of the lines, and last the mean. */
enum { KNOWN_MEAN = FIGURE_LINES, KNOWN_LINES };
struct figure_known {
    double latency[KNOWN_LINES];
    bool approximate;
};

/* Where a column's figures were taken from: which of the results, its column, and class and place
 * (a stage of a network), counted from 1 (FIGURE_WHOLE: all together; from end to end). */
enum { FIGURE_WHOLE = 0 };
struct figure_source {
    size_t result;
    uint32_t column, class, place;
};

struct figure_column {
    struct figure_source source;
    uint64_t offered, completed, lost, unfinished;
    struct histogram latency;    /* or wait, of the completed; or the time with so many waiting, in
                                    ticks (queue_time.h); owned */
    double max, mean, mean_half; /* half the 95 % interval of the mean */
    double q[FIGURE_LINES], low[FIGURE_LINES], high[FIGURE_LINES]; /* with ends of the 95 % band */
    double utilization;                                            /* offered */
    double arrival_rate, throughput;                               /* per second; NAN: not known */
    double waiting; /* mean number of tasks that wait; NAN: not known */
    bool unstable;  /* judged not stable */
};

struct figure_panel {
    const char *title; /* what differs; NULL where there is one panel */
    bool part;         /* of one class or stage, beside a panel of all together */
    struct figure_column *columns;
    double cliff; /* the value at which offered utilization reaches 1, or what cliff_name says */
    double cliff_low, cliff_high; /* what encloses it; NAN, or the same: it is exact */
    struct figure_known *known;   /* [columns]; NULL: nothing is */
    double *way;   /* [columns * figure.ways]: shares of the time by stage (way.h); NULL: none */
    double places; /* of the buffer, where the number waiting is drawn; 0: no line */
};

struct figure {
    const char *title, *subtitle, *footer;
    const char *x_name, *x_short; /* the name of the axis, and of the parameter in a label */
    struct axis x;                /* owns values and labels */
    size_t columns, n_panels;
    size_t ways;   /* parts of a way; 0: it is not told */
    size_t across; /* panels side by side; 0: as page_grid has it */
    struct figure_panel *panels;
    double time;    /* drift: seconds from the left to the right end; NAN otherwise */
    bool by_time;   /* the axis is time: columns are slices of one run */
    double colour;  /* enum picture_colour */
    double palette; /* palette.h */
    const char
        *cliff_name;  /* what the cliff is, and so that `today` is told; NULL: utilization 1 */
    double today;     /* where the scenario stands on the axis */
    double objective; /* a latency to keep to; NAN: none */
    const char *known_exact, *known_roughly; /* where it is known from; NULL: nowhere is it so */
    const struct observed *observed;         /* elsewhere; NULL: nothing, or not on this axis */
    size_t observed_column;
    bool marginal;                    /* the distribution over all columns is drawn too */
    enum picture_measure measure;     /* what columns hold: latencies, waits, the number waiting */
    double latency_low, latency_high; /* the axis of latency; 0: as the data have it */
    double colour_low, colour_high;   /* the scale of colours, likewise */
    int rows_per_decade;              /* 0: as many as there is room for */
    double text_scale;                /* 0: 1 */
    int width, height;
};

/* The figure of one result, or of several. titles as in plot.h. Where there are several classes of
 * tasks, each has a panel of its own (a column, of results of one column), unless picture.class
 * says otherwise; of a network each stage has (shown.h); `whole`: all together in any case. */
struct figure figure_of(const struct result *result, bool whole);
struct figure figure_compare(const struct result *const *results, size_t n,
                             const char *const *titles, const char *title);
/* Whether a column has nothing to draw. */
bool figure_is_bare(const struct figure *figure, const struct figure_column *column);

void figure_free(struct figure *figure);

#endif
