#include "lane_flow.h"

#include <float.h>
#include <stdlib.h>
#include <string.h>

#include "lane_cells.h"

struct lane_queue lane_queue_at(const struct lane *lane, uint64_t tasks, double time)
{
    const struct lanes_ring *ring = &lane->state->ring;
    struct lane_queue queue = {0};
    uint64_t most = tasks < RING ? tasks : RING;
    for (uint64_t n = 1; n <= most; n++) {
        double start = ring->start[(tasks - n) % RING][lane->index];
        if (lanes_is_lost(start)) {
            bool stays = lane->impatient && -start > time;
            queue.leaving += stays;
            queue.beyond += stays ? -start - time : 0;
            continue;
        }
        if (start <= time)
            return queue;
        queue.beyond += start - time;
        queue.waiting++;
        queue.last = n;
    }
    queue.too_long = tasks >= RING;
    return queue;
}

struct flow lane_flow_at(const struct lane *lane, uint64_t tasks, double time,
                         const struct lane_queue *queue)
{
    const struct lanes_work *work = &lane->state->work;
    const struct lanes_sums *sums = &work->sums;
    int i = lane->index;
    double served_beyond = 0, latest = time, idle = lane->before.idle + sums->idle[i];
    uint64_t busy = 0, consumers = 0;
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
    double gone = lane->before.gone + sums->gone[i], beyond = queue->beyond;
    uint64_t lost = lane_lost(lane), waiting = queue->waiting + queue->leaving;
    double total = (double)consumers * time;
    double service = lane->before.service + sums->service[i] - served_beyond;
    /* The wait that a task would have falls by one a second after the last arrival, to zero. */
    double seen = fmax(work->free[0][i] - sums->last[i], 0);
    double fall = fmin(seen, time - sums->last[i]);
    double seen_area = 0.5 * (lane->before.virtual_area + sums->virtual_area[i]);
    return (struct flow){
        .time = time,
        .queue_area = lane->before.wait + sums->wait[i] + gone - beyond,
        .busy_area = service < 1e-3 * total ? service : total - idle,
        .sojourn_sum = lane->before.latency + sums->latency[i] + gone - beyond - served_beyond,
        .service_sum = service,
        .seen_sum = lane->before.seen + sums->seen[i],
        .seen_area = seen_area + fall * (seen - 0.5 * fall),
        /* Twice the clock's: what lies beyond T is added, and taken away again; and what it did to
         * each of the additions in between. */
        .rounding = (double)tasks * (2 * latest + beyond + served_beyond) * DBL_EPSILON,
        .arrived = tasks,
        .completed = tasks - queue->waiting - busy - lost,
        .lost = lost - queue->leaving,
        .inside = waiting + busy,
        .waiting = waiting,
    };
}

struct flow lane_flow_ring(struct lane *lane, uint64_t tasks, double time)
{
    struct lane_queue queue = lane_queue_at(lane, tasks, time);
    if (queue.too_long)
        lane_give_up(lane);
    return lane_flow_at(lane, tasks, time, &queue);
}

struct flow lane_flow_now(struct lane *lane, uint64_t tasks)
{
    if (tasks == 0)
        return (struct flow){0};
    const struct lanes_ring *ring = &lane->state->ring;
    size_t last = (tasks - 1) % RING;
    double time = lane->state->work.sums.last[lane->index];
    struct flow flow = lane_flow_ring(lane, tasks, time);
    double start = ring->start[last][lane->index];
    if (!lanes_is_lost(start) && start + ring->service[last][lane->index] <= time) {
        flow.completed--;
        flow.inside++;
    }
    if (lanes_is_lost(start) && lane->impatient && -start <= time) { /* no patience at all */
        flow.lost--;
        flow.inside++;
        flow.waiting++;
    }
    return flow;
}

static void look_for_next(struct lane *lane)
{
    lane->cross = lane->crossed < lane->n_marks ? lane->marks[lane->crossed].upto : INFINITY;
}

struct flow lane_flow_mark(struct lane *lane, uint64_t tasks)
{
    const struct lanes_state *state = lane->state;
    const struct lane_mark *mark = &lane->marks[lane->reached];
    int i = lane->index;
    bool some = lane->crossed > lane->reached;
    uint64_t waiting = some ? tasks - lane_lost(lane) - mark->started : 0;
    const struct lane_queue queue = {.waiting = waiting};
    struct flow flow = lane_flow_at(lane, tasks, fmax(mark->upto, 0), &queue);
    if (some) {
        double late = state->late[i] - mark->late; /* sum of (arrival - late_from) */
        flow.queue_area =
            mark->waited + (double)waiting * (mark->upto - state->late_from[i]) - late;
        flow.sojourn_sum = flow.queue_area + flow.service_sum;
    }
    flow.time = mark->time;
    if (lane->stretch_begin < tasks - waiting)
        lane->stretch_begin = tasks - waiting;
    lane->reached++;
    if (lane->crossed < lane->reached) {
        lane->crossed = lane->reached;
        look_for_next(lane);
    }
    return flow;
}

