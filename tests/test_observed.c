/* picture.observed: read when the scenario is checked, laid over the picture, told in words; and
 * fit of metrics, as a user runs it. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../plots/frame.h"
#include "../plots/observed.h"
#include "figures.h"
#include "program.h"

#define as_user(f) cmocka_unit_test_setup_teardown(f, program_setup, program_teardown)

static const char metrics[] = "# TYPE a_seconds histogram\n"
                              "a_seconds_bucket{le=\"0.1\"} 100\n"
                              "a_seconds_bucket{le=\"1\"} 600\n"
                              "a_seconds_bucket{le=\"5\"} 950\n"
                              "a_seconds_bucket{le=\"20\"} 985\n"
                              "a_seconds_bucket{le=\"+Inf\"} 1000\n"
                              "a_seconds_sum 1500\n"
                              "a_seconds_count 1000\n";

/* ---- pictures ---- */

/* What was observed, by hand: p50 in 0.1 to 1 s, p90 in 1 to 5 s, p99 above 20 s. */
static const struct observed *by_hand(void)
{
    static struct bin bin[] = {{0, 0.1, 100}, {0.1, 1, 500}, {1, 5, 350}, {20, INFINITY, 50}};
    static struct observed observed = {
        .name = "by hand", .scraped = {.bins = {.n = 4, .bin = bin, .total = 1000, .sum = NAN}}};
    for (int q = 0; q < OBSERVED_QUANTILES; q++)
        observed.quantile[q] = bins_quantile(&observed.scraped.bins, observed_quantiles[q]);
    return &observed;
}

static int inked(struct canvas *a, struct canvas *b, struct box box)
{
    int n = 0;
    for (int y = box.y; y < box.y + box.h; y++)
        for (int x = box.x; x < box.x + box.w; x++)
            n += canvas_pixel(a, x, y) != canvas_pixel(b, x, y);
    return n;
}

/* The same figure, with and without; its axis is the same where what was observed lies on it. */
static void draw_both(struct figure *figure, size_t column, struct canvas *canvas[2],
                      struct page page[2])
{
    for (int i = 0; i < 2; i++) {
        figure->observed = i == 1 ? by_hand() : NULL;
        figure->observed_column = column;
        canvas[i] = figure_draw(figure, &page[i]);
    }
}

static void test_brackets_stand_at_their_column(void **state)
{
    (void)state;
    struct figure figure = figure_typical(1, 12);
    figure.panels[0].cliff = NAN;   /* whose label would make room */
    for (int i = 0; i < 200; i++) { /* as far as the brackets go */
        figure_add(&figure.panels[0].columns[0], 0.05);
        figure_add(&figure.panels[0].columns[0], 100);
    }
    struct canvas *canvas[2];
    struct page page[2];
    draw_both(&figure, 5, canvas, page);
    const struct view *view = &page[1].views[0];
    assert_true(view->cells.y == page[0].views[0].cells.y);
    for (size_t c = 0; c < 12; c++) {
        int n = inked(canvas[0], canvas[1], view_column(view, &view->cells, c));
        assert_true(c == 5 ? n > 300 : c == 6 || n == 0); /* the names may reach over */
    }
    /* p50 between its bounds and nowhere else, at its own place; p99 up to the top. */
    struct box at = view_column(view, &view->cells, 5);
    int middle = at.x + at.w / 2, lower = (int)view_y(view, 0.1), upper = (int)view_y(view, 1);
    struct box inside = {middle - 19, upper, 8, lower - upper},
               above = {middle - 19, view->cells.y, 8, upper - view->cells.y - 10};
    assert_true(inked(canvas[0], canvas[1], inside) > lower - upper);
    assert_int_equal(inked(canvas[0], canvas[1], above), 0);
    struct box top = {middle + 11, view->cells.y + 3, 8, 20};
    assert_true(inked(canvas[0], canvas[1], top) > 20);
    for (int i = 0; i < 2; i++) {
        canvas_del(canvas[i]);
        page_free(&page[i]);
    }
    figure.observed = NULL;
    figure_free(&figure);
}

static void test_axis_reaches_what_was_observed(void **state)
{
    (void)state;
    struct figure figure = figure_blank(1, 3);
    for (int c = 0; c < 3; c++)
        figure_add(&figure.panels[0].columns[c], 100);
    figure.observed = by_hand();
    struct page page;
    canvas_del(figure_draw(&figure, &page));
    const struct view *view = &page.views[0];
    assert_true(view_y(view, 0.1) < view->cells.y + view->cells.h);
    page_free(&page);
    figure_free(&figure);
}

