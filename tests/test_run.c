/* Runs: the same bytes whatever the number of workers; progress; stopping. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../sim/result/run.h"
#include "../sim/result/save.h"
#include "scene.h"

#define SWEEP                                                                                      \
    "arrivals.process", "poisson", "arrivals.rate", "1/s", "tasks.size.distribution",              \
        "exponential", "tasks.size.mean", "500ms", "run.tasks", "3000", "sweep.parameter",         \
        "tasks.size.mean", "sweep.from", "100ms", "sweep.to", "1200ms", "sweep.steps", "6"

static void same_bytes(const struct scenario *s)
{
    char *columns = NULL, *histograms = NULL;
    size_t n_columns = 0, n_histograms = 0;
    const unsigned jobs[] = {1, 2, 7, 0};
    for (int i = 0; i < 4; i++) {
        struct result *result = scene_run(s, jobs[i]);
        size_t n, m;
        char *c = save_columns_text(result, &n), *h = save_histograms_text(result, &m);
        assert_false(result->interrupted);
        if (i > 0) {
            assert_int_equal(n, n_columns);
            assert_memory_equal(c, columns, n);
            assert_int_equal(m, n_histograms);
            assert_memory_equal(h, histograms, m);
        }
        free(columns);
        free(histograms);
        columns = c;
        histograms = h;
        n_columns = n;
        n_histograms = m;
        result_free(result);
    }
    free(columns);
    free(histograms);
}

static void any_number_of_workers_gives_the_same_bytes(void **state)
{
    (void)state;
    struct scenario *s = scene(SWEEP, "run.replications", "3", NULL);
    same_bytes(s);
    free(s);
    s = scene(SWEEP, "run.replications", "1", NULL);
    same_bytes(s);
    free(s);
    s = scene(SWEEP, "sweep.mode", "drift", "run.duration", "5000s", "run.replications", "3", NULL);
    same_bytes(s);
    free(s);
}

/* A result's bytes, on some engine and number of workers. */
static char *bytes_of(const struct result *result, size_t *n)
{
    assert_non_null(result);
    assert_true(audit_holds(&result->audit));
    return save_histograms_text(result, n);
}

/* The lanes engine leaves columns past the edge to the events engine, and to other workers. */
static void any_number_of_workers_in_lanes(void **state)
{
    (void)state;
    struct scenario *s = scene(SWEEP, "run.replications", "3", NULL);
    struct result *events = scene_run(s, 1);
    size_t n, m;
    char *expected = bytes_of(events, &n);
    for (unsigned jobs = 1; jobs <= 8; jobs *= 2) {
        const struct run_options options = {.engine = &lanes_engine, .jobs = jobs};
        struct result *result = run_scenario(s, &options);
        char *got = bytes_of(result, &m);
        assert_int_equal(n, m);
        assert_memory_equal(got, expected, n);
        free(got);
        result_free(result);
    }
    free(expected);
    result_free(events);
    free(s);
}

/* Several scenarios together, on several engines: each as by itself. */
static void together_is_as_one_by_one(void **state)
{
    (void)state;
    enum { PARTS = 4 };
    struct scenario *s[PARTS] = {
        scene(SWEEP, "run.replications", "3", NULL),
        scene(SWEEP, "run.replications", "1", "consumers.count", "4", NULL),
        scene(SWEEP, "sweep.mode", "drift", "run.duration", "5000s", "run.replications", "3", NULL),
        scene("arrivals.process", "poisson", "arrivals.rate", "1/s", "tasks.size.distribution",
              "exponential", "tasks.size.mean", "500ms", "run.tasks", "3000", NULL)};
    for (unsigned jobs = 1; jobs <= 5; jobs += 2) {
        struct run_part parts[PARTS] = {0};
        for (int i = 0; i < PARTS; i++)
            parts[i] = (struct run_part){.s = s[i], .engine = engine_for(s[i])};
        const struct run_options options = {.jobs = jobs};
        run_together(parts, PARTS, &options);
        for (int i = 0; i < PARTS; i++) {
            struct result *alone = scene_run(s[i], 1);
            size_t n, m;
            char *expected = bytes_of(alone, &n), *got = bytes_of(parts[i].result, &m);
            assert_int_equal(n, m);
            assert_memory_equal(got, expected, n);
            free(got);
            free(expected);
            result_free(alone);
            result_free(parts[i].result);
        }
    }
    for (int i = 0; i < PARTS; i++)
        free(s[i]);
}

