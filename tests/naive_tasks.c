/* What the naive simulator of one stage serves. */
#include "naive.h"

#include <assert.h>
#include <stdlib.h>

static size_t naive_fill(const struct process_view *view, struct process_state *state, size_t n,
                         struct arrival_block *out)
{
    const struct naive_arrivals *p = view->params;
    if (p->tasks > 0 && (double)(state->next + n) > p->tasks)
        n = (size_t)p->tasks - state->next;
    for (size_t i = 0; i < n; i++, state->next++) {
        double gap = -log(stream_uniform(&view->stream, 0, state->next)) / p->rate;
        double size = -log(stream_uniform(&view->stream, 1, state->next)) * p->mean_size;
        double class = stream_uniform(&view->stream, 2, state->next) * p->classes;
        state->time += p->grid != 0 ? floor(2 * gap) / 2 : gap;
        out->time[i] = state->time;
        out->size[i] = p->grid != 0 ? floor(2 * size) / 2 : size;
        out->class[i] = (uint16_t) class;
    }
    return n;
}

static double naive_length(const struct scenario *s)
{
    const struct naive_arrivals *p =
        (const struct naive_arrivals *)(const void *)s->arrivals.params;
    return p->tasks > 0 ? p->tasks : INFINITY;
}

static unsigned naive_brings(const struct scenario *s)
{
    (void)s;
    return BRINGS_SIZES | BRINGS_CLASSES | BRINGS_ORDER;
}

const struct arrival_process naive_process = {
    .model = {.name = "naive", .help = "for tests"},
    .fill = naive_fill,
    .length = naive_length,
    .brings = naive_brings,
};

const struct model *model_named(const struct family *family, const char *name)
{
    const struct model *const *m = family->models;
    while (*m && strcmp((*m)->name, name) != 0)
        m++;
    assert(*m);
    return *m;
}

struct naive_task *naive_tasks(const struct scenario *s, uint64_t seed, size_t n)
{
    struct source *source = xcalloc(1, sizeof *source);
    struct naive_task *tasks = xcalloc(n, sizeof *tasks);
    source_begin(source, s, seed, 0);
    for (size_t i = 0; i < n; i++, source_step(source)) {
        struct arrival a = source_peek(source);
        tasks[i] = (struct naive_task){.arrival = a.time, .size = a.size, .class = a.class};
        tasks[i].entered = tasks[i].started = tasks[i].left = NAN;
        tasks[i].rest = a.size;
        tasks[i].deadline = INFINITY;
        if (scenario_impatient(s))
            tasks[i].deadline = a.time + source->patience[source->at];
    }
    free(source);
    return tasks;
}
