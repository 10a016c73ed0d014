/* What is called stable: by theory, by measurement, and where neither knows. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../sim/engine/stability.h"
#include "../sim/network/facts.h"
#include "../sim/result/estimate.h"
#include "scene.h"
#include "setting.h"

#define MM1                                                                                        \
    "arrivals.process", "poisson", "arrivals.rate", "1/s", "tasks.size.distribution",              \
        "exponential", "tasks.size.mean", "500ms", "run.tasks", "20000"

/* Runs `s`, takes the row of its only column, frees both. */
static struct row row_of(struct scenario *s)
{
    struct result *result = scene_run(s, 0);
    struct row row = *result_row(result, 0, 0);
    result_free(result);
    free(s);
    return row;
}

static enum verdict_stable judged(struct scenario *s, double first, double last, unsigned notes)
{
    struct window w[8];
    memset(w, 0, sizeof w);
    for (int i = 0; i < 8; i++) {
        w[i].close.arrived = 15000; /* 10 000 between the middles of the thirds */
        w[i].backlog_first = first + i % 3;
        w[i].backlog_last = last + i % 2;
    }
    enum verdict_stable stable = stability_judge(s, w, 8, notes);
    free(s);
    return stable;
}

#define PAUSE "buffer.capacity", "2", "buffer.when_full", "pause", "buffer.resume_delay", "100ms"

static void stable_by_theory(void **state)
{
    (void)state;
    assert_int_equal(judged(scene(MM1, NULL), 10, 10, 0), STABLE_YES);
    assert_int_equal(judged(scene(MM1, "tasks.size.mean", "1s", NULL), 10, 10, 0), STABLE_NO);
    assert_int_equal(
        judged(scene(MM1, "tasks.size.mean", "1s", "buffer.capacity", "5", NULL), 10, 900, 0),
        STABLE_YES);
    assert_int_equal(judged(scene(MM1, "tasks.size.mean", "2s", PAUSE, NULL), 10, 10, 0),
                     STABLE_NO);
    assert_int_equal(judged(scene(MM1, "tasks.size.distribution", "pareto", "tasks.size.alpha",
                                  "0.9", "tasks.size.low", "1ms", NULL),
                            10, 10, 0),
                     STABLE_NO);
}

static void stable_by_measurement(void **state)
{
    (void)state;
    assert_int_equal(judged(scene(MM1, PAUSE, NULL), 10, 2000, 0), STABLE_NO);
    assert_int_equal(judged(scene(MM1, PAUSE, NULL), 10, 10, 0), STABLE_YES);
    assert_int_equal(judged(scene(MM1, PAUSE, NULL), NAN, NAN, 0), STABLE_UNKNOWN);
    assert_int_equal(judged(scene(MM1, PAUSE, NULL), 10, 10, NOTE_BACKLOG), STABLE_NO);
    /* theory says yes, the run says no */
    assert_int_equal(judged(scene(MM1, NULL), 10, 2000, 0), STABLE_UNKNOWN);
    assert_int_equal(judged(scene(MM1, NULL), 10, 10, NOTE_BACKLOG), STABLE_UNKNOWN);
}

/* One replication does not tell whether a backlog has a limit that theory does not know of: its
 * mean may not exist, and has no interval. Eight do. */
static void unknown_has_no_interval_of_a_mean(void **state)
{
    (void)state;
    for (int known = 0; known < 2; known++) {
        struct scenario *s = scene(MM1, PAUSE, "run.replications", known ? "8" : "1", "run.tasks",
                                   known ? "20k" : "200k", NULL);
        struct result *result = scene_run(s, 1);
        const struct row *row = result_row(result, 0, 0);
        struct figure_wanted wanted = {.kind = FIGURE_LATENCY_MEAN};
        struct estimate mean = estimate_of(result, 0, &wanted, 0.05);
        wanted.kind = FIGURE_IN_SYSTEM_MEAN;
        struct estimate number = estimate_of(result, 0, &wanted, 0.05);
        assert_int_equal(row->stable, known ? STABLE_YES : STABLE_UNKNOWN);
        assert_true(row->latency_mean > 0 && mean.value == row->latency_mean);
        assert_true(isnan(row->latency_mean_ci95) == !known);
        assert_true(isnan(row->wait_mean_ci95) == !known);
        assert_true(isnan(mean.low) == !known && isnan(number.low) == !known);
        assert_true(!isnan(row->latency_low[0]));
        result_free(result);
        free(s);
    }
}