double lane_latest(const struct lane *lane)
{
    return lane->state->work.free[(int)lane->at->stage.consumers - 1][lane->index];
}

double lane_last_event(const struct lane *lane)
{
    return fmax(lane_latest(lane), lane->state->work.sums.last[lane->index]);
}

/* Task number k of those that came in starts at `start`; those before it have `waited` so long. */
static inline void note_start(struct lane *lane, uint64_t k, double arrival, double start,
                              double waited)
{
    struct lanes_state *state = lane->state;
    int i = lane->index;
    while (start > lane->cross) {
        struct lane_mark *mark = &lane->marks[lane->crossed];
        if (lane->crossed == lane->reached) { /* the first to be pending */
            state->late[i] = 0;
            state->late_from[i] = mark->upto;
        }
        mark->started = k;
        mark->waited = waited;
        mark->late = state->late[i];
        lane->crossed++;
        look_for_next(lane);
    }
    state->late[i] += arrival - state->late_from[i];
}

void lane_lay_marks(struct lane *lane, struct lane_mark *marks, uint32_t n, uint64_t tasks,
                    uint64_t last)
{
    const struct lanes_ring *ring = &lane->state->ring;
    int i = lane->index;
    double waited = lane->before.wait + lane->state->work.sums.wait[i];
    uint64_t came = tasks - lane_lost(lane);
    lane->marks = marks;
    lane->n_marks = n;
    lane->crossed = lane->reached = 0;
    look_for_next(lane);
    for (uint64_t k = tasks - last; k < tasks; k++)
        if (!lanes_is_lost(ring->start[k % RING][i])) {
            waited -= ring->start[k % RING][i] - ring->arrival[k % RING][i];
            came--;
        }
    for (uint64_t k = tasks - last; k < tasks; k++) {
        double arrival = ring->arrival[k % RING][i], start = ring->start[k % RING][i];
        if (lanes_is_lost(start))
            continue;
        note_start(lane, came++, arrival, start, waited);
        waited += start - arrival;
    }
}

/* The last start of the first n tasks of the chunk. */
static double last_start(const struct lanes_chunk *chunk, size_t n, int lane)
{
    while (n > 1 && lanes_is_lost(chunk->start[n - 1][lane]))
        n--;
    return chunk->start[n - 1][lane];
}

/* The same for lanes of which none crosses a mark. */
static void sum_late(struct lanes_state *state, size_t n)
{
    const struct lanes_chunk *chunk = &state->work.chunk;
    for (size_t row = 0; row < n; row++)
        for (int i = 0; i < LANES; i++) {
            double late = chunk->arrival[row][i] - state->late_from[i];
            state->late[i] += lanes_is_lost(chunk->start[row][i]) ? 0 : late;
        }
}

void lanes_note_starts(struct lane *lanes, int n_lanes, uint64_t k, size_t n)
{
    struct lanes_state *state = lanes[0].state;
    const struct lanes_chunk *chunk = &state->work.chunk;
    LANES_ALIGNED double late[LANES];
    bool pending = false, crosses[LANES] = {false};
    for (int i = 0; i < n_lanes; i++) {
        crosses[i] = last_start(chunk, n, i) > lanes[i].cross;
        pending = pending || lanes[i].crossed > lanes[i].reached;
    }
    memcpy(late, state->late, sizeof late);
    if (pending)
        sum_late(state, n);
    for (int i = 0; i < n_lanes; i++) {
        if (!crosses[i])
            continue;
        state->late[i] = late[i];
        /* As the kernel sums, so that it does not matter where a chunk begins. */
        double before = lanes[i].before.wait, waited = state->earlier.wait[i];
        uint64_t came = k - state->earlier.lost[i];
        for (size_t row = 0; row < n; row++) {
            double arrival = chunk->arrival[row][i], start = chunk->start[row][i];
            if (lanes_is_lost(start))
                continue;
            note_start(&lanes[i], came++, arrival, start, before + waited);
            waited += start - arrival;
        }
    }
}
