/*
 * One objective of a plan, drawn: its figure at every value that was tried, with intervals, the
 * limit, and the answer (plan_plot.h says what is on the page).
 */
#ifndef PLAN_PANEL_H
#define PLAN_PANEL_H

#include "../sim/answer/answer.h"
#include "axis.h"
#include "frame.h"

/* What all panels share. */
struct plan_page {
    struct canvas *canvas;
    const struct answer *answer;
    const struct line *line; /* drawn */
    struct look look;
    struct axis x;
    double margin;
    size_t first, last; /* indices of the longest span that are on it */
};

struct plan_panel {
    const struct plan_page *sheet;
    size_t objective;
    struct box plot;
    struct axis y;
};

/* Chooses the stretch of the longest span that is drawn: the axis of x. */
void plan_window(struct plan_page *page);

/* `first` has the answer's name above it, `last` the labels of the axis of x below. */
void plan_panel_draw(struct plan_panel *panel, bool first, bool last);

/* The mark of a finding: met, a full square; unmet, a cross; undecided, an empty square. */
void plan_mark(struct canvas *canvas, double scale, double x, double y, enum finding finding);

struct text_style plan_style(const struct look *look, uint32_t colour, double align);

#endif
