/*
 * The panels of a comparison: scenarios x combinations of varied values.
 *
 * All panels have one seed (that of the first scenario), so that task k is the same task in each,
 * and one sweep: the same parameter, the same values. A panel's scenario keeps its compare.vary, so
 * that a comparison can be made again from the picture alone.
 */
#ifndef PANELS_H
#define PANELS_H

#include "options.h"

enum { PANEL_KEYS = MAX_VARY + 1 };

struct panel {
    struct scenario scenario;
    const char *title;              /* what differs: "path = value" */
    const char *heading;            /* the same in words, for the picture (describe_varied) */
    const char *values[PANEL_KEYS]; /* of `keys`, "" where the panel has none */
};

struct panels {
    struct panel *items;
    size_t n, n_keys;
    const char *keys[PANEL_KEYS]; /* first "scenario", where there are several; then varied paths */
};

/* Loads every scenario of `o`, and makes the panels, `most` of them. Errors are placed. */
bool panels_make(const struct options *o, size_t most, struct panels *panels,
                 struct errors *errors);
void panels_free(struct panels *panels);

#endif
