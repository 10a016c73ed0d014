/*
 * Between the files of the rules (scenario_check): what they judge by, and how they say it.
 *
 * What could not be read leaves gaps (places.h). A rule is left out where it needs what is in one:
 * what follows from an error that was told is no error of its own. The same goes for the swept
 * parameter and the varied keys, which the file need not give, where the sweep itself is a gap.
 */
#ifndef RULES_H
#define RULES_H

#include "../base/places.h"
#include "scenario.h"

struct checking {
    const struct scenario *s;
    const struct places *places;
    struct errors *errors;
};

/* Adds an error at the place of `path`, or of what is above it. Yields false. */
#define broken(c, path, ...) error_at((c)->errors, places_find((c)->places, (path)), __VA_ARGS__)

/* Whether `path` is missing for no fault of its own. */
bool rules_excused(const struct checking *c, const char *path);

/* Rules about `run`, and about a run of one column as a whole. */
void rules_run(const struct checking *c);
void rules_clock(const struct checking *c);

/* About the whole: columns, replications and classes; what the picture is to show. */
void rules_size(const struct checking *c);
void rules_picture(const struct checking *c);

#endif
