#include "lane.h"

#include <assert.h>
#include <float.h>
#include <stdlib.h>
#include <string.h>

#include "../base/err.h"
#include "stability.h"

/* Counters hold 32 bits. */
enum { MOST_COUNTED = 1 << 30 };

static uint32_t *waits_of(const struct lane *lane)
{
    return lane->state->work.counts[lane->index];
}

static uint32_t *latencies_of(const struct lane *lane)
{
    return lane->state->work.counts[LANES + lane->index];
}

/* Puts what the counters hold into a cell (NULL: nowhere) and clears them. */
static void move_counts(struct lane *lane, struct cell *cell)
{
    const struct lanes_sums *sums = &lane->state->work.sums;
    int i = lane->index;
    struct histogram none = {0};
    histogram_take(cell ? &cell->wait : &none, waits_of(lane), sums->wait_min[i],
                   sums->latency_max[i]);
    histogram_take(cell ? &cell->latency : &none, latencies_of(lane), sums->latency_min[i],
                   sums->latency_max[i]);
    histogram_free(&none);
    lane->zero_waits = 0;
}

static void reset(struct lane *lane)
{
    struct lanes_sums *sums = &lane->state->work.sums;
    int i = lane->index;
    lane->before.wait += sums->wait[i];
    lane->before.latency += sums->latency[i];
    lane->before.service += sums->service[i];
    lane->before.idle += sums->idle[i];
    lane->before.virtual_area += sums->virtual_area[i];
    sums->wait[i] = sums->latency[i] = sums->latency_max[i] = sums->service[i] = 0;
    sums->size[i] = sums->size_square[i] = sums->size_max[i] = 0;
    sums->idle[i] = sums->virtual_area[i] = 0;
    sums->latency_min[i] = sums->wait_min[i] = INFINITY;
}

/* The last completion of all tasks so far. */
static double last_free(const struct lane *lane)
{
    double last = 0;
    for (int c = 0; c < lane->state->work.consumers; c++) {
        double at = lane->state->work.free[c][lane->index];
        last = at < INFINITY ? fmax(last, at) : last;
    }
    return last;
}

/* Tasks waiting after `tasks` have arrived, at time T, and how much of their waits lies beyond it.
 * RING: as many or more. */
static uint64_t waiting(const struct lane *lane, uint64_t tasks, double time, double *beyond)
{
    const struct lanes_ring *ring = &lane->state->ring;
    uint64_t n = 0, most = tasks < RING ? tasks : RING;
    *beyond = 0;
    for (; n < most; n++) {
        double start = ring->start[(tasks - 1 - n) % RING][lane->index];
        if (start <= time)
            break;
        *beyond += start - time;
    }
    return n;
}

static void give_up(struct lane *lane)
{
    lane->phase = LANE_GIVEN_UP;
    lane->edge = lane->keep_from = UINT64_MAX;
}

/* The flow as of `time`, the last arrival or later; gives up where too many are waiting. */
static struct flow flow_at(struct lane *lane, uint64_t tasks, double time)
{
    const struct lanes_work *work = &lane->state->work;
    const struct lanes_sums *sums = &work->sums;
    int i = lane->index;
    double beyond, served_beyond = 0, latest = time, idle = lane->before.idle + sums->idle[i];
    uint64_t n = waiting(lane, tasks, time, &beyond), busy = 0, consumers = 0;
    if (n == RING)
        give_up(lane);
    for (int c = 0; c < work->consumers; c++) {
        double at = work->free[c][i];
        if (at == INFINITY)
            continue;
        consumers++;
        latest = fmax(latest, at);
        busy += at > time;
        served_beyond += at > time ? at - time : 0;
        idle += at > time ? 0 : time - at;
    }
    double total = (double)consumers * time;
    double service = lane->before.service + sums->service[i] - served_beyond;
    return (struct flow){
        .time = time,
        .queue_area = lane->before.wait + sums->wait[i] - beyond,
        .busy_area = service < 1e-3 * total ? service : total - idle,
        .sojourn_sum = lane->before.latency + sums->latency[i] - beyond - served_beyond,
        .service_sum = service,
        .seen_sum = lane->before.wait + sums->wait[i],
        .seen_area = 0.5 * (lane->before.virtual_area + sums->virtual_area[i]),
        .rounding = (double)tasks * latest * DBL_EPSILON,
        .arrived = tasks,
        .completed = tasks - n - busy,
        .inside = n + busy,
        .waiting = n,
    };
}

/* The flow at the last arrival. That task is still inside, even if its service takes no time. */
static struct flow flow_now(struct lane *lane, uint64_t tasks)
{
    if (tasks == 0)
        return (struct flow){0};
    const struct lanes_ring *ring = &lane->state->ring;
    size_t last = (tasks - 1) % RING;
    double time = lane->state->work.sums.last[lane->index];
    struct flow flow = flow_at(lane, tasks, time);
    if (ring->start[last][lane->index] + ring->service[last][lane->index] <= time) {
        flow.completed--;
        flow.inside++;
    }
    return flow;
}