struct watch {
    atomic_bool stop;
    bool stop_at_once;
    int calls;
    double last;
};

static void look(void *context, double share, uint64_t tasks, double seconds)
{
    struct watch *watch = context;
    (void)tasks;
    assert_true(share >= watch->last && share <= 1.0000001);
    assert_true(seconds >= 0);
    watch->last = share;
    watch->calls++;
    if (watch->stop_at_once)
        watch->stop = true;
}

static void tells_how_far_it_is(void **state)
{
    (void)state;
    struct scenario *s = scene(SWEEP, "run.tasks", "100000", "run.replications", "4", NULL);
    struct watch watch = {0};
    const struct run_options options = {
        .engine = &events_engine, .jobs = 2, .progress = look, .context = &watch};
    struct result *result = run_scenario(s, &options);
    assert_true(watch.calls > 0);
    scene_near(watch.last, 1, 0.001);
    result_free(result);
    free(s);
}

static void stopped_before_anything_there_is_nothing(void **state)
{
    (void)state;
    struct scenario *s = scene(SWEEP, NULL);
    struct watch watch = {.stop = true};
    const struct run_options options = {.engine = &events_engine, .stop = &watch.stop};
    assert_null(run_scenario(s, &options));
    free(s);
}

/* Stopped on the way, what is there is whole trials, and it says that some are missing. */
static void stopped_on_the_way_it_keeps_what_it_has(void **state)
{
    (void)state;
    struct scenario *s = scene(SWEEP, "sweep.steps", "500", "run.tasks", "100000", NULL);
    struct watch watch = {.stop_at_once = true};
    const struct run_options options = {.engine = &events_engine,
                                        .jobs = 2,
                                        .stop = &watch.stop,
                                        .progress = look,
                                        .context = &watch};
    struct result *result = run_scenario(s, &options);
    if (result) {
        assert_true(result->interrupted);
        assert_true(audit_holds(&result->audit));
        for (uint32_t i = 0; i < result->columns; i++)
            assert_int_equal(result_row(result, i, 0)->offered % 100000, 0);
        result_free(result);
    }
    free(s);
}

/* As loads rise, latencies do: all columns on one side of the load from which on more is cut
 * measure the same tasks, so that nothing falls but there. */
static void latencies_rise_with_the_load(void **state)
{
    (void)state;
    static const char *const sizes[] = {"exponential", "lognormal"}, *const counts[] = {"1", "6"};
    for (int i = 0; i < 4; i++) {
        char seed[4] = {(char)('3' + i), 0};
        struct scenario *s = scene(
            "arrivals.process", "poisson", "arrivals.utilization", "0.5", "tasks.size.distribution",
            sizes[i % 2], "tasks.size.mean", "100ms", i % 2 ? "tasks.size.cv2" : "tasks.size.mean",
            i % 2 ? "2" : "100ms", "consumers.count", counts[i / 2], "sweep.parameter",
            "arrivals.utilization", "sweep.from", "0.6", "sweep.to", "0.98", "sweep.steps", "39",
            "run.tasks", "5k", "run.replications", "4", "seed", seed, NULL);
        struct result *result =
            run_scenario(s, &(struct run_options){.engine = &lanes_engine, .jobs = 1});
        double cut = 0;
        int changes = 0;
        for (uint32_t c = 0; c < result->columns; c++) {
            const struct row *row = result_row(result, c, 0), *last = row - (c > 0);
            changes += c > 0 && row->warmup_tasks != cut;
            assert_true(row->warmup_tasks >= cut);
            bool same = row->warmup_tasks == cut;
            cut = row->warmup_tasks;
            assert_true(!same || row->latency_mean >= last->latency_mean);
            assert_true(!same || row->latency_q[0] >= last->latency_q[0]);
            assert_true(!same || isnan(row->latency_q[2]) ||
                        row->latency_q[2] >= last->latency_q[2]);
        }
        assert_int_equal(changes, 1);
        assert_true(cut == 1250);
        result_free(result);
        free(s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_number_of_workers_gives_the_same_bytes),
        cmocka_unit_test(any_number_of_workers_in_lanes),
        cmocka_unit_test(together_is_as_one_by_one),
        cmocka_unit_test(tells_how_far_it_is),
        cmocka_unit_test(stopped_before_anything_there_is_nothing),
        cmocka_unit_test(stopped_on_the_way_it_keeps_what_it_has),
        cmocka_unit_test(latencies_rise_with_the_load),
    };
    return cmocka_run_group_tests_name("run", tests, NULL, NULL);
}
