#include "lane_cells.h"

#include <assert.h>

#include "../scenario/policy.h"
#include "lane_flow.h"

static struct cell *cell_of(const struct lane *lane)
{
    return &lane->trial->cells[lane->slot * lane->trial->classes];
}

static uint64_t *losses_of(const struct lane *lane, struct cell *cell)
{
    const struct policy *policy = (const struct policy *)lane->at->stage.when_full;
    return &cell->lost[lane->impatient ? LOSS_TIMED_OUT : policy->loss];
}

/* Puts what the counters hold into a cell (NULL: nowhere) and clears them. `all`: the cell is of
 * them alone. */
static void move_counts(struct lane *lane, struct cell *cell, bool all)
{
    const struct lanes_sums *sums = &lane->state->work.sums;
    int i = lane->index;
    double wait = sums->wait_min[i], latency = sums->latency_min[i], most = sums->latency_max[i];
    struct histogram none = {0};
    if (cell && all) {
        assert(!cell->packed_wait.bytes);
        histogram_take_packed(&cell->packed_wait, lane_waits(lane), wait, most);
        histogram_take_packed(&cell->packed_latency, lane_latencies(lane), latency, most);
    } else {
        histogram_take(cell ? &cell->wait : &none, lane_waits(lane), wait, most);
        histogram_take(cell ? &cell->latency : &none, lane_latencies(lane), latency, most);
    }
    histogram_free(&none);
    lane->zero_waits = 0;
    uint32_t lost = lane_waits(lane)[SLOT_LOST];
    lane->lost += lost;
    if (cell)
        *losses_of(lane, cell) += lost;
    lane_waits(lane)[SLOT_LOST] = lane_latencies(lane)[SLOT_LOST] = 0;
}

void lane_reset(struct lane *lane)
{
    struct lanes_sums *sums = &lane->state->work.sums;
    int i = lane->index;
    lane->before.wait += sums->wait[i];
    lane->before.latency += sums->latency[i];
    lane->before.service += sums->service[i];
    lane->before.idle += sums->idle[i];
    lane->before.virtual_area += sums->virtual_area[i];
    lane->before.seen += sums->seen[i];
    lane->before.gone += sums->gone[i];
    sums->wait[i] = sums->latency[i] = sums->latency_max[i] = sums->service[i] = 0;
    sums->size[i] = sums->size_square[i] = sums->size_max[i] = 0;
    sums->idle[i] = sums->virtual_area[i] = sums->seen[i] = sums->gone[i] = 0;
    sums->latency_min[i] = sums->wait_min[i] = INFINITY;
}

void lane_forget(struct lane *lane)
{
    move_counts(lane, NULL, false);
    lane_reset(lane);
    lane->opened_free = lane_latest(lane);
}

static void move_tasks(struct lane *lane, uint64_t tasks, bool all)
{
    cell_of(lane)->completed += tasks - lane->moved - lane_waits(lane)[SLOT_LOST];
    lane->moved = tasks;
    move_counts(lane, cell_of(lane), all);
}

void lane_move_tasks(struct lane *lane, uint64_t tasks)
{
    move_tasks(lane, tasks, false);
}

/* Sums of what has completed, or will. */
static void take_times(struct lane *lane)
{
    const struct lanes_sums *sums = &lane->state->work.sums;
    struct cell *cell = cell_of(lane);
    int i = lane->index;
    cell->wait_sum = sums->wait[i];
    cell->latency_sum = sums->latency[i];
    cell->latency_min = sums->latency_min[i];
    cell->latency_max = sums->latency_max[i];
}

void lane_close_slot(struct lane *lane, uint64_t tasks)
{
    const struct lanes_sums *sums = &lane->state->work.sums;
    struct cell *cell = cell_of(lane);
    int i = lane->index;
    if (lane->trial->classes == 1) {
        cell->offered = tasks - lane->slot_begin;
        cell->size_sum = sums->size[i];
        cell->size_square = sums->size_square[i];
        cell->size_max = sums->size_max[i];
    }
    if (lane->phase == LANE_MEASURED) {
        move_tasks(lane, tasks, lane->moved == lane->slot_begin);
        take_times(lane);
    }
    lane_reset(lane);
    lane->slot_begin = lane->moved = tasks;
}

