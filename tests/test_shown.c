/* Which tasks a picture shows where there are several classes (shown.h), and that each panel's
 * figures are those of its class. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../plots/shown.h"
#include "../sim/result/run.h"
#include "../sim/scenario/config.h"
#include "scene.h"

/* `classes` of one letter each, by priority; swept over three rates, or not at all. */
static struct result *run_classes(size_t classes, bool swept, const char *shown)
{
    struct scenario *s =
        scene("arrivals.rate", "8/s", "tasks.size.distribution", "exponential", "tasks.size.mean",
              "100ms", "consumers.discipline", "priority", "run.tasks", "4k", "run.replications",
              "4", "picture.theory", "mean", NULL);
    for (size_t i = 0; i < classes; i++) {
        s->classes[i].name = internf("%c", (char)('a' + i));
        s->classes[i].share = 1 / (double)classes;
        s->classes[i].priority = (double)i;
    }
    s->classes_count = (double)classes;
    s->picture.class = shown;
    if (swept) {
        s->sweep.parameter = "arrivals.rate";
        s->sweep.values[0] = 5;
        s->sweep.values[1] = 7;
        s->sweep.values[2] = 8;
        s->sweep.values_count = 3;
    }
    struct result *result = scene_run(s, 1);
    free(s);
    return result;
}

static void assert_row(const struct figure_column *column, const struct row *row)
{
    assert_true(column->completed == row->completed && column->q[0] == row->latency_q[0] &&
                column->max == row->latency_max);
    assert_true(histogram_total(&column->latency) == row->completed);
}

static void test_each_class_has_a_panel(void **state)
{
    (void)state;
    struct result *result = run_classes(2, true, NULL);
    struct figure figure = figure_of(result, false);
    static const char *const titles[] = {"a", "b", "all"};
    assert_int_equal(figure.n_panels, 3);
    for (uint32_t p = 0; p < 3; p++) {
        assert_string_equal(figure.panels[p].title, titles[p]);
        assert_int_equal(figure.panels[p].part, p < 2);
        for (uint32_t c = 0; c < 3; c++)
            assert_row(&figure.panels[p].columns[c], result_row(result, c, p));
    }
    figure_free(&figure);
    figure = figure_of(result, true);
    assert_int_equal(figure.n_panels, 1);
    assert_row(&figure.panels[0].columns[2], result_row(result, 2, 2));
    figure_free(&figure);
    result_free(result);

    result = run_classes(2, true, "b");
    figure = figure_of(result, false);
    assert_int_equal(figure.n_panels, 1);
    assert_null(figure.panels[0].title);
    assert_non_null(strstr(figure.subtitle, "tasks of class b"));
    assert_row(&figure.panels[0].columns[0], result_row(result, 0, 1));
    figure_free(&figure);
    result_free(result);
}

/* Of one column the classes are columns; what is said of it above stays. */
static void test_classes_are_columns_without_a_sweep(void **state)
{
    (void)state;
    struct result *result = run_classes(3, false, NULL);
    struct figure figure = figure_of(result, false);
    assert_int_equal(figure.n_panels, 1);
    assert_int_equal(figure.columns, 4);
    assert_string_equal(figure.x.labels[2], "c");
    assert_string_equal(figure.x.labels[3], "all");
    assert_non_null(strstr(figure.subtitle, "offered utilization 0.8"));
    for (uint32_t c = 0; c < 4; c++)
        assert_row(&figure.panels[0].columns[c], result_row(result, 0, c));
    figure_free(&figure);
    result_free(result);
}

/* In comparisons the classes stand below each other, settings side by side; where there is no room
 * for all, `all` gives way, then the classes. */
static void test_comparisons_have_room_for_so_many(void **state)
{
    (void)state;
    static const char *const titles[] = {"p", "q", "r", "s", "t"};
    struct result *two = run_classes(2, true, NULL), *other = run_classes(3, true, NULL);
    const struct result *same[] = {two, two, two, two, two}, *mixed[] = {two, other};
    struct figure figure = figure_compare(same, 2, titles, NULL);
    assert_int_equal(figure.n_panels, 6);
    assert_int_equal(figure.across, 2);
    assert_string_equal(figure.panels[1].title, "a, q");
    assert_string_equal(figure.panels[4].title, "all, p");
    assert_row(&figure.panels[3].columns[1], result_row(two, 1, 1));
    figure_free(&figure);
    figure = figure_compare(same, 5, titles, NULL);
    assert_int_equal(figure.n_panels, 10);
    assert_string_equal(figure.panels[9].title, "b, t");
    figure_free(&figure);
    figure = figure_compare(mixed, 2, titles, NULL);
    assert_int_equal(figure.n_panels, 2);
    assert_string_equal(figure.panels[0].title, "p");
    figure_free(&figure);
    const struct result *wide[] = {other, other, other, other, other};
    figure = figure_compare(wide, 5, titles, NULL);
    assert_int_equal(figure.n_panels, 5);
    assert_non_null(strstr(figure.footer, "all classes together: --class NAME draws one"));
    figure_free(&figure);
    result_free(two);
    result_free(other);
}

