#include "source.h"

#include <stdlib.h>
#include <string.h>

#include "../base/err.h"
#include "../base/vmath.h"
#include "../scenario/stages.h"

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

/* Where tasks are drawn to. */
struct drawn {
    double *size, *patience;
    uint16_t *class;
};

/* Patience of n tasks whose classes are known; draws from number `first` on. */
static void draw_patience(struct source *source, uint64_t first, size_t n, struct drawn to)
{
    const struct scenario *s = &source->scenario;
    double draw[BLOCK];
    for (int c = 0; c < source->classes; c++) {
        const struct law *law = scenario_timeout(s, c);
        if (law)
            law_model(law)->fill(law->params, &source->patience_stream[c], first, n, draw);
        for (size_t i = 0; i < n; i++)
            if (to.class[i] == c)
                to.patience[i] = law ? draw[i] : INFINITY;
    }
}

/* The sizes of the tasks of class c. By masks: which class it is cannot be predicted, and gcc makes
 * a branch of a choice here. */
VECTOR_LOOP(choose_sizes,
            (int c, size_t n, const uint16_t *restrict class, const double *restrict draw,
             double *restrict size),
            (c, n, class, draw, size))
{
    for (size_t i = 0; i < n; i++) {
        uint64_t own = -(uint64_t)(class[i] == c);
        size[i] = vmath_of_bits((vmath_bits(draw[i]) & own) | (vmath_bits(size[i]) & ~own));
    }
}

/* Classes and sizes of n tasks, the first of which has draw number `first`. */
static void draw_sizes(struct source *source, uint64_t first, size_t n, struct drawn to)
{
    const struct scenario *s = &source->scenario;
    if (source->brings & BRINGS_SIZES)
        return;
    if (source->sizeless)
        memset(to.size, 0, n * sizeof *to.size);
    if (source->sizeless && source->classes == 1) {
        memset(to.class, 0, n * sizeof *to.class);
        return;
    }
    if (source->classes == 1) {
        const struct law *law = scenario_size(s, 0);
        law_model(law)->fill(law->params, &source->size_stream[0], first, n, to.size);
        memset(to.class, 0, n * sizeof *to.class);
        return;
    }
    double draw[BLOCK];
    if (!(source->brings & BRINGS_CLASSES)) {
        stream_uniforms(&source->class_stream, 0, first, n, draw);
        source_classes(source->class_edge, source->classes, n, draw, to.class);
    }
    if (source->sizeless)
        return;
    const struct law *drawn = NULL;
    for (int c = 0; c < source->classes; c++) {
        const struct law *law = scenario_size(s, c);
        if (c == 0 || law != drawn)
            law_model(law)->fill(law->params, &source->size_stream[c], first, n, draw);
        drawn = law;
        choose_sizes(c, n, to.class, draw, to.size);
    }
}

static void draw_tasks(struct source *source, uint64_t first, size_t n, struct drawn to)
{
    draw_sizes(source, first, n, to);
    if (source->impatient)
        draw_patience(source, first, n, to);
}

/* The block from element `at` on. */
static struct drawn block_from(struct source *source, size_t at)
{
    struct arrival_block *block = &source->block;
    return (struct drawn){block->size + at, source->patience + at, block->class + at};
}

void source_draw_sizes(struct source *source, uint64_t first, size_t n)
{
    draw_sizes(source, first, n, block_from(source, 0));
}

/* The stream of what a class has a law of its own for, or shares with the others. */
static struct stream stream_of_law(const struct source *source, int class, const char *what,
                                   bool own)
{
    const struct process_view *view = &source->view;
    const char *name = scenario_class_name(&source->scenario, class);
    return process_stream(view, own ? internf("tasks.classes.%s.%s", name, what)
                                    : internf("tasks.%s", what));
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
    const struct burst_spec *burst = source_burst(s, SPEC_MAIN_SOURCE);
    source->view.rate = scenario_event_rate(s);
    source->view.burst = burst_is_given(burst) ? burst : NULL;
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
    source_begin_as(source, s, seed, replication, NULL);
}

void source_begin_as(struct source *source, const struct scenario *s, uint64_t seed,
                     uint32_t replication, const char *name)
{
    source->view = (struct process_view){.seed = seed, .replication = replication, .source = name};
    source->view.stream = process_stream(&source->view, "arrivals");
    source->class_stream = process_stream(&source->view, "tasks.classes");
    take(source, s);
    memset(&source->state, 0, sizeof source->state);
    if (source->process->begin)
        source->process->begin(&source->view, &source->state);
    source->start = source->state;
    source->first = source->adopted = 0;
    source->at = source->n = source->gone = 0;
    source->at_start = false;
    source->draw = BLOCK;
    source->ended = false;
    source->clients = NULL;
    source->sizes = NULL;
    source->traits = NULL;
    source->sizeless = false;
    const double initial = source_burst(s, SPEC_MAIN_SOURCE)->initial;
    source->initial = initial > 0 ? (uint64_t)initial : 0;
    if (source->process->clients) {
        source->clients = xmalloc(sizeof *source->clients);
        uint64_t n = (uint64_t)source->process->clients(&source->view);
        bool traits = source->classes > 1 || source->impatient;
        uint64_t bytes = 2 * sizeof(double) + (traits ? sizeof *source->traits : 0);
        struct stream thoughts = process_stream(&source->view, "arrivals.think_time");
        clients_init(source->clients, n, bytes, &thoughts);
        uint64_t visits = source->clients->ahead > 1 ? n * source->clients->ahead : 0;
        if (visits > 0)
            source->sizes = xmalloc(visits * sizeof *source->sizes);
        if (visits > 0 && traits)
            source->traits = xmalloc(visits * sizeof *source->traits);
        adopt_clients(source, 0);
    }
}

