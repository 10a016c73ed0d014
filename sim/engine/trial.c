#include "trial.h"

#include <stdlib.h>
#include <string.h>

#include "../base/err.h"
#include "drift.h"
#include "follow.h"
#include "periods.h"
#include "stability.h"
#include "warmup.h"

/* Arrivals between two looks at `stop` and `progress`: a few milliseconds at the worst. */
enum { CHUNK = 16384 };

/* Visits of every client, at least, in the first pilot of a warm-up. */
#define CLOSED_VISITS 5

/* Its window ends where it stopped. */
enum { ENDED_EARLY = NOTE_BACKLOG | NOTE_INTERRUPTED | NOTE_STANDS_STILL };

/* A trial under way. */
struct course {
    const struct scenario *s; /* as resolved, sweep and all */
    const struct engine *engine;
    void *state;
    struct source source;
    struct recorder recorder;
    struct queue_watch watch;
    struct trial *trial;
    atomic_bool *stop;
    atomic_uint_fast64_t *progress;
    double tasks; /* to be measured, where that is not given by time */
    bool whole_trace;
    double cost;   /* tasks expected */
    uint64_t told; /* of them reported as done */
    bool over;     /* nothing more will happen: the source has ended, or the backlog is too long */
    double clock;  /* of the last arrival, when time was seen to have gone on */
    double still;  /* arrivals since then */
};

/* Tasks that have arrived since time 0. */
static uint64_t arrived(const struct course *c)
{
    return c->source.first + c->source.at;
}

static void report(struct course *c, double done)
{
    uint64_t tasks = (uint64_t)(done < c->cost ? done : c->cost);
    if (c->progress && tasks > c->told) {
        atomic_fetch_add_explicit(c->progress, tasks - c->told, memory_order_relaxed);
        c->told = tasks;
    }
}

/* Whether time stands still: `tasks` more have arrived, in a closed system, whose clients come back
 * as soon as they have left. Looked at between chunks, which costs nothing. */
static bool stands_still(struct course *c, uint64_t tasks)
{
    const struct source *source = &c->source;
    if (!source->clients || source->at == 0)
        return false;
    double time = source->block.time[source->at - 1], duration = c->s->run.duration;
    c->still += (double)tasks;
    if (time > c->clock + (isnan(duration) ? 0 : STILL_SHARE * duration)) {
        c->still = 0;
        c->clock = time;
    }
    return c->still > STILL_MOST + STILL_TURNS * (double)source->clients->n;
}

/* Goes on until `tasks` have arrived in all, `time` is reached or, where asked for, the measured
 * tasks have left. True when that is why it stopped; false, and c->over, when it cannot go on. */
static bool go(struct course *c, uint64_t tasks, double time, bool drained)
{
    while (!c->over) {
        uint64_t now = arrived(c);
        if (now >= tasks)
            return true;
        uint64_t until = tasks - now > CHUNK ? now + CHUNK : tasks;
        struct engine_limits limits = {time, until, drained};
        enum engine_stop stop = c->engine->advance(c->state, &limits);
        report(c, (double)arrived(c));
        if (c->stop && atomic_load_explicit(c->stop, memory_order_relaxed)) {
            c->trial->notes |= NOTE_INTERRUPTED;
            c->over = true;
        } else if (stop == STOP_BACKLOG) {
            c->trial->notes |= NOTE_BACKLOG;
            c->over = true;
        } else if (stop == STOP_ENDED) {
            c->over = true;
        } else if (stop != STOP_TASKS) {
            return true;
        } else if (stands_still(c, until - now)) {
            c->trial->notes |= NOTE_STANDS_STILL;
            c->over = true;
        }
    }
    return false;
}

/* Goes on to `time`, exclusive: what happens at that very time belongs to what comes next. The
 * flow that is read then counts as of `time`. */
static bool go_to_time(struct course *c, double time)
{
    return go(c, UINT64_MAX, nextafter(time, -INFINITY), false);
}

static struct flow flow_now(const struct course *c)
{
    struct flow flow;
    c->engine->flow(c->state, &flow);
    return flow;
}

/* The flow as of `time`, which go_to_time has just gone to. A source that has ended leaves an empty
 * system in which nothing but time goes on. */
