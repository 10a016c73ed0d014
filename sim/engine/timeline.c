#include "timeline.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../base/err.h"

const char *const trouble_names[TROUBLES] = {"outage", "crashed", "open"};

/* What a cell held at the end of the last window. */
struct seen {
    uint64_t offered, completed, lost;
    struct histogram wait, latency;
    double latency_min, latency_max; /* of all windows so far: the cell begins anew in each */
};

/* What happened in this window. */
struct sum {
    uint64_t arrivals, completions, losses;
    struct histogram wait, latency;
    double latency_min, latency_max;
};

struct timeline_clerk {
    struct timeline_shape shape;
    struct timeline *timeline;
    uint32_t room; /* windows that the timeline has place for */
    struct seen *seen;
    struct flow *flows; /* by place, at the end of the last window */
    struct sum *sums;   /* by row */
};

/* Less of a width is none: the times of windows are products. */
#define NO_TIME 1e-9

void timeline_free(struct timeline *t)
{
    if (!t)
        return;
    free(t->place);
    free(t->tasks);
    free(t);
}

size_t timeline_size(const struct timeline *t)
{
    if (!t)
        return 0;
    size_t places = (size_t)t->n * t->places;
    return sizeof *t + places * (sizeof *t->place + t->rows * sizeof *t->tasks);
}

struct timeline *timeline_copy(const struct timeline *t)
{
    struct timeline *copy = xmalloc(sizeof *copy);
    size_t places = (size_t)t->n * t->places, tasks = places * t->rows;
    *copy = *t;
    copy->place = xmalloc(places * sizeof *copy->place);
    copy->tasks = xmalloc(tasks * sizeof *copy->tasks);
    memcpy(copy->place, t->place, places * sizeof *copy->place);
    memcpy(copy->tasks, t->tasks, tasks * sizeof *copy->tasks);
    return copy;
}

double timeline_length(const struct timeline *t, uint32_t window)
{
    return fmin((window + 1) * t->width, t->end) - window * t->width;
}

bool timeline_ends_short(const struct timeline *t)
{
    return t->n > 0 && t->end < (t->n - NO_TIME) * t->width;
}

static size_t cells_of(const struct timeline_shape *shape)
{
    return (size_t)shape->slots * shape->places * shape->classes;
}

struct timeline_clerk *timeline_begin(const struct timeline_shape *shape)
{
    struct timeline_clerk *clerk = xcalloc(1, sizeof *clerk);
    clerk->shape = *shape;
    clerk->timeline = xcalloc(1, sizeof *clerk->timeline);
    struct timeline *t = clerk->timeline;
    t->width = shape->width;
    t->places = shape->places;
    t->rows = shape->classes == 1 ? 1 : shape->classes + 1;
    clerk->seen = xcalloc(cells_of(shape), sizeof *clerk->seen);
    for (size_t i = 0; i < cells_of(shape); i++)
        clerk->seen[i].latency_min = INFINITY;
    clerk->flows = xcalloc(shape->places, sizeof *clerk->flows);
    clerk->sums = xcalloc(t->rows, sizeof *clerk->sums);
    return clerk;
}

double timeline_next(const struct timeline_clerk *clerk)
{
    const struct timeline *t = clerk->timeline;
    return t->cut ? INFINITY : (t->n + 1.0) * t->width;
}

static void clear(struct sum *sum)
{
    sum->arrivals = sum->completions = sum->losses = 0;
    histogram_clear(&sum->wait);
    histogram_clear(&sum->latency);
    sum->latency_min = INFINITY;
    sum->latency_max = 0;
}

static void add(struct sum *to, const struct sum *from)
{
    to->arrivals += from->arrivals;
    to->completions += from->completions;
    to->losses += from->losses;
    histogram_merge(&to->wait, &from->wait);
    histogram_merge(&to->latency, &from->latency);
    to->latency_min = fmin(to->latency_min, from->latency_min);
    to->latency_max = fmax(to->latency_max, from->latency_max);
}

/* What a cell has counted since the last window. */
static void take(struct seen *seen, struct cell *cell, struct sum *sum)
{
    uint64_t lost = cell_lost(cell);
    sum->arrivals += cell->offered - seen->offered;
    sum->losses += lost - seen->lost;
    seen->offered = cell->offered;
    seen->lost = lost;
    if (cell->completed == seen->completed)
        return;
    sum->completions += cell->completed - seen->completed;
    seen->completed = cell->completed;
    histogram_add_since(&sum->wait, &cell->wait, &seen->wait);
    histogram_add_since(&sum->latency, &cell->latency, &seen->latency);
    sum->latency_min = fmin(sum->latency_min, cell->latency_min);
    sum->latency_max = fmax(sum->latency_max, cell->latency_max);
    seen->latency_min = fmin(seen->latency_min, cell->latency_min);
    seen->latency_max = fmax(seen->latency_max, cell->latency_max);
    cell->latency_min = INFINITY;
    cell->latency_max = 0;
}

static struct window_tasks tasks_of(const struct sum *sum)
{
    double low = sum->latency_min, high = sum->latency_max;
    return (struct window_tasks){
        .arrivals = sum->arrivals,
        .completions = sum->completions,
        .losses = sum->losses,
        .wait_p50 = histogram_quantile(&sum->wait, 0.5, 0, high),
        .wait_p99 = histogram_quantile(&sum->wait, 0.99, 0, high),
        .latency_p50 = histogram_quantile(&sum->latency, 0.5, low, high),
        .latency_p99 = histogram_quantile(&sum->latency, 0.99, low, high),
        .latency_max = sum->completions > 0 ? high : NAN,
    };
}

