/* Figures of theory in words, for `theory` and `validate`. */
#ifndef FIGURES_H
#define FIGURES_H

#include "../../sim/answer/validation.h"

/* Chance of a false alarm of all figures of a command together. */
#define FALSE_ALARM 1e-4

/* "p99 of the wait", "mean wait of gold". Interned, as all of these. */
const char *figure_name(const struct scenario *s, const struct theory_figure *figure);

/* A value of the figure: a time or a share; "-" where there is none. */
const char *figure_value(const struct theory_figure *figure, double value);

/* "+1.23"; of an approximation the difference, "(-3.1 %)". */
const char *figure_score(const struct validated *figure);

#endif
