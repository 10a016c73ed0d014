#include "trial.h"

#include <stdlib.h>
#include <string.h>

#include "../base/err.h"
#include "drift.h"
#include "follow.h"
#include "periods.h"
#include "stability.h"
#include "trial_course.h"
#include "warmup.h"

/* Visits of every client, at least, in the first pilot of a warm-up. */
#define CLOSED_VISITS 5

static bool settled(const struct course *c, const struct series *series)
{
    const struct trial *trial = c->trial;
    if (!warmup_settled(&series[trial->whole]))
        return false;
    double most = 0;
    uint32_t slowest = trial->whole;
    for (uint32_t place = 0; place < trial->whole; place++) {
        struct flow flow = course_flow_of(c, place);
        double taken = flow.available_area > 0 ? flow.busy_area / flow.available_area : 0;
        slowest = taken > most ? place : slowest;
        most = fmax(most, taken);
    }
    return slowest == trial->whole || warmup_settled(&series[slowest]);
}

/* Of a closed system: the tasks, or the time, in which everybody has a turn. */
static double all_visit(const struct scenario *column, bool by_time)
{
    double clients = process_clients(column);
    return by_time ? clients / scenario_likely_rate(column) : clients;
}

/* The warm-up rule of warmup.h. A closed system begins with everybody thinking: the first pilot is
 * long enough for that to be forgotten. */
static void warm_up_by_rule(struct course *c, const struct scenario *column)
{
    bool by_time = !isnan(c->s->run.duration);
    double most = by_time ? c->s->run.duration : c->tasks;
    double pilot;
    bool enough = trial_first_pilot(column, most, by_time, &pilot);
    if (process_is_closed(column))
        pilot = fmin(fmax(pilot, CLOSED_VISITS * all_visit(column, by_time)), most);
    bool hopeless = stability_theory(column) == STABLE_NO;
    struct series *series = xcalloc(c->trial->places, sizeof *series);
    for (uint32_t place = 0; place < c->trial->places; place++)
        series[place].spare = c->recorder.spare;
    c->recorder.series = enough ? NULL : series;
    for (;; pilot = fmin(pilot * 2, most)) {
        bool going =
            by_time ? course_go_to(c, pilot) : course_go(c, (uint64_t)pilot, INFINITY, false);
        if (!going || enough || (!hopeless && settled(c, series)))
            break;
        if (hopeless || pilot >= most) {
            c->trial->notes |= NOTE_WARMUP_UNSETTLED;
            break;
        }
    }
    c->recorder.series = NULL;
    for (uint32_t place = 0; place < c->trial->places; place++)
        series_free(&series[place]);
    free(series);
    if (by_time)
        c->trial->warmup_time = pilot;
}

/* Simulates and forgets the beginning; leaves its extent in the trial. */
static void warm_up(struct course *c, const struct scenario *column)
{
    const struct amount *warmup = &c->s->run.warmup;
    struct trial *trial = c->trial;
    c->recorder.slot = course_unmeasured(c);
    trial->warmup_time = trial_warm_up_time(c->s);
    if ((enum amount_kind)warmup->kind == AMOUNT_COUNT)
        course_go(c, (uint64_t)warmup->value, INFINITY, false);
    else if ((enum amount_kind)warmup->kind == AMOUNT_SHARE && isnan(trial->warmup_time))
        course_go(c, (uint64_t)(warmup->value * c->tasks), INFINITY, false);
    else if (isnan(trial->warmup_time) && !scenario_replays(c->s))
        warm_up_by_rule(c, column);
    if (trial->warmup_time > 0)
        course_go_to(c, trial->warmup_time);
    trial->warmup_tasks = course_arrived(c);
    if (isnan(trial->warmup_time))
        trial->warmup_time = trial->warmup_tasks ? course_flow(c).time : 0;
}

static struct follow_look look(struct course *c, double spent)
{
    struct flow flow = course_flow(c);
    return (struct follow_look){spent, (double)flow.arrived, (double)flow.inside,
                                (double)(course_outstanding(c) + c->recorder.behind)};
}

/* Follows the measured tasks until they have left, or counts them as unfinished. */
static void finish(struct course *c, uint64_t measured, double measured_time)
{
    c->recorder.slot = UNMEASURED;
    if (c->over || course_outstanding(c) + c->recorder.behind == 0 ||
        (enum at_end)c->s->run.at_end == END_CENSOR)
        return;
    bool by_time = !isnan(c->s->run.duration);
    double unit = measured > 100 ? (double)measured : 100, end = course_flow(c).time;
    uint64_t first = course_arrived(c);
    struct follow follow = follow_begin(&c->source.scenario, look(c, 0));
    for (bool vain = false; !vain;) {
        double spent = follow_next(&follow);
        uint64_t tasks = by_time ? UINT64_MAX : first + (uint64_t)(spent * unit);
        double time = by_time ? end + spent * measured_time : INFINITY;
        if (!course_go(c, tasks, time, true) || course_outstanding(c) + c->recorder.behind == 0)
            return;
        vain = spent >= TRIAL_CAP || follow_is_vain(&follow, look(c, spent));
    }
    c->trial->notes |= NOTE_CAPPED;
}

