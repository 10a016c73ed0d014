/*
 * A comparison that has been simulated: its panels with their results, and the table of them that
 * `compare` prints.
 */
#ifndef COMPARISON_H
#define COMPARISON_H

#include <stdio.h>

#include "../shell/panels.h"
#include "overlay.h"

/* Results of panels: of all, or, interrupted, of those of which something is complete. */
struct comparison {
    const struct panels *all;
    const struct panel **panels;
    const struct result **results;
    size_t n;
    struct overlay overlay;
    const struct plot_known *known; /* NULL: no theory over the picture */
};

/* The last column before one in which some panel is unstable or within 5 % of it: there panels tell
 * most apart, and chance little. */
uint32_t comparison_last_before_edge(const struct comparison *comparison);

/* The first column, the last before the edge, and the last, panel by panel, of every class of tasks
 * and of all together. */
void comparison_print_table(const struct comparison *comparison, FILE *out);

#endif
