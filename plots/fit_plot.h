/*
 * fit.png: what a log says, in six small pictures.
 *
 * Above, sizes: their density and the fitted laws (by the logarithm of the size), the share of
 * tasks beyond a size on two logarithmic scales, and the chosen law's quantiles against the
 * measured ones. Below: rate and mean size through time, the gaps against exponential ones, and
 * Hill's estimates of the tail index with the stable region.
 */
#ifndef FIT_PLOT_H
#define FIT_PLOT_H

#include "../sim/fit/fit.h"
#include "png.h"

/* The PNG; the text chunk "queuescope:scenario" holds `scenario`, the fitted one. `png` is the
 * caller's to bytes_free. */
bool fit_plot(const struct fit *fit, const char *scenario, struct bytes *png,
              struct errors *errors);

#endif
