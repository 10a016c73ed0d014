/* Axes: values stand where their columns are, and ticks are round and do not touch. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "../plots/axis.h"

static double width_of(void *context, const char *label)
{
    (void)context;
    return 8.0 * (double)strlen(label);
}

static void assert_near(double a, double b)
{
    assert_true(fabs(a - b) < 1e-9);
}

static bool has(const struct ticks *ticks, const char *label)
{
    for (size_t i = 0; i < ticks->n; i++)
        if (strcmp(ticks->tick[i].label, label) == 0)
            return true;
    return false;
}

static void assert_apart(const struct ticks *ticks, double pixels, double gap)
{
    for (size_t i = 0; i < ticks->n; i++)
        for (size_t k = 0; k < i; k++) {
            const struct tick *a = &ticks->tick[i], *b = &ticks->tick[k];
            double room = (width_of(NULL, a->label) + width_of(NULL, b->label)) / 2 + gap;
            assert_true(fabs(a->place - b->place) * pixels >= room - 1e-9);
        }
}

static void test_slices_reach_the_edges(void **state)
{
    (void)state;
    struct axis axis = {.layout = AXIS_SLICES, .from = 4, .to = 1.5, .columns = 200};
    assert_near(axis_place(&axis, 4), 0);
    assert_near(axis_place(&axis, 1.5), 1);
    assert_near(axis_place(&axis, 2.75), 0.5);
    assert_true(isnan(axis_place(&axis, 4.1)));
    assert_true(isnan(axis_place(&axis, NAN)));
    assert_near(axis_value(&axis, 0.5), 2.75);
}

static void test_centres_lie_inside(void **state)
{
    (void)state;
    struct axis axis = {.layout = AXIS_CENTRES, .from = 10, .to = 20, .columns = 11};
    for (int i = 0; i <= 10; i++) {
        assert_near(axis_place(&axis, 10 + i), (i + 0.5) / 11);
        assert_near(axis_value(&axis, (i + 0.5) / 11), 10 + i);
    }
    struct axis log_axis = {.layout = AXIS_CENTRES, .log = true, .from = 64, .to = 1, .columns = 7};
    for (int i = 0; i <= 6; i++)
        assert_near(axis_place(&log_axis, 1 << (6 - i)), (i + 0.5) / 7);
    assert_true(isnan(axis_place(&log_axis, -1)));
    struct axis one = {.layout = AXIS_CENTRES, .from = 3, .to = 3, .columns = 1};
    assert_near(axis_place(&one, 3), 0.5);
}

static void test_a_list_stands_side_by_side(void **state)
{
    (void)state;
    static const double values[] = {1, 2, 4, 8};
    struct axis axis = {.layout = AXIS_LIST, .columns = 4, .values = values};
    assert_near(axis_place(&axis, 4), 0.625);
    assert_near(axis_place(&axis, 3), 0.5);
    assert_true(isnan(axis_place(&axis, 9)));
}

static void test_linear_ticks_are_round(void **state)
{
    (void)state;
    struct axis axis = {.layout = AXIS_SLICES, .from = 4, .to = 1.5, .columns = 200};
    struct ticks ticks;
    axis_ticks(&axis, 600, 30, width_of, NULL, &ticks);
    assert_apart(&ticks, 600, 30);
    assert_true(has(&ticks, "4") && has(&ticks, "3") && has(&ticks, "2") && has(&ticks, "1.5"));
    for (size_t i = 0; i < ticks.n; i++)
        assert_near(ticks.tick[i].place, axis_place(&axis, ticks.tick[i].value));
}

static void test_ticks_carry_their_unit(void **state)
{
    (void)state;
    struct axis rate = {
        .layout = AXIS_SLICES, .unit = UNIT_RATE, .from = 1, .to = 5, .columns = 100};
    struct ticks ticks;
    axis_ticks(&rate, 800, 30, width_of, NULL, &ticks);
    assert_true(has(&ticks, "2 /s"));
    struct axis share = {
        .layout = AXIS_SLICES, .unit = UNIT_SHARE, .from = 0.5, .to = 2, .columns = 100};
    axis_ticks(&share, 500, 30, width_of, NULL, &ticks);
    assert_true(has(&ticks, "100 %") && has(&ticks, "50 %"));
    struct axis time = {
        .layout = AXIS_SLICES, .unit = UNIT_DURATION, .from = 0, .to = 7200, .columns = 100};
    axis_ticks(&time, 500, 30, width_of, NULL, &ticks);
    assert_true(has(&ticks, "1 h") && has(&ticks, "2 h"));
}

static void test_whole_numbers_only(void **state)
{
    (void)state;
    struct axis axis = {.layout = AXIS_CENTRES,
                        .unit = UNIT_COUNT,
                        .whole = true,
                        .from = 1,
                        .to = 4,
                        .columns = 40};
    struct ticks ticks;
    axis_ticks(&axis, 1000, 10, width_of, NULL, &ticks);
    assert_int_equal(ticks.n, 4);
    for (size_t i = 0; i < ticks.n; i++)
        assert_near(ticks.tick[i].value, round(ticks.tick[i].value));
}

static void test_log_ticks(void **state)
{
    (void)state;
    struct axis axis = {.layout = AXIS_SLICES, .log = true, .from = 1, .to = 1e6, .columns = 50};
    for (double pixels = 60; pixels < 4000; pixels *= 1.5) {
        struct ticks ticks;
        axis_ticks(&axis, pixels, 10, width_of, NULL, &ticks);
        assert_true(ticks.n >= 1);
        assert_apart(&ticks, pixels, 10);
    }
    struct ticks ticks;
    axis_ticks(&axis, 800, 10, width_of, NULL, &ticks);
    assert_true(has(&ticks, "100") && has(&ticks, "1 M"));
    /* less than a decade still has two or more */
    struct axis narrow = {.layout = AXIS_SLICES, .log = true, .from = 3, .to = 9, .columns = 50};
    axis_ticks(&narrow, 400, 10, width_of, NULL, &ticks);
    assert_true(ticks.n >= 2);
}