static struct cell *cell_of(const struct lane *lane)
{
    return &lane->trial->cells[lane->slot];
}

/* Moves what has been counted up to task number `tasks` into the slot's cell. */
static void move_tasks(struct lane *lane, uint64_t tasks)
{
    cell_of(lane)->completed += tasks - lane->moved;
    lane->moved = tasks;
    move_counts(lane, cell_of(lane));
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

static void close_slot(struct lane *lane, uint64_t tasks)
{
    const struct lanes_sums *sums = &lane->state->work.sums;
    struct cell *cell = cell_of(lane);
    int i = lane->index;
    cell->offered = tasks - lane->slot_begin;
    cell->size_sum = sums->size[i];
    cell->size_square = sums->size_square[i];
    cell->size_max = sums->size_max[i];
    if (lane->phase == LANE_MEASURED) {
        move_tasks(lane, tasks);
        take_times(lane);
    }
    reset(lane);
}

/* Number of tasks after which step `step` ends. */
static uint64_t step_end(const struct lane *lane, uint32_t step)
{
    return lane->base + lane->tasks * step / TRIAL_STEPS;
}

static uint32_t slot_of(const struct lane *lane, uint32_t step)
{
    return (step - 1) * lane->trial->batches / TRIAL_STEPS;
}

static bool censored(const struct lane *lane)
{
    return (enum at_end)lane->s->run.at_end == END_CENSOR;
}

/* Whether something happens at the end of a step: a third, a batch or all of it ends. */
static bool step_matters(const struct lane *lane, uint32_t step)
{
    return step % (TRIAL_STEPS / 3) == 0 || slot_of(lane, step + 1) != slot_of(lane, step);
}

static void next_edge(struct lane *lane, uint64_t tasks)
{
    uint32_t step = lane->step, third;
    while (!step_matters(lane, step))
        step++;
    lane->edge = step_end(lane, step);
    third = (step + TRIAL_STEPS / 3 - 1) / (TRIAL_STEPS / 3) * (TRIAL_STEPS / 3);
    uint64_t kept = step_end(lane, third), held = step_end(lane, TRIAL_STEPS);
    lane->keep_from = kept > RING ? kept - RING : 0;
    held = held > lane->base + RING ? held - RING : lane->base;
    if (lane->phase == LANE_MEASURED && censored(lane) && held < lane->edge)
        lane->edge = held;
    if (lane->edge - tasks > MOST_COUNTED)
        lane->edge = tasks + MOST_COUNTED;
}

/* The measured stretch begins after `tasks` tasks. */
static void open_window(struct lane *lane, uint64_t tasks)
{
    struct trial *trial = lane->trial;
    struct window *w = &trial->windows[0];
    series_free(&lane->series);
    w->open = flow_now(lane, tasks);
    trial->warmup_tasks = tasks;
    trial->warmup_time = w->open.time;
    if (!lane_going(lane))
        return;
    move_counts(lane, NULL);
    reset(lane);
    lane->opened_free = last_free(lane);
    lane->base = lane->slot_begin = lane->moved = tasks;
    lane->step = 1;
    lane->slot = 0;
    lane->phase = LANE_MEASURED;
    next_edge(lane, tasks);
}

/* From here on tasks wait in the ring until it is known who is inside at the end. */
static void hold(struct lane *lane, uint64_t tasks)
{
    move_tasks(lane, tasks);
    take_times(lane);
    lane->held_from = tasks;
    lane->counted_free = last_free(lane);
    lane->phase = LANE_HELD;
}

/* Counts those that have left by the end of the window; the others, and always the last to arrive,
 * are unfinished. */
static void count_held(struct lane *lane, uint64_t tasks, double time)
{
    const struct lanes_ring *ring = &lane->state->ring;
    uint32_t step = 1;
    for (uint64_t k = lane->held_from; k < tasks; k++) {
        double arrival = ring->arrival[k % RING][lane->index];
        double service = ring->service[k % RING][lane->index];
        double start = ring->start[k % RING][lane->index];
        double wait = start - arrival, latency = wait + service;
        while (step_end(lane, step) <= k)
            step++;
        if (start + service <= time && k + 1 < tasks)
            cell_complete(&lane->trial->cells[slot_of(lane, step)], wait, latency);
        else
            lane->trial->outstanding++;
    }
}

static void close_window(struct lane *lane, uint64_t tasks)
{
    struct trial *trial = lane->trial;
    struct window *w = &trial->windows[0];
    bool held = lane->phase == LANE_HELD;
    w->close = flow_now(lane, tasks);
    close_slot(lane, tasks);
    w->backlog_first = flow_mean_inside(&w->open, &lane->thirds[0]);
    w->backlog_last = flow_mean_inside(&lane->thirds[1], &w->close);
    w->available = lane->at->stage.consumers * (w->close.time - w->open.time);
    trial->end = w->close;
    trial->simulated = tasks;
    double last = last_free(lane);
    if (held ? lane->counted_free > w->close.time : last <= lane->opened_free)
        give_up(lane);
    else if (held)
        count_held(lane, tasks, w->close.time);
    else
        trial->end = flow_at(lane, tasks, last);
    if (lane->phase != LANE_GIVEN_UP)
        lane->phase = LANE_OVER;
    lane->edge = lane->keep_from = UINT64_MAX;
}

static void measured_edge(struct lane *lane, uint64_t tasks)
{
    if (lane->phase == LANE_MEASURED)
        move_tasks(lane, tasks);
    uint64_t close = step_end(lane, TRIAL_STEPS);
    if (lane->phase == LANE_MEASURED && censored(lane) && close - tasks <= RING)
        hold(lane, tasks);
    for (; step_end(lane, lane->step) <= tasks; lane->step++) {
        if (lane->step == TRIAL_STEPS) {
            close_window(lane, tasks);
            return;
        }
        if (lane->step % (TRIAL_STEPS / 3) == 0)
            lane->thirds[lane->step / (TRIAL_STEPS / 3) - 1] = flow_now(lane, tasks);
        uint32_t slot = slot_of(lane, lane->step + 1);
        if (slot == lane->slot)
            continue;
        close_slot(lane, tasks);
        lane->slot = slot;
        lane->slot_begin = lane->moved = tasks;
    }
    if (lane_going(lane))
        next_edge(lane, tasks);
}

/* Shows the series of the warm-up rule the tasks before number `until`. */
static void feed(struct lane *lane, uint64_t until)
{
    const struct lanes_ring *ring = &lane->state->ring;
    double latency[LANES_CHUNK];
    while (lane->fed < until) {
        size_t n = 0;
        for (; n < LANES_CHUNK && lane->fed < until; n++, lane->fed++) {
            size_t row = lane->fed % RING;
            double wait = ring->start[row][lane->index] - ring->arrival[row][lane->index];
            latency[n] = wait + ring->service[row][lane->index];
        }
        series_extend(&lane->series, latency, n);
    }
}

void lane_feed(struct lane *lane, uint64_t tasks)
{
    if (lane->phase == LANE_PILOT && tasks > RING)
        feed(lane, tasks - RING);
}

/* A pilot of the warm-up rule has ended. */
static void pilot_edge(struct lane *lane, uint64_t tasks)
{
    double beyond, time = lane->state->work.sums.last[lane->index];
    uint64_t n = waiting(lane, tasks, time, &beyond);
    if (n == RING) {
        give_up(lane);
        return;
    }
    feed(lane, tasks - n);
    if (!warmup_settled(&lane->series)) {
        if (lane->pilot < lane->tasks) {
            lane->pilot = lane->pilot * 2 < lane->tasks ? lane->pilot * 2 : lane->tasks;
            lane->edge = lane->pilot;
            return;
        }
        lane->trial->notes |= NOTE_WARMUP_UNSETTLED;
    }
    open_window(lane, tasks);
}

void lane_look(struct lane *lane, uint64_t tasks)
{
    uint32_t zero_waits = waits_of(lane)[SLOT_ZERO];
    if (zero_waits != lane->zero_waits)
        lane->stretch_begin = (tasks - 1) / LANES_CHUNK * LANES_CHUNK;
    double most = (double)(tasks - lane->stretch_begin) + lane->at->stage.consumers;
    if (most > lane->s->run.max_backlog)
        give_up(lane);
    lane->zero_waits = zero_waits;
}

void lane_edge(struct lane *lane, uint64_t tasks)
{
    assert(lane->edge == tasks && lane_going(lane));
    switch (lane->phase) {
    case LANE_PILOT:
        pilot_edge(lane, tasks);
        return;
    case LANE_WARM_UP:
        open_window(lane, tasks);
        return;
    case LANE_MEASURED:
    case LANE_HELD:
        measured_edge(lane, tasks);
        return;
    case LANE_OVER:
    case LANE_GIVEN_UP:
        return;
    }
}

void lane_begin(struct lane *lane, struct lanes_state *state, int index, const struct scenario *s,
                const struct scenario *at, uint32_t column, uint32_t replication)
{
    const struct amount *warmup = &s->run.warmup;
    *lane = (struct lane){.s = s, .at = at, .state = state, .index = index};
    lane->trial = trial_new(s, column, replication);
    lane->tasks = (uint64_t)s->run.tasks;
    lane->cost = trial_cost(s, column);
    reset(lane);
    if ((enum amount_kind)warmup->kind == AMOUNT_AUTO) {
        lane->phase = LANE_PILOT;
        lane->pilot = (uint64_t)trial_first_pilot(s->run.tasks);
        lane->edge = lane->pilot;
        return;
    }
    double share = (enum amount_kind)warmup->kind == AMOUNT_SHARE ? s->run.tasks : 1;
    lane->phase = LANE_WARM_UP;
    lane->edge = (uint64_t)(warmup->value * share);
    lane->keep_from = lane->edge > RING ? lane->edge - RING : 0;
    if (lane->edge == 0)
        open_window(lane, 0);
}

void lane_end(struct lane *lane)
{
    series_free(&lane->series);
}
