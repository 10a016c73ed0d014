/*
 * Batch arrivals: at the times of a Poisson process several tasks arrive together. Gap and size of
 * batch b are draws b of "arrivals" and "arrivals.batch"; `rate` counts batches.
 */
#include "../sim/scenario/process.h"
#include "law.h"

struct batch {
    struct law batch;
};
_Static_assert(sizeof(struct batch) <= PROCESS_BYTES, "a process holds its parameters");

/* Words of the state. */
enum { LEFT, NEXT_BATCH };

enum { AHEAD = 64 }; /* batches drawn at a time */

static const struct param rows[] = {{.name = "batch",
                                     .kind = PARAM_GROUP,
                                     .offset = offsetof(struct batch, batch),
                                     .help = "tasks per arrival: geometric, deterministic or "
                                             "empirical whole numbers",
                                     .rows = law_rows},
                                    {0}};

struct ahead {
    uint64_t first;
    double gap[AHEAD], size[AHEAD];
};

/* Draws the aligned group of batches that holds number b. */
static void draw(const struct process_view *view, const struct stream *sizes, uint64_t b,
                 struct ahead *ahead)
{
    const struct batch *p = view->params;
    ahead->first = b - b % AHEAD;
    stream_uniforms(&view->stream, 0, ahead->first, AHEAD, ahead->gap);
    vblock_log(-1 / view->rate, AHEAD, ahead->gap);
    law_model(&p->batch)->fill(p->batch.params, sizes, ahead->first, AHEAD, ahead->size);
}

static size_t fill(const struct process_view *view, struct process_state *state, size_t n,
                   struct arrival_block *out)
{
    const struct stream sizes = process_stream(view, "arrivals.batch");
    struct ahead ahead = {.first = UINT64_MAX};
    for (size_t i = 0; i < n; i++) {
        if (state->words[LEFT] == 0) {
            uint64_t b = (uint64_t)state->words[NEXT_BATCH];
            if (b - b % AHEAD != ahead.first)
                draw(view, &sizes, b, &ahead);
            state->time += ahead.gap[b % AHEAD];
            state->words[LEFT] = ahead.size[b % AHEAD];
            state->words[NEXT_BATCH]++;
        }
        state->words[LEFT]--;
        out->time[i] = state->time;
    }
    state->next += n;
    return n;
}

static double task_rate(const struct process_view *view)
{
    const struct batch *p = view->params;
    return view->rate * law_mean(&p->batch);
}

/* Of a compound Poisson process: E[B^2] / E[B]. */
static double dispersion(const struct process_view *view)
{
    const struct batch *p = view->params;
    return law_model(&p->batch)->second(p->batch.params) / law_mean(&p->batch);
}

static const struct law *law_of(const struct process_view *view)
{
    return &((const struct batch *)view->params)->batch;
}

static bool check(const struct scenario *s, const void *params, const struct places *places,
                  struct errors *errors)
{
    static const char path[] = "arrivals.batch";
    (void)s;
    const struct batch *p = params;
    const struct distribution *model = law_model(&p->batch);
    struct place at = law_place(places, "arrivals", "batch");
    if (!model)
        return error_at(errors, at, "%s is missing: batch arrivals need the law of their sizes",
                        path);
    if (!law_check(&p->batch, path, places, errors))
        return false;
    if (!model->counts || !model->counts(p->batch.params))
        return error_at(errors, at,
                        "%s must be whole numbers from 1 up (%s is not): geometric {mean}, "
                        "deterministic {value} with a whole value, or empirical {file} of them",
                        path, model->model.name);
    return true;
}

const struct arrival_process process_batch = {
    .model = {"batch", "several tasks at once: groups at random times, at `rate` groups", rows},
    .fill = fill,
    .task_rate = task_rate,
    .dispersion = dispersion,
    .batch = law_of,
    .check = check,
    .batches = true,
    .needs_rate = true,
    .stationary = true,
};
