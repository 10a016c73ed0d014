/*
 * One panel: heat, marked rows, quantile lines with their bands, the slowest task of each column,
 * the cliff, and the strips below.
 *
 * Drawn from back to front: grid lines, cells, hatches, bands, lines, points, marks, labels.
 * A column in which nothing was completed is hatched grey over its whole height; unfinished tasks
 * are a hatched row at the top, coloured by their share. A red bar along the upper edge marks
 * columns that are not stable.
 */
#ifndef SPECTROGRAM_H
#define SPECTROGRAM_H

#include "view.h"

/* How high strips are drawn: of a panel by itself, of one among several, where there is little
 * room.
 */
enum strip_size { STRIP_HIGH, STRIP_HALF, STRIP_LOW, STRIP_SIZES };

/* What all panels of a picture share. */
struct shared {
    struct heat_scale scale;
    struct ticks latency;
    double strip_top[STRIPS]; /* upper ends of the strips' scales, which start at 0; 0: no strip */
    enum strip_size strip_size;
};

void spectrogram_draw(struct canvas *canvas, struct view *view, const struct shared *shared);

/* Lines at the labelled ticks of latency, across a box beside or on the plot. */
void spectrogram_grid(struct canvas *canvas, const struct view *view, const struct ticks *latency,
                      struct box across);

/* A line in the style of quantile `line` (0 to FIGURE_LINES - 1). */
void spectrogram_line(struct canvas *canvas, const struct look *look, int palette, int line,
                      struct box clip, const double *x, const double *y, size_t n);

/* Labels at the right ends of the lines: in the margin, or where a line ends before the plot does.
 */
void spectrogram_end_labels(struct canvas *canvas, struct view *view);

extern const uint32_t spectrogram_cliff_colour, spectrogram_ink, spectrogram_soft,
    spectrogram_hatch, spectrogram_unfinished, spectrogram_max, spectrogram_unstable;

#endif
