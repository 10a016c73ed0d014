/* Trials: what is measured, when it starts, and that nothing is lost from sight. (How they end:
 * test_trial_end.c.) */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "scene.h"
#include "setting.h"

/* M/M/1 with utilization 0.5, one replication of two. */
#define LIGHT                                                                                      \
    "arrivals.process", "poisson", "arrivals.rate", "1/s", "tasks.size.distribution",              \
        "exponential", "tasks.size.mean", "500ms", "run.replications", "2"

static struct cell *sum_of(const struct trial *trial)
{
    static struct cell all;
    cell_free(&all);
    cell_init(&all);
    for (size_t i = 0; i < (size_t)trial->columns * trial->batches * trial->classes; i++)
        cell_merge(&all, &trial->cells[i]);
    return &all;
}

static void measures_just_the_tasks_asked_for(void **state)
{
    (void)state;
    struct scenario *s = scene(LIGHT, "run.tasks", "5000", "run.warmup", "1000", NULL);
    struct trial *trial = scene_trial(s, 0, 0);
    assert_int_equal(trial->warmup_tasks, 1000);
    assert_int_equal(trial->batches, 1);
    assert_int_equal(trial->cells[0].offered, 5000);
    assert_int_equal(trial->cells[0].completed, 5000);
    const struct window *w = &trial->windows[0];
    assert_int_equal(w->open.arrived, 1000);
    assert_int_equal(w->close.arrived, 6000);
    scene_near(trial->warmup_time, w->open.time, 0);
    scene_near(w->available, w->close.time - w->open.time, 0);
    assert_true(trial->simulated >= 6000);
    assert_int_equal(trial->outstanding, 0);
    trial_free(trial);
    free(s);
}

static void measures_just_the_time_asked_for(void **state)
{
    (void)state;
    struct scenario *s = scene(LIGHT, "run.duration", "1h", "run.warmup", "100s", NULL);
    struct trial *trial = scene_trial(s, 0, 0);
    const struct window *w = &trial->windows[0];
    scene_near(w->open.time, 100, 0);
    scene_near(w->close.time, 3700, 0);
    assert_int_equal(trial->cells[0].offered, w->close.arrived - w->open.arrived);
    assert_in_range(trial->cells[0].offered, 3300, 3900);
    trial_free(trial);
    free(s);
}

/* One task a second, at 1 s, 2 s, ...: a task at the end of a window belongs to the next. */
static void windows_are_half_open(void **state)
{
    (void)state;
    struct scenario *s =
        scene("arrivals.process", "renewal", "arrivals.interarrival.distribution", "deterministic",
              "arrivals.interarrival.value", "1s", "tasks.size.distribution", "deterministic",
              "tasks.size.value", "250ms", "run.duration", "10s", "run.warmup", "5s",
              "run.replications", "1", NULL);
    struct trial *trial = scene_trial(s, 0, 0);
    assert_int_equal(trial->warmup_tasks, 4);
    assert_int_equal(sum_of(trial)->offered, 10);
    scene_near(trial->windows[0].close.busy_area - trial->windows[0].open.busy_area, 2.5, 1e-9);
    trial_free(trial);
    free(s);
}

static void warms_up_as_asked(void **state)
{
    (void)state;
    struct scenario *s = scene(LIGHT, "run.tasks", "20000", "run.warmup", "10%", NULL);
    struct trial *trial = scene_trial(s, 0, 0);
    assert_int_equal(trial->warmup_tasks, 2000);
    trial_free(trial);
    free(s);

    s = scene(LIGHT, "run.duration", "1000s", "run.warmup", "20%", NULL);
    trial = scene_trial(s, 0, 0);
    scene_near(trial->warmup_time, 200, 0);
    scene_near(trial->windows[0].close.time, 1200, 0);
    trial_free(trial);
    free(s);

    s = scene(LIGHT, "run.tasks", "1000", "run.warmup", "0", NULL);
    trial = scene_trial(s, 0, 0);
    assert_int_equal(trial->warmup_tasks, 0);
    scene_near(trial->windows[0].open.time, 0, 0);
    trial_free(trial);
    free(s);
}

