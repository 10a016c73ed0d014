/*
 * A trial under way: going on, and what has flowed so far. For trial.c.
 */
#ifndef TRIAL_COURSE_H
#define TRIAL_COURSE_H

#include "trial.h"

/* Its window ends where it stopped. */
enum { ENDED_EARLY = NOTE_BACKLOG | NOTE_INTERRUPTED | NOTE_STANDS_STILL | NOTE_DEADLOCK };

struct course {
    const struct scenario *s; /* as resolved, sweep and all */
    const struct engine *engine;
    void *state;
    struct source source;
    struct recorder recorder;
    struct queue_watch watch;
    struct trial *trial;
    struct flow *thirds; /* by third (two of them) and place: of the window under way */
    atomic_bool *stop;
    atomic_uint_fast64_t *progress;
    double tasks; /* to be measured, where that is not given by time */
    bool whole_trace;
    double cost;   /* tasks expected */
    uint64_t told; /* of them reported as done */
    bool over;     /* nothing more will happen: the source has ended, or the backlog is too long */
    struct timeline_clerk *clerk; /* of the timeline, while it is kept; NULL */
    struct flow *cut_flows;       /* by place: room for it */
    double clock;                 /* of the last arrival, when time was seen to have gone on */
    double still;                 /* arrivals since then */
};

/* Tasks that have arrived since time 0. */
uint64_t course_arrived(const struct course *c);

/* Tells `progress` that so many tasks are done. */
void course_report(struct course *c, double done);

/* Goes on until `tasks` have arrived in all, `time` is reached or, where asked for, the measured
 * tasks have left. True when that is why it stopped; false, and c->over, when it cannot go on. */
bool course_go(struct course *c, uint64_t tasks, double time, bool drained);

/* Goes on to `time`, exclusive: what happens at that very time belongs to what comes next. The
 * flow that is read then counts as of `time`. */
bool course_go_to(struct course *c, double time);

/* The flow of a place, and of the place that is all of it, as of now; and as of `time`, which
 * course_go_to has just gone to. A source that has ended leaves an empty system in which nothing
 * but time goes on. */
struct flow course_flow_of(const struct course *c, uint32_t place);
struct flow course_flow(const struct course *c);
struct flow course_flow_of_at(const struct course *c, uint32_t place, double time);
struct flow course_flow_at(const struct course *c, double time);

/* trial_timeline.c, where the scenario has run.windows; else these do nothing. Before the engine
 * begins; the slot of tasks that are not measured, up to the end of the timeline; when the window
 * under way ends (INFINITY: none is), and that it does, the course having gone there; the end. */
void course_open_timeline(struct course *c);
uint32_t course_unmeasured(const struct course *c);
double course_next_cut(const struct course *c);
void course_cut(struct course *c, double time);
void course_close_timeline(struct course *c, double end);
void course_forget_spare(struct course *c);

/* Measured tasks that have not left; of the others that have a label the recorder's count is freed
 * by this, for a while: an engine told to go on until it is 0 stops then, or before. */
uint64_t course_outstanding(struct course *c);

/* The flows of all places; a time that is NAN: as of now. */
void course_flows(const struct course *c, double time, struct flow *flows);

#endif
