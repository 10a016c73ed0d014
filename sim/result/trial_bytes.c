#include "trial_bytes.h"

#include <stdlib.h>
#include <string.h>

void bytes_put(struct bytes *b, const void *data, size_t n)
{
    if (b->n + n > b->capacity) {
        b->capacity = 2 * (b->n + n);
        b->data = xrealloc(b->data, b->capacity);
    }
    memcpy(b->data + b->n, data, n);
    b->n += n;
}

/* Takes n bytes off the front; false if there are not as many. */
static bool take(struct bytes *b, void *data, size_t n)
{
    if (b->capacity - b->n < n)
        return false;
    memcpy(data, b->data + b->n, n);
    b->n += n;
    return true;
}

static void put_packed(struct bytes *b, const struct packed *packed)
{
    uint64_t n = packed->size;
    bytes_put(b, &n, sizeof n);
    bytes_put(b, packed->bytes, packed->size);
}

static bool take_packed(struct bytes *b, struct packed *packed)
{
    uint64_t n;
    if (!take(b, &n, sizeof n) || b->capacity - b->n < n)
        return false;
    const unsigned char *from = b->data + b->n;
    b->n += n;
    return histogram_copy_packed(packed, from, n);
}

/* The numbers of a cell, histograms apart. */
struct numbers {
    uint64_t offered, completed, lost[LOSS_KINDS];
    double wait_sum, latency_sum, latency_min, latency_max, size_sum, size_max, size_square;
    double lost_wait, lost_time;
    uint64_t attempts, late;
};

static void put_cell(struct bytes *b, const struct cell *cell)
{
    struct numbers n = {.offered = cell->offered,
                        .completed = cell->completed,
                        .wait_sum = cell->wait_sum,
                        .latency_sum = cell->latency_sum,
                        .latency_min = cell->latency_min,
                        .latency_max = cell->latency_max,
                        .size_sum = cell->size_sum,
                        .size_max = cell->size_max,
                        .size_square = cell->size_square,
                        .lost_wait = cell->lost_wait,
                        .lost_time = cell->lost_time,
                        .attempts = cell->attempts,
                        .late = cell->late};
    memcpy(n.lost, cell->lost, sizeof n.lost);
    bytes_put(b, &n, sizeof n);
    put_packed(b, &cell->packed_wait);
    put_packed(b, &cell->packed_latency);
}

static bool take_cell(struct bytes *b, struct cell *cell)
{
    struct numbers n;
    cell_init(cell);
    if (!take(b, &n, sizeof n))
        return false;
    cell->offered = n.offered;
    cell->completed = n.completed;
    memcpy(cell->lost, n.lost, sizeof n.lost);
    cell->wait_sum = n.wait_sum;
    cell->latency_sum = n.latency_sum;
    cell->latency_min = n.latency_min;
    cell->latency_max = n.latency_max;
    cell->size_sum = n.size_sum;
    cell->size_max = n.size_max;
    cell->size_square = n.size_square;
    cell->lost_wait = n.lost_wait;
    cell->lost_time = n.lost_time;
    cell->attempts = n.attempts;
    cell->late = n.late;
    return take_packed(b, &cell->packed_wait) && take_packed(b, &cell->packed_latency);
}

static void put_queue(struct bytes *b, const struct queue_time *q)
{
    size_t size;
    unsigned char *bytes = histogram_pack(&q->ticks, &size);
    bytes_put(b, &q->most, sizeof q->most);
    put_packed(b, &(struct packed){.bytes = bytes, .size = size});
    free(bytes);
}

static bool take_queue(struct bytes *b, struct queue_time *q)
{
    struct packed packed = {0};
    if (!take(b, &q->most, sizeof q->most) || !take_packed(b, &packed))
        return false;
    histogram_unpack_own(&q->ticks, packed.bytes);
    free(packed.bytes);
    return true;
}

static void put_timeline(struct bytes *b, const struct timeline *t)
{
    size_t places = (size_t)t->n * t->places;
    bytes_put(b, t, sizeof *t);
    bytes_put(b, t->place, places * sizeof *t->place);
    bytes_put(b, t->tasks, places * t->rows * sizeof *t->tasks);
}

