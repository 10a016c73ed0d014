/*
 * Progress on standard error: on a terminal a bar that is redrawn in place and wiped at the end;
 * elsewhere one plain line every few seconds; nothing when quiet.
 *
 * Several runs in a row (compare) share one progress: each takes its stretch of the whole.
 */
#ifndef PROGRESS_H
#define PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
    bool quiet, terminal;
    double from, to; /* the stretch of the whole that the current run stands for */
    uint64_t tasks_before;
    double seconds_before;
    uint64_t tasks; /* of the current run so far */
    double seconds;
    double printed; /* seconds at which the last plain line was printed */
};

void progress_begin(struct progress *progress, bool quiet);

/* The next run is number i of n equal ones. */
void progress_stretch(struct progress *progress, unsigned i, unsigned n);

/* The callback of struct run_options; the context is the progress. */
void progress_show(void *context, double share, uint64_t tasks, double seconds);

/* Wipes the bar; messages may follow. May be called again and again. */
void progress_end(const struct progress *progress);

#endif