void source_end(struct source *source)
{
    if (source->clients)
        clients_free(source->clients);
    free(source->clients);
    free(source->sizes);
    free(source->traits);
    source->clients = NULL;
    source->sizes = NULL;
    source->traits = NULL;
}

void source_draw_ahead(struct source *source, uint64_t client)
{
    const struct clients *clients = source->clients;
    uint64_t draw = clients_draw(clients, client), first = client * clients->ahead;
    if (clients->ahead == 1) {
        draw_tasks(source, draw, 1, block_from(source, source->at));
        return;
    }
    uint16_t class[AHEAD_MOST] = {0};
    double patience[AHEAD_MOST];
    draw_tasks(source, draw, clients->ahead,
               (struct drawn){source->sizes + first, patience, class});
    for (uint64_t i = 0; i < clients->ahead && source->traits; i++)
        source->traits[first + i] =
            (struct traits){source->impatient ? patience[i] : INFINITY, class[i]};
}

void source_hold_nobody(struct source *source)
{
    size_t i = source->at;
    source->client = CLIENTS_NOBODY;
    source->block.time[i] = INFINITY;
    source->block.size[i] = 0;
    source->block.class[i] = 0;
}

/* What makes its process faster for a while; NULL: nothing, or it heeds that by itself. */
static const struct burst_spec *hurries(const struct source *source)
{
    return source->process->bursts ? NULL : source->view.burst;
}

/* Those that are there at time 0 come first, then what the process brings. */
static size_t draw_times(struct source *source)
{
    double *time = source->block.time;
    const size_t most = source->draw;
    source->at_start = source->initial > 0;
    if (source->at_start) {
        size_t n = source->initial < most ? (size_t)source->initial : most;
        memset(time, 0, n * sizeof *time);
        source->initial -= n;
        return n;
    }
    const struct burst_spec *burst = hurries(source);
    size_t n = source->process->fill(&source->view, &source->state, most, &source->block);
    for (size_t i = 0; burst && i < n; i++)
        time[i] = burst_time(burst, time[i]);
    return n;
}

void source_refill(struct source *source)
{
    if (source->clients) {
        if (source->at == BLOCK) {
            source->first += BLOCK;
            source->at = 0;
        }
        source_hold(source);
        return;
    }
    source->first += source->n;
    source->at = 0;
    source->start = source->state;
    source->gone = 0;
    source->n = source->ended ? 0 : draw_times(source);
    source->draw = source->draw < BLOCK / 2 ? 2 * source->draw : BLOCK;
    if (source->n > 0) {
        draw_tasks(source, source->first, source->n, block_from(source, 0));
        return;
    }
    source->ended = true;
    source->n = 1;
    source->block.time[0] = INFINITY;
    source->block.size[0] = 0;
    source->block.class[0] = 0;
}

/* Leaves the next task as the block's first, with those after it or (`alone`) without them: then
 * the process is as it was when it had drawn it. */
static void keep_next(struct source *source, bool alone)
{
    struct arrival_block *block = &source->block;
    const size_t at = source->at, n = alone ? 1 : source->n - at;
    if (alone && source->at_start) {
        source->initial += source->n - at - 1;
    } else if (alone && !source->ended && at + 1 < source->n) {
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

/* What is to be in force: one parameter of those that are, or all of them. */
struct change {
    const struct param_ref *ref;
    double value;
    const struct scenario *whole; /* NULL: ref and value */
};

static void put(struct source *source, const struct change *change)
{
    if (change->whole)
        source->scenario = *change->whole;
    else
        param_put(&source->scenario, change->ref, change->value);
}

/* Bit by bit: what is not the same may do something else. */
static bool changed(const void *a, const void *b, size_t size)
{
    return memcmp(a, b, size) != 0;
}

static bool moves_arrivals(const struct source *source, const struct change *change)
{
    const struct scenario *s = &source->scenario;
    const size_t from = offsetof(struct scenario, arrivals), to = from + sizeof s->arrivals;
    if (change->whole)
        return changed(&s->arrivals, &change->whole->arrivals, sizeof s->arrivals);
    return change->ref && change->ref->offset >= from && change->ref->offset < to;
}

static void adopt(struct source *source, const struct change *change, double now)
{
    struct scenario *s = &source->scenario;
    if (source->clients) {
        put(source, change);
        settle(source);
        clients_stay(source->clients);
        adopt_clients(source, now);
        if (source->at < source->n)
            source_hold(source);
        return;
    }
    if (source->at == source->n)
        source_refill(source);
    const double rate = source->view.rate;
    bool moves = moves_arrivals(source, change);
    if (moves)
        keep_next(source, true);
    put(source, change);
    const double new_rate = scenario_event_rate(s);
    if (!moves)
        keep_next(source, !(rate == new_rate || (isnan(rate) && isnan(new_rate))));
    settle(source);
    expect_changes(source);
    if (source->ended)
        return;
    double ratio = rate / new_rate, time = source->block.time[0];
    if (time > now && ratio != 1 && isfinite(ratio)) {
        const struct burst_spec *burst = hurries(source);
        if (burst) {
            now = burst_own(burst, now);
            time = burst_own(burst, time);
        }
        source->state.time = now + (time - now) * ratio;
        source->block.time[0] = burst ? burst_time(burst, source->state.time) : source->state.time;
    }
    draw_tasks(source, source->first, source->n, block_from(source, 0));
}

void source_adopt(struct source *source, const struct param_ref *ref, double value, double now)
{
    adopt(source, &(struct change){ref, value, NULL}, now);
}

void source_adopt_all(struct source *source, const struct scenario *s, double now)
{
    adopt(source, &(struct change){NULL, NAN, s}, now);
}
