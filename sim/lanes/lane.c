#include "lane.h"

#include <assert.h>
#include <stdlib.h>

#include "../engine/drift.h"
#include "../engine/stability.h"
#include "lane_cells.h"
#include "lane_flow.h"
#include "lane_warm_up.h"

/* Counters hold 32 bits. */
enum { MOST_COUNTED = 1 << 30 };

void lane_give_up(struct lane *lane)
{
    lane->phase = LANE_GIVEN_UP;
    lane->keep_from = UINT64_MAX;
    lane_no_edge(lane);
}

static void over(struct lane *lane)
{
    if (lane_going(lane))
        lane->phase = LANE_OVER;
    lane->keep_from = UINT64_MAX;
    lane_no_edge(lane);
}

/* Whether something happens at the end of a step: a third, a batch or all of it ends. */
static bool step_matters(const struct lane *lane, uint32_t step)
{
    return step % (TRIAL_STEPS / 3) == 0 ||
           lane_slot_of(lane, step + 1) != lane_slot_of(lane, step);
}

static void next_edge_by_number(struct lane *lane)
{
    uint32_t step = lane->step, third;
    while (!step_matters(lane, step))
        step++;
    lane->edge = lane_step_end(lane, step);
    third = (step + TRIAL_STEPS / 3 - 1) / (TRIAL_STEPS / 3) * (TRIAL_STEPS / 3);
    uint64_t kept = lane_step_end(lane, third), held = lane_step_end(lane, TRIAL_STEPS);
    lane->keep_from = kept > RING ? kept - RING : 0;
    held = held > lane->base + RING ? held - RING : lane->base;
    if (lane->phase == LANE_MEASURED && lane_censored(lane) && held < lane->edge)
        lane->edge = held;
}

static void next_edge(struct lane *lane)
{
    if (!lane->by_time) {
        next_edge_by_number(lane);
        return;
    }
    lane->keep_from = lane->edge = UINT64_MAX;
    lane->edge_after = lane->marks[lane->reached].upto;
}

void lane_open_window(struct lane *lane, uint64_t tasks, double time, const struct flow *flow)
{
    struct trial *trial = lane->trial;
    series_free(&lane->series);
    trial->windows[0].open = *flow;
    trial->warmup_tasks = tasks;
    trial->warmup_time = time;
    if (!lane_going(lane))
        return;
    lane_forget(lane);
    lane->base = lane->slot_begin = lane->moved = tasks;
    if (lane->whole_trace)
        lane->tasks -= tasks < lane->tasks ? tasks : lane->tasks;
    lane->step = 1;
    lane->slot = 0;
    lane->phase = trial->classes > 1 ? LANE_LATE : LANE_MEASURED;
    lane_no_edge(lane);
    next_edge(lane);
}

static void close_window(const struct lane *lane, struct window *w, const struct flow *close)
{
    w->close = *close;
    w->backlog_first = flow_mean_inside(&w->open, &lane->thirds[0]);
    w->backlog_last = flow_mean_inside(&lane->thirds[1], close);
    w->available = lane->at->stage.consumers * (w->close.time - w->open.time);
}

/* All has been simulated that is measured, by number. */
static void finish_by_number(struct lane *lane, uint64_t tasks)
{
    struct trial *trial = lane->trial;
    const struct flow *close = &trial->windows[0].close;
    trial->end = *close;
    if (lane->phase == LANE_HELD && lane->counted_free > close->time)
        lane_give_up(lane);
    else if (lane->phase == LANE_HELD)
        lane_count_held(lane, tasks, close->time);
    else if (tasks > lane->base && lane_latest(lane) <= lane->opened_free)
        lane_give_up(lane);
    else if (tasks > lane->base)
        trial->end = lane_flow_ring(lane, tasks, lane_latest(lane));
}

/* A trace has ended and the system is empty by the close; where that was before a third of the
 * window was over, nothing is said of it. */
static void note_ended(struct lane *lane)
{
    struct trial *trial = lane->trial;
    struct window *w = &trial->windows[0];
    double last = lane_last_event(lane);
    trial->notes |= NOTE_TRACE_ENDED;
    if (last <= lane->marks[TRIAL_STEPS / 3].upto)
        w->backlog_first = NAN;
    if (last <= lane->marks[TRIAL_STEPS / 3 * 2].upto)
        w->backlog_last = NAN;
}

/* Added up as trial.c does it. */
static void add_available(struct lane *lane)
{
    struct trial *trial = lane->trial;
    double start = trial->warmup_time, now = start;
    struct drift_piece piece = drift_first(trial->columns);
    for (uint32_t i = 0; i < trial->columns; i++)
        trial->windows[i].available = 0;
    do {
        double then = start + lane->s->run.duration * piece.end;
        trial->windows[piece.third / 3].available += lane->at->stage.consumers * (then - now);
        now = then;
    } while (drift_next(&piece));
}

static void finish_by_time(struct lane *lane, uint64_t tasks)
{
    struct trial *trial = lane->trial;
    double close = lane->marks[lane->steps].upto, cap = lane->marks[lane->steps + 1].upto;
    double done = lane_latest(lane), last = lane_last_event(lane);
    trial->end = trial->windows[trial->columns - 1].close;
    trial->end.time = close;
    if (sweep_drifts(lane->s))
        add_available(lane);
    if (lane->ended && last <= close) {
        trial->end.time = last;
        if (!sweep_drifts(lane->s))
            note_ended(lane);
    } else if (!lane_censored(lane) && done > close && done <= lane->opened_free) {
        lane_give_up(lane);
    } else if (!lane_censored(lane) && done > cap) {
        trial->end = lane_flow_mark(lane, tasks);
        trial->notes |= NOTE_CAPPED;
    } else if (!lane_censored(lane) && done > close) {
        trial->end = lane_flow_at(lane, tasks, done, &(struct lane_queue){0});
    }
}

