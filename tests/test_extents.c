/* Whatever the data are, one value a thousand times, none, or 1e300: axes, bars and scales of
 * colours end, stand on the picture, and say something. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../plots/axis.h"
#include "../plots/bars.h"
#include "../plots/fit_panel.h"
#include "../plots/heat.h"
#include "../sim/base/rng.h"
#include "program.h"

struct draws {
    struct stream stream;
    uint64_t k;
};

static double draw(struct draws *draws)
{
    return stream_uniform(&draws->stream, 0, draws->k++);
}

static double width_of(void *context, const char *label)
{
    (void)context;
    return 7.0 * (double)strlen(label);
}

/* Ends as they come from data that went wrong, and any between them. */
static double any_end(struct draws *draws)
{
    static const double odd[] = {0,      1,     -1,     1e-9,     5e-324,    1e-310,
                                 1e-300, 1e300, -1e300, 1.7e308,  1e15,      1e16,
                                 0.1,    86400, 1e10,   INFINITY, -INFINITY, NAN};
    enum { ODD = sizeof odd / sizeof *odd };
    double u = draw(draws);
    if (u < 0.5)
        return odd[(int)(2 * u * ODD)];
    double size = pow(10, -300 + 600 * draw(draws));
    return u < 0.6 ? -size : size;
}

/* The same, next to it, a little more, or anything. */
static double other_end(struct draws *draws, double first)
{
    double u = draw(draws);
    return u < 0.15   ? first
           : u < 0.3  ? nextafter(first, INFINITY)
           : u < 0.45 ? first * (1 + 1e-13)
           : u < 0.6  ? first * (1 + draw(draws))
                      : any_end(draws);
}

static void assert_good(const struct ticks *ticks)
{
    assert_true(ticks->n <= AXIS_TICKS);
    for (size_t i = 0; i < ticks->n; i++) {
        assert_true(ticks->tick[i].place >= -1e-6 && ticks->tick[i].place <= 1 + 1e-6);
        assert_true(strlen(ticks->tick[i].label) < AXIS_LABEL);
    }
}

enum { TRIES = 20000 };

static struct axis any_axis(struct draws *draws)
{
    struct axis axis = {.columns = 1 + (size_t)(3 * draw(draws)) * 20};
    axis.layout = draw(draws) < 0.5 ? AXIS_SLICES : AXIS_CENTRES;
    axis.log = draw(draws) < 0.5;
    axis.whole = draw(draws) < 0.2;
    axis.unit = (enum unit)(5 * draw(draws));
    axis.from = any_end(draws);
    axis.to = other_end(draws, axis.from);
    return axis;
}

/* As they are: no endless loop, nothing off the picture. */
static void test_ticks_of_any_extent(void **state)
{
    (void)state;
    struct draws draws = {stream_of(11, 0, "test"), 0};
    for (int i = 0; i < TRIES; i++) {
        struct axis axis = any_axis(&draws);
        struct ticks ticks;
        axis_ticks(&axis, 1 + 1500 * draw(&draws), 12, width_of, NULL, &ticks);
        assert_good(&ticks);
        double low = axis.from, high = axis.to;
        axis_latency_ticks(log10(low), log10(high), 500, 20, &ticks);
        assert_good(&ticks);
        axis_time_ticks(high, 800, 30, width_of, NULL, &ticks);
        assert_good(&ticks);
    }
}

/* Made wide enough: there is a tick, and both ends are on it. */
static void test_widened_axes(void **state)
{
    (void)state;
    struct draws draws = {stream_of(12, 0, "test"), 0};
    for (int i = 0; i < TRIES; i++) {
        struct axis axis = any_axis(&draws), was = axis;
        axis.whole = false;
        axis.layout = AXIS_SLICES;
        axis_widen(&axis);
        assert_true(isfinite(axis.from) && isfinite(axis.to) && axis.from != axis.to);
        assert_true(!axis.log || (axis.from > 0 && axis.to > 0));
        double ends[2] = {axis_place(&axis, axis.from), axis_place(&axis, axis.to)};
        assert_true(fabs(ends[0]) < 1e-9 && fabs(ends[1] - 1) < 1e-9);
        if (was.from == was.to && fabs(was.from) < 1e290 && was.from > 1e-290) {
            double place = axis_place(&axis, was.from);
            assert_true(place > 0.3 && place < 0.7);
        }
        struct ticks ticks;
        axis_ticks(&axis, 900, 12, width_of, NULL, &ticks);
        assert_good(&ticks);
        assert_true(ticks.n >= 1);
        struct axis again = axis; /* what is wide enough stays as it is */
        axis_widen(&again);
        assert_true(again.from == axis.from && again.to == axis.to);
    }
}

