/*
 * Where what `fit` writes goes: a folder and the names in it.
 *
 * -o DIR has scenario.yaml, fit.png and so on; -o NAME.yaml has NAME.yaml, NAME.png and so on
 * beside it.
 */
#ifndef FIT_GOAL_H
#define FIT_GOAL_H

#include "../shell/options.h"

struct goal {
    const char *folder, *scenario, *picture, *trace, *replay;
    const char *beside; /* what the names of other files begin with */
};
struct goal fit_goal(const struct options *o);

#endif
