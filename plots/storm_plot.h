/*
 * storm.png: a map of how often a system does not come back, loads from left to right, sizes of
 * what hits it upwards, the lowest row without any; the edge at which it is as likely as not, and
 * the fluid edge, from which on a storm feeds itself.
 */
#ifndef STORM_PLOT_H
#define STORM_PLOT_H

#include "../sim/answer/storm.h"
#include "png.h"

/* Of a judged storm. False, with an error, only where the picture cannot be made at all; `png` is
 * the caller's to bytes_free. */
bool plot_storm(const struct storm *storm, struct bytes *png, struct errors *errors);

#endif
