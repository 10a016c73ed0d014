/*
 * High and low water (buffer.high_water, low_water): what waits at a station stops the sources that
 * tasks come from, and lets them go on.
 *
 * Looked at when all that follows from an event has happened: where as many wait (in the buffer or
 * outside it) as the high mark has, the sources from which tasks can come to the stage, by handing
 * on and by calls, are told to stop; later, where no more wait than the low mark has, to go on.
 * Each replica tells for itself. Sources hear of it signal_delay later, among resumptions. While
 * one station or more has told a source to stop its clock stands still: what would have come, and
 * the thoughts of its clients, come so much later. What has come is not stopped by it: clients
 * (ask.h) go on to give up, and to try again.
 *
 * `ignore`: a share of the tasks of a source goes by a clock of its own, which that stage does not
 * stop. Whether a task is one of them is drawn from "ignore" of the stage, by its number. Both
 * clocks run through the same tasks, and each takes those that go by it; tasks of a source at one
 * moment come in order of their numbers.
 */
#ifndef MARKS_H
#define MARKS_H

#include <stdbool.h>
#include <stdint.h>

struct net;
struct timer;

/* A clock of a source: inlet i, or n_inlets + i: of the tasks that ignore. */
struct source_clock {
    double lag;        /* for which it has stood still so far */
    double stopped_at; /* while `stops` > 0 */
    uint32_t stops;    /* stations that have told it to */
};

struct marks {
    struct mark {
        uint32_t station, stage;
        bool stopped; /* the last that was told */
    } * mark;
    uint32_t n, clocks;
    double *pauses;        /* by stage: how often it has told them to stop */
    bool *reach;           /* [inlet * stages + stage] */
    uint32_t *ignored;     /* by inlet: the stage whose marks some of its tasks ignore; NOBODY */
    struct drawn *ignores; /* by inlet */
    struct source_clock *clock;
    struct source *second; /* by inlet: of the second clocks; NULL: there are none */
};

void marks_begin(struct net *net); /* where no stage has marks net->marks stays NULL */
void marks_end(struct net *net);
void marks_look(struct net *net);
void marks_signal(struct net *net, struct timer timer);
bool marks_stop(const struct net *net); /* a clock stands still */

/* The time by a source's clock. The next task of a clock: net->next_arrival. */
struct source *marks_source(const struct net *net, uint32_t clock);
double marks_time(const struct net *net, uint32_t clock);
void marks_next(struct net *net, uint32_t clock);

/* Whether the next task of one comes before that of another. */
bool marks_before(const struct net *net, uint32_t a, uint32_t b);

#endif
