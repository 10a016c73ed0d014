/*
 * Ctrl-C and termination. The first SIGINT or SIGTERM asks the run to stop soon and to save what is
 * complete; a second one ends the program at once.
 */
#ifndef SIGNALS_H
#define SIGNALS_H

#include <stdatomic.h>
#include <stdbool.h>

/* Set by the first signal. */
extern atomic_bool signals_stop;

/* From now on signals are caught. A closed pipe becomes a failed write instead of a signal. */
void signals_catch(void);

#endif