static void test_a_column_alone_has_the_band(void **state)
{
    (void)state;
    struct figure figure = figure_typical(1, 1);
    struct canvas *canvas[2];
    figure.observed = NULL;
    canvas[0] = figure_draw(&figure, NULL);
    figure.observed = by_hand();
    canvas[1] = figure_draw(&figure, NULL);
    struct box right = {760, 150, 480, 600};
    int tinted = 0;
    for (int y = right.y; y < right.y + right.h; y++)
        for (int x = right.x; x < right.x + right.w; x++) {
            uint32_t c = canvas_pixel(canvas[1], x, y), r = c >> 16, b = c & 255;
            tinted += b > r + 20;
        }
    assert_true(tinted > 5000);
    canvas_del(canvas[0]);
    canvas_del(canvas[1]);
    figure.observed = NULL;
    figure_free(&figure);
}

/* ---- run ---- */

static const char many[] = "a_seconds_bucket{le=\"0.1\"} 10000\n"
                           "a_seconds_bucket{le=\"1\"} 60000\n"
                           "a_seconds_bucket{le=\"5\"} 95000\n"
                           "a_seconds_bucket{le=\"20\"} 98500\n"
                           "a_seconds_bucket{le=\"+Inf\"} 100000\n";

static const char scenario[] = "arrivals: {process: poisson, rate: 0.5/s}\n"
                               "tasks:\n"
                               "  size: {distribution: exponential, mean: 1s}\n"
                               "consumers: {count: 1}\n"
                               "run: {tasks: 20k, replications: 4}\n";
/* M/M/1 at 0.5: latency is exponential with mean 2 s: p50 1.39 s, p90 4.6 s, p99 9.2 s. */

static void test_run_tells(void **state)
{
    (void)state;
    file_write("s.yaml", scenario);
    file_write("a.prom", many);
    assert_int_equal(program_run("run s.yaml --set picture.observed=a.prom -o one"), 0);
    assert_true(file_has("stdout", "Observed (a_seconds, 100 k values): p50 from 100 ms to 1 s, "
                                   "simulated 1.4"));
    assert_true(file_has("stdout", "s: above; p90 from 1 s to 5 s, simulated 4."));
    assert_true(
        file_has("stdout", "s: agrees; p99 above 20 s, how far is not known, simulated 9.0"));
    assert_true(file_has("stdout", "s: below."));
    assert_int_equal(file_size("stderr"), 0);
    /* Of few values, p99 may be elsewhere than it was. */
    file_write("few.prom", metrics);
    assert_int_equal(program_run("run s.yaml --set picture.observed=few.prom -o few"), 0);
    assert_true(file_has("stdout", "p99 from 20 s to 76.8 s, simulated 9.02 s: below, but so few "
                                   "values do not tell."));
    /* Results are none of its business; the picture's scenario holds the path. */
    assert_int_equal(program_run("run s.yaml -o two"), 0);
    assert_false(file_has("stdout", "Observed"));
    assert_true(files_equal("one/columns.csv", "two/columns.csv"));
    assert_false(files_equal("one/spectrogram.png", "two/spectrogram.png"));
    assert_int_equal(program_run("run one/spectrogram.png --allow-files -o three"), 0);
    assert_true(files_equal("one/spectrogram.png", "three/spectrogram.png"));
    /* What a run wrote agrees with itself. */
    assert_int_equal(program_run("run s.yaml --set picture.observed=two/histograms.csv -o four"),
                     0);
    assert_true(file_has("stdout", "agrees; p90"));
    assert_false(file_has("stdout", "above"));
    assert_false(file_has("stdout", "below"));
}

static void test_sweep_has_a_place(void **state)
{
    (void)state;
    static const char sweep[] = "run s.yaml --set run.tasks=2k --set picture.observed=a.prom "
                                "--set sweep.parameter=arrivals.rate --set sweep.from=0.3 --set "
                                "sweep.to=0.7 --set sweep.steps=5 ";
    file_write("s.yaml", scenario);
    file_write("a.prom", metrics);
    assert_int_equal(program_run(sweep), 0);
    assert_true(file_has("stdout", "at arrivals.rate = 0.5 /s: p50"));
    assert_int_equal(program_run(internf("%s --set picture.observed_at=0.31", sweep)), 0);
    assert_true(file_has("stdout", "at arrivals.rate = 0.3 /s: p50"));
    assert_int_equal(program_run(internf("%s --set arrivals.rate=2", sweep)), 0);
    assert_false(file_has("stdout", "Observed"));
    assert_true(file_has("stderr", "picture.observed is not drawn"));
    assert_int_equal(program_run(internf("%s --set picture.observed_at=0.9", sweep)), 2);
    assert_true(file_has("stderr", "is not within the sweep of arrivals.rate"));
}