/* As of `time` (NAN: now), where n_thirds thirds of them have passed. */
static void open_windows(const struct course *c, struct window *windows, double time)
{
    if (c->engine->opens)
        c->engine->opens(c->state);
    for (uint32_t place = 0; place < c->trial->places; place++)
        windows[place].open =
            isnan(time) ? course_flow_of(c, place) : course_flow_of_at(c, place, time);
}

static void close_windows(const struct course *c, struct window *windows, double time, int n_thirds)
{
    const uint32_t places = c->trial->places;
    for (uint32_t place = 0; place < places; place++) {
        struct window *w = &windows[place];
        w->close = isnan(time) ? course_flow_of(c, place) : course_flow_of_at(c, place, time);
        const struct flow *first = &c->thirds[place], *second = &c->thirds[places + place];
        w->backlog_first = n_thirds > 0 ? flow_mean_inside(&w->open, first) : NAN;
        w->backlog_last = n_thirds > 1 ? flow_mean_inside(second, &w->close) : NAN;
        if (c->engine->flow_of)
            w->available = w->close.available_area - w->open.available_area;
    }
}

/* From this flow on the number waiting is recorded into `queue`; NULL: no longer. */
static void watch(struct course *c, const struct flow *flow, struct queue_time *queue)
{
    if (!c->recorder.watch)
        return;
    queue_watch_to(&c->watch, flow->time, flow->waiting);
    c->watch.into = queue;
}

static struct queue_time *queue_of(const struct trial *trial, uint64_t column)
{
    return trial->queues ? &trial->queues[column] : NULL;
}

/* One column at rest: warm-up, then the measured stretch in TRIAL_STEPS steps. */
static void run_column(struct course *c, const struct scenario *column)
{
    warm_up(c, column);
    struct trial *trial = c->trial;
    struct window *w = &trial->windows[trial->whole];
    bool by_time = !isnan(c->s->run.duration);
    uint64_t base = course_arrived(c), tasks = by_time ? 0 : (uint64_t)c->tasks;
    if (c->whole_trace)
        tasks -= tasks < base ? tasks : base;
    double start = trial->warmup_time, duration = c->s->run.duration;
    int n_thirds = 0;
    open_windows(c, trial->windows, by_time ? start : NAN);
    watch(c, &w->open, queue_of(trial, 0));
    for (uint32_t step = 1; step <= TRIAL_STEPS && !c->over; step++) {
        double time = start + duration * step / TRIAL_STEPS;
        c->recorder.slot = (step - 1) * trial->batches / TRIAL_STEPS;
        if (by_time)
            course_go_to(c, time);
        else
            course_go(c, base + tasks * step / TRIAL_STEPS, INFINITY, false);
        if (!c->over && (step == TRIAL_STEPS / 3 || step == TRIAL_STEPS / 3 * 2))
            course_flows(c, by_time ? time : NAN, &c->thirds[trial->places * (uint32_t)n_thirds++]);
    }
    close_windows(c, trial->windows, by_time ? start + duration : NAN, n_thirds);
    const struct flow close = w->close;
    watch(c, &close, NULL);
    course_close_timeline(c, close.time);
    if (!c->engine->flow_of)
        w->available = column->stage.consumers * (close.time - w->open.time);
    if (c->over && !(trial->notes & ENDED_EARLY) &&
        (by_time ? scenario_replays(c->s) : course_arrived(c) < base + tasks))
        trial->notes |= NOTE_TRACE_ENDED;
    finish(c, close.arrived - w->open.arrived, close.time - w->open.time);
}

