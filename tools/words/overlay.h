/*
 * Theory over the picture (picture.theory): what formulas say of the latency in every column that
 * they cover, for plots to draw and for a run to say in words how far simulation lies from it.
 */
#ifndef OVERLAY_H
#define OVERLAY_H

#include "../../plots/plot.h"
#include "../../sim/answer/validation.h"

struct overlay_column {
    const char *model, *why; /* as in struct theory */
    struct theory_figure mean;
};

struct overlay {
    struct plot_known known;
    struct figure_known *drawn;     /* as plot_known has it */
    struct overlay_column *columns; /* [panel * columns + column], of all classes together */
};

/* Of the panels of a picture, all with as many columns. False where the first asks for none: then
 * there is nothing to free. */
bool overlay_make(const struct result *const *panels, size_t n, struct overlay *out);
void overlay_free(struct overlay *overlay);

/* In how many columns theory knows the mean latency, and how far the simulated one lies from it: a
 * paragraph, interned. `panel`: which of them the result is. */
const char *overlay_words(const struct overlay *overlay, const struct result *result, size_t panel);

#endif
