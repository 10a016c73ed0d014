/*
 * Which tasks a picture shows: each class by itself and then all together, or one of these
 * (picture.class).
 *
 * Of a network: each stage by itself, in the order of the scenario, then all from end to end and,
 * where somebody replies, what the client sees, each of all classes together or of the one that is
 * asked for; or one of these (picture.stage), by classes as above. Where there are too many stages
 * (SHOWN_STAGES of them, or of results of one column SHOWN_SINGLE), the slowest: those with the
 * highest mean latency in any column. Stages that take less than a ten thousandth of the way are
 * left out. Comparisons show all from end to end, unless a stage is asked
 * for.
 *
 * The number waiting is recorded of all classes and stages together.
 *
 * Several results are told by classes only where all have the same ones, by their names. A picture
 * holds PLOT_PANELS panels: where classes are too many for it, all together give way first; where
 * that is not enough, all together are what is shown.
 */
#ifndef SHOWN_H
#define SHOWN_H

#include "plot.h"

enum { SHOWN_STAGES = 8, SHOWN_SINGLE = 24, SHOWN_MOST = SHOWN_SINGLE + 2 };

struct shown {
    size_t n;
    const char *name[SHOWN_MOST]; /* of classes, or of stages; "all" */
    bool stages;                  /* names are of stages */
    const char *class;            /* of stages: the one that is drawn of each; "all" */
    const char *stage;            /* of classes: the one that is drawn; NULL: from end to end */
    bool one;                     /* what picture.class asks for, out of several */
    const char *note;             /* what is not shown, and how it can be; NULL: nothing */
};

/* `most`: classes that there is room for, all together counted as one. */
void shown_of(const struct result *const *results, size_t n, size_t most, struct shown *out);

/* The panels of one result: as above, stage by stage where that is what is drawn. `panels` false:
 * its stages or classes become columns of one panel. */
void shown_of_one(const struct result *result, bool panels, struct shown *out);

/* The title of its panel. */
const char *shown_title(const struct shown *shown, size_t i);

/* Where the figures of the i-th that is shown are: of result number `which`. */
struct figure_source shown_source(const struct shown *shown, size_t i, const struct result *result,
                                  size_t which);

#endif
