#include "source.h"

#include <stdlib.h>
#include <string.h>

#include "../base/err.h"
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

/* Patience of the n tasks of the block, whose classes are known; draws from number `first` on. */
static void draw_patience(struct source *source, uint64_t first, size_t n)
{
    const struct scenario *s = &source->scenario;
    double draw[BLOCK];
    for (int c = 0; c < source->classes; c++) {
        const struct law *law = scenario_timeout(s, c);
        if (law)
            law_model(law)->fill(law->params, &source->patience_stream[c], first, n, draw);
        for (size_t i = 0; i < n; i++)
            if (source->block.class[i] == c)
                source->patience[i] = law ? draw[i] : INFINITY;
    }
}

/* Classes and sizes of the n tasks of the block, the first of which has draw number `first`. */
static void draw_sizes(struct source *source, uint64_t first, size_t n)
{
    struct arrival_block *block = &source->block;
    const struct scenario *s = &source->scenario;
    if (source->brings & BRINGS_SIZES)
        return;
    if (source->classes == 1) {
        const struct law *law = scenario_size(s, 0);
        law_model(law)->fill(law->params, &source->size_stream[0], first, n, block->size);
        memset(block->class, 0, n * sizeof *block->class);
        return;
    }
    double draw[BLOCK];
    if (!(source->brings & BRINGS_CLASSES)) {
        stream_uniforms(&source->class_stream, 0, first, n, draw);
        source_classes(source->class_edge, source->classes, n, draw, block->class);
    }
    const struct law *drawn = NULL;
    for (int c = 0; c < source->classes; c++) {
        const struct law *law = scenario_size(s, c);
        if (c == 0 || law != drawn)
            law_model(law)->fill(law->params, &source->size_stream[c], first, n, draw);
        drawn = law;
        for (size_t i = 0; i < n; i++)
            block->size[i] = block->class[i] == c ? draw[i] : block->size[i];
    }
}

static void draw_tasks(struct source *source, uint64_t first, size_t n)
{
    draw_sizes(source, first, n);
    if (source->impatient)
        draw_patience(source, first, n);
}

/* The stream of what a class has a law of its own for, or shares with the others. */
static struct stream stream_of_law(const struct source *source, int class, const char *what,
                                   bool own)
{
    const struct process_view *view = &source->view;
    const char *name = scenario_class_name(&source->scenario, class);
    return stream_of(view->seed, view->replication,
                     own ? internf("tasks.classes.%s.%s", name, what) : internf("tasks.%s", what));
}

/* Streams have their names from what does not move: looked for once. */
static void find_streams(struct source *source)
{
    const struct scenario *s = &source->scenario;
    for (int c = 0; c < source->classes; c++) {
        const struct law *timeout = scenario_timeout(s, c);
        source->size_stream[c] = stream_of_law(source, c, "size", scenario_size(s, c) != &s->size);
        source->patience_stream[c] =
            stream_of_law(source, c, "timeout", timeout && timeout != &s->timeout);
    }
}

/* What follows from the scenario's parameters, as they are from now on. */
static void settle(struct source *source)
{
    const struct scenario *s = &source->scenario;
    source->view.rate = scenario_event_rate(s);
    source->impatient = scenario_impatient(s);
    double sum = 0;
    for (int c = 0; c < source->classes; c++)
        source->class_edge[c] = sum += scenario_share(s, c);
}

static void take(struct source *source, const struct scenario *s)
{
    source->scenario = *s;
    s = &source->scenario;
    source->process = (const struct arrival_process *)s->arrivals.process;
    source->view.scenario = s;
    source->view.params = s->arrivals.params;
    source->classes = scenario_classes(s);
    source->brings = source->process->brings ? source->process->brings(s) : 0;
    settle(source);
    find_streams(source);
}

static void adopt_clients(struct source *source, double now)
{
    const struct process_view *view = &source->view;
    clients_adopt(source->clients, (uint64_t)source->process->clients(view),
                  source->process->think(view), now);
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
    source->first = source->adopted = 0;
    source->at = source->n = source->gone = 0;
    source->draw = BLOCK;
    source->ended = false;
    source->clients = NULL;
    source->tasks = NULL;
    if (process_is_closed(s)) {
        source->clients = xmalloc(sizeof *source->clients);
        uint64_t n = (uint64_t)source->process->clients(&source->view);
        clients_init(source->clients, n, seed, replication);
        if (source->clients->ahead > 1)
            source->tasks = xmalloc(n * source->clients->ahead * sizeof *source->tasks);
        adopt_clients(source, 0);
    }
}

void source_end(struct source *source)
{
    if (source->clients)
        clients_free(source->clients);
    free(source->clients);
    free(source->tasks);
    source->clients = NULL;
    source->tasks = NULL;
}

