#include "source.h"

#include <string.h>

#include "../base/vmath.h"

/* Class of each task from its uniform: how many of the cumulated shares it reaches. */
VECTOR_LOOP(source_classes,
            (const double *edge, int classes, size_t n, const double *restrict u,
             uint16_t *restrict class),
            (edge, classes, n, u, class))
{
    memset(class, 0, n * sizeof *class);
    for (int c = 0; c < classes - 1; c++)
        for (size_t i = 0; i < n; i++)
            class[i] = (uint16_t)(class[i] + (u[i] >= edge[c]));
}

/* Classes and sizes of the n tasks of the block, the first of which is number source->first. */
static void draw_tasks(struct source *source, size_t n)
{
    struct arrival_block *block = &source->block;
    const struct scenario *s = &source->scenario;
    if (source->brings & BRINGS_SIZES)
        return;
    if (source->classes == 1) {
        const struct law *law = scenario_size(s, 0);
        law_model(law)->fill(law->params, &source->size_stream[0], source->first, n, block->size);
        memset(block->class, 0, n * sizeof *block->class);
        return;
    }
    double draw[BLOCK];
    if (!(source->brings & BRINGS_CLASSES)) {
        stream_uniforms(&source->class_stream, 0, source->first, n, draw);
        source_classes(source->class_edge, source->classes, n, draw, block->class);
    }
    const struct law *drawn = NULL;
    for (int c = 0; c < source->classes; c++) {
        const struct law *law = scenario_size(s, c);
        if (c == 0 || law != drawn)
            law_model(law)->fill(law->params, &source->size_stream[c], source->first, n, draw);
        drawn = law;
        for (size_t i = 0; i < n; i++)
            block->size[i] = block->class[i] == c ? draw[i] : block->size[i];
    }
}

/* The parameters of `s` from now on. */
static void take(struct source *source, const struct scenario *s)
{
    source->scenario = *s;
    s = &source->scenario;
    source->process = (const struct arrival_process *)s->arrivals.process;
    source->view.scenario = s;
    source->view.params = s->arrivals.params;
    source->view.rate = scenario_event_rate(s);
    source->classes = scenario_classes(s);
    source->brings = source->process->brings ? source->process->brings(s) : 0;
    const struct process_view *view = &source->view;
    double sum = 0;
    for (int c = 0; c < source->classes; c++) {
        source->class_edge[c] = sum += scenario_share(s, c);
        const char *path = scenario_size(s, c) == &s->size
                               ? "tasks.size"
                               : internf("tasks.classes.%s.size", scenario_class_name(s, c));
        source->size_stream[c] = stream_of(view->seed, view->replication, path);
    }
}

void source_begin(struct source *source, const struct scenario *s, uint64_t seed,
                  uint32_t replication)
{
    source->view = (struct process_view){.seed = seed, .replication = replication};
    source->view.stream = stream_of(seed, replication, "arrivals");
    source->class_stream = stream_of(seed, replication, "tasks.classes");
    take(source, s);
    memset(&source->state, 0, sizeof source->state);
    if (source->process->begin)
        source->process->begin(&source->view, &source->state);
    source->start = source->state;
    source->first = 0;
    source->at = source->n = 0;
    source->ended = false;
}

void source_refill(struct source *source)
{
    source->first += source->n;
    source->at = 0;
    source->start = source->state;
    source->n = source->ended
                    ? 0
                    : source->process->fill(&source->view, &source->state, BLOCK, &source->block);
    if (source->n > 0) {
        draw_tasks(source, source->n);
        return;
    }
    source->ended = true;
    source->n = 1;
    source->block.time[0] = INFINITY;
    source->block.size[0] = 0;
    source->block.class[0] = 0;
}

void source_adopt(struct source *source, const struct scenario *s, double now)
{
    if (source->at == source->n)
        source_refill(source);
    size_t at = source->at;
    struct arrival_block *block = &source->block;
    double time = block->time[at], rate = source->view.rate;
    if (!source->ended && at + 1 < source->n) {
        source->state = source->start;
        struct arrival_block again;
        source->process->fill(&source->view, &source->state, at + 1, &again);
    }
    block->time[0] = time;
    block->size[0] = block->size[at];
    block->class[0] = block->class[at];
    source->first += at;
    source->at = 0;
    source->n = 1;
    take(source, s);
    if (source->ended)
        return;
    double ratio = rate / source->view.rate;
    if (time > now && ratio != 1 && isfinite(ratio)) {
        block->time[0] = now + (time - now) * ratio;
        source->state.time = block->time[0];
    }
    draw_tasks(source, 1);
}
