/* The slowest time scale of the input, and what a run says that has met too little of it. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../sim/answer/load.h"
#include "../sim/base/rng.h"
#include "../sim/engine/source.h"
#include "../sim/result/timescale.h"
#include "../sim/scenario/rarity.h"
#include "scene.h"
#include "setting.h"

#define POISSON "arrivals.process", "poisson", "arrivals.rate", "1/s"
#define SIZE    "tasks.size.distribution"

/* Tasks from one return to the next; 0: no time scale counts. */
static double slowest(struct scenario *s, struct timescale *scale)
{
    bool any = timescale_find(s, scale);
    free(s);
    return any ? scale->tasks : 0;
}

/* What planners use every day has no time scale of its own. */
static void ordinary_sizes_have_none(void **state)
{
    (void)state;
    struct timescale scale;
    static const char *const laws[][5] = {
        {"exponential", "tasks.size.mean", "100ms", "tasks.size.mean", "100ms"},
        {"deterministic", "tasks.size.value", "100ms", "tasks.size.value", "100ms"},
        {"lognormal", "tasks.size.mean", "100ms", "tasks.size.cv2", "2"},
        {"erlang", "tasks.size.mean", "100ms", "tasks.size.shape", "4"},
        {"gamma", "tasks.size.mean", "100ms", "tasks.size.shape", "0.2"},
        {"weibull", "tasks.size.mean", "100ms", "tasks.size.shape", "0.6"},
        {"pareto", "tasks.size.alpha", "2.5", "tasks.size.low", "60ms"},
    };
    for (size_t i = 0; i < sizeof laws / sizeof *laws; i++)
        scene_near(slowest(scene(POISSON, SIZE, laws[i][0], laws[i][1], laws[i][2], laws[i][3],
                                 laws[i][4], NULL),
                           &scale),
                   0, 0);
    assert_true(slowest(scene(POISSON, SIZE, "bounded-pareto", "tasks.size.alpha", "1.5",
                              "tasks.size.low", "50ms", "tasks.size.high", "50s", NULL),
                        &scale) < 1000);
    assert_true(slowest(scene(POISSON, SIZE, "lognormal", "tasks.size.mean", "1s", "tasks.size.cv2",
                              "10", NULL),
                        &scale) < 1000);
}

/* One in `every` tasks is a giant that carries more than the share; in whatever way that is said,
 * the run must meet giants, whatever their own law is. */
static void giants_return(void **state)
{
    (void)state;
    struct timescale scale;
    double law =
        slowest(scene(POISSON, SIZE, "hyperexponential", "tasks.size.means", "50ms, 10000s",
                      "tasks.size.probabilities", "0.999999, 0.000001", NULL),
                &scale);
    assert_true(law > 1e6 && law < 3e6);
    assert_non_null(strstr(timescale_words(&scale), "one of the sizes above"));
    double classes = slowest(scene(POISSON, SIZE, "exponential", "tasks.size.mean", "50ms",
                                   "tasks.classes.0.name", "web", "tasks.classes.0.share", "99999",
                                   "tasks.classes.1.name", "report", "tasks.classes.1.share", "1",
                                   "tasks.classes.1.size.distribution", "deterministic",
                                   "tasks.classes.1.size.value", "30min", NULL),
                             &scale);
    scene_near(classes, 1e5, 1);
    enum { ROWS = 20000 };
    char *text = xmalloc(ROWS * 8), *at = text;
    for (int i = 0; i < ROWS; i++)
        at += sprintf(at, "%s\n", i == 77 ? "3000" : "0.05");
    const char *file = setting_file("giant.csv", text, (size_t)(at - text));
    free(text);
    scene_near(slowest(scene(POISSON, SIZE, "empirical", "tasks.size.file", file, NULL), &scale),
               ROWS, 1e-6);
    /* a single giant that carries next to nothing decides nothing */
    scene_near(slowest(scene(POISSON, SIZE, "hyperexponential", "tasks.size.means", "50ms, 10s",
                             "tasks.size.probabilities", "0.999999, 0.000001", NULL),
                       &scale),
               0, 0);
    assert_true(isinf(slowest(
        scene(POISSON, SIZE, "pareto", "tasks.size.alpha", "0.9", "tasks.size.low", "1s", NULL),
        &scale)));
}

#define FAST SIZE, "exponential", "tasks.size.mean", "10ms"

