/*
 * Strips: what else a column did, below its latencies, on a scale of their own that starts at 0 and
 * is the same in all panels.
 *
 *   lost        share of the offered tasks that left unserved; where any did
 *   throughput  tasks served per second, and the arrival rate as a thin line; where columns stand
 *               for themselves (no drift) and one of them lost tasks or is not stable, and by that
 *               served fewer than arrived, by more than 1 %; and where columns are slices of time
 *   waiting     mean number of tasks that wait; where columns are slices of time
 *   time        by stage: the share of a request's time that is spent at each (way.h); of networks
 *               whose stages are shown
 *   tasks       tasks offered; where columns differ in it, and are no slices of time
 *
 * A strip gives way, the last first, where the plot would be left with too little height: twice
 * that of the strips, or once where only losses are told of.
 */
#ifndef STRIPS_H
#define STRIPS_H

#include "spectrogram.h"

/* The upper ends of the scales. */
void strips_share(const struct figure *figure, struct shared *shared);

/* For `room`, the height of a plot and its strips: how high strips are, and whether some have to be
 * left out. */
void strips_fit(const struct look *look, bool alone, int room, struct shared *shared);

/* Height of all strips with the gaps above them. */
int strips_height(const struct look *look, const struct shared *shared);

/* Puts the strips below the plot. */
void strips_place(struct view *view, const struct shared *shared);

/* The lower end of the lowest strip, or of the plot. */
int strips_bottom(const struct view *view);

void strips_draw(struct canvas *canvas, const struct view *view, const struct shared *shared);

/* Names and ends of the scales, left of the strips; and the width that they need. */
void strips_label(struct canvas *canvas, const struct view *view, const struct shared *shared);
double strips_label_width(struct canvas *canvas, const struct look *look,
                          const struct shared *shared);

/* The line of the arrival rate. */
struct line_style strips_reference(const struct look *look);

extern const uint32_t strips_colour[STRIPS];

#endif
