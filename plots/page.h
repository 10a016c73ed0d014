/*
 * A page: a figure laid out on a canvas.
 *
 * From the top: title, subtitle, legend, the panels in a grid (their title, axes above, plot,
 * strips, ticks below), the name of the axis, the footer. The colour bar stands at the right. Texts
 * are wrapped and then shrunk to fit; below 360 pixels of height subtitle and footer give way (the
 * chunks of the file still say everything).
 *
 * One panel of one column is drawn as its distribution instead (single.h).
 */
#ifndef PAGE_H
#define PAGE_H

#include "spectrogram.h"

/* Pages that are less high have no texts but the title and those at axes. */
enum { SMALLEST_PAGE = 360 };

/* What was drawn where, for those who read a picture back. */
struct page {
    struct shared shared;
    struct box bar;      /* the colour bar; h == 0: none */
    struct box marginal; /* the distribution over all columns; h == 0: none */
    size_t n;
    struct view *views; /* owned; one per panel */
};

/* Draws on a new canvas of the figure's size. NULL, with an error, if there can be none. `page` may
 * be NULL. */
struct canvas *page_draw(const struct figure *figure, struct page *page, struct errors *errors);
void page_free(struct page *page);

/* The title of a panel, made as short as it takes for all of the figure's to fit into `width` at
 * that size: "tasks.size.cv2 = 8" may become "cv2 = 8" or, at the shortest, "8". */
const char *page_panel_title(struct canvas *canvas, const struct figure *figure, size_t panel,
                             double width, double size);

/* Columns of the grid in which n panels are laid out. */
size_t page_grid(size_t n);

#endif