/* All columns in one movement (drift.h). */
static void run_drift(struct course *c)
{
    const struct scenario *slice = &c->source.scenario; /* the parameters in force */
    struct trial *trial = c->trial;
    struct param_ref swept;
    bool moves = sweep_ref(c->s, &swept);
    warm_up(c, slice);
    double start = trial->warmup_time, duration = c->s->run.duration, now = start;
    struct drift_piece piece = drift_first(trial->columns);
    struct flow flow = course_flow_at(c, start);
    bool new_slice = true, new_column = true;
    do {
        struct window *windows = &trial->windows[piece.third / 3 * trial->places];
        uint64_t third = piece.third % 3;
        if (new_column) {
            open_windows(c, windows, now);
            watch(c, &flow, queue_of(trial, piece.third / 3));
        }
        if (new_slice && moves) {
            double value = sweep_value_at(c->s, &swept, drift_middle(piece.slice));
            if (c->engine->arrived)
                param_put(&c->source.scenario, &swept, value);
            else
                source_adopt(&c->source, &swept, value, now);
            c->engine->adopt(c->state, slice);
        }
        c->recorder.slot = (uint32_t)(piece.third / 3);
        const double end = start + duration * piece.end;
        course_go_to(c, end);
        flow = course_flow_at(c, end);
        windows->available += slice->stage.consumers * (flow.time - now);
        now = flow.time;
        if (piece.ends_third && third < 2)
            course_flows(c, end, &c->thirds[trial->places * third]);
        else if (piece.ends_third)
            close_windows(c, windows, end, 2);
        new_slice = piece.ends_slice;
        new_column = piece.ends_third && third == 2;
    } while (drift_next(&piece));
    watch(c, &flow, NULL);
    course_close_timeline(c, now);
    finish(c, flow.arrived - trial->warmup_tasks, duration);
}

static struct trial *run_alone(const struct trial_id *id, const struct engine *engine,
                               atomic_bool *stop, atomic_uint_fast64_t *progress)
{
    struct scenario *whole = xmalloc(sizeof *whole);
    const struct scenario *s = periods_resolve(id->s, id->column, whole) ? whole : id->s;
    uint32_t column = id->column, replication = id->replication;
    bool drift = sweep_drifts(s);
    struct trial *trial = trial_new(s, column, replication);
    struct scenario *at = xmalloc(sizeof *at);
    if (drift)
        sweep_scenario_at(s, 0, at);
    else
        sweep_scenario(s, column, at);
    struct course *c = xcalloc(1, sizeof *c);
    *c = (struct course){.s = s, .engine = engine, .trial = trial, .stop = stop};
    c->progress = progress;
    c->tasks = scenario_tasks(s, &c->whole_trace);
    c->cost = trial_cost(s, column);
    c->thirds = xcalloc((size_t)2 * trial->places, sizeof *c->thirds);
    c->recorder = (struct recorder){
        .cells = trial->cells, .classes = trial->classes, .places = trial->places};
    c->recorder.slot = UNMEASURED;
    c->watch.scale = queue_time_scale(at);
    if (trial->queues) {
        trial->queue_scale = c->watch.scale;
        c->recorder.watch = &c->watch;
    }
    course_open_timeline(c);
    uint64_t seed = (uint64_t)s->seed;
    if (engine->arrived)
        c->source.scenario = *at;
    else
        source_begin(&c->source, at, seed, replication);
    c->state = engine->begin(at, &c->source, &c->recorder, seed, replication);
    if (drift)
        run_drift(c);
    else
        run_column(c, at);
    trial->end = course_flow(c);
    if (trial->places > 1) {
        trial->ends = xcalloc(trial->places, sizeof *trial->ends);
        course_flows(c, NAN, trial->ends);
    }
    trial->simulated = course_arrived(c);
    trial->outstanding = course_outstanding(c);
    course_forget_spare(c);
    trial->behind = c->recorder.behind;
    course_report(c, INFINITY);
    engine->end(c->state);
    if (!engine->arrived)
        source_end(&c->source);
    free(c->thirds);
    free(c);
    free(at);
    free(whole);
    return trial;
}

void trial_run_together(const struct trial_group *group)
{
    if (group->engine->run_group)
        group->engine->run_group(group);
    else
        for (unsigned i = 0; i < group->n; i++)
            group->trials[i] =
                run_alone(&group->ids[i], group->engine, group->stop, group->progress);
}

void trial_run_group(const struct trial_group *group)
{
    trial_run_together(group);
    for (unsigned i = 0; i < group->n; i++)
        if (!group->trials[i])
            group->trials[i] =
                run_alone(&group->ids[i], &events_engine, group->stop, group->progress);
    for (unsigned i = 0; i < group->n; i++)
        trial_unpack(group->trials[i]);
}

struct trial *trial_run(const struct scenario *s, const struct engine *engine, uint32_t column,
                        uint32_t replication, atomic_bool *stop, atomic_uint_fast64_t *progress)
{
    struct trial *trial = NULL;
    const struct trial_id id = {s, column, replication};
    trial_run_group(&(struct trial_group){engine, &id, 1, stop, progress, &trial, NULL, 0});
    return trial;
}
