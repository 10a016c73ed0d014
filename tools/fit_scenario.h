/*
 * What a log asks for, as a scenario file that is ready to run.
 */
#ifndef FIT_SCENARIO_H
#define FIT_SCENARIO_H

#include "../sim/fit/fit.h"

/* The YAML, with remarks on where its figures are from. xmalloc'ed. It is sound: queuescope check
 * passes it. */
char *fit_scenario_text(const struct fit *fit);

/* The lines of a scenario that replays the tasks of `file` as they were. Interned. */
const char *fit_replay_lines(const struct fit *fit, const char *file);

/* A law as a scenario has it: {distribution: lognormal, mean: 150 ms, cv2: 2}. Interned. */
const char *fit_law_text(const struct law *law);

#endif
