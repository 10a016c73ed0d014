/*
 * Figures made by hand, for the tests of the picture: no simulation is run for them.
 */
#ifndef FIGURES_H
#define FIGURES_H

#include "../plots/page.h"

enum { MAGMA = 1 }; /* the palette that they have */

/* 1440 x 900; panels with columns that are empty; nothing is known of them. */
struct figure figure_blank(size_t panels, size_t columns);

/* Counts one completed task. */
void figure_add(struct figure_column *column, double latency);

/* Latencies of an exponential law and something, growing towards the right; quantiles with bands;
 * utilization from 0.6 to 1.2; the cliff at 2. All panels alike. */
struct figure figure_typical(size_t panels, size_t columns);

/* Draws; fails the test if that cannot be done. `page` may be NULL. */
struct canvas *figure_draw(const struct figure *figure, struct page *page);
void figure_draw_free(struct figure *figure);

/* The pixel in the middle of a box. */
uint32_t figure_pixel(struct canvas *canvas, struct box box);

/* Whether a pixel of the box has that colour. */
bool figure_any(struct canvas *canvas, struct box box, uint32_t colour);

#endif