/* Of a stage whose backlog grew between thirds, and of which theory does not know. */
static enum verdict_stable grew(const char *sources)
{
    static const char stages[] = "tasks: {size: {distribution: exponential, mean: 1s}}\n"
                                 "stages:\n"
                                 "  a: {to: b}\n"
                                 "  b: {buffer: {capacity: 2, when_full: pause}}\n";
    struct scenario *s = scene_text(stages, sources);
    struct network_facts *facts = network_facts_of(s);
    struct window w[8];
    memset(w, 0, sizeof w);
    for (int i = 0; i < 8; i++) {
        w[i].close.arrived = 15000;
        w[i].backlog_first = 10;
        w[i].backlog_last = 2000;
    }
    enum verdict_stable stable = stability_of_stage(s, facts, 0, w, 8, false);
    network_facts_free(facts);
    free(s);
    return stable;
}

/* Thirds of what repeats timetables say nothing, also where no two sources have the same. */
static void timetables_of_several_sources(void **state)
{
    (void)state;
#define TIMETABLE(until)                                                                           \
    "{process: schedule, repeat: yes, schedule: [{until: 60s, rate: 0.1/s}, {until: " until        \
    ", rate: 0.4/s}], to: a}"
    assert_int_equal(grew("sources: {one: {rate: 0.3/s, to: a}, two: {rate: 0.2/s, to: a}}\n"),
                     STABLE_NO);
    assert_int_equal(grew("sources: {one: " TIMETABLE("120s") ", two: {rate: 0.2/s, to: a}}\n"),
                     STABLE_UNKNOWN);
    assert_int_equal(grew("sources: {one: " TIMETABLE("120s") ", two: " TIMETABLE("90s") "}\n"),
                     STABLE_UNKNOWN);
#undef TIMETABLE
}

/* A resume_delay so long that the consumer starves: utilization alone would call it stable. */
static void starving_is_found_out(void **state)
{
    (void)state;
    struct row row = row_of(scene(MM1, "buffer.capacity", "0", "buffer.when_full", "pause",
                                  "buffer.resume_delay", "700ms", NULL));
    assert_true(row.offered_utilization < 1);
    assert_int_equal(row.stable, STABLE_NO);
    row = row_of(scene(MM1, "buffer.capacity", "0", "buffer.when_full", "pause",
                       "buffer.resume_delay", "100ms", NULL));
    assert_int_equal(row.stable, STABLE_YES);
}

static void the_first_unstable_column(void **state)
{
    (void)state;
    struct scenario *s =
        scene(MM1, "sweep.parameter", "tasks.size.mean", "sweep.from", "400ms", "sweep.to",
              "1200ms", "sweep.steps", "5", "run.tasks", "2000", "run.replications", "2", NULL);
    struct result *result = scene_run(s, 0);
    scene_near(result_first_unstable(result), 1, 1e-12);
    char *warnings = result_warnings(result);
    assert_non_null(strstr(warnings, "unstable in 2 of 5 columns (tasks.size.mean 1 s to 1.2 s)"));
    free(warnings);
    result_free(result);
    free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stable_by_theory),
        cmocka_unit_test(stable_by_measurement),
        cmocka_unit_test(unknown_has_no_interval_of_a_mean),
        cmocka_unit_test(timetables_of_several_sources),
        cmocka_unit_test(starving_is_found_out),
        cmocka_unit_test(the_first_unstable_column),
    };
    return cmocka_run_group_tests_name("stable", tests, NULL, setting_tear_down);
}