static bool take_timeline(struct bytes *b, struct trial *trial)
{
    struct timeline *t = trial->timeline = xcalloc(1, sizeof *t);
    uint32_t rows = trial->classes == 1 ? 1 : trial->classes + 1;
    bool ok = take(b, t, sizeof *t);
    t->place = NULL;
    t->tasks = NULL;
    size_t places = (size_t)t->n * t->places;
    size_t bytes = places * (sizeof *t->place + t->rows * sizeof *t->tasks);
    if (!ok || t->places != trial->places || t->rows != rows || b->capacity - b->n < bytes)
        return false;
    t->place = xmalloc(places * sizeof *t->place);
    t->tasks = xmalloc(places * t->rows * sizeof *t->tasks);
    return take(b, t->place, places * sizeof *t->place) &&
           take(b, t->tasks, places * t->rows * sizeof *t->tasks);
}

static size_t windows_of(const struct trial *trial)
{
    return (size_t)trial->columns * trial->places;
}

void trial_put(struct bytes *b, const struct trial *trial)
{
    struct trial plain = *trial;
    plain.cells = NULL;
    plain.windows = NULL;
    plain.queues = NULL;
    plain.ends = NULL;
    plain.timeline = NULL;
    bytes_put(b, &plain, sizeof plain);
    bytes_put(b, trial->windows, windows_of(trial) * sizeof *trial->windows);
    if (trial->ends)
        bytes_put(b, trial->ends, trial->places * sizeof *trial->ends);
    for (size_t i = 0; i < trial_cells(trial); i++)
        put_cell(b, &trial->cells[i]);
    for (size_t i = 0; i < trial->columns && trial->queues; i++)
        put_queue(b, &trial->queues[i]);
    if (trial->timeline)
        put_timeline(b, trial->timeline);
}

/* Whether a trial read from a file is one of the scenario's. */
static bool belongs(const struct trial *trial, const struct scenario *s)
{
    bool drifts = sweep_drifts(s);
    uint32_t columns = sweep_columns(s);
    double most = scenario_seeks_precision(s) ? REPLICATIONS_MOST : s->run.replications;
    return trial->columns == (drifts ? columns : 1) && trial->column <= columns - trial->columns &&
           trial->replication < most && trial->batches == trial_batches(s) &&
           trial->classes == (uint32_t)scenario_classes(s) && trial->places == trial_places(s) &&
           trial->whole == trial_whole(s);
}

struct trial *trial_take(struct bytes *b, const struct scenario *s)
{
    struct trial *trial = xcalloc(1, sizeof *trial);
    bool ok = take(b, trial, sizeof *trial) && belongs(trial, s);
    trial->cells = NULL;
    trial->windows = NULL;
    trial->queues = NULL;
    trial->ends = NULL;
    trial->timeline = NULL;
    if (!ok) {
        free(trial);
        return NULL;
    }
    trial->windows = xcalloc(windows_of(trial), sizeof *trial->windows);
    trial->cells = xcalloc(trial_cells(trial), sizeof *trial->cells);
    ok = take(b, trial->windows, windows_of(trial) * sizeof *trial->windows);
    if (trial->places > 1) {
        trial->ends = xcalloc(trial->places, sizeof *trial->ends);
        ok = ok && take(b, trial->ends, trial->places * sizeof *trial->ends);
    }
    for (size_t i = 0; i < trial_cells(trial) && ok; i++)
        ok = take_cell(b, &trial->cells[i]);
    if (scenario_records_queue(s))
        trial->queues = xcalloc(trial->columns, sizeof *trial->queues);
    for (size_t i = 0; i < trial->columns && trial->queues && ok; i++)
        ok = take_queue(b, &trial->queues[i]);
    if (!isnan(s->run.windows))
        ok = ok && take_timeline(b, trial);
    if (ok && b->n == b->capacity)
        return trial;
    trial_free(trial);
    return NULL;
}

static size_t size_of_queue(const struct queue_time *q)
{
    size_t bytes = sizeof *q;
    for (int octave = 0; octave < HIST_OCTAVES; octave++)
        bytes += q->ticks.page[octave] ? HIST_SUB * sizeof(uint64_t) : 0;
    return bytes;
}

size_t trial_size(const struct trial *trial)
{
    size_t bytes = trial_cells(trial) * sizeof *trial->cells;
    for (size_t i = 0; i < trial_cells(trial); i++)
        bytes += trial->cells[i].packed_wait.size + trial->cells[i].packed_latency.size;
    for (uint32_t i = 0; i < trial->columns && trial->queues; i++)
        bytes += size_of_queue(&trial->queues[i]);
    return bytes + timeline_size(trial->timeline);
}