/* Priorities: what theory knows of a class lies over the class's own panel. */
static void test_theory_is_of_the_class(void **state)
{
    (void)state;
    struct result *result = run_classes(2, true, NULL);
    enum { ROWS = 3, COLUMNS = 3 };
    struct figure_known known[ROWS * COLUMNS] = {0};
    for (int i = 0; i < ROWS * COLUMNS; i++)
        for (int line = 0; line < KNOWN_LINES; line++)
            known[i].latency[line] = 0.1 * (i + 1);
    const struct result *const results[] = {result};
    struct plot_known all = {known, ROWS, COLUMNS, "exact", NULL};
    struct errors errors = {0};
    struct bytes with, without;
    assert_true(plot_spectrogram(results[0], &all, &with, &errors));
    for (int line = 0; line < KNOWN_LINES; line++)
        known[COLUMNS].latency[line] = NAN; /* of class b alone, its first column */
    assert_true(plot_spectrogram(results[0], &all, &without, &errors));
    assert_false(with.size == without.size && memcmp(with.data, without.data, with.size) == 0);
    bytes_free(&with);
    bytes_free(&without);
    result_free(result);
}

/* ---- networks ---- */

/* A line of `stages` machines called s1, s2 ..., each slower than the one before; the first
 * replies. */
static struct result *run_line(int stages, bool swept, const char *stage)
{
    static struct scenario s;
    struct places places = {0};
    struct errors errors = {0};
    const char *text =
        "arrivals: {process: poisson, rate: 5/s}\nrun: {tasks: 2k, replications: 2}\n"
        "tasks: {size: {distribution: exponential, mean: 10ms}}\nstages:\n";
    for (int i = 1; i <= stages; i++)
        text = internf("%s  s%d: {consumers: {speed: %d}%s%s}\n", text, i, stages + 1 - i,
                       i == 1 ? ", reply: yes" : "", i < stages ? internf(", to: s%d", i + 1) : "");
    if (swept)
        text = internf("%ssweep: {parameter: arrivals.rate, values: [5/s, 6/s]}\n", text);
    param_defaults(&s);
    assert_true(config_read("line", text, strlen(text), &s, &places, &errors));
    assert_true(scenario_check(&s, &places, &errors));
    places_free(&places);
    s.picture.stage = stage;
    const struct run_options run = {.engine = engine_for(&s), .jobs = 1};
    return run_scenario(&s, &run);
}

static void test_each_stage_has_a_panel(void **state)
{
    (void)state;
    struct result *result = run_line(3, true, NULL);
    struct figure figure = figure_of(result, false);
    static const char *const titles[] = {"s1", "s2", "s3", "all: from end to end",
                                         "client: up to the reply"};
    assert_int_equal(figure.n_panels, 5);
    for (uint32_t p = 0; p < 5; p++) {
        assert_string_equal(figure.panels[p].title, titles[p]);
        assert_int_equal(figure.panels[p].part, p != 3); /* what is observed elsewhere is of all */
        for (uint32_t c = 0; c < 2; c++)
            assert_row(&figure.panels[p].columns[c], result_place_row(result, c, p, 0));
    }
    assert_true(isnan(figure.panels[0].cliff)); /* the bottleneck is s3 */
    figure_free(&figure);

    const struct result *one = result;
    figure = figure_compare(&one, 1, (const char *const[]){"x"}, NULL);
    assert_int_equal(figure.n_panels, 1);
    assert_row(&figure.panels[0].columns[1], result_place_row(result, 1, 3, 0));
    figure_free(&figure);
    result_free(result);
}

/* Of a line that is fed a task a second, each of the stages has its part of the time. */
static void test_time_is_split_by_stage(void **state)
{
    (void)state;
    struct result *result = run_line(3, true, NULL);
    struct figure figure = figure_of(result, false);
    assert_int_equal(figure.ways, 6); /* three stages, all, client, and the rest */
    for (uint32_t c = 0; c < 2; c++) {
        const double *all = figure.panels[3].way + c * figure.ways;
        double whole = result_place_row(result, c, 3, 0)->latency_mean, sum = 0;
        for (uint32_t p = 0; p < 3; p++) {
            double own = result_place_row(result, c, p, 0)->latency_mean;
            scene_near(all[p], own / whole, 1e-9);
            assert_true(figure.panels[p].way[c * figure.ways + p] == all[p]);
            assert_true(figure.panels[p].way[c * figure.ways + (p + 1) % 3] == 0);
            sum += all[p];
        }
        scene_near(sum, 1, 1e-12);
    }
    figure_free(&figure);
    result_free(result);
}

