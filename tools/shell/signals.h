/*
 * Signals that ask the program to end: Ctrl-C, termination, a terminal that hangs up, and the
 * limits of CPU time and of the size of files.
 *
 * The first one is heeded wherever the program is:
 *   - before its work (reading a scenario, a log, a pipe that nobody writes into), where there is
 *     nothing to save yet: it ends at once;
 *   - at work: signals_stop asks the work to stop, and what is complete is saved. Work that has not
 *     stopped after a second of computing is given up (a journal keeps what `run` had finished);
 *   - after it (drawing, writing): what can be finished within a second is, and then it ends.
 * A second one ends it at once. Files that were being written are removed, and the exit status is
 * EXIT_INTERRUPTED.
 *
 * Two of them are no wish of a person's. A limit of CPU time (SIGXCPU) that the system would kill
 * at is met two seconds before, to have time for saving. A limit of file size (SIGXFSZ) stops work,
 * whose journal has met it; while results are written, the write that failed is told instead.
 * SIGHUP, SIGXCPU and SIGXFSZ stay ignored where they were when the program began (nohup).
 */
#ifndef SIGNALS_H
#define SIGNALS_H

#include <stdatomic.h>
#include <stdbool.h>

/* Set by the first signal. */
extern atomic_bool signals_stop;

enum signals_phase {
    SIGNALS_BEFORE, /* nothing to save: how a command begins */
    SIGNALS_WORK,   /* looks at signals_stop, and saves (progress.h says so) */
    SIGNALS_AFTER   /* drawing and writing */
};
void signals_phase(enum signals_phase phase);

/* From now on signals are caught. A closed pipe becomes a failed write instead of a signal. */
void signals_catch(void);

#endif