static void warms_up_by_the_rule(void **state)
{
    (void)state;
    struct scenario *s = scene(LIGHT, "run.tasks", "20000", NULL);
    struct trial *trial = scene_trial(s, 0, 0);
    assert_true(trial->warmup_tasks >= 2000 && trial->warmup_tasks <= 8000);
    assert_int_equal(trial->cells[0].offered, 20000);
    assert_int_equal(trial->notes, 0);
    trial_free(trial);
    free(s);

    /* Overload without a limit never settles: the first pilot, and a note. */
    s = scene(LIGHT, "run.tasks", "20000", "tasks.size.mean", "2s", NULL);
    trial = scene_trial(s, 0, 0);
    assert_int_equal(trial->warmup_tasks, 2000);
    assert_true(trial->notes & NOTE_WARMUP_UNSETTLED);
    trial_free(trial);
    free(s);

    /* Near saturation it is known that a tenth says nothing. */
    s = scene(LIGHT, "run.tasks", "2000", "tasks.size.mean", "990ms", NULL);
    for (uint32_t r = 0; r < 3; r++) {
        trial = scene_trial(s, 0, r);
        assert_int_equal(trial->warmup_tasks, 500);
        trial_free(trial);
    }
    free(s);

    /* Where nothing is known (sizes of infinite variance) it is measured, and grows. */
    s = scene(LIGHT, "run.tasks", "2000", "tasks.size.distribution", "pareto", "tasks.size.alpha",
              "1.9", "tasks.size.low", "450ms", NULL);
    uint64_t longest = 0;
    for (uint32_t r = 0; r < 20; r++) {
        trial = scene_trial(s, 0, r);
        assert_true(trial->warmup_tasks >= 200 && trial->warmup_tasks <= 2000);
        longest = trial->warmup_tasks > longest ? trial->warmup_tasks : longest;
        trial_free(trial);
    }
    assert_true(longest >= 800);
    free(s);
}

static void one_replication_is_cut_into_batches(void **state)
{
    (void)state;
    struct scenario *s =
        scene(LIGHT, "run.replications", "1", "run.tasks", "3200", "run.warmup", "100", NULL);
    struct trial *trial = scene_trial(s, 0, 0);
    assert_int_equal(trial->batches, TRIAL_BATCHES);
    for (int i = 0; i < TRIAL_BATCHES; i++)
        assert_int_equal(trial->cells[i].offered, 100);
    struct cell *sum = sum_of(trial);
    uint64_t completed = sum->completed;
    double latency = sum->latency_sum;
    trial_free(trial);

    s->run.replications = 2; /* the very same tasks, in one */
    trial = scene_trial(s, 0, 0);
    assert_int_equal(trial->batches, 1);
    assert_int_equal(trial->cells[0].completed, completed);
    scene_near(trial->cells[0].latency_sum, latency, 1e-9 * latency);
    trial_free(trial);
    free(s);
}

static void the_backlog_of_the_thirds(void **state)
{
    (void)state;
    /* One arrival a second, no service to speak of: at time t there are t tasks inside. */
    struct scenario *s =
        scene("arrivals.process", "renewal", "arrivals.interarrival.distribution", "deterministic",
              "arrivals.interarrival.value", "1s", "tasks.size.distribution", "deterministic",
              "tasks.size.value", "1d", "run.duration", "900s", "run.warmup", "0",
              "run.replications", "2", "run.at_end", "censor", NULL);
    struct trial *trial = scene_trial(s, 0, 0);
    scene_near(trial->windows[0].backlog_first, 149.5, 0.51);
    scene_near(trial->windows[0].backlog_last, 749.5, 0.51);
    trial_free(trial);
    free(s);
}

#define DRIFT                                                                                      \
    LIGHT, "run.duration", "24000s", "sweep.parameter", "tasks.size.mean", "sweep.from", "200ms",  \
        "sweep.to", "900ms", "sweep.mode", "drift"

static void a_drift_measures_every_slice(void **state)
{
    (void)state;
    struct scenario *s = scene(DRIFT, "sweep.steps", "7", NULL);
    struct trial *trial = scene_trial(s, 0, 0);
    assert_int_equal(trial->columns, 7);
    double last = 0;
    for (uint32_t i = 0; i < 7; i++) {
        const struct window *w = &trial->windows[i];
        scene_near(w->open.time, last, 1e-9);
        scene_near(w->close.time, 24000.0 * (i + 1) / 7, 1e-9);
        scene_near(w->available, 24000.0 / 7, 1e-6);
        last = w->close.time;
        assert_true(w->backlog_first > 0 && w->backlog_last > 0);
        double mean = sweep_value(s, i), sizes = trial->cells[i].size_sum;
        scene_near(sizes / (double)trial->cells[i].offered, mean, 0.06 * mean);
    }
    trial_free(trial);
    free(s);
}

/* What happens does not depend on how many columns look at it. */
static void a_drift_is_the_same_for_any_number_of_columns(void **state)
{
    (void)state;
    struct scenario *s = scene(DRIFT, "sweep.steps", "14", NULL);
    struct trial *fine = scene_trial(s, 0, 1);
    s->sweep.steps = 7;
    struct trial *coarse = scene_trial(s, 0, 1);
    for (int i = 0; i < 7; i++) {
        struct cell both;
        cell_init(&both);
        cell_merge(&both, &fine->cells[2 * i]);
        cell_merge(&both, &fine->cells[2 * i + 1]);
        assert_int_equal(both.offered, coarse->cells[i].offered);
        assert_int_equal(both.completed, coarse->cells[i].completed);
        scene_near(both.latency_max, coarse->cells[i].latency_max, 0);
        scene_near(both.latency_sum, coarse->cells[i].latency_sum, 1e-9 * both.latency_sum);
        cell_free(&both);
    }
    trial_free(fine);
    trial_free(coarse);
    free(s);
}

