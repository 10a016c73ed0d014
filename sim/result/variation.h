/*
 * How irregular the traffic of a place of a network is: the squared coefficient of variation of the
 * times between its arrivals, and between the tasks that leave it served, over the windows of all
 * replications: n sum t^2 / (sum t)^2 - 1 of n times t. (1: Poisson; it is what a queue hands on to
 * the next that its mean wait there depends on: Whitt 1983, "The queueing network analyzer", Bell
 * System Technical Journal 62.) The times of a window are those that end in it.
 *
 * The interval is the jackknife's over replications, with Student's t (Miller 1974, "The jackknife:
 * a review", Biometrika 61): the figure is a ratio of sums, and replications are independent.
 */
#ifndef VARIATION_H
#define VARIATION_H

#include "../engine/trial.h"

struct variation {
    double value, half; /* half-width at 95 %; NAN: cannot be given */
};

struct variation variation_arrivals(const struct window *windows, size_t n);
struct variation variation_departures(const struct window *windows, size_t n);

#endif