/* The task of the client who has the block. */
static void draw_task(struct source *source)
{
    const struct clients *clients = source->clients;
    uint64_t draw = clients_draw(clients, source->client), at = clients_ahead(clients, draw);
    if (clients->ahead == 1) {
        draw_tasks(source, draw, 1);
        return;
    }
    struct arrival_block *block = &source->block;
    struct task_ahead *task = &source->tasks[source->client * clients->ahead];
    if (at == 0) {
        draw_tasks(source, draw, clients->ahead);
        for (uint64_t i = 0; i < clients->ahead; i++)
            task[i] = (struct task_ahead){block->size[i],
                                          source->impatient ? source->patience[i] : INFINITY,
                                          block->class[i]};
    }
    block->size[0] = task[at].size;
    block->class[0] = (uint16_t)task[at].class;
    source->patience[0] = task[at].patience;
}

/* Whoever is the first to have thought has the block; nobody: a task that never comes. */
static void hold_next(struct source *source)
{
    struct arrival_block *block = &source->block;
    event next = clients_next(source->clients);
    source->n = 1;
    block->time[0] = INFINITY;
    block->size[0] = 0;
    block->class[0] = 0;
    if (next == CALENDAR_NEVER)
        return;
    source->client = event_index(next);
    block->time[0] = event_time(next);
    draw_task(source);
}

void source_refill(struct source *source)
{
    source->first += source->n;
    source->at = 0;
    if (source->clients) {
        hold_next(source);
        return;
    }
    source->start = source->state;
    source->gone = 0;
    source->n = source->ended ? 0
                              : source->process->fill(&source->view, &source->state, source->draw,
                                                      &source->block);
    source->draw = source->draw < BLOCK / 2 ? 2 * source->draw : BLOCK;
    if (source->n > 0) {
        draw_tasks(source, source->first, source->n);
        return;
    }
    source->ended = true;
    source->n = 1;
    source->block.time[0] = INFINITY;
    source->block.size[0] = 0;
    source->block.class[0] = 0;
}

uint32_t source_send(struct source *source)
{
    clients_send(source->clients, source->client);
    source->at++;
    return (uint32_t)source->client;
}

void source_return(struct source *source, uint32_t client, double now)
{
    clients_return(source->clients, client, now);
    bool first = event_index(clients_next(source->clients)) != source->client;
    if (source->at < source->n && (first || isinf(source->block.time[0])))
        hold_next(source); /* it comes before the one that is looked at */
}

/* Leaves the next task as the block's first, with those after it or (`alone`) without them: then
 * the process is as it was when it had drawn it. */
static void keep_next(struct source *source, bool alone)
{
    struct arrival_block *block = &source->block;
    const size_t at = source->at, n = alone ? 1 : source->n - at;
    if (alone && !source->ended && at + 1 < source->n) {
        struct arrival_block again;
        source->state = source->start;
        source->process->fill(&source->view, &source->state, source->gone + at + 1, &again);
    }
    memmove(block->time, block->time + at, n * sizeof *block->time);
    memmove(block->size, block->size + at, n * sizeof *block->size);
    memmove(block->class, block->class + at, n * sizeof *block->class);
    source->first += at;
    source->gone += at;
    source->at = 0;
    source->n = n;
}

/* No more tasks are drawn at a time than are likely to come before the next change: those after it
 * would be drawn again. */
static void expect_changes(struct source *source)
{
    enum { FEWEST = 8 };
    uint64_t tasks = source->first - source->adopted;
    source->draw = tasks < FEWEST ? FEWEST : tasks < BLOCK ? (size_t)tasks : BLOCK;
    source->adopted = source->first;
}

void source_adopt(struct source *source, const struct param_ref *ref, double value, double now)
{
    struct scenario *s = &source->scenario;
    if (source->clients) {
        param_put(s, ref, value);
        settle(source);
        clients_stay(source->clients);
        adopt_clients(source, now);
        if (source->at < source->n)
            hold_next(source);
        return;
    }
    if (source->at == source->n)
        source_refill(source);
    const size_t from = offsetof(struct scenario, arrivals), to = from + sizeof s->arrivals;
    const double rate = source->view.rate;
    bool moves = ref->offset >= from && ref->offset < to;
    if (moves)
        keep_next(source, true);
    param_put(s, ref, value);
    const double new_rate = scenario_event_rate(s);
    if (!moves)
        keep_next(source, !(rate == new_rate || (isnan(rate) && isnan(new_rate))));
    settle(source);
    expect_changes(source);
    if (source->ended)
        return;
    double ratio = rate / new_rate, time = source->block.time[0];
    if (time > now && ratio != 1 && isfinite(ratio)) {
        source->block.time[0] = now + (time - now) * ratio;
        source->state.time = source->block.time[0];
    }
    draw_tasks(source, source->first, source->n);
}