static void a_drift_warms_up_before_it_begins(void **state)
{
    (void)state;
    struct scenario *s = scene(DRIFT, "sweep.steps", "10", "run.warmup", "500s", NULL);
    struct trial *trial = scene_trial(s, 0, 0);
    scene_near(trial->windows[0].open.time, 500, 0);
    scene_near(trial->windows[9].close.time, 24500, 0);
    assert_in_range(trial->warmup_tasks, 400, 600);
    trial_free(trial);
    free(s);
}

static void a_drift_that_breaks_leaves_the_rest_empty(void **state)
{
    (void)state;
    struct scenario *s =
        scene(DRIFT, "sweep.steps", "10", "sweep.to", "20s", "run.max_backlog", "500", NULL);
    struct trial *trial = scene_trial(s, 0, 0);
    assert_true(trial->notes & NOTE_BACKLOG);
    assert_int_equal(trial->cells[9].offered, 0);
    scene_near(trial->windows[9].close.time - trial->windows[9].open.time, 0, 0);
    scene_near(trial->windows[9].available, 0, 0);
    trial_free(trial);
    free(s);
}

static const char *trace_of(int n)
{
    size_t size = (size_t)n * 40 + 100;
    char *text = malloc(size);
    size_t at = (size_t)snprintf(text, size, "arrival_s,service_s\n");
    for (int i = 0; i < n; i++)
        at += (size_t)snprintf(text + at, size - at, "%d.5,0.25\n", i);
    const char *path = setting_file("trace.csv", text, at);
    free(text);
    return path;
}

static void a_trace_is_taken_whole(void **state)
{
    (void)state;
    const char *file = trace_of(1000);
    struct scenario *s = scene("arrivals.process", "trace", "arrivals.file", file, NULL);
    struct trial *trial = scene_trial(s, 0, 0);
    assert_int_equal(trial->warmup_tasks, 0);
    assert_int_equal(trial->cells[0].offered, 1000);
    assert_int_equal(trial->notes, 0);
    trial_free(trial);
    free(s);

    s = scene("arrivals.process", "trace", "arrivals.file", file, "run.tasks", "5000", "run.warmup",
              "100", NULL);
    trial = scene_trial(s, 0, 0);
    assert_int_equal(trial->cells[0].offered, 900);
    assert_true(trial->notes & NOTE_TRACE_ENDED);
    trial_free(trial);
    free(s);
}

static void stops_when_told(void **state)
{
    (void)state;
    struct scenario *s = scene(LIGHT, "run.tasks", "100M", NULL);
    atomic_bool stop = true;
    struct trial *trial = trial_run(s, &events_engine, 0, 0, &stop, NULL);
    assert_true(trial->notes & NOTE_INTERRUPTED);
    assert_true(trial->simulated < 100000);
    trial_free(trial);
    free(s);
}

static void tells_its_progress(void **state)
{
    (void)state;
    struct scenario *s = scene(LIGHT, "run.tasks", "100000", NULL);
    atomic_uint_fast64_t progress = 0;
    struct trial *trial = trial_run(s, &events_engine, 0, 0, NULL, &progress);
    scene_near((double)progress, trial_cost(s, 0), 1);
    trial_free(trial);
    free(s);
}

static void does_the_same_again(void **state)
{
    (void)state;
    struct scenario *s = scene(LIGHT, "run.tasks", "10000", NULL);
    struct trial *a = scene_trial(s, 0, 1), *b = scene_trial(s, 0, 1), *c = scene_trial(s, 0, 0);
    scene_near(a->cells[0].latency_sum, b->cells[0].latency_sum, 0);
    scene_near(a->end.sojourn_sum, b->end.sojourn_sum, 0);
    assert_true(a->cells[0].latency_sum != c->cells[0].latency_sum);
    trial_free(a);
    trial_free(b);
    trial_free(c);
    free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(measures_just_the_tasks_asked_for),
        cmocka_unit_test(measures_just_the_time_asked_for),
        cmocka_unit_test(windows_are_half_open),
        cmocka_unit_test(warms_up_as_asked),
        cmocka_unit_test(warms_up_by_the_rule),
        cmocka_unit_test(one_replication_is_cut_into_batches),
        cmocka_unit_test(the_backlog_of_the_thirds),
        cmocka_unit_test(a_drift_measures_every_slice),
        cmocka_unit_test(a_drift_is_the_same_for_any_number_of_columns),
        cmocka_unit_test(a_drift_warms_up_before_it_begins),
        cmocka_unit_test(a_drift_that_breaks_leaves_the_rest_empty),
        cmocka_unit_test(a_trace_is_taken_whole),
        cmocka_unit_test(stops_when_told),
        cmocka_unit_test(tells_its_progress),
        cmocka_unit_test(does_the_same_again),
    };
    return cmocka_run_group_tests_name("trial", tests, NULL, setting_tear_down);
}
