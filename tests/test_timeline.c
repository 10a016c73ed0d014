/* timeline.png: what its lines are made of, its gaps, its shades, and that it says so. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../plots/timeline.h"
#include "../plots/timeline_lines.h"
#include "scene.h"

/* Every ten seconds a task of one second: in windows of two most hold nothing. */
static const char rare[] = "arrivals: {process: renewal, interarrival: {distribution: "
                           "deterministic, value: 10s}}\n"
                           "tasks: {size: {distribution: deterministic, value: 1s}}\n";

/* Nothing leaves for a minute. */
static const char away[] = "arrivals: {process: poisson, rate: 10/s}\n"
                           "tasks: {size: {distribution: exponential, mean: 5ms}}\n"
                           "stages:\n"
                           "  front: {consumers: {count: 2000}, calls: [store], reply: true}\n"
                           "  store: {outages: [{at: 120s, for: 60s, effect: pause}]}\n"
                           "run: {duration: 300s, warmup: 0, replications: 6, windows: 10s}\n";

static const struct timeline_line *line_of(const struct timeline_view *v,
                                           enum timeline_panel_kind kind, const char *name)
{
    for (size_t i = 0; i < v->panel[kind].n; i++)
        if (strcmp(v->panel[kind].line[i].name, name) == 0)
            return &v->panel[kind].line[i];
    fail_msg("no line %s", name);
    return NULL;
}

static struct result *result_of(const char *text, const char *run)
{
    struct scenario *s = scene_text(text, run);
    struct result *result = scene_run(s, 2);
    free(s);
    return result;
}

/* A window in which nothing completed has no latency, and none is drawn across it; it has traffic,
 * which was 0. */
static void where_nothing_completed_there_is_a_gap(void **state)
{
    (void)state;
    struct result *result =
        result_of(rare, "run: {duration: 100s, warmup: 0, replications: 1, windows: 2s}\n");
    struct timeline_view v;
    timeline_view_make(result, 1000, &v);
    assert_int_equal(v.n, 50);
    assert_int_equal(v.group, 1);
    const struct timeline_line *p99 = line_of(&v, PANEL_LATENCY, "p99");
    const struct timeline_line *done = line_of(&v, PANEL_TRAFFIC, "completed");
    for (size_t i = 0; i < v.n; i++) {
        bool some = i > 0 && i % 5 == 0; /* 11 s, 21 s, ...: of one that came at 10 s, 20 s */
        assert_true(some ? p99->mid[i] == 1 : isnan(p99->mid[i]));
        scene_near(done->mid[i], some ? 0.5 : 0, 0);
    }
    timeline_view_free(&v);
    result_free(result);
}

/* More windows than points: several to one, with the median and the band of all their values. */
static void many_windows_share_a_point(void **state)
{
    (void)state;
    struct result *result =
        result_of("arrivals: {process: poisson, rate: 40/s}\n"
                  "tasks: {size: {distribution: exponential, mean: 20ms}}\n",
                  "run: {duration: 600s, warmup: 0, replications: 5, windows: 1s}\n");
    struct timeline_view v;
    timeline_view_make(result, 100, &v);
    assert_int_equal(v.group, 6);
    assert_int_equal(v.n, 100);
    const struct timeline_line *arriving = line_of(&v, PANEL_TRAFFIC, "arriving");
    const struct timeline_line *slowest = line_of(&v, PANEL_LATENCY, "slowest");
    for (size_t i = 0; i < v.n; i++) {
        double values[30], most = 0;
        size_t n = 0, below = 0, above = 0, half = 0;
        for (uint32_t r = 0; r < 5; r++)
            for (uint32_t k = 0; k < 6; k++) {
                const struct timeline *t = result_timeline(result, r);
                struct window_at at = {(uint32_t)i * 6 + k, 0, 0};
                values[n++] = window_figure(t, at, WINDOW_ARRIVALS);
                most = fmax(most, window_figure(t, at, WINDOW_LATENCY_MAX));
            }
        for (size_t k = 0; k < n; k++) {
            below += values[k] < arriving->low[i];
            above += values[k] > arriving->high[i];
            half += values[k] <= arriving->mid[i];
        }
        assert_true(below <= 3 && above <= 3 && half >= 15);
        scene_near(slowest->mid[i], most, 0);
    }
    assert_non_null(strstr(timeline_remarks(&v), "windows of 1 s, 6 to a point"));
    assert_non_null(strstr(timeline_remarks(&v), "median of 5 replications, bands: 10 to 90 %"));
    timeline_view_free(&v);
    result_free(result);
}

