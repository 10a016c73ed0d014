/*
 * The panels of timeline.png (timeline.h says what is on it).
 */
#ifndef TIMELINE_PANEL_H
#define TIMELINE_PANEL_H

#include "canvas.h"
#include "frame.h"
#include "timeline_lines.h"

struct timeline_page {
    struct canvas *canvas;
    struct look look;
    double margin;
    struct timeline_view view;
    struct box plot[TIMELINE_PANELS], troubles; /* h == 0: not there */
    int left, right;
};

/* A panel, from its ground to the names at the ends of its lines; the rows of what was wrong; ticks
 * of time below the lowest. */
void timeline_draw_panel(const struct timeline_page *page, enum timeline_panel_kind kind);
void timeline_draw_troubles(const struct timeline_page *page);
void timeline_draw_time(const struct timeline_page *page, struct box lowest);

/* How wide the labels of a panel's axis of y are. */
double timeline_labels_width(const struct timeline_page *page, const struct timeline_panel *panel,
                             const struct box *plot);

#endif
