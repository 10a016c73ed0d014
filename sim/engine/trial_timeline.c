/* A trial by the clock (timeline.h): its windows are cut while the course goes on. */
#include <stdlib.h>
#include <string.h>

#include "../base/err.h"
#include "trial_course.h"

/* Times of windows are products, those of the course sums: less apart than this they are meant to
 * be the same. */
#define SAME_TIME 1e-12

void course_open_timeline(struct course *c)
{
    struct trial *trial = c->trial;
    if (isnan(c->s->run.windows))
        return;
    uint32_t slots = trial->columns * trial->batches;
    size_t cells = trial_cells(trial), spare = (size_t)trial->places * trial->classes;
    trial->cells = xrealloc(trial->cells, (cells + spare) * sizeof *trial->cells);
    for (size_t i = cells; i < cells + spare; i++)
        cell_init(&trial->cells[i]);
    c->recorder.cells = trial->cells;
    c->recorder.spare = (uint32_t)cells;
    c->recorder.slot = slots;
    c->recorder.watch = &c->watch;
    c->watch.most = xcalloc(trial->places, sizeof *c->watch.most);
    c->watch.whole = trial->whole;
    c->cut_flows = xcalloc(trial->places, sizeof *c->cut_flows);
    c->clerk = timeline_begin(&(struct timeline_shape){.width = c->s->run.windows,
                                                       .slots = slots + 1,
                                                       .places = trial->places,
                                                       .classes = trial->classes,
                                                       .whole = trial->whole,
                                                       .client = trial->whole + 1,
                                                       .most = scenario_windows_most(c->s)});
}

uint32_t course_unmeasured(const struct course *c)
{
    return c->clerk ? c->trial->columns * c->trial->batches : UNMEASURED;
}

double course_next_cut(const struct course *c)
{
    return c->clerk ? timeline_next(c->clerk) : INFINITY;
}

void course_cut(struct course *c, double time)
{
    const struct trial *trial = c->trial;
    const double consumers = c->source.scenario.stage.consumers;
    for (uint32_t place = 0; place < trial->places; place++) {
        struct flow *flow = &c->cut_flows[place];
        *flow = course_flow_of_at(c, place, time);
        if (!c->engine->flow_of) {
            flow->available = consumers;
            flow->available_area = consumers * time;
            flow->bytes_peak = NAN;
        }
        queue_watch_most(&c->watch, place, time, flow->waiting);
    }
    queue_watch_to(&c->watch, time, c->cut_flows[trial->whole].waiting);
    timeline_cut(c->clerk, time, trial->cells, c->cut_flows, c->watch.most);
    if (c->engine->cuts)
        c->engine->cuts(c->state);
    memset(c->watch.most, 0, trial->places * sizeof *c->watch.most);
}

void course_close_timeline(struct course *c, double end)
{
    struct trial *trial = c->trial;
    if (!c->clerk)
        return;
    while (timeline_next(c->clerk) <= end * (1 + SAME_TIME))
        course_cut(c, timeline_next(c->clerk));
    course_cut(c, end);
    trial->timeline = timeline_end(c->clerk, trial->cells);
    c->clerk = NULL;
    free(c->watch.most);
    free(c->cut_flows);
    c->watch.most = NULL;
    c->cut_flows = NULL;
}

uint64_t course_outstanding(struct course *c)
{
    const struct trial *trial = c->trial;
    if (c->recorder.spare == 0)
        return c->recorder.outstanding;
    uint64_t measured = 0;
    for (uint32_t slot = 0; slot < trial->columns * trial->batches; slot++)
        for (uint32_t class = 0; class < trial->classes; class ++) {
            size_t at = ((size_t)slot * trial->places + trial->whole) * trial->classes + class;
            measured += cell_unfinished(&trial->cells[at]);
        }
    return c->recorder.outstanding = measured;
}

void course_forget_spare(struct course *c)
{
    size_t cells = trial_cells(c->trial);
    size_t spare = (size_t)c->trial->places * c->trial->classes;
    for (size_t i = cells; c->recorder.spare > 0 && i < cells + spare; i++)
        cell_free(&c->trial->cells[i]);
}