static void test_wrong_files_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *name, *text, *word;
    } cases[] = {
        {"none.prom", NULL, "none.prom: cannot be opened"},
        {".", NULL, ": cannot be read: Is a directory"},
        {"t.txt", "some text\n", "neither metrics as text"},
        {"two.prom", "a_bucket{le=\"+Inf\"} 1\nb_bucket{le=\"+Inf\"} 1\n",
         "two.prom: holds 2 histograms: choose one: a, b (picture.observed_metric chooses)"},
        {"sweep.csv",
         "measure,class,value,low,high,count\nlatency,all,1,0,1,5\nlatency,all,2,0,1,5\n",
         "several columns of a sweep"},
        {"order.csv", "low,high,count\n1,2,5\n0,1,5\n", "order.csv:3:1: error: low must be"},
        {"empty.csv", "low,high,count\n", "holds no latencies"},
    };
    file_write("s.yaml", scenario);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (cases[i].text)
            file_write(cases[i].name, cases[i].text);
        assert_int_equal(
            program_run(internf("run s.yaml --set picture.observed=%s", cases[i].name)), 2);
        if (!file_has("stderr", cases[i].word))
            fail_msg("%s", file_text("stderr"));
    }
    file_write("no.prom", "# TYPE a histogram\na_sum 3\n");
    assert_int_equal(program_run("run s.yaml --set picture.observed=no.prom"), 2);
    assert_true(file_has("stderr", "no.prom: holds no histogram"));
    assert_false(file_has("stderr", "picture.observed_metric chooses")); /* there is no choice */
    assert_int_equal(program_run("run s.yaml --set picture.observed_metric=a"), 2);
    assert_true(file_has("stderr", "picture.observed is missing"));
}

/* ---- fit ---- */

static void test_fit(void **state)
{
    (void)state;
    file_write("a.prom", metrics);
    assert_int_equal(program_run("fit a.prom"), 0);
    assert_true(file_has("stdout", "1000 values in 5 buckets, 1 series together"));
    assert_true(file_has("stdout", "mean 1.5 s, by the _sum"));
    assert_true(file_has("stdout", "1.5 % of the values are above the last bound, 20 s"));
    assert_true(file_has("stderr", "is taken for the sizes of tasks"));
    assert_true(file_has("stderr", "the rate in the scenarios is a placeholder"));
    assert_int_equal(folder_entries("out/a"), 6);
    assert_int_equal(program_run("check out/a/scenario.yaml out/a/scenario-low.yaml "
                                 "out/a/scenario-high.yaml out/a/fit.png"),
                     0);
    /* One mean in all three: the utilization is the same, and the waits are in order. */
    assert_true(file_has("stdout", "offered utilization 80 %"));
    assert_int_equal(program_run("theory out/a/scenario-low.yaml"), 0);
    assert_int_equal(program_run("fit a.prom --rate 3/s --as size -q -o b.yaml"), 0);
    assert_int_equal(file_size("stdout"), 0);
    assert_true(file_has("b.yaml", "rate: 3 /s"));
    assert_true(file_has("b.yaml", "count: 6 "));
    assert_true(file_exists("b-low.yaml") && file_exists("b-sizes-high.csv"));
    assert_int_equal(program_run("fit a.prom --as latency -o lat"), 0);
    assert_int_equal(folder_entries("lat"), 1);
    assert_true(file_has("stdout", "observed: a.prom"));
}

static void test_fit_of_scrapes(void **state)
{
    (void)state;
    file_write("1.om", "a_seconds_bucket{le=\"1\"} 5 100\na_seconds_bucket{le=\"+Inf\"} 9 100\n");
    file_write("2.om", "a_seconds_bucket{le=\"1\"} 45 160\na_seconds_bucket{le=\"+Inf\"} 69 160\n"
                       "torn li");
    assert_int_equal(program_run("fit 1.om 2.om --as size -o x"), 0);
    assert_true(file_has("stdout", "1.om and 1 more: metrics"));
    assert_true(file_has("stdout", "2 scrapes, 60 s apart in all"));
    assert_true(file_has("stdout", "rate 1 /s (of completions)"));
    assert_true(file_has("stdout", "2.om:3: its value is no number"));
    assert_true(file_has("stdout", "no upper envelope"));
    assert_false(file_exists("x/sizes-high.csv"));
    file_write("log.csv", "arrival_s,service_s\n0,1\n1,1\n2,1\n");
    assert_int_equal(program_run("fit log.csv 1.om"), 2);
    assert_true(file_has("stderr", "1.om:"));
    assert_int_equal(program_run("fit log.csv --metric x"), 2);
    assert_int_equal(program_run("fit 1.om --trace"), 2);
    assert_int_equal(program_run("fit 1.om --format csv"), 2);
    assert_int_equal(program_run("fit 1.om --format metrics --as wait"), 2);
    assert_int_equal(shell_run("gzip 1.om && $Q fit 1.om.gz --as size -q -o z"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_brackets_stand_at_their_column),
        cmocka_unit_test(test_axis_reaches_what_was_observed),
        cmocka_unit_test(test_a_column_alone_has_the_band),
        as_user(test_run_tells),
        as_user(test_sweep_has_a_place),
        as_user(test_wrong_files_are_refused),
        as_user(test_fit),
        as_user(test_fit_of_scrapes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
