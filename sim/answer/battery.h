/* The battery of `queuescope validate`: systems that formulas know exactly, as scenario files. They
 * relax within some hundred tasks, and the sizes have moments enough for the scores to be normal.
 */
#ifndef BATTERY_H
#define BATTERY_H

#include <stddef.h>

struct battery_system {
    const char *name, *scenario; /* YAML */
};
extern const struct battery_system battery[];
extern const size_t battery_size;

#endif