/* Two ticks at least, where a person would want them. */
static void test_widened_axes_have_ticks(void **state)
{
    (void)state;
    static const double values[] = {0, 1e-9, 0.001, 0.5, 1, 7, 3600, 1e6};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        for (int log = 0; log < 2; log++) {
            struct axis axis = fit_axis(UNIT_DURATION, log, values[i], values[i]);
            struct ticks ticks;
            axis_ticks(&axis, 500, 14, width_of, NULL, &ticks);
            assert_true(ticks.n >= (log ? 1 : 2));
        }
}

static void test_curves_of_any_extent(void **state)
{
    (void)state;
    enum { N = 40 };
    struct draws draws = {stream_of(13, 0, "test"), 0};
    for (int i = 0; i < TRIES / 10; i++) {
        double places[N], points[N];
        points[0] = any_end(&draws);
        for (int k = 0; k < N; k++) {
            places[k] = (k + 0.5) / N;
            points[k] = other_end(&draws, points[0]);
        }
        struct ticks ticks;
        axis_curve_ticks(places, points, N, 800, 20, width_of, NULL, &ticks);
        assert_good(&ticks);
    }
}

/* A scale of colours has two ends, its values are on it, and it is its own inverse. */
static void test_colours_of_any_extent(void **state)
{
    (void)state;
    struct draws draws = {stream_of(14, 0, "test"), 0};
    for (int i = 0; i < TRIES / 10; i++) {
        enum { N = 8 };
        double value[N], mark[N][HEAT_MARKS] = {{0}};
        enum picture_colour colour = (enum picture_colour)(4 * draw(&draws));
        double first = pow(10, -20 * draw(&draws));
        for (int k = 0; k < N; k++)
            value[k] = draw(&draws) < 0.3   ? 0
                       : draw(&draws) < 0.5 ? first
                                            : pow(10, -320 * draw(&draws));
        if (colour == COLOUR_LOG_COUNT)
            for (int k = 0; k < N; k++)
                value[k] = floor(value[k] * 1e18);
        struct heat heat = {.columns = N, .rows = {.n = 1}, .value = value, .mark = mark};
        const struct figure coloured = {.colour = colour};
        struct heat_scale scale = heat_scale_of(&coloured, &heat, 1);
        assert_true(isfinite(scale.low) && isfinite(scale.high) && scale.high > scale.low);
        assert_true(!scale.log || scale.low > 0);
        for (int k = 0; k < N; k++)
            assert_true(heat_scale_place(&scale, value[k]) >= 0 &&
                        heat_scale_place(&scale, value[k]) <= 1);
        for (double t = 0; t <= 1; t += 0.25)
            assert_true(fabs(heat_scale_place(&scale, heat_scale_value(&scale, t)) - t) < 1e-9);
        struct heat_rows one = {.n = 1};
        double end = bars_end(&one, value, mark[0]);
        assert_true(end > 0 && isfinite(end));
    }
}

/* Rows of latency: an objective or a theory beyond all buckets does not stretch them. */
static void test_rows_of_any_extent(void **state)
{
    (void)state;
    static const double far[] = {1e-300, 5e-324, 1e12, 1e300, INFINITY, NAN, 0, -1};
    for (size_t i = 0; i < sizeof far / sizeof *far; i++) {
        struct figure_column column = {.max = 0};
        struct figure_known known = {.latency = {far[i], 0.1, far[i], 0.2}};
        struct figure_panel panel = {.columns = &column, .known = &known};
        struct figure figure = {.columns = 1, .n_panels = 1, .panels = &panel, .objective = far[i]};
        struct heat_rows rows = heat_rows_of(&figure, 400);
        assert_true(rows.n > 0 && rows.n <= 400);
        struct ticks ticks;
        axis_latency_ticks((double)rows.low / HEAT_PER_DECADE, (double)rows.high / HEAT_PER_DECADE,
                           400, 22, &ticks);
        assert_good(&ticks);
        assert_true(ticks.n >= 2);
    }
}

static void write_log(const char *name, int n, double gap, double size)
{
    FILE *out = fopen(name, "w");
    assert_non_null(out);
    fprintf(out, "arrival_s,service_s\n");
    for (int i = 0; i < n; i++)
        fprintf(out, "%.9g,%.9g\n", gap * (i + 0.3 * (i % 3)), size);
    fclose(out);
}

/* Logs of sizes that do not vary have their picture. */
static void test_pictures_of_logs_without_spread(void **state)
{
    (void)state;
    static const double sizes[] = {1, 0.001, 3600};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        write_log("same.csv", 10, 2 * sizes[i], sizes[i]);
        assert_status("fit same.csv -o same >said", 0);
        assert_true(file_exists("same/fit.png"));
        assert_int_equal(remove("same/fit.png"), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ticks_of_any_extent),
        cmocka_unit_test(test_widened_axes),
        cmocka_unit_test(test_widened_axes_have_ticks),
        cmocka_unit_test(test_curves_of_any_extent),
        cmocka_unit_test(test_colours_of_any_extent),
        cmocka_unit_test(test_rows_of_any_extent),
        cmocka_unit_test_setup_teardown(test_pictures_of_logs_without_spread, program_setup,
                                        program_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
