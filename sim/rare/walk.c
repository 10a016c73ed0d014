#include "walk.h"

#include <stdlib.h>
#include <string.h>

#include "../base/err.h"
#include "../engine/stability.h"

/* Branches are short, most of them: they draw a few numbers at first, then more. */
enum { GRAIN = 16, GROWTH = 4 };

void walk_stage_of(const struct scenario *column, bool counts, struct walk_stage *out)
{
    const struct arrival_process *process =
        (const struct arrival_process *)column->arrivals.process;
    *out = (struct walk_stage){.s = column,
                               .process = process,
                               .size = law_model(scenario_size(column, 0)),
                               .rate = scenario_event_rate(column),
                               .speed = column->stage.speed,
                               .consumers = (uint32_t)column->stage.consumers,
                               .bounded = stability_loses(column),
                               .counts = counts,
                               .independent = process->units || process->gaps};
    if (out->bounded)
        out->places = (uint32_t)column->stage.capacity;
}

void walk_init(struct walk *walk, const struct walk_stage *stage)
{
    *walk = (struct walk){.stage = stage};
    walk->free = xcalloc(stage->consumers, sizeof *walk->free);
    if (stage->places && !stage->counts)
        walk->begun = xcalloc(stage->places, sizeof *walk->begun);
}

void walk_free(struct walk *walk)
{
    free(walk->free);
    free(walk->begun);
    *walk = (struct walk){0};
}

static void take_streams(struct walk *walk, uint64_t seed, uint32_t replication)
{
    const struct walk_stage *stage = walk->stage;
    walk->view = (struct process_view){.params = stage->s->arrivals.params,
                                       .rate = stage->rate,
                                       .seed = seed,
                                       .replication = replication,
                                       .stream = stream_of(seed, replication, "arrivals"),
                                       .scenario = stage->s};
    walk->sizes = stream_of(seed, replication, "tasks.size");
    walk->at = walk->n = walk->size_at = walk->size_n = 0;
    walk->size_next = 0;
}

void walk_begin(struct walk *walk, uint64_t seed, uint32_t replication)
{
    take_streams(walk, seed, replication);
    memset(&walk->after, 0, sizeof walk->after);
    if (walk->stage->process->begin)
        walk->stage->process->begin(&walk->view, &walk->after);
    memset(walk->free, 0, walk->stage->consumers * sizeof *walk->free);
    walk->head = walk->tail = walk->task = 0;
    walk->time = walk->wait = 0;
    walk->waiting = walk->inside = 0;
    walk->grain = BLOCK;
}

/* The state of the process just after the task at the door has come. */
static void state_at(const struct walk *walk, struct process_state *out)
{
    if (walk->stage->independent) {
        memset(out, 0, sizeof *out);
        out->time = walk->time;
        return;
    }
    struct arrival_block again;
    *out = walk->before;
    walk->stage->process->fill(&walk->view, out, walk->at, &again);
}

void walk_branch(struct walk *walk, const struct walk *from, uint64_t seed, uint32_t replication)
{
    struct process_state state;
    state_at(from, &state);
    take_streams(walk, seed, replication);
    walk->before = walk->after = state;
    walk->grain = GRAIN;
    walk->task = from->task;
    walk->time = from->time;
    walk->wait = from->wait;
    walk->waiting = from->waiting;
    walk->inside = from->inside;
    memcpy(walk->free, from->free, walk->stage->consumers * sizeof *walk->free);
    walk->head = 0;
    walk->tail = from->tail - from->head;
    for (uint64_t i = from->head; i < from->tail; i++)
        walk->begun[i - from->head] = from->begun[i % walk->stage->places];
}

static void draw_times(struct walk *walk)
{
    walk->before = walk->after;
    walk->n = walk->stage->process->fill(&walk->view, &walk->after, walk->grain, &walk->block);
    walk->at = 0;
    walk->grain = walk->grain * GROWTH < BLOCK ? walk->grain * GROWTH : BLOCK;
}

static double next_size(struct walk *walk)
{
    if (walk->size_at == walk->size_n) {
        const struct law *law = scenario_size(walk->stage->s, 0);
        size_t n = walk->grain;
        walk->stage->size->fill(law->params, &walk->sizes, walk->size_next, n, walk->size);
        walk->size_next += n;
        walk->size_at = 0;
        walk->size_n = n;
    }
    return walk->size[walk->size_at++];
}

/* Consumers still busy at `time`: `free` is sorted. */
static uint32_t busy(const struct walk *walk, double time)
{
    uint32_t low = 0, high = walk->stage->consumers;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (walk->free[middle] > time)
            high = middle;
        else
            low = middle + 1;
    }
    return walk->stage->consumers - low;
}

/* The consumer that is free first is busy from `start` on with a task of this size. */
static void occupy(struct walk *walk, double start, double size)
{
    double done = start + size / walk->stage->speed;
    uint32_t i = 1;
    for (; i < walk->stage->consumers && walk->free[i] < done; i++)
        walk->free[i - 1] = walk->free[i];
    walk->free[i - 1] = done;
}

/* Those that wait begin as consumers are done, up to now. */
static void begin_waiting(struct walk *walk)
{
    for (; walk->waiting > 0 && walk->free[0] <= walk->time; walk->waiting--)
        occupy(walk, walk->free[0], next_size(walk));
}

static void forget_begun(struct walk *walk)
{
    while (walk->head < walk->tail && walk->begun[walk->head % walk->stage->places] <= walk->time)
        walk->head++;
    walk->waiting = (uint32_t)(walk->tail - walk->head);
}

void walk_arrive(struct walk *walk)
{
    const struct walk_stage *stage = walk->stage;
    if (walk->at == walk->n)
        draw_times(walk);
    double time = walk->time = walk->block.time[walk->at++];
    walk->task++;
    if (stage->counts)
        begin_waiting(walk);
    else if (stage->bounded)
        forget_begun(walk);
    walk->wait = walk->free[0] > time ? walk->free[0] - time : 0;
    if (stage->bounded)
        walk->inside = walk->waiting ? walk->waiting + stage->consumers : busy(walk, time);
}

void walk_serve(struct walk *walk)
{
    const struct walk_stage *stage = walk->stage;
    if (stage->counts && walk->wait > 0) {
        walk->waiting += !walk_loses(walk);
        return;
    }
    double size = next_size(walk); /* a lost task has one, too: sizes are numbered by task */
    if (walk_loses(walk))
        return;
    double start = walk->free[0] > walk->time ? walk->free[0] : walk->time;
    occupy(walk, start, size);
    if (stage->bounded && start > walk->time)
        walk->begun[walk->tail++ % stage->places] = start;
}