static void arrivals_return(void **state)
{
    (void)state;
    struct timescale scale;
    double storm = slowest(scene("arrivals.process", "mmpp", "arrivals.states.0.rate", "10/s",
                                 "arrivals.states.0.mean_duration", "10h", "arrivals.states.1.rate",
                                 "100/s", "arrivals.states.1.mean_duration", "10min", FAST, NULL),
                           &scale);
    scene_near(storm, 420000, 1e-6);
    assert_string_equal(timescale_words(&scale),
                        "the state of 100 /s returns every 10.2 h on average");
    scene_near(slowest(scene("arrivals.process", "mmpp", "arrivals.states.0.rate", "10/s",
                             "arrivals.states.0.mean_duration", "10h", "arrivals.states.1.rate",
                             "10/s", "arrivals.states.1.mean_duration", "10min", FAST, NULL),
                       &scale),
               0, 0);
    double day =
        slowest(scene("arrivals.process", "schedule", "arrivals.schedule.0.until", "20h",
                      "arrivals.schedule.0.rate", "5/s", "arrivals.schedule.1.until", "24h",
                      "arrivals.schedule.1.rate", "30/s", "arrivals.repeat", "yes", FAST, NULL),
                &scale);
    scene_near(day, 792000, 1e-6);
    assert_string_equal(timescale_words(&scale), "the timetable begins anew every 24 h");
    scene_near(slowest(scene("arrivals.process", "schedule", "arrivals.schedule.0.until", "20h",
                             "arrivals.schedule.0.rate", "5/s", FAST, NULL),
                       &scale),
               0, 0);
    double gaps =
        slowest(scene("arrivals.process", "renewal", "arrivals.interarrival.distribution",
                      "hyperexponential", "arrivals.interarrival.means", "100ms, 1h",
                      "arrivals.interarrival.probabilities", "0.99999, 0.00001", FAST, NULL),
                &scale);
    assert_true(gaps > 1e5 && gaps < 3e5);
    assert_non_null(strstr(timescale_words(&scale), "one of the gaps above"));
}

/* Every replication is in a state with the share of time that is spent there, whichever is listed
 * first: their first states are counted by what arrives at once. */
static void starts_are_at_rest(void **state)
{
    (void)state;
    enum { RUNS = 4000 };
    struct source *source = xmalloc(sizeof *source);
    for (int swapped = 0; swapped < 2; swapped++) {
        struct scenario *s =
            scene("arrivals.process", "mmpp", "arrivals.states.0.rate", swapped ? "0" : "1000/s",
                  "arrivals.states.0.mean_duration", swapped ? "3h" : "1h",
                  "arrivals.states.1.rate", swapped ? "1000/s" : "0",
                  "arrivals.states.1.mean_duration", swapped ? "1h" : "3h", FAST, NULL);
        int busy = 0;
        for (uint32_t r = 0; r < RUNS; r++) {
            source_begin(source, s, 7, r);
            busy += source_peek(source).time < 1;
            source_end(source);
        }
        scene_near(busy, 0.25 * RUNS, 4 * sqrt(RUNS * 0.25 * 0.75));
        free(s);
    }
    free(source);
}

/* Of storms 48 are too few and 56 enough, and what would do is said. */
static void too_few_cycles_have_no_interval(void **state)
{
    (void)state;
    static const char *const tasks[] = {"24k", "28k"}; /* one storm in 4k tasks */
    for (int enough = 0; enough < 2; enough++) {
        struct scenario *s =
            scene("arrivals.process", "mmpp", "arrivals.states.0.rate", "10/s",
                  "arrivals.states.0.mean_duration", "300s", "arrivals.states.1.rate", "20/s",
                  "arrivals.states.1.mean_duration", "50s", SIZE, "exponential", "tasks.size.mean",
                  "20ms", "run.tasks", tasks[enough], "run.replications", "8", NULL);
        struct result *result = scene_run(s, 1);
        const struct row *row = result_row(result, 0, 0);
        char *said = result_warnings(result);
        assert_true(fabs(row->cycles - (enough ? 56 : 48)) < 1e-9);
        assert_true(!!(row->notes & NOTE_FEW_CYCLES) == !enough);
        assert_true(isnan(row->latency_mean_ci95) == !enough);
        assert_true(isnan(row->latency_low[0]) == !enough);
        assert_true(!!strstr(said,
                             "the state of 20 /s returns every 5.83 min on average, and so "
                             "far the run has met 48 of the 50 cycles that it takes") == !enough);
        assert_true(!!strstr(said, "run.tasks: about 25k (with run.replications: 8) would do") ==
                    !enough);
        free(said);
        result_free(result);
        free(s);
    }
}

/* The one counts that takes the longest to be met often enough: storms, whose number makes skewed
 * spreads, before giants that are somewhat seldomer. */
