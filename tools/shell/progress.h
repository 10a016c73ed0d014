/*
 * Progress: from progress_begin to progress_end a command is at work, looks at signals_stop and
 * will save what it has (signals.h). And what is shown of it, on standard error: on a terminal a
 * bar that is redrawn in place and wiped at the end; elsewhere one plain line every few seconds;
 * nothing when quiet.
 */
#ifndef PROGRESS_H
#define PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
    bool quiet, terminal;
    const char *doing; /* what is being done, where nobody knows how much of it is left; or NULL */
    double printed;    /* seconds at which the last plain line was printed */
    unsigned round;    /* the bar is of, where there are several; else 0 */
    double shown, began; /* seconds at the last call, and at the beginning of the round */
};

/* Work begins. */
void progress_begin(struct progress *progress, bool quiet);

/* The callback of struct run_options; the context is the progress. */
void progress_show(void *context, double share, uint64_t tasks, double seconds);

/* Likewise: another round begins, and the bar with it. */
void progress_round(void *context, unsigned number);

/* Work has ended. Wipes the bar; messages may follow. May be called again and again. */
void progress_end(const struct progress *progress);

#endif