/* What a caller waits for is spent where it is done. */
static void test_time_of_calls_is_of_the_called(void **state)
{
    (void)state;
    static struct scenario s;
    struct places places = {0};
    struct errors errors = {0};
    static const char text[] = "arrivals: {process: poisson, rate: 5/s}\n"
                               "run: {tasks: 20k, replications: 2}\n"
                               "tasks: {size: {distribution: exponential, mean: 10ms}}\n"
                               "stages:\n"
                               "  web: {consumers: {count: 9}, calls: [{stage: db, count: 2}]}\n"
                               "  db: {size: 20ms, consumers: {count: 9}}\n";
    param_defaults(&s);
    assert_true(config_read("calls", text, strlen(text), &s, &places, &errors));
    assert_true(scenario_check(&s, &places, &errors));
    places_free(&places);
    const struct run_options run = {.engine = engine_for(&s), .jobs = 1};
    struct result *result = run_scenario(&s, &run);
    struct figure figure = figure_of(result, false);
    const double *all = figure.panels[0].way + 2 * figure.ways; /* the third column */
    scene_near(all[0], 0.2, 0.01);                              /* 10 ms of its own, 2 x 20 ms */
    scene_near(all[1], 0.8, 0.01);
    figure_free(&figure);
    result_free(result);
}

static void test_stages_are_columns_without_a_sweep(void **state)
{
    (void)state;
    struct result *result = run_line(3, false, NULL);
    struct figure figure = figure_of(result, false);
    assert_int_equal(figure.n_panels, 1);
    assert_int_equal(figure.columns, 5);
    for (uint32_t p = 0; p < 5; p++) {
        assert_string_equal(figure.x.labels[p], result_place_name(result, p));
        assert_row(&figure.panels[0].columns[p], result_place_row(result, 0, p, 0));
    }
    figure_free(&figure);
    result_free(result);
}

static void test_one_stage_is_drawn(void **state)
{
    (void)state;
    struct result *result = run_line(3, true, "s2");
    struct figure figure = figure_of(result, false);
    assert_int_equal(figure.n_panels, 1);
    assert_true(strncmp(figure.subtitle, "stage s2", 8) == 0);
    assert_row(&figure.panels[0].columns[0], result_place_row(result, 0, 1, 0));
    figure_free(&figure);
    result->scenario.picture.stage = "all";
    figure = figure_of(result, false);
    assert_int_equal(figure.n_panels, 1);
    assert_row(&figure.panels[0].columns[0], result_place_row(result, 0, 3, 0));
    figure_free(&figure);
    result_free(result);
}

static void test_of_many_stages_the_slowest(void **state)
{
    (void)state;
    struct result *result = run_line(11, true, NULL);
    struct figure figure = figure_of(result, false);
    assert_int_equal(figure.n_panels, SHOWN_STAGES + 2);
    assert_string_equal(figure.panels[0].title, "s4"); /* in the order of the scenario */
    assert_string_equal(figure.panels[7].title, "s11");
    assert_string_equal(figure.panels[8].title, "all: from end to end");
    assert_non_null(strstr(figure.footer, "the 8 slowest of 11 stages"));
    figure_free(&figure);
    result_free(result);
}

static void test_stages_that_take_no_time_are_left_out(void **state)
{
    (void)state;
    static struct scenario s;
    struct places places = {0};
    struct errors errors = {0};
    static const char text[] = "arrivals: {process: poisson, rate: 5/s}\n"
                               "run: {tasks: 2k, replications: 2}\n"
                               "tasks: {size: {distribution: exponential, mean: 10ms}}\n"
                               "stages:\n"
                               "  split: {consumers: {count: unlimited}, size: 0s, to: work}\n"
                               "  work: {}\n";
    param_defaults(&s);
    assert_true(config_read("split", text, strlen(text), &s, &places, &errors));
    assert_true(scenario_check(&s, &places, &errors));
    places_free(&places);
    const struct run_options run = {.engine = engine_for(&s), .jobs = 1};
    struct result *result = run_scenario(&s, &run);
    struct figure figure = figure_of(result, false);
    assert_int_equal(figure.columns, 2);
    assert_string_equal(figure.x.labels[0], "work");
    assert_non_null(strstr(figure.footer, "without split, which takes no time to speak of"));
    figure_free(&figure);
    result->scenario.picture.stage = "split"; /* unless it is asked for */
    figure = figure_of(result, false);
    assert_int_equal(figure.columns, 1);
    assert_row(&figure.panels[0].columns[0], result_place_row(result, 0, 0, 0));
    figure_free(&figure);
    result_free(result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_class_has_a_panel),
        cmocka_unit_test(test_classes_are_columns_without_a_sweep),
        cmocka_unit_test(test_comparisons_have_room_for_so_many),
        cmocka_unit_test(test_theory_is_of_the_class),
        cmocka_unit_test(test_each_stage_has_a_panel),
        cmocka_unit_test(test_stages_are_columns_without_a_sweep),
        cmocka_unit_test(test_time_is_split_by_stage),
        cmocka_unit_test(test_time_of_calls_is_of_the_called),
        cmocka_unit_test(test_one_stage_is_drawn),
        cmocka_unit_test(test_of_many_stages_the_slowest),
        cmocka_unit_test(test_stages_that_take_no_time_are_left_out),
    };
    return cmocka_run_group_tests_name("shown", tests, NULL, NULL);
}
