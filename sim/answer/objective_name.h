/*
 * What the name of an objective is of: the [STAGE.][CLASS.] before its measure (objective.h). For
 * objective.c.
 */
#ifndef OBJECTIVE_NAME_H
#define OBJECTIVE_NAME_H

#include "objective.h"

/* What follows [STAGE.][CLASS.] in `name`; sets the figure's place and class. NULL, with an error
 * at `at` that names the nearest: there is no such stage or class. */
const char *objective_of_what(const struct scenario *s, const char *name, struct place at,
                              struct objective *out, struct errors *errors);

/* Whether it is of one of several classes. */
bool objective_of_class(const struct scenario *s, const struct objective *o);

/* Whether a name is a quantile ("p99.9", "wait_p50"; p is 0 where it is none that can be asked
 * for), which it then sets: its point is no end of a class. */
bool objective_quantile(const char *name, struct objective *out);

#endif
