/*
 * Which tasks a picture shows: each class by itself and then all together, or one of these
 * (picture.class).
 *
 * The number waiting is recorded of all classes together.
 *
 * Several results are told by classes only where all have the same ones, by their names. A picture
 * holds PLOT_PANELS panels: where classes are too many for it, all together give way first; where
 * that is not enough, all together are what is shown.
 */
#ifndef SHOWN_H
#define SHOWN_H

#include "plot.h"

enum { SHOWN_MOST = MAX_CLASSES + 1 };

struct shown {
    size_t n;
    const char *name[SHOWN_MOST]; /* of classes; "all" */
    bool one;                     /* what picture.class asks for, out of several */
    const char *note;             /* what is not shown, and how it can be; NULL: nothing */
};

/* `most`: classes that there is room for, all together counted as one. */
void shown_of(const struct result *const *results, size_t n, size_t most, struct shown *out);

/* The class of a result by its name, as figure_source has it. */
uint32_t shown_class(const struct result *result, const char *name);

#endif
