/*
 * What was observed elsewhere (sim/scenario/observed.h), laid over what was simulated.
 *
 * In a spectrogram, at its column: a bracket for each of p50, p90 and p99, from the least to the
 * most that the buckets let it be; where there is no most, an arrow. Over a single column's share
 * of slower tasks: the band that the buckets leave. Nothing is drawn where nothing was observed.
 */
#ifndef OBSERVED_PLOT_H
#define OBSERVED_PLOT_H

#include "view.h"

/* The brackets, with their names beside them. */
void observed_brackets(struct canvas *canvas, struct view *view);

/* The pixel across of a share of slower tasks. */
typedef double observed_across(const void *context, double share);

/* The band: a box for each bucket, high as it is, from the share above it to that with it. */
void observed_band(struct canvas *canvas, const struct view *view, struct box clip,
                   observed_across *across, const void *context);

/* The samples of the legend. */
void observed_sample(struct canvas *canvas, struct box box, bool band);

extern const uint32_t observed_colour;

#endif
