/* The picture of the number waiting: where numbers lie, what colours say, and what it says in
 * words. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../plots/measure.h"
#include "../sim/base/err.h"
#include "../sim/engine/queue_time.h"
#include "figures.h"
#include "program.h"
#include "scene.h"

#define whole_test(f) cmocka_unit_test_setup_teardown(f, program_setup, program_teardown)

/* Time, in ticks, with so many waiting. */
static void give(struct figure_column *column, double waiting, uint64_t ticks)
{
    histogram_add_rare(&column->latency, waiting, ticks);
    column->max = fmax(column->max, waiting);
    column->offered = column->completed = 1000;
}

static struct figure blank(size_t columns)
{
    struct figure figure = figure_blank(1, columns);
    figure.measure = PICTURE_QUEUE;
    figure.colour = COLOUR_DENSITY;
    return figure;
}

/* The value of the row that x lies in. */
static double at(const struct heat *heat, size_t column, double x)
{
    int row = (int)floor(log10(x) * HEAT_PER_DECADE);
    assert_true(row >= heat->rows.low && row < heat->rows.high);
    return heat
        ->value[column * (size_t)heat->rows.n + (size_t)((row - heat->rows.low) / heat->rows.step)];
}

/* A number is a band of one colour, its share of the time, from half a task below it to half a task
 * above; 0 has its own; and rows of many numbers have what these have together. */
static void test_bands(void **state)
{
    (void)state;
    struct figure figure = blank(2);
    give(&figure.panels[0].columns[0], 0, 500);
    give(&figure.panels[0].columns[0], 1, 300);
    give(&figure.panels[0].columns[0], 3, 200);
    for (int n = 1001; n <= 1500; n++)
        give(&figure.panels[0].columns[1], n, 1);
    struct heat_rows rows = heat_rows_of(&figure, 400);
    assert_true(rows.mark[HEAT_ZERO] && !rows.mark[HEAT_UNDER] && !rows.mark[HEAT_UNFINISHED]);
    struct heat heat = heat_of(&figure, &figure.panels[0], &rows, 400);
    scene_near(heat.mark[0][HEAT_ZERO], 0.5, 1e-12);
    for (double x = 0.55; x < 1.4; x += 0.05)
        scene_near(at(&heat, 0, x), 0.3, 1e-12);
    for (double x = 2.7; x < 3.4; x += 0.05)
        scene_near(at(&heat, 0, x), 0.2, 1e-12);
    assert_true(at(&heat, 0, 2) == 0 && at(&heat, 0, 4) == 0 && at(&heat, 0, 1200) == 0);
    double sum = 0;
    for (int row = 0; row < rows.n; row++)
        sum += heat.value[(size_t)(rows.n + row)];
    scene_near(sum, 1, 1e-9); /* all its rows are wider than a task */
    assert_true(heat.mark[1][HEAT_ZERO] == 0);
    double width =
        heat_edge((int)floor(log10(1200) * 40) + 1) - heat_edge((int)floor(log10(1200) * 40));
    scene_near(at(&heat, 1, 1200), width / 500, 0.1 * width / 500);
    heat_free(&heat);
    figure_free(&figure);
}

/* An even distribution has an even colour, divided by the width of rows, from one number a row to
 * many. */
static void test_no_stripes(void **state)
{
    (void)state;
    struct figure figure = blank(1);
    for (int n = 1; n <= 200; n++)
        give(&figure.panels[0].columns[0], n, 10);
    struct heat_rows rows = heat_rows_of(&figure, 400);
    struct heat heat = heat_of(&figure, &figure.panels[0], &rows, 400);
    for (int row = 0; row < rows.n; row++) {
        double low = heat_edge(rows.low + row), high = heat_edge(rows.low + row + 1);
        if (high < 200)
            scene_near(heat.value[row], fmax(high - low, 1) / 200, 1e-9);
    }
    heat_free(&heat);
    figure_free(&figure);
}

static void test_ticks(void **state)
{
    (void)state;
    struct figure figure = blank(1);
    struct heat_rows rows;
    struct ticks ticks;
    give(&figure.panels[0].columns[0], 20000, 1);
    rows = heat_rows_of(&figure, 600);
    measure_ticks(&rows, 600, 22, &ticks);
    static const char *const wanted[] = {"1", "2", "5", "10", "100", "1000", "10 k"};
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        size_t k = 0;
        while (k < ticks.n && strcmp(ticks.tick[k].label, wanted[i]) != 0)
            k++;
        assert_true(k < ticks.n);
    }
    for (size_t i = 0; i < ticks.n; i++)
        assert_true(ticks.tick[i].value >= 1 && ticks.tick[i].place >= 0);
    figure_free(&figure);
}