/* The tasks of a place, class by class and together. */
static void cut_tasks(struct timeline_clerk *clerk, uint32_t place, struct cell *cells,
                      struct window_tasks *out)
{
    const struct timeline_shape *shape = &clerk->shape;
    uint32_t rows = clerk->timeline->rows;
    for (uint32_t row = 0; row < rows; row++)
        clear(&clerk->sums[row]);
    for (uint32_t class = 0; class < shape->classes; class ++) {
        struct sum *sum = &clerk->sums[class];
        for (size_t slot = 0; slot < shape->slots; slot++) {
            size_t i = (slot * shape->places + place) * shape->classes + class;
            take(&clerk->seen[i], &cells[i], sum);
        }
        if (rows > 1)
            add(&clerk->sums[shape->classes], sum);
    }
    for (uint32_t row = 0; row < rows; row++)
        out[row] = tasks_of(&clerk->sums[row]);
}

/* A mean over the window of what two integrals say. */
static double mean(double now, double then, double dt)
{
    return dt > 0 ? fmax(now - then, 0) / dt : NAN;
}

/* Those that are there now, where it was as many all the time: a difference of integrals is that
 * but for its rounding. */
static double consumers_of(const struct flow *now, double mean)
{
    if (!(mean > 0))
        return NAN;
    return fabs(mean - now->available) < NO_TIME * mean ? now->available : mean;
}

static struct window_place place_of(const struct flow *then, const struct flow *now, uint64_t most)
{
    double dt = now->time - then->time, available = now->available_area - then->available_area;
    double queue =
        mean(now->queue_area + now->paused_area, then->queue_area + then->paused_area, dt);
    double busy = fmax(now->busy_area - then->busy_area, 0);
    struct window_place p = {
        .queue_mean = queue,
        .queue_max = (double)most,
        .in_service_mean =
            mean(now->busy_area + now->shared_area, then->busy_area + then->shared_area, dt),
        .consumers = consumers_of(now, available / dt),
        .utilization = available > 0 ? fmin(busy / available, 1) : NAN,
        .retries = now->has & FLOW_RETRIES ? (double)(now->retries - then->retries) : NAN,
        .goodput = now->has & FLOW_GOOD && dt > 0 ? (double)(now->good - then->good) / dt : NAN,
        .bytes = now->bytes_peak,
    };
    for (int i = 0; i < TROUBLES; i++)
        p.state |= now->trouble[i] > then->trouble[i] + NO_TIME * dt ? 1u << i : 0;
    return p;
}

/* Of all stages together: in service at any of them; of the client nothing of all this. */
static void put_together(const struct timeline_shape *shape, struct window_place *places)
{
    if (shape->places == 1)
        return;
    struct window_place *whole = &places[shape->whole];
    whole->in_service_mean = 0;
    for (uint32_t place = 0; place < shape->whole; place++) {
        whole->in_service_mean += places[place].in_service_mean;
        whole->state |= places[place].state;
    }
    for (uint32_t place = shape->client; place < shape->places; place++) {
        struct window_place *client = &places[place];
        client->queue_mean = client->queue_max = client->in_service_mean = NAN;
        client->consumers = client->utilization = NAN;
    }
}

static void make_room(struct timeline_clerk *clerk)
{
    struct timeline *t = clerk->timeline;
    if (t->n < clerk->room)
        return;
    clerk->room = clerk->room ? 2 * clerk->room : 64;
    size_t n = (size_t)clerk->room * t->places;
    t->place = xrealloc(t->place, n * sizeof *t->place);
    t->tasks = xrealloc(t->tasks, n * t->rows * sizeof *t->tasks);
}

static uint64_t happened(const struct flow *flow)
{
    return flow->arrived + flow->completed + flow->lost;
}

void timeline_cut(struct timeline_clerk *clerk, double time, struct cell *cells,
                  const struct flow *flows, const uint64_t *most)
{
    struct timeline *t = clerk->timeline;
    const uint32_t whole = clerk->shape.whole;
    bool empty = time <= (t->n + NO_TIME) * t->width;
    if (t->cut || (empty && happened(&flows[whole]) == happened(&clerk->flows[whole])))
        return;
    make_room(clerk);
    for (uint32_t place = 0; place < t->places; place++) {
        size_t at = (size_t)t->n * t->places + place;
        t->place[at] = place_of(&clerk->flows[place], &flows[place], most[place]);
        clerk->flows[place] = flows[place];
        cut_tasks(clerk, place, cells, &t->tasks[at * t->rows]);
    }
    put_together(&clerk->shape, &t->place[(size_t)t->n * t->places]);
    t->n++;
    t->end = time;
    t->cut = t->n >= clerk->shape.most;
}

struct timeline *timeline_end(struct timeline_clerk *clerk, struct cell *cells)
{
    struct timeline *t = clerk->timeline;
    for (size_t i = 0; i < cells_of(&clerk->shape); i++) {
        struct seen *seen = &clerk->seen[i];
        cells[i].latency_min = fmin(cells[i].latency_min, seen->latency_min);
        cells[i].latency_max = fmax(cells[i].latency_max, seen->latency_max);
        histogram_free(&seen->wait);
        histogram_free(&seen->latency);
    }
    for (uint32_t row = 0; row < t->rows; row++) {
        histogram_free(&clerk->sums[row].wait);
        histogram_free(&clerk->sums[row].latency);
    }
    free(clerk->seen);
    free(clerk->flows);
    free(clerk->sums);
    free(clerk);
    return t;
}