/* A sweep of durations: times of day, not thousands of seconds. */
static void test_log_ticks_of_durations(void **state)
{
    (void)state;
    struct axis axis = {.layout = AXIS_SLICES, .log = true, .unit = UNIT_DURATION, .columns = 50};
    axis.from = 0.5;
    axis.to = 40 * 86400.0;
    struct ticks ticks;
    axis_ticks(&axis, 1000, 30, width_of, NULL, &ticks);
    static const char *const wanted[] = {"1 s", "10 s", "1 min", "10 min", "1 h", "1 d", "10 d"};
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        assert_true(has(&ticks, wanted[i]));
    assert_false(has(&ticks, "100 s") || has(&ticks, "10000 s"));
    for (double low = 1e-6; low < 1e8; low *= 3.3)
        for (double span = 1.2; span < 1e14; span *= 3)
            for (double pixels = 60; pixels < 4000; pixels *= 2) {
                axis.from = low * span; /* downwards */
                axis.to = low;
                axis_ticks(&axis, pixels, 10, width_of, NULL, &ticks);
                assert_apart(&ticks, pixels, 10);
                assert_true(ticks.n >= (span > 10 && span * low < 1e8 && pixels > 300 ? 2 : 1));
                for (size_t i = 0; i < ticks.n; i++)
                    assert_near(ticks.tick[i].place, axis_place(&axis, ticks.tick[i].value));
            }
}

static void test_few_columns_are_all_named(void **state)
{
    (void)state;
    static const double values[] = {0, 1, 2, 5, 40};
    static const char *const labels[] = {"reject", "pause", "drop-newest", "drop-oldest", "none"};
    struct axis list = {.layout = AXIS_LIST, .unit = UNIT_COUNT, .columns = 5, .values = values};
    struct ticks ticks;
    axis_ticks(&list, 500, 10, width_of, NULL, &ticks);
    assert_int_equal(ticks.n, 5);
    assert_string_equal(ticks.tick[4].label, "40");
    list.labels = labels;
    axis_ticks(&list, 900, 10, width_of, NULL, &ticks);
    assert_string_equal(ticks.tick[2].label, "drop-newest");
    axis_ticks(&list, 120, 10, width_of, NULL, &ticks); /* thinned, not on top of each other */
    assert_apart(&ticks, 120, 10);
}

