#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>

#include "stand.h"

void stand_stage(struct scenario *s, double consumers, double capacity, const char *policy,
                 const char *discipline, double delay)
{
    s->stage.consumers = consumers;
    s->stage.capacity = capacity;
    s->stage.when_full = model_named(&policy_family, policy);
    s->stage.discipline = model_named(&discipline_family, discipline);
    s->stage.resume_delay = delay;
}

void stand_arrivals(struct scenario *s, double rate, double mean_size, bool grid)
{
    struct naive_arrivals arrivals = {rate, mean_size, STAND_CLASSES, grid, 0};
    s->arrivals.process = &naive_process.model;
    memcpy(s->arrivals.params, &arrivals, sizeof arrivals);
}

struct scenario *stand_scenario(void)
{
    struct scenario *s = xcalloc(1, sizeof *s);
    param_defaults(s);
    static const char *const names[STAND_CLASSES] = {"a", "b", "c"};
    s->classes_count = STAND_CLASSES;
    for (int i = 0; i < STAND_CLASSES; i++) {
        s->classes[i].name = names[i];
        s->classes[i].share = 1;
        s->classes[i].priority = (i + 1) % STAND_CLASSES;
    }
    s->stage.speed = 1;
    stand_stage(s, 1, INFINITY, "reject", "fifo", 0);
    stand_arrivals(s, 0.9, 1, false);
    return s;
}

void stand_timeout(struct scenario *s, int class, const char *distribution, double mean)
{
    struct law *law = class < 0 ? &s->timeout : &s->classes[class].timeout;
    law->model = model_named(&distribution_family, distribution);
    law->params[0] = mean; /* of those that have no other parameter */
}

/* Patience of one class, or of all with one of its own; in halves, so that deadlines tie with all
 * else where that is on a grid. */
static void random_timeouts(struct scenario *s, const double u[4], bool grid)
{
    const char *law = grid ? "deterministic" : "exponential";
    int class = (int)(u[1] * STAND_CLASSES);
    if (u[0] < 0.5)
        return;
    stand_timeout(s, class, law, floor(6 * u[2]) / 2 + (grid ? 0 : 0.1));
    if (u[0] > 0.7)
        stand_timeout(s, -1, law, floor(8 * u[3]) / 2 + (grid ? 0 : 0.1));
}

struct scenario *stand_random_scenario(uint64_t seed, const char *policy, const char *discipline)
{
    static const double consumers[] = {1, 2, 3, 7}, capacity[] = {0, 1, 2, 5, INFINITY};
    static const double delay[] = {0, 0.25, 1, 3}, load[] = {0.5, 0.9, 1, 1.5};
    struct stream stream = stream_of(seed, 0, "test");
    double u[10];
    stream_uniforms(&stream, 0, 0, 10, u);
    struct scenario *s = stand_scenario();
    double c = consumers[(int)(u[0] * 4)];
    stand_stage(s, c, capacity[(int)(u[1] * 5)], policy, discipline, delay[(int)(u[2] * 4)]);
    s->stage.speed = u[3] < 0.5 ? 1 : 0.7;
    stand_arrivals(s, load[(int)(u[4] * 4)] * c * s->stage.speed, 1, u[5] < 0.5);
    random_timeouts(s, &u[6], u[5] < 0.5);
    return s;
}

struct stand *stand_new(const struct scenario *s, uint64_t seed, uint32_t slots)
{
    return stand_watched(s, seed, slots, NULL);
}

struct stand *stand_watched(const struct scenario *s, uint64_t seed, uint32_t slots,
                            struct queue_watch *watch)
{
    struct stand *stand = xcalloc(1, sizeof *stand);
    stand->s = *s;
    uint32_t classes = (uint32_t)scenario_classes(s);
    stand->n_cells = (size_t)slots * classes;
    stand->cells = xcalloc(stand->n_cells, sizeof *stand->cells);
    for (size_t i = 0; i < stand->n_cells; i++)
        cell_init(&stand->cells[i]);
    stand->recorder = (struct recorder){.cells = stand->cells, .classes = classes, .watch = watch};
    source_begin(&stand->source, &stand->s, seed, 0);
    stand->state = events_engine.begin(&stand->s, &stand->source, &stand->recorder, seed, 0);
    return stand;
}

void stand_free(struct stand *stand)
{
    events_engine.end(stand->state);
    source_end(&stand->source);
    for (size_t i = 0; i < stand->n_cells; i++)
        cell_free(&stand->cells[i]);
    free(stand->cells);
    free(stand);
}

enum engine_stop stand_advance(struct stand *stand, double time, uint64_t tasks, bool drained)
{
    struct engine_limits limits = {time, tasks, drained};
    return events_engine.advance(stand->state, &limits);
}

