#include "lane_warm_up.h"

#include "../base/err.h"
#include "../engine/drift.h"
#include "../engine/stability.h"
#include "../scenario/process.h"
#include "lane_flow.h"

/* The last time before `time`: what happens at that very time belongs to what comes next. */
static double before(double time)
{
    return nextafter(time, -INFINITY);
}

static struct lane_mark mark_at(double time)
{
    return (struct lane_mark){.time = time, .upto = before(time)};
}

/* The times of a stretch of run.duration from `start` on, as trial.c has them: of its beginning
 * and the end of each step, and when it is over at the latest. */
static struct lane_mark *marks_of(struct lane *lane, double start)
{
    double duration = lane->s->run.duration, measured = start + duration - start;
    struct lane_mark *marks = xcalloc(lane->steps + 2, sizeof *marks), *mark = marks;
    *mark++ = mark_at(start);
    if (sweep_drifts(lane->s)) {
        struct drift_piece piece = drift_first(lane->trial->columns);
        do
            if (piece.ends_third)
                *mark++ = mark_at(start + duration * piece.end);
        while (drift_next(&piece));
        measured = duration;
    } else {
        for (uint32_t step = 1; step <= lane->steps; step++)
            *mark++ = mark_at(start + duration * step / TRIAL_STEPS);
        mark[-1].time = start + duration;
    }
    double close = mark[-1].upto, cap = close + TRIAL_CAP * measured;
    *mark = (struct lane_mark){.time = cap, .upto = cap};
    lane->limit = lane_censored(lane) ? close : cap;
    return marks;
}

/* The warm-up ends here, after `tasks` tasks: at a mark, at a time, or with the last of them. */
static void end_warm_up(struct lane *lane, uint64_t tasks)
{
    struct flow flow;
    double time;
    if (lane->n_marks > 0) {
        flow = lane_flow_mark(lane, tasks);
        lane_open_window(lane, tasks, flow.time, &flow);
        return;
    }
    if (isfinite(lane->edge_after)) {
        time = lane->phase == LANE_PILOT ? lane->pilot : lane->s->run.warmup.value;
        bool empty = lane->ended && lane_last_event(lane) <= lane->edge_after;
        flow = lane_flow_ring(lane, tasks, empty ? lane_last_event(lane) : lane->edge_after);
        flow.time = lane->by_time ? time : flow.time;
    } else {
        flow = lane_flow_now(lane, tasks);
        time = flow.time;
    }
    if (lane->by_time && lane_going(lane)) {
        double upto = isfinite(lane->edge_after) ? lane->edge_after : time;
        struct lane_queue queue = lane_queue_at(lane, tasks, upto);
        struct lane_mark *marks = marks_of(lane, time);
        marks[0].upto = upto;
        lane_lay_marks(lane, marks, lane->steps + 2, tasks, queue.last);
        lane_flow_mark(lane, tasks);
    }
    lane_open_window(lane, tasks, time, &flow);
}

/* Shows the series of the warm-up rule the tasks before number `until`. */
static void feed(struct lane *lane, uint64_t until)
{
    const struct lanes_ring *ring = &lane->state->ring;
    double latency[LANES_CHUNK];
    while (lane->fed < until) {
        size_t n = 0;
        for (; n < LANES_CHUNK && lane->fed < until; lane->fed++) {
            size_t row = lane->fed % RING;
            double start = ring->start[row][lane->index];
            double wait = start - ring->arrival[row][lane->index];
            latency[n] = wait + ring->service[row][lane->index];
            n += !lanes_is_lost(start);
        }
        series_extend(&lane->series, latency, n);
    }
}

/* Whether the series of all lanes go hand in hand. */
static bool alike(const struct lane *lanes, int n)
{
    if (lanes->state->work.bounded || lanes->state->work.impatient)
        return false;
    for (int i = 0; i < n; i++)
        if (lanes[i].phase != LANE_PILOT || lanes[i].enough || lanes[i].fed != lanes[0].fed ||
            lanes[i].series.in_open != lanes[0].series.in_open ||
            lanes[i].series.per_batch != lanes[0].series.per_batch)
            return false;
    return true;
}