/* The step that is under way ends. */
static void end_step(struct lane *lane, uint64_t tasks)
{
    struct trial *trial = lane->trial;
    uint32_t step = lane->step, third = lane->steps / trial->columns / 3;
    uint32_t slot = step < lane->steps ? lane_slot_of(lane, step + 1) : UINT32_MAX;
    struct flow flow = {0};
    if (lane->by_time)
        flow = lane_flow_mark(lane, tasks);
    else if (step % third == 0) /* the warm-up may have ended after the last arrival */
        flow = tasks > lane->base ? lane_flow_now(lane, tasks) : trial->windows[0].open;
    if (step % third == 0) {
        uint32_t window = (step / third - 1) / 3, which = (step / third - 1) % 3;
        if (which < 2)
            lane->thirds[which] = flow;
        else
            close_window(lane, &trial->windows[window], &flow);
        if (which == 2 && window + 1 < trial->columns)
            trial->windows[window + 1].open = flow;
    }
    if (slot != lane->slot) {
        lane_close_slot(lane, tasks);
        lane->slot = slot;
    }
    lane->step++;
}

static void measured_edge(struct lane *lane, uint64_t tasks)
{
    if (!lane->by_time && lane->phase == LANE_MEASURED && lane_censored(lane) &&
        lane_step_end(lane, TRIAL_STEPS) - tasks <= RING)
        lane_hold(lane, tasks);
    if (lane->by_time)
        end_step(lane, tasks);
    while (!lane->by_time && lane->step <= lane->steps && lane_step_end(lane, lane->step) <= tasks)
        end_step(lane, tasks);
    if (!lane_going(lane))
        return;
    if (lane->step <= lane->steps) {
        next_edge(lane);
        return;
    }
    lane->trial->simulated = tasks;
    if (lane->by_time)
        finish_by_time(lane, tasks);
    else
        finish_by_number(lane, tasks);
    over(lane);
}

void lane_look(struct lane *lane, uint64_t tasks)
{
    uint32_t zero_waits = lane_waits(lane)[SLOT_ZERO];
    if (zero_waits != lane->zero_waits && lane->looked > lane->stretch_begin)
        lane->stretch_begin = lane->looked;
    double waiting = (double)(tasks - lane->stretch_begin), places = lane->at->stage.capacity;
    double inside = (waiting < places ? waiting : places) + lane->at->stage.consumers;
    if (inside > lane->s->run.max_backlog)
        lane_give_up(lane);
    lane->zero_waits = zero_waits;
    lane->looked = tasks;
    if (lane->phase == LANE_MEASURED && tasks - lane->moved >= MOST_COUNTED)
        lane_move_tasks(lane, tasks);
}

void lane_edge(struct lane *lane, uint64_t tasks)
{
    assert(lane_going(lane));
    if (lane->phase <= LANE_WARM_UP)
        lane_warm_up_edge(lane, tasks);
    else
        measured_edge(lane, tasks);
}

/* A trace has ended before all tasks had come that were asked for, by number: it is over when the
 * last has left. */
static void end_early(struct lane *lane, uint64_t tasks)
{
    struct trial *trial = lane->trial;
    struct window *w = &trial->windows[0];
    double last = lane_last_event(lane);
    struct flow close = lane_flow_at(lane, tasks, last, &(struct lane_queue){0});
    close_window(lane, w, &close);
    if (lane->step <= TRIAL_STEPS / 3)
        w->backlog_first = NAN;
    if (lane->step <= TRIAL_STEPS / 3 * 2)
        w->backlog_last = NAN;
    lane_close_slot(lane, tasks);
    trial->notes |= NOTE_TRACE_ENDED;
    trial->simulated = tasks;
    trial->end = close;
    over(lane);
}

void lane_ended(struct lane *lane, uint64_t tasks)
{
    lane->ended = true;
    if (tasks > 0)
        lane_look(lane, tasks);
    while (lane_going(lane) && (isfinite(lane->edge_after) || lane->edge == tasks))
        lane_edge(lane, tasks);
    if (lane->phase == LANE_MEASURED)
        end_early(lane, tasks);
    else if (lane_going(lane)) /* what comes of that is too rare to be followed */
        lane_give_up(lane);
}

void lane_begin(struct lane *lane, struct lanes_state *state, int index,
                const struct lanes_plan *plan, const struct scenario *at, struct trial_id id)
{
    const struct scenario *s = id.s;
    *lane = (struct lane){.s = s, .at = at, .state = state, .index = index};
    lane->trial = trial_new(s, id.column, id.replication);
    lane->by_time = !isnan(s->run.duration);
    lane->impatient = scenario_impatient(at);
    lane->tasks = lane->by_time ? 0 : (uint64_t)plan->tasks;
    lane->whole_trace = plan->whole_trace && !lane->by_time;
    lane->steps = sweep_drifts(s) ? 3 * lane->trial->columns : TRIAL_STEPS;
    lane->cost = trial_cost(s, id.column);
    lane->cross = lane->limit = INFINITY;
    lane_reset(lane);
    lane_warm_up(lane);
}

void lane_end(struct lane *lane)
{
    series_free(&lane->series);
    free(lane->marks);
}