struct flow stand_flow(const struct stand *stand)
{
    struct flow flow;
    events_engine.flow(stand->state, &flow);
    return flow;
}

void stand_near(double a, double b, double scale)
{
    if (!(fabs(a - b) <= 1e-9 * scale))
        fail_msg("%.17g is not near %.17g", a, b);
}

void stand_audit(const struct flow *f)
{
    assert_int_equal(f->arrived, f->completed + f->lost + f->inside);
    assert_true(f->waiting <= f->inside);
    double scale = 1 + f->sojourn_sum + f->time;
    stand_near(flow_inside_area(f), f->sojourn_sum, scale);
    stand_near(f->busy_area, f->service_sum, scale);
    assert_true(f->idle_area == 0);
}

static void same_fate(const struct cell *cell, const struct naive_task *t, enum loss loss,
                      uint32_t number)
{
    bool same = cell->offered == 1 && cell->completed == (t->fate == FATE_COMPLETED) &&
                cell->lost[LOSS_TIMED_OUT] == (t->fate == FATE_TIMED_OUT) &&
                cell_lost(cell) == (t->fate == FATE_LOST || t->fate == FATE_TIMED_OUT) &&
                (t->fate != FATE_LOST || cell->lost[loss] == 1) && cell->size_sum == t->size;
    if (t->fate == FATE_COMPLETED)
        same = same && cell->wait_sum == t->wait && cell->latency_sum == t->latency;
    if (!same)
        fail_msg("task %u: fate %d, wait %.17g, latency %.17g; the engine completed %d, lost %d, "
                 "wait %.17g, latency %.17g",
                 number, (int)t->fate, t->wait, t->latency, (int)cell->completed,
                 (int)cell_lost(cell), cell->wait_sum, cell->latency_sum);
}

/* Returns when it ended. */
static double compare(const struct scenario *s, uint64_t seed, uint32_t n,
                      struct queue_watch *watch, double *waited)
{
    struct stand *stand = stand_watched(s, seed, n, watch);
    struct naive_task *tasks = naive_tasks(s, seed, n);
    double end = naive_run(s, seed, tasks, n, waited);
    for (uint32_t i = 0; i < n; i++) {
        stand->recorder.slot = i; /* a cell for each task */
        assert_int_equal(stand_advance(stand, INFINITY, i + 1, false), STOP_TASKS);
        struct flow f = stand_flow(stand);
        if (i % 16 == 0)
            stand_audit(&f);
    }
    struct flow f = stand_flow(stand);
    stand_audit(&f);
    assert_true(f.time == end);
    enum loss loss = ((const struct policy *)s->stage.when_full)->loss;
    double outside = 0, buffer = 0, busy = 0, scale = 1 + f.sojourn_sum + end;
    uint64_t inside = 0;
    for (uint32_t i = 0; i < n; i++) {
        same_fate(&stand->cells[i * STAND_CLASSES + tasks[i].class], &tasks[i], loss, i);
        inside += tasks[i].fate == FATE_INSIDE;
        outside += tasks[i].outside_time;
        buffer += tasks[i].buffer_time;
        busy += tasks[i].busy_time;
    }
    assert_int_equal(f.inside, inside);
    stand_near(f.paused_area, outside, scale);
    stand_near(f.queue_area, buffer, scale);
    stand_near(f.busy_area + f.shared_area, busy, scale);
    free(tasks);
    stand_free(stand);
    return end;
}

void stand_compare(const struct scenario *s, uint64_t seed, uint32_t n)
{
    compare(s, seed, n, NULL, NULL);
}

/* Whether the ticks of a bucket are those seconds: it may have begun and ended as often as tasks
 * have come and gone. */
static void same_time(uint64_t ticks, double seconds, double scale, double slack)
{
    if (!(fabs((double)ticks / scale - seconds) <= slack))
        fail_msg("%.17g s and not %.17g s", (double)ticks / scale, seconds);
}

void stand_compare_queue(const struct scenario *s, uint64_t seed, uint32_t n)
{
    const double scale = 0x1p40;
    struct queue_time queue = {0};
    struct queue_watch watch = {.into = &queue, .scale = scale};
    double *waited = xcalloc(n + 1, sizeof *waited), slack = 4 * n / scale;
    double end = compare(s, seed, n, &watch, waited);
    slack += 1e-9 * end;
    same_time(histogram_total(&queue.ticks), end, scale, slack);
    same_time(queue.ticks.zero, waited[0], scale, slack);
    for (int i = 0; i < HIST_BUCKETS; i++) {
        double seconds = 0;
        for (uint64_t k = queue_time_first(i); k <= queue_time_last(i) && k <= n; k++)
            seconds += waited[k];
        same_time(histogram_count(&queue.ticks, i), seconds, scale, slack);
    }
    queue_time_free(&queue);
    free(waited);
}
