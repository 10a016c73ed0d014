#include "lane_flow.h"

#include <float.h>
#include <stdlib.h>
#include <string.h>

uint64_t lane_waiting(const struct lane *lane, uint64_t tasks, double time, double *beyond)
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

struct flow lane_flow_at(const struct lane *lane, uint64_t tasks, double time, uint64_t waiting,
                         double beyond)
{
    const struct lanes_state *state = lane->state;
    const struct lanes_sums *sums = &state->sums;
    int i = lane->index;
    double served_beyond = 0, latest = time, idle = lane->before.idle + sums->idle[i];
    uint64_t busy = 0, consumers = 0;
    for (int c = 0; c < state->consumers; c++) {
        double at = state->free[c][i];
        if (at == INFINITY)
            continue;
        consumers++;
        latest = fmax(latest, at);
        busy += at > time;
        served_beyond += at > time ? at - time : 0;
        idle += at > time ? 0 : time - at;
    }
    double total = (double)consumers * time;
    double held = lane->before.held + sums->held[i] - served_beyond;
    /* The wait that a task would have falls by one a second after the last arrival, to zero. */
    double seen = fmax(state->free[0][i] - sums->last[i], 0);
    double fall = fmin(seen, time - sums->last[i]);
    double seen_area = lane->before.virtual_area + sums->virtual_area[i];
    return (struct flow){
        .time = time,
        .queue_area = lane->before.wait + sums->wait[i] - beyond,
        .busy_area = held < 1e-3 * total ? held : total - idle,
        .sojourn_sum = lane->before.latency + sums->latency[i] - beyond - served_beyond,
        .service_sum = lane->before.service + sums->service[i] - served_beyond,
        .seen_sum = lane->before.wait + sums->wait[i],
        .seen_area = seen_area + fall * (seen - 0.5 * fall),
        /* Twice the clock's: what lies beyond T is added, and taken away again. */
        .rounding = 2 * (double)tasks * latest * DBL_EPSILON,
        .arrived = tasks,
        .completed = tasks - waiting - busy,
        .inside = waiting + busy,
        .waiting = waiting,
    };
}

struct flow lane_flow_ring(struct lane *lane, uint64_t tasks, double time)
{
    double beyond;
    uint64_t waiting = lane_waiting(lane, tasks, time, &beyond);
    if (waiting == RING)
        lane_give_up(lane);
    return lane_flow_at(lane, tasks, time, waiting, beyond);
}

struct flow lane_flow_now(struct lane *lane, uint64_t tasks)
{
    if (tasks == 0)
        return (struct flow){0};
    const struct lanes_ring *ring = &lane->state->ring;
    size_t last = (tasks - 1) % RING;
    double time = lane->state->sums.last[lane->index];
    struct flow flow = lane_flow_ring(lane, tasks, time);
    if (ring->start[last][lane->index] + ring->service[last][lane->index] <= time) {
        flow.completed--;
        flow.inside++;
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
    uint64_t waiting = some ? tasks - mark->started : 0;
    struct flow flow = lane_flow_at(lane, tasks, fmax(mark->upto, 0), waiting, 0);
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
    return lane->state->free[(int)lane->at->stage.consumers - 1][lane->index];
}

double lane_last_event(const struct lane *lane)
{
    return fmax(lane_latest(lane), lane->state->sums.last[lane->index]);
}

/* Task number k starts at `start`, and those before it have `waited` so long. */
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
                    uint64_t waiting)
{
    const struct lanes_ring *ring = &lane->state->ring;
    int i = lane->index;
    double waited = lane->before.wait + lane->state->sums.wait[i];
    lane->marks = marks;
    lane->n_marks = n;
    lane->crossed = lane->reached = 0;
    look_for_next(lane);
    for (uint64_t k = tasks - waiting; k < tasks; k++)
        waited -= ring->start[k % RING][i] - ring->arrival[k % RING][i];
    for (uint64_t k = tasks - waiting; k < tasks; k++) {
        double arrival = ring->arrival[k % RING][i], start = ring->start[k % RING][i];
        note_start(lane, k, arrival, start, waited);
        waited += start - arrival;
    }
}

void lanes_note_starts(struct lane *lanes, int n_lanes, uint64_t k, size_t n)
{
    struct lanes_state *state = lanes[0].state;
    const struct lanes_chunk *chunk = &state->chunk;
    LANES_ALIGNED double late[LANES];
    bool pending = false, crosses[LANES] = {false};
    for (int i = 0; i < n_lanes; i++) {
        crosses[i] = chunk->start[n - 1][i] > lanes[i].cross;
        pending = pending || lanes[i].crossed > lanes[i].reached;
    }
    memcpy(late, state->late, sizeof late);
    for (size_t row = 0; pending && row < n; row++)
        for (int i = 0; i < LANES; i++)
            state->late[i] += chunk->arrival[row][i] - state->late_from[i];
    for (int i = 0; i < n_lanes; i++) {
        if (!crosses[i])
            continue;
        state->late[i] = late[i];
        double waited = lanes[i].before.wait + state->earlier.wait[i];
        for (size_t row = 0; row < n; row++) {
            double arrival = chunk->arrival[row][i], start = chunk->start[row][i];
            note_start(&lanes[i], k + row, arrival, start, waited);
            waited += start - arrival;
        }
    }
}