/* Takes back what the first n tasks of the chunk have counted. */
static void uncount(struct lane *lane, size_t n)
{
    const struct lanes_work *work = &lane->state->work;
    const double(*services)[LANES] = lanes_services(work);
    int i = lane->index;
    for (size_t row = 0; row < n; row++) {
        double start = work->chunk.start[row][i], wait = start - work->chunk.arrival[row][i];
        bool lost = lanes_is_lost(start);
        lane_waits(lane)[lost ? SLOT_LOST : histogram_slot(wait)]--;
        lane_latencies(lane)[lost ? SLOT_LOST : histogram_slot(wait + services[row][i])]--;
    }
}

/* As the recorder does it, task by task. */
static void offer(struct cell *cell, double size)
{
    cell->offered++;
    cell->size_sum += size;
    cell->size_square += size * size;
    if (size > cell->size_max)
        cell->size_max = size;
}

void lane_count_late(struct lane *lane, uint64_t k, size_t n, const uint16_t *class)
{
    const struct lanes_state *state = lane->state;
    const struct lanes_chunk *chunk = &state->work.chunk;
    const double(*services)[LANES] = lanes_services(&state->work);
    struct cell *cell = cell_of(lane), *cells = cell;
    const bool classes = lane->trial->classes > 1;
    int i = lane->index;
    if (lane->phase == LANE_MEASURED && lane->by_time && lane_latest(lane) > lane->limit) {
        uncount(lane, n);
        lane_move_tasks(lane, k);
        cell->wait_sum = state->earlier.wait[i];
        cell->latency_sum = state->earlier.latency[i];
        cell->latency_min = state->earlier.latency_min[i];
        cell->latency_max = state->earlier.latency_max[i];
        lane->phase = LANE_LATE;
    }
    for (size_t row = 0; lane->phase == LANE_LATE && row < n; row++) {
        double start = chunk->start[row][i], service = services[row][i];
        double wait = start - chunk->arrival[row][i];
        bool lost = lanes_is_lost(start);
        if (classes)
            offer(cell = &cells[class[row]], chunk->size[row][i]);
        lane->lost += lost;
        *losses_of(lane, cell) += lost;
        if (lost)
            continue;
        if (start + service <= lane->limit)
            cell_complete(cell, wait, wait + service);
        else
            lane->trial->outstanding++;
    }
}

void lane_hold(struct lane *lane, uint64_t tasks)
{
    lane_move_tasks(lane, tasks);
    take_times(lane);
    lane->held_from = tasks;
    lane->counted_free = lane_latest(lane);
    lane->phase = LANE_HELD;
}

/* Counts those that have left by the end of the window; the others, and always the last to arrive,
 * are unfinished. */
void lane_count_held(struct lane *lane, uint64_t tasks, double time)
{
    const struct lanes_ring *ring = &lane->state->ring;
    uint32_t step = 1;
    for (uint64_t k = lane->held_from; k < tasks; k++) {
        double arrival = ring->arrival[k % RING][lane->index];
        double service = ring->service[k % RING][lane->index];
        double start = ring->start[k % RING][lane->index];
        double wait = start - arrival, latency = wait + service;
        while (lane_step_end(lane, step) <= k)
            step++;
        struct cell *cell = &lane->trial->cells[lane_slot_of(lane, step)];
        bool lost = lanes_is_lost(start);
        if (lost && (!lane->impatient || (-start <= time && k + 1 < tasks)))
            (*losses_of(lane, cell))++;
        else if (!lost && start + service <= time && k + 1 < tasks)
            cell_complete(cell, wait, latency);
        else
            lane->trial->outstanding++;
    }
}