static void trouble_is_shaded_and_told(void **state)
{
    (void)state;
    struct result *result = result_of(away, "");
    struct timeline_view v;
    timeline_view_make(result, 1000, &v);
    assert_int_equal(v.n, 30);
    assert_int_equal(v.troubles, 1);
    assert_string_equal(v.trouble[0].name, "store");
    for (size_t i = 0; i < v.n; i++) {
        bool out = i >= 12 && i < 18;
        scene_near(v.wrong[i], out, 0);
        scene_near(v.trouble[0].share[TROUBLE_OUTAGE][i], out, 0);
        scene_near(v.trouble[0].share[TROUBLE_CRASHED][i], 0, 0);
    }
    /* the client's row, and each stage a line of its own */
    assert_string_equal(v.panel[PANEL_LATENCY].name, "latency of the client");
    const struct timeline_line *store = line_of(&v, PANEL_WAITING, "store");
    scene_near(store->mid[17], 10 * 55, 100);
    assert_true(store->low[17] <= store->mid[17] && store->mid[17] <= store->high[17]);
    assert_true(line_of(&v, PANEL_WAITING, "front")->mid[17] == 0);
    assert_false(v.panel[PANEL_CONSUMERS].drawn); /* their number does not move */
    assert_non_null(strstr(timeline_sentence(&v), "p99 rises to "));
    assert_non_null(strstr(timeline_sentence(&v), " at 3 min; "));
    timeline_view_free(&v);
    result_free(result);
}

static void the_same_result_gives_the_same_bytes(void **state)
{
    (void)state;
    struct result *result = result_of(away, "");
    struct errors errors = {0};
    struct bytes a, b;
    assert_true(plot_timeline(result, &a, &errors));
    result->threads = 1;
    assert_true(plot_timeline(result, &b, &errors));
    assert_int_equal(a.size, b.size);
    assert_memory_equal(a.data, b.data, a.size);
    bytes_free(&a);
    bytes_free(&b);
    result_free(result);
}

/* Whatever the size, and with nothing to show at all. */
static void every_result_has_a_picture(void **state)
{
    (void)state;
    static const char *const sizes[][2] = {{"480", "360"}, {"640", "2000"}, {"4000", "500"}};
    static const char *const texts[] = {rare, away};
    for (int i = 0; i < 6; i++) {
        struct scenario *s =
            scene_text(texts[i % 2],
                       i % 2 ? "" : "run: {tasks: 1, warmup: 0, replications: 1, windows: 100s}\n");
        struct errors errors = {0};
        struct bytes png;
        s->picture.width = atof(sizes[i / 2][0]);
        s->picture.height = atof(sizes[i / 2][1]);
        struct result *result = scene_run(s, 1);
        assert_true(plot_timeline(result, &png, &errors));
        assert_true(png.size > 1000);
        bytes_free(&png);
        result_free(result);
        free(s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(where_nothing_completed_there_is_a_gap),
        cmocka_unit_test(many_windows_share_a_point),
        cmocka_unit_test(trouble_is_shaded_and_told),
        cmocka_unit_test(the_same_result_gives_the_same_bytes),
        cmocka_unit_test(every_result_has_a_picture),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
