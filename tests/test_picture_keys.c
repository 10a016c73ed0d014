/* The keys of `picture` that fix what is shown, as a user gives them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "../plots/page.h"
#include "../sim/base/err.h"
#include "figures.h"
#include "program.h"

#define key_test(f) cmocka_unit_test_setup_teardown(f, program_setup, program_teardown)

static const char scenario[] = "arrivals: {process: poisson, rate: 4/s}\n"
                               "tasks: {size: {distribution: exponential, mean: 200ms}}\n"
                               "sweep: {parameter: arrivals.rate, from: 1/s, to: 4/s, steps: 6}\n"
                               "run: {tasks: 2k, replications: 2}\n";

static void assert_refused(const char *sets, const char *why)
{
    assert_status(internf("run a.yaml -q -o out --set %s 2>said", sets), 2);
    assert_says("said", why);
}

static void test_what_is_refused(void **state)
{
    (void)state;
    file_write("a.yaml", scenario);
    assert_refused("picture.latency=1ms", "picture.latency: '1ms': it is LOW..HIGH");
    assert_refused("picture.latency=1h..1ms", "the second above the first");
    assert_refused("picture.latency=0..1h", "above 0");
    assert_refused("picture.latency=1ms..many", "picture.latency: '1ms..many'");
    assert_refused("picture.colours=1%..200%", "a share is at most 100%");
    assert_refused("picture.rows_per_decade=7", "7 is none of 4, 5, 8, 10, 20 and 40");
    assert_refused("picture.measure=wait --set picture.theory=mean",
                   "picture.theory is of latencies");
    assert_refused("picture.measure=queue --set picture.theory=mean",
                   "picture.theory is of latencies");
}

/* Each of them changes the picture, none the results; and the picture can be made again from it. */
static void test_keys(void **state)
{
    (void)state;
    static const char *const sets[] = {"picture.latency=1ms..1m", "picture.colours=0.01%..50%",
                                       "picture.rows_per_decade=10", "picture.text_scale=1.5",
                                       "picture.measure=wait"};
    file_write("a.yaml", scenario);
    assert_status("run a.yaml -q -o plain", 0);
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
        assert_status(internf("run a.yaml -q -o out --set %s", sets[i]), 0);
        assert_true(files_equal("plain/columns.csv", "out/columns.csv"));
        assert_false(files_equal("plain/spectrogram.png", "out/spectrogram.png"));
        assert_status("run out/spectrogram.png -q -o again", 0);
        assert_true(files_equal("again/spectrogram.png", "out/spectrogram.png"));
    }
}

/* Small pages leave out what the heat map has no room for; larger ones nothing. */
static void test_small_pages(void **state)
{
    (void)state;
    static const int sizes[][2] = {{480, 360}, {640, 400}, {800, 500}, {1440, 900}, {3000, 1200}};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct figure figure = figure_typical(1, 30);
        figure.width = sizes[i][0];
        figure.height = sizes[i][1];
        figure.footer =
            "a footer \xc2\xb7 that says a lot \xc2\xb7 of what the scenario is made of "
            "\xc2\xb7 and takes several lines of a small page \xc2\xb7 with its seed";
        for (int c = 0; c < 30; c++) {
            struct figure_column *column = &figure.panels[0].columns[c];
            column->lost = column->offered / 4;
            column->unstable = true;
            column->arrival_rate = 4;
            column->throughput = 3;
        }
        struct page page;
        canvas_del(figure_draw(&figure, &page));
        assert_true(page.views[0].cells.h >= 0.4 * figure.height);
        bool large = figure.height >= 500;
        assert_int_equal(page.views[0].strip[STRIP_THROUGHPUT].h > 0, large);
        assert_true(page.views[0].strip[STRIP_LOST].h > 0);
        page_free(&page);
        figure_free(&figure);
    }
}

/* Texts follow the area of the page, and text_scale. */
static void test_text_sizes(void **state)
{
    (void)state;
    assert_true(look_of(1440, 900, 0).text == 13);
    assert_true(look_of(3000, 1200, 1).text > 1.6 * 13);
    assert_true(look_of(3000, 1200, 2).text == 2 * look_of(3000, 1200, 1).text);
    assert_true(look_of(5000, 500, 1).text < 1.2 * 13); /* narrow: as its short side lets it */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        key_test(test_what_is_refused),
        key_test(test_keys),
        cmocka_unit_test(test_small_pages),
        cmocka_unit_test(test_text_sizes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