/* The buffer's places are a line; one far above the data is left out. */
static void test_places(void **state)
{
    (void)state;
    struct scenario *s =
        scene("arrivals.process", "poisson", "arrivals.rate", "4/s", "tasks.size.distribution",
              "exponential", "tasks.size.mean", "250ms", "buffer.capacity", "12", "picture.measure",
              "queue", "run.tasks", "2000", "run.replications", "2", "sweep.parameter",
              "arrivals.rate", "sweep.from", "1/s", "sweep.to", "8/s", "sweep.steps", "5", NULL);
    for (int far = 0; far < 2; far++) {
        struct result *result = scene_run(s, 1);
        struct figure figure = figure_of(result, false);
        assert_true(figure.panels[0].places == (far ? 0 : 12));
        struct page page;
        canvas_del(figure_draw(&figure, &page));
        double level = view_level(&page.views[0]);
        assert_true(far ? isnan(level) : level == 12);
        page_free(&page);
        figure_free(&figure);
        result_free(result);
        s->stage.capacity = 100000;
        s->sweep.to = 3;
    }
    free(s);
}

static const char timetable[] =
    "arrivals:\n"
    "  process: schedule\n"
    "  repeat: yes\n"
    "  schedule: [{until: 1000s, rate: 2/s}, {until: 2000s, rate: 8/s}]\n"
    "tasks:\n"
    "  classes:\n"
    "    - {name: gold, share: 1, size: {distribution: exponential, mean: 200ms}}\n"
    "    - {name: bronze, share: 3, size: {distribution: exponential, mean: 200ms}}\n"
    "sweep: {mode: time, steps: 8}\n"
    "run: {duration: 4000s, replications: 2}\n"
    "picture: {measure: queue}\n";

/* What the run says, its files, and the picture again from the picture. */
static void test_run(void **state)
{
    (void)state;
    file_write("day.yaml", timetable);
    assert_status("run day.yaml -o out >said 2>warned", 0);
    assert_says("said", "waiting p50");
    assert_says("said", "of the time nobody waits; the most that ever did are");
    assert_says("out/columns.csv",
                ",queue_p50,queue_p90,queue_p99,queue_p999,queue_p9999,queue_max\n");
    assert_says("out/histograms.csv", "\nqueue,main,all,0,0,1,");
    assert_false(file_has("out/histograms.csv", "\nqueue,main,gold"));
    assert_says("out/summary.json", "\"queue_p99\"");
    assert_status("run out/spectrogram.png -q -o again", 0);
    assert_true(files_equal("again/spectrogram.png", "out/spectrogram.png"));
    assert_true(files_equal("again/histograms.csv", "out/histograms.csv"));
    assert_status("run day.yaml -q -o plain --set picture.measure=latency", 0);
    assert_false(file_has("plain/columns.csv", "queue_p50"));
    assert_false(file_has("plain/histograms.csv", "\nqueue,"));
    assert_status(
        "run day.yaml -o one --set sweep.mode=independent --set run.warmup=1000s >said 2>&1", 0);
    assert_says("said", "tasks waiting: mean ");
    assert_says("said", "for half of the time at most ");
}

static void assert_refused(const char *sets, const char *why)
{
    assert_status(internf("run day.yaml -q -o out %s 2>said", sets), 2);
    assert_says("said", why);
}

static void test_what_it_cannot_have(void **state)
{
    (void)state;
    file_write("day.yaml", timetable);
    assert_refused("--class gold", "that of all classes together");
    assert_refused("--set picture.colour=log-count", "log-count is of tasks");
    assert_refused("--set picture.colour=intensity", "intensity is of tasks");
    assert_refused("--set picture.latency=1ms..1h",
                   "that of picture.measure: queue is one of tasks");
    assert_refused("--engine lanes", "picture.measure: queue");
    assert_status("run day.yaml -q -o out --class all", 0);
    assert_status("compare day.yaml -q -o out --vary picture.measure=wait,queue 2>said", 2);
    assert_says("said", "of another picture.measure than the first");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bands), cmocka_unit_test(test_no_stripes),
        cmocka_unit_test(test_ticks), cmocka_unit_test(test_places),
        whole_test(test_run),         whole_test(test_what_it_cannot_have),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