static struct flow flow_at(const struct course *c, double time)
{
    struct flow flow = flow_now(c);
    if (!(c->trial->notes & ENDED_EARLY))
        flow.time = time;
    return flow;
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
    struct series series = {0};
    c->recorder.series = enough ? NULL : &series;
    for (;; pilot = fmin(pilot * 2, most)) {
        bool going = by_time ? go_to_time(c, pilot) : go(c, (uint64_t)pilot, INFINITY, false);
        if (!going || enough || (!hopeless && warmup_settled(&series)))
            break;
        if (hopeless || pilot >= most) {
            c->trial->notes |= NOTE_WARMUP_UNSETTLED;
            break;
        }
    }
    c->recorder.series = NULL;
    series_free(&series);
    if (by_time)
        c->trial->warmup_time = pilot;
}

double trial_warm_up_time(const struct scenario *s)
{
    const struct run *run = &s->run;
    switch ((enum amount_kind)run->warmup.kind) {
    case AMOUNT_AUTO:
        return sweep_drifts(s) || (scenario_replays(s) && !isnan(run->duration)) ? 0 : NAN;
    case AMOUNT_COUNT:
        return NAN;
    case AMOUNT_DURATION:
        return run->warmup.value;
    case AMOUNT_SHARE:
        return run->warmup.value * run->duration;
    }
    return NAN;
}

/* Simulates and forgets the beginning; leaves its extent in the trial. */
static void warm_up(struct course *c, const struct scenario *column)
{
    const struct amount *warmup = &c->s->run.warmup;
    struct trial *trial = c->trial;
    c->recorder.slot = UNMEASURED;
    trial->warmup_time = trial_warm_up_time(c->s);
    if ((enum amount_kind)warmup->kind == AMOUNT_COUNT)
        go(c, (uint64_t)warmup->value, INFINITY, false);
    else if ((enum amount_kind)warmup->kind == AMOUNT_SHARE && isnan(trial->warmup_time))
        go(c, (uint64_t)(warmup->value * c->tasks), INFINITY, false);
    else if (isnan(trial->warmup_time) && !scenario_replays(c->s))
        warm_up_by_rule(c, column);
    if (trial->warmup_time > 0)
        go_to_time(c, trial->warmup_time);
    trial->warmup_tasks = arrived(c);
    if (isnan(trial->warmup_time))
        trial->warmup_time = trial->warmup_tasks ? flow_now(c).time : 0;
}

static struct follow_look look(const struct course *c, double spent)
{
    struct flow flow = flow_now(c);
    return (struct follow_look){spent, (double)flow.arrived, (double)flow.inside,
                                (double)c->recorder.outstanding};
}

/* Follows the measured tasks until they have left, or counts them as unfinished. */
static void finish(struct course *c, uint64_t measured, double measured_time)
{
    c->recorder.slot = UNMEASURED;
    if (c->over || c->recorder.outstanding == 0 || (enum at_end)c->s->run.at_end == END_CENSOR)
        return;
    bool by_time = !isnan(c->s->run.duration);
    double unit = measured > 100 ? (double)measured : 100, end = flow_now(c).time;
    uint64_t first = arrived(c);
    struct follow follow = follow_begin(&c->source.scenario, look(c, 0));
    for (bool vain = false; !vain;) {
        double spent = follow_next(&follow);
        uint64_t tasks = by_time ? UINT64_MAX : first + (uint64_t)(spent * unit);
        double time = by_time ? end + spent * measured_time : INFINITY;
        if (!go(c, tasks, time, true) || c->recorder.outstanding == 0)
            return;
        vain = spent >= TRIAL_CAP || follow_is_vain(&follow, look(c, spent));
    }
    c->trial->notes |= NOTE_CAPPED;
}

