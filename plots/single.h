/*
 * One column alone: the distribution of its latency, two ways, with latency up as elsewhere.
 *
 * Left, a bar for each row of latency (heat.h), as long as the share of tasks in it; right, the
 * share of tasks that took longer than a latency, on a log axis: a line that falls to one in ten,
 * one in a hundred, and so on. The quantiles are marked across both, with their values.
 */
#ifndef SINGLE_H
#define SINGLE_H

#include "view.h"

void single_draw(struct canvas *canvas, const struct figure *figure, const struct look *look,
                 double margin, double top, double bottom);

#endif