static void storms_take_more_cycles(void **state)
{
    (void)state;
    struct timescale scale;
    struct scenario *s =
        scene("arrivals.process", "mmpp", "arrivals.states.0.rate", "10/s",
              "arrivals.states.0.mean_duration", "300s", "arrivals.states.1.rate", "20/s",
              "arrivals.states.1.mean_duration", "50s", SIZE, "hyperexponential",
              "tasks.size.means", "20ms, 20s", "tasks.size.probabilities", "0.9999, 0.0001", NULL);
    scene_near(timescale_wanted(s), 50 * 4000, 1e-6);
    double giants = timescale_tasks(s, 1);
    assert_true(giants > 8000 && giants < 20000);
    scene_near(slowest(s, &scale), 4000, 1e-9);
    assert_int_equal(scale.cycles, 50);
}

/* Periods are all alike: a verdict takes no more of them than a figure, but as much of the chance
 * beside them as ever. */
static void a_verdict_takes_few_periods(void **state)
{
    (void)state;
    struct timescale scale;
    struct scenario *s =
        scene("arrivals.process", "schedule", "arrivals.schedule.0.until", "300s",
              "arrivals.schedule.0.rate", "10/s", "arrivals.schedule.1.until", "350s",
              "arrivals.schedule.1.rate", "20/s", "arrivals.repeat", "yes", FAST, NULL);
    scene_near(timescale_tasks(s, TIMESCALE_VERDICT), 10 * 4000, 1e-6);
    assert_true(timescale_find(s, &scale) && scale.by_clock && scale.of_chance == 0);
    free(s);
    s = scene("arrivals.process", "schedule", "arrivals.schedule.0.until", "300s",
              "arrivals.schedule.0.rate", "10/s", "arrivals.schedule.1.until", "350s",
              "arrivals.schedule.1.rate", "20/s", "arrivals.repeat", "yes", SIZE,
              "hyperexponential", "tasks.size.means", "20ms, 2s", "tasks.size.probabilities",
              "0.999, 0.001", NULL);
    assert_true(timescale_find(s, &scale) && scale.by_clock && scale.of_chance > 900);
    scene_near(timescale_tasks(s, TIMESCALE_VERDICT), fmax(40000, 50 * scale.of_chance), 1e-6);
    free(s);
}

/* What a cliff is measured with follows the same rule as intervals do. */
static void measured_loads_ask_for_as_many(void **state)
{
    (void)state;
    struct scenario *s = scene("arrivals.process", "mmpp", "arrivals.states.0.rate", "10/s",
                               "arrivals.states.0.mean_duration", "300s", "arrivals.states.1.rate",
                               "20/s", "arrivals.states.1.mean_duration", "50s", FAST, NULL);
    load_run(s, 1000, 1e6, 4);
    scene_near(s->run.tasks, 50 * 1000.0, 1e-6);
    load_run(s, 1000, 1e4, 4);
    scene_near(s->run.tasks, 1e4, 1e-6);
    load_run(s, 6e5, 1e6, 4);
    scene_near(s->run.tasks, 6e5, 1e-6);
    free(s);
}

/* What would do of a timetable is whole periods. */
static void days_are_asked_for_whole(void **state)
{
    (void)state;
    struct scenario *s = scene("arrivals.process", "schedule", "arrivals.schedule.0.until", "2s",
                               "arrivals.schedule.0.rate", "5/s", "arrivals.schedule.1.until",
                               "24s", "arrivals.schedule.1.rate", "30/s", "arrivals.repeat", "yes",
                               FAST, "run.duration", "24s", "run.replications", "4", NULL);
    struct result *result = scene_run(s, 1);
    char *said = result_warnings(result);
    assert_non_null(strstr(said, "the timetable begins anew every 24 s, and so far the run has met "
                                 "4 of the 10 cycles"));
    assert_non_null(strstr(said, "run.duration: about 72 s (with run.replications: 4)"));
    free(said);
    result_free(result);
    free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ordinary_sizes_have_none),
        cmocka_unit_test(giants_return),
        cmocka_unit_test(arrivals_return),
        cmocka_unit_test(starts_are_at_rest),
        cmocka_unit_test(too_few_cycles_have_no_interval),
        cmocka_unit_test(storms_take_more_cycles),
        cmocka_unit_test(a_verdict_takes_few_periods),
        cmocka_unit_test(measured_loads_ask_for_as_many),
        cmocka_unit_test(days_are_asked_for_whole),
    };
    return cmocka_run_group_tests_name("timescale", tests, NULL, setting_tear_down);
}