static void close_window(struct window *w, const struct flow *close, const struct flow thirds[2],
                         int n_thirds)
{
    w->close = *close;
    w->backlog_first = n_thirds > 0 ? flow_mean_inside(&w->open, &thirds[0]) : NAN;
    w->backlog_last = n_thirds > 1 ? flow_mean_inside(&thirds[1], close) : NAN;
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
    struct window *w = &trial->windows[0];
    bool by_time = !isnan(c->s->run.duration);
    uint64_t base = arrived(c), tasks = by_time ? 0 : (uint64_t)c->tasks;
    if (c->whole_trace)
        tasks -= tasks < base ? tasks : base;
    double start = trial->warmup_time, duration = c->s->run.duration;
    struct flow thirds[2];
    int n_thirds = 0;
    w->open = by_time ? flow_at(c, start) : flow_now(c);
    watch(c, &w->open, queue_of(trial, 0));
    for (uint32_t step = 1; step <= TRIAL_STEPS && !c->over; step++) {
        double time = start + duration * step / TRIAL_STEPS;
        c->recorder.slot = (step - 1) * trial->batches / TRIAL_STEPS;
        if (by_time)
            go_to_time(c, time);
        else
            go(c, base + tasks * step / TRIAL_STEPS, INFINITY, false);
        if (!c->over && (step == TRIAL_STEPS / 3 || step == TRIAL_STEPS / 3 * 2))
            thirds[n_thirds++] = by_time ? flow_at(c, time) : flow_now(c);
    }
    struct flow close = by_time ? flow_at(c, start + duration) : flow_now(c);
    watch(c, &close, NULL);
    close_window(w, &close, thirds, n_thirds);
    w->available = column->stage.consumers * (close.time - w->open.time);
    if (c->over && !(trial->notes & ENDED_EARLY) &&
        (by_time ? scenario_replays(c->s) : arrived(c) < base + tasks))
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
    struct flow flow = flow_at(c, start), thirds[2];
    bool new_slice = true, new_column = true;
    do {
        struct window *w = &trial->windows[piece.third / 3];
        uint64_t third = piece.third % 3;
        if (new_slice && moves) {
            double value = sweep_value_at(c->s, &swept, drift_middle(piece.slice));
            source_adopt(&c->source, &swept, value, now);
            c->engine->adopt(c->state, slice);
        }
        if (new_column) {
            w->open = flow;
            watch(c, &flow, queue_of(trial, piece.third / 3));
        }
        c->recorder.slot = (uint32_t)(piece.third / 3);
        go_to_time(c, start + duration * piece.end);
        flow = flow_at(c, start + duration * piece.end);
        w->available += slice->stage.consumers * (flow.time - now);
        now = flow.time;
        if (piece.ends_third && third < 2)
            thirds[third] = flow;
        else if (piece.ends_third)
            close_window(w, &flow, thirds, 2);
        new_slice = piece.ends_slice;
        new_column = piece.ends_third && third == 2;
    } while (drift_next(&piece));
    watch(c, &flow, NULL);
    finish(c, flow.arrived - trial->warmup_tasks, duration);
}

struct trial *trial_new(const struct scenario *s, uint32_t column, uint32_t replication)
{
    bool drift = sweep_drifts(s);
    struct trial *trial = xcalloc(1, sizeof *trial);
    trial->column = column;
    trial->columns = drift ? sweep_columns(s) : 1;
    trial->replication = replication;
    trial->batches = trial_batches(s);
    trial->classes = (uint32_t)scenario_classes(s);
    size_t n = (size_t)trial->columns * trial->batches * trial->classes;
    trial->cells = xcalloc(n, sizeof *trial->cells);
    for (size_t i = 0; i < n; i++)
        cell_init(&trial->cells[i]);
    trial->windows = xcalloc(trial->columns, sizeof *trial->windows);
    if (scenario_records_queue(s))
        trial->queues = xcalloc(trial->columns, sizeof *trial->queues);
    return trial;
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
    c->recorder = (struct recorder){.cells = trial->cells, .classes = trial->classes};
    c->recorder.slot = UNMEASURED;
    if (trial->queues) {
        trial->queue_scale = queue_time_scale(at);
        c->watch.scale = trial->queue_scale;
        c->recorder.watch = &c->watch;
    }
    uint64_t seed = (uint64_t)s->seed;
    source_begin(&c->source, at, seed, replication);
    c->state = engine->begin(at, &c->source, &c->recorder, seed, replication);
    if (drift)
        run_drift(c);
    else
        run_column(c, at);
    trial->end = flow_now(c);
    trial->simulated = arrived(c);
    trial->outstanding = c->recorder.outstanding;
    report(c, INFINITY);
    engine->end(c->state);
    source_end(&c->source);
    free(c);
    free(at);
    free(whole);
    return trial;
}

static size_t cells_of(const struct trial *trial)
{
    return (size_t)trial->columns * trial->batches * trial->classes;
}

void trial_pack(struct trial *trial)
{
    for (size_t i = 0; i < cells_of(trial); i++)
        cell_pack(&trial->cells[i]);
}

void trial_unpack(struct trial *trial)
{
    for (size_t i = 0; i < cells_of(trial); i++)
        cell_unpack(&trial->cells[i]);
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
    trial_run_group(&(struct trial_group){engine, &id, 1, stop, progress, &trial});
    return trial;
}

void trial_free(struct trial *trial)
{
    if (!trial)
        return;
    for (size_t i = 0; i < cells_of(trial); i++)
        cell_free(&trial->cells[i]);
    for (uint32_t i = 0; i < trial->columns && trial->queues; i++)
        queue_time_free(&trial->queues[i]);
    free(trial->queues);
    free(trial->cells);
    free(trial->windows);
    free(trial);
}