/* The next tasks before number `until`, of all lanes, as far as a batch goes. */
static void feed_alike(struct lane *lanes, int n, uint64_t until)
{
    const struct lanes_ring *ring = &lanes->state->ring;
    uint64_t fed = lanes->fed, missing = 0;
    LANES_ALIGNED double sum[LANES] = {0};
    for (int i = 0; i < n; i++) {
        missing = series_missing(&lanes[i].series);
        sum[i] = lanes[i].series.open_sum;
    }
    uint64_t now = until - fed < missing ? until - fed : missing;
    for (uint64_t k = fed; k < fed + now; k++) {
        const double *arrival = ring->arrival[k % RING], *start = ring->start[k % RING];
        const double *service = ring->service[k % RING];
        for (int i = 0; i < LANES; i++)
            sum[i] += start[i] - arrival[i] + service[i];
    }
    for (int i = 0; i < n; i++) {
        series_go_on(&lanes[i].series, sum[i], now);
        lanes[i].fed += now;
    }
}

void lanes_feed(struct lane *lanes, int n, uint64_t tasks)
{
    if (tasks <= RING)
        return;
    while (alike(lanes, n) && lanes->fed < tasks - RING)
        feed_alike(lanes, n, tasks - RING);
    for (int i = 0; i < n; i++)
        if (lanes[i].phase == LANE_PILOT && !lanes[i].enough)
            feed(&lanes[i], tasks - RING);
}

static void set_pilot(struct lane *lane, double pilot)
{
    lane->pilot = pilot;
    lane_no_edge(lane);
    if (lane->by_time)
        lane->edge_after = before(pilot);
    else
        lane->edge = (uint64_t)pilot;
}

/* A pilot of the warm-up rule has ended. */
static void pilot_edge(struct lane *lane, uint64_t tasks)
{
    double most = lane->by_time ? lane->s->run.duration : (double)lane->tasks;
    double time = lane->by_time ? lane->edge_after : lane->state->work.sums.last[lane->index];
    struct lane_queue queue = lane_queue_at(lane, tasks, time);
    if (queue.too_long) {
        lane_give_up(lane);
        return;
    }
    if (!lane->enough)
        feed(lane, tasks - queue.last);
    if (!lane->enough && !warmup_settled(&lane->series)) {
        if (lane->pilot < most) {
            set_pilot(lane, fmin(lane->pilot * 2, most));
            return;
        }
        lane->trial->notes |= NOTE_WARMUP_UNSETTLED;
    }
    end_warm_up(lane, tasks);
}

void lane_warm_up_edge(struct lane *lane, uint64_t tasks)
{
    if (lane->phase == LANE_PILOT)
        pilot_edge(lane, tasks);
    else
        end_warm_up(lane, tasks);
}

/* Where the warm-up ends, as a number of tasks. */
static uint64_t warm_up_tasks(const struct lane *lane)
{
    const struct amount *warmup = &lane->s->run.warmup;
    switch ((enum amount_kind)warmup->kind) {
    case AMOUNT_COUNT:
        return (uint64_t)warmup->value;
    case AMOUNT_SHARE:
        return (uint64_t)(warmup->value * (double)lane->tasks);
    case AMOUNT_AUTO:
    case AMOUNT_DURATION:
        return 0;
    }
    return 0;
}

void lane_warm_up(struct lane *lane)
{
    const struct run *run = &lane->s->run;
    bool rule = (enum amount_kind)run->warmup.kind == AMOUNT_AUTO && !scenario_replays(lane->s) &&
                !sweep_drifts(lane->s);
    double time = trial_warm_up_time(lane->s);
    if (rule && lane->by_time && stability_theory(lane->at) == STABLE_NO) {
        time = run->duration / 10; /* hopeless: the first pilot will have to do */
        lane->trial->notes |= NOTE_WARMUP_UNSETTLED;
    } else if (rule) {
        lane->phase = LANE_PILOT;
        double pilot, most = lane->by_time ? run->duration : run->tasks;
        lane->enough = trial_first_pilot(lane->at, most, lane->by_time, &pilot);
        set_pilot(lane, pilot);
        return;
    }
    lane->phase = LANE_WARM_UP;
    lane_no_edge(lane);
    if (lane->by_time && !isnan(time)) {
        lane_lay_marks(lane, marks_of(lane, time), lane->steps + 2, 0, 0);
        lane->keep_from = UINT64_MAX;
        lane->edge_after = lane->marks[0].upto;
    } else if (time > 0) {
        lane->edge_after = before(time);
    } else {
        lane->edge = warm_up_tasks(lane);
        lane->keep_from = lane->edge > RING ? lane->edge - RING : 0;
    }
}