static void test_latency_ticks_are_times_of_day(void **state)
{
    (void)state;
    struct ticks ticks;
    axis_latency_ticks(-3.2, 5.2, 560, 22, &ticks); /* 0.6 ms to 1.8 d */
    static const char *const wanted[] = {"1 ms",  "10 ms",  "100 ms", "1 s", "10 s",
                                         "1 min", "10 min", "1 h",    "1 d"};
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        assert_true(has(&ticks, wanted[i]));
    for (size_t i = 0; i < ticks.n; i++)
        assert_near(ticks.tick[i].place, (log10(ticks.tick[i].value) + 3.2) / 8.4);
}

/* Any range has at least two labels, none nearer than asked for. */
static void test_latency_ticks_of_any_range(void **state)
{
    (void)state;
    for (double low = -9; low < 9; low += 0.37)
        for (double span = 0.7; span < 19 && low + span < 10.3; span *= 1.7) {
            struct ticks ticks;
            axis_latency_ticks(low, low + span, 500, 22, &ticks);
            size_t labels = 0;
            for (size_t i = 0; i < ticks.n; i++) {
                labels += ticks.tick[i].label[0] != '\0';
                assert_true(ticks.tick[i].place > -1e-6 && ticks.tick[i].place < 1 + 1e-6);
                for (size_t k = 0; k < i && ticks.tick[i].label[0]; k++)
                    if (ticks.tick[k].label[0])
                        assert_true(fabs(ticks.tick[i].place - ticks.tick[k].place) * 500 >=
                                    22 - 1e-6);
            }
            assert_true(labels >= (low + span < 7 ? 2 : 1));
        }
}

static void test_utilization_ticks(void **state)
{
    (void)state;
    enum { N = 100 };
    double places[N], points[N];
    for (int i = 0; i < N; i++) {
        places[i] = (i + 0.5) / N;
        points[i] = 0.66 * pow(2.1, places[i]);
    }
    points[N - 1] = INFINITY;
    struct ticks ticks;
    axis_curve_ticks(places, points, N, 800, 20, width_of, NULL, &ticks);
    assert_apart(&ticks, 800, 20);
    assert_true(has(&ticks, "1") && has(&ticks, "0.8") && ticks.n >= 5);
    for (size_t i = 0; i < ticks.n; i++)
        assert_true(fabs(ticks.tick[i].place - log(ticks.tick[i].value / 0.66) / log(2.1)) < 1e-3);
    for (int i = 0; i < N; i++)
        points[i] = NAN;
    axis_curve_ticks(places, points, N, 800, 20, width_of, NULL, &ticks);
    assert_int_equal(ticks.n, 0);
}

static void test_round_up(void **state)
{
    (void)state;
    assert_near(axis_round_up(0.03), 0.05);
    assert_near(axis_round_up(1), 1);
    assert_near(axis_round_up(1.1), 2);
    assert_near(axis_round_up(700), 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_slices_reach_the_edges),
        cmocka_unit_test(test_centres_lie_inside),
        cmocka_unit_test(test_a_list_stands_side_by_side),
        cmocka_unit_test(test_linear_ticks_are_round),
        cmocka_unit_test(test_ticks_carry_their_unit),
        cmocka_unit_test(test_whole_numbers_only),
        cmocka_unit_test(test_log_ticks),
        cmocka_unit_test(test_log_ticks_of_durations),
        cmocka_unit_test(test_few_columns_are_all_named),
        cmocka_unit_test(test_latency_ticks_are_times_of_day),
        cmocka_unit_test(test_latency_ticks_of_any_range),
        cmocka_unit_test(test_utilization_ticks),
        cmocka_unit_test(test_round_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
